"""What one counter did on one day, and what it leaves for the next: a fixed number of queries for any day."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from django.db.models import Q

from lienthong.cases.models import Dossier, Paper, StepVisit, Taker
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.organisations.queries import province
from lienthong.foundation.organisations.rules import Node
from lienthong.procedures.shapes import StepKind, Verb

MOST = 2000
"""Dossiers of one part of the day; more than any counter settles in one."""

LONGEST_RECEPTION = timedelta(days=90)
"""What lies at reception longer was not of this day."""

SECTIONS = ("received", "refused", "supplement", "returned", "open", "due")


@dataclass(frozen=True, slots=True)
class DayLine:
    """`at` is when it was done, or for what is left when it is due. `who` did it, or took the result away."""

    dossier: Dossier
    at: datetime | None
    who: str = ""


@dataclass(frozen=True, slots=True)
class CounterDay:
    shop: Node
    day: date
    next_day: date
    """The working day after."""
    sections: dict[str, list[DayLine]] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(lines) for name, lines in self.sections.items()}


def counter_day(shop: Node, day: date) -> CounterDay:
    """Five queries."""
    begin, end = clock.day_start(day), clock.day_start(day + timedelta(days=1))
    next_day = calendar_of(province().calendar).next_working_day(day)
    done = list(_done(shop, begin, end))
    takers = dict(Taker.objects.filter(dossier__in=[visit.dossier_id for visit in done]).values_list("dossier", "name"))
    return CounterDay(
        shop,
        day,
        next_day,
        {
            "received": _by_verb(done, Verb.ACCEPT),
            "refused": _by_verb(done, Verb.REFUSE),
            "supplement": _supplements(shop, begin, end),
            "returned": _by_verb(done, Verb.RETURN_RESULT, takers),
            "open": _left_open(shop, end),
            "due": _due(shop, next_day, end),
        },
    )


def _done(shop: Node, begin: datetime, end: datetime) -> Iterable[StepVisit]:
    visits = StepVisit.objects.filter(organisation_id=shop.id, done_at__gte=begin, done_at__lt=end)
    return visits.select_related("dossier", "done_by").order_by("done_at", "id")[:MOST]


def _by_verb(visits: Iterable[StepVisit], verb: Verb, takers: dict[int, str] | None = None) -> list[DayLine]:
    """Each dossier once, as it was done last; an acceptance that was taken back is none."""
    found: dict[int, DayLine] = {}
    for visit in visits:
        dossier = visit.dossier
        action = procedure_of(dossier).process.step(visit.step).action(visit.action)
        if action is None or action.does is not verb or (verb is Verb.ACCEPT and dossier.received_at is None):
            continue
        by = visit.done_by.full_name if visit.done_by else ""
        found[dossier.pk] = DayLine(dossier, visit.done_at, (takers or {}).get(dossier.pk, by))
    return list(found.values())


def _supplements(shop: Node, begin: datetime, end: datetime) -> list[DayLine]:
    asked = Paper.objects.filter(
        kind="supplement-request", organisation_id=shop.id, issued_at__gte=begin, issued_at__lt=end
    ).select_related("dossier", "account")
    return [
        DayLine(paper.dossier, paper.issued_at, paper.account.full_name if paper.account else "")
        for paper in asked.order_by("issued_at", "id")[:MOST]
    ]


def _left_open(shop: Node, end: datetime) -> list[DayLine]:
    """What lay at reception when the day was over."""
    visits = StepVisit.objects.filter(
        Q(done_at=None) | Q(done_at__gte=end, done_at__lt=end + LONGEST_RECEPTION),
        organisation_id=shop.id,
        opened_at__gte=end - LONGEST_RECEPTION,
        opened_at__lt=end,
    ).select_related("dossier")
    return [
        DayLine(visit.dossier, visit.due_at)
        for visit in visits.order_by("due_at", "id")[:MOST]
        if procedure_of(visit.dossier).process.step(visit.step).kind is StepKind.RECEPTION
    ]


def _due(shop: Node, next_day: date, end: datetime) -> list[DayLine]:
    """What was promised for the next working day and not settled when the day was over."""
    promised = Dossier.objects.filter(
        Q(finished_at=None) | Q(finished_at__gte=end),
        reception_id=shop.id,
        due_at__gte=end,
        due_at__lt=clock.day_start(next_day + timedelta(days=1)),
    )
    return [DayLine(dossier, dossier.due_at) for dossier in promised.order_by("due_at", "id")[:MOST]]
