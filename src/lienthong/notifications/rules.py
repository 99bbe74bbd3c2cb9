"""Who is reached how, and how a text is cut to fit. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

SHORT = 160
"""Characters of an SMS whose letters have no marks; with marks there would be 70."""

GIVEN_UP_AFTER = timedelta(days=3)
"""So long a message is tried to be sent: a gateway that is down over a weekend loses nothing."""

Reaches = Literal["email", "mobile"]

_MOBILE = re.compile(r"0[35789][0-9]{8}")
_MARKS = re.compile("[\u0300-\u036f]")
_TYPOGRAPHIC = str.maketrans(
    {"đ": "d", "Đ": "D", "–": "-", "—": "-", "“": '"', "”": '"', "‘": "'", "’": "'", "…": "...", "\u00a0": " "}
)


@dataclass(frozen=True, slots=True)
class Contact:
    """Where somebody can be reached; empty where nothing is known."""

    email: str = ""
    phone: str = ""

    def over(self, other: "Contact") -> "Contact":
        """What is known here, and where nothing is, what the other knows."""
        return Contact(self.email or other.email, self.phone or other.phone)

    def address(self, reaches: Reaches) -> str:
        """The address for a channel; empty when there is none. No SMS goes to a landline."""
        if reaches == "email":
            return self.email
        return self.phone if _MOBILE.fullmatch(self.phone) else ""


@dataclass(frozen=True, slots=True)
class Way:
    """A channel as the choice of ways sees it; `on` unless the person turned it off."""

    key: str
    reaches: Reaches
    on: bool


def choice(group: str, channel: str) -> str:
    """How a preference is called."""
    return f"{group}/{channel}"


def wanted(way: Way, group: str, choices: Mapping[str, bool]) -> bool:
    return choices.get(choice(group, way.key), way.on)


def chosen(ways: Iterable[Way], contact: Contact, group: str, choices: Mapping[str, bool]) -> list[tuple[str, str]]:
    """The channels a message goes by, each with its address."""
    reached = ((way, contact.address(way.reaches)) for way in ways if wanted(way, group, choices))
    return [(way.key, address) for way, address in reached if address]


def given_up(created: datetime, now: datetime) -> bool:
    return now - created >= GIVEN_UP_AFTER


def plain(text: str) -> str:
    """The text in the letters of ASCII: "Hồ sơ đã nhận" as "Ho so da nhan"."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.translate(_TYPOGRAPHIC)))
    return bare.encode("ascii", "ignore").decode()


def one_line(text: str) -> str:
    return " ".join(text.split())


def short(text: str, *, marks: bool, most: int = SHORT) -> str:
    """In one line of at most so many characters, cut at a blank where it must be cut."""
    line = one_line(text if marks else plain(text))
    if len(line) <= most:
        return line
    kept = line[: most - 3]
    return f"{kept[: kept.rfind(' ')] if ' ' in kept else kept}..."
