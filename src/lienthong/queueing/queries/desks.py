"""What is going on at the desks: for the clerk behind one, and for the screen in front of all."""

from dataclasses import dataclass
from datetime import datetime

from lienthong.foundation import clock
from lienthong.identity.actors import Officer
from lienthong.queueing.models import Call, Seat, Ticket
from lienthong.queueing.queries.places import Shop, ground_name, shop_of
from lienthong.queueing.queries.waiting import in_line

ON_SCREEN = 6
"""Calls on the screen: as many as can be read from the back of the room."""

FRESH_SECONDS = 20
"""So long the screen marks a call as new."""

MOST_ABSENT = 20


@dataclass(frozen=True, slots=True)
class Serving:
    """The number at a desk. `since` is when the person came; None while only called."""

    ticket_id: int
    code: str
    group: str
    desk: int
    since: datetime | None


def being_served(*, organisation_id: int, desk: int) -> Serving | None:
    """The number that a desk has called or serves just now; None when it is free. One query."""
    return _serving(_open_call(organisation_id, desk))


def being_served_by(officer: Officer) -> Serving | None:
    """The same for the desk where an officer sits today; None for who sits at none. Two queries."""
    seat = seat_of(officer)
    return being_served(organisation_id=seat.organisation_id, desk=seat.desk) if seat else None


def _serving(call: Call | None) -> Serving | None:
    if call is None:
        return None
    name = shop_of(call.organisation_id).group_name(call.group)
    return Serving(call.ticket_id, call.code, name, call.desk, call.started_at)


def _open_call(organisation_id: int, desk: int) -> Call | None:
    return Call.objects.filter(
        organisation_id=organisation_id, day=clock.today(), desk=desk, ended_at__isnull=True
    ).first()


def seat_of(officer: Officer) -> Seat | None:
    """Where the officer sits today. One query."""
    return Seat.objects.filter(account_id=officer.account_id, day=clock.today()).first()


@dataclass(frozen=True, slots=True)
class Panel:
    """A clerk's view: the own desk, the number at it, who waits for it, who did not come."""

    shop: Shop
    seat: Seat
    call: Call | None
    ticket: Ticket | None
    queue: list[Ticket]
    absent: list[Ticket]

    @property
    def letters(self) -> tuple[str, ...]:
        desk = self.shop.body.by_number.get(self.seat.desk)
        return desk.groups if desk else ()

    @property
    def group(self) -> str:
        """What the one at the desk comes for."""
        return self.shop.group_name(self.call.group) if self.call else ""

    @property
    def for_this_desk(self) -> list[Ticket]:
        """Those that this desk calls, as long as its colleagues call nobody: whom they send to it first."""
        mine = [each for each in self.queue if each.desk == self.seat.desk]
        return mine + [each for each in self.queue if each.desk is None and each.group in self.letters]

    @property
    def ground(self) -> str:
        """Why the one at the desk goes first; empty for who does not."""
        return ground_name(self.ticket.priority) if self.ticket and self.ticket.priority else ""


def panel(shop: Shop, seat: Seat) -> Panel:
    """Four queries, however many wait."""
    call = _open_call(shop.node.id, seat.desk)
    ticket = Ticket.objects.filter(pk=call.ticket_id, day=call.day).first() if call else None
    absent = Ticket.objects.filter(organisation_id=shop.node.id, day=clock.today(), state=Ticket.State.ABSENT)
    return Panel(
        shop, seat, call, ticket, in_line(shop.node.id), list(absent.order_by("-ended_at", "-pk")[:MOST_ABSENT])
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """A call on the screen."""

    id: int
    code: str
    desk: int
    times: int
    fresh: bool


def screen(shop: Shop) -> list[Shown]:
    """The numbers that are at a desk now, the last called first. One query."""
    now = clock.now()
    calls = Call.objects.filter(organisation_id=shop.node.id, day=now.date(), ended_at__isnull=True)
    return [
        Shown(
            call.pk,
            call.code,
            call.desk,
            call.times,
            call.started_at is None and (now - call.last_called_at).total_seconds() < FRESH_SECONDS,
        )
        for call in calls.order_by("-last_called_at", "-pk")[:ON_SCREEN]
    ]
