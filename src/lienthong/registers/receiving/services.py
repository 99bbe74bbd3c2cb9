"""Writing what a signed result says; laying before people what could not be written; settling that."""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.forms import declared
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.organisations.queries import province, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.procedures.receiving import Outcome
from lienthong.registers import access, events, queries
from lienthong.registers.access import Automatic, Rights
from lienthong.registers.definition import Access, RegisterBody
from lienthong.registers.queries import Entry
from lienthong.registers.receiving.finding import one
from lienthong.registers.receiving.models import Received
from lienthong.registers.receiving.proposing import NotTaken, Proposal, Why, proposal
from lienthong.registers.services import writing
from lienthong.work import services as work

SUBJECT = "register-result"
"""The type of subject under which work items and the ledger know what came."""

WITHIN = Limit.working_days(2)
"""How soon somebody is to settle what could not be written by itself."""

LONGEST_NOTE = 1000
MOST_TOLD = 10
Deed = Received.Deed


class NoKeeper(DomainError):
    code = "registers.no_keeper"


class KeptElsewhere(DomainError):
    code = "registers.kept_elsewhere"


class NoSuchResult(NotFound):
    code = "registers.no_such_result"


class NoteMissing(DomainError):
    code = "registers.note_missing"


# what comes


def receive(outcome: Outcome) -> Received:
    """Write what a result says, inside the caller's transaction; told again, it is written once. What is refused waits
    for who may write it, with a work item."""
    body = queries.register(outcome.register)
    origin = tree()[outcome.organisation_id]
    keeper = keeper_near(body, origin)
    row, is_new = Received.objects.get_or_create(
        request=outcome.request,
        defaults={
            "register": body.key,
            "deed": outcome.does,
            "organisation_id": (keeper or origin).id,
            "dossier_id": outcome.dossier_id,
            "dossier_code": outcome.dossier_code,
            "paper_id": outcome.paper_id,
            "paper": outcome.paper,
            "number": outcome.number,
            "since": outcome.since,
            "received_at": clock.now(),
        },
    )
    if not is_new:
        return row
    said = proposal(body, outcome.values, new=outcome.does == "enter")
    try:
        with transaction.atomic():
            entry = _write(body, row, outcome.find, said, keeper)
    except DomainError as refused:
        _lay_before_people(body, row, said, _whys(body, refused))
    else:
        row.entry_id, row.done_at = entry.id, clock.now()
        row.save()
    return row


def keeper_near(body: RegisterBody, origin: Node) -> Node | None:
    """The agency that keeps what an agency has decided: itself, one of its own units, else one above it that is of the
    level at which it is found. Never one beside it: that has another place."""
    agencies, today = tree(), clock.today()
    keeping = [node for key in body.keepers for node in agencies.with_function(key, today)]
    for above in reversed(agencies.ancestors(origin)):
        found = [node for node in keeping if agencies.is_within(node, above)]
        if above.id != origin.id:
            found = [node for node in found if node.level == above.level]
        if found:
            return min(found, key=lambda node: (len(node.path), node.key))
    return None


def _write(body: RegisterBody, row: Received, find: Mapping[str, Any], said: Proposal, keeper: Node | None) -> Entry:
    """Raises what writing raises, NotFoundSo, NotTaken, NoKeeper and KeptElsewhere."""
    found = _found(body, row, find) if row.deed != Deed.ENTER else None
    if keeper is None:
        agency = tree()[row.organisation_id].name
        raise NoKeeper(_("No agency near %(agency)s keeps this register."), agency=agency)
    if found and found.organisation_id != keeper.id:
        row.organisation_id = found.organisation_id
        agency = tree()[found.organisation_id].name
        raise KeptElsewhere(_("The entry is kept by %(agency)s, which has not decided this."), agency=agency)
    if said.whys:
        raise NotTaken(said.whys)
    actor = Automatic(keeper.id, _because(row))
    if found is None:
        return writing.enter(
            register=body.key,
            raw=said.raw,
            officer=actor,
            organisation_id=keeper.id,
            valid_from=row.since,
            origin=row.why,
            request=row.request,
        )
    known: dict[str, Any] = {
        "register": body.key,
        "entry_id": found.id,
        "revision": found.revision,
        "officer": actor,
        "reason": row.why,
    }
    if row.deed == Deed.CHANGE:
        return writing.change(**known, raw=said.raw, valid_from=row.since)
    return writing.end(**known, valid_until=row.since)


def _found(body: RegisterBody, row: Received, find: Mapping[str, Any]) -> Entry:
    row.entry_id = one(body, find, lock=True)
    return queries.entry(body, Rights(dict.fromkeys(body.leaves)), row.entry_id)


def _because(row: Received) -> dict[str, str]:
    return {"dossier": row.dossier_code, "paper": row.paper, "number": row.number, "reason": row.why}


# what could not be written


