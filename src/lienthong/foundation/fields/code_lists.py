"""Code lists as declarations, and where fields find the published ones."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Annotated, Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from pydantic import BeforeValidator, StringConstraints, ValidationError, model_validator
from pydantic import Field as Attribute

from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.definitions.registry import Body, Day, Kind, Shape, Text
from lienthong.foundation.definitions.rules import Path, Problem, spelled
from lienthong.foundation.definitions.wording import problems
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.list_changes import changes
from lienthong.foundation.fields.lists import EMPTY, CodeList, Item

MOST_ITEMS = 50_000
MOST_SAID = 20
"""Problems of one list that are said; a list of thousands could have thousands."""

AREAS = "register-groups"
"""The code list of the sector databases, by which lists are arranged as registers are."""

BAR = "|"

Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]


class CodeListItem(Shape):
    code: Code
    name: Text
    parent: str = Attribute("", description="Code of the item above it")
    valid_from: Day | None = Attribute(None, description="First day; empty: always was")
    valid_to: Day | None = Attribute(None, description="Last day; empty: no end is known")
    replaced_by: tuple[Code, ...] = Attribute(
        (), description="Codes that took its place the day after `valid_to`; several where it was divided"
    )
    note: str = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "CodeListItem":
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(_now("valid_to is before valid_from"))
        return self

    @model_validator(mode="after")
    def _is_replaced_when_it_ends(self) -> "CodeListItem":
        if self.replaced_by and (self.valid_to is None or self.valid_to == date.max):
            raise ValueError(_now("what is replaced has a last day: valid_to is missing"))
        if len(set(self.replaced_by)) < len(self.replaced_by):
            raise ValueError(_now("replaced_by names a code twice"))
        return self

    @property
    def days(self) -> tuple[date, date]:
        return self.valid_from or date.min, self.valid_to or date.max


def _rows_of_a_table(given: Any) -> Any:
    """Items written as a table, made the items they are. Anything else stays."""
    if not isinstance(given, str):
        return given
    lines = [(n, line.strip()) for n, line in enumerate(given.split("\n"), start=1)]
    lines = [(n, line) for n, line in lines if line and not line.startswith("#")]
    if not lines:
        return []
    if len(lines) - 1 > MOST_ITEMS:
        raise ValueError(_now("the table has more than %(most)d lines") % {"most": MOST_ITEMS})
    columns = [name.strip() for name in lines[0][1].split(BAR)]
    unknown = [name for name in columns if name not in CodeListItem.model_fields]
    if unknown or len(set(columns)) < len(columns):
        raise ValueError(
            _now("the first line of the table names its columns, each once, among: %(known)s")
            % {"known": ", ".join(CodeListItem.model_fields)}
        )
    items: list[CodeListItem] = []
    wrong: list[str] = []
    for n, line in lines[1:]:
        row = _row(columns, line)
        try:
            items.append(CodeListItem.model_validate(row))
        except ValidationError as error:
            whys = (f"{spelled(found.path)} {found.message}".strip() for found in problems(error, CodeListItem, row))
            wrong += [_now("line %(n)d of the table: %(why)s") % {"n": n, "why": why} for why in whys]
        if len(wrong) >= MOST_SAID:
            break
    if wrong:
        raise ValueError("; ".join(wrong))
    return tuple(items)


def _row(columns: list[str], line: str) -> dict[str, Any]:
    """The cells by their columns; what stands beyond the last column is a field that there is not."""
    cells = [cell.strip() for cell in line.split(BAR)]
    names = [*columns, *(f"{BAR}{n}" for n in range(len(columns), len(cells)))]
    row: dict[str, Any] = {name: cell for name, cell in zip(names, cells, strict=False) if cell}
    if "replaced_by" in row:
        row["replaced_by"] = row["replaced_by"].replace(",", " ").split()
    return row


class CodeListBody(Body):
    """A list of codes with their names. A code may come again with other days, never twice on the same day.

    A long list may be written as a table, one text of many lines: the first names the columns, the others hold the
    items, cells are separated by bars, several codes in one cell by blanks.
    """

    area: str = Attribute("", description=f"Sector database it belongs to, a code of {AREAS}; empty: used by all")
    items: Annotated[tuple[CodeListItem, ...], BeforeValidator(_rows_of_a_table)] = Attribute(
        min_length=1, max_length=MOST_ITEMS, description="Item by item, or as a table"
    )

    @cached_property
    def compiled(self) -> CodeList:
        """As fields read it; worked out once, since a published body never changes."""
        return CodeList(
            Item(each.code, each.name, each.parent, each.valid_from, each.valid_to, each.note, each.replaced_by)
            for each in self.items
        )


def _check(body: CodeListBody, catalogue: Catalogue) -> Iterator[Problem]:
    areas = catalogue.get(CODE_LIST, AREAS) if body.area and body.key != AREAS else None
    if areas and body.area not in {item.code for item in areas.items}:
        yield Problem(("area",), _now("no code “%(code)s” in the list %(list)s") % {"code": body.area, "list": AREAS})
    yield from _overlaps(body)
    parents = {item.code: item.parent for item in body.items}
    codes = body.compiled
    for n, item in enumerate(body.items):
        if _above_itself(item.code, parents):
            yield Problem(("items", n, "parent"), _now("%(code)s is above itself") % {"code": item.code})
        if item.parent and not codes.periods(item.parent):
            message = _now("%(code)s lies below %(parent)s, which is not in the list")
            yield Problem(("items", n, "parent"), message % {"code": item.code, "parent": item.parent})
    for n, listed in enumerate(codes.items):
        there = {each.code for each in codes.became(listed)}
        for code in listed.replaced_by:
            if code not in there:
                message = _now("%(code)s is replaced by %(later)s, which is not in the list on %(day)s")
                day = f"{listed.day_after:%d/%m/%Y}"
                yield Problem(("items", n, "replaced_by"), message % {"code": listed.code, "later": code, "day": day})


def _overlaps(body: CodeListBody) -> Iterator[Problem]:
    periods: dict[str, list[tuple[int, CodeListItem]]] = {}
    for n, item in enumerate(body.items):
        for _n, other in periods.setdefault(item.code, []):
            if item.days[0] <= other.days[1] and other.days[0] <= item.days[1]:
                yield Problem(
                    ("items", n, "code"), _now("%(code)s is in the list twice for the same days") % {"code": item.code}
                )
                break
        periods[item.code].append((n, item))


def _above_itself(code: str, parents: dict[str, str]) -> bool:
    seen: set[str] = set()
    above = parents.get(code, "")
    while above in parents and above not in seen:
        if above == code:
            return True
        seen.add(above)
        above = parents[above]
    return False


def _consequences(previous: CodeListBody | None, body: CodeListBody) -> Iterator[str]:
    """What becomes of the items, in figures: a table of thousands of lines shows nobody what is different."""
    if previous is None:
        return
    found = changes(previous.compiled.items, body.compiled.items)
    if many := len(found.added):
        yield ngettext("%(many)d item is added", "%(many)d items are added", many) % {"many": many}
    if many := len(found.changed):
        yield ngettext("%(many)d item changes", "%(many)d items change", many) % {"many": many}
    if many := len(found.removed):
        said = ngettext(
            "%(many)d item goes; what was kept with its code is shown by the code",
            "%(many)d items go; what was kept with their codes is shown by the codes",
            many,
        )
        yield said % {"many": many}


CODE_LIST: Kind[CodeListBody] = Kind(
    key="code-list", model=CodeListBody, title=_("code list"), check=_check, consequences=_consequences
)


_provided: dict[str, Callable[[], CodeList]] = {}


def provide(key: str, made: Callable[[], CodeList]) -> None:
    """Make a list known that nobody declares, since the program has it elsewhere. Called from an `AppConfig.ready`."""
    _provided[key] = made


class PublishedLists:
    """The code lists in force on a day; one that has begun later or was retired is read as it is known at all."""

    def code_list(self, key: str, at: date) -> CodeList:
        if key in _provided:
            return _provided[key]()
        try:
            return CODE_LIST.current(key, at).body.compiled
        except DefinitionNotFound:
            editions = CODE_LIST.history(key)
            return editions[0].body.compiled if editions else EMPTY


PUBLISHED = PublishedLists()


def check_lists(fields: FieldList, catalogue: Catalogue, at: Path) -> Iterable[Problem]:
    """Problems for code lists that fields need and nobody declared; `at` is where the field list stands in its body.

    For the `check` of every kind whose body has fields; such a kind comes `after` code-list.
    """
    for place, key in fields.lists():
        yield from catalogue.refers(CODE_LIST, key, at=(*at, *place))
