"""The province that is measured: declarations, cast, dossiers taken through the services, and copies of them by SQL.

A year of a province cannot be run through the services before every measurement. So some hundred dossiers go the real
way, to every kind of state, and are then copied in the database, spread over all districts and three years.
"""

from datetime import date, datetime, timedelta
from functools import cache
from itertools import cycle

from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

from lienthong.cases.models import Dossier
from lienthong.foundation import clock, partitions
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.services import appoint
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from tests import cast
from tests.cases import dossiers

TEMPLATES = 120
YEARS = 3
THIRTY = "ba-muoi-vi-tri"
"""User name of the officer with thirty posts."""


def prepare() -> None:
    """An empty database becomes the demonstration province, with dossiers to be copied."""
    call_command("migrate", verbosity=0)
    if not Account.objects.exists():
        cast.settle()
        _thirty_posts()
        _templates(TEMPLATES)


def grow(total: int) -> None:
    """Let there be `total` dossiers, most of them at their end."""
    there = Dossier.objects.count()
    if total > there:
        _copy(total - there)
        with connection.cursor() as cursor:
            cursor.execute("VACUUM (ANALYZE)")


def officer(username: str) -> Officer:
    found = actor_of(Account.objects.get(username=username))
    assert isinstance(found, Officer)
    return found


def _thirty_posts() -> None:
    """Clerk and handler, head and leader in all districts: thirty posts in as many organisations as there are."""
    agencies, today = tree(), clock.today()
    account = Account.objects.create(
        username=THIRTY, full_name="Nguyễn Thị Ba Mươi", created_at=clock.now(), email="ba.muoi@daknong.example"
    )
    wanted = [
        post
        for function, role in (
            ("one-stop-district", "one-stop-clerk"),
            ("urban-management", "case-handler"),
            ("urban-management", "head-of-unit"),
            ("district-committee", "agency-leader"),
        )
        for node in agencies.with_function(function, today)
        for post in agencies.posts_in(node.id, role, today)[:1]
    ]
    for post in wanted[:30]:
        appoint(account_id=account.pk, post_id=post.id, valid_from=date(2020, 1, 1))


def _templates(count: int) -> None:
    """Dossiers in all kinds of states; of seven, one is still under way."""
    start = datetime(clock.today().year, 1, 12, 8, 30, tzinfo=clock.ZONE)
    ways = cycle(
        [returned] * 6 + [dossiers.submitted, *[returned] * 5, dossiers.received, *[returned] * 5, dossiers.in_hand]
    )
    for number, way in zip(range(count), ways, strict=False):
        with clock.at(start + timedelta(minutes=7 * number)):
            way()


def returned() -> Dossier:
    dossier = dossiers.approved()
    return dossiers.act(dossier, cast.CLERK, "tra-ket-qua", dossiers.last_action(dossier, "tra-ket-qua"))


@cache
def _columns(table: str, *but: str) -> list[str]:
    """The columns of a table that can be written, without some."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped"
            " AND attgenerated = ''",
            [table],
        )
        return [name for (name,) in cursor.fetchall() if name not in but]


def _copy(count: int) -> None:
    for table in ("cases_stepvisit", "work_workitem", "ledger_entry"):
        partitions.ensure_years(table, since=clock.today().year - YEARS)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE sample AS SELECT id, (row_number() OVER (ORDER BY id) - 1)::int AS rank"
            " FROM cases_dossier ORDER BY id LIMIT %s",
            [TEMPLATES],
        )
        rounds = -(-count // TEMPLATES)
        cursor.execute(
            "CREATE TEMP TABLE round AS SELECT n, (n %% %s) AS district,"
            " make_interval(hours => (n * 24 * 365 * %s / %s)) AS ago FROM generate_series(1, %s) n",
            [len(_districts()), YEARS, rounds, rounds],
        )
        _map_organisations(cursor)
        _map_ids(cursor, "dossier", "cases_dossier", "SELECT id FROM sample")
        _map_ids(
            cursor,
            "visit",
            "cases_stepvisit",
            "SELECT id FROM cases_stepvisit WHERE dossier_id IN (SELECT id FROM sample)",
        )
        _copy_dossiers(cursor)
        _copy_rest(cursor)
        cursor.execute("DROP TABLE sample, round, organisation_map, post_map, dossier_map, visit_map")


@cache
def _districts() -> list[int]:
    """The committees of the districts, the one of the templates first."""
    found = tree().with_function("district-committee", clock.today())
    return [node.id for node in sorted(found, key=lambda node: node.key != dossiers.GIA_NGHIA)]


def _map_organisations(cursor: CursorWrapper) -> None:
    """For each district, which organisation does there what another does in the templates' district."""
    agencies, today = tree(), clock.today()
    organisations, posts = [], []
    for number, committee in enumerate(_districts()):
        for function in ("district-committee", "one-stop-district", "urban-management", "fire-police"):
            here = agencies.nearest(function, agencies[_districts()[0]], today)
            there = agencies.nearest(function, agencies[committee], today)
            organisations.append((number, here.id, there.id))
            of_there = {post.key: post.id for post in agencies.posts.values() if post.organisation_id == there.id}
            posts += [
                (number, post.id, of_there.get(post.key))
                for post in agencies.posts.values()
                if post.organisation_id == here.id
            ]
    for name, rows in (("organisation_map", organisations), ("post_map", posts)):
        cursor.execute(f"CREATE TEMP TABLE {name} (district int, old bigint, new bigint)")
        cursor.executemany(f"INSERT INTO {name} VALUES (%s, %s, %s)", rows)


