"""The agencies that keep the sector databases as a troupe. One part of the day: registers point to each other."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import cached_property, partial

from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.organisations.queries import province
from lienthong.registers.definition import RegisterBody
from lienthong.simulation.actors import Day, Figures, Part, Tell, Troupe
from lienthong.simulation.chance import dice
from lienthong.simulation.registers import founding, keepers
from lienthong.simulation.registers.deciding import Deciding
from lienthong.simulation.registers.keepers import Clerk
from lienthong.simulation.registers.keeping import Keeping
from lienthong.simulation.registers.neighbours import Known
from lienthong.simulation.registers.order import in_order, late_references
from lienthong.simulation.registers.schedule import Later, Schedule

BY_NOON = timedelta(hours=3)
"""New entries are made in the morning, in the order of the registers; what becomes of others is in the afternoon."""
AFTERNOON, UNTIL_EVENING = timedelta(hours=5, minutes=30), timedelta(hours=3)


class Keepers(Troupe):
    key = "registers"

    def prepare(self, tell: Tell) -> None:
        keepers.fill_posts(self.scenario.seed, self.scenario.start, tell)
        for body in self.bodies:
            if founding.file_for(body.key) and self.clerks[body.key]:
                founding.bring_in(body, self.clerks[body.key][0])

    def parts(self) -> Sequence[Part]:
        return [Part("registers")] if self.bodies else []

    def play(self, day: Day) -> Figures:
        if day.opening is None:
            return {}
        done: Counter[str] = Counter()
        known = Known(self.bodies)
        for place, body in enumerate(self.bodies):
            clerks = self.clerks[body.key]
            if clerks:
                self._plan(day, place, Keeping(self.scenario, body, clerks, known, done))
                self._plan_decisions(day, place, Deciding(self.scenario, self.schedule, body, known, done))
        day.run()
        return {"registers": dict(sorted(done.items()))}

    def _plan(self, day: Day, place: int, keeping: Keeping) -> None:
        """What is done in one register."""
        assert day.opening
        schedule, key = self.schedule, keeping.body.key
        made = schedule.made_on(day.date)
        for number in made:  # one after the other: later ones may point to earlier ones
            share = (number - made.start + self._throw("moment", key, number)) / len(made)
            after = BY_NOON * ((place + share) / len(self.bodies))
            self._at(day, day.opening + after, f"{place:04} {number}", partial(keeping.enter, number))
        later: list[tuple[int, Later | None]] = [(number, found) for number, found in schedule.due_on(day.date, key)]
        if late := self.late[key]:
            later += [(number, None) for number in schedule.filled_on(day.date)]
        for number, what in later:
            after = AFTERNOON + UNTIL_EVENING * self._throw("moment", key, number, what.what if what else "fill")
            do = partial(keeping.go_on, number, what) if what else partial(keeping.fill, number, late)
            self._at(day, day.opening + after, f"{place:04} {number}", do)

    def _plan_decisions(self, day: Day, place: int, deciding: Deciding) -> None:
        """What becomes of what was proposed on earlier days."""
        assert day.opening
        for proposal, rng in deciding.due(day.date):
            after = AFTERNOON + UNTIL_EVENING * rng.random()
            self._at(day, day.opening + after, f"{place:04} {proposal.key}", partial(deciding.deal_with, proposal, rng))

    @staticmethod
    def _at(day: Day, moment: datetime, what: str, do: "partial[None]") -> None:
        day.at(moment.replace(microsecond=0), what, lambda now: do())

    def _throw(self, *decision: object) -> float:
        return dice(self.scenario.seed, "register", *decision).random()

    # the world, read once in every process

    @property
    def start(self) -> date:
        return self.scenario.start

    @cached_property
    def bodies(self) -> list[RegisterBody]:
        """In the order in which they are filled."""
        return in_order(keepers.registers(self.start))

    @cached_property
    def late(self) -> Mapping[str, Sequence[str]]:
        """The references of each register to such as come after it."""
        keys = [body.key for body in self.bodies]
        return {body.key: late_references(body, keys[:place]) for place, body in enumerate(self.bodies)}

    @cached_property
    def clerks(self) -> Mapping[str, Sequence[Clerk]]:
        with clock.at(clock.day_start(self.start)):
            return keepers.clerks_of(self.bodies, self.start)

    @cached_property
    def schedule(self) -> Schedule:
        return Schedule(self.scenario, calendar_of(province().calendar))
