"""Who holds which post on which day."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import count

import pytest
from django.db import IntegrityError, transaction

from lienthong.foundation import clock
from lienthong.foundation.organisations import services
from lienthong.foundation.organisations.models import Organisation, Post, Posting
from lienthong.foundation.organisations.queries import holders_of, postings_of
from lienthong.foundation.organisations.services import AlreadyHeld
from lienthong.identity.models import Account
from tests.foundation.organisations.conftest import FIRST_DAY, declared

DAY = timedelta(days=1)
TODAY = date(2024, 6, 3)
numbers = count(1)


def account(name: str) -> Account:
    return Account.objects.create(username=f"a{next(numbers)}", full_name=name, created_at=clock.now())


@pytest.fixture
def post(publish: Callable[..., None]) -> Post:
    publish(declared())
    return Post.objects.get(organisation__key="gia-nghia-van-phong-mot-cua", key="can-bo")


def test_a_post_is_held_from_the_first_day_to_the_last(post: Post) -> None:
    lan = account("Phạm Thị Lan")
    services.appoint(account_id=lan.pk, post_id=post.pk, valid_from=TODAY, valid_to=TODAY + DAY)
    held = {day: bool(postings_of(lan.pk, day)) for day in (TODAY - DAY, TODAY, TODAY + DAY, TODAY + 2 * DAY)}
    assert held == {TODAY - DAY: False, TODAY: True, TODAY + DAY: True, TODAY + 2 * DAY: False}


def test_two_people_may_hold_one_post(post: Post) -> None:
    lan, trang = account("Phạm Thị Lan"), account("Vũ Thùy Trang")
    services.appoint(account_id=lan.pk, post_id=post.pk, valid_from=FIRST_DAY)
    services.appoint(account_id=trang.pk, post_id=post.pk, valid_from=TODAY)
    assert holders_of([post.pk], TODAY) == {post.pk: [(lan.pk, lan.full_name), (trang.pk, trang.full_name)]}
    assert holders_of([post.pk], TODAY - DAY) == {post.pk: [(lan.pk, lan.full_name)]}


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(FIRST_DAY, None), (TODAY, None), (TODAY, TODAY), (FIRST_DAY, TODAY), (TODAY + 9 * DAY, TODAY + 99 * DAY)],
)
def test_nobody_holds_one_post_twice_at_once(post: Post, begins: date, ends: date | None) -> None:
    lan = account("Phạm Thị Lan")
    services.appoint(account_id=lan.pk, post_id=post.pk, valid_from=TODAY, valid_to=TODAY + 10 * DAY)
    with pytest.raises(AlreadyHeld):
        services.appoint(account_id=lan.pk, post_id=post.pk, valid_from=begins, valid_to=ends)
    assert Posting.objects.count() == 1


def test_even_a_program_without_manners_cannot_write_it(post: Post) -> None:
    lan = account("Phạm Thị Lan")
    Posting.objects.create(post=post, account=lan, valid_from=FIRST_DAY)
    with pytest.raises(IntegrityError, match="posting_once"), transaction.atomic():
        Posting.objects.create(post=post, account=lan, valid_from=TODAY)


def test_a_post_may_be_held_again_after_it_was_given_up(post: Post) -> None:
    lan = account("Phạm Thị Lan")
    services.appoint(account_id=lan.pk, post_id=post.pk, valid_from=FIRST_DAY)
    assert services.relieve(account_id=lan.pk, post_id=post.pk, day=TODAY) == 1
    services.appoint(account_id=lan.pk, post_id=post.pk, valid_from=TODAY + DAY)
    assert len(postings_of(lan.pk, TODAY)) == len(postings_of(lan.pk, TODAY + DAY)) == 1


def test_giving_up_what_is_given_up_already_does_nothing(post: Post) -> None:
    lan = account("Phạm Thị Lan")
    services.appoint(account_id=lan.pk, post_id=post.pk, valid_from=FIRST_DAY, valid_to=TODAY)
    assert services.relieve(account_id=lan.pk, post_id=post.pk, day=TODAY) == 0
    assert services.relieve(account_id=lan.pk, post_id=post.pk, day=TODAY + DAY) == 0
    assert Posting.objects.get().valid_to == TODAY


def test_a_post_that_was_abolished_is_held_by_nobody(post: Post, publish: Callable[..., None]) -> None:
    lan = account("Phạm Thị Lan")
    services.appoint(account_id=lan.pk, post_id=post.pk, valid_from=FIRST_DAY)
    Post.objects.filter(pk=post.pk).update(valid_to=TODAY - DAY)
    services.forget_tree()
    assert postings_of(lan.pk, TODAY - DAY) and not postings_of(lan.pk, TODAY)


def test_posts_are_listed_in_the_order_they_were_given_whatever_the_day_of_asking(post: Post) -> None:
    lan = account("Phạm Thị Lan")
    other = Post.objects.get(organisation__key="ubnd-tinh", key="chu-tich")
    services.appoint(account_id=lan.pk, post_id=other.pk, valid_from=FIRST_DAY + DAY)
    services.appoint(account_id=lan.pk, post_id=post.pk, valid_from=FIRST_DAY)
    with clock.at(datetime(2024, 6, 3, 9, tzinfo=clock.ZONE)):
        assert [held.post.id for held in postings_of(lan.pk)] == [post.pk, other.pk]


def test_one_identifier_has_one_organisation_at_a_time(post: Post) -> None:
    city = Organisation.objects.get(key="gia-nghia")
    twin = {
        name: getattr(city, name)
        for name in ("name", "kind", "level", "identifier", "functions", "path", "parent_id", "valid_from")
    }
    with pytest.raises(IntegrityError, match="organisation_identifier"), transaction.atomic():
        Organisation.objects.create(key="sinh-doi", **twin)
    Organisation.objects.filter(pk=city.pk).update(valid_to=TODAY - DAY)
    Organisation.objects.create(key="sinh-doi", **{**twin, "valid_from": TODAY})


def test_nothing_ends_before_it_begins(post: Post) -> None:
    with pytest.raises(IntegrityError, match="organisation_valid_days"), transaction.atomic():
        Organisation.objects.filter(key="gia-nghia").update(valid_to=FIRST_DAY - DAY)
