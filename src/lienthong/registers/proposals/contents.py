"""What a proposal says, by the keys of fields: as JSON that is kept, as values of the form, how it differs. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lienthong.foundation.fields.context import Context, FileRef
from lienthong.foundation.fields.data import Values, from_json, is_empty, to_json
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.display import Change, diff
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.stored_files import attached_in
from lienthong.foundation.fields.types.entries import Reference
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.geometry import GeometryField
from lienthong.foundation.fields.types.structure import Computed, Table
from lienthong.registers.definition import RegisterBody

Said = Mapping[str, Any]
"""JSON by the keys of fields."""


def said(body: RegisterBody, values: Values, keys: Iterable[str]) -> dict[str, Any]:
    """What the values say in these fields. What people work out is left to be worked out again; what an entry points to
    is kept without what it was called, which not everybody may read."""
    flat = body.layout.flat(values)
    return stored(body, {key: flat[key] for key in keys if key in flat})


def stored(body: RegisterBody, flat: Mapping[str, Any]) -> dict[str, Any]:
    """As `said`, of values by the keys of their fields."""
    fields = {key: body.leaves[key].field for key in flat}
    return {key: _stored(field, flat[key]) for key, field in fields.items() if not isinstance(field, Computed)}


def _stored(field: Field, value: Any) -> Any:
    if is_empty(value):
        return None
    if isinstance(field, Table):
        return [to_json(field.fields, row) for row in value]
    json = field.to_json(value)
    return {**json, "title": ""} if isinstance(field, Reference) else json


def different(before: Said, after: Said) -> list[str]:
    """The keys of fields that do not say the same."""
    return [key for key in after if before.get(key) != after[key]]


def only(found: Said, keys: Collection[str]) -> dict[str, Any]:
    return {key: json for key, json in found.items() if key in keys}


def naming(found: Said, file_id: int) -> set[str]:
    """The keys of fields that name a file."""
    return {key for key, json in found.items() if str(file_id) in attached_in(json)}


def gone(body: RegisterBody, found: Said) -> list[str]:
    """The keys of fields that the register does not have any more."""
    return [key for key in found if key not in body.leaves]


def raw_of(body: RegisterBody, found: Said) -> Raw:
    """As a form would send it, in its sections; without fields that are gone."""
    raw: Raw = {}
    for key, json in found.items():
        if key in body.leaves:
            _put(raw, body.leaves[key].path, json)
    return raw


def values_of(body: RegisterBody, found: Said, keys: Collection[str] | None = None) -> Values:
    """Typed, in its sections, as far as it is of these fields (None: of all)."""
    values: Values = {}
    for key, json in found.items():
        if key in body.leaves and (keys is None or key in keys):
            _put(values, body.leaves[key].path, _typed(body.leaves[key].field, json))
    return values


def _typed(field: Field, json: Any) -> Any:
    if json is None:
        return field.nothing()
    if isinstance(field, Table):
        return [from_json(field.fields, row) for row in json]
    return field.from_json(json)


def _put(holder: dict[str, Any], path: Sequence[str], value: Any) -> None:
    for step in path[:-1]:
        holder = holder.setdefault(step, {})
    holder[path[-1]] = value


@dataclass(frozen=True, slots=True)
class Difference:
    """A field: what stood there when the change was proposed, what is proposed, what stands there now. `conflict`:
    somebody has written something else there meanwhile. Of an attached file also the files themselves."""

    label: str
    before: str
    after: str
    now: str
    conflict: bool
    file_before: FileRef | None = None
    file_after: FileRef | None = None


def differences(
    body: RegisterBody, before: Values, after: Values, now: Values | None, context: Context
) -> list[Difference]:
    """Field by field in the order of the form. `now`: None where there is no entry yet, or none that differs."""
    meanwhile = {} if now is None else {change.path: change for change in diff(body.fields, before, now, context)}
    proposed = diff(body.fields, before, after, context)
    return [_difference(change, meanwhile.get(change.path)) for change in proposed]


def _difference(proposed: Change, meanwhile: Change | None) -> Difference:
    now = meanwhile.after if meanwhile else proposed.before
    conflict = meanwhile is not None and now != proposed.after
    return Difference(
        proposed.label, proposed.before, proposed.after, now, conflict, proposed.file_before, proposed.file_after
    )


# the same change of many entries


def settable(body: RegisterBody, keys: Collection[str]) -> list[str]:
    """The fields of these that can be set alike for many entries: plain values that tell nobody and nothing apart."""
    identity = {key for rule in body.identity for key in rule}
    return [
        key
        for key, node in body.leaves.items()
        if key in keys
        and key not in identity
        and key not in body.personal
        and not isinstance(node.field, Table | Computed | File | GeometryField)
    ]


def form_of(body: RegisterBody, keys: Iterable[str]) -> FieldList:
    """A form of these fields alone, each asked whatever the others say, and none required: left empty, it is emptied
    everywhere."""
    return FieldList([_alone(body.leaves[key].field) for key in keys])


def _alone(field: Field) -> Field:
    return field.model_copy(update={"when": None, "required": False, "default": None})
