"""What a register declares of its statistics."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.utils.translation import gettext as _
from pydantic import BeforeValidator, StringConstraints
from pydantic import Field as Attribute

from lienthong.foundation.definitions.registry import Catalogue, Key, Problem, Shape, Text
from lienthong.foundation.definitions.rules import Path
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.registers.statistics.dimensions import (
    AGENCY,
    NAME,
    YEAR,
    Choices,
    Codes,
    Dimension,
    Numbers,
    Years,
    YesNo,
    dimension,
    is_numeric,
)

if TYPE_CHECKING:
    from lienthong.registers.definition import RegisterBody

Measure = Literal["count", "sum", "average"]
MOST = 30
"""Statistics of a register."""


def _as_texts(value: Any) -> Any:
    """One value or several, as YAML writes them."""
    values = value if isinstance(value, list | tuple) else [value]
    return tuple(
        ("true" if each else "false") if isinstance(each, bool) else str(each) if isinstance(each, int) else each
        for each in values
    )


Values = Annotated[tuple[str, ...], BeforeValidator(_as_texts), Attribute(min_length=1, max_length=50)]


class Statistic(Shape):
    """A figure for every part of the entries."""

    key: Key
    name: Text = Attribute(description="What it tells, as Diện tích đất theo loại đất")
    by: tuple[Annotated[str, StringConstraints(pattern=NAME)], ...] = Attribute(
        min_length=1,
        max_length=2,
        description="What the entries are parted by: first the rows, then the columns. Keys of fields; a day or moment"
        " counts by its year. nganh.1: the items of a code list at that depth, each with all below it; addresses are"
        f" parted by the units below the province (dia_chi.2) unless said. {AGENCY}: who keeps them; {YEAR}: the year"
        " since when they are so",
    )
    measure: Measure = Attribute("count", description="What is told of each part: how many, or the sum or average of")
    of: str = Attribute("", description="Key of the numeric field that is added up; empty: entries are counted")
    where: dict[str, Values] = Attribute(
        default_factory=dict,
        description="Only entries with one of these values: fields with a value or several. Of a code list the item"
        " with all below it; of a day its year",
    )
    unit: str = Attribute("", max_length=30, description="In what it is counted; the field's own unit unless said")

    @property
    def keys(self) -> Iterator[str]:
        """What it reckons with; `agency` and `year`, which everybody reads, may be among them."""
        yield from (name.partition(".")[0] for name in self.by)
        yield from self.where
        if self.of:
            yield self.of


def check(body: "RegisterBody", catalogue: Catalogue) -> Iterator[Problem]:
    """Every statistic reckons with what is there, can be reckoned with and is nobody's personal data."""
    seen: set[str] = set()
    for number, statistic in enumerate(body.statistics):
        at: Path = ("statistics", number)
        if statistic.key in seen:
            yield Problem((*at, "key"), _("“%(key)s” is there twice") % {"key": statistic.key})
        seen.add(statistic.key)
        yield from _parted(body, statistic, at)
        yield from _measured(body, statistic, at)
        for key, values in statistic.where.items():
            yield from _narrowed(body, key, values, catalogue, (*at, "where", key))


def _parted(body: "RegisterBody", statistic: Statistic, at: Path) -> Iterator[Problem]:
    for number, name in enumerate(statistic.by):
        key = name.partition(".")[0]
        place = (*at, "by", number)
        if name in statistic.by[:number]:
            yield Problem(place, _("“%(key)s” is there twice") % {"key": name})
        elif key not in body.leaves and name not in (AGENCY, YEAR):
            yield _no_field(key, place)
        elif key in body.personal:
            yield _personal(key, place)
        elif dimension(body, name) is None:
            if "." in name:
                message = _("“%(name)s” has no levels; only code lists and addresses have")
            else:
                message = _("“%(name)s” is not one plain value by which entries can be parted")
            yield Problem(place, message % {"name": key})


def _measured(body: "RegisterBody", statistic: Statistic, at: Path) -> Iterator[Problem]:
    if (statistic.measure == "count") == bool(statistic.of):
        message = (
            _("entries are counted; leave out “of”, or say sum or average")
            if statistic.of
            else _("say of which field: of")
        )
        yield Problem((*at, "of" if statistic.of else "measure"), message)
    elif statistic.of and statistic.of not in body.leaves:
        yield _no_field(statistic.of, (*at, "of"))
    elif statistic.of in body.personal:
        yield _personal(statistic.of, (*at, "of"))
    elif statistic.of and not is_numeric(body.leaves[statistic.of].field):
        yield Problem((*at, "of"), _("“%(name)s” is no number") % {"name": statistic.of})


def _narrowed(
    body: "RegisterBody", key: str, values: tuple[str, ...], catalogue: Catalogue, at: Path
) -> Iterator[Problem]:
    if key not in body.leaves:
        yield _no_field(key, at)
        return
    if key in body.personal:
        yield _personal(key, at)
        return
    parting = dimension(body, key)
    if not isinstance(parting, Choices | Codes | YesNo | Years | Numbers):
        yield Problem(at, _("“%(name)s” has no values that can be named here") % {"name": key})
        return
    for value in values:
        if not _is_possible(parting, value, catalogue):
            yield Problem(at, _("“%(name)s” can never be “%(value)s”") % {"name": key, "value": value})


def _is_possible(parting: Dimension, value: str, catalogue: Catalogue) -> bool:
    match parting:
        case Codes():
            items = catalogue.get(CODE_LIST, parting.field.list)
            return items is None or any(item.code == value for item in items.items)
        case Choices():
            return value in parting.labels
        case YesNo():
            return value in ("true", "false")
    return value.removeprefix("-").isdecimal()


def _no_field(name: str, at: Path) -> Problem:
    return Problem(at, _("there is no field “%(name)s”") % {"name": name})


def _personal(name: str, at: Path) -> Problem:
    return Problem(at, _("“%(name)s” is personal data, which statistics leave out") % {"name": name})
