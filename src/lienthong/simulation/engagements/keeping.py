"""Heads of units register, the office approves, publishes, and changes what does not come as it was to be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import holders_of
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.services import absences
from lienthong.meetings import rules, services
from lienthong.meetings.models import Engagement, Week
from lienthong.meetings.rules import State
from lienthong.meetings.services import NewEngagement
from lienthong.simulation.chance import dice
from lienthong.simulation.documents.company import Company
from lienthong.simulation.documents.offices import Office, Unit
from lienthong.simulation.engagements import plan
from lienthong.simulation.engagements.plan import PUBLISHED_BEFORE, TRIP, Calendar, Fate, Meant

AHEAD = (timedelta(), rules.WEEK, 2 * rules.WEEK)
REGISTERED_WITHIN, APPROVED_AFTER = timedelta(hours=4), timedelta(hours=5)
PUBLISHED_AFTER, CHANGED_AFTER = timedelta(hours=6), timedelta(hours=3)
"""After the opening of a day."""


T = TypeVar("T")


class Keeping:
    """The calendar of one agency, on one day."""

    def __init__(self, company: Company, office: Office, calendar: Calendar) -> None:
        self.company, self.office, self.calendar = company, office, calendar
        self.today, self.done = company.day.date, company.done
        self.keeper = company.people.in_post(office.clerk)

    def plan(self) -> None:
        """What is to be done today; nothing of the office's where nobody of it is there."""
        monday = rules.monday_of(self.today)
        meant = [each for ahead in AHEAD for each in plan.week(self.company.scenario, self.calendar, monday + ahead)]
        known = {self._key(each): each for each in meant}
        rows = {row.key: row for row in Engagement.objects.filter(key__in=known)}
        for each in meant:
            if each.registered <= self.today and self._key(each) not in rows:
                self._at(REGISTERED_WITHIN * self._chance("registers", each), each.name, self._register, each)
        if self.keeper is None:
            return
        for key, row in sorted(rows.items(), key=lambda pair: known[pair[0]].name):
            self._look_at(known[key], row)
        for first in (monday + ahead for ahead in AHEAD):
            if first - PUBLISHED_BEFORE <= self.today:
                self._publish(first)

    def _look_at(self, meant: Meant, row: Engagement) -> None:
        first = rules.monday_of(meant.when.first_day)
        if row.state == State.PROPOSED and first - PUBLISHED_BEFORE <= self.today:
            self._at(APPROVED_AFTER, meant.name, self._approve, meant)
        is_near = self.today < meant.when.first_day <= self.today + timedelta(days=3)
        if meant.fate is not Fate.HELD and is_near and row.state == State.APPROVED and not row.mark:
            self._at(CHANGED_AFTER, meant.name, self._change, meant)

    def _publish(self, monday: date) -> None:
        if not Week.objects.filter(
            organisation_id=self.office.agency.id, monday=monday, published_at__isnull=False
        ).exists():
            self._at(PUBLISHED_AFTER, f"{monday} published", self._make_known, monday)

    # at its moment

    def _register(self, meant: Meant) -> None:
        """The unit on its day; the office what is its own, and what the unit missed."""
        unit = self._unit(meant)
        head = self.company.people.in_post(unit.head) if unit else None
        officer = head if head and meant.registered == self.today else self.keeper
        if officer is None:
            return
        node = unit.node if unit else None
        services.register(
            agency_id=self.office.agency.id, new=self._new(meant, node), officer=officer, key=self._key(meant)
        )
        self.done["registered"] += 1

    def _new(self, meant: Meant, unit: Node | None) -> NewEngagement:
        return NewEngagement(
            when=meant.when,
            content=meant.content,
            unit_id=unit.id if unit else self.office.clerk.organisation_id,
            leaders=tuple(self.office.leaders[place].id for place in meant.leaders),
            place=meant.place,
            others=meant.others,
            remark=meant.remark,
            access=meant.access,
            organisations=(unit.id,) if unit else (),
        )

    def _unit(self, meant: Meant) -> Unit | None:
        return next((each for each in self.office.units if meant.unit and meant.unit in each.node.key), None)

    def _approve(self, meant: Meant) -> None:
        services.approve(engagement_id=self._row(meant).pk, officer=self._keeper)
        self.done["approved"] += 1

    def _change(self, meant: Meant) -> None:
        row, words = self._row(meant), plan.data()["words"]
        if row.published_at is None:
            return
        if meant.fate is Fate.ADJUSTED:
            unit = self._unit(meant)
            new = replace(self._new(meant, unit.node if unit else None), when=_half_an_hour_later(meant.when))
            services.change(engagement_id=row.pk, new=new, officer=self._keeper, sequence=row.sequence)
        else:
            state = State.POSTPONED if meant.fate is Fate.POSTPONED else State.CANCELLED
            services.end(engagement_id=row.pk, officer=self._keeper, state=state, reason=words[state.value])
        self.done[meant.fate.value] += 1

    def _make_known(self, monday: date) -> None:
        services.publish(agency_id=self.office.agency.id, day=monday, officer=self._keeper)
        self.done["weeks published"] += 1
        gone = plan.trip(self.company.scenario, self.calendar, monday)
        if gone is not None and monday + TRIP[0] >= self.today:
            self._enter_absence(gone, monday)

    def _enter_absence(self, gone: int, monday: date) -> None:
        """Whoever is away on business has another leader who stands in."""
        away, stays = self.office.leaders[gone], self.office.leaders[1 - gone]
        holders = holders_of([away.id, stays.id], self.today)
        if not holders.get(away.id) or not holders.get(stays.id):
            return
        first, last = monday + TRIP[0], monday + TRIP[1]
        if Absence.objects.filter(post_id=away.id, valid_from__lte=last, valid_to__gte=first).exists():
            return
        absences.enter_absence(
            officer=self._keeper,
            post_id=away.id,
            account_id=holders[away.id][0][0],
            substitute_id=holders[stays.id][0][0],
            first_day=first,
            last_day=last,
            reason=plan.data()["words"]["away"],
        )
        self.done["absences entered"] += 1

    # what all do

    @property
    def _keeper(self) -> Officer:
        assert self.keeper
        return self.keeper

    def _row(self, meant: Meant) -> Engagement:
        return Engagement.objects.get(key=self._key(meant))

    def _at(self, after: timedelta, what: str, do: Callable[[T], None], about: T) -> None:
        def act(_now: datetime) -> None:
            try:
                do(about)
            except DomainError as refused:
                self.done[refused.code] += 1

        self.company.day.at(self._moment(after), f"{self.calendar.agency} {what}", act)

    def _moment(self, after: timedelta) -> datetime:
        opening = self.company.day.opening or clock.now()
        return (opening + after).replace(microsecond=0)

    def _chance(self, what: str, meant: Meant) -> float:
        return dice(self.company.scenario.seed, what, self.calendar.agency, meant.name).random()

    def _key(self, meant: Meant) -> UUID:
        return self.company.key("engagement", self.calendar.agency, meant.name)


def _half_an_hour_later(when: rules.When) -> rules.When:
    def later(hour: time | None) -> time | None:
        return time(hour.hour, 30) if hour else None

    return rules.when(when.first_day, begins=later(when.begins), ends=later(when.ends))
