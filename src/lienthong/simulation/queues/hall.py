"""A day in the hall of one one-stop shop: people take numbers, clerks call them, by the services that pages call."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid5

from lienthong.foundation import clock
from lienthong.identity.actors import Officer
from lienthong.queueing import services
from lienthong.queueing.definition import Desk
from lienthong.queueing.models import Call, Door, Ticket
from lienthong.queueing.queries.places import Shop
from lienthong.simulation.actors import Day
from lienthong.simulation.queues.visitors import Visitor

NAMESPACE = UUID("51c0e5b7-6a52-4f0e-8d7b-0b0f6c1f9a43")
CALLED_FOR = timedelta(seconds=80)
"""How long a clerk waits for somebody who does not come, before calling again and before giving up."""
AFTER_HOURS = timedelta(minutes=40)
"""How long clerks stay for those who still wait when the shop closes."""


@dataclass(slots=True)
class Clerk:
    officer: Officer
    desk: Desk
    call: Call | None = None


class Hall:
    """`clerks` are those who are at work and sit here today."""

    def __init__(self, day: Day, shop: Shop, clerks: list[Officer], visitors: list[Visitor], scenario: int) -> None:
        self.day, self.shop, self.visitors, self.scenario = day, shop, visitors, scenario
        desks = sorted(shop.body.desks, key=lambda desk: desk.number)
        self.clerks = [Clerk(officer, desk) for officer, desk in zip(clerks, desks, strict=False)]
        self.doors = dict(Door.objects.filter(organisation_id=shop.node.id).values_list("purpose", "key"))
        self.waiting: dict[int, tuple[Ticket, Visitor]] = {}
        self.spans = [
            (datetime.combine(day.date, span.opens, clock.ZONE), datetime.combine(day.date, span.closes, clock.ZONE))
            for span in shop.hours(day.date)
        ]
        self.actions: Counter[str] = Counter()
        self.waits: list[int] = []
        self.served: list[int] = []

    def plan(self) -> None:
        if not self.spans or not self.clerks:
            return
        opening = self.spans[0][0]
        for number, clerk in enumerate(self.clerks):
            self.day.at(opening, f"a {number}", partial(self._sit_down, clerk))
        for opens, _closes in self.spans[1:]:
            self.day.at(opens, "b", self._wake)
        for visitor in self.visitors:
            self.day.at(visitor.moment, f"c {visitor.number:04}", partial(self._take, visitor))
        self.day.at(self.spans[-1][1] + AFTER_HOURS, "z", self._close)

    # those who wait

    def _take(self, visitor: Visitor, moment: datetime) -> None:
        purpose = Door.Purpose.POSTER if visitor.phone else Door.Purpose.KIOSK
        try:
            ticket = services.take(
                door=self.doors[purpose],
                purpose=purpose,
                letter=visitor.group.letter,
                priority=visitor.priority,
                request=uuid5(NAMESPACE, f"{self.scenario} {self.shop.key} {self.day.date} {visitor.number}"),
            )
        except services.Full:
            self.actions["turned-away"] += 1
            return
        self.actions["take-number"] += 1
        self.waiting[ticket.pk] = (ticket, visitor)
        self.day.at(moment + visitor.patience, f"y {visitor.number:04}", partial(self._lose_patience, ticket))
        self._wake(moment)

    def _lose_patience(self, ticket: Ticket, moment: datetime) -> None:
        if self.waiting.pop(ticket.pk, None):
            services.give_back(secret=ticket.secret)
            self.actions["give-back"] += 1

    # clerks

    def _sit_down(self, clerk: Clerk, moment: datetime) -> None:
        self._sit_at(clerk, clerk.desk)
        self._next(clerk, moment)

    def _sit_at(self, clerk: Clerk, desk: Desk) -> None:
        services.sit_down(officer=clerk.officer, shop_key=self.shop.key, desk=desk.number, take_over=True)
        clerk.desk = desk

    def _wake(self, moment: datetime) -> None:
        for clerk in self.clerks:
            if clerk.call is None and self.waiting:
                self._next(clerk, moment)

    def _next(self, clerk: Clerk, moment: datetime) -> None:
        """Be done with the one at the desk and call the next, unless it is time for lunch or to go home."""
        finishing, clerk.call = clerk.call, None
        if not self._calls(moment) or (finishing is None and not self._has_somebody(clerk)):
            if finishing:
                services.finish(officer=clerk.officer, call=finishing.pk)
            return
        call = services.call_next(officer=clerk.officer, finishing=finishing.pk if finishing else None)
        if call is None:
            if desk := self._needed_desk():
                self._sit_at(clerk, desk)
                self._next(clerk, moment)
            return
        ticket, visitor = self.waiting.pop(call.ticket_id)
        clerk.call = call
        self.actions["call-number"] += 1
        self.waits.append(int((moment - ticket.taken_at).total_seconds()))
        name = f"d {clerk.desk.number:02}"
        if visitor.comes:
            self.day.at(moment + visitor.walk, name, partial(self._start, clerk, visitor))
        else:
            self.day.at(moment + CALLED_FOR, name, partial(self._call_again, clerk))

    def _calls(self, moment: datetime) -> bool:
        """In the hours, and in the evening for those who wait still."""
        in_hours = any(opens <= moment < closes for opens, closes in self.spans)
        return in_hours or (bool(self.waiting) and moment >= self.spans[-1][1])

    def _has_somebody(self, clerk: Clerk) -> bool:
        """Whether anybody waits whom this desk serves, or whom no desk with somebody behind it does."""
        groups = {visitor.group.letter for _ticket, visitor in self.waiting.values()}
        return bool(groups & set(clerk.desk.groups)) or self._needed_desk() is not None

    def _needed_desk(self) -> Desk | None:
        """A free desk for people whom no desk serves at which somebody sits."""
        groups = {visitor.group.letter for _ticket, visitor in self.waiting.values()}
        lacking = groups - {letter for clerk in self.clerks for letter in clerk.desk.groups}
        taken = {clerk.desk.number for clerk in self.clerks}
        free = [desk for desk in self.shop.body.desks if desk.number not in taken and lacking & set(desk.groups)]
        return min(free, key=lambda desk: desk.number, default=None)

    def _start(self, clerk: Clerk, visitor: Visitor, moment: datetime) -> None:
        assert clerk.call
        services.start(officer=clerk.officer, call=clerk.call.pk)
        self.served.append(int(visitor.minutes * 60))
        self.day.at(
            (moment + timedelta(minutes=visitor.minutes)).replace(microsecond=0),
            f"e {clerk.desk.number:02}",
            partial(self._next, clerk),
        )

    def _call_again(self, clerk: Clerk, moment: datetime) -> None:
        assert clerk.call
        services.call_again(officer=clerk.officer, call=clerk.call.pk)
        self.day.at(moment + CALLED_FOR, f"d {clerk.desk.number:02}", partial(self._give_up, clerk))

    def _give_up(self, clerk: Clerk, moment: datetime) -> None:
        assert clerk.call
        services.mark_absent(officer=clerk.officer, call=clerk.call.pk)
        clerk.call = None
        self.actions["mark-absent"] += 1
        self._next(clerk, moment)

    def _close(self, moment: datetime) -> None:
        services.close_day(organisation_id=self.shop.node.id, day=self.day.date)
        self.actions["close-day"] += 1
        self.actions["not-called"] += len(self.waiting)
        self.waiting.clear()
        for clerk in self.clerks:
            clerk.call = None
            services.leave_desk(officer=clerk.officer)

    def figures(self) -> dict[str, Any]:
        """`waits` and `served` in seconds, one for each person."""
        return {
            "actions": dict(sorted(self.actions.items())),
            "queues": {str(self.shop.node.id): {"waits": self.waits, "served": self.served, **self.actions}},
        }
