"""Tables cut into years from their first migration, so that they may grow for ever.

Two forms. `makemigrations` writes a `migrations.CreateModel`; put one of these in its place and nothing else changes:

    partitions.CreateModelByYear("Event", column="at", fields=[...])
        ledger_event                      by range of `at`, a moment or a day that is never null
            ledger_event_2026             one year of Vietnam's calendar
            ledger_event_default          rows whose year has no partition: nothing is ever refused

    partitions.CreateModelOpenOrByYear("Item", is_open="is_open", column="done_at", fields=[...])
        work_item                         by `is_open`, a boolean that is never null
            work_item_open                what is open: small, however old the table grows
            work_item_closed              by range of `done_at`
                work_item_closed_2026
                work_item_closed_default

What PostgreSQL asks of such tables: a unique constraint must name the partition column. So the primary key becomes
(id, column) in the first form; in the second each partition has its own, because a closed row moves to another
partition. Ids are unique in the whole table all the same: one sequence gives them. Foreign keys from such a table work;
none can point to it: use a plain integer, or db_constraint=False.

A year is made in the likeness of the default partition: its indexes, constraints and statement triggers.
Partitioning needs nothing newer than PostgreSQL 15.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models, transaction
from django.db.backends.utils import CursorWrapper
from django.db.migrations.operations import CreateModel
from psycopg import sql

from lienthong.foundation import clock, patience

YEARS_AHEAD = 1
FIRST_YEAR, LAST_YEAR = 1900, 9998
_LONGEST_NAME = 63 - len("_closed_default")


def ensure_years(
    table: str, *, through: int | None = None, since: int | None = None, using: str = DEFAULT_DB_ALIAS
) -> list[str]:
    """Give every year from `since` (default: this year) to `through` (default: next year) a partition of its own.

    `table` is cut by year itself, or one of its parts is. Rows of a new year that waited in the default partition move
    into it, without firing the table's own triggers. Years that are there stay as they are; of two callers at once one
    makes each year. Returns the names of the partitions made. Writers wait for the moment it takes. While transactions
    that use the table stay open it lets them go first; after some 20 s it raises OperationalError, nothing changed.
    """
    this_year = clock.today().year
    years = range(this_year if since is None else since, (this_year + YEARS_AHEAD if through is None else through) + 1)
    if years and not FIRST_YEAR <= years[0] <= years[-1] <= LAST_YEAR:
        raise ValueError(f"partitions are of the years {FIRST_YEAR} to {LAST_YEAR}, not {years[0]} to {years[-1]}")
    with connections[using].cursor() as cursor:
        cuts = _cuts_by_year(cursor, table)
    if not cuts:
        raise ValueError(f"the table {table!r} is not cut by year")
    return [name for cut in cuts for name in _ensure_years_of(cut, years, using)]


def ensure_all_years(*, through: int | None = None, using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """`ensure_years` for every table of this schema that is cut by year. For a periodic job, and after migrating."""
    with connections[using].cursor() as cursor:
        cursor.execute(
            """SELECT c.relname FROM pg_class c JOIN pg_partitioned_table p ON p.partrelid = c.oid
                WHERE p.partstrat = 'r' AND c.relnamespace = current_schema()::regnamespace ORDER BY 1"""
        )
        tables = [table for (table,) in cursor.fetchall()]
    return [name for table in tables for name in ensure_years(table, through=through, using=using)]


class _CreatePartitionedModel(ABC, CreateModel):
    """A CreateModel to the state of the models; in the database a table that is partitioned from the start."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.apps.get_model(app_label, self.name)
        if not self.allow_migrate_model(schema_editor.connection.alias, model):
            return
        if len(model._meta.db_table) > _LONGEST_NAME:
            raise ValueError(f"{model._meta.db_table!r} leaves no room for the names of its partitions")
        write_table = schema_editor.table_sql

        def write_partitioned_table(created: type[models.Model]) -> tuple[str, Sequence[Any]]:
            statement, params = write_table(created)
            return (self._partitioned(statement, model) if created is model else statement), params

        schema_editor.table_sql = write_partitioned_table
        try:
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        finally:
            del schema_editor.table_sql
        for statement in self._parts(model):
            schema_editor.execute(statement, params=None)
        if not schema_editor.collect_sql:
            ensure_years(model._meta.db_table, using=schema_editor.connection.alias)

    def reduce(self, operation: Any, app_label: str) -> Any:
        """Not folded together with what follows, as a CreateModel would: that would make a plain one of it."""
        return self.can_reduce_through(operation, app_label)

    @abstractmethod
    def _partitioned(self, statement: str, model: type[models.Model]) -> str: ...

    @abstractmethod
    def _parts(self, model: type[models.Model]) -> list[str]: ...


