"""Papers on their way between desks: what has to be moved, what waits to be confirmed, what went before.

Only what came on paper is moved; what was handed in online is with the next desk as soon as it is passed on. What has
to be moved is read off the visits: one that began in another organisation at the moment the one before it ended.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Dossier, HandOver, HandOverLine, StepVisit
from lienthong.cases.rules import Status
from lienthong.cases.rules.counter import moved_on
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.calendars.rules import Calendar
from lienthong.foundation.errors import NotFound
from lienthong.foundation.organisations.queries import province, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.procedures.shapes import StepKind

SEE = "cases.see"
"""Whoever sees the dossiers of a desk gives and takes its papers."""

HORIZON = timedelta(days=60)
"""What was passed on longer ago and never put on a list was moved without one."""

MOST = 300
RECENT = 30

_MOVES = """
    SELECT visit.id, visit.opened_at, visit.dossier_id, visit.step, visit.organisation_id,
           former.organisation_id, former.step
    FROM cases_stepvisit former
    JOIN cases_stepvisit visit ON visit.dossier_id = former.dossier_id AND visit.opened_at = former.done_at
     AND visit.organisation_id <> former.organisation_id
    JOIN cases_dossier dossier ON dossier.id = visit.dossier_id
    WHERE former.done_at >= %(since)s AND dossier.channel <> %(online)s AND NOT dossier.status = ANY(%(ended)s)
      AND {where}
      AND NOT EXISTS (SELECT 1 FROM cases_handoverline line
                      WHERE line.visit_id = visit.id AND line.visit_opened_at = visit.opened_at
                        AND line.state <> 'missing')
    ORDER BY visit.id LIMIT %(most)s"""
_FROM = "former.organisation_id = %(place)s"
_TO = "visit.organisation_id = %(place)s AND visit.done_at IS NULL"


class NoSuchHandOver(NotFound):
    code = "cases.no_such_hand_over"


def no_such_hand_over() -> NoSuchHandOver:
    return NoSuchHandOver(_("There is no such hand-over list, or it is not for you to see."))


@dataclass(frozen=True, slots=True)
class Move:
    """The papers of a dossier that have to go from one organisation to another, on `day` at the latest."""

    visit_id: int
    opened_at: datetime
    dossier: Dossier
    giver: Node
    receiver: Node
    day: date
    is_result: bool

    @property
    def today(self) -> bool:
        return self.day <= clock.today()


def places_of(officer: Officer) -> list[Node]:
    """The organisations whose papers the officer gives and takes, the one of the acting post first."""
    posts = [post for post in (officer.acting, *officer.posts) if officer.posts_with(SEE, post.organisation)]
    return list(dict.fromkeys(post.organisation for post in posts))


def place_of(officer: Officer, key: str) -> Node:
    """The one with that key; the first without one. Raises NoSuchHandOver."""
    found = next((place for place in places_of(officer) if place.key == key or not key), None)
    if found is None:
        raise no_such_hand_over()
    return found


def moves_from(place: Node) -> list[Move]:
    """What has to leave a place and is on no list yet. Two queries."""
    return _moves(_FROM, place)


def moves_to(place: Node) -> list[Move]:
    """What lies with a place already while its papers are on no list. Two queries."""
    return _moves(_TO, place)


def _moves(where: str, place: Node) -> list[Move]:
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVES.format(where=where),
            {
                "place": place.id,
                "since": clock.now() - HORIZON,
                "online": Dossier.Channel.ONLINE.value,
                "ended": [status.value for status in Status if status.ended],
                "most": MOST,
            },
        )
        rows = cursor.fetchall()
    dossiers, calendar = Dossier.objects.in_bulk([row[2] for row in rows]), calendar_of(province().calendar)
    moves = {
        visit: _move(visit, opened, dossiers[dossier], (giver, receiver), (came_from, step), calendar)
        for visit, opened, dossier, step, receiver, giver, came_from in rows
    }
    return sorted(moves.values(), key=lambda move: (move.receiver.path, move.giver.path, move.visit_id))


def _move(
    visit_id: int,
    opened: datetime,
    dossier: Dossier,
    ways: tuple[int, int],
    steps: tuple[str, str],
    calendar: Calendar,
) -> Move:
    agencies, process = tree(), procedure_of(dossier).process
    from_counter = steps[0] == process.first.key
    limit = RULE_SET.pinned(dossier.rule_set_id).next_day_after if from_counter else ""
    return Move(
        visit_id=visit_id,
        opened_at=opened,
        dossier=dossier,
        giver=agencies[ways[0]],
        receiver=agencies[ways[1]],
        day=moved_on(opened, after=time.fromisoformat(limit) if limit else None, calendar=calendar),
        is_result=process.step(steps[1]).kind is StepKind.RETURN,
    )


def by_receiver(moves: Iterable[Move]) -> list[tuple[Node, list[Move]]]:
    return [(node, list(group)) for node, group in groupby(moves, lambda move: move.receiver)]


def by_giver(moves: Iterable[Move]) -> list[tuple[Node, list[Move]]]:
    ordered = sorted(moves, key=lambda move: (move.giver.path, move.visit_id))
    return [(node, list(group)) for node, group in groupby(ordered, lambda move: move.giver)]


# lists that were made


def waiting_for(place: Node) -> list[HandOver]:
    """The lists that somebody at this place has to confirm, the oldest first."""
    return list(_counted(HandOver.objects.filter(receiver_id=place.id, is_open=True)).order_by("id")[:RECENT])


def recent(place: Node) -> list[HandOver]:
    """The last lists that were given or taken here. Two index scans of a page's length."""
    given = _counted(HandOver.objects.filter(giver_id=place.id)).order_by("-id")[:RECENT]
    taken = _counted(HandOver.objects.filter(receiver_id=place.id)).order_by("-id")[:RECENT]
    return sorted({*given, *taken}, key=lambda each: -each.pk)[:RECENT]


