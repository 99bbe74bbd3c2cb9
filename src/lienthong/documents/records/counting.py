"""How units keep to the day on which the archive has to have their records (NĐ 30/2020 art. 30), counted for a year."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

from lienthong.documents.models import HandedRecord, Record
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.rules import Stage
from lienthong.foundation import clock
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the records that are due in a year, each in one of five: received, given in time or late; given and not yet
    received; still to come; overdue."""

    in_time: int = 0
    late: int = 0
    under_way: int = 0
    to_come: int = 0
    overdue: int = 0

    @property
    def due(self) -> int:
        return sum(getattr(self, field.name) for field in fields(self))

    @property
    def percent(self) -> int | None:
        """In time, of those whose day has come; None where none has."""
        come = self.in_time + self.late + self.overdue
        return 100 * self.in_time // come if come else None


def together(counts: Iterable[Counts]) -> Counts:
    found = list(counts)
    return Counts(*(sum(getattr(each, field.name) for each in found) for field in fields(Counts)))


def agencies_counted(officer: Officer) -> list[Node]:
    """Those whose archive somebody keeps, and those of which somebody is clerk or head."""
    return [
        agency
        for agency in records_policy.agencies_of(officer)
        if records_policy.archives(officer, agency)
        or records_policy.is_clerk(officer, agency)
        or records_policy.leads(officer, agency)
    ]


def by_unit(agency_id: int, year: int, *, today: date) -> dict[int, Counts]:
    """By the id of the unit that made them. One query."""
    line = HandedRecord.objects.filter(record_id=OuterRef("pk"), counts=True)
    given_on = Subquery(line.annotate(day=TruncDate("hand_over__given_at", tzinfo=clock.ZONE)).values("day")[:1])
    received = Q(given_on__isnull=False) & ~Q(stage=Stage.CLOSED)
    waits = Q(given_on=None, stage=Stage.CLOSED)
    found = (
        Record.objects.filter(organisation_id=agency_id, due_on__gte=date(year, 1, 1), due_on__lte=date(year, 12, 31))
        .annotate(given_on=given_on)
        .values("unit_id")
        .annotate(
            in_time=Count("pk", filter=received & Q(given_on__lte=F("due_on"))),
            late=Count("pk", filter=received & Q(given_on__gt=F("due_on"))),
            under_way=Count("pk", filter=Q(given_on__isnull=False, stage=Stage.CLOSED)),
            to_come=Count("pk", filter=waits & Q(due_on__gte=today)),
            overdue=Count("pk", filter=waits & Q(due_on__lt=today)),
        )
        .order_by("unit_id")
        .values_list("unit_id", *(field.name for field in fields(Counts)))
    )
    return {unit: Counts(*counts) for unit, *counts in found}
