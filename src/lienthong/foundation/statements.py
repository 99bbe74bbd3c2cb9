"""Statements whose text never changes, sent so that PostgreSQL plans them once for a connection and not every time.

Planning costs several times what such a statement costs to carry out: it looks at every index of every partition. The
driver lets a connection prepare a statement that it sends again and again. It forgets them all after a rollback and
begins anew.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from psycopg import Cursor
from psycopg.types.numeric import Int8

PREPARED_AFTER = 1
"""How often a connection sends a statement before PostgreSQL keeps its plan: some are sent once and never again."""

_BIGINT = 2**63


def run(
    statement: str, parameters: Sequence[Any] | Mapping[str, Any], *, planned_for_values: bool = False
) -> CursorWrapper:
    """Send a statement with %s or %(name)s for its parameters, in Django's connection and transaction.

    Its text must be one of few: values never stand in it. Whatever looks on at Django's statements sees it too. What
    follows from the database comes back on the cursor. `planned_for_values`: it is planned each time, where the way to
    the answer depends on how often a value is there, as with words that are looked for.
    """
    cursor = connection.cursor() if planned_for_values else _cursor()
    if isinstance(parameters, Mapping):
        cursor.execute(statement, {name: _of_one_type(value) for name, value in parameters.items()})
    else:
        cursor.execute(statement, [_of_one_type(value) for value in parameters])
    return cursor


def _cursor() -> CursorWrapper:
    if connection.queries_logged:  # the log shows a statement with its values, which are not in a prepared one
        return connection.cursor()
    connection.ensure_connection()
    connection.connection.prepare_threshold = PREPARED_AFTER
    return connection.make_cursor(Cursor(connection.connection))  # type: ignore[arg-type]


def _of_one_type(value: Any) -> Any:
    """Whole numbers are sent as bigint, however small: the driver prepares a statement for each choice of types. One
    that is larger than any bigint is compared as what it is, and nothing is found."""
    return Int8(value) if type(value) is int and -_BIGINT <= value < _BIGINT else value
