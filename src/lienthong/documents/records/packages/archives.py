"""Reading an archive that somebody brought: nothing is unpacked, nothing outside is reached, nothing is read on without
end. What is made to do harm is refused whole."""

import posixpath
import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import IO

from django.template.defaultfilters import filesizeformat
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.documents.records.packages.report import PackageRefused
from lienthong.foundation.files.formats.ooxml import UNREADABLE
from lienthong.foundation.files.receiving import PIECE

PARTS = 50_000
UNPACKED = 64 * 1024**3
"""Most bytes of all files unpacked."""
TIMES, FREE = 50, 16 * 1024**2
"""What is unpacked is at most so many times what is packed, beside what is free for all: else it is a bomb."""
LARGEST_XML = 32 * 1024**2
_ENCRYPTED, _IN_UTF8 = 0x1, 0x800
_HEADER = 30
_LONGEST = 1000


class Unreadable(ValueError):
    """A file of the archive cannot be read: `args[0]` says why."""


class Archive:
    """An archive whose directory was found harmless. Paths are those below its one folder, `root`."""

    def __init__(self, packed: zipfile.ZipFile) -> None:
        self._packed = packed
        entries = [entry for entry in packed.infolist() if not entry.is_dir()]
        tops = {entry.filename.partition("/")[0] for entry in entries if "/" in entry.filename}
        self.root = tops.pop() if len(tops) == 1 and all("/" in entry.filename for entry in entries) else ""
        begin = len(self.root) + 1 if self.root else 0
        self._entries = {entry.filename[begin:]: entry for entry in entries}

    @property
    def paths(self) -> list[str]:
        return list(self._entries)

    def size(self, path: str) -> int:
        return self._entries[path].file_size

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def text(self, path: str) -> bytes:
        """A file that is read whole. Raises Unreadable."""
        if self.size(path) > LARGEST_XML:
            raise Unreadable(str(_("It is larger than %(most)s.")) % {"most": filesizeformat(LARGEST_XML)})
        return b"".join(self._pieces(path))

    def digest(self, path: str) -> str:
        """Raises Unreadable."""
        found = sha256()
        for piece in self._pieces(path):
            found.update(piece)
        return found.hexdigest()

    def _pieces(self, path: str) -> Iterator[bytes]:
        """As much as the directory declares and no more: zipfile stops there."""
        try:
            with self._packed.open(self._entries[path]) as source:
                while piece := source.read(PIECE):
                    yield piece
        except UNREADABLE as error:
            raise Unreadable(str(error)) from error


@contextmanager
def opened(source: IO[bytes], size: int) -> Iterator[Archive]:
    """Raises PackageRefused."""
    try:
        packed = zipfile.ZipFile(source)
    except UNREADABLE as error:
        raise PackageRefused(
            _("This is no archive (.zip), or it is damaged."), way_out=_("Have the package sent again.")
        ) from error
    with packed:
        _refuse_harm(packed, size)
        yield Archive(packed)


def _refuse_harm(packed: zipfile.ZipFile, size: int) -> None:
    entries = packed.infolist()
    if len(entries) > PARTS:
        raise _refused(_("It has more than %(most)s files."), most=PARTS)
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise _refused(_("It asks for a password."))
    for entry in entries:
        if not is_path(entry.filename) or stat.S_ISLNK(entry.external_attr >> 16):
            raise _refused(_("A file in it leads out of the package: %(name)s"), name=_shown(entry.filename))
    names = [unicodedata.normalize("NFC", entry.filename).casefold() for entry in entries]
    if len(set(names)) < len(names):
        raise _refused(_("Two files in it have one name."))
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > min(UNPACKED, size * TIMES + FREE) or _overlap(entries, packed.start_dir):
        raise _refused(_("Unpacked it would be so large that it is made to do harm."))


def _overlap(entries: list[zipfile.ZipInfo], end: int) -> bool:
    """Files that lie in each other unpack to more than there is."""
    place = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < place:
            return True
        place = entry.header_offset + _HEADER + _name_size(entry) + entry.compress_size
    return place > end


def _name_size(entry: zipfile.ZipInfo) -> int:
    """In bytes: in UTF-8 where the entry says so, else in an alphabet of single bytes."""
    return len(entry.orig_filename.encode() if entry.flag_bits & _IN_UTF8 else entry.orig_filename)


def is_path(name: str) -> bool:
    """Whether it stays in the package, on every system."""
    parts = name.rstrip("/").split("/")
    plain = all(part not in ("", ".", "..") for part in parts) and len(name) <= _LONGEST
    return plain and not any(letter in '\\:*?"<>|' or ord(letter) < 0x20 for letter in name)


def below(folder: str, href: str) -> str | None:
    """The path of what a METS.xml in a folder names; None where it leads elsewhere."""
    path = posixpath.join(folder, href)
    return path if is_path(href) else None


def _shown(name: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in name)[:100]


def _refused(words: str | Promise, **values: object) -> PackageRefused:
    return PackageRefused(
        words,
        way_out=_("It was not looked through. Ask whoever sent it for another."),
        **values,
    )
