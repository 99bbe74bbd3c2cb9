"""Registering, approving, publishing, changing: who may, who sees what, what is said of it."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from uuid import uuid4

import pytest

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.meetings import queries, rules, services
from lienthong.meetings.models import Attendance, Engagement, Week
from lienthong.meetings.queries import Filters
from lienthong.meetings.rules import Access, Mark, NotPossible, Part, State
from lienthong.meetings.services import Missing, MovedOn, NoSuchEngagement, NotYours, ReasonNeeded
from lienthong.work.models import WorkItem
from tests import cast
from tests.meetings.conftest import (
    AGENCY,
    CHAIR,
    DEPUTY,
    ELSEWHERE,
    HANDLER,
    HEAD,
    KEEPER,
    OFFICE,
    OTHER_UNIT,
    TUESDAY,
    URBAN,
    at,
    chair,
    deputy,
    entered,
    new,
    published,
    registered,
)

pytestmark = pytest.mark.django_db


def kinds(engagement: Engagement) -> list[str]:
    return [entry.kind for entry in timeline((services.ENGAGEMENT, engagement.pk), limit=20)]


def seen_by(username: str, engagement: Engagement) -> queries.Line | None:
    return queries.one(cast.actor(username), engagement.pk)


def listed(username: str, **other: object) -> list[str]:
    filters = Filters(agency=by_key(AGENCY), **other)  # type: ignore[arg-type]
    monday = rules.monday_of(TUESDAY)
    return [line.content for line in queries.between(cast.actor(username), filters, monday, monday + timedelta(days=6))]


def fresh(engagement: Engagement) -> Engagement:
    return Engagement.objects.get(pk=engagement.pk)


# registering


def test_a_unit_registers_and_the_office_is_asked():
    made = registered()
    item = WorkItem.objects.get(subject_type="engagement", subject_id=made.pk)
    assert made.state == State.PROPOSED and made.published_at is None
    assert (item.is_open, item.role, item.organisation.key) == (True, "calendar-keeper", OFFICE)
    assert "quy hoạch" not in item.title, "an inbox is no place for what may be private"
    assert kinds(made) == ["meetings.proposed"]
    assert [line.id for line in queries.to_approve(cast.actor(KEEPER))] == [made.pk]
    assert queries.to_approve(cast.actor(HEAD)) == []


def test_it_is_to_be_approved_before_the_office_goes_home_for_the_last_time_before_the_day_also_when_that_changes():
    made = registered(when=at(14, day=TUESDAY + timedelta(days=6)))  # on Monday after
    assert _due(made) == datetime.combine(TUESDAY + timedelta(days=3), time(17), clock.ZONE)
    services.change(engagement_id=made.pk, new=new(when=at(8)), officer=cast.actor(HEAD), sequence=0)
    assert _due(made) == datetime.combine(TUESDAY - timedelta(days=1), time(17), clock.ZONE)


def test_what_is_registered_for_today_is_to_be_approved_at_once():
    made = registered(when=at(14, day=TUESDAY - timedelta(days=1)))
    assert _due(made) == made.made_at


def _due(engagement: Engagement) -> datetime:
    return WorkItem.objects.get(subject_type="engagement", subject_id=engagement.pk).due_at


def test_the_office_enters_without_asking():
    made = entered()
    assert made.state == State.APPROVED and kinds(made) == ["meetings.approved"]
    assert not WorkItem.objects.filter(subject_type="engagement", subject_id=made.pk).exists()


def test_the_same_press_registers_once():
    key, agency = uuid4(), by_key(AGENCY).id
    both = [services.register(agency_id=agency, new=new(), officer=cast.actor(HEAD), key=key) for _time in range(2)]
    assert both[0].pk == both[1].pk
    assert WorkItem.objects.filter(subject_type="engagement", subject_id=both[0].pk).count() == 1
    with pytest.raises(NotYours):  # a key of somebody else's press
        services.register(agency_id=agency, new=new(), officer=cast.actor(KEEPER), key=key)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"content": "  "}, "content"),
        ({"leaders": ()}, "who"),
        ({"leaders": (10**17,)}, "who"),
        ({"posts": (10**17,)}, "with"),
        ({"organisations": (10**17,)}, "with"),
        ({"unit_id": 10**17}, "unit"),
        ({"when": rules.When(date(2199, 1, 1), date(2199, 1, 1), Part.DAY)}, "when"),
    ],
)
def test_what_is_missing_or_forged_is_refused_by_field(changes, field):
    with pytest.raises(Missing) as refused:
        registered(**changes)
    assert list(refused.value.errors) == [field]
    assert not Engagement.objects.exists()


def test_a_unit_cannot_register_for_another_unit_or_another_agency():
    with pytest.raises(Missing):
        registered(OTHER_UNIT)
    with pytest.raises(NotYours):
        registered(ELSEWHERE)


def test_whoever_takes_part_twice_stands_there_once():
    made = entered(leaders=(chair(), deputy()), posts=(), whole=True)
    assert Attendance.objects.filter(engagement=made, leads=True).count() == 3


# approving, publishing


def test_what_is_approved_is_read_by_the_others_once_the_week_is_published():
    made = registered()
    services.approve(engagement_id=made.pk, officer=cast.actor(KEEPER))
    assert not WorkItem.objects.filter(subject_type="engagement", subject_id=made.pk, is_open=True).exists()
    assert seen_by(OTHER_UNIT, made) is None
    published()
    assert listed(OTHER_UNIT) == [made.content]
    assert fresh(made).mark == "", "it was there when the week was published"


def test_what_comes_into_a_published_week_is_marked_as_added():
    published()
    made = registered()
    services.approve(engagement_id=made.pk, officer=cast.actor(KEEPER))
    found = fresh(made)
    assert (found.mark, bool(found.published_at)) == (Mark.ADDED, True)
    assert kinds(made) == ["meetings.proposed", "meetings.added"]
    assert fresh(entered()).mark == Mark.ADDED


def test_approving_and_publishing_twice_does_nothing_more():
    made = registered()
    for _time in range(2):
        services.approve(engagement_id=made.pk, officer=cast.actor(KEEPER))
        published()
    assert kinds(made) == ["meetings.proposed", "meetings.approved"]
    assert Week.objects.count() == 1


@pytest.mark.parametrize("who", [HEAD, CHAIR, ELSEWHERE])
def test_only_the_office_approves_and_publishes(who):
    made = registered()
    with pytest.raises(NoSuchEngagement):
        services.approve(engagement_id=made.pk, officer=cast.actor(who))
    with pytest.raises(NotAllowed):
        published(by=who)
    assert fresh(made).state == State.PROPOSED


def test_declined_is_seen_by_the_unit_with_the_reason_and_by_nobody_else_in_the_week():
    made = registered()
    with pytest.raises(ReasonNeeded):
        services.end(engagement_id=made.pk, officer=cast.actor(KEEPER), state=State.DECLINED, reason=" ")
    services.end(engagement_id=made.pk, officer=cast.actor(KEEPER), state=State.DECLINED, reason="Trùng kỳ họp")
    published()
    assert listed(HEAD) == [made.content] and seen_by(HEAD, made).reason == "Trùng kỳ họp"
    assert listed(CHAIR) == listed(OTHER_UNIT) == []


def test_a_unit_cancels_what_is_not_approved_and_nothing_after_that():
    made = registered()
    services.end(engagement_id=made.pk, officer=cast.actor(HANDLER), state=State.CANCELLED, reason="Không cần nữa")
    assert fresh(made).state == State.CANCELLED
    other = registered()
    services.approve(engagement_id=other.pk, officer=cast.actor(KEEPER))
    with pytest.raises(NoSuchEngagement):
        services.end(engagement_id=other.pk, officer=cast.actor(HEAD), state=State.CANCELLED, reason="Bận")


# changing


def test_a_change_after_publishing_says_when_it_was_to_be():
    made = entered()
    published()
    later = new(when=at(14, day=TUESDAY + timedelta(days=1)))
    services.change(engagement_id=made.pk, new=later, officer=cast.actor(KEEPER), sequence=0)
    found = fresh(made)
    assert (found.mark, found.was, found.sequence) == (Mark.ADJUSTED, "08:30 04/03/2025", 1)
    assert kinds(made)[-1] == "meetings.adjusted"


def test_a_change_before_publishing_leaves_no_mark():
    made = entered()
    services.change(engagement_id=made.pk, new=new(place="Hội trường"), officer=cast.actor(KEEPER), sequence=0)
    published()
    assert (fresh(made).mark, fresh(made).place) == ("", "Hội trường")


def test_moved_into_a_published_week_it_is_added_there():
    made = entered(when=at(8, day=TUESDAY + timedelta(days=7)))
    published()
    services.change(engagement_id=made.pk, new=new(), officer=cast.actor(KEEPER), sequence=0)
    assert fresh(made).mark == Mark.ADDED and kinds(made)[-1] == "meetings.added"


def test_what_is_written_as_it_was_changes_nothing_and_of_two_the_second_is_told():
    made = entered()
    services.change(engagement_id=made.pk, new=new(), officer=cast.actor(KEEPER), sequence=0)
    assert fresh(made).sequence == 0 and len(kinds(made)) == 1
    services.change(engagement_id=made.pk, new=new(place="A"), officer=cast.actor(KEEPER), sequence=0)
    services.change(engagement_id=made.pk, new=new(place="A"), officer=cast.actor(KEEPER), sequence=0)  # pressed twice
    with pytest.raises(MovedOn):
        services.change(engagement_id=made.pk, new=new(place="B"), officer=cast.actor(KEEPER), sequence=0)
    assert fresh(made).place == "A"


def test_a_unit_changes_what_it_registered_until_it_is_approved():
    made = registered()
    services.change(engagement_id=made.pk, new=new(place="A"), officer=cast.actor(HANDLER), sequence=0)
    services.approve(engagement_id=made.pk, officer=cast.actor(KEEPER))
    with pytest.raises(NoSuchEngagement):
        services.change(engagement_id=made.pk, new=new(place="B"), officer=cast.actor(HEAD), sequence=2)
    with pytest.raises(NoSuchEngagement):
        services.change(engagement_id=made.pk, new=new(place="B"), officer=cast.actor(OTHER_UNIT), sequence=2)


def test_postponed_stays_in_the_published_week_until_it_has_its_new_time():
    made = entered()
    published()
    services.end(engagement_id=made.pk, officer=cast.actor(KEEPER), state=State.POSTPONED, reason="Chờ ý kiến tỉnh")
    assert listed(OTHER_UNIT) == [made.content] and fresh(made).mark == Mark.POSTPONED
    services.change(engagement_id=made.pk, new=new(when=at(15)), officer=cast.actor(KEEPER), sequence=1)
    found = fresh(made)
    assert (found.state, found.mark, found.reason) == (State.APPROVED, Mark.ADJUSTED, "")


def test_cancelled_is_over():
    made = entered()
    services.end(engagement_id=made.pk, officer=cast.actor(KEEPER), state=State.CANCELLED, reason="Không họp")
    with pytest.raises(NotPossible):
        services.approve(engagement_id=made.pk, officer=cast.actor(KEEPER))
    with pytest.raises(NotPossible):
        services.change(engagement_id=made.pk, new=new(place="B"), officer=cast.actor(KEEPER), sequence=1)


def test_a_copy_is_a_week_later_and_once_a_press():
    made, key = entered(when=at(8, until=time(9, 30)), whole=True), uuid4()
    copies = [services.copy(engagement_id=made.pk, officer=cast.actor(KEEPER), key=key) for _time in range(2)]
    assert copies[0].pk == copies[1].pk != made.pk
    assert copies[0].when == replace(made.when, first_day=date(2025, 3, 11), last_day=date(2025, 3, 11))
    assert Attendance.objects.filter(engagement=copies[0]).count() == 2
    with pytest.raises(NoSuchEngagement):
        services.copy(engagement_id=made.pk, officer=cast.actor(OTHER_UNIT), key=uuid4())


# who sees what


def test_of_what_is_private_the_others_learn_that_somebody_is_busy_and_no_more():
    made = entered(access=Access.PRIVATE, remark="Xe 48A", others="Ông Bảy", content="Khám sức khỏe")
    published()
    busy = seen_by(OTHER_UNIT, made)
    assert busy is not None and not busy.opened
    assert (busy.content, busy.place, busy.others, busy.remark, busy.reason) == ("", "", "", "", "")
    assert busy.leaders == ("Chủ tịch UBND Võ Tiến Dũng",)
    assert seen_by(CHAIR, made).content == seen_by(KEEPER, made).content == "Khám sức khỏe"
    assert queries.found(cast.actor(OTHER_UNIT), Filters(text="kham suc khoe")) == []
    assert [line.id for line in queries.found(cast.actor(CHAIR), Filters(text="kham suc khoe"))] == [made.pk]


def test_another_agency_reads_what_is_public_without_its_remarks():
    internal, public = entered(), entered(access=Access.PUBLIC, content="Tiếp công dân", remark="Xe 48A")
    published()
    assert seen_by(ELSEWHERE, internal) is None
    assert (seen_by(ELSEWHERE, public).content, seen_by(ELSEWHERE, public).remark) == ("Tiếp công dân", "")
    assert seen_by(OTHER_UNIT, public).remark == "Xe 48A"


def test_everybody_reads_only_what_is_public_and_published():
    entered(content="Nội bộ")
    entered(access=Access.PRIVATE, content="Riêng")
    shown = entered(access=Access.PUBLIC, content="Tiếp công dân", remark="Xe 48A")
    agency, monday = by_key(AGENCY), rules.monday_of(TUESDAY)
    assert queries.public(agency, monday, TUESDAY) == []
    published()
    lines = queries.public(agency, monday, TUESDAY)
    assert [(line.id, line.remark) for line in lines] == [(shown.pk, "")]
    assert queries.agencies_with_something_public(monday) == [agency]


def test_mine_is_what_my_posts_my_unit_or_my_agency_take_part_in():
    entered(content="Của Chủ tịch")
    entered(content="Có phòng dự", organisations=(by_key(URBAN).id,), leaders=(deputy(),))
    entered(content="Cả cơ quan", leaders=(), whole=True)
    published()
    assert set(listed(CHAIR, mine=True)) == {"Cả cơ quan", "Của Chủ tịch"}
    assert set(listed(HANDLER, mine=True)) == {"Cả cơ quan", "Có phòng dự"}
    assert listed(DEPUTY, mine=True, post_id=deputy()) == ["Có phòng dự"]


def test_words_are_found_without_accents_in_any_week():
    made = entered(when=at(8, day=TUESDAY + timedelta(days=70)))
    assert [line.id for line in queries.found(cast.actor(KEEPER), Filters(text="nghia duc quy hoach"))] == [made.pk]
    assert queries.found(cast.actor(KEEPER), Filters(text="khong co")) == []
