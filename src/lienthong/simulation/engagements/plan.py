"""What stands in the calendar of an agency in a week, when it is registered and what becomes of it. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum
from pathlib import Path

from lienthong.meetings import rules
from lienthong.meetings.rules import Access, When
from lienthong.simulation.dossiers import manners
from lienthong.simulation.sayings import Sayings
from lienthong.simulation.scenario import Scenario

data = Sayings(Path(__file__).parent / "data" / "engagements.toml").data
PUBLISHED_BEFORE = timedelta(days=7)
"""A week is published on the Monday before: so everybody sees this week and the next."""
LATE = 4
"""The engagement of a week that is registered only when the week has been published."""
SLOTS = ((1, 8, 11), (2, 8, 10), (2, 14, 16), (3, 14, 16), (4, 8, 10))
"""Day of the week, hour of the beginning and of the end of what units register."""
TRIP = (timedelta(days=1), timedelta(days=2))


class Fate(Enum):
    HELD = "held"
    ADJUSTED = "adjusted"
    POSTPONED = "postponed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Meant:
    """`unit` is a part of the key of the unit that prepares it, empty: the office. `leaders` are places in the list of
    those of the agency."""

    name: str
    when: When
    content: str
    place: str
    leaders: tuple[int, ...]
    access: Access
    registered: date
    unit: str = ""
    others: str = ""
    remark: str = ""
    fate: Fate = Fate.HELD


@dataclass(frozen=True, slots=True)
class Calendar:
    """Whose calendar it is: `leaders` by the names of their dice."""

    agency: str
    name: str
    is_province: bool
    leaders: tuple[str, ...]


def week(scenario: Scenario, calendar: Calendar, monday: date) -> list[Meant]:
    number = monday.toordinal() // 7
    gone = trip(scenario, calendar, monday)
    return [*_of_office(calendar, monday, number, gone), *_of_units(calendar, monday, number, gone)]


def trip(scenario: Scenario, calendar: Calendar, monday: date) -> int | None:
    """Which of the leaders is away on business in a week: every second week one of them, unless on leave."""
    number = monday.toordinal() // 7
    if number % 2 == calendar.is_province or len(calendar.leaders) < 2:
        return None
    leader = number // 2 % 2
    on_leave = manners.leave_until(scenario.seed, calendar.leaders[leader], monday) is not None
    return None if on_leave else leader


def _of_office(calendar: Calendar, monday: date, number: int, gone: int | None) -> Iterator[Meant]:
    words = data()["words"]
    everybody = tuple(range(len(calendar.leaders)))
    before = monday - timedelta(days=10)

    def meant(name: str, when: When, content: str, place: str, leaders: tuple[int, ...], access: Access) -> Meant:
        return Meant(f"{monday} {name}", when, content, place, leaders, access, before)

    hour = rules.when(monday, begins=time(8), ends=time(10))
    briefing = words["briefing"].format(agency=calendar.name)
    yield meant("briefing", hour, briefing, words["room"], everybody, Access.INTERNAL)
    if number % 2 == calendar.is_province:
        thursday = rules.when(monday + timedelta(days=3), begins=time(8), ends=time(11))
        yield meant("citizens", thursday, words["citizens"], words["citizens_place"], (0,), Access.PUBLIC)
    friday = rules.when(monday + timedelta(days=4), begins=time(15, 30), ends=time(16, 30))
    yield meant("private", friday, words["private"], words["room"], everybody, Access.PRIVATE)
    if gone is not None:
        place = number // 2 % len(words["trip"])
        days = rules.when(monday + TRIP[0], monday + TRIP[1])
        yield meant("trip", days, words["trip"][place], words["trip_places"][place], (gone,), Access.INTERNAL)


def _of_units(calendar: Calendar, monday: date, number: int, gone: int | None) -> Iterator[Meant]:
    by = "province" if calendar.is_province else "other"
    known = [said for said in data()["engagements"] if said["by"] == by]
    for place, (weekday, begins, ends) in enumerate(SLOTS):
        if calendar.is_province and place == 1:
            continue
        said = known[(number * len(SLOTS) + place) % len(known)]
        day = monday + timedelta(days=weekday)
        is_away = gone is not None and monday + TRIP[0] <= day <= monday + TRIP[1]
        leader = 1 - gone if is_away and gone is not None else (number + place) % len(calendar.leaders)
        yield Meant(
            name=f"{monday} {place}",
            when=rules.when(day, begins=time(begins), ends=time(ends)),
            content=said["content"],
            place=said["place"],
            leaders=(leader,),
            access=Access(said["access"]),
            registered=monday - timedelta(days=4 if place == LATE else 13 - place),
            unit=said.get("unit", ""),
            others=said.get("others", ""),
            remark=said.get("remark", ""),
            fate=_fate(number, place),
        )


def _fate(number: int, place: int) -> Fate:
    """In turn, so that a few weeks show all that can become of an engagement."""
    match place, number % 3:
        case 2, _:
            return Fate.ADJUSTED if number % 2 else Fate.HELD
        case 3, 0:
            return Fate.POSTPONED
        case 1, 1:
            return Fate.CANCELLED
    return Fate.HELD
