"""Limiting a document to posts by name (hạn chế): nobody else finds it, sees it or counts it."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, policy
from lienthong.documents.models import Arrival, CopyUse, Issue
from lienthong.documents.queries.incoming import visible_among
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.records.policy import leads
from lienthong.documents.services import carrying
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.copies import KEPT_COPY
from lienthong.documents.services.issuing import ISSUE
from lienthong.documents.services.publishing import take_off
from lienthong.foundation import clock, ledger, rows
from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.actors import HeldPost, Officer
from lienthong.work import services as work

MOST_READERS = 200


class NotYoursToLimit(NotAllowed):
    code = "documents.not_yours_to_limit"


class NoSuchReader(DomainError):
    code = "documents.no_such_reader"


@dataclass(frozen=True, slots=True)
class Limited:
    """A document with who may limit it by which post, and the posts that are named."""

    line: Arrival | Issue
    subject: tuple[str, int]
    agency: Node
    post: HeldPost
    readers: frozenset[int]


def limited(*, subject: tuple[str, int], officer: Officer, lock: bool = False) -> Limited:
    """A document that the officer may see and limit. Raises NoSuchDocument, NotYoursToLimit."""
    kind, pk = subject
    seen = visible_among(officer, [pk]) if kind == DOCUMENT else issues_for(officer).filter(pk=pk)
    if lock:
        seen = seen.select_for_update(no_key=True, of=("self",))
    found: Arrival | Issue | None = seen.select_related("document").first()
    if found is None:
        raise carrying.no_such_document()
    agency = tree()[found.organisation_id]
    post = limits(officer, agency)
    if post is None:
        raise NotYoursToLimit(_("The clerk and the leaders of the agency say who may see a document."))
    return Limited(found, subject, agency, post, frozenset(found.readers.values_list("pk", flat=True)))


def limits(officer: Officer, agency: Node) -> HeldPost | None:
    """The post by which somebody says who sees documents of the agency: its clerk's, or its leader's."""
    if clerk := policy.post_for(officer, agency):
        return clerk
    if not leads(officer, agency):
        return None
    return next(post for post in officer.posts if policy.LEADER in post.roles and post.organisation.id == agency.id)


def posts_of(agency: Node) -> list[PostNode]:
    """The posts that can be named: those of the agency."""
    units, today = {unit.id for unit in policy.units_of(agency)}, clock.today()
    found = (post for post in tree().posts.values() if post.organisation_id in units and post.in_force(today))
    return sorted(found, key=lambda post: (post.organisation_id, post.id))


@transaction.atomic
def limit(*, subject: tuple[str, int], posts: Collection[int], officer: Officer) -> Arrival | Issue:
    """Let only these posts see it, whom it was handed to, and the post of whoever limits it. Who gets and who loses the
    right is on record. What is on the portal is taken off. Said again it stays as it is.

    Raises NoSuchDocument, NotYoursToLimit, NoSuchReader.
    """
    found = limited(subject=subject, officer=officer, lock=True)
    known = {post.id for post in posts_of(found.agency)} | found.readers
    if len(set(posts)) > MOST_READERS or not known.issuperset(posts):
        raise NoSuchReader(_("Choose posts of the agency."))
    wanted = frozenset(posts) | {found.post.id}
    if found.line.limited and wanted == found.readers:
        return found.line
    return _written(found, True, wanted, officer)


@transaction.atomic
def open_to_all(*, subject: tuple[str, int], officer: Officer) -> Arrival | Issue:
    """Let everybody see it again whose posts see such documents. Raises NoSuchDocument, NotYoursToLimit."""
    found = limited(subject=subject, officer=officer, lock=True)
    return _written(found, False, frozenset(), officer) if found.line.limited else found.line


def _name_items(line: Arrival | Issue) -> None:
    """Where the desks that several share have it, as it is from now on. Whom it was handed to by a task keep its
    name."""
    if isinstance(line, Arrival):
        name = carrying.shared_name(line.document, carrying.code_of(line, line.document), limited=line.limited)
        work.name_shared(subject_type=DOCUMENT, ids=[line.pk], part_id=carrying.AT_THE_CLERK, **name)
        return
    name = carrying.shared_name(line.document, line.document.code, limited=line.limited)
    work.name_shared(subject_type=ISSUE, ids=[line.pk], **name)
    uses = CopyUse.objects.filter(issue=line).values_list("pk", flat=True)
    work.name_shared(subject_type=KEPT_COPY, ids=list(uses), **name)


def _written(found: Limited, is_limited: bool, readers: frozenset[int], officer: Officer) -> Arrival | Issue:
    found.line.limited = is_limited
    rows.change(found.line, "limited")
    found.line.readers.set(readers)
    _name_items(found.line)
    data = {"given": sorted(readers - found.readers), "taken": sorted(found.readers - readers)}
    ledger.record(
        events.LIMITED if is_limited else events.OPENED_TO_ALL,
        subject=found.subject,
        actor=officer,
        organisation_id=found.agency.id,
        data={name: posts for name, posts in data.items() if posts},
    )
    if is_limited and isinstance(found.line, Issue):
        take_off(found.line, reason=_now("Limited to posts by name"), officer=officer)
    return found.line