def _counted(lists: QuerySet[HandOver]) -> QuerySet[HandOver]:
    return lists.select_related("made_by").annotate(
        size=Count("lines"), missing=Count("lines", filter=Q(lines__state=HandOverLine.State.MISSING))
    )


def hand_over_for(officer: Officer, hand_over_id: int) -> HandOver:
    """The one gate to a list: for those at either end of it. Raises NoSuchHandOver."""
    found = HandOver.objects.filter(pk=hand_over_id).select_related("made_by").first()
    agencies = tree()
    if found is None or not any(officer.may(SEE, agencies[end]) for end in (found.giver_id, found.receiver_id)):
        raise no_such_hand_over()
    return found


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a list with its dossier. `former` is the visit that the papers come from."""

    line: HandOverLine
    dossier: Dossier
    former: StepVisit | None


def items_of(hand_over: HandOver) -> list[Item]:
    """Two queries."""
    lines = list(hand_over.lines.select_related("dossier", "confirmed_by").order_by("id"))
    former = StepVisit.objects.filter(
        dossier__in=[line.dossier_id for line in lines],
        done_at__in=[line.visit_opened_at for line in lines],
        organisation_id=hand_over.giver_id,
    )
    found = {(visit.dossier_id, visit.done_at): visit for visit in former}
    return [Item(line, line.dossier, found.get((line.dossier_id, line.visit_opened_at))) for line in lines]


def lines_of(dossier: Dossier) -> dict[int, HandOverLine]:
    """How the papers of a dossier came into each visit, by the visit. One query; none for one that came online."""
    if dossier.channel == Dossier.Channel.ONLINE:
        return {}
    lines = HandOverLine.objects.filter(dossier=dossier).select_related("hand_over__made_by", "confirmed_by")
    return {line.visit_id: line for line in lines.order_by("id")}
