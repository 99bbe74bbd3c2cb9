"""What the entries of a list come to: one statistic at a time, each figure a way to the entries that it counts."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lienthong.foundation import clock
from lienthong.foundation.fields import formats
from lienthong.foundation.files.serving import content_disposition
from lienthong.foundation.sheets.writing import CSV, XLSX
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import looking
from lienthong.registers.context import context_of
from lienthong.registers.looking import Look
from lienthong.registers.statistics.counting import Counted, counted
from lienthong.registers.statistics.definition import Statistic
from lienthong.registers.statistics.dimensions import is_money
from lienthong.registers.statistics.figures import REST, PartOf, Sum
from lienthong.registers.statistics.narrowing import PART, STATISTIC, keys_of
from lienthong.registers.statistics.offered import offered
from lienthong.registers.statistics.writing import written_to
from lienthong.registers.views.listing import opened


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure as it is written; `address` of the list of the entries in it, "" where there is none; `label` says of
    what it is, `column` under which heading it stands."""

    text: str
    address: str = ""
    label: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    cells: Sequence[Cell]
    figure: Cell
    entries: Cell
    share: str
    length: str


@require_safe
@signed_in_officer
def page(request: OfficerRequest, register: str, statistic: str = "") -> HttpResponse:
    """One statistic of the list that the address narrows, as of today or of a day."""
    look, found, chosen = _asked(request, register, statistic)
    shown: dict[str, Any] = {
        "body": look.body,
        "look": look,
        "names": looking,
        "list": reverse("registers:listing", args=[register]) + look.with_changes(),
    }
    if chosen is None:
        return render(request, "registers/statistics.html", shown)
    made = counted(look.body, look.rights, chosen, look.filters, context=look.then, as_of=look.as_of)
    writing = _Writing(look, chosen, made)
    shown |= {
        "chosen": chosen,
        "hidden": [
            (name, value)
            for name, values in looking.tidy(request.GET).lists()
            for value in values
            if name not in (looking.DAY, looking.KNOWN)
        ],
        "statistics": [
            {"statistic": each, "address": _address(look, each), "current": each is chosen} for each in found
        ],
        "across": [part.name for part in made.figures.columns],
        "dimension": made.dimensions[0].label,
        "heading": writing.heading,
        "lines": list(writing.lines()),
        "below": [Cell(writing.text(each)) for each in made.figures.below],
        "total": Cell(writing.text(made.figures.all)),
        "entries": formats.number(int(made.figures.all.count)),
        "has_share": any(row.share is not None for row in made.figures.rows),
        "measured": chosen.measure != "count",
        "now": clock.now(),
        "file": reverse("registers:statistic_file", args=[register, chosen.key, "xlsx"]) + look.with_changes(),
        "table": reverse("registers:statistic_file", args=[register, chosen.key, "csv"]) + look.with_changes(),
    }
    return render(request, "registers/statistics.html", shown)


@require_safe
@signed_in_officer
def file(request: OfficerRequest, register: str, statistic: str, format_key: str) -> HttpResponse:
    """The same figures as a spreadsheet or as a plain table."""
    if format_key not in ("xlsx", "csv"):
        raise Http404
    look, _found, chosen = _asked(request, register, statistic)
    if chosen is None:
        raise Http404
    made = counted(look.body, look.rights, chosen, look.filters, context=look.then, as_of=look.as_of)
    target = io.BytesIO()
    written_to(target, format_key, chosen, made, heading=_Writing(look, chosen, made).heading)
    answer = HttpResponse(target.getvalue(), content_type=XLSX if format_key == "xlsx" else CSV)
    name = f"{look.body.name} - {chosen.name} {clock.now():%Y-%m-%d}.{format_key}"
    answer["Content-Disposition"] = content_disposition("attachment", name)
    answer["Cache-Control"] = "no-store"
    return answer


def _asked(request: OfficerRequest, register: str, wanted: str) -> tuple[Look, list[Statistic], Statistic | None]:
    """How the list is looked at, the statistics that the officer may see, and the one that is wanted, else the first.
    None where there is none at all."""
    body, rights = opened(request.officer, register)
    look = Look(body, rights, request.GET, context_of(request.officer))
    found = offered(body, rights, look.then)
    chosen = next((each for each in found if each.key == wanted), None) if wanted else next(iter(found), None)
    if wanted and chosen is None:
        raise Http404
    return look, found, chosen


def _address(look: Look, statistic: Statistic) -> str:
    return reverse("registers:statistic", args=[look.body.key, statistic.key]) + look.with_changes()


class _Writing:
    """How the figures of a statistic are written, and where they lead."""

    def __init__(self, look: Look, statistic: Statistic, made: Counted) -> None:
        self.look, self.statistic, self.made = look, statistic, made
        self._field = look.body.leaves[statistic.of].field if statistic.of else None

    @property
    def heading(self) -> str:
        """Of the column of figures, with what they are counted in."""
        if self._field is None:
            return self.statistic.unit[:1].upper() + self.statistic.unit[1:] or pgettext("count", "Entries")
        unit = self.statistic.unit or ("đồng" if is_money(self._field) else getattr(self._field, "unit", ""))
        label = _("Average: %(field)s") if self.statistic.measure == "average" else "%(field)s"
        said = label % {"field": self.look.body.labels[self.statistic.of]}
        return f"{said} ({unit})" if unit else said

    def text(self, found: Sum) -> str:
        value = found.value(self.statistic.measure)
        return "–" if value is None else written_figure(value)

    def lines(self) -> Iterator[Line]:
        for row in self.made.figures.rows:
            columns = zip(self.made.figures.columns, row.cells, strict=True)
            yield Line(
                row.part.name,
                [replace(self._cell(each, row.part, column), column=column.name) for column, each in columns],
                self._cell(row.all, row.part),
                Cell(formats.number(int(row.all.count)), self._list(row.all, row.part), row.part.name),
                percent(row.share),
                f"{row.length * 100:.1f}" if row.length is not None else "",
            )

    def _cell(self, found: Sum, *parts: PartOf) -> Cell:
        if not found.count:
            return Cell("–" if len(parts) > 1 else self.text(found))
        return Cell(self.text(found), self._list(found, *parts), ", ".join(part.name for part in parts))

    def _list(self, found: Sum, *parts: PartOf) -> str:
        """The list narrowed to the entries of a figure."""
        if not found.count or any(part.code == REST for part in parts):
            return ""
        changes = {f"{PART}{each.name}": part.code for each, part in zip(self.made.dimensions, parts, strict=False)}
        if self.statistic.where:
            changes[STATISTIC] = ",".join(dict.fromkeys([*keys_of(self.look.given), self.statistic.key]))
        return reverse("registers:listing", args=[self.look.body.key]) + self.look.with_changes(**changes)


def written_figure(value: Decimal | int) -> str:
    """With at most two digits after the comma."""
    rounded = round(Decimal(value), 2)
    return formats.number(int(rounded) if rounded == rounded.to_integral_value() else rounded)


def percent(share: Decimal | None) -> str:
    return f"{formats.number(round(share * 100, 1), 1)} %" if share is not None else ""
