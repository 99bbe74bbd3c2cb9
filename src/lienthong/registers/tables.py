"""The tables of registers: made and changed by Django's own migration autodetector and schema editor.

A table only grows. What a new version adds is made before the version is published, each change in a transaction of its
own that waits for nobody longer than a moment; should publishing then fail, an unused column remains and harms nobody.
What a new version leaves out stays where it is, out of sight, until retention ends (`upkeep`). So reading never stops,
and a version that is published finds its columns there.
"""

import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeAlias

from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db import IntegrityError, connection, models, transaction
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.graph import MigrationGraph
from django.db.migrations.operations.base import Operation
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ModelState, ProjectState
from django.db.models import F, Q
from django.utils.translation import gettext as _

from lienthong.foundation import patience
from lienthong.foundation.errors import Conflict
from lienthong.registers.layout import Layout

APP = "registers"
MAKING = zlib.crc32(b"lienthong.registers")
LONGEST_WAIT = 60.0  # seconds


class NotUnique(Exception):
    """Entries in force agree in columns in which they may not."""

    def __init__(self, columns: tuple[str, ...], detail: str) -> None:
        super().__init__(columns, detail)
        self.columns, self.detail = columns, detail


class Busy(Conflict):
    code = "registers.tables_busy"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a version asks of its table beside columns: lists of columns in which no two entries in force agree, columns
    that lists are sorted and narrowed by, columns of boxes, whether words are looked for, and columns by which somebody
    finds what names them: with a number, and with rows that have one.

    The first column of a unique list must say something; behind it, what is empty agrees with what is empty."""

    unique: tuple[tuple[str, ...], ...] = ()
    sorted_by: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    searched: bool = False
    naming: tuple[str, ...] = ()
    naming_in_rows: tuple[str, ...] = ()


def consequences(layout: Layout, wanted: Wanted) -> Iterator[str]:
    """What making a version's table would do, in sentences that say what it holds up."""
    there = _columns_of(layout.table)
    if not there:
        yield _("Makes the table %(table)s with %(count)d columns for what is entered.") % {
            "table": layout.table,
            "count": len(layout.names(layout.leaves)),
        }
        yield from _ties(layout)
        return
    for name in layout.names(layout.leaves):
        if name not in there:
            yield _("Adds the column %(column)s to %(table)s; writers wait for a moment, readers do not.") % {
                "column": name,
                "table": layout.table,
            }
    for _model, index in _missing_indexes(layout, wanted):
        yield _("Builds the index %(index)s beside the work; nobody waits for it.") % {"index": index.name}
        if isinstance(index, _Unique) and len(index.fields) > 1:
            yield _(
                "From then on no two entries in force agree in %(columns)s, also where one of them is empty; only"
                " without %(first)s they may."
            ) % {"columns": ", ".join(index.fields), "first": index.fields[0]}
    yield from _ties(layout)


def _ties(layout: Layout) -> Iterator[str]:
    for tie in _missing_ties(layout):
        yield _(
            "Ties %(table)s.%(column)s to %(other)s by a foreign key, once both are there; writers of both wait for a"
            " moment, readers do not."
        ) % {"table": layout.table, "column": tie.column, "other": tie.other}


def make(layout: Layout, wanted: Wanted) -> None:
    """Let there be the table of a version, with everything that it needs. Done again it does nothing."""
    with _alone():
        new = not _columns_of(layout.table)
        for operation, before, after in _operations(layout):
            patience.trying_again(partial(_carry_out, operation, before, after))
        if new:
            _keep_the_past(layout)
        if missing := _missing_indexes(layout, wanted):
            apps = _state(layout, _declared(layout)).apps
            for name, index in missing:
                _build(apps.get_model(APP, name), index)


def tie(layout: Layout) -> None:
    """Let every entry that is pointed to be there, in tables that have been made: those that point to each other too.
    Done again it does nothing.

    What stands there is looked through beside the work. The check comes at once and may be put off to the end of a
    transaction, for entries that come together (SET CONSTRAINTS).
    """
    with _alone():
        for each in _missing_ties(layout):
            if not each.there:
                patience.trying_again(partial(_change, each.adding))
            patience.trying_again(partial(_change, each.validating))


