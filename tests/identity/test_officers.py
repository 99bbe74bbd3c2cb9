"""Accounts and posts of officers, in the hands of administrators."""

from collections.abc import Iterator
from datetime import date, timedelta
from math import inf

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed, NotFound
from lienthong.foundation.ledger.models import Entry
from lienthong.foundation.organisations import queries as organisations
from lienthong.foundation.organisations.models import Post, Posting
from lienthong.foundation.organisations.queries import by_key, forget_tree
from lienthong.foundation.organisations.services import AlreadyHeld, appoint
from lienthong.identity import queries, services
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.rules import name_key
from tests import cast
from tests.identity.conftest import SignIn
from tests.identity.roles import signed_in
from tests.identity.test_second_factor import enrol
from tests.identity.test_sign_in import who

pytestmark = pytest.mark.django_db

TODAY = cast.MONDAY.date()
DAY = timedelta(days=1)
ROOT = "quantri"
CITY = "thanh-pho-gia-nghia"


def post_of(organisation: str, key: str) -> Post:
    return Post.objects.get(organisation__key=organisation, key=key)


@pytest.fixture
def root() -> Officer:
    actor = cast.actor(ROOT)
    assert isinstance(actor, Officer)
    return actor


@pytest.fixture
def of_the_city() -> Iterator[Officer]:
    """An administrator of one city: the role with its scope, in a post there."""
    post = Post.objects.create(
        organisation_id=by_key(CITY).id, key="quan-tri", title="Quản trị", roles=["province-administrator"],
        valid_from=date(2020, 1, 1),
    )  # fmt: skip
    account = Account.objects.create(
        username="quantri.giannghia", full_name="Trần Quản Trị", managed=True, created_at=clock.now()
    )
    appoint(account_id=account.pk, post_id=post.pk, valid_from=TODAY)
    forget_tree()
    actor = cast.actor(account.username)
    assert isinstance(actor, Officer)
    yield actor
    forget_tree()


def administrator(**said: str) -> Account:
    facts = {
        "username": "quan.tri.moi",
        "full_name": "Lê Thị Mới",
        "agency": "ubnd-tinh",
        "post": "quan-tri-he-thong",
        "password": "một mật khẩu đủ dài",
    }
    return services.create_administrator(**{**facts, **said})


def test_the_first_administrator_is_made_from_the_machine_and_is_in_the_ledger() -> None:
    account = administrator()
    actor = cast.actor(account.username)
    assert isinstance(actor, Officer) and queries.MANAGE in actor.permissions
    assert account.check_password("một mật khẩu đủ dài")
    kept = Entry.objects.filter(subject_type="account", subject_id=account.pk).order_by("id")
    assert [(entry.kind, entry.account_id) for entry in kept] == [
        ("identity.officer_created", None),
        ("identity.post_given", None),
    ]


def test_no_administrator_without_a_post_that_manages_a_free_name_and_a_good_password() -> None:
    with pytest.raises(services.ManagesNobody) as refused:
        administrator(post="chu-tich")
    assert "ubnd-tinh/quan-tri-he-thong" in str(refused.value.way_out)
    with pytest.raises(NotFound):
        administrator(agency="khong-co")
    with pytest.raises(ValidationError):
        administrator(password="12345678")
    with pytest.raises(services.NameTaken):
        administrator(username=ROOT)
    assert not Account.objects.filter(username="quan.tri.moi").exists()


def new(actor: Officer, **said: object) -> Account:
    facts = {
        "username": "hoai.nguyen",
        "full_name": "Nguyễn Thị Hoài",
        "email": "hoai.nguyen@daknong.example",
        "post_id": post_of(f"{CITY}-quan-ly-do-thi", "chuyen-vien-3").pk,
        "first_day": TODAY,
        **said,
    }
    return services.create_officer(actor=actor, **facts)  # type: ignore[arg-type]


def kinds() -> list[str]:
    return list(Entry.objects.filter(kind__startswith="identity.").order_by("id").values_list("kind", flat=True))


# a new officer