class CreateModelByYear(_CreatePartitionedModel):
    """A table cut by the year of `column`, a moment or a day that is never null. Its primary key is (id, column)."""

    def __init__(
        self, name: str, fields: Any, column: str, options: Any = None, bases: Any = None, managers: Any = None
    ) -> None:
        super().__init__(name, fields, options, bases, managers)
        self.column = column

    def deconstruct(self) -> Any:
        name, args, kwargs = super().deconstruct()
        return name, args, kwargs | {"column": self.column}

    def _partitioned(self, statement: str, model: type[models.Model]) -> str:
        column = _column(model, self.column)
        keys = dict.fromkeys([*_primary_key(model), column])
        definition = _without_primary_key(statement).removesuffix(")")
        return f"{definition}, PRIMARY KEY ({_listed(keys)})) PARTITION BY RANGE ({_listed([column])})"

    def _parts(self, model: type[models.Model]) -> list[str]:
        table = model._meta.db_table
        return [f'CREATE TABLE "{table}_default" PARTITION OF "{table}" DEFAULT']


class CreateModelOpenOrByYear(_CreatePartitionedModel):
    """A table whose open rows (`is_open`, a boolean) lie together and whose others are cut by the year of `column`."""

    def __init__(
        self,
        name: str,
        fields: Any,
        is_open: str,
        column: str,
        options: Any = None,
        bases: Any = None,
        managers: Any = None,
    ) -> None:
        super().__init__(name, fields, options, bases, managers)
        self.is_open = is_open
        self.column = column

    def deconstruct(self) -> Any:
        name, args, kwargs = super().deconstruct()
        return name, args, kwargs | {"is_open": self.is_open, "column": self.column}

    def _partitioned(self, statement: str, model: type[models.Model]) -> str:
        column = _column(model, self.is_open)
        return f"{_without_primary_key(statement)} PARTITION BY LIST ({_listed([column])})"

    def _parts(self, model: type[models.Model]) -> list[str]:
        table, column = model._meta.db_table, _column(model, self.column)
        keys = _listed(_primary_key(model))
        by_year = f"PARTITION BY RANGE ({_listed([column])})"
        return [
            f'CREATE TABLE "{table}_open" PARTITION OF "{table}" (PRIMARY KEY ({keys})) FOR VALUES IN (true)',
            f'CREATE TABLE "{table}_closed" PARTITION OF "{table}" FOR VALUES IN (false) {by_year}',
            f'CREATE TABLE "{table}_closed_default" PARTITION OF "{table}_closed" (PRIMARY KEY ({keys})) DEFAULT',
        ]


def _column(model: type[models.Model], name: str) -> str:
    field = model._meta.get_field(name)
    if not isinstance(field, models.Field) or not field.column:
        raise ValueError(f"{name!r} is not a column of {model._meta.db_table!r}")
    return field.column


def _primary_key(model: type[models.Model]) -> list[str]:
    return [field.column for field in model._meta.pk_fields if field.column]


def _listed(columns: Any) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _without_primary_key(statement: str) -> str:
    """Django's CREATE TABLE less its primary key, which stands behind a column or, when composite, at the end."""
    definition, found, rest = statement.partition(" PRIMARY KEY")
    if not found or "PRIMARY KEY" in rest or not rest.endswith(")"):
        raise ValueError(f"cannot partition the table of this statement: {statement}")
    if definition.endswith(","):
        return definition.removesuffix(",") + rest.partition(")")[2]
    return definition + rest


@dataclass(frozen=True, slots=True)
class _Cut:
    """A table partitioned by year, and what its partitions are made from."""

    root: str
    table: str
    default: str
    column: str
    type: str

    @property
    def names(self) -> dict[str, sql.Composable]:
        return {
            "root": sql.Identifier(self.root),
            "table": sql.Identifier(self.table),
            "default": sql.Identifier(self.default),
            "column": sql.Identifier(self.column),
            "type": sql.SQL(self.type),
        }

    def name(self, year: int) -> str:
        return f"{self.table}_{year}"


def _cuts_by_year(cursor: CursorWrapper, table: str) -> list[_Cut]:
    cursor.execute(
        """SELECT r.relname, c.relname, d.relname, a.attname, format_type(a.atttypid, NULL)
             FROM pg_partition_tree(to_regclass(quote_ident(%s))) t
             JOIN pg_partitioned_table p ON p.partrelid = t.relid AND p.partstrat = 'r' AND p.partnatts = 1
             JOIN pg_class c ON c.oid = t.relid
             JOIN pg_class d ON d.oid = p.partdefid
             JOIN pg_class r ON r.oid = pg_partition_root(t.relid)
             JOIN pg_attribute a ON a.attrelid = t.relid AND a.attnum = p.partattrs[0]
            ORDER BY c.relname""",
        [table],
    )
    return [_Cut(*row) for row in cursor.fetchall()]


def _ensure_years_of(cut: _Cut, years: range, using: str) -> list[str]:
    def make() -> list[str]:
        with transaction.atomic(using=using), connections[using].cursor() as cursor:
            return _make_missing_years(cursor, cut, years)

    return patience.trying_again(make)


