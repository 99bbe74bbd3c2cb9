"""What the clerk does with what another agency of the province sent: takes it in, sends it back, lets go of what its
sender recalled (NĐ 30/2020 art. 18, 21, 22)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events
from lienthong.documents.models import Arrival, Issue
from lienthong.documents.rules.journey import Status
from lienthong.documents.services import carrying
from lienthong.documents.services.issuing import went_back
from lienthong.documents.services.registering import NotComplete, NotTheClerk, entered
from lienthong.foundation import clock, rows
from lienthong.foundation.errors import Conflict
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import HeldPost, Officer
from lienthong.work import services as work


class NotWaiting(Conflict):
    """It is not waiting to be taken in any more."""

    code = "documents.not_waiting"


@dataclass(frozen=True, slots=True)
class TakingIn:
    """With what a document that arrived is registered: `present_to` the post of whom it is shown to first."""

    due_at: datetime | None = None
    remark: str = ""
    present_to: int | None = None
    words: str = ""


@transaction.atomic
def take_in(*, arrival_id: int, officer: Officer, key: UUID, taking: TakingIn) -> Arrival:
    """Enter what arrived in the register under the next number, and present it where said to whom. The same key does
    it once.

    Raises NoSuchDocument, NotTheClerk, NotWaiting, NotComplete, NoBook, NotTaken.
    """
    arrival, agency, post = _at_the_clerk(arrival_id, officer)
    if arrival.key == key:
        return arrival
    _must_wait(arrival)
    now = clock.now()
    if taking.due_at and taking.due_at <= now:
        raise NotComplete({"due": _("The time limit lies in the past.")})
    arrival.key, arrival.due_at, arrival.remark = key, taking.due_at, taking.remark.strip()
    entered(arrival, agency, officer, now=now)
    rows.change(
        arrival,
        "key",
        "due_at",
        "remark",
        "status",
        "book",
        "year",
        "number",
        "registered_at",
        "registered_by",
    )
    _done(arrival, officer, "registered", now)
    carrying.put_registered_on_record(arrival, officer)
    if taking.present_to:
        carrying.open_first(arrival, agency, post, officer, to=taking.present_to, words=taking.words, key=key, now=now)
    return arrival


@transaction.atomic
def send_back(*, arrival_id: int, officer: Officer, reason: str) -> Arrival:
    """Refuse what is not for the agency, or not sound; its sender is told (NĐ 30/2020 art. 21).

    Raises NoSuchDocument, NotTheClerk, NotWaiting, NotComplete.
    """
    arrival, _agency, _post = _at_the_clerk(arrival_id, officer)
    _must_wait(arrival)
    if not reason.strip():
        raise NotComplete({"reason": _("Say why: the sender reads it.")})
    now = clock.now()
    arrival.status, arrival.refusal = Status.REFUSED, reason.strip()[:500]
    rows.change(arrival, "status", "refusal")
    _done(arrival, officer, "refused", now)
    carrying.record(events.REFUSED, arrival, officer, {"reason": arrival.refusal})
    issue = Issue.objects.select_related("document").filter(sendings__arrival=arrival).first()
    if issue:
        went_back(issue, arrival, now=now)
    return arrival


@transaction.atomic
def confirm_recall(*, arrival_id: int, officer: Officer) -> Arrival:
    """Say that what its sender recalled is not used any more here. Confirmed again it stays as it is.

    Raises NoSuchDocument, NotTheClerk, NotWaiting.
    """
    arrival, _agency, _post = _at_the_clerk(arrival_id, officer)
    if arrival.status != Status.RECALLED:
        raise NotWaiting(_("Its sender has not recalled this document."))
    if arrival.recall_confirmed_at is None:
        now = arrival.recall_confirmed_at = clock.now()
        rows.change(arrival, "recall_confirmed_at")
        _done(arrival, officer, "confirmed", now)
        carrying.record(events.RECALL_CONFIRMED, arrival, officer, {})
    return arrival


def _at_the_clerk(arrival_id: int, officer: Officer) -> tuple[Arrival, Node, HeldPost]:
    """Locked. Who is no clerk of the agency learns only that, and that only of what they may see."""
    handled = carrying.lock(arrival_id)
    agency = handled.agency
    post = carrying.clerk_with(handled, officer)
    if post is None:
        if not any(carrying.holds(officer, task) for task in handled.tasks.values()):
            raise carrying.no_such_document()
        raise NotTheClerk(_("You do not register documents of this agency."))
    return handled.arrival, agency, post


def _must_wait(arrival: Arrival) -> None:
    if arrival.number:
        raise NotWaiting(_("It is registered already, under the number %(number)s."), number=arrival.number)
    if arrival.status == Status.REFUSED:
        raise NotWaiting(_("It was sent back already."))
    if arrival.status == Status.RECALLED:
        raise NotWaiting(_("Its sender has recalled this document."))


def _done(arrival: Arrival, officer: Officer, outcome: str, now: datetime) -> None:
    work.close_items(
        subject=(carrying.DOCUMENT, arrival.pk),
        parts=[carrying.AT_THE_CLERK],
        at=now,
        account_id=officer.account_id,
        outcome=outcome,
    )