def test_an_administrator_makes_an_account_and_the_officer_sets_the_password(sign_in: SignIn) -> None:
    desk = signed_in(ROOT)
    found = desk.get(reverse("identity:choose_post"), {"q": "quan ly do thi gia nghia chuyen vien"})
    free = next(offer.post for offer in found.context["offered"] if not offer.holders)
    address = reverse("identity:create_officer", args=[free.id])
    assert address in found.content.decode()
    sent = {
        "full_name": "Nguyễn Thị Hoài",
        "username": "Hoai.Nguyen",
        "email": "",
        "phone": "",
        "first_day": "03/03/2025",
    }
    answer = desk.post(address, sent)
    account = Account.objects.get(username="hoai.nguyen")
    assert answer["Location"] == reverse("identity:officer", args=[account.pk])
    assert not account.has_usable_password() and isinstance(cast.actor("hoai.nguyen"), Officer)
    link = desk.get(answer["Location"]).context["link"]["address"].removeprefix("http://testserver")
    assert desk.get(answer["Location"]).context["link"] is None, "a link is shown once"

    browser = Client()
    form = browser.get(link)["Location"]
    browser.post(form, {"password1": "ruộng bậc thang mùa lúa", "password2": "ruộng bậc thang mùa lúa"})
    officer = sign_in("hoai.nguyen", "ruộng bậc thang mùa lúa")
    assert officer.answer["Location"] == reverse("workspace:inbox")  # type: ignore[attr-defined]
    assert "không còn dùng được" in Client().get(link).content.decode()
    assert kinds() == ["identity.officer_created", "identity.post_given", "identity.link_made"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("username", "lan.motcua"),
        ("username", "LAN.MOTCUA"),
        ("username", "0912345678"),
        ("username", "a b"),
        ("username", "Hoài"),
        ("username", ""),
        ("full_name", ""),
        ("full_name", "12"),
        ("email", "x@"),
        ("phone", "1"),
        ("first_day", ""),
        ("first_day", "2019-12-31"),
        ("first_day", "hôm nay"),
    ],
)
def test_a_wrong_detail_makes_no_account(field: str, typed: str) -> None:
    post = post_of(f"{CITY}-quan-ly-do-thi", "chuyen-vien-3")
    sent = {"full_name": "Nguyễn Thị Hoài", "username": "hoai.nguyen", "first_day": "2025-03-03", field: typed}
    before = Account.objects.count()
    answer = signed_in(ROOT).post(reverse("identity:create_officer", args=[post.pk]), sent)
    assert answer.status_code == 422 and field in answer.context["form"].errors
    assert Account.objects.count() == before and kinds() == []


def test_an_officers_address_is_vouched_for_but_not_taken_from_its_owner(root: Officer) -> None:
    own = new(root)
    assert own.emailaddress_set.get().verified
    other = new(root, username="hoai.hai", email="an.nguyen@thu.example")
    assert not other.emailaddress_set.get().verified
    assert cast.account(cast.AN).emailaddress_set.get().verified


def test_an_officers_name_and_address_are_corrected(sign_in: SignIn) -> None:
    desk, account = signed_in(ROOT), cast.account(cast.CLERK)
    address = reverse("identity:correct_officer", args=[account.pk])
    assert "Phạm Thị Lan" in desk.get(address).content.decode()
    assert desk.post(address, {"full_name": "1", "email": "x"}).status_code == 422
    sent = {"full_name": "Phạm Thị  Lân", "email": "Lan@Daknong.example", "phone": ""}
    assert desk.post(address, sent)["Location"] == reverse("identity:officer", args=[account.pk])
    desk.post(address, sent)
    account.refresh_from_db()
    assert (account.full_name, account.name_key, account.email) == (
        "Phạm Thị Lân",
        "lan pham thi",
        "lan@daknong.example",
    )
    assert [(row.email, row.verified) for row in account.emailaddress_set.all()] == [("lan@daknong.example", True)]
    assert who(sign_in("lan@daknong.example")) == cast.CLERK
    (entry,) = Entry.objects.filter(kind="identity.officer_corrected")
    assert entry.data == {"changed": ["email", "full_name"]}


