"""What the counter decides: whose card was read, which papers are missing, when papers are moved on."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Calendar
from lienthong.foundation.fields.typed import compact, folded, forbidden, one_line
from lienthong.procedures.shapes import Component

FACTS = ("person_id", "name", "born", "gender", "address", "phone", "email")
"""What the counter knows of who stands there: all texts; `born` as an ISO day, `gender` as the code of its list."""

MOST_PAPERS = 99
LONGEST = 500
"""Characters of what a scanner sends for a card."""

_BARS = re.compile("[|¦‖︱]")
_DAY = re.compile(r"(\d{2})[/.\-]?(\d{2})[/.\-]?(\d{4})")
_GENDERS = {"nam": "1", "male": "1", "nu": "2", "female": "2"}


def read_card(text: str) -> dict[str, str]:
    """What was typed or scanned into the box for the card, by the names of FACTS; a name is left out where it is not
    there or cannot be read.

    The QR code of the citizen's card holds `number|old number|name|ddmmyyyy|gender|address|day of issue`, later cards
    more behind it. A number alone is what somebody typed. Whether twelve digits are a real number is asked elsewhere.
    """
    parts = [_tidy(part) for part in _BARS.split(text[:LONGEST])]
    number = re.sub(r"[.\-]", "", compact(parts[0]))
    read = {
        "person_id": number if re.fullmatch(r"[0-9]{12}", number) else "",
        "name": _at(parts, 2),
        "born": _day(_at(parts, 3)),
        "gender": _GENDERS.get(folded(_at(parts, 4)), ""),
        "address": _at(parts, 5),
    }
    return {name: value for name, value in read.items() if value}


def _tidy(part: str) -> str:
    return one_line("".join(letter for letter in part if not forbidden(letter)))


def _at(parts: list[str], place: int) -> str:
    return parts[place] if place < len(parts) else ""


def _day(text: str) -> str:
    found = _DAY.fullmatch(compact(text))
    if not found:
        return ""
    day, month, year = map(int, found.groups())
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How much of a component was taken in. `waived`: not asked for, because the state has it already."""

    originals: int = 0
    certified: int = 0
    copies: int = 0
    waived: bool = False

    @classmethod
    def of(cls, kept: object) -> "Counted":
        """From what is kept as JSON; what is not of that shape counts as nothing."""
        if not isinstance(kept, Mapping):
            return cls()
        numbers = {name: _number(kept.get(name)) for name in ("originals", "certified", "copies")}
        return cls(**numbers, waived=kept.get("waived") is True)

    @property
    def any(self) -> bool:
        return bool(self.originals or self.certified or self.copies or self.waived)

    def as_json(self) -> dict[str, int | bool]:
        found = {"originals": self.originals, "certified": self.certified, "copies": self.copies}
        return {**{name: count for name, count in found.items() if count}, **({"waived": True} if self.waived else {})}

    def __add__(self, more: "Counted") -> "Counted":
        return Counted(
            min(self.originals + more.originals, MOST_PAPERS),
            min(self.certified + more.certified, MOST_PAPERS),
            min(self.copies + more.copies, MOST_PAPERS),
            self.waived or more.waived,
        )


def _number(kept: object) -> int:
    return kept if isinstance(kept, int) and not isinstance(kept, bool) and 0 < kept <= MOST_PAPERS else 0


def needed(component: Component) -> Counted:
    return Counted(component.originals, component.certified, component.copies)


def lacking(component: Component, counted: Counted) -> Counted:
    """What of a component is still missing. A better paper does for a lesser one: an original for a certified copy, a
    certified copy for a plain one; never the other way round."""
    if counted.waived:
        return Counted()
    originals = counted.originals - component.originals
    certified = counted.certified + max(originals, 0) - component.certified
    copies = counted.copies + max(certified, 0) - component.copies
    return Counted(max(-originals, 0), max(-certified, 0), max(-copies, 0))


def counts_for(component: Component) -> bool:
    """Whether a component is on the checklist: what the system makes out of the form itself is not brought."""
    return not component.from_form


def missing(components: Iterable[Component], counted: Mapping[str, object]) -> dict[str, Counted]:
    """By component what is missing of those that have to be there."""
    short = {
        component.key: lacking(component, Counted.of(counted.get(component.key)))
        for component in components
        if component.required and counts_for(component)
    }
    return {key: lack for key, lack in short.items() if lack.any}


def moved_on(came: datetime, *, after: time | None, calendar: Calendar) -> date:
    """The day on which papers that came to a counter at `came` are moved on: the same, or the next working day where
    that was later than `after` or on a day off (NĐ 61/2018/NĐ-CP art. 18.2-3)."""
    local = clock.local(came)
    day, in_time = local.date(), after is None or local.time() <= after
    return day if in_time and calendar.is_working_day(day) else calendar.next_working_day(day)
