"""What clerks do at their desks: who is next, passing on, absences and their undoing, one number at a desk."""

from datetime import timedelta

import pytest

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.queueing import services
from lienthong.queueing.models import Call, Seat, Ticket
from lienthong.queueing.queries import being_served, being_served_by
from lienthong.queueing.queries.places import shop
from lienthong.queueing.queries.waiting import NoSuchTicket
from lienthong.queueing.services import DeskTaken, MovedOn, NoSuchDesk, NotSeated, StillCalled, StillServing
from tests import cast
from tests.queueing.conftest import LAN, SHOP, TRANG, at, now_is, seated, served, take

pytestmark = pytest.mark.django_db


def test_a_desk_calls_its_own_groups_those_with_a_ground_first():
    take("B")
    ordinary, late, first = take("A"), take("D"), take("D", priority="pregnant")
    officer = seated(LAN, 1)
    called = []
    while (call := services.call_next(officer=officer)) is not None:
        called.append(call.ticket_id)
        services.start(officer=officer, call=call.pk)
        services.finish(officer=officer, call=call.pk)
    assert called == [first.pk, ordinary.pk, late.pk]


def test_one_press_finishes_and_calls_the_next():
    first, second = take("A"), take("A")
    officer = seated()
    call = served(officer)
    following = services.call_next(officer=officer, finishing=call.pk)
    assert following and following.ticket_id == second.pk
    assert (now_is(first), now_is(second)) == ("done", "called")


def test_with_nobody_left_the_one_at_the_desk_is_finished_all_the_same():
    ticket = take("A")
    officer = seated()
    assert services.call_next(officer=officer, finishing=served(officer).pk) is None
    assert now_is(ticket) == "done"


def test_a_second_press_of_next_calls_nobody_else():
    take("A")
    second = take("A")
    officer = seated()
    services.call_next(officer=officer)
    with pytest.raises(StillCalled, match="A001"):
        services.call_next(officer=officer)
    assert now_is(second) == "waiting"
    call = Call.objects.get(ended_at=None)
    services.start(officer=officer, call=call.pk)
    services.call_next(officer=officer, finishing=call.pk)
    with pytest.raises(MovedOn):
        services.call_next(officer=officer, finishing=call.pk)
    assert Call.objects.count() == 2


def test_nothing_is_finished_that_was_not_begun():
    ticket = take("A")
    officer = seated()
    call = services.call_next(officer=officer)
    for act in (services.finish, lambda officer, call: services.call_next(officer=officer, finishing=call)):
        with pytest.raises(StillCalled):
            act(officer=officer, call=call.pk)
    assert now_is(ticket) == "called"


def test_calling_again_counts_and_begins_the_notice_anew():
    take("A")
    officer = seated()
    call = services.call_next(officer=officer)
    with clock.at(cast.MONDAY + timedelta(minutes=1)):
        again = services.call_again(officer=officer, call=call.pk)
    assert (again.times, again.last_called_at - again.called_at) == (2, timedelta(minutes=1))


def test_who_comes_after_all_is_called_again():
    ticket = take("A")
    officer = seated()
    services.mark_absent(officer=officer, call=services.call_next(officer=officer).pk)
    assert now_is(ticket) == "absent"
    assert services.call_number(officer=officer, code="a1").ticket_id == ticket.pk
    assert now_is(ticket) == "called"


def test_a_mistaken_absence_is_undone_and_the_old_place_is_kept():
    first, second = take("A"), take("A")
    officer = seated()
    services.mark_absent(officer=officer, call=services.call_next(officer=officer).pk)
    call = served(officer)
    services.put_back(officer=officer, code="A001")
    services.put_back(officer=officer, code="A001")
    take("A")
    assert (now_is(first), now_is(second)) == ("waiting", "serving")
    assert services.call_next(officer=officer, finishing=call.pk).ticket_id == first.pk
    with pytest.raises(MovedOn):
        services.put_back(officer=officer, code="A002")


def test_who_is_being_served_is_not_absent():
    take("A")
    officer = seated()
    call = served(officer)
    with pytest.raises(MovedOn):
        services.mark_absent(officer=officer, call=call.pk)


def test_passed_to_a_group_one_keeps_the_time_one_came():
    passed = take("A")
    take("B")
    officer = seated(LAN, 1)
    services.pass_on(officer=officer, call=served(officer).pk, to="B")
    ticket = Ticket.objects.get(pk=passed.pk)
    assert (ticket.state, ticket.group, ticket.desk, ticket.code) == ("waiting", "B", None, "A001")
    other = seated(TRANG, 2)
    assert services.call_next(officer=other).ticket_id == passed.pk


def test_passed_to_a_desk_one_is_the_next_there_and_waits_for_no_other():
    passed, first = take("D"), take("C", priority="elderly")
    officer, other = seated(LAN, 1), seated(TRANG, 3)
    services.pass_on(officer=officer, call=served(officer).pk, to="3")
    assert services.call_next(officer=officer) is None, "desk 1 serves D too, but it was sent to desk 3"
    call = served(other)
    assert call.ticket_id == passed.pk
    assert services.call_next(officer=other, finishing=call.pk).ticket_id == first.pk


def test_what_was_sent_to_a_desk_that_nobody_sits_at_is_taken_by_another():
    passed = take("D")
    officer = seated(LAN, 1)
    services.pass_on(officer=officer, call=served(officer).pk, to="4")
    assert services.call_next(officer=officer).ticket_id == passed.pk


