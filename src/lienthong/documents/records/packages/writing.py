"""Writing a package: one folder in an archive that is not compressed, so that the bytes are the same wherever it is
made, and no file is ever held whole in memory."""

import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from hashlib import sha256
from typing import IO

from lienthong.documents.records.packages import describing, mets, premis
from lienthong.documents.records.packages.contents import RENDITIONS, REPRESENTATION, Content, PackedFile
from lienthong.documents.records.packages.marking import SCHEMAS
from lienthong.documents.records.packages.mets import XML, Described, Part
from lienthong.foundation.files.receiving import PIECE

_OLDEST = (1980, 1, 1, 0, 0, 0)
"""The moment of every entry: a zip cannot say an earlier one."""
_UNIX, _PLAIN_FILE = 3, 0o100644 << 16


class Altered(ValueError):
    """A file in the store is not what it was: its digest is another. `args[0]` is its name."""


Opener = Callable[[PackedFile], IO[bytes]]


def write(content: Content, target: IO[bytes], *, opened: Opener, passed: Callable[[int], None]) -> None:
    """Write the package to an open file. `opened` gives the content of a file of the store; `passed` is told how many
    were copied. Raises Altered."""
    made = _made(content)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for path, text in made.items():
            with archive.open(_entry(content, path, len(text)), "w") as out:
                out.write(text)
        for number, file in enumerate((*content.files, *content.renditions), start=1):
            with archive.open(_entry(content, file.path, file.size), "w") as out:
                _copy(file, out, opened)
            passed(number)


def _entry(content: Content, path: str, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(f"{content.identifier}/{path}", _OLDEST)
    entry.create_system, entry.external_attr, entry.file_size = _UNIX, _PLAIN_FILE, size
    return entry


def _copy(file: PackedFile, out: IO[bytes], opened: Opener) -> None:
    digest, size = sha256(), 0
    with opened(file) as source:
        while piece := source.read(PIECE):
            size += len(piece)
            if size > file.size:
                raise Altered(file.name)
            digest.update(piece)
            out.write(piece)
    if digest.hexdigest() != file.sha256:
        raise Altered(file.name)


def _made(content: Content) -> dict[str, bytes]:
    """What is written for the package, by path: METS.xml first, as it names all the others."""
    at = content.made_at
    made = {
        "metadata/descriptive/record.xml": describing.record_xml(content),
        "metadata/descriptive/dc.xml": describing.dublin_core(content),
        "metadata/preservation/premis.xml": premis.premis_xml(content),
        "documentation/readme.txt": describing.read_me(content),
        **{f"schemas/{name}": text for name, text in schemas()},
        **dict(_representations(content)),
    }
    parts = {path: _part(path, text, at) for path, text in made.items()}
    root = mets.package_mets(
        content,
        descriptive=[
            mets.record_described(parts["metadata/descriptive/record.xml"]),
            Described(parts["metadata/descriptive/dc.xml"], "DC"),
        ],
        preserving=[Described(parts["metadata/preservation/premis.xml"], "PREMIS")],
        documentation=[parts["documentation/readme.txt"]],
        schemas=[part for path, part in parts.items() if path.startswith("schemas/")],
        representations=[part for path, part in parts.items() if path.endswith(f"/{mets.NAME}")],
    )
    return {mets.NAME: root, **made}


def _representations(content: Content) -> Iterator[tuple[str, bytes]]:
    """The METS.xml of what came, and of the PDF/A that was made of it."""
    for folder, files in ((REPRESENTATION, content.files), (RENDITIONS, content.renditions)):
        if files or folder == REPRESENTATION:
            data = [_data_part(folder, file) for file in files]
            yield f"{folder}/{mets.NAME}", mets.representation_mets(content, folder, data)


def schemas() -> Iterator[tuple[str, bytes]]:
    for path in sorted(SCHEMAS.glob("*.xsd")):
        yield path.name, path.read_bytes()


def _part(path: str, text: bytes, at: datetime) -> Part:
    media_type = "text/plain" if path.endswith(".txt") else XML
    return Part(path, media_type, len(text), sha256(text).hexdigest(), at)


def _data_part(folder: str, file: PackedFile) -> Part:
    """From the folder of the representation."""
    path = file.path.removeprefix(f"{folder}/")
    return Part(path, file.media_type, file.size, file.sha256, file.stored_at, file.claim)
