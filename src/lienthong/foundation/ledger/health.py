"""What `lt doctor` says about the ledger."""

from datetime import timedelta

from lienthong.foundation import clock
from lienthong.foundation.ledger import keys, protection, queries
from lienthong.foundation.ledger.models import Block, Entry
from lienthong.runtime.health import Finding, broken, check, fine, worth_a_look

_SEALED_WITHIN = timedelta(minutes=15)


@check("Ledger", needs_database=True)
def ledger() -> list[Finding]:
    """Whether it is guarded and sealed; `lt ledger verify` checks what it says."""
    found = [*_guards(), *_sealing(), *_dead_letters()]
    return found or [fine("is guarded against change, and sealed.")]


def _guards() -> list[Finding]:
    gaps = protection.gaps()
    if not gaps:
        return []
    return [broken(f"The database no longer refuses: {', '.join(gaps)}.", mend="Find out who did that; migrate again.")]


def _sealing() -> list[Finding]:
    in_use, held = keys.newest(), keys.held_key()
    if in_use and (held is None or held.id != in_use.id):
        return [
            worth_a_look(
                f"The key {in_use.id} that seals it is not in {keys.folder()}.",
                mend="Copy ledger.pem from the machine or the backup that has it, if this machine is to seal.",
            )
        ]
    last = Block.objects.order_by("-number").values_list("to_id", flat=True).first() or 0
    waiting = Entry.objects.filter(id__gt=last).order_by("id").values_list("at", flat=True).first()
    if waiting and clock.now() - waiting > _SEALED_WITHIN:
        return [
            worth_a_look(
                f"Entries since {clock.local(waiting):%d/%m/%Y %H:%M} are not sealed.", mend="Is `lt work` running?"
            )
        ]
    return []


def _dead_letters() -> list[Finding]:
    letters = queries.dead_letters(limit=1)
    if not letters:
        return []
    letter = letters[0]
    return [
        worth_a_look(
            f"Gave up calling {letter.subscriber} for entry {letter.entry_id}: {letter.error or 'its worker died'}.",
            mend=f"When it is mended: `lt manage shell`, delivery.try_again([{letter.job_id}]).",
        )
    ]
