"""Several people at the same moment, each over a connection of their own."""

from collections import Counter
from uuid import uuid4

from lienthong.queueing import services
from lienthong.queueing.models import Call, Seat, Ticket
from lienthong.queueing.services import DeskTaken, MovedOn, StillCalled
from tests import cast
from tests.identity.test_at_once import all_at_once
from tests.queueing.conftest import LAN, SHOP, TRANG, key_of, seated, served, take


def test_two_clerks_never_get_the_same_number(committed):
    clerks = [seated(LAN, 3), seated(TRANG, 4)]
    for _person in range(12):
        take("C")
    called: list[int] = []

    def work(officer):
        call = None
        while (call := services.call_next(officer=officer, finishing=call and call.pk)) is not None:
            called.append(call.ticket_id)
            services.start(officer=officer, call=call.pk)

    all_at_once(*(lambda officer=officer: work(officer) for officer in clerks))
    assert len(called) == 12 and set(Counter(called).values()) == {1}
    assert set(Ticket.objects.values_list("state", flat=True)) == {"done"}


def test_many_people_at_the_door_get_numbers_without_gap_or_double(committed):
    key = key_of("kiosk")
    all_at_once(*[lambda: services.take(door=key, purpose="kiosk", letter="A", request=uuid4())] * 8)
    assert sorted(Ticket.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_one_press_that_is_sent_several_times_at_once_takes_one_number(committed):
    key, press, got = key_of("kiosk"), uuid4(), []
    all_at_once(*[lambda: got.append(services.take(door=key, purpose="kiosk", letter="A", request=press).code)] * 6)
    assert got == ["A001"] * 6 and take("A").code == "A002"


def test_a_clerk_who_presses_twice_at_once_calls_one_number(committed):
    officer = seated(LAN, 1)
    take("A"), take("A"), take("A")
    call, outcomes = served(officer), []

    def press():
        try:
            outcomes.append(services.call_next(officer=officer, finishing=call.pk).code)
        except (MovedOn, StillCalled) as refused:
            outcomes.append(type(refused).__name__)

    all_at_once(press, press)
    assert sorted(outcomes) == ["A002", "MovedOn"]
    assert Call.objects.filter(ended_at=None).count() == 1


def test_of_two_who_sit_down_at_one_desk_one_is_told(committed):
    told = []

    def sit(username):
        try:
            services.sit_down(officer=cast.actor(username), shop_key=SHOP, desk=2)
        except DeskTaken as refused:
            told.append(str(refused))

    all_at_once(lambda: sit(LAN), lambda: sit(TRANG))
    assert len(told) == 1 and Seat.objects.count() == 1


def test_who_gives_the_number_back_while_being_called_is_one_or_the_other(committed):
    officer = seated(LAN, 1)
    ticket = take("A")
    all_at_once(lambda: services.give_back(secret=ticket.secret), lambda: services.call_next(officer=officer))
    ticket.refresh_from_db()
    assert ticket.state == "left" and not Call.objects.filter(ended_at=None).exists()
