"""Filling in an entry of any register, so that its fields fit together: first what decides about others (choices,
entries that are pointed to), then who and when, then how much, where, and last what is written."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from decimal import Decimal
from random import Random
from typing import Any

from lienthong.foundation import clock
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.types.address import AddressField
from lienthong.foundation.fields.types.agencies import Organisation
from lienthong.foundation.fields.types.choices import Boolean, Choice, Choices, CodeListField
from lienthong.foundation.fields.types.entries import Reference
from lienthong.foundation.fields.types.geometry import GeometryField
from lienthong.foundation.fields.types.identifiers import PersonId
from lienthong.foundation.fields.types.numbers import DecimalNumber, Integer, Money, Year
from lienthong.foundation.fields.types.structure import Computed, Section, Table
from lienthong.foundation.fields.types.texts import Email, Paragraph, Phone, Text
from lienthong.foundation.fields.types.times import Date, DateTime
from lienthong.identity.queries import UNITS
from lienthong.simulation import people, vocabulary
from lienthong.simulation.answers import Answers, Raw
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.patterns import text_like
from lienthong.simulation.registers import amounts, days, lexicon, shapes
from lienthong.simulation.registers.lexicon import Called
from lienthong.simulation.registers.neighbours import Neighbours
from lienthong.simulation.registers.scene import Scene, called
from lienthong.simulation.vocabulary import Subject

WANTED, SELDOM, OTHER_OF_ITS_KIND = 0.8, 0.08, 0.2
"""Share of the fields that need nothing and get something: usually; of those that are seldom so; of references to
entries of the same register."""
ROWS = 3
TRUE, TRUE_THOUGH_BAD = 0.6, 0.06
USUAL = 0.85
"""How often what stands there at first stays."""
LESS_AND_LESS = 0.45
"""Of the states that something can be in, each next one is so much rarer."""
LONGEST_LINE, LARGEST_AREA = 12_000.0, 4_000_000.0

_ONE_OF = re.compile(r"^(?:[a-z0-9_]+\.)*(?P<key>[a-z0-9_]+) (?:==|in) \[?(?P<values>'[^\]]*')\]?$")
"""A condition on one choice: loai == 'to-cao', loai in ['ban', 'thanh-ly']."""
_UNLESS = re.compile(r"(?P<key>[a-z0-9_]+) != '(?P<value>[^']*)'")
"""What makes an answer needless: quan_he != 'chu-ho'."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A field with its path in the answers; `row` is that of the row in which it is."""

    field: Field
    path: str
    called: Called
    row: str = ""


