"""What is written to agencies and between them: which letter comes on which day, and what it says. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from lienthong.documents.rules.contents import Contents, Power, Signer, from_text
from lienthong.documents.rules.urgency import Urgency
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.sayings import Sayings
from lienthong.simulation.scenario import Scenario
from lienthong.simulation.spread import numbers_at

LEAST, DOSSIERS_FOR_ONE = 24, 20
"""How many documents there are at least, and how many dossiers bring one more."""
OUTSIDE = 0.6
"""Of the documents that come: how many from outside the province's agencies."""
FOR_ANSWER = (6, 14)
"""Days after which an answer is wanted."""
KIND = "cong-van"

_SAYINGS = Sayings(Path(__file__).parent / "data" / "letters.toml")
data, words = _SAYINGS.data, _SAYINGS.words


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of a day. `issuer` is empty where an agency of the province writes; `answer_in` days, where an answer is
    wanted; `unit` is a part of the name of the unit whose business it is."""

    number: int
    day: date
    issuer: str
    symbol: str
    code: int
    place: str
    abstract: str
    unit: str
    urgency: Urgency
    answer_in: int | None

    @property
    def is_outside(self) -> bool:
        return bool(self.issuer)

    @property
    def due_on(self) -> date | None:
        return self.day + timedelta(days=self.answer_in) if self.answer_in else None


def how_many(scenario: Scenario) -> int:
    return LEAST + scenario.dossiers // DOSSIERS_FOR_ONE


def numbers_on(scenario: Scenario, day: date, days: Sequence[date]) -> range:
    """The numbers of the letters that are written on a working day; they are spread evenly over `days`."""
    place = bisect_left(days, day)
    if place >= len(days) or days[place] != day:
        return range(0)
    return numbers_at(place, how_many(scenario), len(days))


def letter(scenario: Scenario, number: int, day: date) -> Letter:
    rng = dice(scenario.seed, "letter", number)
    is_outside = rng.random() < OUTSIDE
    said = pick(rng, data()["outside" if is_outside else "between"])
    return Letter(
        number=number,
        day=day,
        issuer=said.get("issuer", ""),
        symbol=said["symbol"],
        code=1 + (day.timetuple().tm_yday * 9 + rng.randrange(40)),
        place=said.get("place", ""),
        abstract=said["abstract"].format(quarter=f"quý {_ROMAN[(day.month - 1) // 3]} năm {day.year}", year=day.year),
        unit=said["unit"],
        urgency=Urgency.URGENT if said.get("urgent") else Urgency.NORMAL,
        answer_in=rng.randint(*FOR_ANSWER) if said.get("asks") else None,
    )


def unit_of(abstract: str) -> str:
    """A part of the name of the unit whose business a letter is, by its abstract; empty for one that is not known."""
    known = (*data()["outside"], *data()["between"])
    fitting = (said["unit"] for said in known if _beginning(said["abstract"]) in abstract)
    return next(fitting, "")


def _beginning(abstract: str) -> str:
    return abstract.removeprefix("Về việc ").partition("{")[0].strip()


_ROMAN = ("I", "II", "III", "IV")


def text_of(letter: Letter) -> str:
    """What it says, a paragraph a line."""
    rng = dice("letter text", letter.number)
    text = words("paragraphs", rng)
    if letter.due_on:
        text += "\n" + words("asked_back", rng).format(due=f"{letter.due_on:%d/%m/%Y}")
    return f"{text}\n{words('closing', rng)}"


def contents(letter: Letter, *, to: Sequence[str], signer: Signer) -> Contents:
    """A letter from outside as it is laid out, with its number."""
    return Contents(
        kind=KIND,
        issuer=letter.issuer,
        number=str(letter.code),
        symbol=letter.symbol,
        place=letter.place,
        dated=letter.day,
        abstract=letter.abstract.removeprefix("Về việc "),
        addressees=tuple(to),
        body=from_text(text_of(letter)),
        signer=signer,
        recipients=("Như trên",),
        urgency=letter.urgency,
    )


def signer_of(title: str, name: str) -> Signer:
    """Who signs: a deputy for the head."""
    powers = (Power(mark="KT.", of=title.removeprefix("Phó ")),) if title.startswith("Phó ") else ()
    return Signer(powers=powers, title=title, name=name)
