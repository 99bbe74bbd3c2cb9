"""Code lists as declarations, and where fields find the published ones."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from functools import cached_property
from typing import Annotated

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field as Attribute
from pydantic import StringConstraints, model_validator

from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.definitions.registry import Body, Day, Kind, Shape, Text
from lienthong.foundation.definitions.rules import Path, Problem
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.lists import EMPTY, CodeList, Item

MOST_ITEMS = 50_000


class CodeListItem(Shape):
    code: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=60)]
    name: Text
    parent: str = Attribute("", description="Code of the item above it")
    valid_from: Day | None = Attribute(None, description="First day; empty: always was")
    valid_to: Day | None = Attribute(None, description="Last day; empty: no end is known")
    note: str = ""

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "CodeListItem":
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError(_now("valid_to is before valid_from"))
        return self

    @property
    def days(self) -> tuple[date, date]:
        return self.valid_from or date.min, self.valid_to or date.max


class CodeListBody(Body):
    """A list of codes with their names. A code may come again with other days, never twice on the same day."""

    items: tuple[CodeListItem, ...] = Attribute(min_length=1, max_length=MOST_ITEMS)

    @cached_property
    def compiled(self) -> CodeList:
        """As fields read it; worked out once, since a published body never changes."""
        return CodeList(
            Item(item.code, item.name, item.parent, item.valid_from, item.valid_to, item.note) for item in self.items
        )


def _check(body: CodeListBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from _overlaps(body)
    parents = {item.code: item.parent for item in body.items}
    for n, item in enumerate(body.items):
        if _above_itself(item.code, parents):
            yield Problem(("items", n, "parent"), _now("%(code)s is above itself") % {"code": item.code})


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


CODE_LIST: Kind[CodeListBody] = Kind(key="code-list", model=CodeListBody, title=_("code list"), check=_check)


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
