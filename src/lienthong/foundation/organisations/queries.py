"""Reads of the tree. The whole tree of a province is some hundreds of rows: it is read once and kept."""

import time
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.formats import day as in_figures
from lienthong.foundation.organisations.definition import PROVINCE, ProvinceBody
from lienthong.foundation.organisations.models import Absence, Organisation, Post, Posting, TreeRevision
from lienthong.foundation.organisations.rules import Node, PostNode, Tree
from lienthong.foundation.statements import run

FRESH_SECONDS = 1.0
"""How long a process may go on with the tree it has before it asks whether there is a newer one."""


class _Kept:
    """The tree this process holds, its revision, and when that was last confirmed."""

    tree: Tree | None = None
    revision: int = -1
    confirmed: float = 0.0


def tree() -> Tree:
    """The tree of organisations and posts; at most a second behind what another process has changed."""
    if _Kept.tree is None or time.monotonic() - _Kept.confirmed > FRESH_SECONDS:
        revision = TreeRevision.objects.filter(pk=1).values_list("number", flat=True).first() or 0
        if _Kept.tree is None or revision != _Kept.revision:
            _Kept.tree, _Kept.revision = _read(), revision
        _Kept.confirmed = time.monotonic()
    return _Kept.tree


def forget_tree() -> None:
    """Make the next `tree()` read anew; called by the services that change it."""
    _Kept.tree = None


def _read() -> Tree:
    nodes = (
        Node(
            id=row.pk,
            key=row.key,
            name=row.name,
            short_name=row.short_name or row.name,
            kind=row.kind,
            level=row.level,
            identifier=row.identifier,
            area=row.area,
            path=tuple(int(step) for step in row.path.split(".")),
            functions=frozenset(row.functions),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
            old_identifier=row.old_identifier,
            place=row.place,
            address=row.address,
            phone=row.phone,
        )
        for row in Organisation.objects.iterator()
    )
    posts = (
        PostNode(
            id=row.pk,
            organisation_id=row.organisation_id,
            key=row.key,
            title=row.title,
            roles=frozenset(row.roles),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in Post.objects.iterator()
    )
    return Tree.of(nodes, posts)


def by_key(key: str) -> Node:
    node = tree().by_key(key)
    if node is None:
        raise NotFound(f"no organisation “{key}”")
    return node


_HELD = """
    SELECT post_id, FALSE AS standing_in, valid_from, id FROM organisations_posting
    WHERE account_id = %(account)s AND valid_from <= %(day)s AND (valid_to IS NULL OR valid_to >= %(day)s)
    UNION ALL
    SELECT absence.post_id, TRUE, absence.valid_from, absence.id
    FROM organisations_absence absence JOIN organisations_posting posting USING (post_id, account_id)
    WHERE absence.substitute_id = %(account)s AND %(day)s BETWEEN absence.valid_from AND absence.valid_to
      AND posting.valid_from <= %(day)s AND (posting.valid_to IS NULL OR posting.valid_to >= %(day)s)
    ORDER BY standing_in, valid_from, id"""


class Held(NamedTuple):
    """A post somebody acts in; `standing_in` for who holds it and is away."""

    post: PostNode
    standing_in: bool


def postings_of(account_id: int, on: date | None = None) -> list[Held]:
    """The posts a person acts in on that day (today when not said): first those held, in the order they were given,
    then those of people who are away. One query."""
    day = on or clock.today()
    with run(_HELD, {"account": account_id, "day": day}) as cursor:
        found = cursor.fetchall()
    posts = tree().posts
    held: dict[int, Held] = {}
    for post_id, standing_in, *_order in found:
        post = posts.get(post_id)
        if post is not None and post.in_force(day):
            held.setdefault(post_id, Held(post, standing_in))
    return list(held.values())


def holders_of(post_ids: list[int], on: date | None = None) -> dict[int, list[tuple[int, str]]]:
    """Who holds each post: lists of (account id, full name)."""
    rows = _held_on(post_ids, on or clock.today()).values_list("post_id", "account_id", "account__full_name")
    holders: dict[int, list[tuple[int, str]]] = {}
    for post_id, account_id, name in rows:
        holders.setdefault(post_id, []).append((account_id, name))
    return holders


def acting_in(post_ids: list[int], on: date | None = None) -> dict[int, set[int]]:
    """The accounts that act in each post: those who hold it, and those who stand in for one of them. Two queries."""
    day = on or clock.today()
    acting = {post: {account for account, _name in held} for post, held in holders_of(post_ids, day).items()}
    away = Absence.objects.filter(post_id__in=list(acting), valid_from__lte=day, valid_to__gte=day)
    for post, account, substitute in away.values_list("post_id", "account_id", "substitute_id"):
        if account in acting[post]:
            acting[post].add(substitute)
    return acting


def _held_on(post_ids: list[int], day: date) -> QuerySet[Posting]:
    held = Posting.objects.filter(post_id__in=post_ids, valid_from__lte=day)
    return held.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day)).order_by("pk")


