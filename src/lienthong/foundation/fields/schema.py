"""JSON Schema 2020-12 of a field list: what the API takes and gives, and what the documentation shows. Pure.

Conditions cannot be said in JSON Schema; they stand as annotations (`x-when`, `x-required-when`, `x-computed`,
`x-checks`) in CEL, and a field under a condition is never in `required`. Without its condition a value may be there and
is then ignored.
"""

from collections.abc import Iterable
from typing import Any

from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.types.structure import Section, Table

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def json_schema(fields: Iterable[Field], *, title: str = "") -> dict[str, Any]:
    """The schema of `data.to_json`, which is what `clean` accepts as raw data too."""
    return {"$schema": DIALECT, **({"title": title} if title else {}), **described(fields)}


def described(fields: Iterable[Field]) -> dict[str, Any]:
    """The schema of an object, without its dialect: for a place inside another document."""
    properties = {field.key: _field(field) for field in fields}
    needed = [field.key for field in fields if field.required is True and field.when is None]
    return {
        "type": "object",
        "properties": properties,
        **({"required": needed} if needed else {}),
        "additionalProperties": False,
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "title": field.label,
        **({"description": field.hint} if field.hint else {}),
        **_value(field),
        **({"x-when": field.when} if field.when is not None else {}),
        **({"x-required-when": field.required} if isinstance(field.required, str) else {}),
        **({"x-checks": [check.model_dump() for check in field.checks]} if field.checks else {}),
        **({"x-personal": True} if field.personal else {}),
    }


def _value(field: Field) -> dict[str, Any]:
    if isinstance(field, Section):
        return described(field.fields)
    if isinstance(field, Table):
        return {
            "type": "array",
            "items": described(field.fields),
            "minItems": max(field.min_rows, 1 if field.required is True else 0),
            "maxItems": field.max_rows,
        }
    value = field.json_schema()
    if field.required is True and field.when is None:
        return value
    return _or_null(value)


def _or_null(described: dict[str, Any]) -> dict[str, Any]:
    """What need not be filled in is null in the data."""
    if isinstance(described.get("type"), str):
        return {**described, "type": [described["type"], "null"]}
    if "oneOf" in described:
        return {**described, "oneOf": [*described["oneOf"], {"type": "null"}]}
    return described
