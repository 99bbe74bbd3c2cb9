"""Entries that others hold: a reference with `restrict` keeps what it points to in force.

Whoever points to an entry locks it until the end of the transaction, and whoever ends one has it locked already. So of
two at once the second sees what the first has done.
"""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import Conflict
from lienthong.foundation.fields.context import EntryRef
from lienthong.foundation.fields.data import Values
from lienthong.foundation.fields.problems import NotAccepted, Problem
from lienthong.foundation.statements import run
from lienthong.registers import queries
from lienthong.registers.definition import RegisterBody
from lienthong.registers.layout import at, table_of

MOST_COUNTED = 100


class StillReferred(Conflict):
    """Entries in force point to this one by a reference with `restrict`."""

    code = "registers.still_referred"


Held = tuple[str, int, str]
"""The table of an entry that must stay in force, its id, and the path of the field that points to it."""


def hold(body: RegisterBody, values: Values, before: Values) -> None:
    """Keep what the values newly point to from being ended meanwhile. Raises NotAccepted for what has been."""
    lock(newly_held(body, values, before))


def lock(wanted: Iterable[Held]) -> None:
    """Until the end of the transaction. Raises NotAccepted for what is not in force."""
    for table, id, path in sorted(wanted):
        with run(f"SELECT id FROM {table} WHERE id = %s AND valid_until IS NULL FOR SHARE", [id]) as cursor:
            if cursor.fetchone() is None:
                gone = Problem("no_such_entry", _("There is no such entry to choose. Choose it again."))
                raise NotAccepted({path: gone})


def newly_held(body: RegisterBody, values: Values, before: Values) -> Iterator[Held]:
    for key, field in body.references.items():
        path = body.leaves[key].path
        now, then = at(values, path), at(before, path)
        if field.restrict and isinstance(now, EntryRef) and now.id != getattr(then, "id", None):
            yield table_of(field.register_key), now.id, ".".join(path)


def let_go(body: RegisterBody, entry_id: int) -> None:
    """Raises StillReferred when an entry in force keeps this one from being ended."""
    for other, keys in queries.pointing_to(body):
        holding = [other.layout.first(key) for key in keys if other.references[key].restrict]
        count = _holding(other, holding, entry_id, but=entry_id if other.key == body.key else 0) if holding else 0
        if count:
            raise StillReferred(
                _("%(count)s entries in force of the register “%(register)s” point to this one."),
                way_out=_("End those first, or let them point to another."),
                count=f"{MOST_COUNTED}+" if count > MOST_COUNTED else count,
                register=other.name,
            )


def _holding(other: RegisterBody, columns: list[str], entry_id: int, *, but: int) -> int:
    """How many entries in force point to one, one that points to itself left out; counted so far as is worth it."""
    points = " OR ".join(f"{column} = %s" for column in columns)
    statement = (
        f"SELECT count(*) FROM (SELECT FROM {other.layout.table} WHERE ({points}) AND valid_until IS NULL AND id <> %s"
        f" LIMIT {MOST_COUNTED + 1}) pointing"
    )
    with run(statement, [*[entry_id] * len(columns), but]) as cursor:
        return int(cursor.fetchone()[0])
