"""Entering, changing, correcting and ending: the only code that writes entries."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import Conflict, DomainError, NotAllowed
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.data import Values, merge, to_json
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.fields.types.structure import Section
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.statements import run
from lienthong.identity.actors import Officer
from lienthong.registers import access, events, holding, queries, rules, searching, tables
from lienthong.registers.access import Automatic, Rights, Writer
from lienthong.registers.attaching import services as attaching
from lienthong.registers.context import context_for
from lienthong.registers.definition import Deed, May, RegisterBody
from lienthong.registers.queries import Entry
from lienthong.registers.rules import Standing


class ChangedMeanwhile(Conflict):
    """`entry` is as somebody else left it, so that both can be compared."""

    code = "registers.changed_meanwhile"

    def __init__(self, entry: Entry) -> None:
        super().__init__(
            _("Somebody else has changed this entry since you opened it."),
            way_out=_("Look at what is different, then save again."),
        )
        self.entry = entry


class AlreadyThere(Conflict):
    """Another entry in force says that it is the same thing."""

    code = "registers.already_there"


class NotKeeper(NotAllowed):
    code = "registers.not_keeper"


class ApprovalNeeded(DomainError):
    """The register's declaration wants somebody else to approve this."""

    code = "registers.approval_needed"
    status = 403


@dataclass(frozen=True, slots=True)
class Approved:
    """Why something may be written that needs approval. It is written by the actor's right `to`; `said` goes into the
    ledger; `chooser` has chosen what it points to, where that is not the actor."""

    to: May = "approve"
    said: Mapping[str, Any] = field(default_factory=dict)
    chooser: Officer | None = None


DIRECTLY = Approved(to="write")


@transaction.atomic
def enter(
    *,
    register: str,
    raw: Mapping[str, Any],
    officer: Writer,
    organisation_id: int | None = None,
    valid_from: date | None = None,
    origin: str = "",
    request: UUID | None = None,
    approved: Approved | None = None,
) -> Entry:
    """Make an entry that is so from a day on (default: today), kept by an agency (default: the officer's). Asked again
    with the same `request` it gives the entry that was made.

    Raises NotAccepted, AlreadyThere, NotKeeper, WrongDay, NotAllowed, and ApprovalNeeded unless `approved`.
    """
    body = queries.register(register)
    by = approved or _directly(body, "enter", officer)
    rights = access.require(officer, body, to=by.to)
    if request and (made := queries.made_for(body, request)):
        return _read(body, officer, made)
    keeper = keeper_for(body, rights, officer, organisation_id)
    standing = rules.begin(valid_from or clock.today(), today=clock.today())
    values = _accepted(body, raw, {}, rights.fields_at(keeper), by.chooser or officer)
    own = {"organisation_id": keeper, "origin": origin, "revision": 1, "request": request}
    row = {**_row(body, values), **own, **_days(standing)}
    entry_id, is_new = _inserted(body, row, request)
    if is_new:
        attaching.hold(body, entry_id, values)
        _record(events.ENTERED, body, entry_id, officer, keeper, {"origin": origin, **by.said})
    return _read(body, officer, entry_id)


@transaction.atomic
def change(
    *,
    register: str,
    entry_id: int,
    revision: int,
    raw: Mapping[str, Any],
    officer: Writer,
    valid_from: date | None = None,
    reason: str = "",
    approved: Approved | None = None,
) -> Entry:
    """The world is different from a day on (default: today). `raw` may leave fields out: they stay as they are.

    `revision` is that of the entry as the officer saw it. Raises ChangedMeanwhile, NotAccepted, AlreadyThere, Ended,
    WrongDay, NoSuchEntry, NotAllowed, and ApprovalNeeded unless `approved`.
    """
    body, by = _body(register, "change", officer, approved)
    found = _opened(body, entry_id, revision, officer, by)
    today = clock.today()
    standing = rules.change(_standing(found), valid_from or today, today=today)
    return _saved(body, found, raw, standing, officer, by, events.CHANGED, reason)


