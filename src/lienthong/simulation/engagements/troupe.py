"""The offices of People's Committees that keep the calendar of their leaders, as a troupe. One part of the day."""

from collections.abc import Sequence
from functools import cached_property

from lienthong.foundation.organisations.queries import tree
from lienthong.simulation.actors import Day, Figures, Part
from lienthong.simulation.documents.company import Company
from lienthong.simulation.documents.offices import Office, committees
from lienthong.simulation.documents.troupe import OfficeTroupe
from lienthong.simulation.engagements.keeping import Keeping
from lienthong.simulation.engagements.plan import Calendar


class CalendarKeepers(OfficeTroupe):
    key = "engagements"

    def parts(self) -> Sequence[Part]:
        return [Part("engagements")] if self.calendars else []

    def play(self, day: Day) -> Figures:
        if day.opening is None:
            return {}
        company = Company.of(self.scenario, self.schedule, day, self.offices)
        for office, calendar in self.calendars:
            Keeping(company, office, calendar).plan()
        day.run()
        return {"engagements": dict(sorted(company.done.items()))}

    @cached_property
    def calendars(self) -> list[tuple[Office, Calendar]]:
        return [(office, _calendar(office)) for office in committees(self.offices)]


def _calendar(office: Office) -> Calendar:
    agency = office.agency
    leaders = tuple(f"{tree()[post.organisation_id].key}/{post.key}" for post in office.leaders)
    return Calendar(agency.key, agency.short_name, agency.parent_id is None, leaders)
