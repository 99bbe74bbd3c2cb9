"""Cleaning many rows of the same field list: what does not change from row to row is worked out once. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lienthong.foundation.fields.cleaning import clean, failing
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import Names, Values, is_empty
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.problems import Invalid, Problem
from lienthong.foundation.fields.types.structure import Computed, Section, Table


@dataclass(frozen=True, slots=True)
class _Step:
    key: str
    path: str
    field: Field
    table: bool
    below: "tuple[_Step, ...] | None"


class QuickCleaner:
    """Gives the values and the errors that `clean` gives. Where no field depends on another for being asked, required
    or worked out, and that is most registers, one look at each field is enough; all else is left to `clean`."""

    def __init__(self, fields: FieldList, context: Context) -> None:
        self.fields, self.context = fields, context
        nodes = list(fields.nodes.values())
        plain = all(_is_plain(node.field) for node in nodes)
        self._steps = _steps(fields.fields, "") if plain else None
        self._places = {node.name: place for place, node in enumerate(nodes)}
        self._checking = {node.name: node.field for node in nodes if node.field.checks and node.table is None}

    def clean(self, raw: Mapping[str, Any]) -> tuple[Values, Mapping[str, Problem]]:
        errors: dict[str, Problem] = {}
        values = self._group(self._steps, raw, errors) if self._steps is not None else None
        if values is None:
            cleaned = clean(self.fields, raw, self.context)
            return cleaned.values, cleaned.errors
        return values, self._checked(values, errors) if self._checking else errors

    def _checked(self, values: Values, errors: dict[str, Problem]) -> dict[str, Problem]:
        """With what does not hold between the fields, in the order of the form."""
        names = Names(self.fields, values, self.context)
        wrong = list(errors)
        for path, field in self._checking.items():
            value: Any = values
            for step in path.split("."):
                value = value[step]
            if not is_empty(value) and not any(each == path or each.startswith(f"{path}.") for each in wrong):
                errors.update((path, each) for each in failing(field, names))
        return dict(sorted(errors.items(), key=lambda item: self._place_of(item[0])))

    def _place_of(self, path: str) -> int:
        while path not in self._places:
            path = path.rpartition(".")[0]
        return self._places[path]

    def _group(self, steps: tuple[_Step, ...], raw: Mapping[str, Any], errors: dict[str, Problem]) -> Values | None:
        """None for what has to be looked at more closely: unknown names, rows, what is no form at all."""
        values: Values = {}
        met = 0
        for step in steps:
            given = raw.get(step.key)
            met += step.key in raw
            if step.below is not None:
                if not (given is None or type(given) is dict):
                    return None
                inner = self._group(step.below, given or {}, errors)
                if inner is None:
                    return None
                values[step.key] = inner
            elif step.table:
                if given not in (None, ""):
                    return None
                values[step.key] = []
            else:
                values[step.key] = self._value(step, given, errors)
        return values if met == len(raw) else None

    def _value(self, step: _Step, given: Any, errors: dict[str, Problem]) -> Any:
        field = step.field
        value, wrong = None, False
        if given is None or field.blank(given):
            value = field.nothing()
        else:
            try:
                value = field.parse(given, self.context)
            except Invalid as error:
                wrong = True
                value = field.nothing()
                for part, problem in error.problems.items():
                    errors[f"{step.path}.{part}" if part else step.path] = problem
        if field.required and not wrong and (is_empty(value) or (value is False and field.blank(value))):
            errors.update((f"{step.path}.{part}" if part else step.path, p) for part, p in field.missing().items())
        return value


def _is_plain(field: Field) -> bool:
    if field.when is not None or isinstance(field.required, str) or isinstance(field, Computed):
        return False
    return not isinstance(field, Table) or (not field.required and not field.min_rows)


def _steps(fields: tuple[Field, ...], above: str) -> tuple[_Step, ...]:
    return tuple(
        _Step(
            field.key,
            above + field.key,
            field,
            isinstance(field, Table),
            _steps(field.fields, f"{above}{field.key}.") if isinstance(field, Section) else None,
        )
        for field in fields
    )