@contextmanager
def _alone() -> Iterator[None]:
    """One at a time makes tables. Asked for again and again: whoever waited inside the database would hold up the
    building of an index, which waits for everybody who is at work there."""
    inside, end = connection.in_atomic_block, time.monotonic() + LONGEST_WAIT
    with connection.cursor() as cursor:
        while True:
            cursor.execute(f"SELECT pg_try_advisory_{'xact_' if inside else ''}lock(%s)", [MAKING])
            if cursor.fetchone()[0]:
                break
            if time.monotonic() > end:
                raise Busy(
                    _("Somebody else is changing the tables of registers."), way_out=_("Try again in some minutes.")
                )
            time.sleep(0.1)
    try:
        yield
    finally:
        if not inside:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [MAKING])


# the tables as Django's migrations see them


def _operations(layout: Layout) -> list[tuple[Operation, ProjectState, ProjectState]]:
    """What leads from the tables that are there to those of the layout, each with the states around it."""
    wanted = _declared(layout)
    there = _columns_of(layout.table)
    before = _state(layout, {name: kind for name, kind in wanted.items() if name in there}) if there else _nothing()
    after = _state(layout, wanted)
    detector = MigrationAutodetector(before, after, NonInteractiveMigrationQuestioner(specified_apps={APP}))
    found = [
        operation for migration in detector.changes(MigrationGraph()).get(APP, ()) for operation in migration.operations
    ]
    steps, state = [], before
    for operation in found:
        following = state.clone()
        operation.state_forwards(APP, following)
        steps.append((operation, state, following))
        state = following
    return steps


def _declared(layout: Layout) -> "dict[str, models.Field[Any, Any]]":
    return {column.name: column.kind for columns in layout.columns.values() for column in columns}


def _nothing() -> ProjectState:
    state = ProjectState()
    state.add_model(_organisation())
    return state


def _state(layout: Layout, columns: "dict[str, models.Field[Any, Any]]") -> ProjectState:
    state = _nothing()
    own = [(name, kind.clone()) for name, kind in columns.items()]
    state.add_model(ModelState(APP, "Entry", [*_entry(), *own], {"db_table": layout.table}))
    state.add_model(ModelState(APP, "Past", [*_past(), *[(n, k.clone()) for n, k in own]], {"db_table": layout.past}))
    return state


def _organisation() -> ModelState:
    """As much of the agencies' table as a foreign key needs."""
    return ModelState("organisations", "Organisation", [("id", models.BigAutoField(primary_key=True))], {})


_Fields: TypeAlias = "list[tuple[str, models.Field[Any, Any]]]"


def _entry() -> _Fields:
    """What is known of every entry. `request` makes entering a second time harmless. `valid_from` is the day from which
    it has been so in the world, `valid_until` the first day on which it is no more; `recorded_at` is when we came to
    know."""
    request: models.UUIDField[Any, Any] = models.UUIDField(null=True, unique=True)
    agency: models.ForeignKey[Any, Any] = models.ForeignKey(
        "organisations.Organisation", models.PROTECT, db_index=False, db_column="organisation_id"
    )
    return [
        ("id", models.BigAutoField(primary_key=True)),
        ("organisation", agency),
        ("request", request),
        *_times(),
        *_beside(),
    ]


def _past() -> _Fields:
    """A state that an entry is no longer in, or of which we know better since `recorded_until`."""
    return [
        ("id", models.BigAutoField(primary_key=True)),
        ("entry_id", models.BigIntegerField()),
        ("organisation_id", models.BigIntegerField()),
        *_times(),
        ("recorded_until", models.DateTimeField(null=True)),
        *_beside(),
    ]


def _times() -> _Fields:
    return [
        ("valid_from", models.DateField()),
        ("valid_until", models.DateField(null=True)),
        ("recorded_at", models.DateTimeField()),
    ]


def _beside() -> _Fields:
    """`revision` counts the changes, `origin` says what it came from (an import, a dossier), `search` is what words are
    looked for in."""
    return [
        ("revision", models.IntegerField(default=1)),
        ("origin", models.TextField(default="")),
        ("search", models.TextField(default="")),
    ]


