"""Agencies with their clerks, leaders, heads of units and officers as a troupe. One part of the day: they write to each
other."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial

from lienthong.documents.models import Arrival, Draft, Task
from lienthong.documents.rules.journey import Status
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.organisations.queries import province
from lienthong.simulation.actors import Day, Figures, Part, Tell, Troupe
from lienthong.simulation.chance import dice
from lienthong.simulation.documents import letters, offices
from lienthong.simulation.documents.company import Company
from lienthong.simulation.documents.desks import Desks
from lienthong.simulation.documents.drafting import UNDER_WAY, Drafting
from lienthong.simulation.documents.letters import Letter
from lienthong.simulation.documents.offices import Office
from lienthong.simulation.documents.post_room import PostRoom
from lienthong.simulation.dossiers import staff
from lienthong.simulation.registers.schedule import Schedule

WORKING_HOURS = timedelta(hours=7)


def _written(begin: Callable[[Letter], None], letter: Letter, _now: datetime) -> None:
    begin(letter)


class OfficeTroupe(Troupe):
    """People of the agencies that write to each other; posts that nobody holds get somebody."""

    def prepare(self, tell: Tell) -> None:
        staff.fill_posts(offices.stage(self.offices), self.scenario.seed, self.scenario.start, tell)

    # the world, read once in every process

    @cached_property
    def offices(self) -> list[Office]:
        return offices.offices(self.scenario)

    @cached_property
    def schedule(self) -> Schedule:
        return Schedule(self.scenario, calendar_of(province().calendar))


class Offices(OfficeTroupe):
    key = "documents"

    def parts(self) -> Sequence[Part]:
        return [Part("documents")] if self.offices else []

    def play(self, day: Day) -> Figures:
        """What came before is gone on with; what comes today comes at its moment."""
        if day.opening is None:
            return {}
        company = Company.of(self.scenario, self.schedule, day, self.offices)
        room, desks, drafting = PostRoom(company), Desks(company), Drafting(company)
        by_agency = [office.agency.id for office in self.offices]
        waiting = Arrival.objects.filter(status=Status.ARRIVED, organisation_id__in=by_agency).order_by("id")
        for arrival in waiting.select_related("document"):
            room.plan_taking_in(arrival)
        open_tasks = Task.objects.filter(done_at=None, arrival__organisation_id__in=by_agency)
        under_way = Arrival.objects.filter(pk__in=open_tasks.values("arrival_id"))
        for arrival in under_way.order_by("organisation__key", "year", "book", "number"):
            desks.plan(arrival)
        drafts = Draft.objects.filter(state__in=UNDER_WAY, organisation_id__in=by_agency)
        for draft in drafts.order_by("opened_at", "abstract"):
            drafting.plan(draft)
        for number in letters.numbers_on(self.scenario, day.date, self.schedule.days):
            letter = letters.letter(self.scenario, number, day.date)
            moment = day.opening + WORKING_HOURS * dice(self.scenario.seed, "comes", number).random()
            begin = room.comes if letter.is_outside else drafting.begin
            day.at(moment.replace(microsecond=0), f"letter {number}", partial(_written, begin, letter))
        day.run()
        return {"documents": dict(sorted(company.done.items()))}
