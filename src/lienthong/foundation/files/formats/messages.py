"""E-mail messages (RFC 5322, MIME): known by their headers, read by the standard library within limits."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Parsed
from email.utils import parseaddr, parsedate_to_datetime
from typing import IO

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.errors import Damaged, Unsafe

MOST_ATTACHMENTS = 30
LONGEST_TEXT = 200_000

_HEADERS_WITHIN = 256 * 1024
_MOST_BOUNDARIES = 2_000
_MOST_CONTAINERS = 40
"""Parts that hold parts; nesting is never deeper than this."""
_LONGEST_HEADER = 2_000

_HEADER = re.compile(rb"([!-9;-~]{1,76}):")
_BOUNDARY = re.compile(rb"^--", re.MULTILINE)
_CONTAINER = re.compile(rb"^content-type:\s*(?:multipart|message)/", re.MULTILINE | re.IGNORECASE)
_BESIDE_FROM = {b"date", b"received", b"message-id", b"subject", b"to", b"mime-version"}


def is_message(content: IO[bytes]) -> bool:
    """Whether a content begins with the headers of a message: its sender, and what else only messages have."""
    content.seek(0)
    beginning = content.read(_HEADERS_WITHIN)
    names: set[bytes] = set()
    for number, line in enumerate(beginning.splitlines()):
        if not line:
            break
        if line[:1] in b" \t" and number:
            continue
        found = _HEADER.match(line)
        if not found or b"\0" in line:
            return False
        names.add(found[1].lower())
    return b"from" in names and bool(names & _BESIDE_FROM)


def examine(content: IO[bytes], size: int) -> None:
    """Counts before anything is parsed. Raises Damaged, Unsafe."""
    content.seek(0)
    whole = content.read()
    if b"\0" in whole:
        raise _damaged()
    if len(_CONTAINER.findall(whole)) > _MOST_CONTAINERS or len(_BOUNDARY.findall(whole)) > _MOST_BOUNDARIES:
        raise _too_much()


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """`sender` as the message names it, `address` theirs; `sent_at` aware, None where it does not say it well."""

    sender: str
    address: str
    subject: str
    sent_at: datetime | None
    text: str
    attachments: tuple[Attachment, ...]


def read(content: IO[bytes]) -> Message:
    """An examined message. Raises Damaged, Unsafe."""
    content.seek(0)
    try:
        message = message_from_bytes(content.read())
        headers = _headers(message)
        sender, address = map(_decoded, parseaddr(headers.get("from", "")))
        attachments, text = [], ""
        for part in _leaves(message):
            if _is_attachment(part):
                attachments.append(Attachment(_name(part), _bytes(part)))
            elif not text and part.get_content_type() == "text/plain":
                text = _text(part)
            if len(attachments) > MOST_ATTACHMENTS:
                raise _too_much()
        return Message(
            sender or address, address, _decoded(headers.get("subject", "")), _sent(headers), text, tuple(attachments)
        )
    except Unsafe:
        raise
    except Exception as error:  # whatever a parser meets in hostile bytes
        raise _damaged() from error


def _headers(message: "Parsed[str, str]") -> dict[str, str]:
    """The first of each name, as it stands; only those that are asked for."""
    found: dict[str, str] = {}
    for name, value in message.raw_items():
        key = name.lower()
        if key in {"from", "subject", "date"} and key not in found:
            found[key] = str(value)[:_LONGEST_HEADER]
    return found


def _decoded(raw: str) -> str:
    """Encoded words (RFC 2047) and what some programs send as plain UTF-8."""
    plain = raw[:_LONGEST_HEADER].encode(errors="surrogateescape").decode(errors="replace")
    with suppress(ValueError, LookupError):  # else it is shown as it came
        plain = str(make_header(decode_header(plain)))
    return " ".join(plain.replace("\0", "").split())


def _sent(headers: dict[str, str]) -> datetime | None:
    try:
        found = parsedate_to_datetime(headers.get("date", "")[:100])
        found = found if found.tzinfo else found.replace(tzinfo=UTC)
        return found if 1990 <= found.year <= 2200 else None
    except (ValueError, TypeError, OverflowError):
        return None


def _leaves(message: "Parsed[str, str]") -> "Iterator[Parsed[str, str]]":
    return (part for part in message.walk() if not part.is_multipart())


def _is_attachment(part: "Parsed[str, str]") -> bool:
    """Not the text, and not the pictures inside an HTML text."""
    disposition = part.get_content_disposition()
    if disposition == "inline" and part.get_content_maintype() in {"image", "text"}:
        return False
    return disposition == "attachment" or bool(part.get_filename())


def _name(part: "Parsed[str, str]") -> str:
    return _decoded(part.get_filename() or "")


def _bytes(part: "Parsed[str, str]") -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _text(part: "Parsed[str, str]") -> str:
    charset = part.get_content_charset() or "utf-8"
    content = _bytes(part)[: LONGEST_TEXT * 4]
    try:
        text = content.decode(charset, errors="replace")
    except LookupError:
        text = content.decode(errors="replace")
    return text.replace("\0", "")[:LONGEST_TEXT]


def _damaged() -> Damaged:
    return Damaged(
        _("This message is damaged or incomplete."),
        way_out=_("Save it once more in the program for e-mail and attach the new file."),
    )


def _too_much() -> Unsafe:
    return Unsafe(
        _("This message consists of more parts than a message has."),
        way_out=_("Save what is attached to it and attach those files."),
    )
