"""What the use cases of the calendar share: what was filled in, locks, the ledger, work items."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.errors import Conflict, DomainError, NotFound
from lienthong.foundation.organisations.queries import province, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.meetings import policy
from lienthong.meetings.models import Attendance, Engagement, Week
from lienthong.meetings.rules import Access, State, When, monday_of
from lienthong.work import services as work

ENGAGEMENT, WEEK = "engagement", "calendar-week"
"""The types of subject under which the ledger and work items know engagements and the weeks of an agency."""

MOST_ATTENDING = 200


class NoSuchEngagement(NotFound):
    code = "meetings.no_such_engagement"


class Missing(DomainError):
    """`errors` says by field what is wrong."""

    code = "meetings.missing"

    def __init__(self, errors: Mapping[str, str | Promise]) -> None:
        super().__init__(_("Please check what you filled in"))
        self.errors = errors


class MovedOn(Conflict):
    code = "meetings.moved_on"


def no_such_engagement() -> NoSuchEngagement:
    """The same words whether it is not there or not for this person."""
    return NoSuchEngagement(_("There is no such engagement, or it is not for you to see."))


def moved_on() -> MovedOn:
    return MovedOn(_("Somebody changed the engagement meanwhile."), way_out=_("Look at it once more."))


@dataclass(frozen=True, slots=True)
class NewEngagement:
    """What an engagement says. `leaders` are the posts it is for; `whole`: the agency as a whole."""

    when: When
    content: str
    unit_id: int
    leaders: tuple[int, ...] = ()
    whole: bool = False
    place: str = ""
    others: str = ""
    remark: str = ""
    access: Access = Access.INTERNAL
    posts: tuple[int, ...] = ()
    organisations: tuple[int, ...] = ()


WRITTEN = ("first_day", "last_day", "part", "begins", "ends", "content", "place", "others", "remark", "access")
"""The fields of an engagement that are filled in."""


def written(new: NewEngagement) -> dict[str, object]:
    return {
        "first_day": new.when.first_day,
        "last_day": new.when.last_day,
        "part": new.when.part.value,
        "begins": new.when.begins,
        "ends": new.when.ends,
        "content": new.content.strip(),
        "place": new.place.strip(),
        "others": new.others.strip(),
        "remark": new.remark.strip(),
        "access": new.access.value,
    }


def attending(agency: Node, new: NewEngagement) -> set[tuple[bool, int | None, int | None]]:
    """As (leads, post, organisation), each once. Raises Missing."""
    leaders = {post.id for post in policy.leaders_of(agency)}
    posts = {post.id for post in policy.posts_of(policy.inside(agency))}
    organisations = {node.id for node in policy.taking_part(agency)}
    errors: dict[str, str | Promise] = {}
    if not new.content.strip():
        errors["content"] = _("Say what it is about.")
    if not (new.leaders or new.whole):
        errors["who"] = _("Choose a leader, or the agency as a whole.")
    elif not leaders.issuperset(new.leaders):
        errors["who"] = _("There is no such leader any more.")
    if not posts.issuperset(new.posts) or not organisations.issuperset(new.organisations):
        errors["with"] = _("One of those who take part is not there any more.")
    if len(new.posts) + len(new.organisations) > MOST_ATTENDING:
        errors["with"] = _("These are too many; choose units instead.")
    if errors:
        raise Missing(errors)
    found: dict[tuple[int | None, int | None], bool] = {(post, None): False for post in new.posts}
    found |= {(None, organisation): False for organisation in new.organisations}
    found |= {(post, None): True for post in new.leaders}
    if new.whole:
        found[None, agency.id] = True
    return {(leads, post, organisation) for (post, organisation), leads in found.items()}


def attended(engagement_id: int) -> set[tuple[bool, int | None, int | None]]:
    rows = Attendance.objects.filter(engagement_id=engagement_id)
    return set(rows.values_list("leads", "post_id", "organisation_id"))


def put_attending(engagement: Engagement, wanted: Iterable[tuple[bool, int | None, int | None]]) -> None:
    Attendance.objects.filter(engagement=engagement).delete()
    Attendance.objects.bulk_create(
        Attendance(engagement=engagement, leads=leads, post_id=post, organisation_id=organisation)
        for leads, post, organisation in sorted(wanted, key=lambda each: (not each[0], each[1] or 0, each[2] or 0))
    )


def lock_week(agency_id: int, day: date) -> Week:
    """The week of a day, locked; made when it was not there."""
    monday = monday_of(day)
    Week.objects.bulk_create([Week(organisation_id=agency_id, monday=monday)], ignore_conflicts=True)
    return Week.objects.select_for_update().get(organisation_id=agency_id, monday=monday)


def lock(engagement_id: int, *, and_week_of: date | None = None) -> tuple[Engagement, Week]:
    """An engagement with the week in which it stands, or is to stand, both locked, the week first.

    Raises NoSuchEngagement, MovedOn.
    """
    seen = Engagement.objects.filter(pk=engagement_id).values_list("organisation_id", "first_day").first()
    if seen is None:
        raise no_such_engagement()
    week = lock_week(seen[0], and_week_of or seen[1])
    engagement = Engagement.objects.select_for_update().get(pk=engagement_id)
    if and_week_of is None and monday_of(engagement.first_day) != week.monday:
        raise moved_on()
    return engagement, week


def prepares(officer: Officer, engagement: Engagement) -> bool:
    """Whether it was registered by a unit of the officer's."""
    return engagement.unit_id in {post.organisation.id for post in officer.posts}


def touch(engagement: Engagement, officer: Officer, now: datetime) -> None:
    engagement.changed_at, engagement.changed_by_id = now, officer.account_id
    engagement.sequence += 1


def record(event: ledger.EventKind, engagement: Engagement, officer: Officer, data: dict[str, object]) -> None:
    ledger.record(
        event,
        subject=(ENGAGEMENT, engagement.pk),
        actor=officer,
        organisation_id=engagement.organisation_id,
        data={name: value for name, value in data.items() if value},
    )


def ask_to_approve(engagement: Engagement, agency: Node) -> None:
    """Lay it with the office that arranges the calendar."""
    desk = policy.desk_of(agency)
    if desk is None:
        return
    work.open_items(
        [
            work.NewItem(
                subject=(ENGAGEMENT, engagement.pk),
                part_id=0,
                task=_now("Approve the engagement"),
                title=_now("Engagement registered by %(unit)s") % {"unit": tree()[engagement.unit_id].name},
                code="",
                organisation_id=desk.id,
                role=policy.KEEPER,
                opened_at=engagement.made_at,
                due_at=_wanted_by(engagement, engagement.made_at),
            )
        ]
    )


def still_asked(engagement: Engagement, now: datetime) -> None:
    """It may have another day now; of what is approved nothing is asked any more."""
    work.postpone(subject=(ENGAGEMENT, engagement.pk), part_id=0, due_at=_wanted_by(engagement, now), waiting=False)


def _wanted_by(engagement: Engagement, now: datetime) -> datetime:
    """When the office goes home for the last time before the day, so that whoever goes there can still read it."""
    eve = calendar_of(province().calendar).last_working_moment(clock.day_start(engagement.first_day))
    return max(eve, now)


def no_more_asked(engagement: Engagement, officer: Officer, now: datetime) -> None:
    if engagement.state != State.PROPOSED:
        work.close_items(
            subject=(ENGAGEMENT, engagement.pk),
            parts=[0],
            at=now,
            account_id=officer.account_id,
            outcome=engagement.state,
        )