@transaction.atomic
def correct(
    *,
    register: str,
    entry_id: int,
    revision: int,
    raw: Mapping[str, Any],
    officer: Officer,
    reason: str,
    valid_from: date | None = None,
    approved: Approved | None = None,
) -> Entry:
    """What stands there was wrong from the beginning; `valid_from` when also that day was. Raises as `change` does."""
    body, by = _body(register, "correct", officer, approved)
    found = _opened(body, entry_id, revision, officer, by)
    first = not queries.was_otherwise(body, entry_id)
    standing = rules.correct(_standing(found), valid_from, first=first, today=clock.today())
    with _correcting():
        return _saved(body, found, raw, standing, officer, by, events.CORRECTED, reason)


@transaction.atomic
def end(
    *,
    register: str,
    entry_id: int,
    revision: int,
    officer: Writer,
    reason: str,
    valid_until: date | None = None,
    approved: Approved | None = None,
) -> Entry:
    """The thing is no more from a day on (default: today); what was entered stays readable, and whoever points to it
    still does. Raises as `change` does, and StillReferred."""
    body, by = _body(register, "end", officer, approved)
    found = _opened(body, entry_id, revision, officer, by)
    holding.let_go(body, entry_id)
    today = clock.today()
    standing = rules.end(_standing(found), valid_until or today, today=today)
    return _saved(body, found, {}, standing, officer, by, events.ENDED, reason)


# the parts


@contextmanager
def _correcting() -> Iterator[None]:
    """Tell the table that the world did not change: what stood there was never so."""
    run("SELECT set_config('lienthong.correcting', 'on', true)", []).close()
    yield
    run("SELECT set_config('lienthong.correcting', 'off', true)", []).close()


def require_no_approval(body: RegisterBody, deed: Deed) -> None:
    """Raises ApprovalNeeded."""
    if body.needs_approval(deed):
        raise ApprovalNeeded(
            _("In the register “%(register)s” this counts only when somebody else has approved it."),
            way_out=_("Send it as a proposal."),
            register=body.name,
        )


def _directly(body: RegisterBody, deed: Deed, officer: Writer) -> Approved:
    """What was decided in a dossier was decided there: it needs no second approval."""
    if not isinstance(officer, Automatic):
        require_no_approval(body, deed)
    return DIRECTLY


def _body(register: str, deed: Deed, officer: Writer, approved: Approved | None) -> tuple[RegisterBody, Approved]:
    body = queries.register(register)
    return body, approved or _directly(body, deed, officer)


def _opened(body: RegisterBody, entry_id: int, revision: int, officer: Writer, by: Approved) -> Entry:
    """The entry, locked, as the officer saw it. A click that was sent twice finds it changed."""
    rights = access.require(officer, body, to=by.to)
    run(f"SELECT id FROM {body.layout.table} WHERE id = %s FOR NO KEY UPDATE", [entry_id]).close()
    everything = Rights(dict.fromkeys(body.leaves), partial(access.rights_of, officer, to="read"))
    found = queries.entry(body, everything, entry_id)
    if not rights.fields_at(found.organisation_id):
        raise queries.NoSuchEntry(_("There is no such entry, or it is not for you to see."))
    if found.revision != revision:
        raise ChangedMeanwhile(_read(body, officer, entry_id))
    return found


def _saved(
    body: RegisterBody,
    found: Entry,
    raw: Mapping[str, Any],
    standing: Standing,
    officer: Writer,
    by: Approved,
    event: ledger.EventKind,
    reason: str,
) -> Entry:
    writable = access.rights_of(officer, body, to=by.to).fields_at(found.organisation_id)
    values = _accepted(body, raw, found.values, writable, by.chooser or officer) if raw else found.values
    row = {**_row(body, values), **_days(standing), "revision": found.revision + 1}
    changes = ", ".join(f"{name} = %s" for name in row)
    statement = f"UPDATE {body.layout.table} SET {changes} WHERE id = %s RETURNING id"
    _written(body, statement, [*row.values(), found.id])
    searching.follow(body, found.id, body.layout.to_row(found.values), row)
    attaching.hold(body, found.id, values)
    data = {"revision": row["revision"], "reason": reason, **by.said}
    _record(event, body, found.id, officer, found.organisation_id, data)
    return _read(body, officer, found.id)


