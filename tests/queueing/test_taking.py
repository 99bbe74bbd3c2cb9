"""Numbers at the door: in order, without gaps, once for each press, only at the declared hours."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from lienthong.foundation import clock
from lienthong.queueing import services
from lienthong.queueing.models import Door, Ticket
from lienthong.queueing.queries import waiting
from lienthong.queueing.queries.places import NoSuchDoor, shop
from lienthong.queueing.services import Full, NotGiven
from tests import cast
from tests.queueing.conftest import LAN, SHOP, at, key_of, now_is, seated, served, take

pytestmark = pytest.mark.django_db


def test_numbers_count_up_in_each_group_each_shop_and_begin_again_each_day():
    codes = [take(letter).code for letter in "AABAC"] + [take("A", shop_key="nghia-trung").code]
    assert codes == ["A001", "A002", "B001", "A003", "C001", "A001"]
    with at(8, day=4):
        assert take("A").code == "A001"


def test_the_same_press_gets_the_same_number():
    press = uuid4()
    given = [services.take(door=key_of("kiosk"), purpose="kiosk", letter="A", request=press).code for _time in range(3)]
    assert given == ["A001"] * 3 and take("A").code == "A002"


def test_when_the_numbers_of_the_day_are_given_no_gap_is_left():
    body = shop(SHOP).body
    most = body.by_letter["A"].most_a_day
    assert most == 80
    for _person in range(most):
        take("A")
    with pytest.raises(Full, match="80"):
        take("A")
    assert Ticket.objects.filter(letter="A").count() == 80
    assert take("B").code == "B001"
    with at(8, day=4):
        assert take("A").code == "A001"


@pytest.mark.parametrize(("day", "hour", "minute"), [(3, 6, 44), (3, 11, 0), (3, 12, 30), (3, 16, 30), (2, 9, 0)])
def test_outside_the_hours_and_on_days_off_none_are_given(day, hour, minute):
    with at(hour, minute, day=day), pytest.raises(NotGiven, match="chưa phát số"):
        take("A")
    assert not Ticket.objects.exists()


def test_a_group_or_a_ground_that_is_not_declared_is_refused():
    for wrong in ({"letter": "Z"}, {"letter": ""}, {"letter": "AB"}, {"priority": "mayor"}):
        with pytest.raises(NotGiven):
            take(**wrong)


def test_only_the_secret_address_gives_numbers_and_each_door_its_own():
    for wrong in ("", "x", "a" * 500, key_of("poster"), key_of("kiosk") + " "):
        with pytest.raises(NoSuchDoor):
            services.take(door=wrong, purpose="kiosk", letter="A", request=uuid4())
    assert take("A").channel == "kiosk" and take("A", purpose="poster").channel == "phone"


def test_a_new_address_shuts_the_old_one_and_is_on_record(django_assert_num_queries):
    from lienthong.foundation.ledger.queries import timeline

    old = key_of("kiosk")
    door = services.change_door(shop_key=SHOP, purpose="kiosk", officer=cast.actor(LAN))
    assert door.key != old and key_of("poster")
    with pytest.raises(NoSuchDoor):
        services.take(door=old, purpose="kiosk", letter="A", request=uuid4())
    entry = timeline(("queue", shop(SHOP).node.id))[0]
    assert entry.kind == "queueing.door_changed" and entry.data["purpose"] == "kiosk"
    assert door.key not in str(entry.data), "the ledger is read by more people than may take numbers"


def test_publishing_the_queue_again_leaves_its_addresses():
    before = list(Door.objects.order_by("pk").values_list("pk", "key"))
    services.open_doors(shop(SHOP).body.organisation)
    assert list(Door.objects.order_by("pk").values_list("pk", "key")) == before and len(before) == 6


def test_the_database_itself_keeps_a_number_from_being_given_twice():
    ticket = take("A")
    with pytest.raises(IntegrityError), transaction.atomic():
        Ticket.objects.create(
            day=ticket.day,
            organisation_id=ticket.organisation_id,
            letter="A",
            number=1,
            secret="other",
            request=uuid4(),
            channel="kiosk",
            group="A",
            taken_at=ticket.taken_at,
        )


def test_ones_own_page_says_how_many_are_before_and_how_long_it_takes():
    first, second, third = take("A"), take("B"), take("A")
    assert waiting.own(third.secret).ahead == waiting.Ahead(1, None), "nobody sits at a desk yet"
    seated(LAN, 1)
    assert waiting.own(first.secret).ahead == waiting.Ahead(0, 5)
    assert waiting.own(third.secret).ahead == waiting.Ahead(1, 15), "one before, 15 minutes as declared"
    assert waiting.own(second.secret).ahead == waiting.Ahead(0, None), "desk 1 does not serve B"


def test_the_wait_is_told_from_what_people_really_took_today():
    officer = seated(LAN, 1)
    for _person in range(3):
        take("A")
        call = served(officer)
        with clock.at(clock.now() + timedelta(minutes=4)):
            services.finish(officer=officer, call=call.pk)
    take("A")
    assert waiting.own(take("A").secret).ahead == waiting.Ahead(1, 5), "4 minutes each, not the declared 15"


def test_who_goes_first_is_before_those_who_came_earlier():
    ordinary = take("A")
    first = take("A", priority="elderly")
    seated()
    assert waiting.own(first.secret).ahead == waiting.Ahead(0, 5)
    assert waiting.own(ordinary.secret).ahead == waiting.Ahead(1, 15)


def test_a_number_is_given_back_once_and_what_is_over_stays():
    ticket, other = take("A"), take("A")
    assert services.give_back(secret=ticket.secret).state == "left"
    assert services.give_back(secret=ticket.secret).state == "left"
    officer = seated()
    call = served(officer)
    assert call.ticket_id == other.pk
    assert services.give_back(secret=other.secret).state == "serving", "who is being served is not sent away"
    services.finish(officer=officer, call=call.pk)
    assert services.give_back(secret=other.secret).state == "done"


def test_giving_back_while_called_frees_the_desk():
    ticket = take("A")
    officer = seated()
    services.call_next(officer=officer)
    services.give_back(secret=ticket.secret)
    assert now_is(ticket) == "left"
    take("A")
    assert services.call_next(officer=officer)


def test_the_page_of_a_number_is_gone_after_a_week():
    ticket = take("A")
    with at(8, day=10):
        assert waiting.own(ticket.secret).ticket == ticket
    with at(8, day=11), pytest.raises(waiting.NoSuchTicket):
        waiting.own(ticket.secret)
    with pytest.raises(waiting.NoSuchTicket):
        waiting.own("x")
