"""Erasing for good what was decided to be erased a week ago: entries, their past, what extracts told of them, and the
files that nobody else holds.

In chunks that are a transaction each: whoever is killed half-way has done some of them wholly and the rest not at all,
and the next night goes on. What something else still points to stays until that is gone, or points elsewhere. That an
entry was erased, by whose decision and why, remains in the ledger; what it said does not.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.db.models import QuerySet

from lienthong.foundation import clock, ledger
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.statements import run
from lienthong.registers import events
from lienthong.registers.attaching.models import EntryFile
from lienthong.registers.attaching.services import let_go
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.extracting.services import let_go_with
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.retention import queries, rules
from lienthong.registers.retention.models import Appraisal, AppraisedEntry

CHUNK = 200
LATE = timedelta(days=3)
"""After so long something is wrong, or holds them."""
Decision = AppraisedEntry.Decision


@dataclass(frozen=True, slots=True)
class Decider:
    """Who decided, as the ledger names them."""

    account_id: int | None
    post_id: int | None


def erase_due() -> int:
    """Erase everything whose week is over. Says how many entries went."""
    total = 0
    while many := sum(_erase_of(appraisal_id) for appraisal_id in sorted(_with_due())):
        total += many  # what was held back by one that has gone now goes in the next round
    return total


def _due() -> QuerySet[AppraisedEntry]:
    return AppraisedEntry.objects.filter(decision=Decision.ERASE, decided_at__lte=clock.now() - rules.WAITS)


def overdue() -> int:
    """How many entries should have gone some nights ago and are there still."""
    return _due().filter(decided_at__lte=clock.now() - rules.WAITS - LATE).count()


def _with_due() -> set[int]:
    return set(_due().order_by().values_list("appraisal_id", flat=True).distinct())


def _erase_of(appraisal_id: int) -> int:
    """Go once through what is due on a list."""
    total, after = 0, 0
    while True:
        erased, after = _erase_some(appraisal_id, after)
        total += erased
        if not after:
            return total


@transaction.atomic
def _erase_some(appraisal_id: int, after: int) -> tuple[int, int]:
    """How many entries were erased, and the last line that was looked at; 0 when there is none any more."""
    locked = _due().filter(appraisal_id=appraisal_id, pk__gt=after).select_for_update(skip_locked=True)
    lines = list(locked.order_by("pk")[:CHUNK])
    if not lines:
        return 0, 0
    appraisal = Appraisal.objects.get(pk=appraisal_id)
    try:
        body = REGISTER.current(appraisal.register).body
    except DefinitionNotFound:  # it was retired; its entries stay as they are
        return 0, 0
    over = _over(body, [line.entry_id for line in lines])
    held = queries.held_back(body.layout.table, over)
    gone = [line for line in lines if line.entry_id in over and line.entry_id not in held]
    extracts = _erase(body, [line.entry_id for line in gone])
    AppraisedEntry.objects.filter(pk__in=[line.pk for line in gone]).update(
        decision=Decision.ERASED, erased_at=clock.now()
    )
    AppraisedEntry.objects.filter(pk__in=[line.pk for line in lines if line.entry_id not in over]).delete()
    _record(appraisal, body, gone, extracts)
    return len(gone), lines[-1].pk


def _over(body: RegisterBody, ids: Collection[int]) -> set[int]:
    """Those whose time is over still, locked: somebody may have corrected one, or a version keeps them for longer."""
    last = rules.last_ended(clock.today(), body.retention) or date.min
    statement = f"SELECT id FROM {body.layout.table} WHERE id = ANY(%s) AND valid_until <= %s ORDER BY id FOR UPDATE"
    with run(statement, [list(ids), last]) as cursor:
        return {id for (id,) in cursor.fetchall()}


def _erase(body: RegisterBody, ids: Sequence[int]) -> dict[int, list[str]]:
    """The trigger of the table lets them go, and what they were with them; and what was proposed for them goes, and
    what extracts told of them. The numbers of these, by entry."""
    if not ids:
        return {}
    run("SELECT set_config('lienthong.erase', 'on', true)", []).close()
    run(f"DELETE FROM {body.layout.table} WHERE id = ANY(%s)", [list(ids)]).close()
    run("SELECT set_config('lienthong.erase', 'off', true)", []).close()
    let_go(EntryFile.objects.filter(register=body.key, entry_id__in=ids))
    proposals = Proposal.objects.filter(register=body.key, entry_id__in=ids)
    proposals.update(values={}, before={}, title="", emptied_at=clock.now())
    return let_go_with(body.key, ids)


def _record(
    appraisal: Appraisal,
    body: RegisterBody,
    lines: Sequence[AppraisedEntry],
    extracts: Mapping[int, list[str]],
) -> None:
    for line in lines:
        with_it = {"extracts": extracts[line.entry_id]} if line.entry_id in extracts else {}
        ledger.record(
            events.ERASED,
            subject=(f"register.{body.key}", line.entry_id),
            actor=Decider(line.account_id, line.post_id),
            organisation_id=appraisal.organisation_id,
            data={"reason": line.reason, "over_since": line.over_since, "retention": body.retention, **with_it},
        )
