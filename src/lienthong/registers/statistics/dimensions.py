"""By what statistics part the entries of a register, and the way from a part back to its entries.

A part has a code, which stands in addresses and answers; NOTHING is that of the entries in which nothing stands.
"""

import re
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.fields import formats
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.lists import CodeList, with_all_below
from lienthong.foundation.fields.types.address import Address, AddressField
from lienthong.foundation.fields.types.agencies import Organisation
from lienthong.foundation.fields.types.choices import Choice, CodeListField
from lienthong.foundation.fields.types.entries import Reference, id_in, nameless
from lienthong.foundation.fields.types.numbers import Year
from lienthong.foundation.organisations.queries import tree

if TYPE_CHECKING:
    from lienthong.registers.definition import RegisterBody

AGENCY, YEAR = "agency", "year"
"""What every entry has: who keeps it, and the year since when it is as it is. A field that is called so goes before."""

NOTHING = "-"
"""The part of those in which nothing stands."""

BELOW = "*"
"""Behind the code of an item: with all that is below it."""

NAME = r"^[a-z][a-z0-9_]*(\.[1-9])?$"
_LEVEL_OF_ADDRESSES = 2
"""The units below the province, unless a level is said."""


class NoSuchPart(ValueError):
    """A code that means no part."""


@dataclass(frozen=True, slots=True)
class Known:
    """What parts are named by. `entries` tells what entries of a register are called, as far as that may be read."""

    context: Context
    entries: Callable[[str, Collection[int]], Mapping[int, str]]


@dataclass(frozen=True)
class Dimension(ABC):
    """`name` as it is declared, `key` of its field ("" for what every entry has), `column` where it stands."""

    name: str
    key: str
    column: str
    label: str

    @property
    def expression(self) -> str:
        """What is grouped by."""
        return self.column

    def parts(self, stored: Collection[Any], context: Context) -> Mapping[Any, str]:
        """The code of the part of each value that the database gave."""
        return {value: NOTHING if value is None else self.code(value) for value in stored}

    @abstractmethod
    def code(self, value: Any) -> str: ...

    def names(self, codes: Collection[str], known: Known) -> Mapping[str, str]:
        """What people call the parts."""
        found = {code: self.call(code, known.context) for code in codes if code != NOTHING}
        return _told_apart(found) | ({NOTHING: _("not said")} if NOTHING in codes else {})

    def call(self, code: str, context: Context) -> str:
        return code

    def arranged(self, largest_first: Sequence[str], context: Context) -> Sequence[str]:
        """The parts as they are shown: in an order of their own, where they have one."""
        return largest_first

    def condition(self, code: str, context: Context) -> tuple[str, list[Any]]:
        """What is true of the entries of a part, with its values. Raises NoSuchPart."""
        if code == NOTHING:
            return f"{self.column} IS NULL", []
        return self.holds(code, context)

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        return f"{self.column} = %s", [code]


class Agencies(Dimension):
    """Who keeps the entries."""

    def code(self, value: Any) -> str:
        node = tree().nodes.get(value)
        return node.key if node else str(value)

    def call(self, code: str, context: Context) -> str:
        node = tree().by_key(code)
        return node.name if node else code

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        if (node := tree().by_key(code)) is None:
            raise NoSuchPart(code)
        return f"{self.column} = %s", [node.id]


class ChosenAgencies(Dimension):
    """Agencies that were chosen in a field, which keeps their keys."""

    def code(self, value: Any) -> str:
        return str(value)

    def call(self, code: str, context: Context) -> str:
        node = tree().by_key(code)
        return node.name if node else code

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        if not code or "\0" in code:
            raise NoSuchPart(code)
        return super().holds(code, context)


