"""Checking that the ledger says what it said when it was sealed, and naming every place where it does not."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.ledger import heads, keys, rules
from lienthong.foundation.ledger.models import Block, Key

FINDINGS_KEPT = 1000

_ROWS = """
    SELECT id, at, kind, subject_type, subject_id, account_id, post_id, organisation_id, data::text
      FROM ledger_entry WHERE id >= %s AND id <= %s ORDER BY id, at"""
_LOWEST = -(2**63)


class What(StrEnum):
    """What is wrong."""

    ALTERED = "altered"
    REMOVED = "removed"
    INSERTED = "inserted"
    BLOCK_ALTERED = "block-altered"
    BLOCKS_MISSING = "blocks-missing"
    CHAIN_BROKEN = "chain-broken"
    SIGNATURE_WRONG = "signature-wrong"
    KEY_WRONG = "key-wrong"


_WORDS = {
    What.ALTERED: _("Block %(block)s: entry %(entry)s (%(kind)s) was altered after it was sealed."),
    What.REMOVED: _("Block %(block)s: entry %(entry)s was removed after it was sealed."),
    What.INSERTED: _("Block %(block)s: entry %(entry)s (%(kind)s) was inserted among sealed entries."),
    What.BLOCK_ALTERED: _("Block %(block)s: its list of entries is not the one that was sealed."),
    What.BLOCKS_MISSING: _("Blocks are missing before block %(block)s."),
    What.CHAIN_BROKEN: _("Block %(block)s does not follow the block before it."),
    What.SIGNATURE_WRONG: _("Block %(block)s is not signed by the ledger's key."),
    What.KEY_WRONG: _("The key %(key)s is not confirmed by the keys around it or by the key file of this machine."),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong. `kind` is the kind of the entry as it reads now."""

    what: What
    block: int | None = None
    entry: int | None = None
    kind: str | None = None
    key: str | None = None

    def __str__(self) -> str:
        return str(_WORDS[self.what]) % {
            "block": self.block,
            "entry": self.entry,
            "kind": self.kind,
            "key": self.key,
        }


@dataclass(slots=True)
class Report:
    """What a check found. The first thousand findings are kept; `wrong` counts all.

    `unsealed` entries were added since the last block and cannot be checked yet. `anchored` says that the private key
    on this machine vouches for the chain; without it the ledger's first key is taken on trust.
    """

    blocks: int = 0
    entries: int = 0
    unsealed: int = 0
    anchored: bool = False
    wrong: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        return not self.wrong


def verify(
    progress: Callable[[int, int], None] | None = None,
    *,
    on_finding: Callable[[Finding], None] | None = None,
) -> Report:
    """Check every block and every sealed entry, in the memory of one block.

    `progress` is told the highest id that is checked and the highest that will be; `on_finding` every finding at once.
    """
    return _Check(progress or _ignore, on_finding or _ignore).run()


def _ignore(*_args: object) -> None:
    pass