def _carry_out(operation: Operation, before: ProjectState, after: ProjectState) -> None:
    with transaction.atomic(), connection.cursor() as cursor, patience.patient(cursor):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # no table changes while checks of what was written are due
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards(APP, editor, before, after)


def _change(statement: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor, patience.patient(cursor):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def _keep_the_past(layout: Layout) -> None:
    """What an entry was is kept by the database itself, whoever changes it, and by which program."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER keep_past AFTER UPDATE OR DELETE ON {layout.table}"
            " FOR EACH ROW EXECUTE FUNCTION registers_keep_past()"
        )
        cursor.execute(
            f"ALTER TABLE {layout.table} ADD CONSTRAINT {layout.table}_ends CHECK (valid_until >= valid_from)"
        )


# what points to other tables. Not by Django's foreign keys: their checks always wait for the end of the transaction,
# and adding one holds up all who write until everything is looked through.


@dataclass(frozen=True, slots=True)
class _Tie:
    """A foreign key that is not there, or not yet known to hold for all that is there."""

    table: str
    column: str
    other: str
    there: bool

    @property
    def name(self) -> str:
        return _named(self.table, "to", self.column)

    @property
    def adding(self) -> str:
        return (
            f"ALTER TABLE {self.table} ADD CONSTRAINT {self.name} FOREIGN KEY ({self.column})"
            f" REFERENCES {self.other} (id) DEFERRABLE INITIALLY IMMEDIATE NOT VALID"
        )

    @property
    def validating(self) -> str:
        return f"ALTER TABLE {self.table} VALIDATE CONSTRAINT {self.name}"


def _missing_ties(layout: Layout) -> list[_Tie]:
    if not layout.references:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname, convalidated FROM pg_constraint"
            " WHERE conrelid = to_regclass(quote_ident(%s)) AND contype = 'f'",
            [layout.table],
        )
        there = dict(cursor.fetchall())
    wanted = [_Tie(layout.table, column, other, False) for column, other in layout.references.items()]
    return [replace(each, there=each.name in there) for each in wanted if not there.get(each.name)]


# indexes


def _indexes(layout: Layout, wanted: Wanted) -> Iterator[tuple[str, models.Index]]:
    """Indexes with the model they are of. Each is named by what it holds, so that the same wish finds it there."""
    pointing = [name for name in layout.references if name not in wanted.sorted_by]  # who points to an entry is asked
    for model, table, id, more in (("Entry", layout.table, "id", pointing), ("Past", layout.past, "entry_id", [])):
        for name in [*wanted.sorted_by, *more]:
            # The day stands in it so that a list of another day passes over what came later without reading it.
            fields = F(name).desc(nulls_last=True), F(id).desc(), F("valid_from")
            yield model, models.Index(*fields, name=_named(table, "by", name))
        for name in wanted.places:
            # With whose they are and whether they ended in it, a map tells where entries lie without reading them.
            beside = ["organisation", "valid_until"] if model == "Entry" else []
            yield model, GistIndex(fields=[name], name=_named(table, "in", name), include=beside or None)
        if wanted.searched:
            yield model, GinIndex(OpClass(F("search"), "gin_trgm_ops"), name=_named(table, "search"))
    yield "Entry", models.Index(fields=["organisation", "-id"], name=_named(layout.table, "kept"))
    for name in wanted.naming:
        yield "Entry", models.Index(fields=[name], name=_named(layout.table, "names", name))
    for name in wanted.naming_in_rows:
        rows = GinIndex(OpClass(F(name), "jsonb_path_ops"), name=_named(layout.table, "names", name))
        yield "Entry", rows
    yield "Past", models.Index(fields=["entry_id", "recorded_at"], name=_named(layout.past, "entry"))
    for names in wanted.unique:
        # Named for what is empty too: under the name without it an older database has an index that lets it agree.
        name = _named(layout.table, "one", *names, *(["or_none"] if len(names) > 1 else []))
        there = Q(valid_until=None) & Q(**{f"{names[0]}__isnull": False})
        yield "Entry", _Unique(fields=list(names), name=name, condition=there)


def uniqueness(layout: Layout) -> str:
    """How the names of indexes begin that keep entries from agreeing."""
    return f"{layout.table}_one_"


def drop_former_uniqueness(layout: Layout, wanted: Wanted) -> None:
    """Let go of what former versions forbade and this one allows: in the transaction that publishes it, since it is
    forbidden until then."""
    names = {index.name for _model, index in _indexes(layout, wanted)}
    former = [name for name in _valid_indexes(layout.table) - names if name.startswith(uniqueness(layout))]
    with connection.cursor() as cursor:
        for name in sorted(former):
            with patience.patient(cursor):
                cursor.execute(f"DROP INDEX {name}")


def _named(table: str, *parts: str) -> str:
    """In PostgreSQL indexes share their names with tables: so the names begin as that of the table does."""
    name = "_".join([table, *parts])
    if len(name) <= _LONGEST:
        return name
    return f"{name[: _LONGEST - 9]}_{zlib.crc32(name.encode()):08x}"


_LONGEST = 63  # letters of a name in PostgreSQL


class _Unique(models.Index):
    """Entries in force of which no two agree; what ended may come again. Django knows NULLS NOT DISTINCT of constraints
    only, and those it does not build beside the work."""

    def create_sql(self, *args: Any, **kwargs: Any) -> Any:
        statement = super().create_sql(*args, **kwargs)
        template = statement.template.replace("CREATE INDEX", "CREATE UNIQUE INDEX")
        statement.template = template.replace("%(include)s", "%(include)s NULLS NOT DISTINCT")
        return statement


def _missing_indexes(layout: Layout, wanted: Wanted) -> list[tuple[str, models.Index]]:
    there = _valid_indexes(layout.table) | _valid_indexes(layout.past)
    return [(model, index) for model, index in _indexes(layout, wanted) if index.name not in there]


def _build(model: type[models.Model], index: models.Index) -> None:
    """Beside the work where that can be: PostgreSQL builds an index concurrently only outside a transaction."""
    concurrently = not connection.in_atomic_block
    with connection.schema_editor(atomic=False) as editor:
        if concurrently:
            editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}")  # one that a broken attempt left
        statement = index.create_sql(model, editor, concurrently=concurrently)
        try:
            with nullcontext() if concurrently else transaction.atomic():
                editor.execute(statement, params=None)
        except IntegrityError as error:
            if concurrently:  # what is left of it would go on forbidding
                editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {index.name}")
            detail = getattr(getattr(error.__cause__, "diag", None), "message_detail", "") or ""
            raise NotUnique(tuple(index.fields), detail) from error


# what goes


def let_go(layout: Layout, columns: Sequence[str]) -> None:
    """Drop columns of both tables with all that stands in them, in the caller's transaction; readers and writers wait
    for a moment."""
    with connection.cursor() as cursor, patience.patient(cursor):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in (layout.table, layout.past):
            cursor.execute(f"ALTER TABLE {table} {', '.join(f'DROP COLUMN IF EXISTS {name}' for name in columns)}")


# what is there


def lacking(layout: Layout) -> set[str]:
    """The columns of a version that its table does not have."""
    return set(layout.names(layout.leaves)) - _columns_of(layout.table)


def there(layout: Layout, columns: Sequence[str]) -> list[str]:
    """Those of the columns that the table has."""
    found = _columns_of(layout.table)
    return [name for name in columns if name in found]


def pointing_to(table: str) -> list[tuple[str, str]]:
    """The tables of registers whose entries are tied to this one's, each with the column that is."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tie.conrelid::regclass::text, told.attname FROM pg_constraint tie"
            " JOIN pg_attribute told ON told.attrelid = tie.conrelid AND told.attnum = tie.conkey[1]"
            " WHERE tie.confrelid = to_regclass(quote_ident(%s)) AND tie.contype = 'f' ORDER BY 1, 2",
            [table],
        )
        return list(cursor.fetchall())


def _columns_of(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(%s)) AND attnum > 0"
            " AND NOT attisdropped",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}


def _valid_indexes(table: str) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
            " WHERE i.indrelid = to_regclass(quote_ident(%s)) AND i.indisvalid",
            [table],
        )
        return {name for (name,) in cursor.fetchall()}
