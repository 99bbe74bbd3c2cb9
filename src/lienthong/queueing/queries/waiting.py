"""Those who wait: in which order, how many are before one, how long it will take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.queueing import rules
from lienthong.queueing.models import Call, Seat, Ticket
from lienthong.queueing.queries.places import Shop, ground_name, shop_of

KEPT_DAYS = 7
"""So long the page of a number is shown; afterwards its address is not there."""

LAST_TIMES = 50
"""So many of the last service times are looked at: a queue quickens and slows with the day."""


class NoSuchTicket(NotFound):
    code = "queueing.no_such_ticket"


def no_such_ticket() -> NoSuchTicket:
    return NoSuchTicket(_("There is no such number any more."))


@dataclass(frozen=True, slots=True)
class Ahead:
    """How many are before somebody, and in how many minutes the turn comes (rounded up); None where nobody knows."""

    people: int
    minutes: int | None


@dataclass(frozen=True)
class Room:
    """A waiting room at a moment: who waits in which order, which desks are open, how long people take."""

    shop: Shop
    queue: list[Ticket]
    desks: list[rules.OpenDesk]
    minutes: dict[str, float]

    def ahead_of(self, ticket: Ticket) -> Ahead:
        waiting = [each.as_waiting for each in self.queue]
        wait = rules.expected_wait(ticket.pk, waiting, self.desks, self.minutes)
        return Ahead(rules.people_before(ticket.pk, waiting), None if wait is None else rules.rounded_up(wait))

    def count(self, letter: str) -> int:
        return sum(ticket.group == letter for ticket in self.queue)

    def wait_in(self, letter: str, now: datetime) -> int | None:
        """Minutes that somebody would wait who took a number of that group now."""
        new = rules.Waiting(0, letter, False, now)
        wait = rules.expected_wait(0, [*(each.as_waiting for each in self.queue), new], self.desks, self.minutes)
        return None if wait is None else rules.rounded_up(wait)


def in_line(organisation_id: int) -> list[Ticket]:
    """Those who wait today, in the order of their turn. One query."""
    waiting = Ticket.objects.filter(
        organisation_id=organisation_id, day=clock.today(), state=Ticket.State.WAITING
    ).order_by("taken_at", "pk")
    return sorted(waiting, key=lambda ticket: ticket.as_waiting.rank)


def room(shop: Shop) -> Room:
    """Four queries, however many wait."""
    now, today, here = clock.now(), clock.today(), shop.node.id
    minutes = rules.usual_minutes(
        {group.letter: group.minutes for group in shop.body.groups}, _times(_last_served(here))
    )
    busy = {
        call.desk: rules.free_in(minutes.get(call.group, 0), now - (call.started_at or call.called_at))
        for call in Call.objects.filter(organisation_id=here, day=today, ended_at__isnull=True)
    }
    staffed = Seat.objects.filter(organisation_id=here, day=today).order_by("desk").values_list("desk", flat=True)
    desks = [
        rules.OpenDesk(number, frozenset(shop.body.by_number[number].groups), busy.get(number, timedelta()))
        for number in staffed
        if number in shop.body.by_number
    ]
    queue = [ticket for ticket in in_line(here) if ticket.group in minutes]
    return Room(shop, queue, desks, minutes)


def _last_served(organisation_id: int) -> Iterable[Call]:
    served = Call.objects.filter(
        organisation_id=organisation_id, day=clock.today(), outcome=Call.Outcome.DONE, started_at__isnull=False
    )
    return served.order_by("-ended_at")[:LAST_TIMES]


def _times(served: Iterable[Call]) -> dict[str, list[timedelta]]:
    times: dict[str, list[timedelta]] = {}
    for call in served:
        if call.started_at and call.ended_at:
            times.setdefault(call.group, []).append(call.ended_at - call.started_at)
    return times


@dataclass(frozen=True, slots=True)
class Own:
    """Somebody's own number: where it stands, and the desk it is called to."""

    shop: Shop
    ticket: Ticket
    ahead: Ahead | None = None
    desk: int | None = None

    @property
    def group(self) -> str:
        return self.shop.group_name(self.ticket.group)

    @property
    def ground(self) -> str:
        """Why it goes first; empty for an ordinary one."""
        return ground_name(self.ticket.priority) if self.ticket.priority else ""


def own(secret: str) -> Own:
    """What its holder may see of a number. Raises NoSuchTicket. Five queries at most."""
    ticket = ticket_of(secret)
    shop = shop_of(ticket.organisation_id)
    if ticket.state == Ticket.State.WAITING and ticket.day == clock.today():
        there = room(shop)
        if any(each.pk == ticket.pk for each in there.queue):
            return Own(shop, ticket, ahead=there.ahead_of(ticket))
    if ticket.state in (Ticket.State.CALLED, Ticket.State.SERVING):
        call = Call.objects.filter(day=ticket.day, ticket_id=ticket.pk, ended_at__isnull=True).first()
        return Own(shop, ticket, desk=call.desk if call else None)
    return Own(shop, ticket)


def ticket_of(secret: str) -> Ticket:
    """Raises NoSuchTicket."""
    recent = clock.today() - timedelta(days=KEPT_DAYS)
    ticket = Ticket.objects.filter(secret=secret, day__gte=recent).first()
    if ticket is None:
        raise no_such_ticket()
    return ticket