class EntryAnswers(Answers):
    """The answers to one entry; asking again gives the same. `neighbours` has the entries it may point to."""

    def __init__(self, scene: Scene, context: Context, neighbours: Neighbours) -> None:
        super().__init__(scene.seed, context, scene.person(""), scene.places)
        self.scene, self.neighbours = scene, neighbours
        self.body = scene.body
        self.given: dict[str, Any] = {}
        """What is known of the thing beforehand, by the keys of fields."""
        self.chosen: dict[str, int] = {}
        """The entries that were pointed to, by the keys of their registers."""

    def whole(self) -> Raw | None:
        """Everything that an entry says; None where the register holds all there is already."""
        if not self._remember():
            return None
        raw: Raw = {}
        for path, field in sorted(self._leaves(), key=lambda leaf: _order(leaf[1])):
            answer = self._answer(field, ".".join(path), Subject(self.applicant, self._dice("subject")))
            if answer is not None:
                _put(raw, path, answer)
        return raw

    def missing(self, keys: Iterable[str], before: Mapping[str, Any]) -> Raw:
        """References that were wanted and stayed empty, because there was nothing to point to. `before`: what the entry
        says, by the keys of its fields."""
        for key, reference in self.body.references.items():
            if before.get(key) is not None:
                self.chosen[reference.register_key] = before[key].id
        raw: Raw = {}
        for key in keys:
            node = self.body.leaves[key]
            path = ".".join(node.path)
            if before.get(key) is None and (node.field.required is not False or self._is_wanted(node.field, path)):
                answer = self._answer(node.field, path, Subject(self.applicant, self._dice("subject")))
                if answer is not None:
                    _put(raw, node.path, answer)
        return raw

    def mend(self, fields: Iterable[Field], raw: Raw, errors: Iterable[str]) -> Raw:
        """Where nothing is there that had to be pointed to, the answer that asked for it becomes the other one."""
        errors = list(errors)
        raw = super().mend(fields, raw, errors)
        for path in errors:
            node = self.body.leaves.get(path.rpartition(".")[2])
            unless = _UNLESS.search(str(node.field.required)) if node and isinstance(node.field, Reference) else None
            if (
                unless
                and unless["key"] in self.body.leaves
                and self.scene.answered.get(path.rpartition(".")[2]) is None
            ):
                _put(raw, self.body.leaves[unless["key"]].path, unless["value"])
        return raw

    def anew(self, key: str, before: Any) -> Any:
        """Another answer to one field; None where there is none. `before`: what stands there."""
        node = self.body.leaves[key]
        path = ".".join(node.path)
        rng, field = self._dice(path, "anew"), node.field
        match field:
            case Choice():
                others = [value for value in field.labels if value != before]
                return pick(rng, others) if others else None
            case Integer() | DecimalNumber() | Money():
                said = amounts.near(field, float(before), rng)
            case _:
                spot = self._spot(field, path)
                said = self._guess(spot, rng, self._about(spot), plain=False)
        return None if said == before else said

    def _leaves(self) -> Iterator[tuple[tuple[str, ...], Field]]:
        return ((node.path, node.field) for node in self.body.leaves.values() if not isinstance(node.field, Computed))

    def fill(self, fields: Iterable[Field], path: str = "", subject: Subject | None = None) -> Raw:
        """A row of a table."""
        raw: Raw = {}
        for field in sorted(fields, key=_order):
            answer = self._answer(field, path + field.key, subject or Subject(self.applicant, self._dice(path)))
            if answer is not None:
                raw[field.key] = answer
        return raw

    # what is known of the thing

    def _remember(self) -> bool:
        """Take the row of what is known with more than its name, unless it is there already. False where nothing else
        can be entered."""
        things = lexicon.known_things(self.body)
        if things and things.list:
            return not self.scene.attempt and self._remember_unit(things.list)
        if self.scene.attempt:
            return True
        number = self.scene.number
        if things and number < len(things.rows):
            if number < len(things.at):
                self._move_to(things.at[number])
            rng = self._dice("known")
            for key, value in zip(things.keys, things.rows[number], strict=True):
                if value != "":
                    text = isinstance(value, str)
                    self.given[key] = self.scene.filled(value, rng, self.applicant) if text else value
        return True

    def _remember_unit(self, code_list: str) -> bool:
        """An administrative unit as the list has it: each once."""
        units = self.context.lists.code_list(code_list, self.today)
        items = units.valid(self.today)
        if self.scene.number >= len(items):
            return False
        item = items[self.scene.number]
        above = units.chain(item.code, self.today)[1:]
        kinds = self.body.leaves["loai"].field
        labels = getattr(kinds, "labels", {})
        kind = next((value for value, label in labels.items() if item.name.startswith(f"{label} ")), None)
        self.given = {"ma": item.code, "ten": item.name, "cap": ("tinh", "huyen", "xa")[len(above)], "loai": kind}
        if above:
            self.given["cap_tren"] = {"words": f"{above[0].name} – {above[0].code}"}
        return True

    def _move_to(self, unit: str) -> None:
        there = next((place for place in self.scene.places if place.unit == unit), None)
        units = self.context.lists.code_list(UNITS, self.today)
        if there := there or next(iter(people.places_below(units, unit, self.today)), None):
            self.scene.move_to(there)
            self.applicant = self.scene.person("")

    # whether, and what

    def _is_wanted(self, field: Field, path: str) -> bool:
        spot = self._spot(field, path)
        if spot.called.key in self.given:
            return True
        if lexicon.is_like("share", "never", spot.called.briefly):
            return False
        share = WANTED
        if lexicon.is_like("share", "seldom", spot.called.briefly):
            share = SELDOM
        elif isinstance(field, Reference) and field.register_key == self.body.key:
            share = OTHER_OF_ITS_KIND
        return self._dice(path, "wanted").random() < share

    def _rows(self, table: Table, path: str) -> list[Raw]:
        count = min(table.max_rows, max(table.min_rows, self._dice(path, "rows").randint(1, ROWS)))
        return [self.fill(table.fields, f"{path}.{n}.") for n in range(count)]

    def _given(self, field: Field, path: str, subject: Subject, *, plain: bool) -> Any:
        spot = self._spot(field, path)
        if not spot.row and not plain and spot.called.key in self.given:
            answer = self.given[spot.called.key]
        else:
            rng = self._dice(path, "again") if plain else self._dice(path)
            answer = self._guess(spot, rng, self._about(spot), plain=plain)
        self.scene.answered[f"{spot.row}/{spot.called.key}" if spot.row else spot.called.key] = answer
        return answer

    def _guess(self, spot: Spot, rng: Random, about: Subject, *, plain: bool) -> Any:
        field = spot.field
        if field.default is not None and "${" not in str(field.default) and (plain or rng.random() < USUAL):
            return float(field.default) if isinstance(field.default, Decimal) else field.default
        match field:
            case Choice():
                return self._state(spot, field, rng)
            case Choices():
                return rng.sample(list(field.labels), min(len(field.labels), max(field.min, rng.randint(1, 2))))
            case Boolean() if not (field.required is True and field.look == "checkbox"):
                bad = lexicon.is_like("share", "bad", spot.called.label)
                return rng.random() < (TRUE_THOUGH_BAD if bad else TRUE)
            case Reference():
                return self._entry(spot, field, rng)
            case Date():
                return days.day_for(
                    self.scene, field, spot.called, about.person, rng, row=_row_number(spot)
                ).isoformat()
            case DateTime():
                day = days.day_for(self.scene, Date(key=field.key, label=field.label), spot.called, about.person, rng)
                hour = 7 if day == self.today else rng.randint(7, 15)
                moment = datetime.combine(day, time(hour, rng.choice((0, 10, 15, 30, 45))), clock.ZONE)
                return moment.isoformat(timespec="minutes")
            case Integer() | DecimalNumber() | Money():
                return amounts.number_for(self.scene, field, spot.called, about.person, rng, row=spot.row)
            case Year():
                most = field.max if isinstance(field.max, int) else self.today.year
                year = int(days.year_for(self.scene, field, spot.called, about.person, rng))
                return min(max(year, field.min), most)
            case Organisation():
                return self.scene.agency.key
            case GeometryField():
                return self._place_on_map(field, rng)
            case Text() | Paragraph():
                return self._written(spot, field, rng, about, plain=plain)
            case PersonId():
                return about.person.person_id
            case Phone():
                return about.person.phone if self._is_about_people else f"0261{rng.randrange(3_500_000, 3_999_999)}"
            case Email():
                return about.person.email or f"{people.ascii_of(about.person.name)}@thu.example"
        return super()._given(field, spot.path, about, plain=plain)

    @property
    def _is_about_people(self) -> bool:
        return "ho_ten" in self.body.leaves or bool(self.scene.named)

    def _about(self, spot: Spot) -> Subject:
        """Whom the field is about."""
        role = self.scene.role_of(spot.called.key)
        if not spot.row and role == "":
            section = spot.path.rpartition(".")[0]
            role = self.scene.named.get(section, "")
        return Subject(self.scene.person(role, spot.row), self._dice(spot.row, role))

    def _spot(self, field: Field, path: str) -> Spot:
        steps = path.split(".")
        rows = [place for place, step in enumerate(steps) if step.isdigit()]
        if not rows:
            return Spot(field, path, called(self.body, steps[-1]))
        table = self.body.leaves[steps[rows[0] - 1]].field
        name = Called.by(field.key, field.label, self.body.singular, table.label, getattr(field, "unit", ""))
        return Spot(field, path, name, ".".join(steps[: rows[0] + 1]))

    # the types

    def _state(self, spot: Spot, field: Choice, rng: Random) -> str:
        """Of states the first ones are the usual ones; of kinds any."""
        values = list(field.labels)
        if vocabulary.fits(
            r"(trang_thai|tinh_trang|ket_qua|xep_loai|tu_xep_loai|muc_do|ket_luan|danh_gia|chung).*", spot.called.key
        ):
            return rng.choices(values, [LESS_AND_LESS**place for place in range(len(values))])[0]
        return pick(rng, values)

    def _code(self, field: CodeListField, rng: Random, subject: Subject) -> str:
        if field.list == UNITS:
            return self._unit(field)
        known = vocabulary.code_for(field.list, subject)
        codes = self.context.lists.code_list(field.list, self.today)
        if known and known != "VN" and codes.find(known, self.today):
            return known
        items = [item for item in codes.valid(self.today) if self._fits(item.code, field, codes)]
        usual = [
            item.code for code in lexicon.usual_codes(field.key, field.list) for item in items if item.code == code
        ]
        return pick(rng, usual) if usual else pick(rng, items).code

    def _fits(self, code: str, field: CodeListField, codes: Any) -> bool:
        if field.level:
            return len(codes.chain(code, self.today)) == field.level
        return not codes.below(code, self.today)

    def _unit(self, field: CodeListField) -> str:
        units = self.context.lists.code_list(field.list, self.today)
        chain = units.chain(self.scene.place.unit, self.today)
        level = field.level or 1 + self._dice(field.key, "level").randrange(len(chain))
        return chain[-level].code if level <= len(chain) else self.scene.place.unit

    def _address(self, field: AddressField, rng: Random, subject: Subject) -> Raw:
        place = self.scene.place
        units = self.context.lists.code_list(field.list, self.today)
        wanted = {"commune": 3, "district": 2, "province": 1}[field.level]
        chain = units.chain(place.unit, self.today)
        unit = chain[-wanted].code if wanted <= len(chain) else place.unit
        return {"unit": unit, **({"detail": people.detail(rng, place)} if field.detail else {})}

    def _entry(self, spot: Spot, field: Reference, rng: Random) -> Raw | None:
        if not self._is_asked(field):
            return None
        found = self.neighbours.choose(field, spot.called.label, self.chosen, self.scene.place.unit, rng)
        if found is None:
            return None
        self.chosen.setdefault(field.register_key, found.id)
        for theirs, ours in lexicon.same_as(field.key, self.scene.of).items():
            value = found.values.get(theirs)
            if value is not None and ours in self.body.leaves and self._alike(ours, field.register_key, theirs):
                self.given.setdefault(ours, self.body.leaves[ours].field.to_json(value))
        return {"id": found.id}

    def _is_asked(self, field: Field) -> bool:
        """Whether the answers before ask for it, where that hangs on one choice; else it may be."""
        found = _ONE_OF.match(field.when or "")
        return found is None or self.scene.answered.get(found["key"]) in found["values"].replace("'", "").split(", ")

    def _alike(self, ours: str, register: str, theirs: str) -> bool:
        other = self.neighbours.bodies[register].leaves
        return theirs in other and other[theirs].field.type == self.body.leaves[ours].field.type

    def _place_on_map(self, field: GeometryField, rng: Random) -> Raw:
        units = self.context.lists.code_list(UNITS, self.today)
        codes = [item.code for item in units.chain(self.scene.place.unit, self.today)]
        spread = [kind for kind in field.kinds if kind != "point"]
        pointed = "point" in field.kinds and (not spread or rng.random() < 0.4)
        kind = "point" if pointed else spread[-1] if rng.random() < 0.5 else spread[0]
        square = min(amounts.square_metres(self.scene), LARGEST_AREA)
        length = min(amounts.metres_along(self.scene), LONGEST_LINE)
        middle = shapes.middle_of(codes or [self.scene.place.unit])
        return shapes.shape_near(kind, middle, rng, number=self.scene.serial % 80, square=square, length=length)

    def _written(self, spot: Spot, field: Text | Paragraph, rng: Random, about: Subject, *, plain: bool) -> str:
        pattern = field.pattern if isinstance(field, Text) else None
        text = ""
        if year := days.year_for(self.scene, field, spot.called, about.person, rng):
            text = year
        elif rule := lexicon.rule_for(spot.called.in_words):
            text = self.scene.write(rule, about.person, spot.path, "again" if plain else "")
        if pattern and not vocabulary.fits(pattern, text):
            text = text_like(pattern, rng)
        text = (text or "Theo hồ sơ kèm theo")[: field.max_length].strip()
        return text if len(text) >= field.min_length else text.ljust(field.min_length, ".")

    def _dice(self, *decision: str) -> Random:
        return dice(self.seed, *decision)


def _order(field: Field) -> int:
    """What decides about others comes first."""
    match field:
        case Choice() | Choices() | Boolean():
            return 0
        case Reference():
            return 1
        case Integer() | DecimalNumber() | Money() | Year():
            return 3
        case GeometryField():
            return 4
        case Text() | Paragraph():
            return 5
        case Table() | Section():
            return 6
        case _:
            return 2


def _row_number(spot: Spot) -> int:
    return int(spot.row.rpartition(".")[2]) if spot.row else 0


def _put(raw: Raw, path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        raw = raw.setdefault(step, {})
    raw[path[-1]] = value
