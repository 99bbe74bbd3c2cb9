"""What pydantic finds wrong, at the place it has in the document and in words for people who write declarations."""

import re
import types
from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from typing import Annotated, Any, Protocol, TypeGuard, Union, get_args, get_origin, runtime_checkable

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from lienthong.foundation.definitions.rules import Path, Problem

_A_DAY = gettext_lazy("must be a day written year-month-day, like 2021-01-31")
_A_WHOLE_NUMBER = gettext_lazy("must be a whole number")
_A_NUMBER = gettext_lazy("must be a number")
_A_LIST = gettext_lazy("must be a list: each item on its own line after a hyphen")
_A_GROUP = gettext_lazy("must be a group of fields, each on its own line")
_A_TIME = gettext_lazy("must be a time of day, like 07:30")
_A_CHOICE = gettext_lazy("must be one of: %(expected)s")
_MISSING = gettext_lazy("is missing")

#: By the type of pydantic's error; places are filled from the error's own context.
_SAYINGS: dict[str, str | Promise] = {
    "missing": _MISSING,
    "union_tag_not_found": _MISSING,
    "string_type": gettext_lazy("must be text"),
    "int_type": _A_WHOLE_NUMBER,
    "int_parsing": _A_WHOLE_NUMBER,
    "int_from_float": _A_WHOLE_NUMBER,
    "float_type": _A_NUMBER,
    "float_parsing": _A_NUMBER,
    "finite_number": _A_NUMBER,
    "decimal_type": _A_NUMBER,
    "decimal_parsing": _A_NUMBER,
    "bool_type": gettext_lazy("must be true or false"),
    "bool_parsing": gettext_lazy("must be true or false"),
    "date_type": _A_DAY,
    "date_parsing": _A_DAY,
    "date_from_datetime_parsing": _A_DAY,
    "date_from_datetime_inexact": _A_DAY,
    "time_type": _A_TIME,
    "time_parsing": _A_TIME,
    "list_type": _A_LIST,
    "tuple_type": _A_LIST,
    "set_type": _A_LIST,
    "frozen_set_type": _A_LIST,
    "dict_type": _A_GROUP,
    "mapping_type": _A_GROUP,
    "model_type": _A_GROUP,
    "model_attributes_type": _A_GROUP,
    "literal_error": _A_CHOICE,
    "enum": _A_CHOICE,
    "union_tag_invalid": _A_CHOICE,
    "string_pattern_mismatch": gettext_lazy("is not in the right form (%(pattern)s)"),
    "string_too_short": gettext_lazy("must have at least %(min_length)d characters"),
    "string_too_long": gettext_lazy("must have at most %(max_length)d characters"),
    "too_short": gettext_lazy("must have at least %(min_length)d items; there are %(actual_length)d"),
    "too_long": gettext_lazy("must have at most %(max_length)d items; there are %(actual_length)s"),
    "greater_than": gettext_lazy("must be more than %(gt)s"),
    "greater_than_equal": gettext_lazy("must be at least %(ge)s"),
    "less_than": gettext_lazy("must be less than %(lt)s"),
    "less_than_equal": gettext_lazy("must be at most %(le)s"),
    "multiple_of": gettext_lazy("must be a multiple of %(multiple_of)s"),
    "decimal_max_digits": gettext_lazy("must have at most %(max_digits)d digits"),
    "decimal_max_places": gettext_lazy("must have at most %(decimal_places)d digits after the point"),
}


