"""From what was typed to typed values: fields read, conditions and computed values worked out, rules kept. Pure."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.fields import expressions, formats
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import Names, Values, is_empty
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.nodes import Path
from lienthong.foundation.fields.problems import Invalid, Problem, wrong_kind
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.typed import LONGEST
from lienthong.foundation.fields.types.entries import look_up
from lienthong.foundation.fields.types.structure import MOST_ROWS, Computed, Section, Table

MOST_UNKNOWN = 20


@dataclass(frozen=True, slots=True)
class Cleaned:
    """`values` has the typed values of what is asked and right. `raw` is what to keep of a draft: what is right in its
    final form, what is wrong as it was typed, and what is not asked at the moment too. Both are new objects.

    `errors` are by dotted path (`owner.name`, `people.0.name`, `location.unit`), in the order of the form.
    `asked` and `required` are the dotted paths of the fields whose conditions hold.
    """

    values: Values
    raw: Raw
    errors: Mapping[str, Problem]
    asked: frozenset[str]
    required: frozenset[str]

    @property
    def ok(self) -> bool:
        return not self.errors


def clean(fields: FieldList, raw: Mapping[str, Any], context: Context, *, draft: bool = False) -> Cleaned:
    """Check and type everything. Cleaning `raw` of the result again gives the same.

    A draft asks for nothing and complains only of what was typed wrong. Otherwise what is required must be there, rows
    that nobody filled in are dropped, and names that the list does not have are errors.
    """
    return _Cleaning(fields, context, draft).result(raw)


class _Cleaning:
    def __init__(self, fields: FieldList, context: Context, draft: bool) -> None:
        self.fields = fields
        self.context = context
        self.draft = draft
        self.values: Values = {}
        self.names = Names(fields, self.values, context)
        self.problems: dict[str, Problem] = {}
        self.places: dict[str, int] = {}
        self.asked: set[str] = set()
        self.required: set[str] = set()

    def result(self, raw: Mapping[str, Any]) -> Cleaned:
        look_up(self.fields, raw, self.context)
        read, kept = self._group(self.fields, raw, "")
        for path in self.fields.order:
            self._settle(path, read)
        self._look_for_missing(self.fields, self.values, "", self.names)
        return Cleaned(
            _in_order(self.fields, self.values), kept, self._errors(), frozenset(self.asked), frozenset(self.required)
        )

    # reading what was typed

    def _group(self, fields: Iterable[Field], raw: Mapping[str, Any], below: str) -> tuple[Values, Raw]:
        values: Values = {}
        kept: Raw = {}
        known = set()
        for field in fields:
            known.add(field.key)
            path = below + field.key
            self.places[path] = len(self.places)
            if not isinstance(field, Computed):
                values[field.key] = self._field(field, raw, path, kept)
        if not self.draft:
            for key in [str(key) for key in raw if key not in known][:MOST_UNKNOWN]:
                self.problems[(below + key)[:200]] = Problem("unknown", _("There is no such field."))
        return values, kept

    def _field(self, field: Field, raw: Mapping[str, Any], path: str, kept: Raw) -> Any:
        """The value; what is to be kept of it goes into `kept`."""
        given = raw.get(field.key)
        if isinstance(field, Section):
            value, kept[field.key] = self._group(field.fields, self._mapping(given, path), f"{path}.")
            return value
        if isinstance(field, Table):
            rows, kept[field.key] = self._rows(field, given, path)
            return rows
        if field.blank(given):
            _keep(kept, field, given)
            return field.nothing()
        try:
            value = field.parse(given, self.context)
        except Invalid as error:
            for part, problem in error.problems.items():
                self.problems[f"{path}.{part}" if part else path] = problem
            _keep(kept, field, given)
            return field.nothing()
        kept[field.key] = field.to_json(value)
        return value

    def _mapping(self, given: Any, path: str) -> Mapping[str, Any]:
        if given is None or isinstance(given, Mapping):
            return given or {}
        self.problems[path] = wrong_kind().problems[""]
        return {}

    def _rows(self, table: Table, given: Any, path: str) -> tuple[list[Values], list[Raw]]:
        if given in (None, ""):
            return [], []
        if not isinstance(given, list | tuple):
            self.problems[path] = wrong_kind().problems[""]
            return [], []
        if len(given) > table.max_rows:
            self.problems[path] = Problem(
                "too_many_rows",
                _("At most %(most)s rows; there are %(count)s."),
                {"most": formats.number(table.max_rows), "count": formats.number(len(given))},
            )
        if len(given) > MOST_ROWS:
            return [], []
        filled = [row for row in given if self.draft or not self._blank_row(table, row)]
        read = [
            self._group(table.fields, self._mapping(row, f"{path}.{n}"), f"{path}.{n}.") for n, row in enumerate(filled)
        ]
        return [values for values, _kept in read], [kept for _values, kept in read]

    @staticmethod
    def _blank_row(table: Table, row: Any) -> bool:
        return row is None or (
            isinstance(row, Mapping)
            and all(isinstance(field, Computed) or field.blank(row.get(field.key)) for field in table.fields)
        )

    # conditions and computed values, in the order in which they depend on each other

    def _settle(self, path: Path, read: Values) -> None:
        *above, key = path
        if above and ".".join(above) not in self.asked:
            return
        values = self.values
        for step in above:
            read, values = read[step], values[step]
        field, name = self.fields.nodes[path].field, ".".join(path)
        if not self._is_asked(field, name, self.names):
            return
        if isinstance(field, Section):
            values[key] = {}
        elif isinstance(field, Table):
            values[key] = [self._row(path, field, row, f"{name}.{n}") for n, row in enumerate(read[key])]
        else:
            values[key] = self._value(field, read, self.names)

    def _row(self, table_path: Path, table: Table, read: Values, name: str) -> Values:
        values: Values = {}
        names = Names(self.fields, self.values, self.context, (table, values))
        for path in self.fields.row_orders[table_path]:
            field = self.fields.nodes[path].field
            if self._is_asked(field, f"{name}.{field.key}", names):
                values[field.key] = self._value(field, read, names)
        return values

    def _is_asked(self, field: Field, name: str, names: Names) -> bool:
        asked = field.when is None or expressions.holds(field.when, names)
        if asked:
            self.asked.add(name)
        return asked

    @staticmethod
    def _value(field: Field, read: Values, names: Names) -> Any:
        if isinstance(field, Computed):
            return field.made_of(expressions.evaluate(field.value, names))
        return read[field.key]

    # what is required, and what must hold

    def _look_for_missing(self, fields: Iterable[Field], values: Mapping[str, Any], below: str, names: Names) -> None:
        for field in fields:
            if field.key not in values:
                continue
            path, value = below + field.key, values[field.key]
            if isinstance(field, Section):
                self._look_for_missing(field.fields, value, f"{path}.", names)
                continue
            if _requires(field, names):
                self.required.add(path)
                if self._is_missing(field, value, path):
                    self.problems.update((f"{path}.{part}" if part else path, p) for part, p in field.missing().items())
            if field.checks and not is_empty(value) and not self._is_wrong(path):
                self.problems.update((path, each) for each in failing(field, names))
            if isinstance(field, Table):
                self._look_into_rows(field, value, path)

    def _look_into_rows(self, table: Table, rows: list[Values], path: str) -> None:
        if table.min_rows > 0 and len(rows) < table.min_rows:
            self.problems.setdefault(path, _too_few_rows(table))
        for n, row in enumerate(rows):
            names = Names(self.fields, self.values, self.context, (table, row))
            self._look_for_missing(table.fields, row, f"{path}.{n}.", names)

    def _is_missing(self, field: Field, value: Any, path: str) -> bool:
        return not self._is_wrong(path) and (is_empty(value) or (value is False and field.blank(value)))

    def _is_wrong(self, path: str) -> bool:
        return any(wrong == path or wrong.startswith(f"{path}.") for wrong in self.problems)

    def _errors(self) -> dict[str, Problem]:
        """Those of what is asked, in the order of the form."""
        found = {
            path: problem
            for path, problem in self.problems.items()
            if self._concerns_asked(path) and not (self.draft and problem.incomplete)
        }
        return dict(sorted(found.items(), key=lambda item: self.places.get(self._owner(item[0]), -1)))

    def _concerns_asked(self, path: str) -> bool:
        owner = self._owner(path)
        return owner == "" or owner in self.asked

    def _owner(self, path: str) -> str:
        """The field that a path is of: location for location.unit; nothing for a name that the list does not have."""
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return path


def _in_order(fields: Iterable[Field], values: Mapping[str, Any]) -> Values:
    """The same values in the order of the form; they were worked out in that of their dependence."""
    ordered: Values = {}
    for field in fields:
        if field.key in values:
            value = values[field.key]
            if isinstance(field, Section):
                value = _in_order(field.fields, value)
            elif isinstance(field, Table):
                value = [_in_order(field.fields, row) for row in value]
            ordered[field.key] = value
    return ordered


def _requires(field: Field, names: Names) -> bool:
    return expressions.holds(field.required, names) if isinstance(field.required, str) else field.required


def failing(field: Field, names: Names) -> list[Problem]:
    """The first of its checks that does not hold, if there is one."""
    wrong = (check.message for check in field.checks if expressions.fails(check.that, names))
    return [Problem("check", "%(message)s", {"message": message}) for message in islice(wrong, 1)]


def _too_few_rows(table: Table) -> Problem:
    return Problem("too_few_rows", _("Fill in at least %(least)s rows."), {"least": table.min_rows}, incomplete=True)


def _keep(kept: Raw, field: Field, typed: Any) -> None:
    if (found := storable(typed, longest=field.longest)) is not None:
        kept[field.key] = found


def storable(typed: Any, depth: int = 0, longest: int = LONGEST) -> Any:
    """What was typed, as far as it can be kept in a draft: text cut to what is looked at, without what JSON in a
    database cannot hold; of other kinds only what a form or a program could have meant."""
    match typed:
        case str():
            return _UNSTORABLE.sub("", typed[:longest])
        case bool() | None:
            return typed
        case int():
            return typed if abs(typed) < 10**18 else None
        case float():
            return typed if math.isfinite(typed) else None
        case dict() if depth < 2:
            return {
                str(storable(str(key)))[:60]: storable(value, depth + 1, longest)
                for key, value in list(typed.items())[:50]
            }
        case list() | tuple() if depth < 2:
            return [storable(value, depth + 1, longest) for value in typed[:MOST_ROWS]]
        case _:
            return None


_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