class _Check:
    def __init__(self, progress: Callable[[int, int], None], on_finding: Callable[[Finding], None]) -> None:
        self.progress = progress
        self.on_finding = on_finding
        self.report = Report()
        self.trusted: dict[str, _TrustedKey] = {}

    def run(self) -> Report:
        remembered = heads.remembered()  # read first: the sealer may go on while we check
        last = Block.objects.order_by("-number").values_list("number", "to_id").first()
        last_number, last_id = last or (0, 0)
        self._check_keys()
        previous: rules.Header | None = None
        for number in _numbers(last_number):
            block = Block.objects.get(number=number)
            self._check_block(block, previous)
            previous = block.header
            if remembered and remembered.number == number and previous.hash().hex() != remembered.hash:
                self._found(What.CHAIN_BROKEN, block=number)
            self.progress(block.to_id, last_id)
        if remembered and remembered.number > last_number:
            self._found(What.BLOCKS_MISSING, block=remembered.number + 1)
        self.report.unsealed = _count_after(last_id)
        return self.report

    def _found(
        self,
        what: What,
        *,
        block: int | None = None,
        entry: int | None = None,
        kind: str | None = None,
        key: str | None = None,
    ) -> None:
        finding = Finding(what, block, entry, kind, key)
        self.report.wrong += 1
        if len(self.report.findings) < FINDINGS_KEPT:
            self.report.findings.append(finding)
        self.on_finding(finding)

    def _check_keys(self) -> None:
        """Every key must be confirmed by itself and by the key before it, the last one by the file on this machine.

        The new key's word for the old one is what counts: only who holds the key of today could have given it.
        """
        rows = list(Key.objects.order_by("number"))
        held = keys.held_key()
        if held and rows:
            self.report.anchored = held.id == rows[-1].id and held.public == bytes(rows[-1].public)
            if not self.report.anchored:
                self._found(What.KEY_WRONG, key=rows[-1].id)
        for before, row, after in zip([None, *rows], rows, [*rows[1:], None], strict=False):
            if not _confirmed(row, before):
                self._found(What.KEY_WRONG, key=row.id)
            self.trusted[row.id] = _TrustedKey(bytes(row.public), row.from_block, after.from_block if after else None)

    def _check_block(self, block: Block, previous: rules.Header | None) -> None:
        header = block.header
        self.report.blocks += 1
        if header.number != (previous.number + 1 if previous else 1):
            self._found(What.BLOCKS_MISSING, block=header.number)
        elif header.previous != (previous.hash() if previous else rules.NO_BLOCK) or header.from_id != (
            previous.to_id + 1 if previous else 1
        ):
            self._found(What.CHAIN_BROKEN, block=header.number)
        key = self.trusted.get(header.key)
        if not key or not key.may_sign(header, bytes(block.signature)):
            self._found(What.SIGNATURE_WRONG, block=header.number)
        self._check_entries(block, header, first_id=_LOWEST if header.number == 1 else header.from_id)

    def _check_entries(self, block: Block, header: rules.Header, first_id: int) -> None:
        packed = bytes(block.digests)
        try:
            sealed = rules.unpack(packed)
        except ValueError:
            sealed = []
        if rules.root(packed) != header.root or len(sealed) != header.count:
            self._found(What.BLOCK_ALTERED, block=header.number)
        for difference in rules.differences(sealed, self._rows(first_id, header.to_id)):
            what = What(difference.what)
            self._found(what, block=header.number, entry=difference.entry, kind=difference.kind)

    def _rows(self, first_id: int, last_id: int) -> Iterator[rules.Row]:
        # A cursor on the server: whoever inserted millions of rows into a block must not exhaust our memory.
        with transaction.atomic(), connection.chunked_cursor() as cursor:
            cursor.execute(_ROWS, [first_id, last_id])
            while rows := cursor.fetchmany(2000):
                self.report.entries += len(rows)
                yield from rows


@dataclass(frozen=True, slots=True)
class _TrustedKey:
    public: bytes
    from_block: int
    until_block: int | None

    def may_sign(self, header: rules.Header, signature: bytes) -> bool:
        in_use = self.from_block <= header.number and (self.until_block is None or header.number < self.until_block)
        return in_use and keys.verified(self.public, signature, header.signed_bytes())


def _confirmed(row: Key, before: Key | None) -> bool:
    public = bytes(row.public)
    message = rules.key_change(public, bytes(before.public) if before else None, row.from_block)
    by_before = row.signed_by_previous is None or (
        before is not None and keys.verified(bytes(before.public), bytes(row.signed_by_previous), message)
    )
    return by_before and keys.verified(public, bytes(row.signed_by_itself), message)


def _numbers(last: int) -> Iterator[int]:
    """The numbers of the blocks that are there, a thousand at a time."""
    after = _LOWEST
    while numbers := list(
        Block.objects.filter(number__gt=after, number__lte=last)
        .order_by("number")
        .values_list("number", flat=True)[:1000]
    ):
        yield from numbers
        after = numbers[-1]


def _count_after(last_id: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM ledger_entry WHERE id > %s", [last_id])
        count: int = cursor.fetchone()[0]
    return count