# taking over an account is for those who manage all of it


def test_an_administrator_of_a_city_manages_its_officers_and_no_others(of_the_city: Officer) -> None:
    names = {each.account.username for each in queries.managed_page(of_the_city).officers}
    assert {cast.CLERK, cast.HEAD, cast.LEADER, "ngoc.nghiatrung"} <= names
    assert not names & {ROOT, "linh.hcc", "ha.dkkd", cast.FIRE_POLICE, cast.AN}
    for stranger in (ROOT, "linh.hcc", cast.AN):
        with pytest.raises(NotFound):
            queries.managed_account(of_the_city, cast.account(stranger).pk)
        with pytest.raises(NotFound):
            services.make_password_link(actor=of_the_city, account_id=cast.account(stranger).pk)


def test_who_also_works_elsewhere_cannot_be_taken_over(of_the_city: Officer, root: Officer) -> None:
    account = cast.account(cast.CLERK)
    appoint(account_id=account.pk, post_id=post_of("ubnd-tinh", "quan-tri-he-thong").pk, valid_from=TODAY + 30 * DAY)
    enrol(cast.CLERK)
    before = account.password
    with pytest.raises(NotAllowed):
        services.correct_officer(
            actor=of_the_city, account_id=account.pk, full_name=account.full_name, email="toi@thu.example"
        )
    for service in (services.make_password_link, services.deactivate, services.remove_second_factors):
        with pytest.raises(NotAllowed):
            service(actor=of_the_city, account_id=account.pk)  # type: ignore[operator]
    account.refresh_from_db()
    assert account.is_active and account.password == before and kinds() == []
    assert account.email == "lan.motcua@daknong.example"
    assert queries.has_second_factor(account.pk)
    assert services.make_password_link(actor=root, account_id=account.pk)
    shown = signed_in("quantri.giannghia").get(reverse("identity:officer", args=[account.pk]))
    assert shown.context["may_do_all"] is False


def test_posts_are_given_only_where_one_manages(of_the_city: Officer) -> None:
    account = cast.account(cast.CLERK)
    elsewhere = post_of("ubnd-tinh", "quan-tri-he-thong")
    with pytest.raises(NotAllowed):
        services.give_post(actor=of_the_city, account_id=account.pk, post_id=elsewhere.pk, first_day=TODAY)
    with pytest.raises(NotAllowed):
        new(of_the_city, post_id=elsewhere.pk)
    assert not Posting.objects.filter(account=account, post=elsewhere).exists() and kinds() == []
    assert services.give_post(
        actor=of_the_city, account_id=account.pk, post_id=post_of(CITY, "pho-chu-tich-2").pk, first_day=TODAY
    )


def test_nobody_gives_posts_to_oneself_or_opens_ones_own_account(root: Officer) -> None:
    post = post_of("ubnd-tinh", "kiem-soat-thu-tuc")
    with pytest.raises(NotAllowed, match="chính mình"):
        services.give_post(actor=root, account_id=root.account_id, post_id=post.pk, first_day=TODAY)
    with pytest.raises(NotAllowed):
        services.end_post(actor=root, account_id=root.account_id, post_id=root.post_id, last_day=TODAY)
    with pytest.raises(NotAllowed):
        services.deactivate(actor=root, account_id=root.account_id)
    with pytest.raises(NotAllowed):
        services.make_password_link(actor=root, account_id=root.account_id)
    assert kinds() == []


# posts


