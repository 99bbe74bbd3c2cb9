"""Tries the expressions of a field list on sample data when it is loaded, so that a declaration that adds text to a
number is refused then and not found out by the first person who fills in the form.

CEL has no type checker here. Every expression runs on samples: each field it reads takes each of its sample values in
turn (all options of a choice, both answers of a boolean), the others their first, so that the branches behind
conditions are reached too. What an error on real data would excuse (a null, a division by zero) is excused here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.expressions import BadExpression
from lienthong.foundation.fields.nodes import Complaint, Node, Path, expressions_of
from lienthong.foundation.fields.references import ELEMENT, references
from lienthong.foundation.fields.types.structure import Computed, Section, Table

if TYPE_CHECKING:
    from lienthong.foundation.fields.field_list import FieldList

MOST_TRIALS = 200
_CONTEXT = Context(at=date(2020, 1, 1))


def complaints(fields: "FieldList") -> Iterator[Complaint]:
    """What does not fit in the expressions of the list itself."""
    for node in fields.nodes.values():
        for attribute, sources in expressions_of(node.field).items():
            for source in sources:
                condition = attribute in ("when", "required", "checks")
                for why in faults(fields, source, row=node.table, condition=condition):
                    yield Complaint((*node.place, attribute), why)


def faults(fields: "FieldList", source: str, *, row: Path | None = None, condition: bool = False) -> Iterable[str]:
    """What is wrong with an expression that reads these fields: the first kind of value that does not fit."""
    program = expressions.compiled(source)
    for data in islice(_trials(fields, source, row), MOST_TRIALS):
        try:
            result = expressions.run(program, data)
        except (TypeError, RuntimeError) as error:
            if not _is_of_data(error) and not _reads_unknown(fields, source, row):
                return [_("the kinds of values do not fit: %(error)s") % {"error": str(error).split(". ")[0]}]
        except (ArithmeticError, LookupError, ValueError):
            continue
        else:
            if condition and result is not None and not isinstance(result, bool):
                return [_("a condition must be true or false")]
    return []


def outcomes(fields: "FieldList", source: str) -> Iterator[Any]:
    """What an expression can give, on the same samples; nothing for those on which it gives an error or null."""
    program = expressions.compiled(source)
    for data in islice(_trials(fields, source, None), MOST_TRIALS):
        try:
            found = expressions.from_cel(expressions.run(program, data))
        except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
            continue
        if found is not None:
            yield found


def _trials(fields: "FieldList", source: str, row: Path | None) -> Iterator[Mapping[str, Any]]:
    read = _read(fields, source, row)
    varied = [path for path in read if _is_leaf(fields.nodes[path])]
    choices = [list(_samples(fields.nodes[path])) or [None] for path in varied]
    for combination in product(*choices):
        chosen = dict(zip(varied, combination, strict=True))
        data = _data(fields, (), chosen)
        inner = _data(fields, (*row, ELEMENT), chosen) if row else {}
        yield {**fields.names, "today": _CONTEXT.at, "shown": _texts(data), **data, **({"row": inner} if row else {})}


def _read(fields: "FieldList", source: str, row: Path | None) -> list[Path]:
    paths = (fields.resolved(reference.path, row) for reference in references(source) if reference.path[0] != "today")
    found: dict[Path, None] = {}
    for path in paths:
        if path in fields.nodes:
            found[path] = None
            found.update(dict.fromkeys(fields.below(path)) if not _is_leaf(fields.nodes[path]) else {})
    return list(found)


def _is_leaf(node: Node) -> bool:
    return not isinstance(node.field, Section | Table)


def _samples(node: Node) -> Iterable[Any]:
    return node.field.samples()


def _data(fields: "FieldList", below: Path, chosen: Mapping[Path, Any]) -> dict[str, Any]:
    """Data with one row in every table; computed values are unknown."""
    data: dict[str, Any] = {}
    for path, node in fields.nodes.items():
        if path[:-1] != below:
            continue
        if isinstance(node.field, Section):
            data[path[-1]] = _data(fields, path, chosen)
        elif isinstance(node.field, Table):
            data[path[-1]] = [_data(fields, (*path, ELEMENT), chosen)]
        else:
            value = chosen[path] if path in chosen else next(iter(_samples(node)), None)
            data[path[-1]] = node.field.read_by_expressions(value, _CONTEXT)
    return data


def _texts(data: Any) -> Any:
    if isinstance(data, dict):
        return {key: _texts(value) for key, value in data.items()}
    return [_texts(each) for each in data] if isinstance(data, list) else "text"


def _is_of_data(error: Exception) -> bool:
    """Whether another text would have gone: int('text') fails on the sample and is right for '12'."""
    return bool(re.match(r"Function '(int|uint|double|timestamp|duration|matches)' error", str(error)))


def _reads_unknown(fields: "FieldList", source: str, row: Path | None) -> bool:
    """Whether it reads a computed value, or a name whose kind nobody knows: then an error may be the sample's fault."""
    for reference in references(source):
        path = fields.resolved(reference.path, row)
        node = fields.nodes.get(path) if path else None
        if isinstance(node.field if node else None, Computed):
            return True
        if path and path[0] in fields.names and _beside(path, fields.names) is None:
            return True
    return False


def _beside(path: Path, names: Mapping[str, Any]) -> Any:
    value: Any = names
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else value
    return value


def check(fields: "FieldList", source: str, *, condition: bool = False) -> Iterator[str]:
    """What is wrong with an expression outside the list that reads its data, as a dossier's title or a condition."""
    try:
        expressions.compiled(source)
    except BadExpression as error:
        yield str(error)
        return
    wrong = [why for reference in references(source) for why in fields.complaints_of(reference)]
    yield from wrong or faults(fields, source, condition=condition)
