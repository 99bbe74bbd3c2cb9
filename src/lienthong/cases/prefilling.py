"""What a form may begin with when it is known who applies: nothing is asked twice. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import start
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.types.choices import CodeListField
from lienthong.foundation.fields.types.structure import Section
from lienthong.procedures.shapes import ProcedureBody

GENDERS = "genders"
"""The code list of genders."""

_TYPED = frozenset({"text", "paragraph", "person-id", "phone", "email", "date", "code-list"})
"""Types of fields whose raw value is one text."""

_PATH = re.compile(r"[a-z_][a-z0-9_]*(\.[a-z_][a-z0-9_]*)*")
_OF_TOKEN = {
    "name": "name",
    "bday": "born",
    "tel": "phone",
    "tel-national": "phone",
    "email": "email",
    "street-address": "address",
}
"""Which fact a field is about, by what it tells browsers to fill in."""


def begun(procedure: ProcedureBody, facts: Mapping[str, str], context: Context) -> dict[str, Any]:
    """The raw data of a form that nobody has touched, with what is known of the applicant where it belongs.

    That is where the procedure reads the applicant from, and in the same section the birth date and the gender.
    """
    raw = start(procedure.form, context)
    sections = set()
    for name, source in procedure.applicant:
        if source and _PATH.fullmatch(source):
            *above, key = source.split(".")
            sections.add(tuple(above))
            _put(procedure.form, raw, (*above, key), facts.get(name, ""))
    for above in sections:
        for field in _fields_at(procedure.form, above):
            fact = _fact_of(field)
            if fact:
                _put(procedure.form, raw, (*above, field.key), facts.get(fact, ""))
    return raw


def _fact_of(field: Field) -> str:
    if isinstance(field, CodeListField) and field.list == GENDERS:
        return "gender"
    return _OF_TOKEN.get(field.autocomplete or "", "")


def _fields_at(fields: Iterable[Field], above: Iterable[str]) -> Iterator[Field]:
    found = list(fields)
    for key in above:
        section = next((field for field in found if field.key == key), None)
        if not isinstance(section, Section):
            return
        found = list(section.fields)
    yield from found


def _put(fields: Iterable[Field], raw: dict[str, Any], path: tuple[str, ...], value: str) -> None:
    """Where nothing stands yet, and only where the form has such a field."""
    *above, key = path
    if not value or not any(f.key == key and f.type in _TYPED for f in _fields_at(fields, above)):
        return
    holder: Any = raw
    for step in above:
        holder = holder.setdefault(step, {})
    if not holder.get(key):
        holder[key] = value