def named_holders(post_ids: list[int], on: date | None = None) -> dict[int, list[tuple[int, str]]]:
    """As `holders_of`, for whoever chooses between people: of who is away the name says until when, and who stands in.
    One query."""
    day = on or clock.today()
    absence = Absence.objects.filter(
        post_id=OuterRef("post_id"), account_id=OuterRef("account_id"), valid_from__lte=day, valid_to__gte=day
    )
    rows = (
        _held_on(post_ids, day)
        .annotate(
            away_until=Subquery(absence.values("valid_to")[:1]),
            substitute=Subquery(absence.values("substitute__full_name")[:1]),
        )
        .values_list("post_id", "account_id", "account__full_name", "away_until", "substitute")
    )
    holders: dict[int, list[tuple[int, str]]] = {}
    for post_id, account_id, name, until, substitute in rows:
        said = away_words(name, until, substitute) if until else name
        holders.setdefault(post_id, []).append((account_id, said))
    return holders


def away_words(name: str, until: date, substitute: str) -> str:
    """Võ Tiến Dũng (vắng đến 12/11/2025, người thay: Hoàng Thị Thanh)."""
    about = {"name": name, "day": in_figures(until), "substitute": substitute}
    return _now("%(name)s (away until %(day)s, %(substitute)s stands in)") % about


Deed = tuple[int, int, date]
"""Who did something, in which post, on which day: account, post, day."""


def stood_in(deeds: Iterable[Deed]) -> frozenset[Deed]:
    """Which of these somebody did in a post that was another's: standing in for who was away. One query."""
    known = set(deeds)
    accounts, posts = {account for account, _post, _day in known}, {post for _account, post, _day in known}
    rows = Posting.objects.filter(account_id__in=accounts, post_id__in=posts)
    held = list(rows.values_list("account_id", "post_id", "valid_from", "valid_to"))

    def own(account: int, post: int, day: date) -> bool:
        days = ((first, last) for who, which, first, last in held if (who, which) == (account, post))
        return any(first <= day and (last is None or day <= last) for first, last in days)

    return frozenset(deed for deed in known if not own(*deed))


def post_acted_in(title: str, *, standing_in: bool) -> str:
    """Chủ tịch UBND; thay Chủ tịch UBND."""
    return _now("standing in for the %(post)s") % {"post": title} if standing_in else title


def absences_between(post_ids: list[int], first: date, last: date) -> list[Absence]:
    """Of those who hold these posts, who is away on some of the days, with their names, in order. One query."""
    found = Absence.objects.filter(post_id__in=post_ids, valid_from__lte=last, valid_to__gte=first)
    return list(found.select_related("account", "substitute").order_by("valid_from", "pk"))


def province() -> ProvinceBody:
    """The province of this installation. Raises NotFound when none was published."""
    published = PROVINCE.all()
    if not published:
        raise NotFound(_("No province has been published yet."), way_out=_("Publish one with: lt apply <folder>"))
    return published[0].body
