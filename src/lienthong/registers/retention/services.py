"""Listing what is over, and deciding about it. Nothing is erased here: that comes a week after it was decided
(`erasing`), and until then the decision can be taken back."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _now

from lienthong.foundation import clock, ledger
from lienthong.foundation.statements import run
from lienthong.identity.actors import Officer
from lienthong.registers import events
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.retention import queries, rules
from lienthong.registers.retention.models import Appraisal, AppraisedEntry
from lienthong.registers.retention.queries import Chosen
from lienthong.work import services as work
from lienthong.work.models import WorkItem

SUBJECT = "appraisal"
"""The type of subject under which work items and the ledger know a list."""
DECIDED_WITHIN = timedelta(days=30)
"""No law says how soon; a month is our rule."""
PIECE = 2_000
Decision = AppraisedEntry.Decision


# what is over


def look_through() -> int:
    """Bring every list up to the day: put on it what is over, take off what is not any more, and see that each lies
    with somebody who may decide. Says how many entries are new. What is done stays done when it is cut short."""
    new = 0
    with translation.override(settings.LANGUAGE_CODE):
        for published in REGISTER.all():
            body = published.body
            _take_off(body)
            _come_back(body)
            new += sum(_list(body, organisation_id) for organisation_id in _agencies_with_more(body))
            for appraisal_id in Appraisal.objects.filter(register=body.key).values_list("pk", flat=True):
                _lie_with_somebody(appraisal_id, body)
    return new


_OVER = """
    FROM {table} entry WHERE entry.valid_until <= %(last)s AND NOT EXISTS (
         SELECT FROM registers_appraisedentry line JOIN registers_appraisal list ON list.id = line.appraisal_id
          WHERE list.register = %(register)s AND line.entry_id = entry.id)"""


def _asked(body: RegisterBody, last: date, **more: Any) -> dict[str, Any]:
    return {"last": last, "register": body.key, **more}


def _agencies_with_more(body: RegisterBody) -> list[int]:
    """The agencies with entries that are over and on no list yet."""
    last = rules.last_ended(clock.today(), body.retention)
    if last is None:
        return []
    statement = f"SELECT DISTINCT entry.organisation_id {_OVER.format(table=body.layout.table)} ORDER BY 1"
    with run(statement, _asked(body, last)) as cursor:
        return [id for (id,) in cursor.fetchall()]


def _list(body: RegisterBody, organisation_id: int) -> int:
    """Put on the list of an agency what is over and on none, a piece after another. Says how many there were."""
    total = 0
    while many := _list_some(body, organisation_id):
        total += many
    return total


@transaction.atomic
def _list_some(body: RegisterBody, organisation_id: int) -> int:
    last = rules.last_ended(clock.today(), body.retention)
    if last is None:
        return 0
    Appraisal.objects.get_or_create(
        register=body.key, organisation_id=organisation_id, defaults={"opened_at": clock.now()}
    )
    appraisal = Appraisal.objects.select_for_update().get(register=body.key, organisation_id=organisation_id)
    statement = (
        f"SELECT entry.id, entry.valid_until {_OVER.format(table=body.layout.table)}"
        f" AND entry.organisation_id = %(agency)s ORDER BY entry.id LIMIT {PIECE}"
    )
    with run(statement, _asked(body, last, agency=organisation_id)) as cursor:
        found = cursor.fetchall()
    AppraisedEntry.objects.bulk_create(
        AppraisedEntry(appraisal=appraisal, entry_id=id, over_since=over)
        for id, ended in found
        if (over := rules.over_on(ended, body.retention))
    )
    return len(found)


@transaction.atomic
def _take_off(body: RegisterBody) -> None:
    """Of a list, what is not over: an entry that was corrected, or that is to be kept for longer than was declared."""
    last = rules.last_ended(clock.today(), body.retention)
    statement = f"""
        DELETE FROM registers_appraisedentry line USING registers_appraisal list
         WHERE list.id = line.appraisal_id AND list.register = %(register)s AND line.decision <> 'erased'
           AND NOT EXISTS (SELECT FROM {body.layout.table} entry
                            WHERE entry.id = line.entry_id AND entry.valid_until <= %(last)s)"""
    if Appraisal.objects.filter(register=body.key).exists():
        run(statement, _asked(body, last or date.min)).close()


@transaction.atomic
def _come_back(body: RegisterBody) -> None:
    """What was kept until today is decided anew."""
    kept = AppraisedEntry.objects.filter(appraisal__register=body.key, decision=Decision.KEEP)
    kept.filter(kept_until__lte=clock.today()).update(**_UNDECIDED)


_UNDECIDED: dict[str, Any] = {
    "decision": Decision.OPEN,
    "kept_until": None,
    "reason": "",
    "account": None,
    "post": None,
    "decided_at": None,
}


# deciding


@transaction.atomic
def erase(*, appraisal_id: int, chosen: Chosen, reason: str, officer: Officer) -> int:
    """Have entries erased that nobody has decided about, in a week. Says how many: those that somebody else has decided
    about meanwhile are left out, and asked twice it is done once.

    Raises NoSuchAppraisal and NoReason.
    """
    appraisal, body = queries.opened(appraisal_id, officer, lock=True)
    reason = rules.require_reason(reason)
    return _decide(appraisal, body, chosen, officer, reason, decision=Decision.ERASE)


@transaction.atomic
def keep(*, appraisal_id: int, chosen: Chosen, until: date | None, reason: str, officer: Officer) -> int:
    """Keep entries that nobody has decided about until a day, on which they come back to the list. Raises as `erase`
    does, and WrongDayToKeep."""
    appraisal, body = queries.opened(appraisal_id, officer, lock=True)
    until = rules.require_day_to_keep(until, today=clock.today())
    reason = rules.require_reason(reason)
    return _decide(appraisal, body, chosen, officer, reason, decision=Decision.KEEP, kept_until=until)


@transaction.atomic
def take_back(*, appraisal_id: int, chosen: Chosen, officer: Officer) -> int:
    """Let entries be undecided again: those kept on, and those that are to be erased and still there. Says how many.
    Raises NoSuchAppraisal."""
    appraisal, body = queries.opened(appraisal_id, officer, lock=True)
    lines = appraisal.entries.filter(chosen.condition, decision__in=[Decision.ERASE, Decision.KEEP])
    found = list(lines.select_for_update().values_list("pk", "entry_id"))
    appraisal.entries.filter(pk__in=[pk for pk, _entry in found]).update(**_UNDECIDED)
    _record(appraisal, officer, found, {"decision": "open"})
    _settle(appraisal, body, officer)
    return len(found)


def _decide(
    appraisal: Appraisal, body: RegisterBody, chosen: Chosen, officer: Officer, reason: str, **decided: Any
) -> int:
    lines = appraisal.entries.filter(chosen.condition, decision=Decision.OPEN)
    found = list(lines.order_by("pk").values_list("pk", "entry_id"))
    by = {"account_id": officer.account_id, "post_id": officer.acting.id, "decided_at": clock.now(), "reason": reason}
    appraisal.entries.filter(pk__in=[pk for pk, _entry in found]).update(**decided, **by)
    until = decided.get("kept_until")
    said = {"decision": str(decided["decision"]), "reason": reason, **({"until": until.isoformat()} if until else {})}
    _record(appraisal, officer, found, said)
    _settle(appraisal, body, officer)
    return len(found)


def _record(appraisal: Appraisal, officer: Officer, lines: Sequence[tuple[int, int]], said: dict[str, Any]) -> None:
    """In pieces, because what the ledger takes at once has an end."""
    for some in (lines[start : start + PIECE] for start in range(0, len(lines), PIECE)):
        ledger.record(
            events.APPRAISED,
            subject=(SUBJECT, appraisal.pk),
            actor=officer,
            organisation_id=appraisal.organisation_id,
            data={"register": appraisal.register, "entries": [entry for _pk, entry in some], **said},
        )


# with whom it lies


@transaction.atomic
def _lie_with_somebody(appraisal_id: int, body: RegisterBody) -> None:
    with translation.override(settings.LANGUAGE_CODE):
        _settle(Appraisal.objects.select_for_update().get(pk=appraisal_id), body, None)


def _settle(appraisal: Appraisal, body: RegisterBody, officer: Officer | None) -> None:
    """A list lies with who may decide as long as something on it is undecided. The caller has locked it."""
    undecided = appraisal.entries.filter(decision=Decision.OPEN).exists()
    lies = WorkItem.objects.filter(is_open=True, subject_type=SUBJECT, subject_id=appraisal.pk).exists()
    due = (appraisal.due_at or clock.now() + DECIDED_WITHIN) if undecided else None
    if due != appraisal.due_at:
        appraisal.due_at = due
        appraisal.save(update_fields=["due_at"])
    if undecided and not lies:
        work.open_items(list(_items(appraisal, body)))
    elif lies and not undecided:
        account_id = officer.account_id if officer else None
        work.close_items(
            subject=(SUBJECT, appraisal.pk), parts=[0], at=clock.now(), account_id=account_id, outcome="decided"
        )


def _items(appraisal: Appraisal, body: RegisterBody) -> Iterator[work.NewItem]:
    """One, or none where nobody holds a post that may decide; `lt doctor` says so."""
    found = queries.decider(body, appraisal.organisation_id)
    if found is None or appraisal.due_at is None:
        return
    node, role = found
    with translation.override(settings.LANGUAGE_CODE):
        yield work.NewItem(
            subject=(SUBJECT, appraisal.pk),
            part_id=0,
            task=_now("Decide what becomes of entries whose time is over"),
            title=body.name,
            code="",
            organisation_id=node.id,
            role=role,
            opened_at=clock.now(),
            due_at=appraisal.due_at,
        )
