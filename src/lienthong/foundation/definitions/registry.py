"""The kinds of things that can be declared, and what every declaration has in common."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypeVar

from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

from lienthong.foundation.definitions import queries
from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.queries import Published
from lienthong.foundation.definitions.rules import Problem

if TYPE_CHECKING:
    from lienthong.foundation.definitions.models import Definition

__all__ = [
    "Body",
    "Catalogue",
    "Citation",
    "Day",
    "Key",
    "Kind",
    "Problem",
    "Published",
    "Shape",
    "Text",
    "find",
    "in_order",
    "register",
    "replaced",
]


_KEBAB_CASE = "^[a-z0-9]+(-[a-z0-9]+)*$"


def _kebab_case(text: str) -> str:
    if not re.fullmatch(_KEBAB_CASE, text):
        raise ValueError(_("may have only small letters without accents, digits and hyphens, like cap-phep-xay-dung"))
    return text


def _written_as_a_day(value: object) -> object:
    """Numbers are not days: pydantic would read 2021 as seconds since 1970."""
    if isinstance(value, date) or (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
        return value
    raise ValueError(_("must be a day written year-month-day, like 2021-01-31"))


Key = Annotated[
    str,
    StringConstraints(max_length=100),
    AfterValidator(_kebab_case),
    WithJsonSchema({"type": "string", "format": "key", "pattern": _KEBAB_CASE, "maxLength": 100}),
]
"""How a declared thing is called by other declarations: small letters without accents, digits, hyphens."""

Day = Annotated[date, BeforeValidator(_written_as_a_day)]
"""A calendar day, 2021-01-31. Use it instead of `date`, which would take a bare number for a moment since 1970."""

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Words for people; not empty."""


class Shape(BaseModel):
    """A part of a declaration: an unknown field is an error, and what was read never changes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Citation(Shape):
    """Where a fact of the declaration is from."""

    what: Text = Field(description="The fact, or the part of the declaration")
    where: str = Field("", description="Document, article or address where it can be read")
    confirmed: bool = Field(description="Whether somebody compared it with the original")
    note: str = ""


class Body(Shape):
    """What every declaration has. The shape of a kind derives from it."""

    key: Key = Field(description="Name of this declaration in others; never changes")
    name: Text = Field(description="Name that people see, in Vietnamese")
    effective_from: Day = Field(description="First day in force")
    effective_to: Day | None = Field(None, description="Last day in force; empty: no end is known")
    sources: tuple[Citation, ...] = Field((), description="Where the facts are from")

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> "Body":
        if self.effective_to and self.effective_to < self.effective_from:
            raise ValueError(_("effective_to is before effective_from"))
        return self


B = TypeVar("B", bound=Body)


@dataclass(frozen=True, eq=False)
class Kind(Generic[B]):
    """A kind of declared thing. Made once, as a constant of the room that owns it, and given to `register`.

    `after`: the kinds that this one refers to; they are checked and materialised before it.
    `check`: problems that the shape cannot see, references above all. It sees the world as it will be after publishing.
    `consequences`: what publishing would change for people, in sentences; the first body is None for a new thing.
    `losses`: what would not be shown or kept any more, in sentences; publishing such a version must be asked for.
    `prepare`: makes ready what new versions need, before and outside of the publishing transaction. Done again, or for
    a version that is then not published, it harms nothing.
    `materialise`: makes the rows that follow from a published version, inside the publishing transaction.
    """

    key: str
    model: type[B]
    title: str | Promise
    after: tuple[str, ...] = ()
    check: Callable[[B, Catalogue], Iterable[Problem]] | None = None
    consequences: Callable[[B | None, B], Iterable[str | Promise]] | None = None
    losses: Callable[[B | None, B], Iterable[str | Promise]] | None = None
    prepare: Callable[[Sequence[B]], None] | None = None
    materialise: "Callable[[Definition, B], None] | None" = None

    def current(self, key: str, at: date | None = None) -> Published[B]:
        """The version in force on the day (default: today). Raises NotFound."""
        return queries.current(self, key, at)

    def all(self, at: date | None = None) -> tuple[Published[B], ...]:
        """Everything of this kind in force on the day (default: today), by key."""
        return queries.all_current(self, at)

    def pinned(self, id: int) -> B:
        """The body of exactly that version. Raises NotFound when it is none of this kind."""
        return queries.edition(self, id).body

    def edition(self, id: int) -> Published[B]:
        """Exactly that version. Raises NotFound when it is none of this kind."""
        return queries.edition(self, id)

    def history(self, key: str) -> tuple[Published[B], ...]:
        """Every version, newest first; empty when the key was never published."""
        return queries.history(self, key)


_registered: dict[str, Kind[Any]] = {}


def register(kind: Kind[Any]) -> None:
    """Make a kind known. Called from `AppConfig.ready` of the room that owns it."""
    if _registered.setdefault(kind.key, kind) is not kind:
        raise ImproperlyConfigured(f"the kind {kind.key!r} is registered twice")
    _in_order.cache_clear()


@contextmanager
def replaced(*kinds: Kind[Any]) -> Iterator[None]:
    """Know only these kinds for a while: tests."""
    before = dict(_registered)
    _registered.clear()
    try:
        for kind in kinds:
            register(kind)
        yield
    finally:
        _registered.clear()
        _registered.update(before)
        _in_order.cache_clear()


def find(key: str) -> Kind[Any] | None:
    """The kind of that key, if a room of this installation owns one."""
    return _registered.get(key)


def known(key: str) -> Kind[Any]:
    """The kind of that key, which is known to be registered."""
    return _registered[key]


def in_order() -> tuple[Kind[Any], ...]:
    """Every kind, each after the ones it refers to; otherwise by key."""
    return _in_order()


@cache
def _in_order() -> tuple[Kind[Any], ...]:
    graph = {key: sorted(kind.after) for key, kind in sorted(_registered.items())}
    for key, after in graph.items():
        if unknown := set(after) - graph.keys():
            raise ImproperlyConfigured(f"the kind {key!r} comes after unknown kinds: {', '.join(sorted(unknown))}")
    try:
        return tuple(_registered[key] for key in TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise ImproperlyConfigured(f"kinds come after each other in a circle: {' -> '.join(error.args[1])}") from None
