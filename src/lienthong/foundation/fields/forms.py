"""From a posted form to raw data, and the actions of its own buttons. Django's forms are not used: the data is nested.

A page that shows a form does, with or without JavaScript:

    taken = forms.take(fields, request.POST, context, kept=draft)
    cleaned = clean(fields, taken.raw, context, draft=taken.action is not None)
    form = Form(fields, cleaned, context, refresh=request.path)
    if taken.action and request.htmx:
        return HttpResponse(form.refreshed(taken.action))
    return render(request, …, {"form": form})        # {{ form }} in a <form method="post" novalidate>
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

from lienthong.foundation.fields import data
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.nodes import Path
from lienthong.foundation.fields.raw import ABSENT, Posted, QueryData, Raw, posted
from lienthong.foundation.fields.references import ELEMENT
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.structure import MOST_ROWS, Computed, Section, Table

ACTION = "_action"
"""Name of the buttons; their values are verb:path. Other values belong to the page (save, submit …)."""

Verb: TypeAlias = Literal["add", "remove", "clear", "refresh"]

ROWS = "rows"
"""Below a table's name, marks that the form had the table, even without a row."""


@dataclass(frozen=True, slots=True)
class Action:
    """What a button of the form asks for: a row more or less, a file taken off, or to see what depends on `path`."""

    verb: Verb
    path: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """`raw` after the action, over what was kept before."""

    raw: Raw
    action: Action | None


def take(fields: FieldList, post: QueryData, context: Context, *, prefix: str = "", kept: Raw | None = None) -> Taken:
    """Read a form and do what its button asked for. Raises TooMuch for more names than any form has."""
    tree = posted(post)
    raw = data.merge(fields, kept or {}, _read(fields, tree.at(prefix.split(".") if prefix else [])))
    action = _action(tree, prefix)
    if action is not None:
        _act(fields, raw, action, context)
    return Taken(raw, action)


def read(fields: FieldList, post: QueryData, *, prefix: str = "") -> Raw:
    """What was typed, with a name for every field that the form had. Raises TooMuch."""
    return _read(fields, posted(post).at(prefix.split(".") if prefix else []))


def _read(fields: Sequence[Field], tree: Posted) -> Raw:
    raw: Raw = {}
    for field in fields:
        below = tree.below.get(field.key)
        if below is None or isinstance(field, Computed):
            continue
        if isinstance(field, Section):
            raw[field.key] = _read(field.fields, below)
        elif isinstance(field, Table):
            raw[field.key] = [_read(field.fields, below.below[n]) for n in _row_numbers(below)]
        elif (typed := field.from_post(below)) is not ABSENT:
            raw[field.key] = typed
    return raw


def _row_numbers(below: Posted) -> list[str]:
    """In the order of the page; numbers may have gaps. One row more than a table can have is enough to refuse it."""
    numbers = [step for step in below.below if step.isascii() and step.isdigit() and len(step) <= 6]
    return sorted(numbers, key=int)[: MOST_ROWS + 1]


def _action(tree: Posted, prefix: str) -> Action | None:
    pressed = tree.at([ACTION]).values
    verb, _colon, name = pressed[-1].partition(":") if pressed else ("", "", "")
    if verb not in get_args(Verb):
        return None
    if prefix:
        if name != prefix and not name.startswith(f"{prefix}."):
            return None
        name = name[len(prefix) + 1 :]
    return Action(verb, tuple(name.split(".", 20)))  # type: ignore[arg-type]


def _act(fields: FieldList, raw: Raw, action: Action, context: Context) -> None:
    """An action on what the list does not have does nothing: buttons name only what is there."""
    node = fields.nodes.get(declared(action.path))
    if action.verb == "add" and node is not None and isinstance(node.field, Table):
        rows = _rows(raw, action.path)
        if rows is not None and len(rows) < node.field.max_rows:
            rows.append(data.new_row(node.field, fields, context))
    elif action.verb == "remove" and len(action.path) > 1 and action.path[-1].isdigit():
        rows = _rows(raw, action.path[:-1])
        if rows is not None and int(action.path[-1]) < len(rows):
            del rows[int(action.path[-1])]
    elif action.verb == "clear" and node is not None and isinstance(node.field, File):
        put(raw, action.path, None)


def _rows(raw: Raw, path: Sequence[str]) -> list[Any] | None:
    holder = _holder(raw, path)
    if not isinstance(holder, dict):
        return None
    rows = holder.setdefault(path[-1], [])
    return rows if isinstance(rows, list) else None


def _holder(raw: Any, path: Sequence[str]) -> Any:
    """What holds the last step of a path, made on the way where sections are missing."""
    for step in path[:-1]:
        if isinstance(raw, dict):
            raw = raw.setdefault(step, {})
        elif isinstance(raw, list) and step.isdigit() and int(step) < len(raw):
            raw = raw[int(step)]
        else:
            return None
    return raw


def put(raw: Raw, path: Sequence[str] | str, value: Any) -> None:
    """Set one raw value in place, by the path that `uploads` gave."""
    steps = path.split(".") if isinstance(path, str) else list(path)
    holder = _holder(raw, steps)
    if isinstance(holder, dict):
        holder[steps[-1]] = value


def declared(path: Sequence[str]) -> Path:
    """The path of the field that a path of the data is of: people.0.name is people[].name."""
    return tuple(ELEMENT if step.isdigit() else step for step in path)


def uploads(fields: FieldList, files: Mapping[str, Any], *, prefix: str = "") -> Iterator[tuple[str, File, Any]]:
    """The files that came with the form, each with the dotted path and the field it is for.

    The page stores them and puts `{"id": …}` at the path: `forms.put(raw, path, {"id": stored.id})`.
    """
    start = f"{prefix}." if prefix else ""
    for name, upload in files.items():
        path = name[len(start) :] if name.startswith(start) else ""
        node = fields.nodes.get(declared(path.split(".", 20)))
        if node is not None and isinstance(node.field, File):
            yield path, node.field, upload
