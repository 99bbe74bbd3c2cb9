"""What the API says of statistics."""

from decimal import Decimal
from typing import Any, Self

from ninja import Field, Schema

from lienthong.foundation.fields.types.numbers import json_number
from lienthong.registers.statistics.counting import Counted
from lienthong.registers.statistics.definition import Statistic
from lienthong.registers.statistics.figures import PartOf, Sum


class StatisticAnswer(Schema):
    key: str
    name: str
    measure: str = Field(description="count, sum or average")
    measured: str = Field(description="Key of the field that is added up; empty: entries are counted")
    by: list[str] = Field(description="What the entries are parted by, first the rows, then the columns")
    where: dict[str, list[str]] = Field(description="Only entries with one of these values")

    @classmethod
    def of(cls, statistic: Statistic) -> Self:
        return cls(**_said(statistic))


class PartAnswer(Schema):
    code: str | None = Field(description="- for those in which nothing stands; null for all smaller parts together")
    name: str

    @classmethod
    def of(cls, part: PartOf) -> Self:
        return cls(code=part.code or None, name=part.name)


class FigureAnswer(Schema):
    entries: int
    value: int | float | None = Field(description="The count, sum or average; null where nothing is known")

    @classmethod
    def of(cls, found: Sum, measure: str) -> Self:
        value = found.value(measure)
        return cls(entries=int(found.count), value=None if value is None else json_number(round(Decimal(value), 6)))


class RowAnswer(FigureAnswer):
    part: PartAnswer
    cells: list[FigureAnswer] = Field(description="One for each of `columns`")


class FiguresAnswer(StatisticAnswer):
    columns: list[PartAnswer]
    rows: list[RowAnswer]
    all: FigureAnswer

    @classmethod
    def made(cls, statistic: Statistic, counted: Counted) -> Self:
        figures, measure = counted.figures, statistic.measure
        rows = [
            RowAnswer(
                part=PartAnswer.of(row.part),
                cells=[FigureAnswer.of(each, measure) for each in row.cells],
                **FigureAnswer.of(row.all, measure).dict(),
            )
            for row in figures.rows
        ]
        columns = [PartAnswer.of(each) for each in figures.columns]
        return cls(**_said(statistic), columns=columns, rows=rows, all=FigureAnswer.of(figures.all, measure))


def _said(statistic: Statistic) -> dict[str, Any]:
    return {
        "key": statistic.key,
        "name": statistic.name,
        "measure": statistic.measure,
        "measured": statistic.of,
        "by": list(statistic.by),
        "where": {key: list(values) for key, values in statistic.where.items()},
    }
