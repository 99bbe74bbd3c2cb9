"""The reference page of what can be declared, made out of the shapes: docs/reference/definitions.md."""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any, TypeAlias

from lienthong.foundation.definitions import registry
from lienthong.foundation.definitions.registry import Body, Kind

Schema: TypeAlias = Mapping[str, Any]

_TYPES = {
    "string": "text",
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "null": "nothing",
    "object": "group of fields",
    "array": "list",
}
_FORMATS = {
    "key": "key, cap-phep-xay-dung",
    "date": "day, 2021-01-31",
    "time": "time of day, 07:30",
    "date-time": "moment",
    "uri": "web address",
}


def markdown() -> str:
    """One section for each registered kind, with one below it for each part that it is made of."""
    return "\n".join(_page()) + "\n"


def json_schema(kind: Kind[Any]) -> dict[str, Any]:
    """The JSON Schema of a whole document of the kind, for editors that check while one types."""
    schema = kind.model.model_json_schema(by_alias=True)
    properties = {"kind": {"const": kind.key}, **schema["properties"]}
    return {**schema, "properties": properties, "required": ["kind", *schema.get("required", [])]}


def _page() -> Iterator[str]:
    common = Body.model_json_schema()
    yield from ("# What can be declared", "")
    yield "Made from the program's own shapes; do not edit. Every declaration is a YAML document with these fields:"
    yield from ("", *_table(common, "body"))
    yield from _parts(common, "body", ())
    for kind in registry.in_order():
        yield from _section(kind, known=common["$defs"])


def _section(kind: Kind[Any], known: Collection[str]) -> Iterator[str]:
    schema = kind.model.model_json_schema(by_alias=True)
    yield from ("", f"## {kind.key}", "")
    if kind.model.__doc__:
        yield from (_flat(kind.model.__doc__), "")
    yield from _table(schema, kind.key, leave_out=Body.model_fields)
    yield from _parts(schema, kind.key, known)


def _parts(schema: Schema, page: str, known: Collection[str]) -> Iterator[str]:
    """The groups that the schema names, in the order of their names; lists of words stand in the tables already."""
    for name, part in schema.get("$defs", {}).items():
        if name in known or "properties" not in part:
            continue
        yield from ("", f'### {_title(name)} <a id="{_anchor(page, name)}"></a>', "")
        if "description" in part:
            yield from (_flat(part["description"]), "")
        yield from _table({**part, "$defs": schema["$defs"]}, page)


def _table(schema: Schema, page: str, leave_out: Collection[str] = ()) -> Iterator[str]:
    rows = [(name, field) for name, field in schema.get("properties", {}).items() if name not in leave_out]
    if not rows:
        yield "No fields of its own."
        return
    yield from ("| field | value | needed | meaning |", "|---|---|---|---|")
    for name, field in rows:
        needed = "yes" if name in schema.get("required", ()) else _default(field)
        meaning = _flat(field.get("description", ""))
        yield f"| `{name}` | {_value(field, schema.get('$defs', {}), page)} | {needed} | {meaning} |"


def _value(field: Schema, parts: Schema, page: str) -> str:
    """What may stand in a field."""
    match field:
        case {"$ref": str(reference)}:
            name = reference.rpartition("/")[2]
            if "properties" in parts[name]:
                return f"[{_title(name)}](#{_anchor(page, name)})"
            return _value(parts[name], parts, page)
        case {"const": word}:
            return f"`{word}`"
        case {"enum": words}:
            return ", ".join(f"`{word}`" for word in words)
        case {"anyOf": choices} | {"oneOf": choices}:
            shown = (_value(choice, parts, page) for choice in choices if choice != {"type": "null"})
            return " or ".join(dict.fromkeys(shown))
        case {"type": "array", "prefixItems": items}:
            return "list of " + " and ".join(_value(item, parts, page) for item in items)
        case {"type": "array", "items": items}:
            return f"list of {_value(items, parts, page)}"
        case {"type": "object", "additionalProperties": dict(values)}:
            return f"names, each with {_value(values, parts, page)}"
        case {"format": form} if form in _FORMATS:
            return _FORMATS[form]
        case {"type": name}:
            return _TYPES[name] + _bounds(field)
    return "anything"


_BOUNDS = {
    "minimum": "from {}",
    "exclusiveMinimum": "more than {}",
    "maximum": "to {}",
    "exclusiveMaximum": "less than {}",
    "maxLength": "at most {} characters",
}


def _bounds(field: Schema) -> str:
    """The limits of a number or text, as far as there are any."""
    said = " ".join(words.format(field[name]) for name, words in _BOUNDS.items() if name in field)
    return f" ({said})" if said else ""


def _default(field: Schema) -> str:
    default = field.get("default")
    if isinstance(default, dict) or default in (None, "", []):
        return ""
    words = ", ".join(map(str, default)) if isinstance(default, list) else json.dumps(default, ensure_ascii=False)
    return f"else `{words}`"


def _flat(text: str) -> str:
    """Text that can stand in one cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


def _title(name: str) -> str:
    """DeclaredPost as words: declared post."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _anchor(page: str, name: str) -> str:
    return f"{page}-{_title(name).replace(' ', '-')}"
