"""Runs a scenario day by day, from where it stopped the last time.

Every part of a day is one transaction that also puts on record that it passed. A run that is killed therefore has done
each part wholly or not at all, and the next one begins with the first that is missing. The parts of a day run beside
each other in processes of their own; each has the same outcome in whichever process it runs.
"""

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import perf_counter

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, partitions
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.calendars.rules import Calendar
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger import queries as ledger_queries
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.organisations.queries import province
from lienthong.simulation import actors, events, stage, troupes  # noqa: F401 - makes the troupes known
from lienthong.simulation.actors import Day, Part, Tell, Troupe
from lienthong.simulation.figures import FiguresFile
from lienthong.simulation.scenario import Scenario

SUBJECT = "simulation"
CUT_BY_YEAR = ("cases_stepvisit", "work_workitem", "ledger_entry")
_MOST_PARTS = 10**6

Passed = tuple[str, str, str]
"""A part that is over: day, troupe, name of the part."""


@dataclass(frozen=True)
class Production:
    """A scenario with its troupes: what each process holds of it."""

    scenario: Scenario
    folder: Path

    @cached_property
    def troupes(self) -> dict[str, Troupe]:
        return {troupe.key: troupe for troupe in actors.troupes(self.scenario)}

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_of(province().calendar)

    @cached_property
    def figures(self) -> FiguresFile:
        return FiguresFile(self.folder)

    def parts(self) -> list[tuple[str, Part]]:
        return [(key, part) for key, troupe in self.troupes.items() for part in troupe.parts()]

    def passed(self, on: date | None = None) -> set[Passed]:
        """What the ledger says is over, on one day or on all."""
        page = ledger_queries.search(
            subject=(SUBJECT, self.scenario.number), first_day=on, last_day=on, size=_MOST_PARTS
        )
        return {(e.data["day"], e.data["troupe"], e.data["part"]) for e in page.entries}

    def play(self, day: date, troupe: str, part: Part) -> None:
        """Let a part of a day happen, wholly or not at all, and once, though a killed run may still be at it."""
        with transaction.atomic():
            self._wait_for_others(troupe, part)
            if (day.isoformat(), troupe, part.name) in self.passed(on=day):
                return
            figures = self.troupes[troupe].play(Day(day, part, self.calendar, self.scenario.until))
            self.figures.add(day, troupe, part.name, figures)
            with clock.at(self.scenario.evening(day)):
                ledger.record(
                    events.DAY_PASSED,
                    subject=(SUBJECT, self.scenario.number),
                    actor=None,
                    organisation_id=None,
                    data={"day": day.isoformat(), "troupe": troupe, "part": part.name},
                )

    def _wait_for_others(self, troupe: str, part: Part) -> None:
        """Until the end of the transaction nobody else plays this part of the scenario."""
        with connection.cursor() as cursor:
            name = f"{SUBJECT} {self.scenario.number} {troupe} {part.name}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def run(
    scenario: Scenario,
    folder: Path,
    *,
    processes: int = 1,
    tell: Tell = lambda done, total, what: None,
    after_day: Callable[[datetime], None] = lambda moment: None,
) -> float:
    """Simulate what is missing of a scenario. `folder` keeps the figures of its days. Returns the seconds that the
    days took, those of an earlier run that was stopped too.

    `after_day` is called when all parts of a day are over, with the evening's moment; the clock stands there.
    Raises NotAllowed outside a demonstration: what is simulated would stand among what really happened.
    """
    if not settings.DEMO:
        raise NotAllowed(_("Only a demonstration can be simulated: invented dossiers may not stand among real ones."))
    folder.mkdir(parents=True, exist_ok=True)
    production = Production(scenario, folder)
    _prepare(production, tell)
    passed = production.passed()
    if not passed:
        production.figures.begin_anew()
    with _stage_hands(production, processes) as play:
        for number, day in enumerate(scenario.calendar_days()):
            todo = [(key, part) for key, part in production.parts() if (day.isoformat(), key, part.name) not in passed]
            if todo:
                began = perf_counter()
                play(day, [one for one in todo if not one[1].alone])
                for one in todo:
                    if one[1].alone:
                        play(day, [one])
                evening = scenario.evening(day)
                with clock.at(evening):
                    after_day(evening)
                production.figures.add(day, "", "", {"seconds": perf_counter() - began})
            tell(number + 1, scenario.days, f"{day:%d/%m/%Y}")
    return float(sum(part.figures.get("seconds", 0.0) for part in production.figures.read()))


def _prepare(production: Production, tell: Tell) -> None:
    scenario = production.scenario
    last_year = (scenario.end + timedelta(days=400)).year
    for table in CUT_BY_YEAR:
        partitions.ensure_years(table, since=scenario.start.year, through=last_year)
    with clock.at(clock.day_start(scenario.start)):
        for troupe in production.troupes.values():
            troupe.prepare(tell)


Play = Callable[[date, Iterable[tuple[str, Part]]], None]


@contextmanager
def _stage_hands(production: Production, processes: int) -> Iterator[Play]:
    """Who plays the parts of a day that run beside each other: this process, or several."""
    if processes < 2:

        def play_here(day: date, parts: Iterable[tuple[str, Part]]) -> None:
            for troupe, part in parts:
                production.play(day, troupe, part)

        yield play_here
        return
    anew = multiprocessing.get_context("spawn")
    wanted = (production.scenario, production.folder, connection.settings_dict["NAME"])
    with ProcessPoolExecutor(processes, mp_context=anew, initializer=stage.take, initargs=wanted) as pool:

        def play(day: date, parts: Iterable[tuple[str, Part]]) -> None:
            futures: list[Future[None]] = [pool.submit(stage.play, day, *one) for one in parts]
            for future in as_completed(futures):
                future.result()

        try:
            yield play
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
