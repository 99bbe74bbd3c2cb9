"""What happened to an entry, as its page tells it: what, who, when, and what became different."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.display import Change, diff
from lienthong.foundation.ledger.entries import EntryView
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.models import Account
from lienthong.registers import events
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import Entry, Slice

LOOKS = {
    events.ENTERED.key: ("ok", "plus-lg"),
    events.CHANGED.key: ("info", "pencil"),
    events.CORRECTED.key: ("soon", "pen"),
    events.ENDED.key: ("neutral", "x-circle"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history. `day`: from which on it counts in the world."""

    revision: int
    at: datetime
    what: str
    who: str
    day: date
    until: date | None
    reason: str
    changes: Sequence[Change]
    tone: str
    icon: str


def told(body: RegisterBody, slices: Sequence[Slice], context: Context) -> list[Told]:
    """The newest first. Two queries: the ledger, and the names of who acted."""
    states = _by_revision(slices)
    happened = timeline((f"register.{body.key}", states[0].id))
    deeds = {int(entry.data.get("revision", 1)): entry for entry in happened}
    names = _names(deeds.values())
    lines = [
        _told(body, state, states[number - 1] if number else None, deeds.get(state.revision), names, context)
        for number, state in enumerate(states)
    ]
    return lines[::-1]


def _by_revision(slices: Iterable[Slice]) -> list[Entry]:
    """Each state once, as it was thought to be at the time, the first one first."""
    found: dict[int, Entry] = {}
    for each in slices:
        if each.recorded_until is not None or each.entry.revision not in found:
            found[each.entry.revision] = each.entry
    return [found[revision] for revision in sorted(found)]


def _told(
    body: RegisterBody,
    state: Entry,
    before: Entry | None,
    deed: EntryView | None,
    names: dict[int, str],
    context: Context,
) -> Told:
    tone, icon = LOOKS.get(deed.kind if deed else "", ("neutral", "circle"))
    what = deed.label if deed else _("Came into the register")
    return Told(
        revision=state.revision,
        at=state.recorded_at,
        what=what,
        who=_who(deed, names) if deed else state.origin,
        day=state.valid_from,
        until=state.valid_until,
        reason=str(deed.data.get("reason", "")) if deed else "",
        changes=diff(body.fields, before.values, state.values, context) if before else (),
        tone=tone,
        icon=icon,
    )


def _names(deeds: Iterable[EntryView]) -> dict[int, str]:
    found = ((deed.account_id, deed.data.get("proposed_by")) for deed in deeds)
    accounts = {account for each in found for account in each if account is not None}
    return dict(Account.objects.filter(pk__in=accounts).values_list("pk", "full_name"))


def _who(deed: EntryView, names: dict[int, str]) -> str:
    if code := deed.data.get("dossier"):
        return _("by itself, after dossier %(code)s") % {"code": code}
    person = names.get(deed.account_id or 0, "")
    if proposer := names.get(int(deed.data.get("proposed_by", 0))):
        said = {"proposer": proposer, "approver": person}
        person = _("%(proposer)s proposed, %(approver)s approved") % said
    agency = tree().nodes.get(deed.organisation_id or 0)
    return ", ".join(filter(None, [person, agency.short_name if agency else ""]))
