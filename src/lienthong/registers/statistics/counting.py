"""A statistic, counted by the database: one query, under the rights of who asks."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from functools import partial

from lienthong.foundation.fields.context import Context
from lienthong.foundation.statements import run
from lienthong.registers import queries, titles
from lienthong.registers.access import Rights
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import AsOf, Filters, Part
from lienthong.registers.statistics.definition import Statistic
from lienthong.registers.statistics.dimensions import BELOW, Codes, Dimension, Known, NoSuchPart, dimension
from lienthong.registers.statistics.figures import Figures, Sum, tabulated

MOST_GROUPS = 20_000
"""Values that are told apart; what is in the smaller ones stands together."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The figures, and what their rows and columns are parted by."""

    dimensions: tuple[Dimension, ...]
    figures: Figures


def counted(
    body: RegisterBody,
    rights: Rights,
    statistic: Statistic,
    filters: Filters,
    *,
    context: Context,
    as_of: AsOf | None = None,
) -> Counted:
    """The figures of the entries that a list narrowed so would show; none where it would show none. One query, and one
    more for what entries are called by which others are parted."""
    dimensions = tuple(found for name in statistic.by if (found := dimension(body, name)))
    narrowed = replace(filters, parts=[*filters.parts, *conditions(body, statistic, context)])
    groups, all_of_it = _groups(body, rights, statistic, dimensions, narrowed, as_of)
    known = Known(context, partial(called, rights=rights))
    return Counted(dimensions, tabulated(groups, all_of_it, dimensions, statistic.measure, known))


def conditions(body: RegisterBody, statistic: Statistic, context: Context) -> list[Part]:
    """What is true of all entries that a statistic counts."""
    found = []
    for key, values in statistic.where.items():
        parting = dimension(body, key)
        assert parting
        each = [_holds(parting, value, context) for value in values]
        said = " OR ".join(condition for condition, _values in each)
        found.append(Part(key, f"({said})", [value for _condition, values in each for value in values]))
    return found


def _holds(parting: Dimension, value: str, context: Context) -> tuple[str, list[object]]:
    if isinstance(parting, Codes):
        try:
            return parting.holds(value + BELOW, context)
        except NoSuchPart:  # not in the list any more, or not yet
            return parting.holds(value, context)
    return parting.holds(value, context)


def _groups(
    body: RegisterBody,
    rights: Rights,
    statistic: Statistic,
    dimensions: tuple[Dimension, ...],
    filters: Filters,
    as_of: AsOf | None,
) -> tuple[dict[tuple[object, ...], Sum], Sum]:
    """What stands under each choice of stored values, and under all together."""
    measured = body.layout.first(statistic.of) if statistic.of else ""
    columns = dict.fromkeys([each.column for each in dimensions] + ([measured] if measured else []))
    decided_by = [key for key in statistic.keys if key in body.leaves]
    asked = queries.source(body, rights, filters, list(columns), decided_by=decided_by, as_of=as_of)
    if asked is None:
        return {}, Sum()
    source, values = asked
    by = ", ".join(each.expression for each in dimensions)
    added = f"sum({measured}), count({measured})" if measured else "0, 0"
    whole = f"sum(sum({measured})) OVER (), sum(count({measured})) OVER ()" if measured else "0, 0"
    groups = ", ".join(str(number) for number, _each in enumerate(dimensions, start=1))
    statement = (
        f"SELECT {by}, count(*), {added}, sum(count(*)) OVER (), {whole} FROM {source}"
        f" GROUP BY {groups} ORDER BY {len(dimensions) + 1} DESC LIMIT {MOST_GROUPS}"
    )
    with run(statement, values, planned_for_values=True) as cursor:
        rows = cursor.fetchall()
    width = len(dimensions)
    found = {tuple(row[:width]): Sum(*row[width : width + 3]) for row in rows}
    return found, Sum(*rows[0][width + 3 :]) if rows else Sum()


def called(register: str, ids: Collection[int], *, rights: Rights) -> Mapping[int, str]:
    """What entries of a register are called, as far as somebody may read that."""
    return titles.titles_of(register, ids, rights) if rights.elsewhere else {}
