"""The database of this test, for processes that are not the test's own."""

from django.db import connection
from psycopg.conninfo import make_conninfo


def address() -> str:
    known = connection.settings_dict
    return make_conninfo(
        **known["OPTIONS"],
        dbname=known["NAME"],
        user=known["USER"] or None,
        password=known["PASSWORD"] or None,
        host=known["HOST"] or None,
        port=known["PORT"] or None,
    )