def _accepted(
    body: RegisterBody, raw: Mapping[str, Any], before: Values, writable: frozenset[str], officer: Writer
) -> Values:
    """The whole entry with what was filled in. Fields that are not the officer's to write stay as they are, and so do
    entries that were pointed to before."""
    theirs = only(body.fields, raw, writable)
    unknown = {key: value for key, value in theirs.items() if (key,) not in body.fields.nodes}
    whole = merge(body.fields, to_json(body.fields, before), theirs) | unknown
    cleaned = clean(body.fields, whole, context_for(officer, body, before))
    if not cleaned.ok:
        raise NotAccepted(cleaned.errors)
    holding.hold(body, cleaned.values, before)
    return cleaned.values


def only(fields: Iterable[Field], raw: Mapping[str, Any], writable: frozenset[str]) -> dict[str, Any]:
    """What was filled in, of the fields that may be; names that nobody declared stay, to be complained of."""
    known = {field.key: field for field in fields}
    found: dict[str, Any] = {}
    for key, value in raw.items():
        field = known.get(key)
        if isinstance(field, Section) and isinstance(value, Mapping):
            found[key] = only(field.fields, value, writable)
        elif field is None or isinstance(field, Section) or key in writable:
            found[key] = value
    return found


def _row(body: RegisterBody, values: Values) -> dict[str, Any]:
    row = body.layout.to_row(values)
    return {**row, "search": searching.texts(body, [row])[0], "recorded_at": clock.now()}


def _days(standing: Standing) -> dict[str, Any]:
    return {"valid_from": standing.valid_from, "valid_until": standing.valid_until}


def _standing(entry: Entry) -> Standing:
    return Standing(entry.valid_from, entry.valid_until)


def _written(body: RegisterBody, statement: str, values: list[Any]) -> int | None:
    """The id of what was written, if anything was."""
    try:
        with transaction.atomic(), run(statement, values) as cursor:
            found = cursor.fetchone()
            return found[0] if found else None
    except IntegrityError as error:
        diagnosis = getattr(error.__cause__, "diag", None)
        name = (diagnosis.constraint_name if diagnosis else "") or ""
        if not name.startswith(tables.uniqueness(body.layout)):
            raise
        raise AlreadyThere(
            _("There is such an entry already in the register “%(register)s”."),
            way_out=_("Look for it, and change that one."),
            register=body.name,
        ) from error


def _inserted(body: RegisterBody, row: Mapping[str, Any], request: UUID | None) -> tuple[int, bool]:
    """The id of the entry, and whether it is new: the same may have been asked at the same time."""
    statement = (
        f"INSERT INTO {body.layout.table} ({', '.join(row)}) VALUES ({', '.join(['%s'] * len(row))})"
        " ON CONFLICT (request) DO NOTHING RETURNING id"
    )
    refused: AlreadyThere | None = None
    try:
        if made := _written(body, statement, list(row.values())):
            return made, True
    except AlreadyThere as error:
        refused = error
    if request and (made := queries.made_for(body, request)):
        return made, False
    assert refused
    raise refused


def keeper_for(body: RegisterBody, rights: Rights, officer: Writer, organisation_id: int | None) -> int:
    """The agency that will keep the entry: one that keeps this register, and for which the officer may write."""
    possible = access.keepers(body, rights)
    own = officer.organisation_id if isinstance(officer, Automatic) else officer.acting.organisation.id
    wanted = organisation_id or own
    if wanted in possible:
        return wanted
    if organisation_id is None and len(possible) == 1:
        return possible[0]
    raise NotKeeper(
        _("Your posts do not let you enter anything in the register “%(register)s” for %(agency)s."),
        register=body.name,
        agency=tree()[wanted].name if wanted in tree().nodes else wanted,
    )


def _read(body: RegisterBody, officer: Writer, entry_id: int) -> Entry:
    """As the officer may read it."""
    return queries.entry(body, access.rights_of(officer, body, to="read"), entry_id)


def _record(
    event: ledger.EventKind, body: RegisterBody, entry_id: int, officer: Writer, keeper: int, data: Mapping[str, Any]
) -> None:
    because = officer.because if isinstance(officer, Automatic) else {}
    ledger.record(
        event,
        subject=(f"register.{body.key}", entry_id),
        actor=officer,
        organisation_id=keeper,
        data={name: value for name, value in {**data, **because}.items() if value},
    )
