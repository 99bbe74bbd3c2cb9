"""The only code that writes the tree of agencies and who holds which post."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict
from lienthong.foundation.organisations.definition import DeclaredPost, OrganisationsBody, Placed
from lienthong.foundation.organisations.models import Organisation, Post, Posting, TreeRevision
from lienthong.foundation.organisations.queries import forget_tree


class AlreadyHeld(Conflict):
    code = "organisations.already_held"


@transaction.atomic
def publish_tree(body: OrganisationsBody, *, today: date | None = None) -> None:
    """Make the rows of the tree say what the declaration says.

    Organisations and posts are known by their keys. Those the declaration no longer names ended yesterday; nothing is
    deleted, because dossiers and history point to them.
    """
    day = today or clock.today()
    placed = body.flat()
    rows = {row.key: row for row in Organisation.objects.select_for_update().order_by("pk")}
    new = [entry.key for entry in placed if entry.key not in rows]
    for key, pk in zip(new, _new_ids(len(new)), strict=True):
        rows[key] = Organisation(pk=pk, key=key)
    for entry in placed:
        _fill(rows[entry.key], entry, rows)
    _end_unnamed(day, keep={entry.key for entry in placed})  # first: a successor may take over an identifier
    Organisation.objects.bulk_create(rows[key] for key in new)
    known = [rows[entry.key] for entry in placed if entry.key not in set(new)]
    Organisation.objects.bulk_update(known, [*TAKEN, "parent", "functions", "path"], batch_size=500)
    _put_posts(placed, rows, day)
    _touch()


TAKEN = (
    *("name", "short_name", "place", "kind", "level", "identifier", "old_identifier", "area"),
    *("address", "phone", "valid_from", "valid_to"),
)
"""The columns that are the declaration's, word for word."""


def _new_ids(count: int) -> list[int]:
    """Ids for rows to come: a row's path holds its own id, so it must be known before the row is written."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [Organisation._meta.db_table, count],
        )
        return [row[0] for row in cursor.fetchall()]


def _fill(row: Organisation, entry: Placed, rows: dict[str, Organisation]) -> None:
    row.parent = rows[entry.parent_key] if entry.parent_key else None
    row.path = f"{row.parent.path}.{row.pk}" if row.parent else str(row.pk)
    row.functions = sorted(set(entry.functions))
    for name in TAKEN:
        setattr(row, name, getattr(entry, name))


def _end_unnamed(day: date, keep: set[str]) -> None:
    for row in Organisation.objects.exclude(key__in=keep).filter(valid_to__isnull=True):
        row.valid_to = max(day - timedelta(days=1), row.valid_from)
        row.save(update_fields=["valid_to"])


def _put_posts(placed: list[Placed], rows: dict[str, Organisation], day: date) -> None:
    wanted: dict[tuple[int, str], tuple[DeclaredPost, date]] = {
        (rows[entry.key].pk, key): (post, entry.valid_from)
        for entry in placed
        for post in entry.posts
        for key in post.each_key()
    }
    existing = {(post.organisation_id, post.key): post for post in Post.objects.select_for_update().order_by("pk")}
    new = []
    for place, (declared, valid_from) in wanted.items():
        known = existing.get(place)
        post = known or Post(organisation_id=place[0], key=place[1], valid_from=valid_from)
        post.title, post.roles, post.valid_to = declared.title, list(declared.roles), None
        if known is None:
            new.append(post)
        else:
            post.save()
    Post.objects.bulk_create(new)
    gone = [post.pk for place, post in existing.items() if place not in wanted and post.valid_to is None]
    Post.objects.filter(pk__in=gone).update(valid_to=day - timedelta(days=1))


@transaction.atomic
def appoint(*, account_id: int, post_id: int, valid_from: date, valid_to: date | None = None) -> Posting:
    """Give a post to a person from that day on. Raises AlreadyHeld when the person holds it then."""
    overlapping = Posting.objects.filter(account_id=account_id, post_id=post_id).exclude(valid_to__lt=valid_from)
    if valid_to:
        overlapping = overlapping.exclude(valid_from__gt=valid_to)
    if overlapping.exists():
        raise AlreadyHeld(_("This person holds the post in that time already."))
    return Posting.objects.create(account_id=account_id, post_id=post_id, valid_from=valid_from, valid_to=valid_to)


@transaction.atomic
def relieve(*, account_id: int, post_id: int, day: date) -> int:
    """End a person's holding of a post: `day` is the last day with it. Returns how many holdings ended."""
    held = Posting.objects.filter(account_id=account_id, post_id=post_id, valid_from__lte=day)
    return held.exclude(valid_to__lte=day).update(valid_to=day)


@transaction.atomic
def call_off(*, account_id: int, post_id: int, after: date) -> int:
    """Forget a person's holdings of a post that would begin after that day. Returns how many there were."""
    removed, _by_model = Posting.objects.filter(account_id=account_id, post_id=post_id, valid_from__gt=after).delete()
    return removed


def _touch() -> None:
    changed = TreeRevision.objects.filter(pk=1).update(number=F("number") + 1)
    if not changed:
        TreeRevision.objects.create(pk=1, number=1)
    forget_tree()
    transaction.on_commit(forget_tree)
