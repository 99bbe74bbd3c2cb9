"""What may be attached and what a file is called: pure functions."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from lienthong.foundation.files.errors import NameLies
from lienthong.foundation.files.kinds import FORMATS, KINDS, Format

NAME_LIMIT = 150
"""Most characters of a file's name with its ending."""

_BYTE_LIMIT = 240  # of UTF-8: file systems allow 255
_ENDING_LIMIT = 12
_INVISIBLE = {"Cc", "Cf", "Cs", "Co", "Cn"}
_RESERVED = frozenset('<>:"|?*')
_DEVICES = {"con", "prn", "aux", "nul", *(f"{port}{number}" for port in ("com", "lpt") for number in range(10))}
_RUNNABLE = (
    "ade apk app bat chm cmd com cpl dll dmg docm exe hta htm html inf iso jar js jse lnk mht mhtml msc msi msp php "
    "pif ps1 py reg scf scr sh svg svgz swf url vb vbe vbs ws wsf wsh xht xhtml xll xlsm xml xsl"
)
_PLAINLY_OTHER = "7z avi bmp doc gif gz heic mov mp3 mp4 odt ppt pptx rar rtf tar tif tiff txt xls zip"
_OTHER_KINDS = frozenset(f"{_RUNNABLE} {_PLAINLY_OTHER}".split())


@dataclass(frozen=True, slots=True)
class Policy:
    """What a place takes: `kinds` are keys of `kinds.KINDS`; `max_bytes` is the size of the largest file."""

    kinds: Collection[str]
    max_bytes: int

    def __post_init__(self) -> None:
        unknown = set(self.kinds) - KINDS.keys()
        if unknown or not self.kinds:
            raise ValueError(f"kinds of files are {', '.join(KINDS)}; not {', '.join(sorted(unknown)) or 'none'}")
        if self.max_bytes < 1:
            raise ValueError("a place that takes files takes at least one byte")

    @property
    def endings(self) -> list[str]:
        """For the `accept` of a file chooser: [".pdf", ".jpg", …]."""
        return [f".{ending}" for format_ in FORMATS if format_.kind in self.kinds for ending in format_.endings]

    @property
    def words(self) -> str:
        """The kinds in words for people: "PDF, picture (JPG, PNG, WebP)"."""
        return ", ".join(str(label) for kind, label in KINDS.items() if kind in self.kinds)


def clean_name(name: str) -> str:
    """A name that is safe to show, to save under and to put in a header; never empty, at most NAME_LIMIT characters.

    Folders, control and invisible characters (among them those that turn the direction of writing) are dropped,
    characters that file systems reserve become "_", accents are composed (NFC).
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part.strip(". ")]
    last = " ".join((parts or [""])[-1].split())
    shown = (letter for letter in last if unicodedata.category(letter) not in _INVISIBLE)
    cleaned = "".join("_" if letter in _RESERVED else letter for letter in shown)
    cleaned = " ".join(unicodedata.normalize("NFC", cleaned).split()).strip(". ")
    if cleaned.partition(".")[0].strip().lower() in _DEVICES:
        cleaned = f"_{cleaned}"
    return _shortened(cleaned) or pgettext("name of a file that came without one", "file")


def true_name(name: str, format_: Format) -> str:
    """A clean name with the ending of what the content is.

    An ending that says the same kind is corrected, an unknown one is kept and the true one added. Raises NameLies when
    the name says another kind: somebody took the wrong file, or wants it to be taken for something else.
    """
    stem, ending = _split(name)
    if ending in format_.endings:
        return f"{stem}.{ending}"
    if ending in format_.corrected or any(ending in other.endings for other in FORMATS if other.kind == format_.kind):
        return _shortened(f"{stem}.{format_.endings[0]}")
    if ending in _OTHER_KINDS or any(ending in other.endings for other in FORMATS):
        raise NameLies(
            _("%(name)s is called .%(ending)s, but its content is: %(kind)s."),
            way_out=_("Choose the right file, or open it in its program and save it again."),
            name=name,
            ending=ending,
            kind=KINDS[format_.kind],
        )
    return _shortened(f"{name}.{format_.endings[0]}")


def _split(name: str) -> tuple[str, str]:
    """The name before its last dot, and the ending in small letters ("" when there is none)."""
    stem, dot, ending = name.rpartition(".")
    return (stem, ending.lower()) if dot and stem else (name, "")


def _shortened(name: str) -> str:
    """At most NAME_LIMIT characters and a file system's bytes, cut before the ending."""
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _ENDING_LIMIT or not ending.isascii():
        stem, dot, ending = name, "", ""
    stem = stem[: NAME_LIMIT - len(dot + ending)]
    while len(stem.encode()) + len(dot + ending) > _BYTE_LIMIT:
        stem = stem[:-1]
    return f"{stem.rstrip('. ')}{dot}{ending}".strip(". ")