def _map_ids(cursor: CursorWrapper, name: str, table: str, chosen: str) -> None:
    """New ids for the copies of the chosen rows, in every round; the table's sequence moves beyond them."""
    cursor.execute(
        f"CREATE TEMP TABLE {name}_map AS SELECT round.n, chosen.id AS old,"
        f" nextval(pg_get_serial_sequence('{table}', 'id')) AS new"
        f" FROM round, ({chosen}) chosen ORDER BY round.n, chosen.id"
    )
    cursor.execute(f"CREATE INDEX ON {name}_map (n, old)")


_TIMES = {
    "submitted_at",
    "received_at",
    "due_at",
    "paused_at",
    "finished_at",
    "returned_at",
    "opened_at",
    "done_at",
    "at",
    "added_at",
    "issued_at",
}


def _value(column: str) -> str:
    """How a column of a copy is made of that of the sample."""
    if column in _TIMES:
        return f"r.{column} - round.ago"
    if column in ("competent_id", "reception_id", "organisation_id", "assistance_id"):
        return (
            "coalesce((SELECT new FROM organisation_map o WHERE o.district = round.district"
            f" AND o.old = r.{column}), r.{column})"
        )
    if column in ("post_id", "done_post_id"):
        return f"(SELECT new FROM post_map p WHERE p.district = round.district AND p.old = r.{column})"
    return {
        "code": "r.code || '-' || dossier_map.new",
        "tracking": "upper(substr(md5(r.tracking || dossier_map.new), 1, 10))",
        "verification": "upper(substr(md5(r.verification || dossier_map.new), 1, 24))",
        "draft_key": "NULL",
        "applicant_phone": "'09' || lpad((abs(hashint8(dossier_map.new)) %% 100000000)::text, 8, '0')",
        "dossier_id": "dossier_map.new",
        "subject_id": "dossier_map.new",
        "part_id": "visit_map.new",
    }.get(column, f"r.{column}")


def _insert(cursor: CursorWrapper, table: str, joins: str, ids: str, *but: str) -> None:
    columns = _columns(table, "id", *but)
    chosen = ", ".join(_value(column) for column in columns)
    first = f"{ids}, " if ids else ""
    cursor.execute(
        f"INSERT INTO {table} ({'id, ' if ids else ''}{', '.join(columns)}) OVERRIDING SYSTEM VALUE"
        f" SELECT {first}{chosen} FROM {table} r {joins}".replace("%%", "%")
    )


def _copy_dossiers(cursor: CursorWrapper) -> None:
    joins = "JOIN dossier_map ON dossier_map.old = r.id JOIN round ON round.n = dossier_map.n"
    _insert(cursor, "cases_dossier", joins, "dossier_map.new")


def _copy_rest(cursor: CursorWrapper) -> None:
    of_dossier = "JOIN dossier_map ON dossier_map.old = r.dossier_id JOIN round ON round.n = dossier_map.n"
    visits = f"{of_dossier} JOIN visit_map ON visit_map.n = round.n AND visit_map.old = r.id"
    _insert(cursor, "cases_stepvisit", visits, "visit_map.new")
    for table in ("cases_component", "cases_paper"):
        _insert(cursor, table, of_dossier, "")
    of_subject = (
        "JOIN dossier_map ON dossier_map.old = r.subject_id AND r.subject_type = 'dossier'"
        " JOIN round ON round.n = dossier_map.n"
    )
    items = f"{of_subject} JOIN visit_map ON visit_map.n = round.n AND visit_map.old = r.part_id"
    _insert(cursor, "work_workitem", items, "")
    _insert(cursor, "ledger_entry", of_subject, "")
