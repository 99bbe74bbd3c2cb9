"""What can be declared, described out of the classes themselves: docs/reference/fields.md is made of it. Pure."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.definition import Field, types
from lienthong.foundation.fields.functions import FUNCTIONS


@dataclass(frozen=True, slots=True)
class AttributeReference:
    """One attribute of a type; `default` as declarations write it, "" for one that must be given."""

    name: str
    required: bool
    default: str
    about: str


@dataclass(frozen=True, slots=True)
class TypeReference:
    """`more` is what the author of the class says about it beyond one line."""

    type: str
    about: str
    more: str
    attributes: Sequence[AttributeReference]


def common_attributes() -> Sequence[AttributeReference]:
    """Those of every type."""
    return list(_attributes(Field.model_fields.items()))


def type_references() -> Sequence[TypeReference]:
    """Every known type, by name."""
    return [_type(name, declared) for name, declared in types().items()]


def _type(name: str, declared: type[Field]) -> TypeReference:
    own = [(key, info) for key, info in declared.model_fields.items() if key not in Field.model_fields]
    more = " ".join((declared.__dict__.get("__doc__") or "").split())
    return TypeReference(name, declared.about, more, list(_attributes(own)))


def _attributes(found: Iterable[tuple[str, FieldInfo]]) -> Iterator[AttributeReference]:
    for name, info in found:
        yield AttributeReference(info.alias or name, info.is_required(), _written(info.default), info.description or "")


def _written(default: Any) -> str:
    match default:
        case value if value is PydanticUndefined or value in (None, "", ()):
            return ""
        case bool():
            return str(default).lower()
        case tuple():
            return f"[{', '.join(map(str, default))}]"
        case _:
            return str(default)


def markdown() -> str:
    """The reference as one page."""
    lines = ["# Fields", "", "Made by `lienthong.foundation.fields.reference` from the classes; do not edit.", ""]
    lines += ["## Attributes of every field", "", *_table(common_attributes())]
    for described in type_references():
        lines += ["", f"## `{described.type}`", "", f"{described.about}.", ""]
        lines += [described.more, ""] if described.more else []
        lines += _table(described.attributes) if described.attributes else ["No attributes of its own."]
    lines += ["", "## Expressions", "", *_expressions()]
    return "\n".join(lines) + "\n"


def _table(attributes: Iterable[AttributeReference]) -> list[str]:
    rows = [
        f"| `{a.name}` | {'required' if a.required else f'`{a.default}`' if a.default else ''} | {a.about} |"
        for a in attributes
    ]
    return ["| Attribute | Default | Meaning |", "|---|---|---|", *rows]


def _expressions() -> list[str]:
    meaning = re.split(r"\n\n", (expressions.__doc__ or "").strip(), maxsplit=1)[-1]
    functions = [
        f"- `{function.about.split(':', 1)[0]}`:{function.about.split(':', 1)[1]}" for function in FUNCTIONS.values()
    ]
    return [*meaning.splitlines(), "", "### Functions beside those of CEL", "", *functions]