def _lay_before_people(body: RegisterBody, row: Received, said: Proposal, whys: list[Why]) -> None:
    now = clock.now()
    row.proposed, row.problems = said.raw, [list(why) for why in whys]
    row.save()
    agency, role = _desk(body, row.organisation_id)
    work.open_items(
        [
            work.NewItem(
                subject=(SUBJECT, row.pk),
                part_id=0,
                task=_now("Write a result into the register “%(register)s”") % {"register": body.name},
                title=row.called,
                code=row.dossier_code,
                organisation_id=agency,
                role=role,
                opened_at=now,
                due_at=calendar_of(province().calendar).add(now, WITHIN),
            )
        ]
    )
    _record(events.RESULT_WAITS, row, None)


def _whys(body: RegisterBody, refused: DomainError) -> list[Why]:
    """What was wrong, in words; personal data is not repeated in them."""
    if isinstance(refused, NotTaken):
        return refused.whys
    if isinstance(refused, NotAccepted):
        return [(_label(body.fields, path), str(problem)) for path, problem in refused.errors.items()]
    return [("", str(refused))]


def _label(fields: FieldList, path: str) -> str:
    steps = path.split(".")
    for length in range(len(steps), 0, -1):
        if node := fields.nodes.get(declared(steps[:length])):
            return node.field.label
    return ""


def _desk(body: RegisterBody, organisation_id: int) -> tuple[int, str]:
    """Where somebody sits who may write it: at the agency itself, else above it."""
    agencies, today = tree(), clock.today()
    writers = [each for each in body.access if "write" in each.may]
    for node in reversed(agencies.ancestors(agencies[organisation_id])):
        for each in writers:
            if _reaches(each, node, organisation_id) and agencies.posts_in(node.id, each.role, today):
                return node.id, each.role
    return organisation_id, writers[0].role if writers else body.access[0].role


def _reaches(each: Access, node: Node, organisation_id: int) -> bool:
    there = not each.function or each.function in node.functions
    return there and (each.where != "own" or node.id == organisation_id)


# settling


def result_of(received_id: int, officer: Officer, *, lock: bool = False) -> Received:
    """The one gate to what came: for who may write it. Raises NoSuchResult."""
    rows = Received.objects.select_for_update() if lock else Received.objects
    row = rows.filter(pk=received_id).first()
    if row is None or not _writable(row, officer):
        raise no_such_result()
    return row


def no_such_result() -> NoSuchResult:
    return NoSuchResult(_("There is no such result, or it is not for you to see."))


def _writable(row: Received, officer: Officer) -> frozenset[str]:
    body = queries.register(row.register)
    return access.rights_of(officer, body, to="write").fields_at(row.organisation_id)


@transaction.atomic
def open_result(*, received_id: int, officer: Officer) -> tuple[Received, dict[str, Any]]:
    """What came, and what of it the officer may write, as a form takes it. That it was read is on record, where it
    holds anything. Raises NoSuchResult."""
    row = result_of(received_id, officer)
    proposed = writing.only(queries.register(row.register).fields, row.proposed, _writable(row, officer))
    if row.waits and proposed:
        _record(events.RESULT_READ, row, officer)
    return row, proposed


@transaction.atomic
def complete(*, received_id: int, officer: Officer, write: Callable[[Received], Entry]) -> int:
    """Settle what came by what `write` does in the same transaction: both are done or neither. Settled already, it
    gives the entry that it became. Raises what `write` raises, and NoSuchResult."""
    row = result_of(received_id, officer, lock=True)
    if row.waits:
        row.entry_id = write(row).id
        _settle(row, officer)
    assert row.entry_id
    return row.entry_id


@transaction.atomic
def set_aside(*, received_id: int, officer: Officer, note: str) -> Received:
    """Nothing is to be written, and why. Asked again it is set aside once. Raises NoteMissing and NoSuchResult."""
    row = result_of(received_id, officer, lock=True)
    if not note.strip():
        raise NoteMissing(_("Say why nothing is to be written."))
    if row.waits:
        row.note = note.strip()[:LONGEST_NOTE]
        _settle(row, officer)
    return row


def _settle(row: Received, officer: Officer) -> None:
    row.done_at, row.done_by_id, row.proposed, row.problems = clock.now(), officer.account_id, {}, []
    row.save()
    work.close_items(
        subject=(SUBJECT, row.pk), parts=[0], at=row.done_at, account_id=officer.account_id, outcome=_outcome(row)
    )
    _record(events.RESULT_SETTLED, row, officer)


def _outcome(row: Received) -> str:
    return "set-aside" if row.note else "written"


def _record(event: ledger.EventKind, row: Received, officer: Officer | None) -> None:
    facts = {"register": row.register, "dossier": row.dossier_code, "paper": row.paper, "number": row.number}
    entry = {"entry": row.entry_id} if row.entry_id else {}
    ledger.record(
        event,
        subject=(SUBJECT, row.pk),
        actor=officer,
        organisation_id=row.organisation_id,
        data={**{name: value for name, value in facts.items() if value}, **entry},
    )


# what became of it, for pages


def of_dossier(dossier_id: int) -> list[Received]:
    return list(Received.objects.filter(dossier_id=dossier_id).order_by("id"))


def of_entry(register: str, entry_id: int) -> list[Received]:
    """The results that made, changed or ended an entry, the last ones first."""
    rows = Received.objects.filter(register=register, entry_id=entry_id, done_at__isnull=False)
    return list(rows.order_by("-id")[:MOST_TOLD])
