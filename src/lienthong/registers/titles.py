"""What entries are called: by the fields of their register's `title`, for those who may read them."""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context, EntryRef
from lienthong.foundation.fields.data import Values, is_empty
from lienthong.foundation.statements import run
from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.layout import at

if TYPE_CHECKING:
    from lienthong.registers.queries import Entry


def written(body: RegisterBody, row: Mapping[str, Any]) -> str:
    """The title, from a row with those of its columns that may be read."""
    return _said(body, body.layout.from_row(row))


def _said(body: RegisterBody, values: Values) -> str:
    context = Context(at=clock.today(), lists=PUBLISHED)
    found = ((body.leaves[key].field, at(values, body.leaves[key].path)) for key in body.title)
    return " – ".join(field.show(value, context) for field, value in found if not is_empty(value))


def title_of(body: RegisterBody, entry: "Entry") -> str:
    """What people call the entry; its number where none of that is to be read."""
    return _said(body, entry.values) or _("%(what)s no. %(number)s") % {
        "what": body.singular.capitalize(),
        "number": entry.id,
    }


def fill_in(body: RegisterBody, rows: Collection[Values], rights: Rights) -> None:
    """Put into the values of entries what those are called that they point to: one query for each register."""
    if not body.references or not rights.elsewhere or not rows:
        return
    places: dict[str, list[tuple[str, ...]]] = {}
    for key, field in body.references.items():
        places.setdefault(field.register_key, []).append(body.leaves[key].path)
    for register, paths in places.items():
        pointing = [(*found, path[-1]) for row in rows for path in paths if (found := _pointing(row, path))]
        titles = _titles(register, {ref.id for _holder, ref, _key in pointing}, rights)
        for holder, ref, key in pointing:
            holder[key] = EntryRef(ref.id, titles.get(ref.id) or ref.title)


def _pointing(values: Values, path: tuple[str, ...]) -> tuple[Values, EntryRef] | None:
    """Where an entry is pointed to, and to which."""
    holder = at(values, path[:-1])
    ref = holder.get(path[-1]) if isinstance(holder, dict) else None
    return (holder, ref) if isinstance(ref, EntryRef) else None


def _titles(register: str, ids: Collection[int], rights: Rights) -> dict[int, str]:
    """What may be shown of the titles, by id; of an entry that ended with a word that says so."""
    try:
        body = REGISTER.current(register).body
    except DefinitionNotFound:
        return {}
    assert rights.elsewhere
    theirs = rights.elsewhere(body)
    keys = [key for key in body.title if key in theirs.fields]
    if not ids or not keys:
        return {}
    columns, given = _readable(body, theirs, keys)
    statement = f"SELECT id, valid_until, {columns} FROM {body.layout.table} WHERE id = ANY(%s)"
    with run(statement, [*given, sorted(ids)]) as cursor:
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["id"]: _ended(written(body, row), row["valid_until"]) for row in found}


def _readable(body: RegisterBody, rights: Rights, keys: Iterable[str]) -> tuple[str, list[Any]]:
    """Columns with nothing in them where they may not be read, and the values for that."""
    columns, given = [], []
    for key in keys:
        reach = rights.fields[key]
        for name in body.layout.names([key]):
            columns.append(name if reach is None else f"CASE WHEN organisation_id = ANY(%s) THEN {name} END AS {name}")
            given += [] if reach is None else [sorted(reach)]
    return ", ".join(columns), given


def _ended(title: str, valid_until: Any) -> str:
    return _("%(title)s (ended)") % {"title": title} if title and valid_until else title
