"""What an entry is, written as bytes, and how blocks of entries are sealed: pure functions.

A block is the list of its entries' digests, the root of the Merkle tree over that list (RFC 6962 §2.1), and a header
that names the root and the hash of the block before it. The header is signed. So nobody can change, remove or insert
an entry, a block or the order of blocks without the key; and because the digests are kept one by one, a check can name
the entry that is wrong.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from hashlib import sha256
from struct import Struct
from typing import Any, Literal
from uuid import UUID

DATA_LIMIT = 64 * 1024
"""Most bytes of an entry's data: the ledger says what happened, files and tables hold the content."""

NO_BLOCK = bytes(32)
"""Stands for the hash of the block before the first."""

Row = tuple[int, datetime, str, str, int, int | None, int | None, int | None, str]
"""An entry as the database gives it: id, at, kind, subject's type and id, account, post, organisation, data as JSON."""

Digest = tuple[int, bytes]

_DIGEST = Struct(">q32s")
_write = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def _number_as_text(digits: str) -> str:
    """Numbers that JSON keeps and Python would round. The NUL keeps them apart from texts, which can hold none."""
    return "\0" + digits


_read = json.JSONDecoder(
    parse_float=_number_as_text,
    parse_int=lambda digits: int(digits) if len(digits) < 40 else _number_as_text(digits),
).decode


def plain(value: Any) -> Any:
    """Data of an entry as JSON can hold it for ever: moments in UTC and decimals become texts.

    Raises TypeError for what has no exact form (floats, objects) and ValueError for moments without a zone and texts
    that PostgreSQL cannot keep.
    """
    match value:
        case None | bool():
            return value
        case Enum():
            return plain(value.value)
        case int():
            return int(value)
        case str():
            return _text(value)
        case Decimal():
            return format(value, "f") if value.is_finite() else _refuse(value)
        case datetime():
            return moment(value)
        case date():
            return value.isoformat()
        case UUID():
            return str(value)
        case Mapping():
            return {_key(key): plain(item) for key, item in value.items()}
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return _refuse(value)


def _refuse(value: Any) -> Any:
    raise TypeError(f"the ledger keeps texts, whole numbers, Decimals, days and moments, not {type(value).__name__}")


def _key(key: Any) -> str:
    return _text(key) if isinstance(key, str) else _refuse(key)


def _text(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("a text for the ledger has half a character (a lone surrogate)") from None
    if "\0" in text:
        raise ValueError("a text for the ledger has a NUL character")
    return str(text)


def moment(at: datetime) -> str:
    """A moment in UTC to the microsecond, always of the same length."""
    if at.tzinfo is None:
        raise ValueError("the ledger keeps aware moments only")
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def data_as_json(data: Mapping[str, Any]) -> str:
    """The data of an entry as the text that is stored. Raises as `plain`, and ValueError when it is too long."""
    text = _write(plain(data))
    if len(text.encode()) > DATA_LIMIT:
        raise ValueError(f"the data of an entry may have {DATA_LIMIT} bytes; put the content in a table or a file")
    return text


def canonical(row: Row) -> bytes:
    """The one way to write an entry: a JSON array in the order of `Row`, keys sorted, no spaces, UTF-8."""
    number, at, *rest, data = row
    return _write([number, moment(at), *rest, _content(data)]).encode(errors="surrogatepass")


def _content(data: str) -> Any:
    try:
        return _read(data)
    except RecursionError:  # nothing that `record` wrote; whoever did must not stop the check
        return "\0" + data


def digest(row: Row) -> Digest:
    return row[0], sha256(canonical(row)).digest()


def pack(digests: Iterable[Digest]) -> bytes:
    """Digests as a block keeps them: 8 bytes of id and 32 of SHA-256 for each entry, in the order of ids."""
    return b"".join(_DIGEST.pack(*item) for item in digests)


def unpack(packed: bytes) -> list[Digest]:
    """Raises ValueError when bytes are missing."""
    if len(packed) % _DIGEST.size:
        raise ValueError("a list of digests has broken off")
    return list(_DIGEST.iter_unpack(packed))


def root(packed: bytes) -> bytes:
    """The root of the Merkle tree over packed digests, as RFC 6962 §2.1 builds it."""
    size = _DIGEST.size
    level = [sha256(b"\0" + packed[start : start + size]).digest() for start in range(0, len(packed), size)]
    if not level:
        return sha256().digest()
    while len(level) > 1:
        pairs = [sha256(b"\1" + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)]
        level = pairs + level[len(pairs) * 2 :]
    return level[0]


@dataclass(frozen=True, slots=True)
class Header:
    """What is signed of a block. It covers every id from `from_id` to `to_id`, used or not."""

    number: int
    from_id: int
    to_id: int
    count: int
    root: bytes
    previous: bytes
    sealed_at: datetime
    key: str

    def signed_bytes(self) -> bytes:
        fields = {
            "ledger block": self.number,
            "entries": [self.from_id, self.to_id],
            "count": self.count,
            "root": self.root.hex(),
            "previous": self.previous.hex(),
            "sealed_at": moment(self.sealed_at),
            "key": self.key,
        }
        return _write(fields).encode()

    def hash(self) -> bytes:
        return sha256(self.signed_bytes()).digest()


def key_change(public: bytes, previous: bytes | None, from_block: int) -> bytes:
    """What a key and the key before it both sign when the one follows the other: their public halves."""
    fields = {
        "ledger key": public.hex(),
        "previous": previous.hex() if previous else None,
        "from_block": from_block,
    }
    return _write(fields).encode()


@dataclass(frozen=True, slots=True)
class Difference:
    """An entry that is not as it was sealed. `kind` is the entry's kind as it reads now; a removed one has none."""

    what: Literal["altered", "removed", "inserted"]
    entry: int
    kind: str | None = None


def differences(sealed: Sequence[Digest], rows: Iterable[Row]) -> Iterator[Difference]:
    """Compare what was sealed with what is there now. Both in the order of ids."""
    expected = iter(sealed)
    due = next(expected, None)
    for row in rows:
        while due and due[0] < row[0]:
            yield Difference("removed", due[0])
            due = next(expected, None)
        if due is None or due[0] != row[0]:
            yield Difference("inserted", row[0], row[2])
            continue
        if digest(row)[1] != due[1]:
            yield Difference("altered", row[0], row[2])
        due = next(expected, None)
    while due:
        yield Difference("removed", due[0])
        due = next(expected, None)
