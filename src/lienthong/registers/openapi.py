"""A register described in OpenAPI 3.1, made of its declaration. Pure."""

from collections.abc import Collection
from typing import Any

from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.schema import described
from lienthong.foundation.fields.types.structure import Section
from lienthong.registers.definition import RegisterBody


def document(body: RegisterBody, readable: Collection[str], *, server: str) -> dict[str, Any]:
    """`readable`: the keys of the fields that are described; `server`: the address before the register's key."""
    values = described([field for field in body.fields if _any_of(field, readable)])
    narrowed = [
        _parameter(field.key, body.labels[field.key], end)
        for field in _narrowing(body, readable)
        for end in _ends(field)
    ]
    entry = {"$ref": "#/components/schemas/Entry"}
    page = {"type": "object", "properties": {"entries": {"type": "array", "items": entry}, "next": _or_none("string")}}
    return {
        "openapi": "3.1.0",
        "info": {"title": body.name, "version": "1", **({"description": body.about} if body.about else {})},
        "servers": [{"url": server}],
        "paths": {
            f"/{body.key}/entries": {
                "get": {
                    "summary": body.name,
                    "parameters": [*_OF_LISTS, *narrowed],
                    "responses": {"200": _json(page)},
                },
                "post": {
                    "summary": body.singular,
                    "parameters": [_header("Idempotency-Key", "uuid")],
                    "requestBody": _json(_with_values(["values"])),
                    "responses": {"201": _json(entry)},
                },
            },
            f"/{body.key}/statistics": {
                "get": {"summary": "Statistics", "responses": {"200": _json(_STATISTICS)}},
            },
            f"/{body.key}/statistics/{{statistic}}": {
                "parameters": [_STATISTIC],
                "get": {
                    "summary": "A statistic",
                    "parameters": [*_OF_STATISTICS, *narrowed],
                    "responses": {"200": _json({"type": "object"})},
                },
            },
            f"/{body.key}/entries/{{id}}": {
                "parameters": [_ID],
                "get": {"summary": body.singular, "parameters": _AS_OF, "responses": {"200": _json(entry)}},
            },
            **{
                f"/{body.key}/entries/{{id}}/{deed}": {
                    "parameters": [_ID],
                    "post": {
                        "requestBody": _json(_with_values(needed)),
                        "responses": {"200": _json(entry)},
                    },
                }
                for deed, needed in (("changes", ["revision", "values"]), ("corrections", ["revision", "reason"]))
            },
            **(_files(body) if body.attachments else {}),
        },
        "components": {"schemas": {"Values": values, "Entry": _ENTRY}},
    }


def _files(body: RegisterBody) -> dict[str, Any]:
    """Files come before the entry that names them; the entry says where they are to be had."""
    binary = {"type": "object", "properties": {"file": {"type": "string", "contentMediaType": "*/*"}}}
    return {
        f"/{body.key}/files": {
            "post": {
                "parameters": [{**_query("field"), "required": True}],
                "requestBody": {"content": {"multipart/form-data": {"schema": {**binary, "required": ["file"]}}}},
                "responses": {"201": _json(_FILE)},
            }
        },
        f"/{body.key}/entries/{{id}}/files/{{file}}": {
            "parameters": [_ID, {"name": "file", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "parameters": [_query("purpose")],
                "responses": {"200": {"description": "The file", "content": {"*/*": {}}}},
            },
        },
    }


def _any_of(field: Field, keys: Collection[str]) -> bool:
    if isinstance(field, Section):
        return any(_any_of(each, keys) for each in field.fields)
    return field.key in keys


def _narrowing(body: RegisterBody, readable: Collection[str]) -> list[Field]:
    fields = (body.leaves[key].field for key in body.listing.filters if key in readable)
    return [field for field in fields if field.narrows]


def _ends(field: Field) -> tuple[str, ...]:
    return (".from", ".to") if field.narrows == "span" else ("",)


def _parameter(key: str, label: str, end: str) -> dict[str, Any]:
    return {"name": f"{key}{end}", "in": "query", "description": label, "schema": {"type": "string"}}


def _query(name: str, kind: str = "string", form: str = "") -> dict[str, Any]:
    return {"name": name, "in": "query", "schema": {"type": kind, **({"format": form} if form else {})}}


def _header(name: str, form: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": True, "schema": {"type": "string", "format": form}}


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"description": "JSON", "content": {"application/json": {"schema": schema}}}


def _or_none(kind: str, form: str = "") -> dict[str, Any]:
    return {"type": [kind, "null"], **({"format": form} if form else {})}


def _with_values(needed: list[str]) -> dict[str, Any]:
    properties = {
        "values": {"$ref": "#/components/schemas/Values"},
        "revision": {"type": "integer"},
        "valid_from": _or_none("string", "date"),
        "reason": {"type": "string"},
    }
    return {"type": "object", "properties": properties, "required": needed}


_ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
_AS_OF = [_query("day", form="date"), _query("known", form="date"), _query("purpose")]
_OF_LISTS = [
    _query("search"),
    _query("sort"),
    _query("after"),
    _query("limit", "integer"),
    _query("ended", "integer"),
    *_AS_OF[:2],
]
_FILE = {
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "kind": {"type": "string"},
    },
}
_STATISTIC = {"name": "statistic", "in": "path", "required": True, "schema": {"type": "string"}}
_STATISTICS = {"type": "array", "items": {"type": "object"}}
_OF_STATISTICS = [_query("search"), _query("ended", "integer"), *_AS_OF[:2]]
_ENTRY = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "agency": {"type": "string"},
        "valid_from": {"type": "string", "format": "date"},
        "valid_until": _or_none("string", "date"),
        "recorded_at": {"type": "string", "format": "date-time"},
        "revision": {"type": "integer"},
        "origin": {"type": "string"},
        "values": {"$ref": "#/components/schemas/Values"},
        "files": {
            "type": "array",
            "items": {
                "allOf": [_FILE],
                "type": "object",
                "properties": {"field": {"type": "string"}, "url": {"type": "string", "format": "uri-reference"}},
            },
        },
    },
}
