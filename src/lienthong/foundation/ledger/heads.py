"""What this machine remembers of the newest block it sealed, outside the database: LT_HOME/keys/ledger-<first>.json.

The chain of blocks shows a block missing in the middle; only a memory elsewhere shows that the last ones were cut off.
A file belongs to the ledger whose first block has that hash, so that several databases may share a folder.
"""

import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from lienthong.foundation.ledger import keys, rules
from lienthong.foundation.ledger.models import Block

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Head:
    number: int
    hash: str


def remember(header: rules.Header) -> None:
    """A memory that cannot be written is only a weaker check: sealing goes on."""
    first = header if header.number == 1 else _first()
    if first is None:
        return
    known = _read(_file(first))
    if known and known.number >= header.number:
        return
    try:
        _write(_file(first), Head(header.number, header.hash().hex()))
    except OSError as error:
        log.warning("the newest block of the ledger could not be remembered: %s", error)


def remembered() -> Head | None:
    first = _first()
    return _read(_file(first)) if first else None


def accept_the_present() -> None:
    """Forget blocks that are no longer there: an older backup was restored, and somebody answers for it."""
    first = _first()
    if first:
        _file(first).unlink(missing_ok=True)
        last = Block.objects.defer("digests").order_by("-number").first()
        assert last
        remember(last.header)


def _first() -> rules.Header | None:
    block = Block.objects.defer("digests").filter(number=1).first()
    return block.header if block else None


def _file(first: rules.Header) -> Path:
    return keys.folder() / f"ledger-{first.hash().hex()[:16]}.json"


def _read(path: Path) -> Head | None:
    try:
        head = json.loads(path.read_bytes())
        return Head(int(head["number"]), str(head["hash"]))
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        log.warning("%s is damaged and was set aside", path)
        return None


def _write(path: Path, head: Head) -> None:
    with NamedTemporaryFile("w", dir=path.parent, prefix=".ledger-", delete=False) as draft:
        json.dump({"number": head.number, "hash": head.hash}, draft)
        draft.flush()
        os.fsync(draft.fileno())
    Path(draft.name).replace(path)
