"""Reads of the tree. The whole tree of a province is some hundreds of rows: it is read once and kept."""

import time
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, rows
from lienthong.foundation.errors import NotFound
from lienthong.foundation.organisations.definition import PROVINCE, ProvinceBody
from lienthong.foundation.organisations.models import Organisation, Post, Posting, TreeRevision
from lienthong.foundation.organisations.rules import Node, PostNode, Tree

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


def postings_of(account_id: int, on: date | None = None) -> list[PostNode]:
    """The posts a person holds on that day (today when not said), in the order they were given."""
    day = on or clock.today()
    held = rows.fetch(
        Posting,
        "account_id = %s AND valid_from <= %s AND (valid_to IS NULL OR valid_to >= %s) ORDER BY valid_from, id",
        account_id,
        day,
        day,
    )
    posts = tree().posts
    given = [posts[posting.post_id] for posting in held if posting.post_id in posts]
    return [post for post in given if post.in_force(day)]


def holders_of(post_ids: list[int], on: date | None = None) -> dict[int, list[tuple[int, str]]]:
    """Who holds each post: lists of (account id, full name)."""
    day = on or clock.today()
    rows = (
        Posting.objects.filter(post_id__in=post_ids, valid_from__lte=day)
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        .order_by("pk")
        .values_list("post_id", "account_id", "account__full_name")
    )
    holders: dict[int, list[tuple[int, str]]] = {}
    for post_id, account_id, name in rows:
        holders.setdefault(post_id, []).append((account_id, name))
    return holders


def province() -> ProvinceBody:
    """The province of this installation. Raises NotFound when none was published."""
    published = PROVINCE.all()
    if not published:
        raise NotFound(_("No province has been published yet."), way_out=_("Publish one with: lt apply <folder>"))
    return published[0].body