def test_a_post_is_given_and_taken_back_on_the_page(root: Officer) -> None:
    desk, account = signed_in(ROOT), cast.account(cast.CLERK)
    post = post_of(CITY, "pho-chu-tich-2")
    address = reverse("identity:give_post", args=[account.pk, post.pk])
    assert desk.post(address, {"first_day": "2025-03-10", "last_day": ""})["Location"] == reverse(
        "identity:officer", args=[account.pk]
    )
    given = Posting.objects.get(account=account, post=post)
    assert (given.valid_from, given.valid_to) == (date(2025, 3, 10), None)
    assert desk.post(address, {"first_day": "2025-04-01"}).status_code == 422, "nobody holds one post twice"
    desk.post(reverse("identity:end_post", args=[account.pk, post.pk]), {"last_day": "2025-03-31"})
    given.refresh_from_db()
    assert given.valid_to == date(2025, 3, 31)
    entries = Entry.objects.filter(kind__in=["identity.post_given", "identity.post_ended"]).order_by("id")
    city = by_key(CITY)
    assert [(entry.kind, entry.organisation_id, entry.post_id) for entry in entries] == [
        ("identity.post_given", city.id, root.post_id),
        ("identity.post_ended", city.id, root.post_id),
    ]


def test_a_post_that_has_not_begun_is_called_off(root: Officer) -> None:
    account, post = cast.account(cast.CLERK), post_of(CITY, "pho-chu-tich-2")
    services.give_post(actor=root, account_id=account.pk, post_id=post.pk, first_day=TODAY + 9 * DAY)
    services.end_post(actor=root, account_id=account.pk, post_id=post.pk, last_day=TODAY)
    assert not Posting.objects.filter(account=account, post=post).exists()


@pytest.mark.parametrize(("first", "last"), [(TODAY, TODAY - DAY), (date(2019, 1, 1), None)])
def test_impossible_days_are_refused(root: Officer, first: date, last: date | None) -> None:
    account, post = cast.account(cast.CLERK), post_of(CITY, "pho-chu-tich-2")
    with pytest.raises(services.DaysAreWrong):
        services.give_post(actor=root, account_id=account.pk, post_id=post.pk, first_day=first, last_day=last)


def test_giving_a_post_twice_changes_nothing(root: Officer) -> None:
    account, post = cast.account(cast.CLERK), post_of(CITY, "pho-chu-tich-2")
    services.give_post(actor=root, account_id=account.pk, post_id=post.pk, first_day=TODAY)
    with pytest.raises(AlreadyHeld):
        services.give_post(actor=root, account_id=account.pk, post_id=post.pk, first_day=TODAY)
    assert kinds() == ["identity.post_given"]


# closing


def test_a_closed_account_has_no_sessions_no_password_no_links_and_no_posts_tomorrow(
    root: Officer, sign_in: SignIn
) -> None:
    browser, account = sign_in(cast.HANDLER), cast.account(cast.HANDLER)
    link = services.make_password_link(actor=root, account_id=account.pk)
    services.deactivate(actor=root, account_id=account.pk)
    services.deactivate(actor=root, account_id=account.pk)
    assert not who(browser)
    assert not who(sign_in(cast.HANDLER))
    assert (
        "không còn dùng được"
        in Client().get(reverse("account_reset_password_from_key", args=link.key.split("-", 1))).content.decode()
    )
    assert {posting.valid_to for posting in Posting.objects.filter(account=account)} == {TODAY}
    assert kinds() == ["identity.link_made", "identity.deactivated"]


def test_a_closed_account_gets_neither_posts_nor_links(root: Officer) -> None:
    account = cast.account(cast.HANDLER)
    services.deactivate(actor=root, account_id=account.pk)
    with pytest.raises(services.IsClosed):
        services.make_password_link(actor=root, account_id=account.pk)
    with pytest.raises(services.IsClosed):
        services.give_post(
            actor=root, account_id=account.pk, post_id=post_of(CITY, "pho-chu-tich-2").pk, first_day=TODAY
        )


def test_a_closed_account_is_opened_again_without_its_old_powers(root: Officer, sign_in: SignIn) -> None:
    account = cast.account(cast.HANDLER)
    services.deactivate(actor=root, account_id=account.pk)
    services.reactivate(actor=root, account_id=account.pk)
    assert not who(sign_in(cast.HANDLER))
    with clock.at(cast.MONDAY + DAY):
        assert not isinstance(cast.actor(cast.HANDLER), Officer)
        assert services.make_password_link(actor=root, account_id=account.pk)


