"""What people write into a field, guessed from what it is called. Whether it is accepted is not decided here."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

from lienthong.simulation import people, words
from lienthong.simulation.chance import about, pick
from lienthong.simulation.people import Person

SUBJECTS = {"child": "newborn", "mother": "woman", "father": "man", "wife": "woman", "husband": "man"}
"""Words in the name of a section that say who it is about."""


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a group of questions is about. `rng` throws what several answers of the group share."""

    person: Person
    rng: Random


def text_for(key: str, subject: Subject, rng: Random, today: date) -> str:
    """A line of text; a few plain words for a name that is not known."""
    for known, write in _TEXTS.items():
        if key == known or key.endswith(f"_{known}"):
            return write(subject.person, rng, today)
    return "Theo hồ sơ kèm theo"


def agree(raw: dict[str, Any]) -> None:
    """Make answers of one group fit each other: an amount in words says the amount in digits."""
    if isinstance(raw.get("amount"), int) and "words" in raw:
        raw["words"] = words.money(raw["amount"])


def day_for(key: str, subject: Subject, rng: Random, today: date) -> date:
    if "birth" in key or key == "born":
        return subject.person.born
    if "expiry" in key or "valid" in key:
        return today + timedelta(days=rng.randint(400, 4000))
    if key in ("visited_on", "registered_on", "first_registered", "start_date"):
        return today
    return today - timedelta(days=rng.randint(60, 2400))


def number_for(key: str, unit: str, rng: Random) -> float:
    middle = _NUMBERS.get(key) or _UNITS.get(unit, 3)
    number = about(rng, middle)
    return round(number, -6) if unit == "đ" and number > 10**7 else number


def code_for(code_list: str, subject: Subject) -> str:
    """What is known of the person; "" where the list is about something else."""
    match code_list:
        case "genders":
            return "1" if subject.person.gender == "male" else "2"
        case "ethnic-groups":
            return subject.person.ethnicity
        case "countries":
            return "VN"
        case "identity-papers":
            return "can-cuoc"
        case _:
            return ""


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def fits(pattern: str, text: str) -> bool:
    return _compiled(pattern).fullmatch(text) is not None


Writer = Callable[[Person, Random, date], str]

_STREET_LESS: Writer = lambda person, rng, today: person.address  # noqa: E731


def _name(person: Person, rng: Random, today: date) -> str:
    return person.name


def _business(person: Person, rng: Random, today: date) -> str:
    return people.business_name(rng, company=False)


def _company(person: Person, rng: Random, today: date) -> str:
    return people.business_name(rng, company=True).title()


_TEXTS: dict[str, Writer] = {
    "full_name": _name,
    "director": _name,
    "accountant": _name,
    "attended": _name,
    "organisation_name": _company,
    "designer": lambda person, rng, today: f"Công ty TNHH Kiến trúc {person.name.split()[-1]} Phát",
    "checker": lambda person, rng, today: f"Công ty CP Tư vấn xây dựng {person.name.split()[-1]} An",
    "name": _business,
    "address": _STREET_LESS,
    "residence": _STREET_LESS,
    "home_town": _STREET_LESS,
    "birth_place": lambda person, rng, today: f"Trung tâm Y tế, {person.place.above}",
    "place": lambda person, rng, today: people.titled(person.place),
    "paper_place": lambda person, rng, today: "Cục Cảnh sát quản lý hành chính về trật tự xã hội",
    "registered_at": lambda person, rng, today: f"{people.titled(person.place)}, {person.place.above}",
    "birth_date_words": lambda person, rng, today: words.day(person.born),
    "paper_number": lambda person, rng, today: person.person_id,
    "paper": lambda person, rng, today: "15/03/2021, Cục CSQLHC về TTXH",
    "position": lambda person, rng, today: "Giám đốc",
    "lot": lambda person, rng, today: f"Thửa {rng.randint(1, 900)}, tờ bản đồ số {rng.randint(1, 90)}",
    "land_paper": lambda person, rng, today: (
        f"Giấy chứng nhận quyền sử dụng đất số C{pick(rng, 'BDEHK')} {rng.randrange(10**6):06} ngày"
        f" {rng.randint(1, 28)}/{rng.randint(1, 12)}/{rng.randint(2009, today.year - 1)}"
    ),
    "certificate": lambda person, rng, today: f"DNO-{rng.randrange(10**8):08}",
    "title": lambda person, rng, today: f"Tầng {rng.randint(1, 4)}",
    "design_title": lambda person, rng, today: f"Hồ sơ thiết kế KT-{rng.randint(1, 99):02}",
    "leaders": lambda person, rng, today: f"{person.name}, KTS-{rng.randrange(10**5):05}",
    "findings": lambda person, rng, today: pick(
        rng, ("Hiện trạng đúng với hồ sơ.", "Đất trống, đúng mốc giới, phù hợp hồ sơ thiết kế.")
    ),
    "opinion": lambda person, rng, today: "Đề nghị bố trí bình chữa cháy và lối thoát nạn thứ hai.",
    "number": lambda person, rng, today: f"{rng.randint(1, 900)}/{today.year}",
    "book": lambda person, rng, today: f"{rng.randint(1, 6):02}/{today.year - rng.randint(1, 9)}",
    "detail": lambda person, rng, today: "",
    "organisation_code": lambda person, rng, today: people.tax_code(rng),
    "registration_code": lambda person, rng, today: people.tax_code(rng),
    "tax_code": lambda person, rng, today: people.tax_code(rng),
}

_NUMBERS: dict[str, float] = {"area": 150, "ground_area": 95, "floor_area": 180, "ground_level": 0.3, "height": 4,
                              "setback": 2.5, "months": 7, "employees": 3, "copies": 2}  # fmt: skip
_UNITS: dict[str, float] = {
    "m²": 110,
    "m": 4,
    "ha": 1.5,
    "tháng": 6,
    "ngày": 10,
    "người": 4,
    "bản": 2,
    "đ": 180_000_000,
}
