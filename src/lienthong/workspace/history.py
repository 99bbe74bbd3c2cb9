"""What happened to a dossier, as its page tells it: what, who, in which agency, when, how late."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from lienthong.cases import events
from lienthong.cases.models import Component, StepVisit, Taker
from lienthong.cases.queries.pages import DossierPage
from lienthong.foundation.ledger.entries import EntryView
from lienthong.foundation.organisations.queries import post_acted_in, tree
from lienthong.identity.models import Account
from lienthong.ui.formatting import moment

Holders = Mapping[int, list[tuple[int, str]]]
"""Who holds each post: account and name."""

LOOKS = {
    events.RECEIVED.key: ("ok", "check-circle"),
    events.REFUSED.key: ("late", "x-circle"),
    events.STOPPED.key: ("late", "x-circle"),
    events.SUPPLEMENT_REQUESTED.key: ("soon", "pause-circle"),
    events.SUPPLEMENTED.key: ("info", "send"),
    events.ASSIGNED.key: ("info", "person-check"),
    events.FORWARDED.key: ("neutral", "arrow-right"),
    events.SENT_BACK.key: ("soon", "arrow-return-left"),
    events.CONSULTED.key: ("info", "chat-left-text"),
    events.ANSWERED.key: ("info", "chat-left-text"),
    events.DRAFTED.key: ("neutral", "file-earmark-text"),
    events.APPROVED.key: ("ok", "pen"),
    events.SIGNED.key: ("ok", "patch-check"),
    events.ISSUED.key: ("neutral", "file-earmark-pdf"),
    events.COMPONENT_CHECKED.key: ("neutral", "list-check"),
    events.DIGITISED.key: ("neutral", "file-earmark-image"),
    events.SCAN_REMOVED.key: ("neutral", "trash3"),
    events.COPY_SIGNED.key: ("ok", "patch-check"),
    events.RETURNED.key: ("ok", "check-circle"),
    events.RESULT_TAKEN.key: ("neutral", "person-check"),
    events.WITHDRAWN.key: ("neutral", "x-circle"),
    events.SUBMITTED.key: ("info", "send"),
    events.TRANSFERRED.key: ("info", "person-check"),
    events.ACCEPTANCE_UNDONE.key: ("soon", "arrow-return-left"),
    events.EXTENSION_ASKED.key: ("soon", "calendar-check"),
    events.EXTENSION_REFUSED.key: ("neutral", "calendar-x"),
    events.APOLOGISED.key: ("soon", "calendar-check"),
    events.PAYMENT_REQUESTED.key: ("soon", "cash-coin"),
    events.SETTLED.key: ("ok", "cash-coin"),
    events.SUB_DOSSIER_ENDED.key: ("info", "diagram-3"),
    events.WRITTEN.key: ("info", "chat-left-text"),
    events.WRITTEN_BACK.key: ("info", "chat-left-text"),
    events.LEFT_UNANSWERED.key: ("neutral", "chat-left-text"),
    events.EXPIRED.key: ("late", "x-circle"),
}
_NAMED_BY_THEIR_ACTION = {events.FORWARDED.key, events.SENT_BACK.key, events.ANSWERED.key}
"""Of these the name of what was chosen says more than that something was passed on."""


@dataclass(frozen=True, slots=True)
class Told:
    """One line of the history. `late` are the visits that ended after their due moment."""

    at: datetime
    what: str
    who: str
    tone: str
    icon: str
    step: str = ""
    notes: list[str] = field(default_factory=list)
    late: list[StepVisit] = field(default_factory=list)


def described(entries: Iterable[EntryView], page: DossierPage, holders: Holders) -> list[Told]:
    """The history, the newest first. One query, for the names of all who acted."""
    entries = list(entries)
    accounts = {entry.account_id for entry in entries if entry.account_id is not None}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "full_name"))
    telling = _Telling(entries, page, names, holders)
    told = [telling.told(list(together)) for _who, together in groupby(entries, _told_together)]
    return told[::-1]


def _told_together(entry: EntryView) -> tuple[object, ...]:
    """Checks of components by one person one after the other are one line."""
    if entry.kind == events.COMPONENT_CHECKED.key:
        return (entry.kind, entry.account_id)
    return (entry.id,)


class _Telling:
    def __init__(
        self, entries: Iterable[EntryView], page: DossierPage, names: Mapping[int, str], holders: Holders
    ) -> None:
        self.page = page
        self.names = names
        self.holders = holders
        self.visits = {visit.pk: visit for visit in page.visits}
        requests = (paper for paper in page.papers if paper.kind == "supplement-request")
        self.requests = iter([str(paper.data.get("reason", "")) for paper in requests])
        self.apologies = iter([paper.data for paper in page.papers if paper.kind == "apology"])
        self.replies = [visit.reply for visit in page.visits if visit.reply]
        self.last_supplement = max((each.id for each in entries if each.kind == events.SUPPLEMENTED.key), default=0)

    def told(self, entries: list[EntryView]) -> Told:
        entry = entries[-1]
        closed, opened = self._visits(entry, "closed"), self._visits(entry, "opened")
        acted = closed[0] if closed else None
        late = [visit for visit in closed if visit.late]
        tone, icon = LOOKS.get(entry.kind, ("neutral", ""))
        what = self._action(acted) if acted and entry.kind in _NAMED_BY_THEIR_ACTION else ""
        return Told(
            at=entry.at,
            what=what or entry.label,
            who=self._who(entry),
            tone="late" if late else tone,
            icon=icon,
            step=self.page.step_of(acted).name if acted and what else "",
            notes=[note for note in self._notes(entries, acted, opened) if note],
            late=late,
        )

    def _visits(self, entry: EntryView, part: str) -> list[StepVisit]:
        return [self.visits[pk] for pk in entry.data.get(part) or [] if pk in self.visits]

    def _action(self, visit: StepVisit) -> str:
        action = self.page.step_of(visit).action(visit.action)
        return action.name if action else ""

    def _notes(self, entries: list[EntryView], acted: StepVisit | None, opened: list[StepVisit]) -> Iterator[str]:
        entry = entries[-1]
        match entry.kind:
            case events.ASSIGNED.key:
                yield from (_("To: %(person)s") % {"person": self._person(visit)} for visit in opened)
            case events.CONSULTED.key:
                for visit in opened:
                    yield _("Asked: %(agency)s") % {"agency": self.page.agency_of(visit).name}
                    yield visit.request
            case events.SUPPLEMENT_REQUESTED.key:
                yield next(self.requests, "")
            case events.SUPPLEMENTED.key if entry.id == self.last_supplement:
                yield from self.replies[-1:]
            case events.COMPONENT_CHECKED.key:
                yield "\n".join(self._checks(entries))
            case events.SIGNED.key | events.ISSUED.key:
                yield self._paper(entry)
            case events.TRANSFERRED.key:
                yield _("To: %(person)s") % {"person": self._holder(entry.data.get("to"))}
                yield str(entry.data.get("reason", ""))
            case events.EXTENSION_ASKED.key:
                yield _new_date(entry.data.get("new_due"))
            case events.APOLOGISED.key:
                apology: Mapping[str, object] = next(self.apologies, {})
                yield _new_date(apology.get("new_due"))
                yield str(apology.get("reason", ""))
            case events.RESULT_TAKEN.key:
                yield self._taker()
            case events.PAYMENT_REQUESTED.key:
                yield next((visit.request for visit in self.page.visits if visit.waiting), "")
        if acted:
            yield acted.note

    def _person(self, visit: StepVisit) -> str:
        """Who did the visit; while it is open, who holds its post."""
        if visit.done_by:
            return visit.done_by.full_name
        names = [name for _account, name in self.holders.get(visit.post_id or 0, [])]
        return ", ".join(names) or (visit.post.title if visit.post else "")

    def _taker(self) -> str:
        """Who took the result at the counter. One query, for a dossier whose result was taken there."""
        taker = Taker.objects.filter(dossier=self.page.dossier).first()
        if taker is None:
            return ""
        return ", ".join(filter(None, (taker.name, taker.person_id, taker.mandate)))

    def _holder(self, post_id: object) -> str:
        post = tree().posts.get(post_id) if isinstance(post_id, int) else None
        names = [name for _account, name in self.holders.get(post.id, [])] if post else []
        return ", ".join(names) or (post.title if post else "")

    def _checks(self, entries: list[EntryView]) -> Iterator[str]:
        files = {component.pk: component.name for component in self.page.components}
        last = {entry.data.get("id"): str(entry.data.get("result")) for entry in entries}
        for component, result in last.items():
            if component in files:
                yield f"{files[component]}: {check_name(result)}"

    def _paper(self, entry: EntryView) -> str:
        paper = next((paper for paper in self.page.papers if paper.pk == entry.data.get("paper")), None)
        if paper is None:
            return ""
        if not paper.number:
            return paper.name
        return _("%(paper)s, number %(number)s") % {"paper": paper.name, "number": paper.number}

    def _who(self, entry: EntryView) -> str:
        name = self.names.get(entry.account_id or 0, "")
        post = tree().posts.get(entry.post_id or 0)
        if post is None:
            return name
        title = post_acted_in(post.title, standing_in=entry.stood_in)
        return f"{name}, {title}, {tree()[post.organisation_id].name}"


def _new_date(written: object) -> str:
    if not isinstance(written, str):
        return ""
    return _("New date: %(moment)s") % {"moment": moment(datetime.fromisoformat(written))}


def check_name(result: str) -> str:
    """What a check says, in a sentence."""
    return {
        Component.Check.GOOD.value: pgettext("component", "good"),
        Component.Check.WRONG.value: pgettext("component", "wrong"),
    }.get(result, pgettext("component", "not checked"))
