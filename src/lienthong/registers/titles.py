"""What entries are called: by the fields of their register's `title`, for those who may read them.

A title may point to entries itself, as that of a pupil's school year points to the pupil; these are called by their own
titles. A declaration that would lead back to where it began is refused, so the names come to an end.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.context import Context, EntryRef
from lienthong.foundation.fields.data import Values, is_empty
from lienthong.foundation.fields.types.entries import nameless
from lienthong.foundation.statements import run
from lienthong.registers import readable
from lienthong.registers.access import Rights
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.layout import at

if TYPE_CHECKING:
    from lienthong.registers.queries import AsOf, Entry


def said(body: RegisterBody, values: Values) -> str:
    """The title, as far as it stands in the values; "" where nothing of it does. What they point to is called as
    `fill_in` has called it."""
    context = Context(at=clock.today(), lists=PUBLISHED)
    found = ((body.leaves[key].field, at(values, body.leaves[key].path)) for key in body.title)
    return " – ".join(field.show(value, context) for field, value in found if not is_empty(value) and not _none(value))


def _none(value: Any) -> bool:
    """Whether it points to an entry of which the name is not to be shown."""
    return isinstance(value, EntryRef) and value.title == nameless(value.id)


def title_of(body: RegisterBody, entry: "Entry") -> str:
    """What people call the entry; its number where none of that is to be read."""
    return said(body, entry.values) or _("%(what)s no. %(number)s") % {
        "what": body.singular.capitalize(),
        "number": entry.id,
    }


def fill_in(
    body: RegisterBody,
    rows: Collection[Values],
    rights: Rights,
    *,
    as_of: "AsOf | None" = None,
    keys: Collection[str] | None = None,
) -> None:
    """Put into the values of entries what those are called that they point to, by some fields or all: one query for
    each register, and one for each that their titles point to. Of another day, what they were called then."""
    if not body.references or not rights.elsewhere or not rows:
        return
    places: dict[str, list[tuple[str, ...]]] = {}
    for key, field in body.references.items():
        if keys is None or key in keys:
            places.setdefault(field.register_key, []).append(body.leaves[key].path)
    for register, paths in places.items():
        pointing = [(*found, path[-1]) for row in rows for path in paths if (found := _pointing(row, path))]
        titles = titles_of(register, {ref.id for _holder, ref, _key in pointing}, rights, as_of)
        for holder, ref, key in pointing:
            holder[key] = EntryRef(ref.id, titles.get(ref.id) or ref.title)


def _pointing(values: Values, path: tuple[str, ...]) -> tuple[Values, EntryRef] | None:
    """Where an entry is pointed to, and to which."""
    holder = at(values, path[:-1])
    ref = holder.get(path[-1]) if isinstance(holder, dict) else None
    return (holder, ref) if isinstance(ref, EntryRef) else None


def called(body: RegisterBody, ids: Collection[int], rights: Rights) -> dict[int, str]:
    """What entries of a register are called, by id, as far as somebody with these rights may read it."""
    return {id: title for id, (title, _is_over) in _found(body, ids, rights, None).items()}


def titles_of(register: str, ids: Collection[int], rights: Rights, as_of: "AsOf | None" = None) -> dict[int, str]:
    """What may be shown of the titles, by id; of an entry that ended with a word that says so."""
    try:
        body = REGISTER.current(register).body if ids else None
    except DefinitionNotFound:
        body = None
    if body is None or rights.elsewhere is None:
        return {}
    found = _found(body, ids, rights.elsewhere(body), as_of)
    return {id: _ended(title, is_over) for id, (title, is_over) in found.items()}


def _found(
    body: RegisterBody, ids: Collection[int], rights: Rights, as_of: "AsOf | None"
) -> dict[int, tuple[str, bool]]:
    """The title of each, and whether it has ended."""
    keys = [key for key in body.title if key in rights.fields]
    if not ids or not keys:
        return {}
    rows = _rows(body, rights, keys, sorted(ids), as_of)
    values = {row["id"]: body.layout.from_row(row) for row in rows}
    fill_in(body, list(values.values()), rights, as_of=as_of, keys=keys)
    return {row["id"]: (said(body, values[row["id"]]), row["ended"]) for row in rows}


def _rows(
    body: RegisterBody, rights: Rights, keys: Iterable[str], ids: list[int], as_of: "AsOf | None"
) -> list[Mapping[str, Any]]:
    """One for each entry, with the columns of its title and whether it has ended. Of another day it is the state of
    then; where none is known, as of what came later, that of today."""
    columns, shown = readable.columns(body, rights, keys)
    limits, given = rights.limits()
    where = " AND ".join(["{id} = ANY(%s)", *limits])
    select = f"SELECT {{id}} AS id, {{ended}} AS ended, {', '.join(columns)} FROM {{table}} WHERE {where}"
    now = select.format(id="id", ended="valid_until IS NOT NULL", table=body.layout.table)
    values = [*shown, ids, *given]
    if as_of is None:
        return _fetched(now, values)
    conditions, then = as_of.conditions
    held = " AND ".join(conditions)
    present = f"{select.format(id='id', ended='FALSE', table=body.layout.table)} AND {held}"
    past = f"{select.format(id='entry_id', ended='FALSE', table=body.layout.past)} AND {held}"
    statement = (
        f"SELECT DISTINCT ON (id) * FROM (SELECT 0 AS behind, held.* FROM ({present} UNION ALL {past}"
        f" AND (recorded_until IS NULL OR recorded_until > %s)) held UNION ALL SELECT 1, latest.* FROM ({now}) latest)"
        " known ORDER BY id, behind"
    )
    return _fetched(statement, [*values, *then, *values, *then, as_of.known, *values])


def _fetched(statement: str, values: list[Any]) -> list[Mapping[str, Any]]:
    with run(statement, values) as cursor:
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _ended(title: str, ended: bool) -> str:
    return _("%(title)s (ended)") % {"title": title} if title and ended else title
