"""More time is asked for and decided, those who have a document are urged, what is late is told."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.core import mail

from lienthong.documents import services
from lienthong.documents.models import Arrival, MoreTime, Phrase, Task, Urging
from lienthong.documents.queries import settlement
from lienthong.documents.queries.settlement import Period
from lienthong.documents.rules.following import Settlement
from lienthong.documents.rules.marks import Mark
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.phrases import own_phrases
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.notifications.models import Notification
from lienthong.work import reminders
from lienthong.work.models import WorkItem
from lienthong.work.rules import AskedAlready, DecidedAlready, Decision
from lienthong.work.urging import NotUrged
from tests import cast
from tests.documents.conftest import (
    AGENCY,
    CHAIR,
    CLERK,
    FINANCE,
    HANDLER,
    HEAD,
    OTHER_HEAD,
    URBAN,
    chair,
    in_days,
    letter,
    presented,
)
from tests.documents.test_incoming import by, person, task_of, unit

pytestmark = pytest.mark.django_db

WEEK = Period(date(2025, 3, 3), date(2025, 3, 9))


def directed(days: int | None = 7, **other: object) -> Arrival:
    """Handed to the urban planning division, which leads, and to the finance division."""
    arrival = presented(**other)
    due = in_days(days) if days else None
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN), cooperate=[unit(FINANCE)], due_at=due)
    return arrival


def handed_on(days: int = 7) -> Arrival:
    arrival = directed(days)
    services.direct(**by(HEAD, arrival), lead=person(URBAN, "chuyen-vien"), due_at=in_days(days - 2))
    return arrival


def asked(arrival: Arrival, username: str = HEAD, days: int = 12) -> MoreTime:
    return services.ask_more_time(**by(username, arrival), until=in_days(days), reason="Chờ ý kiến của Sở")


def decide(request: MoreTime, username: str = CHAIR, **other: object) -> MoreTime:
    return services.decide_more_time(
        **{"request_id": request.pk, "officer": cast.actor(username), "key": uuid4(), "grant": True, **other}
    )


def due_in_inbox(arrival: Arrival, username: str) -> datetime:
    task = task_of(arrival, username)
    return WorkItem.objects.get(subject_type=DOCUMENT, subject_id=arrival.pk, part_id=task.pk, is_open=True).due_at


def to_decide() -> list[tuple[str, str]]:
    items = WorkItem.objects.filter(is_open=True, subject_type=MoreTime.subject_type).order_by("id")
    return [(item.role, item.code) for item in items]


def test_due_days_move_when_more_time_is_granted_and_not_before():
    arrival = handed_on()
    request = asked(arrival)
    assert to_decide() == [("agency-leader", "125/SXD-QH")]
    assert due_in_inbox(arrival, HEAD) == in_days(7), "asking moves nothing"
    decide(request, words="Đồng ý")
    task = task_of(arrival, HEAD)
    assert task.due_at == due_in_inbox(arrival, HEAD) == in_days(12)
    assert due_in_inbox(arrival, HANDLER) == in_days(5), "those below keep theirs"
    item = WorkItem.objects.get(subject_type=DOCUMENT, part_id=task.pk, is_open=True)
    assert item.waiting, "the head still waits for the handler"
    assert to_decide() == []
    following = settlement.following_of(arrival.pk)
    assert following.first_due(task.pk) == in_days(7) and not following.pending(task.pk)
    told = Notification.objects.get(kind="document-more-time-granted")
    assert told.account_id == cast.account(HEAD).pk and told.link.endswith(f"/den/{arrival.pk}/")
    kinds = [entry.kind for entry in timeline((DOCUMENT, arrival.pk))]
    assert kinds.count("documents.more_time_asked") == kinds.count("documents.more_time_granted") == 1


def test_the_first_due_day_stays_known_however_often_it_moves():
    arrival = directed()
    for days in (9, 12):
        decide(asked(arrival, days=days))
    task = task_of(arrival, HEAD)
    following = settlement.following_of(arrival.pk)
    assert following.first_due(task.pk) == in_days(7)
    assert [each.new_due for each in following.requests] == [in_days(9), in_days(12)] and task.due_at == in_days(12)


def test_another_day_may_be_granted_or_none_with_a_reason():
    arrival = directed()
    request = asked(arrival)
    with pytest.raises(services.WordsNeeded):
        decide(request, grant=False, words=" ")
    decide(request, grant=False, words="Phải xong trước kỳ họp")
    assert task_of(arrival, HEAD).due_at == in_days(7)
    assert Notification.objects.filter(kind="document-more-time-refused").exists()
    decide(asked(arrival), until=in_days(9))
    assert task_of(arrival, HEAD).due_at == due_in_inbox(arrival, HEAD) == in_days(9)


def test_nobody_gives_more_time_than_they_have():
    arrival = handed_on()
    request = asked(arrival, HANDLER, days=10)
    with pytest.raises(services.NoMoreTime, match="không thể cho hạn dài hơn"):
        decide(request, HEAD)
    decide(request, HEAD, until=in_days(7))
    assert task_of(arrival, HANDLER).due_at == in_days(7)


def test_only_who_directed_decides_and_only_who_leads_asks():
    arrival = handed_on()
    request = asked(arrival)
    with pytest.raises(services.NotWithYou):
        decide(request, HEAD)
    with pytest.raises(NotFound):
        decide(request, "thanh.phochutich")
    with pytest.raises(services.NoMoreTime):
        asked(arrival, OTHER_HEAD)
    with pytest.raises(services.WordsNeeded):
        services.ask_more_time(**by(HANDLER, arrival), until=in_days(9), reason=" ")
    with pytest.raises(AskedAlready):
        asked(arrival)
    assert MoreTime.objects.count() == 1


def test_whoever_has_it_from_the_clerk_sets_a_new_day_alone_and_it_is_on_record():
    arrival = services.register(
        agency_id=by_key(AGENCY).id,
        document=letter(),
        officer=cast.actor(CLERK),
        key=uuid4(),
        receiving=services.Receiving(present_to=chair(), due_at=in_days(7)),
    )
    request = services.ask_more_time(**by(CHAIR, arrival), until=in_days(12), reason="Sở đã đồng ý")
    arrival.refresh_from_db()
    assert request.decision == Decision.GRANTED
    assert arrival.due_at == task_of(arrival, CHAIR).due_at == due_in_inbox(arrival, CHAIR) == in_days(12)
    assert to_decide() == []


def test_the_same_press_asks_once_and_decides_once():
    arrival = directed()
    press = {**by(HEAD, arrival), "until": in_days(12), "reason": "Chờ ý kiến"}
    request, _again = [services.ask_more_time(**press) for _time in range(2)]
    key = uuid4()
    for _ in range(2):
        decide(request, key=key)
    with pytest.raises(DecidedAlready):
        decide(request, grant=False, words="Không")
    kinds = [entry.kind for entry in timeline((DOCUMENT, arrival.pk))]
    assert kinds.count("documents.more_time_asked") == kinds.count("documents.more_time_granted") == 1


def test_a_request_lapses_when_the_task_ends():
    arrival = directed()
    request = asked(arrival)
    services.finish(**by(HEAD, arrival), words="Xong sớm")
    request.refresh_from_db()
    assert request.decision == Decision.LAPSED and to_decide() == []
    with pytest.raises(DecidedAlready):
        decide(request)


def test_whoever_has_it_open_is_urged_once_a_day():
    arrival = handed_on()
    tasks = [task_of(arrival, username).pk for username in (HEAD, HANDLER, OTHER_HEAD)]
    done = services.urge(task_ids=tasks, officer=cast.actor(CHAIR), words="Báo cáo trong hôm nay")
    assert (done.urged, done.before) == (3, 0)
    told = Notification.objects.filter(kind="document-urged").order_by("id")
    assert {each.account_id for each in told} >= {cast.account(name).pk for name in (HEAD, HANDLER, OTHER_HEAD)}
    assert all("Báo cáo trong hôm nay" in each.text and "125/SXD-QH" in each.title for each in told)
    again = services.urge(task_ids=tasks, officer=cast.actor(CLERK))
    assert (again.urged, again.before) == (0, 3) and Urging.objects.count() == 3
    with clock.at(clock.now() + timedelta(days=1)):
        assert services.urge(task_ids=tasks[:1], officer=cast.actor(CLERK)).urged == 1
    assert settlement.urged_of(tasks)[tasks[0]] == (date(2025, 3, 4), 2)
    assert [entry.kind for entry in timeline((DOCUMENT, arrival.pk))].count("documents.urged") == 2


def test_nobody_urges_whom_they_did_not_direct():
    arrival = handed_on()
    for username, target in ((HANDLER, HEAD), (HEAD, OTHER_HEAD), (OTHER_HEAD, HEAD), (HEAD, HEAD)):
        with pytest.raises(NotUrged):
            services.urge(task_ids=[task_of(arrival, target).pk], officer=cast.actor(username))
    assert not Urging.objects.exists() and not Notification.objects.filter(kind="document-urged").exists()
    assert services.urge(task_ids=[task_of(arrival, HANDLER).pk, 10**17], officer=cast.actor(HEAD)).urged == 1


def test_the_morning_reminds_of_documents_by_the_day_in_force():
    arrival = directed(7)  # Monday 10 March, half past eight
    decide(asked(arrival, days=8))
    for day, expected in ((10, 0), (11, 1), (12, 1)):
        mail.outbox.clear()
        with clock.at(datetime(2025, 3, day, 7, 30, tzinfo=clock.ZONE)):
            reminders.plan(date(2025, 3, day))
            reminders.send(cast.account(HEAD).pk, date(2025, 3, day))
        assert len(mail.outbox) == expected, day
        if expected:
            body = mail.outbox[0].body
            assert "125/SXD-QH: Giải quyết văn bản" in body and "/ban-lam-viec/" in body
            assert ("Quá hạn" in body) == (day == 12)


def settled(username: str, arrival: Arrival) -> None:
    services.finish(**by(username, arrival), words="Đã giải quyết")


def test_the_statistics_count_from_the_tasks(django_assert_num_queries):
    for number, (days, done_after) in enumerate(((7, 1), (2, 4), (2, None), (20, None), (None, 1), (None, None))):
        arrival = directed(days, mark=mark(number))
        if done_after is not None:
            with clock.at(in_days(done_after)):
                settled(HEAD, arrival)
                settled(CHAIR, arrival)
    expected = Settlement(in_time=1, late=1, open_in_time=1, open_late=1, unlimited=1, unlimited_open=1)
    agency, divisions = by_key(AGENCY), [by_key(URBAN), by_key(FINANCE)]
    with clock.at(in_days(5)):
        with django_assert_num_queries(2):
            agencies = settlement.of_agencies([agency], WEEK)
            units = settlement.of_units(divisions, WEEK)
        assert agencies == {agency.id: expected}
        assert units == {by_key(URBAN).id: expected}, "who co-operates is not counted"
        later = Period(date(2025, 3, 10), date(2025, 3, 31))
        assert settlement.of_agencies([agency], later) == settlement.of_units(divisions, later) == {}


def mark(number: int) -> Mark:
    return Mark(str(number + 1), "SXD-QH")


def test_what_goes_from_hand_to_hand_in_a_unit_counts_once_and_what_came_back_not_at_all():
    arrival = handed_on()
    other = presented(mark=mark(9))
    services.direct(**by(CHAIR, other), lead=unit(FINANCE))
    services.give_back(**by(OTHER_HEAD, other), reason="Thuộc phòng khác")
    counted = settlement.of_units([by_key(URBAN), by_key(FINANCE)], WEEK)
    assert counted == {by_key(URBAN).id: Settlement(open_in_time=1)}
    assert Task.objects.filter(arrival=arrival, organisation_id=by_key(URBAN).id).count() == 2


def test_what_is_late_lies_with_who_has_it_now_and_is_for_those_who_follow_it():
    handed_on()
    with clock.at(in_days(8)):

        def late(username: str) -> list[str]:
            page = settlement.open_tasks(cast.actor(username), agency=None, unit=None, due="late")
            return [by_key(key).key for task in page.tasks for key in (URBAN, FINANCE)
                    if by_key(key).id == task.organisation_id]  # fmt: skip

        assert late(CLERK) == late(CHAIR) == [URBAN, FINANCE], "the handler and the finance division, not who waits"
        assert late(HEAD) == [URBAN]
        assert late(HANDLER) == []
    with clock.at(in_days(4)):
        page = settlement.open_tasks(cast.actor(CLERK), agency=None, unit=by_key(URBAN), due="soon")
        assert [task.organisation_id for task in page.tasks] == [by_key(URBAN).id]
        everything = settlement.open_tasks(cast.actor(CLERK), agency=None, unit=None, due="open")
        assert [task.organisation_id for task in everything.tasks] == [by_key(URBAN).id, by_key(FINANCE).id]


def test_own_phrases_stand_once_are_ordered_by_use_and_are_nobody_elses():
    officer = cast.actor(CHAIR)
    kept = [services.keep_phrase(text=text, officer=officer) for text in ("Giao tham mưu", "Lưu", "Giao tham mưu ")]
    assert kept[0] == kept[2] and Phrase.objects.count() == 2
    arrival = presented()
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN), words="Lưu, theo dõi")
    assert [(each.text, each.uses) for each in own_phrases(officer).order_by("-uses")] == [
        ("Lưu", 1),
        ("Giao tham mưu", 0),
    ]
    services.drop_phrase(phrase_id=kept[0].pk, officer=cast.actor(HEAD))
    assert Phrase.objects.count() == 2
    services.drop_phrase(phrase_id=kept[0].pk, officer=officer)
    assert [each.text for each in own_phrases(officer)] == ["Lưu"]
    with pytest.raises(services.NoPhrase):
        services.keep_phrase(text="  ", officer=officer)
