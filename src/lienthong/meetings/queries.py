"""Reads of the calendar, each limited to what the asking person may see: of what is private the others get only when
somebody is busy, out of the database already."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BooleanField, Case, CharField, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Concat

from lienthong.foundation.fields.typed import folded
from lienthong.foundation.files.search import Fold
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import absences_between, holders_of, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.meetings import policy, rules
from lienthong.meetings.models import Attendance, Engagement, Feed, Week
from lienthong.meetings.rules import Access, Held, State, digest

MOST = 400
"""Engagements of a week that a page shows."""
MOST_IN_MONTH = 4 * MOST
FOUND = 60
"""Engagements that a search shows, those ahead and the latest first."""
MOST_IN_FEED = 1000

_ENDED = (State.DECLINED, State.CANCELLED, State.POSTPONED)


@dataclass(frozen=True, slots=True)
class Filters:
    """How engagements are narrowed: to the calendar of an agency, a leader, those that the officer takes part in."""

    agency: Node | None = None
    post_id: int | None = None
    mine: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """An engagement as somebody sees it. Not `opened`, it says only when, and for whom."""

    id: int
    key: str
    agency: Node
    unit: Node
    when: rules.When
    opened: bool
    content: str
    place: str
    others: str
    remark: str
    reason: str
    access: str
    state: str
    mark: str
    marked_at: datetime | None
    was: str
    changed_at: datetime
    changed_by: str
    sequence: int
    published_at: datetime | None
    leader_ids: tuple[int, ...]
    leaders: tuple[str, ...]
    taking_part: tuple[str, ...]

    @property
    def is_over(self) -> bool:
        return self.state in _ENDED

    @property
    def order(self) -> tuple[date, int, time, int]:
        return self.when.first_day, rules.IN_ORDER.index(self.when.part), self.when.begins or time(), self.id


def _attends(**narrowed: object) -> Exists:
    return Exists(Attendance.objects.filter(engagement_id=OuterRef("pk"), **narrowed))


def _rights(officer: Officer) -> tuple[Q, Q, Q]:
    """What somebody sees at all, what is opened to them, and of what they also read the remarks."""
    posts, units = officer.post_ids, {post.organisation.id for post in officer.posts}
    agencies = [node.id for node in policy.agencies_of(officer)]
    published = Q(published_at__isnull=False)
    own = (
        Q(organisation_id__in=[node.id for node in policy.arranged_by(officer)])
        | Q(unit_id__in=units)
        | Q(_attends(leads=True, post_id__in=posts))
        | published & Q(_attends(post_id__in=posts))
        | published & Q(_attends(leads=False, organisation_id__in=units | set(agencies)))
    )
    inside = own | published & Q(organisation_id__in=agencies) & ~Q(access=Access.PRIVATE)
    opened = inside | published & Q(access=Access.PUBLIC)
    return opened | published & Q(organisation_id__in=agencies), opened, inside


def visible_to(officer: Officer) -> QuerySet[Engagement]:
    """What the officer may see at all, `opened` or not."""
    seen, opened, inside = _rights(officer)
    return _masked(Engagement.objects.filter(seen), opened, inside)


def _masked(rows: QuerySet[Engagement], opened: Q, inside: Q) -> QuerySet[Engagement]:
    def only(name: str, condition: Q) -> Case:
        return Case(When(condition, then=F(name)), default=Value(""), output_field=CharField())

    rows = rows.annotate(
        opened=Case(When(opened, then=Value(True)), default=Value(False), output_field=BooleanField()),
    )
    is_opened = Q(opened=True)
    return rows.annotate(
        seen_content=only("content", is_opened),
        seen_place=only("place", is_opened),
        seen_others=only("others", is_opened),
        seen_reason=only("reason", is_opened),
        seen_remark=only("remark", inside),
        changed_name=F("changed_by__full_name"),
    ).defer("content", "place", "others", "reason", "remark")


def _shown(officer: Officer) -> Q:
    """What never came into the calendar is shown to the unit that registered it only."""
    return ~Q(state__in=_ENDED, published_at__isnull=True) | Q(unit_id__in=[p.organisation.id for p in officer.posts])


def between(officer: Officer, filters: Filters, first: date, last: date, *, most: int = MOST) -> list[Line]:
    """What is on these days, in order. Three queries."""
    rows = _narrowed(officer, filters).filter(first_day__lte=last, last_day__gte=first)
    return lines(rows.order_by("first_day", "pk")[:most])


def found(officer: Officer, filters: Filters) -> list[Line]:
    """What has every word of the text, accents or not, the latest first. Three queries."""
    known_by = Concat("seen_content", Value(" "), "seen_place", Value(" "), "seen_others", output_field=CharField())
    rows = _narrowed(officer, filters).annotate(known_by=Fold(known_by))
    for word in folded(filters.text).split():
        rows = rows.filter(known_by__contains=word)
    return sorted(lines(rows.order_by("-first_day", "-pk")[:FOUND]), key=lambda line: line.order, reverse=True)


def _narrowed(officer: Officer, filters: Filters) -> QuerySet[Engagement]:
    rows = visible_to(officer).filter(_shown(officer))
    if filters.mine:
        units = {post.organisation.id for post in officer.posts} | {node.id for node in policy.agencies_of(officer)}
        rows = rows.filter(Q(_attends(post_id__in=officer.post_ids)) | Q(_attends(organisation_id__in=units)))
    elif filters.agency:
        rows = rows.filter(organisation_id=filters.agency.id)
    if filters.post_id:
        rows = rows.filter(_attends(post_id=filters.post_id))
    return rows


def one(officer: Officer, engagement_id: int) -> Line | None:
    """Three queries."""
    seen = lines(visible_to(officer).filter(pk=engagement_id))
    return seen[0] if seen else None


def to_approve(officer: Officer) -> list[Line]:
    """What units registered and the officer is to put into a calendar, the next first. Three queries."""
    arranged = [node.id for node in policy.arranged_by(officer)]
    rows = visible_to(officer).filter(organisation_id__in=arranged, state=State.PROPOSED)
    return lines(rows.order_by("first_day", "pk")[:MOST])


def lines(rows: Iterable[Engagement]) -> list[Line]:
    """With those who attend, by name. Three queries; one where there is nothing."""
    engagements = list(rows)
    if not engagements:
        return []
    attending: dict[int, list[Attendance]] = {engagement.pk: [] for engagement in engagements}
    for each in Attendance.objects.filter(engagement__in=attending).order_by("pk"):
        attending[each.engagement_id].append(each)
    posts = sorted({each.post_id for found in attending.values() for each in found if each.post_id})
    holders = holders_of(posts)
    made = [_line(engagement, attending[engagement.pk], holders) for engagement in engagements]
    return sorted(made, key=lambda line: line.order)


def _line(row: Engagement, attending: list[Attendance], holders: dict[int, list[tuple[int, str]]]) -> Line:
    agencies = tree()
    leading = [each for each in attending if each.leads]
    seen: dict[str, str] = {name: getattr(row, f"seen_{name}") for name in ("content", "place", "others", "reason")}
    is_opened: bool = row.opened  # type: ignore[attr-defined]
    others = [each for each in attending if not each.leads] if is_opened else []
    return Line(
        id=row.pk,
        key=row.key.hex,
        agency=agencies[row.organisation_id],
        unit=agencies[row.unit_id],
        when=row.when,
        opened=is_opened,
        remark=row.seen_remark,  # type: ignore[attr-defined]
        access=row.access,
        state=row.state,
        mark=row.mark,
        marked_at=row.marked_at,
        was=row.was,
        changed_at=row.changed_at,
        changed_by=row.changed_name,  # type: ignore[attr-defined]
        sequence=row.sequence,
        published_at=row.published_at,
        leader_ids=tuple(each.post_id for each in leading if each.post_id),
        leaders=tuple(_named(each, holders) for each in leading),
        taking_part=tuple(_named(each, holders) for each in others),
        **seen,
    )


def _named(each: Attendance, holders: dict[int, list[tuple[int, str]]]) -> str:
    agencies = tree()
    if each.post_id is None:
        return agencies[each.organisation_id].name if each.organisation_id else ""
    return named_post(each.post_id, holders)


def named_post(post_id: int, holders: dict[int, list[tuple[int, str]]]) -> str:
    """Chủ tịch UBND Võ Tiến Dũng; the title alone where nobody holds the post."""
    people = ", ".join(name for _id, name in holders.get(post_id, []))
    return f"{tree().posts[post_id].title} {people}".strip()


def collisions(shown: Iterable[Line]) -> dict[int, list[rules.Collision]]:
    """Which of these meet, by leader or by place; what is over meets nothing."""
    return rules.collisions(
        Held(line.id, line.when, frozenset(line.leader_ids), folded(line.place)) for line in shown if not line.is_over
    )


def week_of(agency: Node, monday: date) -> Week | None:
    """What is known of its being published."""
    return Week.objects.filter(organisation_id=agency.id, monday=monday).select_related("published_by").first()


def away(agency: Node, first: date, last: date) -> list[Absence]:
    """Which leaders of the agency are away on some of these days. One query."""
    return absences_between([post.id for post in policy.leaders_of(agency)], first, last)


# what everybody may see


def public(agency: Node, first: date, last: date) -> list[Line]:
    """What an agency shows everybody of these days, in order. Three queries."""
    rows = Engagement.objects.filter(
        organisation_id=agency.id,
        published_at__isnull=False,
        access=Access.PUBLIC,
        first_day__lte=last,
        last_day__gte=first,
    )
    everybody = Q(access=Access.PUBLIC)
    return lines(_masked(rows, everybody, Q(pk__in=[])).order_by("first_day", "pk")[:MOST])


def agencies_with_something_public(since: date) -> list[Node]:
    """The agencies that have shown everybody an engagement on that day or later, from the top of the tree down."""
    shown = Engagement.objects.filter(published_at__isnull=False, access=Access.PUBLIC, last_day__gte=since)
    ids = shown.order_by().values_list("organisation_id", flat=True).distinct()
    agencies = tree()
    return sorted((agencies[pk] for pk in ids), key=lambda node: (len(node.path), node.path))


# addresses for programs


def account_of_feed(token: str) -> int | None:
    """Whose own calendar is read under the token."""
    return Feed.objects.filter(digest=digest(token)).values_list("account_id", flat=True).first()


def feed_of(account_id: int) -> Feed | None:
    return Feed.objects.filter(account_id=account_id).first()


def own(officer: Officer, first: date, last: date) -> list[Line]:
    """What the officer takes part in, without what is not approved yet."""
    rows = _narrowed(officer, Filters(mine=True)).exclude(state__in=[State.PROPOSED, State.DECLINED])
    wanted = rows.filter(first_day__lte=last, last_day__gte=first).order_by("first_day", "pk")
    return [line for line in lines(wanted[:MOST_IN_FEED]) if line.opened]


def week_days(monday: date) -> list[date]:
    return [monday + timedelta(days=day) for day in range(7)]
