"""Giving a directive, and taking it or a part of it back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.directives import events, notifying, policy, rules
from lienthong.directives.models import Directive, Entry, Task
from lienthong.directives.rules import Incomplete, Stage
from lienthong.directives.services import carrying
from lienthong.directives.services.carrying import LONGEST_WORDS, Carried, NotWithYou, Said
from lienthong.foundation import clock, rows
from lienthong.foundation.numbering import services as numbering
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import HeldPost, Officer
from lienthong.work.queries import acting_on
from lienthong.work.rules import Part
from lienthong.work.subjects import SUBJECTS

MEETING = "meeting"
"""The source of what was concluded in a meeting: in words only."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where it was said. Without a type it was given directly; with an id it is something of this system."""

    type: str = ""
    id: int | None = None
    code: str = ""
    dated: date | None = None
    title: str = ""
    clause: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What is given: organisations by their ids, the giver by the post."""

    content: str
    lead: int | None
    giver: int | None = None
    product: str = ""
    due_at: datetime | None = None
    cooperate: Sequence[int] = ()
    know: Sequence[int] = ()
    source: Source = Source()


@transaction.atomic
def give(*, agency_id: int, order: Order, officer: Officer, key: UUID) -> Directive:
    """Give a directive in the name of a leader of the agency. The same key gives once.

    Raises NotWithYou, NotTaken, Incomplete.
    """
    post = policy.served_by(officer, policy.GIVE).get(agency_id)
    if post is None:
        raise NotWithYou(_("Directives are given by the leaders of an agency and, in their name, by its office."))
    if earlier := Directive.objects.filter(key=key).first():
        return earlier
    agency, now = tree()[agency_id], clock.now()
    parts = _parts(agency, order, now)
    giver = _giver(agency, order, post)
    _check_source(order.source, officer)
    try:
        with transaction.atomic():
            directive = _kept(agency, order, giver, post, officer, key=key, now=now)
    except IntegrityError:
        earlier = Directive.objects.filter(key=key).first()
        if earlier is None:
            raise
        return earlier
    tasks = [_task(directive, part, desk, order.due_at, now) for part, desk in parts]
    carrying.open_tasks(directive, tasks)
    carrying.record(
        events.GIVEN,
        directive,
        officer,
        {
            "code": directive.code,
            "giver": giver,
            "to": [[part.value, *desk] for part, desk in parts],
            "due": order.due_at and order.due_at.isoformat(),
        },
    )
    return directive


def _parts(agency: Node, order: Order, now: datetime) -> list[tuple[Part, rules.Desk]]:
    """Raises NotTaken, Incomplete."""
    if len(order.content) > LONGEST_WORDS:
        raise Incomplete({"content": _("Write less than %(most)s letters.") % {"most": LONGEST_WORDS}})
    among = policy.receivers_of(agency)
    lead = carrying.leaders_of(order.lead, among=among) if order.lead else None
    cooperate = [carrying.leaders_of(each, among=among) for each in order.cooperate]
    know = [carrying.leaders_of(each, among=among) for each in order.know]
    rules.check_order(
        content=order.content, lead=lead, cooperate=cooperate, know=know, due_at=order.due_at, now=now
    )  # fmt: skip
    assert lead
    return [
        (Part.LEAD, lead),
        *((Part.COOPERATE, desk) for desk in cooperate),
        *((Part.KNOW, desk) for desk in know),
    ]


def _giver(agency: Node, order: Order, post: HeldPost) -> int:
    """A leader's own post, or the one in whose name the office gives. Raises Incomplete."""
    givers = {each.id for each in policy.givers_of(agency)}
    if order.giver is None and post.id in givers:
        return post.id
    if order.giver not in givers:
        raise Incomplete({"giver": _("Choose in whose name it is given.")})
    return order.giver


def _check_source(source: Source, officer: Officer) -> None:
    """Raises Incomplete for something that the officer may not see."""
    if source.id is not None:
        kind = SUBJECTS.get(source.type)
        if kind is None or source.id not in kind.seen_by(officer, [source.id]):
            raise Incomplete({"source": _("There is no such document, or it is not for you to see.")})


def _kept(
    agency: Node, order: Order, giver: int, post: HeldPost, officer: Officer, *, key: UUID, now: datetime
) -> Directive:
    source = order.source
    (directive,) = rows.insert(
        [
            Directive(
                key=key,
                organisation_id=agency.id,
                year=clock.local(now).year,
                number=numbering.take(f"directives of {agency.key}", period="year", at=now),
                giver_id=giver,
                given_at=now,
                written_by_id=officer.account_id,
                written_in_id=post.id,
                source_type=source.type,
                source_id=source.id,
                source_code=source.code,
                source_dated=source.dated,
                source_title=source.title,
                source_clause=source.clause,
                content=order.content,
                product=order.product,
            )
        ]
    )
    return directive


def _task(directive: Directive, part: Part, desk: rules.Desk, due_at: datetime | None, now: datetime) -> Task:
    return Task(
        directive=directive,
        part=part,
        organisation_id=desk[0],
        role=desk[1],
        post_id=desk[2],
        opened_at=now,
        due_at=due_at if part is not Part.KNOW else None,
        stage=Stage.GIVEN,
    )


@transaction.atomic
def cancel(*, directive_id: int, task_id: int, officer: Officer, key: UUID, reason: str) -> Carried:
    """Take a task back with all below it; with the root's the whole directive. The same key cancels once.

    Raises NoSuchDirective, NotWithYou, NotOpen, Incomplete.
    """
    carried, task, post = carrying.given_by(directive_id, task_id, officer)
    if carrying.is_written(key):
        return carried
    ended = rules.cancel(carried.rules, carrying.as_rule(task))
    said = Said(words=reason)
    if not reason:
        raise Incomplete({"words": _("Say why.")})
    tasks = carrying.end(carried, ended, Stage.CANCELLED, officer)
    carrying.write(carried, task, Entry.About.CANCELLED, said, officer, post, key=key)
    carrying.record(events.CANCELLED, carried.directive, officer, {"task": task.pk, "reason": reason})
    whose = acting_on(tasks)
    to = {account for each in tasks for account in whose[each.pk]} - {officer.account_id}
    carrying.tell(notifying.CANCELLED, carried.directive, task, to, who=officer, words=reason, key="cancelled")
    return carried