def test_who_has_lost_everything_is_helped_in_again(root: Officer, sign_in: SignIn) -> None:
    enrol(cast.CLERK)
    assert not who(sign_in(cast.CLERK))
    assert services.remove_second_factors(actor=root, account_id=cast.account(cast.CLERK).pk) == 2
    assert services.remove_second_factors(actor=root, account_id=cast.account(cast.CLERK).pk) == 0
    assert who(sign_in(cast.CLERK)) == cast.CLERK
    assert kinds() == ["identity.second_factors_removed"]


# the list


def many(number: int) -> None:
    post = post_of(f"{CITY}-quan-ly-do-thi", "chuyen-vien-3").pk
    names = [f"Lê Văn {chr(65 + n % 26)}{n}" for n in range(number)]
    accounts = Account.objects.bulk_create(
        Account(username=f"nv{n}", full_name=name, name_key=name_key(name), managed=True, created_at=clock.now())
        for n, name in enumerate(names)
    )
    Posting.objects.bulk_create(Posting(account=each, post_id=post, valid_from=TODAY) for each in accounts)


def test_turning_the_pages_forth_and_back_shows_everybody_once(root: Officer) -> None:
    many(70)
    seen, page = [], queries.managed_page(root)
    assert page.before is None
    while True:
        seen += [each.account.pk for each in page.officers]
        if page.after is None:
            break
        page = queries.managed_page(root, after=page.after)
    assert len(seen) == len(set(seen)) == Account.objects.filter(managed=True).count()
    keys = dict(Account.objects.values_list("pk", "name_key"))
    assert seen == sorted(seen, key=lambda pk: (keys[pk], pk))
    back = [[each.account.pk for each in page.officers]]
    while page.before is not None:
        page = queries.managed_page(root, before=page.before)
        back.insert(0, [each.account.pk for each in page.officers])
    assert [pk for stretch in back for pk in stretch] == seen


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("phạm thị lan", {cast.CLERK}),
        ("LAN pham", {cast.CLERK}),
        ("lan.motcua", {cast.CLERK}),
        ("lan.motcua@daknong", {cast.CLERK}),
        ("100%", set()),
        ("_", set()),
        ("\\", set()),
        ("x" * 10_000, set()),
    ],
)
def test_officers_are_found_by_any_word_with_or_without_marks(root: Officer, text: str, found: set[str]) -> None:
    assert {each.account.username for each in queries.managed_page(root, text=text).officers} == found


def test_the_list_costs_the_same_for_few_and_many(
    django_assert_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(organisations, "FRESH_SECONDS", inf)  # once a second it asks whether the tree has changed
    desk = signed_in(ROOT)
    address = reverse("identity:officers")
    desk.get(address)
    with django_assert_num_queries(6):  # session, account, own posts, officers, their posts, unread messages
        desk.get(address)
    many(40)
    with django_assert_num_queries(6):
        assert len(desk.get(address).context["page"].officers) == queries.PAGE
    clerk = cast.account(cast.CLERK).pk
    with django_assert_num_queries(7):  # and where to go on
        desk.get(address, {"sau": clerk})


@pytest.mark.parametrize("number", ["0", "-1", "x", "99999999999999999999", "१", "1.234", ""])
def test_odd_places_in_the_list_are_the_beginning(number: str) -> None:
    desk = signed_in(ROOT)
    for name in ("sau", "truoc"):
        assert desk.get(reverse("identity:officers"), {name: number}).status_code == 200


def test_posts_to_give_are_found_with_who_holds_them(
    root: Officer, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(1):
        offered = queries.posts_on_offer(root, "mot cua thanh pho gia nghia can bo")
    assert [offer.holders for offer in offered][:2] == [("Phạm Thị Lan",), ("Vũ Thùy Trang",)]
    assert queries.posts_on_offer(root, " ") == []
    assert len(queries.posts_on_offer(root, "chuyen vien")) == queries.MOST_POSTS
