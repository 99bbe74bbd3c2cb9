"""A list narrowed to what a figure counts: parts of statistics in the address of a page, read and named."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from django.http import QueryDict

from lienthong.foundation.fields.context import Context
from lienthong.registers.access import Rights
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import Part
from lienthong.registers.statistics.counting import called, conditions
from lienthong.registers.statistics.dimensions import Dimension, Known, NoSuchPart, dimension
from lienthong.registers.statistics.offered import allowed

PART, STATISTIC = "n.", "tk"
"""Before the name by which a statistic parts; what statistics leave out altogether is left out by their keys."""

MOST = 50
"""Parts of one kind."""


@dataclass(frozen=True, slots=True)
class Narrowed:
    """By which parameter of the address, and to which parts together."""

    parameter: str
    dimension: Dimension
    codes: tuple[str, ...]
    part: Part

    def named(self, context: Context, rights: Rights) -> str:
        names = self.dimension.names(self.codes, Known(context, partial(called, rights=rights)))
        return ", ".join(names[code] for code in self.codes)


def narrowed(body: RegisterBody, rights: Rights, given: QueryDict, context: Context) -> list[Narrowed]:
    """What the address says; what it says wrongly, or of fields that are not theirs to read, is left aside."""
    return [*_parts(body, rights, given, context), *_left_out(body, rights, given, context)]


def _parts(body: RegisterBody, rights: Rights, given: QueryDict, context: Context) -> Iterator[Narrowed]:
    for parameter, codes in given.lists():
        name = parameter.removeprefix(PART)
        parting = dimension(body, name) if parameter != name else None
        if parting is None or (parting.key and not _may(body, rights, parting.key)):
            continue
        wanted = tuple(dict.fromkeys(code for code in codes if code))[:MOST]
        try:
            each = [parting.condition(code, context) for code in wanted]
        except NoSuchPart:
            continue
        if each:
            said = " OR ".join(condition for condition, _values in each)
            part = Part(parting.key, f"({said})", [value for _condition, values in each for value in values])
            yield Narrowed(parameter, parting, wanted, part)


def _left_out(body: RegisterBody, rights: Rights, given: QueryDict, context: Context) -> Iterator[Narrowed]:
    wanted = set(keys_of(given))
    for statistic in (each for each in body.statistics if each.key in wanted and allowed(body, rights, each)):
        for part in conditions(body, statistic, context):
            parting = dimension(body, part.key)
            assert parting
            yield Narrowed(STATISTIC, parting, statistic.where[part.key], part)


def keys_of(given: QueryDict) -> list[str]:
    """The statistics that left something out on the way here."""
    return [key for key in given.get(STATISTIC, "").split(",") if key]


def _may(body: RegisterBody, rights: Rights, key: str) -> bool:
    return key not in body.personal and rights.everywhere(key)
