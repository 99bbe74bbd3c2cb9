"""Which code lists there are, one of them on a day, and where it is asked for."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any

from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel

from lienthong.foundation import clock
from lienthong.foundation.definitions import registry, shelf
from lienthong.foundation.definitions.queries import DefinitionNotFound, Published
from lienthong.foundation.definitions.shelf import Shelf
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.code_lists import CODE_LIST, CodeListBody
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.lists import CodeList
from lienthong.foundation.fields.typed import folded
from lienthong.registers.definition import GROUPS


class NoSuchList(NotFound):
    code = "code_lists.not_found"


class NoSuchCode(NotFound):
    code = "code_lists.no_such_code"


@dataclass(frozen=True, slots=True)
class OnDay:
    """A list as it is read for a day. `in_force`: its edition counts on that day, it is not only the nearest one."""

    published: Published[CodeListBody]
    day: date
    in_force: bool

    @property
    def key(self) -> str:
        return self.published.key

    @property
    def body(self) -> CodeListBody:
        return self.published.body

    @property
    def codes(self) -> CodeList:
        return self.body.compiled

    @property
    def many(self) -> int:
        """Items in force on the day."""
        return len(self.codes.valid(self.day))

    @property
    def source(self) -> str:
        """Where the first of its facts is from."""
        return next((source.where for source in self.body.sources if source.where), "")

    @property
    def is_confirmed(self) -> bool:
        return all(source.confirmed for source in self.body.sources)


@dataclass(frozen=True, slots=True)
class Area:
    """The lists of a sector database; those that all use come first."""

    name: str
    lists: Sequence[OnDay]


@dataclass(frozen=True, slots=True)
class Use:
    """A declared thing whose fields are chosen from a list, and what these are called."""

    kind: str
    kind_title: str
    key: str
    name: str
    fields: tuple[str, ...]


def on_day(key: str, day: date) -> OnDay:
    """The edition in force on the day; else the first that came later, else the last there was. Raises NoSuchList."""
    editions = CODE_LIST.history(key)
    if not editions:
        raise NoSuchList(_("There is no code list “%(key)s”."), key=key[:100])
    try:
        return OnDay(CODE_LIST.current(key, day), day, in_force=True)
    except DefinitionNotFound:
        later = [each for each in editions if each.effective_from > day]
        return OnDay(later[-1] if later else editions[0], day, in_force=False)


def areas(words: str = "", at: date | None = None) -> list[Area]:
    """The lists in force, by sector database in its own order, by name; only those that are called so."""
    day = at or clock.today()
    found = [OnDay(each, day, in_force=True) for each in CODE_LIST.all(day)]
    found = [each for each in found if is_called(each.body, words)]
    names = _names_of_areas(day)
    order = {code: number for number, code in enumerate(["", *names])}
    found.sort(key=lambda each: (order.get(each.body.area, len(order)), folded(each.body.name)))
    by_area: dict[str, list[OnDay]] = {}
    for each in found:
        by_area.setdefault(each.body.area, []).append(each)
    return [Area(names.get(code, code) if code else "", lists) for code, lists in by_area.items()]


def is_called(body: CodeListBody, words: str) -> bool:
    text = folded(f"{body.key} {body.name}")
    return all(word in text for word in folded(words).split())


def _names_of_areas(day: date) -> Mapping[str, str]:
    found = next((each for each in CODE_LIST.all(day) if each.key == GROUPS), None)
    return {item.code: item.name for item in found.body.items} if found else {}


class _Uses:
    """What was found out for the shelf as it is; looked for again when something is published, and the next day."""

    shelf: Shelf | None = None
    day: date | None = None
    found: Mapping[str, tuple[Use, ...]] = {}
    lock = Lock()


def uses(key: str) -> Sequence[Use]:
    """Every form and register in force today that has fields of this list."""
    now, today = shelf.now(), clock.today()
    with _Uses.lock:
        if _Uses.shelf is not now or _Uses.day != today:
            _Uses.shelf, _Uses.day, _Uses.found = now, today, _all_uses()
        return _Uses.found.get(key, ())


def _all_uses() -> dict[str, tuple[Use, ...]]:
    found: dict[str, list[Use]] = {}
    for kind in registry.in_order():
        if kind is CODE_LIST:
            continue
        for published in kind.all():
            labels: dict[str, dict[str, None]] = {}
            for fields in _field_lists(published.body):
                for node in fields.nodes.values():
                    for key in node.field.lists():
                        labels.setdefault(key, {})[node.field.label] = None
            for key, names in labels.items():
                use = Use(kind.key, str(kind.title), published.key, published.name, tuple(names))
                found.setdefault(key, []).append(use)
    return {key: tuple(each) for key, each in found.items()}


def _field_lists(value: Any) -> Iterator[FieldList]:
    """The fields that a declaration asks for, wherever in it they stand."""
    if isinstance(value, FieldList):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _field_lists(getattr(value, name))
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _field_lists(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _field_lists(inner)
