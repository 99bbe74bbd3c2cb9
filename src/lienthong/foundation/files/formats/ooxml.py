"""Word and Excel files (ISO/IEC 29500): archives of a known structure, without bombs and macros."""

import lzma
import zipfile
import zlib
from typing import IO
from xml.etree import ElementTree

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.errors import Damaged, Locked, Unsafe

MAGIC = b"PK\x03\x04"

PARTS = 10_000
UNPACKED = 400 * 1024 * 1024
"""Most bytes of all parts unpacked: a full worksheet of a million rows fits, a bomb does not."""

_CONTENT_TYPES = "[Content_Types].xml"
_CONTENT_TYPES_LIMIT = 1024 * 1024
_FOLLOWED = ("/hyperlink", "/attachedTemplate")
"""Relations to elsewhere along which no program shows anything: a template is only named."""
_RELATIONS_LIMIT = 16 * 1024 * 1024
_MAIN_PARTS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
UNREADABLE = (
    zipfile.BadZipFile,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
    RuntimeError,
    zlib.error,
    lzma.LZMAError,
)
"""What reading an archive that is not one raises."""

_ENCRYPTED = 0x1
_LOCAL_HEADER = 30
_END = b"PK\x05\x06" + bytes(18)


def examine(content: IO[bytes]) -> str | None:
    """ "docx", "xlsx", or None for archives of other kinds. Raises Damaged, Unsafe or Locked."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            if _CONTENT_TYPES not in archive.NameToInfo:
                return None
            refuse_harm(content, archive)
            types = _content_types(archive)
    except UNREADABLE as error:
        raise damaged() from error
    if any("macroEnabled" in kind or "vbaProject" in kind for kind in types):
        raise Unsafe(
            _("This document contains macros (programs)."),
            way_out=_("Save it as an ordinary document without macros and attach that one."),
        )
    return next((key for kind, key in _MAIN_PARTS.items() if kind in types), None)


def takes_in(content: IO[bytes]) -> bool:
    """Whether a document shows what lies elsewhere, such as a picture by its address: a program that opens it would go
    there. Links that somebody has to follow are none. What cannot be read may do so too."""
    try:
        with zipfile.ZipFile(content) as archive:
            parts = [part for part in archive.infolist() if part.filename.lower().endswith(".rels")]
            return any(_leads_out(archive, part) for part in parts)
    except (*UNREADABLE, ElementTree.ParseError):
        return True


def _leads_out(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> bool:
    text = archive.read(part).decode("utf-8-sig") if part.file_size <= _RELATIONS_LIMIT else "<!"
    if "<!" in text:  # a document type, and the way to an entity bomb; a comment is nothing that programs write there
        return True
    return any(
        not each.get("Type", "").endswith(_FOLLOWED)
        and (each.get("TargetMode", "").lower() == "external" or ":" in each.get("Target", ""))
        for each in ElementTree.fromstring(text)  # noqa: S314 - has no document type, so no entities
    )


def refuse_harm(content: IO[bytes], archive: zipfile.ZipFile) -> None:
    """Raises Unsafe or Locked."""
    _refuse_bomb(archive.infolist(), archive)
    _refuse_appendix(content)


def _refuse_bomb(parts: list[zipfile.ZipInfo], archive: zipfile.ZipFile) -> None:
    """Parts must lie one behind the other, each once, and unpack to a sane size.

    Sizes that lie are harmless here: nothing reads more than what is declared.
    """
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise Locked(
            _("This document asks for a password."),
            way_out=_("Save it without a password and attach that one."),
        )
    names = [part.filename.lower() for part in parts]
    place = 0
    for part in sorted(parts, key=lambda part: part.header_offset):
        if part.header_offset < place:
            raise _unsafe()
        place = part.header_offset + _LOCAL_HEADER + len(part.orig_filename) + part.compress_size
    if (
        place > archive.start_dir
        or min(part.header_offset for part in parts) != 0
        or archive.comment
        or len(parts) > PARTS
        or sum(part.file_size for part in parts) > UNPACKED
        or len(set(names)) != len(names)
        or any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names)
    ):
        raise _unsafe()


def _refuse_appendix(content: IO[bytes]) -> None:
    """Nothing may follow the archive's directory: another file could hide there."""
    content.seek(-len(_END), 2)
    if not content.read().startswith(_END[:4]):
        raise _unsafe()


def _content_types(archive: zipfile.ZipFile) -> set[str]:
    part = archive.getinfo(_CONTENT_TYPES)
    if part.file_size > _CONTENT_TYPES_LIMIT:
        raise _unsafe()
    text = archive.read(part).decode("utf-8-sig")
    if "<!" in text:  # a document type: not allowed in these parts, and the way to an entity bomb
        raise _unsafe()
    try:
        root = ElementTree.fromstring(text)  # noqa: S314 - has no document type, so no entities
    except ElementTree.ParseError as error:
        raise damaged() from error
    return {element.get("ContentType", "") for element in root}


def _unsafe() -> Unsafe:
    return Unsafe(
        _("This document is packed in a way that is used to do harm."),
        way_out=_("Open it in its program and save it again, then attach the new file."),
    )


def damaged() -> Damaged:
    return Damaged(
        _("This document is damaged or incomplete."),
        way_out=_("Open it in its program to check it, save it again, and attach the new file."),
    )
