"""What happened to a dossier, as its page tells it: who, in which agency, when, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from lienthong.cases.queries.pages import DossierPage
from lienthong.foundation.ledger.entries import EntryView
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.models import Account

TONES = {
    "cases.received": ("ok", "check-circle"),
    "cases.refused": ("late", "x-circle"),
    "cases.stopped": ("late", "x-circle"),
    "cases.supplement_requested": ("soon", "pause-circle"),
    "cases.supplemented": ("info", "send"),
    "cases.assigned": ("info", "person-check"),
    "cases.approved": ("ok", "pen"),
    "cases.signed": ("ok", "pen"),
    "cases.returned": ("ok", "check-circle"),
    "cases.withdrawn": ("neutral", "x-circle"),
    "cases.submitted": ("info", "send"),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history."""

    at: datetime
    what: str
    who: str
    tone: str
    icon: str
    note: str
    late: bool


def described(entries: Iterable[EntryView], page: DossierPage) -> list[Told]:
    """The history, the newest first. One query for the names of all who acted."""
    told = list(entries)
    names = _names({entry.account_id for entry in told if entry.account_id is not None})
    notes = {visit.pk: visit.note for visit in page.visits}
    return [_told(entry, names, notes) for entry in reversed(told)]


def _names(account_ids: set[int]) -> dict[int, str]:
    return dict(Account.objects.filter(pk__in=account_ids).values_list("pk", "full_name"))


def _told(entry: EntryView, names: dict[int, str], notes: dict[int, str]) -> Told:
    tone, icon = TONES.get(entry.kind, ("neutral", ""))
    late = bool(entry.data.get("late"))
    closed = entry.data.get("closed") or []
    return Told(
        at=entry.at,
        what=entry.label,
        who=_who(entry, names),
        tone="late" if late else tone,
        icon=icon,
        note=notes.get(closed[0], "") if closed else "",
        late=late,
    )


def _who(entry: EntryView, names: dict[int, str]) -> str:
    name = names.get(entry.account_id or 0, "")
    post = tree().posts.get(entry.post_id or 0)
    if post is None:
        return name
    return f"{name}, {post.title}, {tree()[post.organisation_id].name}"
