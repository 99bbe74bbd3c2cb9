"""What a person typed, made comparable: Unicode, white space, and the characters that have no place in data. Pure."""

import re
import unicodedata

LONGEST = 100_000
"""Characters of one typed text that are looked at; anything longer is refused unread."""

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_SPACES_BEFORE_LINE_END = re.compile(r"[^\S\n]+(?=\n|\Z)")
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_MARKS = re.compile("[\u0300-\u036f]")


def forbidden(text: str) -> str | None:
    """The first character that data may not hold (control, half a surrogate pair), or None."""
    if text.isprintable():
        return None
    found = _FORBIDDEN.search(text)
    return found.group() if found else None


def one_line(text: str) -> str:
    """Composed (NFC), no invisible characters or direction overrides, every run of white space one blank, none outside.

    A name typed on macOS or pasted from an old program with combining marks equals the same name typed in Vietnam.
    """
    if text.isprintable() and "  " not in text:  # most texts: of white space only single blanks, nothing invisible
        return (text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)).strip()
    return _SPACES.sub(" ", _composed(text)).strip()


def lines(text: str) -> str:
    """As `one_line`, but lines stay lines: ends of lines are \\n, blanks before them go, indentation stays."""
    return _SPACES_BEFORE_LINE_END.sub("", _composed(_LINE_ENDS.sub("\n", text))).strip()


def is_blank(text: str) -> bool:
    """Whether there is nothing to be seen in it."""
    return not text[:1].isalnum() and not _INVISIBLE.sub("", text[:LONGEST]).strip()


def compact(text: str) -> str:
    """For numbers and codes: no white space at all, full-width forms (from East Asian keyboards) made plain."""
    if text.isascii() and text.isprintable():
        return text.replace(" ", "")
    return _SPACES.sub("", unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)))


def folded(text: str) -> str:
    """As people search: small letters without their marks ("Giấy phép ở Đắk Nông" → "giay phep o dak nong")."""
    if text.isascii():
        return " ".join(text.lower().split())
    plain = _MARKS.sub("", unicodedata.normalize("NFD", text.casefold())).replace("đ", "d")
    return " ".join(plain.split())


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