def _make_missing_years(cursor: CursorWrapper, cut: _Cut, years: range) -> list[str]:
    if not _missing(cursor, cut, years):
        return []
    with patience.patient(cursor):
        # A writer that has already chosen the default partition for its row would be refused once the year is there:
        # so writers are kept out at the root, where they come in.
        _run(cursor, "LOCK TABLE ONLY {root} IN SHARE ROW EXCLUSIVE MODE", cut)
        missing = _missing(cursor, cut, years)
        if missing:
            _run(cursor, "LOCK TABLE {default} IN ACCESS EXCLUSIVE MODE", cut)
        for year in missing:
            _make_year(cursor, cut, year)
    return [cut.name(year) for year in missing]


def _missing(cursor: CursorWrapper, cut: _Cut, years: range) -> list[int]:
    names = [cut.name(year) for year in years]
    cursor.execute("SELECT name FROM unnest(%s::text[]) name WHERE to_regclass(quote_ident(name)) IS NULL", [names])
    absent = {name for (name,) in cursor.fetchall()}
    return [year for year in years if cut.name(year) in absent]


def _make_year(cursor: CursorWrapper, cut: _Cut, year: int) -> None:
    bounds: dict[str, sql.Composable] = {
        "start": _first_moment(year),
        "end": _first_moment(year + 1),
        "year": sql.Identifier(cut.name(year)),
    }
    _run(cursor, "CREATE TABLE {year} (LIKE {default} INCLUDING ALL EXCLUDING IDENTITY)", cut, **bounds)
    _move_rows(cursor, cut, bounds)
    _run(cursor, "ALTER TABLE {table} ATTACH PARTITION {year} FOR VALUES FROM ({start}) TO ({end})", cut, **bounds)
    _copy_triggers(cursor, cut, cut.name(year))


def _first_moment(year: int) -> sql.Literal:
    """Read by PostgreSQL as a moment or, for a column of days, as its day."""
    return sql.Literal(f"{year:04}-01-01 00:00:00+07")


def _move_rows(cursor: CursorWrapper, cut: _Cut, bounds: dict[str, sql.Composable]) -> None:
    within = sql.SQL("{column} >= {start}::{type} AND {column} < {end}::{type}").format(**cut.names, **bounds)
    _run(cursor, "SELECT EXISTS (SELECT FROM {default} WHERE {within})", cut, within=within)
    if not cursor.fetchall()[0][0]:
        return
    cursor.execute(
        """SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(quote_ident(%s))
              AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum""",
        [cut.default],
    )
    columns = sql.SQL(", ").join(sql.Identifier(column) for (column,) in cursor.fetchall())
    with _triggers_off(cursor, cut):
        _run(
            cursor,
            "WITH moved AS (DELETE FROM {default} WHERE {within} RETURNING {columns})"
            " INSERT INTO {year} ({columns}) SELECT {columns} FROM moved",
            cut,
            within=within,
            columns=columns,
            year=bounds["year"],
        )


@contextmanager
def _triggers_off(cursor: CursorWrapper, cut: _Cut) -> Iterator[None]:
    """Moving a row inside its table is no change of it: triggers that record or forbid changes must not see it."""
    cursor.execute(
        """SELECT tgname, tgenabled FROM pg_trigger WHERE tgrelid = to_regclass(quote_ident(%s))
              AND NOT tgisinternal AND tgenabled <> 'D'""",
        [cut.default],
    )
    triggers = [(sql.Identifier(name), when) for name, when in cursor.fetchall()]
    for name, _ in triggers:
        _run(cursor, "ALTER TABLE {default} DISABLE TRIGGER {name}", cut, name=name)
    yield
    for name, when in triggers:
        mode = sql.SQL({"A": "ALWAYS ", "R": "REPLICA "}.get(when, ""))
        _run(cursor, "ALTER TABLE {default} ENABLE {mode}TRIGGER {name}", cut, name=name, mode=mode)


def _copy_triggers(cursor: CursorWrapper, cut: _Cut, partition: str) -> None:
    """Row triggers of the whole table come with attaching; those put on partitions (on TRUNCATE) do not."""
    cursor.execute(
        """SELECT replace(pg_get_triggerdef(t.oid), format(' ON %%I.%%I ', n.nspname, c.relname),
                                                    format(' ON %%I.%%I ', n.nspname, %s::text))
             FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE c.oid = to_regclass(quote_ident(%s)) AND NOT t.tgisinternal AND t.tgparentid = 0""",
        [partition, cut.default],
    )
    for (statement,) in cursor.fetchall():
        cursor.execute(statement)


def _run(cursor: CursorWrapper, statement: str, cut: _Cut, **parts: sql.Composable) -> None:
    cursor.execute(sql.SQL(statement).format(**cut.names, **parts))
