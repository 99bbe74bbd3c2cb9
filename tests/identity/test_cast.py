"""The invented people of a demonstration."""

import pytest
from django.contrib.auth.hashers import identify_hasher
from pytest_django import Settings

from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.organisations.models import Posting
from lienthong.identity.definition import CAST, CastBody
from lienthong.identity.models import Account, Business, Mandate, Person
from lienthong.identity.services import settle_cast
from lienthong.settings import base
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> CastBody:
    return CAST.all()[0].body


def everything() -> list[list[tuple[object, ...]]]:
    tables = (Account, Person, Business, Mandate, Posting)
    return [list(table.objects.order_by("pk").values_list()) for table in tables]  # type: ignore[attr-defined]


def test_settling_again_changes_nothing(people: CastBody) -> None:
    before = everything()
    told = settle_cast(people, cast.PASSWORD)
    assert everything() == before
    assert len(told) == len(people.officers) + len(people.citizens)


def test_everybody_is_told_with_name_and_posts(people: CastBody) -> None:
    told = {person.username: person for person in settle_cast(people, cast.PASSWORD)}
    assert told[cast.CLERK].posts == "Cán bộ một cửa, Bộ phận Tiếp nhận và Trả kết quả thành phố Gia Nghĩa"
    assert told[cast.TWO_AGENCIES].posts.count(";") == 1
    assert told[cast.AN] == (cast.AN, "Nguyễn Văn An", "Người dân")


def test_what_was_changed_in_a_demonstration_is_put_right(people: CastBody) -> None:
    Account.objects.filter(username=cast.CLERK).update(is_active=False, full_name="Ai đó", password="!")
    Posting.objects.filter(account__username=cast.CLERK).delete()
    settle_cast(people, cast.PASSWORD)
    account = cast.account(cast.CLERK)
    assert account.is_active and account.full_name == "Phạm Thị Lan" and account.check_password(cast.PASSWORD)
    assert Posting.objects.filter(account=account).count() == 1


def test_no_such_accounts_where_it_is_no_demonstration(people: CastBody, settings: Settings) -> None:
    settings.DEMO = False
    before = everything()
    with pytest.raises(NotAllowed):
        settle_cast(people, "mật khẩu ai cũng biết")
    assert everything() == before


def test_their_passwords_are_hashed_like_all_others(people: CastBody, settings: Settings) -> None:
    settings.PASSWORD_HASHERS = [*base.PASSWORD_HASHERS, *settings.PASSWORD_HASHERS]
    settle_cast(people, "đồi cà phê nở hoa")
    assert {identify_hasher(account.password).algorithm for account in Account.objects.all()} == {"argon2"}
    assert cast.account(cast.AN).check_password("đồi cà phê nở hoa")