class Years(Dimension):
    """The years of days."""

    @property
    def expression(self) -> str:
        return f"date_part('year', {self.column})::int"  # extract() reckons in numeric, several times as slow

    def code(self, value: Any) -> str:
        return str(value)

    def arranged(self, largest_first: Sequence[str], context: Context) -> Sequence[str]:
        return sorted(largest_first, key=int)

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        if not re.fullmatch(r"[1-9][0-9]{3}", code):
            raise NoSuchPart(code)
        first, last = self._ends(int(code))
        return f"({self.column} >= %s AND {self.column} <= %s)", [first, last]

    def _ends(self, year: int) -> tuple[Any, Any]:
        return date(year, 1, 1), date(year, 12, 31)


class YearsOfMoments(Years):
    @property
    def expression(self) -> str:
        return f"date_part('year', {self.column} AT TIME ZONE '{clock.ZONE.key}')::int"

    def _ends(self, year: int) -> tuple[Any, Any]:
        first, last = super()._ends(year)
        return datetime.combine(first, time.min, clock.ZONE), datetime.combine(last, time.max, clock.ZONE)


class YesNo(Dimension):
    def code(self, value: Any) -> str:
        return "true" if value else "false"

    def call(self, code: str, context: Context) -> str:
        return _("Yes") if code == "true" else _("No")

    def arranged(self, largest_first: Sequence[str], context: Context) -> Sequence[str]:
        return sorted(largest_first, reverse=True)

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        if code not in ("true", "false"):
            raise NoSuchPart(code)
        return f"{self.column} = %s", [code == "true"]


class Numbers(Dimension):
    def code(self, value: Any) -> str:
        return str(value)

    def call(self, code: str, context: Context) -> str:
        return formats.number(int(code))

    def arranged(self, largest_first: Sequence[str], context: Context) -> Sequence[str]:
        return sorted(largest_first, key=int)

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        if not re.fullmatch(r"-?[0-9]{1,18}", code, re.ASCII):
            raise NoSuchPart(code)
        return f"{self.column} = %s", [int(code)]


class Texts(Dimension):
    """Codes begin with =, so that no text is taken for nothing."""

    def code(self, value: Any) -> str:
        return f"={value}"

    def call(self, code: str, context: Context) -> str:
        return code[1:]

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        if not code.startswith("=") or "\0" in code:
            raise NoSuchPart(code)
        return f"{self.column} = %s", [code[1:]]


@dataclass(frozen=True)
class Choices(Dimension):
    labels: Mapping[str, str]

    def code(self, value: Any) -> str:
        return str(value)

    def call(self, code: str, context: Context) -> str:
        return self.labels.get(code, code)

    def arranged(self, largest_first: Sequence[str], context: Context) -> Sequence[str]:
        return _by_rank(largest_first, self.labels)

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        if not code or "\0" in code:
            raise NoSuchPart(code)
        return super().holds(code, context)


@dataclass(frozen=True)
class Codes(Dimension):
    """Items of a code list. `level`: only those at this depth (the tops are 1), each with all below it; where these
    leave one part alone, those below. None: the items as they are."""

    field: CodeListField | AddressField
    level: int | None

    def code(self, value: Any) -> str:
        return str(value)

    def parts(self, stored: Collection[Any], context: Context) -> Mapping[Any, str]:
        codes = [value for value in stored if value is not None]
        nothing = {None: NOTHING} if len(codes) < len(stored) else {}
        if self.level is None:
            return {code: code for code in codes} | nothing
        items = self._items(context)
        chains = {code: [item.code for item in items.chain(code, context.at)][::-1] for code in codes}
        deepest, depth = max((len(chain) for chain in chains.values()), default=0), self.level
        while True:
            found = {code: _at(depth, code, chain) for code, chain in chains.items()}
            if depth >= deepest or len(set(found.values())) > 1:
                return found | nothing
            depth += 1

    def call(self, code: str, context: Context) -> str:
        bare = code.removesuffix(BELOW)
        if isinstance(self.field, AddressField):
            return self.field.brief(Address(bare), context)
        return self._items(context).name(bare, context.at)

    def arranged(self, largest_first: Sequence[str], context: Context) -> Sequence[str]:
        items = self._items(context).valid(context.at)
        return _by_rank(largest_first, [code for item in items for code in (item.code, item.code + BELOW)])

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        bare = code.removesuffix(BELOW)
        if not bare or "\0" in bare:
            raise NoSuchPart(code)
        if code == bare:
            return super().holds(code, context)
        items = self._items(context)
        if items.find(bare, context.at) is None:
            raise NoSuchPart(code)
        return f"{self.column} = ANY(%s)", [list(with_all_below(bare, items, context.at))]

    def _items(self, context: Context) -> CodeList:
        return context.lists.code_list(self.field.list, context.at)