def problems(error: ValidationError, model: type[BaseModel], raw: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Each place once, in the order found. Where a value fits none of several shapes, what each of them asks for."""
    messages: dict[Path, list[str]] = {}
    for details in error.errors(include_url=False):
        path = _place(details, raw)
        message = _message(details, model, raw)
        if message not in messages.setdefault(path, []):
            messages[path].append(message)
    return tuple(Problem(path, _(", or ").join(said)) for path, said in messages.items())


def _place(details: ErrorDetails, raw: Mapping[str, Any]) -> Path:
    """pydantic's location without the names it puts in for the shape it tried, and with the field that is not there."""
    value: Any = raw
    path: list[str | int] = []
    for part in details["loc"]:
        inside = _written_inside(value)
        if part in inside:  # otherwise: the name of a shape that was tried, or a field that is not there
            value = inside[part]
            path.append(part)
    if details["type"] == "missing":
        path.append(details["loc"][-1])
    elif details["type"].startswith("union_tag"):
        path.append(details["ctx"]["discriminator"].strip("'"))
    return tuple(path)


def _message(details: ErrorDetails, model: type[BaseModel], raw: Mapping[str, Any]) -> str:
    kind, value, context = details["type"], details["input"], details.get("ctx", {})
    if kind == "value_error":
        return str(context["error"])
    if kind == "extra_forbidden":
        return _unknown_field(str(details["loc"][-1]), field_names(model, raw, details["loc"][:-1]))
    if kind not in _SAYINGS:
        return details["msg"]
    if (value is None and kind.endswith("_type")) or (kind == "string_too_short" and context["min_length"] == 1):
        return _("must not be empty")
    if kind == "string_type" and isinstance(value, int | float):
        return _("must be text: put it in quotes")
    if _SAYINGS[kind] is _A_CHOICE:
        return _not_among(details)
    saying = str(_SAYINGS[kind])
    return saying % context if "%(" in saying else saying


def _unknown_field(name: str, known: Iterable[str]) -> str:
    if near := get_close_matches(name, sorted(known), n=1):
        return _("there is no such field; is it “%(near)s”?") % {"near": near[0]}
    return _("there is no such field")


def _not_among(details: ErrorDetails) -> str:
    context = details["ctx"]
    expected = re.findall(r"'([^']*)'", context.get("expected", context.get("expected_tags", "")))
    message = str(_A_CHOICE) % {"expected": ", ".join(expected)}
    if near := get_close_matches(str(context.get("tag", details["input"])), expected, n=1):
        message += _("; is it “%(near)s”?") % {"near": near[0]}
    return message


def field_names(model: type[BaseModel], raw: Any, location: Sequence[str | int]) -> set[str]:
    """The names of the fields that may stand at pydantic's location, as far as the shapes say.

    A shape that is not pydantic's own says them by a class method `field_names_at(raw, location)`, which gets what was
    written and the rest of the way.
    """
    shapes: list[Any] = [model]
    for number, part in enumerate(location):
        if speaking := [shape for shape in shapes if isinstance(shape, _SaysFieldNames)]:
            return speaking[0].field_names_at(raw, location[number:])
        inside = _written_inside(raw)
        if part in inside:
            raw = inside[part]
            shapes = [inner for shape in shapes for inner in _inside(shape, part)]
        else:  # the name of one of several shapes that was tried
            shapes = [shape for shape in shapes if _is_called(shape, part)] or shapes
    names: set[str] = set()
    for shape in shapes:
        names |= shape.field_names_at(raw, ()) if isinstance(shape, _SaysFieldNames) else set(_fields(shape))
    return names


@runtime_checkable
class _SaysFieldNames(Protocol):
    def field_names_at(self, raw: Any, location: Sequence[str | int]) -> set[str]: ...


def _written_inside(raw: Any) -> Mapping[str | int, Any]:
    if isinstance(raw, list):
        return dict(enumerate(raw))
    return raw if isinstance(raw, dict) else {}


def _inside(shape: Any, part: str | int) -> Iterator[Any]:
    """The shapes that a field or item of the shape can have."""
    if _is_model(shape):
        field = _fields(shape).get(str(part))
        yield from _alternatives(field.annotation) if field else ()
        return
    origin, arguments = get_origin(shape), get_args(shape)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        arguments = arguments[1:]
    for argument in arguments:
        yield from _alternatives(argument)


def _alternatives(shape: Any) -> Iterator[Any]:
    """The shapes of a union, or the one shape, without what is only said about it."""
    origin = get_origin(shape)
    if origin is Annotated:
        yield from _alternatives(get_args(shape)[0])
    elif origin in (Union, types.UnionType):
        for each in get_args(shape):
            yield from _alternatives(each)
    else:
        yield shape


def _is_model(shape: Any) -> TypeGuard[type[BaseModel]]:
    return isinstance(shape, type) and issubclass(shape, BaseModel)


def _is_called(shape: Any, name: str | int) -> bool:
    """Whether pydantic means this one of several shapes: by its class, or by the word that tells it from the others."""
    if not _is_model(shape):
        return False
    words = {word for field in shape.model_fields.values() for word in get_args(field.annotation)}
    return name == shape.__name__ or name in words


def _fields(shape: Any) -> dict[str, FieldInfo]:
    if not _is_model(shape):
        return {}
    return {field.alias or name: field for name, field in shape.model_fields.items()}
