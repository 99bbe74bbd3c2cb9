"""Who applies for what, where and when: by weekday, season and hour. Pure but for the offers it is given.

Arrivals are numbered through the whole run. Each follows from its number alone, so those of any day can be asked for
again, in any process.
"""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate
from random import Random

from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Calendar
from lienthong.simulation.chance import about, dice, one_of, pick
from lienthong.simulation.people import Place
from lienthong.simulation.scenario import Scenario

NAMESPACE = uuid.UUID("8d2c1c80-51d5-4f0c-9a53-0c3f6f0e6c11")

WEEKDAYS = (1.25, 1.1, 1.05, 1.0, 0.9, 0.22, 0.15)
"""How busy the days of a week are; on days off only what comes online."""
MONTHS = (0.85, 0.7, 1.15, 1.1, 1.05, 1.0, 0.95, 1.1, 1.1, 1.0, 1.0, 1.05)
"""How busy the months are: quiet around Tết, busy in spring and before the school year."""
DAY_OFF = 0.2

LEVELS = {"commune": 0.62, "district": 0.3, "province": 0.08}
"""Of which level of administration the dossiers of a province are."""

ONLINE = 0.6
ONLINE_HOURS = {7: 4, 8: 9, 9: 11, 10: 9, 11: 5, 12: 4, 13: 5, 14: 9, 15: 9, 16: 7, 17: 4, 18: 3, 19: 6, 20: 7, 21: 5,
                22: 2}  # fmt: skip
WITHDRAWN = 0.015
LATEST_WITHDRAWAL = 10  # days
ASKS = 0.12
"""Of those who apply from an account: how many ask how far it is."""
LATEST_QUESTION = 9  # days


@dataclass(frozen=True, slots=True)
class Offer:
    """A procedure at one agency that offers it. `weight`: its share of all that is applied for."""

    procedure: str
    competent: str
    group: str
    weight: float
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One application. `withdrawn_after` and `asks_after` say after how many days the applicant thinks better of it,
    and asks how far it is, if ever; `cast` is the user name of one of the cast."""

    serial: int
    moment: datetime
    offer: Offer
    place: Place
    online: bool
    withdrawn_after: int | None
    asks_after: int | None = None
    cast: str = ""

    def key(self, scenario: Scenario) -> uuid.UUID:
        """Makes handing in a second time harmless. Names the dossier's dice too, so it is the same with a change."""
        return uuid.uuid5(NAMESPACE, f"{scenario.unchanged.number}:{self.serial}")


class Arrivals:
    """All applications of a scenario, by day."""

    def __init__(
        self, scenario: Scenario, calendar: Calendar, offers: Sequence[Offer], cast: Sequence[str] = ()
    ) -> None:
        self.scenario, self.calendar, self.offers, self.cast = scenario, calendar, list(offers), list(cast)
        self.weights = list(accumulate(offer.weight for offer in self.offers))
        self._until = self._numbers_until()
        self.on = lru_cache(maxsize=2 * LATEST_WITHDRAWAL)(self._on)

    def _numbers_until(self) -> dict[date, int]:
        """How many have come before each day. The days get what their weights ask for, without a remainder."""
        days = self.scenario.calendar_days()
        weights = [self.weight(day) for day in days]
        total, sum_so_far, until = sum(weights), 0.0, {}
        for day, weight in zip(days, weights, strict=True):
            until[day] = round(self.scenario.dossiers * sum_so_far / total)
            sum_so_far += weight
        until[self.scenario.end] = self.scenario.dossiers
        return until

    def weight(self, day: date) -> float:
        passed = (day - self.scenario.start).days / self.scenario.days
        rush = float(self.scenario.rush**passed)
        weight = WEEKDAYS[day.weekday()] * MONTHS[day.month - 1] * rush
        if self.calendar.is_working_day(day):
            return max(weight, 0.6 * rush)
        return min(weight, DAY_OFF)

    def _on(self, day: date) -> tuple[Arrival, ...]:
        """Those of a day; none before the run and after it."""
        if not self.offers or not self.scenario.start <= day < self.scenario.end:
            return ()
        serials = range(self._until[day], self._until[day + timedelta(days=1)])
        return tuple(self._arrival(serial, day) for serial in serials)

    def _arrival(self, serial: int, day: date) -> Arrival:
        rng = dice(self.scenario.seed, "arrival", serial)
        offer = rng.choices(self.offers, cum_weights=self.weights)[0]
        spans = self.calendar.day(day).hours
        online = not spans or rng.random() < ONLINE
        cast, turn = self._of_cast(serial)
        if cast:
            offer, online = self._offer_for(cast, turn), True
        if online:
            moment = datetime.combine(day, time(one_of(rng, ONLINE_HOURS), *_minute(rng)), clock.ZONE)
        else:
            span = pick(rng, spans)
            opens = datetime.combine(day, span.opens, clock.ZONE)
            length = datetime.combine(day, span.closes, clock.ZONE) - opens
            moment = opens + length * (0.9 * rng.random())
        withdrawn = rng.randint(1, LATEST_WITHDRAWAL) if rng.random() < WITHDRAWN else None
        place, asks = pick(rng, offer.places), self._asks_after(serial) if online else None
        return Arrival(serial, moment.replace(microsecond=0), offer, place, online, withdrawn, asks, cast)

    def _asks_after(self, serial: int) -> int | None:
        rng = dice(self.scenario.seed, "asks", serial)
        return rng.randint(1, LATEST_QUESTION) if rng.random() < ASKS else None

    def _of_cast(self, serial: int) -> tuple[str, int]:
        """Who of the cast makes this application, and the how manyth of theirs it is; they take turns through the
        run."""
        wanted = self.scenario.each_of_cast * len(self.cast)
        if not wanted:
            return "", 0
        every = max(1, self.scenario.dossiers // wanted)
        number, rest = divmod(serial, every)
        if rest or number >= wanted:
            return "", 0
        return self.cast[number % len(self.cast)], number // len(self.cast)

    def _offer_for(self, cast: str, turn: int) -> Offer:
        """Another procedure each time, since nobody sets up three businesses in a month."""
        procedures = sorted({offer.procedure for offer in self.offers})
        dice(self.scenario.seed, "cast", cast).shuffle(procedures)
        procedure = procedures[turn % len(procedures)]
        return pick(dice(self.scenario.seed, "cast", cast, turn), [o for o in self.offers if o.procedure == procedure])


def _minute(rng: Random) -> tuple[int, int]:
    return rng.randrange(60), rng.randrange(60)


def weight_of_agency(key: str) -> float:
    """How many people an agency serves beside others of its level: towns differ, and always in the same way."""
    return about(dice("agency", key), 1.0, 0.45)
