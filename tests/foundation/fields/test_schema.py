"""JSON Schema of a field list: what fits it is what the fields take and give."""

import re
from collections.abc import Mapping
from typing import Any

from hypothesis import given, settings

from lienthong.foundation.fields import data
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.schema import json_schema
from tests.foundation.fields.samples import CONTEXT, EVERYTHING, OPTIONS, field, fields, whole_data

KINDS: Mapping[str, Any] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def misfits(schema: Mapping[str, Any], json: Any, at: str = "$") -> list[str]:
    """Where JSON does not fit, as far as the words go that our schemas use."""
    found = []
    types = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", [])
    if types and not any(isinstance(json, KINDS[t]) and (t == "boolean" or not isinstance(json, bool)) for t in types):
        return [f"{at}: {json!r} is none of {types}"]
    if "oneOf" in schema and sum(not misfits(one, json) for one in schema["oneOf"]) != 1:
        found.append(f"{at}: {json!r} is none or several of {schema['oneOf']}")
    if "const" in schema and json != schema["const"]:
        found.append(f"{at}: not {schema['const']}")
    if isinstance(json, str):
        found += [f"{at}: pattern"] if not re.search(schema.get("pattern", ""), json) else []
        found += (
            [f"{at}: length"] if not schema.get("minLength", 0) <= len(json) <= schema.get("maxLength", 10**9) else []
        )
    if isinstance(json, int | float) and not isinstance(json, bool):
        found += [f"{at}: range"] if not schema.get("minimum", json) <= json <= schema.get("maximum", json) else []
    if isinstance(json, list):
        found += [f"{at}: items"] if not schema.get("minItems", 0) <= len(json) <= schema.get("maxItems", 10**9) else []
        found += [each for n, item in enumerate(json) for each in misfits(schema.get("items", {}), item, f"{at}[{n}]")]
    if isinstance(json, dict):
        known = schema.get("properties", {})
        found += [
            f"{at}: unknown {key}" for key in json if key not in known and schema.get("additionalProperties") is False
        ]
        found += [f"{at}: missing {key}" for key in schema.get("required", []) if key not in json]
        found += [each for key, value in json.items() for each in misfits(known.get(key, {}), value, f"{at}.{key}")]
    return found


@settings(max_examples=10, deadline=None)
@given(whole_data())
def test_what_is_kept_fits_the_schema(values: dict[str, Any]) -> None:
    kept = data.to_json(EVERYTHING, clean(EVERYTHING, data.to_json(EVERYTHING, values), CONTEXT).values)
    assert misfits(json_schema(EVERYTHING), kept) == []


def test_what_is_required_without_conditions_is_required_and_cannot_be_null() -> None:
    schema = json_schema(
        fields(
            field("kind", "choice", options=OPTIONS, required=True, hint="Gợi ý"),
            field("permit", "text", required=True, when="kind == 'repair'", max_length=20),
            field("phone", "phone", required="kind == 'new'", personal=True),
            field("rows", "table", required=True, max_rows=9, fields=[field("n", "integer", max=5)]),
            field("total", "computed", value="sum(rows.map(r, r.n))", result="integer"),
        ),
        title="Hồ sơ",
    )
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert (schema["title"], schema["required"], schema["additionalProperties"]) == ("Hồ sơ", ["kind", "rows"], False)
    properties = schema["properties"]
    assert properties["kind"] == {
        "title": "Mục kind",
        "description": "Gợi ý",
        "oneOf": [{"const": option["value"], "title": option["label"]} for option in OPTIONS],
    }
    assert properties["permit"] == {
        "title": "Mục permit",
        "type": ["string", "null"],
        "maxLength": 20,
        "x-when": "kind == 'repair'",
    }
    assert properties["phone"]["x-required-when"] == "kind == 'new'"
    assert properties["phone"]["x-personal"] is True
    assert (properties["rows"]["minItems"], properties["rows"]["maxItems"]) == (1, 9)
    assert properties["total"]["readOnly"] is True
