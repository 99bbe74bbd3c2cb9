"""A cache in PostgreSQL, for what all processes must agree on: counters of tries, codes that were used.

Django's own cache in the database counts all its rows at every write and drops some of them when there are many, which
would let an attacker wash away the counters. This one counts nothing and drops only what has expired. It keeps plain
values (text, numbers, truth, lists and mappings of them), never Python objects.
"""

import json
import random
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.db import connection

from lienthong.foundation import clock

TABLE = "identity_sharedvalue"
ONE_IN = 100
"""Of so many writes one also clears away what has expired."""
CLEARED_AT_ONCE = 1000
LONGEST_KEY = 250

_SET = f"""
    INSERT INTO {TABLE} AS kept (key, value, expires_at) VALUES (%s, %s, %s)
    ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, expires_at = EXCLUDED.expires_at"""  # noqa: S608
_ONLY_IF_GONE = " WHERE kept.expires_at <= %s"
_CLEAR = f"""
    DELETE FROM {TABLE} WHERE key IN (
        SELECT key FROM {TABLE} WHERE expires_at <= %s LIMIT %s FOR UPDATE SKIP LOCKED)"""  # noqa: S608


class SharedCache(BaseCache):
    """CACHES = {"default": {"BACKEND": "lienthong.identity.cache.SharedCache"}}. Its table comes with the migrations.

    A value set in a transaction that is rolled back was never set.
    """

    def __init__(self, location: str, params: dict[str, Any]) -> None:
        super().__init__(params)

    def add(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Of several processes that add the same key at once, one is told that it did."""
        parameters = (*self._row(key, value, timeout, version), clock.now())
        return self._write(_SET + _ONLY_IF_GONE + " RETURNING 1", parameters)

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._write(_SET, self._row(key, value, timeout, version))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        return self.get_many([key], version).get(key, default)

    def get_many(self, keys: Iterable[str], version: int | None = None) -> dict[str, Any]:
        named = {self._named(key, version): key for key in keys}
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT key, value FROM {TABLE}"  # noqa: S608
                " WHERE key = ANY(%s) AND (expires_at IS NULL OR expires_at > %s)",
                [list(named), clock.now()],
            )
            return {named[key]: json.loads(value) for key, value in cursor.fetchall()}

    def set_many(
        self, data: Mapping[str, Any], timeout: Any = DEFAULT_TIMEOUT, version: int | None = None
    ) -> list[str]:
        for key in sorted(data):
            self.set(key, data[key], timeout, version)
        return []

    def touch(self, key: str, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        return self._write(
            f"UPDATE {TABLE} SET expires_at = %s"  # noqa: S608
            " WHERE key = %s AND (expires_at IS NULL OR expires_at > %s) RETURNING 1",
            (self._expires(timeout), self._named(key, version), clock.now()),
        )

    def incr(self, key: str, delta: int = 1, version: int | None = None) -> int:
        """Add to a number in place; it expires when it would have. Raises ValueError where there is none."""
        with connection.cursor() as cursor:
            cursor.execute(
                f"UPDATE {TABLE} SET value = (value::bigint + %s)::text"  # noqa: S608
                " WHERE key = %s AND (expires_at IS NULL OR expires_at > %s) RETURNING value",
                [delta, self._named(key, version), clock.now()],
            )
            row = cursor.fetchone()
        if row is None:
            raise ValueError(f"there is no number {key!r}")
        return int(row[0])

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._write(f"DELETE FROM {TABLE} WHERE key = %s RETURNING 1", (self._named(key, version),))  # noqa: S608

    def delete_many(self, keys: Iterable[str], version: int | None = None) -> None:
        named = sorted(self._named(key, version) for key in keys)
        self._write(f"DELETE FROM {TABLE} WHERE key = ANY(%s)", (named,))  # noqa: S608

    def has_key(self, key: str, version: int | None = None) -> bool:
        return bool(self.get_many([key], version))

    def clear(self) -> None:
        self._write(f"DELETE FROM {TABLE}", ())  # noqa: S608

    def _write(self, statement: str, parameters: tuple[Any, ...]) -> bool:
        """Whether the statement returned a row."""
        with connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            done = bool(cursor.fetchone()) if cursor.description else False
            if random.randrange(ONE_IN) == 0:  # noqa: S311 - housekeeping, not a secret
                clear_expired()
        return done

    def _row(self, key: str, value: Any, timeout: Any, version: int | None) -> tuple[str, str, datetime | None]:
        return self._named(key, version), json.dumps(value, allow_nan=False), self._expires(timeout)

    def _named(self, key: str, version: int | None) -> str:
        """As it stands in the table: any key fits, however long or odd."""
        made = str(self.make_key(key, version=version))
        if len(made) <= LONGEST_KEY and made.isprintable():
            return made
        return f"sha256:{sha256(made.encode('utf-8', 'surrogatepass')).hexdigest()}"

    def _expires(self, timeout: Any) -> datetime | None:
        seconds = self.default_timeout if timeout is DEFAULT_TIMEOUT else timeout
        return None if seconds is None else clock.now() + timedelta(seconds=seconds)


def clear_expired() -> int:
    """Remove some of what has expired; rows that somebody holds at the moment are left. Returns how many."""
    with connection.cursor() as cursor:
        cursor.execute(_CLEAR, [clock.now(), CLEARED_AT_ONCE])
        return int(cursor.rowcount)