@pytest.mark.parametrize("to", ["", "A", "1", "Z", "77", "-1", "٣", "999999999999"])
def test_passing_to_nowhere_is_refused_and_nothing_changes(to):
    ticket = take("A")
    officer = seated(LAN, 1)
    call = served(officer)
    with pytest.raises(MovedOn):
        services.pass_on(officer=officer, call=call.pk, to=to)
    assert now_is(ticket) == "serving" and Call.objects.get(pk=call.pk).ended_at is None


def test_a_number_that_is_elsewhere_or_nobodys_is_not_called():
    take("A")
    other = seated(TRANG, 2)
    officer = seated(LAN, 1)
    take("B")
    served(other)
    with pytest.raises(MovedOn, match="B001"):
        services.call_number(officer=officer, code="B1")
    for nobodys in ("A9", "", "xyz", "' OR 1=1"):
        with pytest.raises(NoSuchTicket):
            services.call_number(officer=officer, code=nobodys)


def test_yesterdays_numbers_are_not_called():
    take("A")
    with at(8, day=4):
        assert services.call_next(officer=seated()) is None


def test_another_clerks_call_cannot_be_touched():
    take("A")
    call = served(seated(LAN, 1))
    other = seated(TRANG, 2)
    for act in (services.call_again, services.start, services.finish, services.mark_absent):
        with pytest.raises(MovedOn):
            act(officer=other, call=call.pk)


def test_who_sits_nowhere_calls_nobody():
    take("A")
    with pytest.raises(NotSeated):
        services.call_next(officer=cast.actor(LAN))
    seated()
    with at(8, day=4), pytest.raises(NotSeated):
        services.call_next(officer=cast.actor(LAN))


def test_a_desk_is_one_persons_until_it_is_left_or_taken_over():
    officer, other = seated(LAN, 1), cast.actor(TRANG)
    with pytest.raises(DeskTaken, match="Phạm Thị Lan"):
        services.sit_down(officer=other, shop_key=SHOP, desk=1)
    services.sit_down(officer=other, shop_key=SHOP, desk=1, take_over=True)
    assert list(Seat.objects.values_list("account_id", "desk")) == [(other.account_id, 1)]
    with pytest.raises(NotSeated):
        services.call_next(officer=officer)
    services.leave_desk(officer=other)
    services.leave_desk(officer=other)
    assert not Seat.objects.exists()


def test_a_seat_of_yesterday_is_free():
    seated(LAN, 1)
    with at(8, day=4):
        services.sit_down(officer=cast.actor(TRANG), shop_key=SHOP, desk=1)
        services.sit_down(officer=cast.actor(LAN), shop_key=SHOP, desk=2)
    assert Seat.objects.count() == 2


def test_a_desk_is_not_left_with_somebody_at_it():
    take("A")
    officer = seated(LAN, 1)
    services.call_next(officer=officer)
    for act in (
        lambda: services.leave_desk(officer=officer),
        lambda: services.sit_down(officer=officer, shop_key=SHOP, desk=2),
    ):
        with pytest.raises(StillServing, match="A001"):
            act()


def test_sitting_down_again_changes_nothing():
    seat = services.sit_down(officer=cast.actor(LAN), shop_key=SHOP, desk=1)
    assert services.sit_down(officer=cast.actor(LAN), shop_key=SHOP, desk=1) == seat


def test_there_are_only_the_declared_desks():
    with pytest.raises(NoSuchDesk):
        services.sit_down(officer=cast.actor(LAN), shop_key=SHOP, desk=9)


@pytest.mark.parametrize("username", [cast.HANDLER, cast.LEADER, "quantri", "kiemsoat", "ngoc.nghiatrung"])
def test_only_clerks_of_the_shop_sit_down_there(username):
    with pytest.raises((NotAllowed, NotFound)):
        services.sit_down(officer=cast.actor(username), shop_key=SHOP, desk=1)
    with pytest.raises((NotAllowed, NotFound)):
        services.change_door(shop_key=SHOP, purpose="kiosk", officer=cast.actor(username))
    assert not Seat.objects.exists()


def test_other_rooms_can_ask_who_is_being_served():
    here, officer = shop(SHOP).node.id, seated(LAN, 1)
    assert being_served(organisation_id=here, desk=1) is None and being_served_by(cast.actor(TRANG)) is None
    take("A")
    call = services.call_next(officer=officer)
    found = being_served_by(officer)
    assert (found.code, found.group, found.desk, found.since) == ("A001", "Xây dựng, đất đai", 1, None)
    services.start(officer=officer, call=call.pk)
    assert being_served(organisation_id=here, desk=1).since == cast.MONDAY


def test_the_day_is_closed_some_time_after_closing_and_only_once():
    waits, called, at_desk = take("C"), take("B"), take("A")
    served(seated(LAN, 1))
    services.call_next(officer=seated(TRANG, 2))
    with at(18, 59):
        assert services.close_days() == 0
    with at(19, 0):
        assert services.close_days() == 3
        assert services.close_days() == 0
    assert [now_is(each) for each in (waits, called, at_desk)] == ["unserved", "absent", "done"]
    assert set(Call.objects.values_list("outcome", flat=True)) == {"closed"}


def test_a_day_that_was_forgotten_is_closed_later():
    ticket = take("A")
    with at(6, day=9):
        assert services.close_days() == 1
    assert now_is(ticket) == "unserved"
