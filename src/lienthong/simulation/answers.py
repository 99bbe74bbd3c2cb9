"""Filling in any declared form, as the people it asks about would: by the types of its fields, never by its name.

What a field is called helps to fill it in plausibly (`vocabulary.py`); that it is accepted depends on its type alone. A
type that is not known here is answered with one of its own samples.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from random import Random
from typing import Any

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.types.address import AddressField
from lienthong.foundation.fields.types.agencies import AGENCIES, ORGANISATIONS_AND_UNITS, Organisation
from lienthong.foundation.fields.types.choices import Boolean, Choice, Choices, CodeListField
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.identifiers import PersonId, TaxCode
from lienthong.foundation.fields.types.numbers import DecimalNumber, Integer, Money
from lienthong.foundation.fields.types.structure import Computed, Section, Table
from lienthong.foundation.fields.types.texts import Email, Paragraph, Phone, Text
from lienthong.foundation.fields.types.times import Date, DateTime
from lienthong.simulation import people, vocabulary
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.patterns import text_like
from lienthong.simulation.people import Person, Place
from lienthong.simulation.vocabulary import Subject

OPTIONAL = 0.2
"""Share of the questions that need no answer and get one."""
NEVER_OPTIONAL = frozenset({"fax", "website", "foreign_name", "foreign_value", "short_name", "paper_expiry"})

Raw = dict[str, Any]


class Answers:
    """The answers of one person to one form. Asking for the same form again gives the same answers.

    `places` are the communes that addresses are taken from; `attach` stores a file that fits a field and gives its id.
    """

    def __init__(
        self,
        seed: object,
        context: Context,
        applicant: Person,
        places: tuple[Place, ...],
        attach: Callable[[File], str] | None = None,
    ) -> None:
        self.seed, self.context, self.applicant, self.places, self.attach = seed, context, applicant, places, attach
        self.today = context.at

    def fill(self, fields: Iterable[Field], path: str = "", subject: Subject | None = None) -> Raw:
        """Everything that must be answered, also where it may turn out not to be asked, and some of the rest."""
        subject = subject or self._subject(fields, path)
        raw: Raw = {}
        for field in fields:
            answer = self._answer(field, path + field.key, subject)
            if answer is not None:
                raw[field.key] = answer
        vocabulary.agree(raw)
        return raw

    def mend(self, fields: Iterable[Field], raw: Raw, errors: Iterable[str]) -> Raw:
        """The answers with those replaced that were not accepted, by the plainest that the field's type takes."""
        for error in errors:
            self._mend(list(fields), raw, error.split("."), "")
        return raw

    def _mend(self, fields: list[Field], raw: Raw, steps: list[str], path: str) -> None:
        field = next((field for field in fields if field.key == steps[0]), None)
        if field is None:
            raw.pop(steps[0], None)
            return
        below, inner = f"{path}{field.key}.", steps[1:]
        if isinstance(field, Section):
            self._mend(list(field.fields), raw.setdefault(field.key, {}), inner, below)
        elif isinstance(field, Table) and len(inner) > 1 and inner[0].isdigit():
            self._mend(list(field.fields), raw[field.key][int(inner[0])], inner[1:], f"{below}{inner[0]}.")
        else:
            subject = self._subject(fields, path)
            raw[field.key] = self._given(field, path + field.key, subject, plain=True)

    # who a question is about

    def _subject(self, fields: Iterable[Field], path: str) -> Subject:
        rng = self._dice(path, "subject")
        if path == "" or any("applicant." in str(field.default) for field in fields):
            return Subject(self.applicant, rng)
        kind = next((kind for word, kind in vocabulary.SUBJECTS.items() if word in path.lower()), "adult")
        place = self.applicant.place
        if kind == "newborn":
            return Subject(people.newborn(rng, place, self.today), rng)
        gender: people.Gender | None = "male" if kind == "man" else "female" if kind == "woman" else None
        ages = (22, 42) if gender else (20, 70)
        return Subject(people.person(rng, place, self.today, ages=ages, gender=gender), rng)

    # what is answered

    def _answer(self, field: Field, path: str, subject: Subject) -> Any:
        if isinstance(field, Computed):
            return None
        if isinstance(field, Section):
            return self.fill(field.fields, f"{path}.")
        wanted = field.required is not False or self._is_wanted(field, path)
        if isinstance(field, Table):
            return self._rows(field, path) if wanted or field.min_rows else None
        if not wanted and field.default is None:
            return None
        return self._given(field, path, subject, plain=False)

    def _is_wanted(self, field: Field, path: str) -> bool:
        """Whether a question is answered that needs no answer."""
        return self._dice(path, "wanted").random() < OPTIONAL and field.key not in NEVER_OPTIONAL

    def _rows(self, table: Table, path: str) -> list[Raw]:
        count = min(table.max_rows, max(table.min_rows, 1) + (self._dice(path, "rows").random() < 0.35))
        return [self.fill(table.fields, f"{path}.{n}.") for n in range(count)]

    def _given(self, field: Field, path: str, subject: Subject, *, plain: bool) -> Any:
        """The answer to a question; `plain`: what was answered before was not accepted, so nothing out of the way."""
        rng = self._dice(path, "again") if plain else self._dice(path)
        if field.default is not None and "${" not in str(field.default) and (plain or rng.random() < 0.85):
            return field.default if not isinstance(field.default, Decimal) else float(field.default)
        match field:
            case Text() | Paragraph():
                return self._text(field, rng, subject, plain=plain)
            case PersonId():
                return subject.person.person_id
            case Phone():
                return subject.person.phone or "0905000111"
            case Email():
                return subject.person.email or f"{people.ascii_of(subject.person.name)}@thu.example"
            case TaxCode():
                return people.tax_code(rng)
            case Date():
                return self._day(field, rng, subject).isoformat()
            case DateTime():
                return f"{self.today.isoformat()}T0{rng.randint(7, 9)}:{rng.randint(0, 59):02}"
            case AddressField():
                return self._address(field, rng, subject)
            case Integer() | DecimalNumber() | Money():
                return self._number(field, rng)
            case Boolean():
                return self._yes(field, rng)
            case Choice():
                return pick(rng, list(field.labels)) if not plain else next(iter(field.labels))
            case Choices():
                count = min(len(field.options), max(field.min, 1))
                return rng.sample(list(field.labels), count)
            case CodeListField():
                return self._code(field, rng, subject)
            case Organisation():
                known = ORGANISATIONS_AND_UNITS if field.units else AGENCIES
                return pick(rng, self.context.lists.code_list(known, self.today).valid(self.today)).code
            case File():
                return {"id": self.attach(field)} if self.attach else None
            case _:
                return field.to_json(pick(rng, list(field.samples())))

    def _text(self, field: Text | Paragraph, rng: Random, subject: Subject, *, plain: bool) -> str:
        pattern = field.pattern if isinstance(field, Text) else None
        text = "" if plain and pattern else vocabulary.text_for(field.key, subject, rng, self.today)
        if pattern and not vocabulary.fits(pattern, text):
            text = text_like(pattern, rng)
        text = text[: field.max_length].strip()
        return text if len(text) >= field.min_length else text.ljust(field.min_length, ".")

    def _day(self, field: Date, rng: Random, subject: Subject) -> date:
        least = field.min if isinstance(field.min, date) else self.today
        most = field.max if isinstance(field.max, date) else self.today
        day = vocabulary.day_for(field.key, subject, rng, self.today)
        return min(max(day, least), most)

    def _address(self, field: AddressField, rng: Random, subject: Subject) -> Raw:
        place = subject.person.place if rng.random() < 0.8 else pick(rng, self.places)
        units = self.context.lists.code_list(field.list, self.today)
        chain = [item.code for item in units.chain(place.unit, self.today)]
        wanted = {"commune": 5, "district": 3, "province": 2}[field.level]
        unit = next((code for code in chain if len(code) == wanted), place.unit)
        return {"unit": unit, **({"detail": people.detail(rng, place)} if field.detail else {})}

    def _number(self, field: Integer | DecimalNumber | Money, rng: Random) -> int | float:
        unit = "đ" if isinstance(field, Money) else field.unit
        number = vocabulary.number_for(field.key, unit, rng)
        number = min(max(number, float(field.min)), float(field.max))
        return round(number, field.places) if isinstance(field, DecimalNumber) else int(number)

    def _yes(self, field: Boolean, rng: Random) -> bool:
        if field.required is True and field.look == "checkbox":
            return True
        return rng.random() < 0.15

    def _code(self, field: CodeListField, rng: Random, subject: Subject) -> str:
        known = vocabulary.code_for(field.list, subject)
        codes = self.context.lists.code_list(field.list, self.today)
        if known and codes.find(known, self.today):
            return known
        items = codes.valid(self.today)
        if field.level:
            items = [item for item in items if len(codes.chain(item.code, self.today)) == field.level]
        return pick(rng, items).code

    def _dice(self, *decision: str) -> Random:
        return dice(self.seed, *decision)