@dataclass(frozen=True)
class Entries(Dimension):
    """Entries of a register that are pointed to."""

    register: str

    def code(self, value: Any) -> str:
        return str(value)

    def names(self, codes: Collection[str], known: Known) -> Mapping[str, str]:
        ids = [int(code) for code in codes if code != NOTHING]
        titles = known.entries(self.register, ids) if ids else {}
        found = {str(id): titles.get(id) or nameless(id) for id in ids}
        return _told_apart(found) | ({NOTHING: _("not said")} if NOTHING in codes else {})

    def holds(self, code: str, context: Context) -> tuple[str, list[Any]]:
        if (id := id_in(code)) is None:
            raise NoSuchPart(code)
        return f"{self.column} = %s", [id]


def dimension(body: "RegisterBody", name: str) -> Dimension | None:
    """What is declared so; None where there is no such field, or it cannot part entries."""
    if not re.fullmatch(NAME, name):
        return None
    key, _dot, level = name.partition(".")
    if key in body.leaves:
        return _of_field(body, name, body.leaves[key].field, int(level) if level else None)
    if name == AGENCY:
        return Agencies(name, "", "organisation_id", _("Keeping agency"))
    if name == YEAR:
        return Years(name, "", "valid_from", _("Year of taking effect"))
    return None


def _of_field(body: "RegisterBody", name: str, field: Field, level: int | None) -> Dimension | None:
    if not body.layout.columns[field.key] or (level and not isinstance(field, CodeListField | AddressField)):
        return None
    common = (name, field.key, body.layout.first(field.key), body.labels[field.key])
    match field:
        case Organisation():
            return ChosenAgencies(*common)
        case AddressField():
            return Codes(*common, field, level or _LEVEL_OF_ADDRESSES)
        case CodeListField():
            return Codes(*common, field, level)
        case Choice():
            return Choices(*common, field.labels)
        case Reference():
            return Entries(*common, field.register_key)
    return _by_column(field, common)


def _by_column(field: Field, common: tuple[str, str, str, str]) -> Dimension | None:
    made: type[Dimension] | None = None
    match _kind(field):
        case "DateField":
            made = Years
        case "DateTimeField":
            made = YearsOfMoments
        case "BooleanField":
            made = YesNo
        case "BigIntegerField" if not is_money(field):
            made = Numbers
        case "TextField" if field.narrows == "typed" or field.type == "computed":
            made = Texts
    return made(*common) if made else None


def is_numeric(field: Field) -> bool:
    """Whether it can be added up."""
    return _kind(field) in ("BigIntegerField", "DecimalField") and not isinstance(field, Reference | Year)


def is_money(field: Field) -> bool:
    return "money" in (field.type, getattr(field, "result", ""))


def _kind(field: Field) -> str:
    columns = list(field.columns().values())
    return columns[0].get_internal_type() if len(columns) == 1 else ""


def _at(depth: int, code: str, chain: Sequence[str]) -> str:
    return f"{chain[depth - 1]}{BELOW}" if len(chain) >= depth else code


def _by_rank(codes: Sequence[str], known: Iterable[str]) -> Sequence[str]:
    """In the order of those that are known; the others behind, as they are."""
    rank = {code: number for number, code in enumerate(known)}
    return sorted(codes, key=lambda code: rank.get(code, len(rank)))


def _told_apart(names: dict[str, str]) -> dict[str, str]:
    """Names that come more than once, with what tells them apart."""
    times = Counter(names.values())
    return {code: f"{name} ({code.strip('=*')})" if times[name] > 1 else name for code, name in names.items()}
