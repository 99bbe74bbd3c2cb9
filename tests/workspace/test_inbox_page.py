"""The inbox as a page: tabs, days, filters in the address, the same cost for one post as for thirty."""

from datetime import timedelta

import pytest
from django.test import Client

from lienthong.foundation.organisations.models import Post, Posting
from lienthong.foundation.organisations.queries import by_key, forget_tree
from lienthong.work import queries
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.work.items import URBAN, item
from tests.workspace.conftest import desk, page, text

pytestmark = pytest.mark.django_db


def rows(username: str = cast.HANDLER, query: str = "") -> list[int]:
    shown = desk(username).get(page("inbox") + query)
    assert shown.status_code == 200
    return [row["item"].subject_id for row in shown.context["rows"]]


def test_strangers_sign_in_first_and_citizens_have_no_desk():
    assert "/dang-nhap/" in Client().get(page("inbox"))["Location"]
    assert desk(cast.AN).get(page("inbox")).status_code == 403


def test_an_officer_without_work_is_told_so():
    assert "Bạn không còn việc nào" in text(desk("quantri").get(page("inbox")))


def test_a_row_leads_to_its_dossier_and_can_be_reached_with_the_keyboard():
    dossier = dossiers.submitted()
    shown = text(desk(cast.CLERK).get(page("inbox")))
    assert f'<a href="{page("dossier", dossier.pk)}" data-row-link>' in shown and "data-rows" in shown


def test_the_menu_marks_where_one_is():
    shown = text(desk("kiemsoat").get(page("inbox")))
    assert shown.count('class="lt-side-link" href="/ban-lam-viec/" aria-current="page"') == 1
    assert 'href="/ban-lam-viec/nhat-ky/" data-go="n"' in shown
    assert page("ledger") not in text(desk(cast.CLERK).get(page("inbox")))


def test_tabs_and_days_narrow_the_list_and_mark_themselves():
    item(1, cast.MONDAY - timedelta(days=1))
    item(2, cast.MONDAY + timedelta(days=2))
    item(3, cast.MONDAY + timedelta(days=2), waiting=True)
    assert rows() == [1, 2, 3]
    assert rows(query="?han=qua-han") == [1] and rows(query="?han=dang-cho") == [3]
    assert rows(query="?ngay=2025-03-03") == [1] and rows(query="?ngay=2025-03-05") == [2]
    shown = text(desk(cast.HANDLER).get(page("inbox") + "?ngay=2025-03-05&tim=tran"))
    assert 'href="?tim=tran" aria-current="true"' in shown, "a second press lets go of the day"
    assert '<input type="hidden" name="ngay" value="2025-03-05">' in shown
    assert 'href="?ngay=2025-03-03&amp;tim=tran"' in shown or 'href="?tim=tran&amp;ngay=2025-03-03"' in shown
    shown = text(desk(cast.HANDLER).get(page("inbox") + "?han=qua-han&tim=tran"))
    assert 'href="?han=qua-han&amp;tim=tran" aria-current="page"' in shown


def test_the_counts_stand_beside_the_tabs():
    item(1, cast.MONDAY - timedelta(days=1))
    item(2, cast.MONDAY + timedelta(days=9))
    tabs = desk(cast.HANDLER).get(page("inbox")).context["tabs"]
    assert [count for _word, _name, count, _current in tabs] == ["2", "1", "", "1", ""]


def test_pages_follow_each_other_without_losing_the_filters(monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    for n in range(1, 6):
        item(n, cast.MONDAY + timedelta(hours=n))
    client, seen, there = desk(cast.HANDLER), [], "?tim=nha"
    while there:
        answer = client.get(page("inbox") + there)
        seen += [row["item"].subject_id for row in answer.context["rows"]]
        there = answer.context["next"]
        assert not there or "tim=nha" in there
    assert seen == [1, 2, 3, 4, 5]
    assert answer.context["first"] == "?tim=nha"


@pytest.mark.parametrize(
    "query",
    [
        "?sau=x",
        "?sau=2025-03-03_1",
        "?sau=2025-03-03T00:00:00+07:00_99999999999999999999999",
        "?sau=0001-01-01T00:00:00+00:00_1",
        "?sau=9999-12-31T23:59:59-12:00_1",
        "?sau=%00",
        "?han=%00",
        "?han=late",
        "?ngay=2025-13-45",
        "?ngay=0001-01-01",
        "?ngay=9999-12-31",
        "?vi-tri=99999999999999999999",
        "?vi-tri=%27",
        "?vai-tro=%00",
        "?vai-tro=khong-co",
        "?tim=%00%F0%9F%98%80",
        "?tim=" + "a" * 5000,
        "?tim=%25_%5C",
    ],
)
def test_nothing_in_an_address_breaks_the_inbox(query):
    item(1)
    assert desk(cast.HANDLER).get(page("inbox") + query).status_code == 200


def test_the_post_of_somebody_else_in_the_address_shows_nothing_of_theirs():
    item(1)
    foreign = cast.actor(cast.HANDLER).acting.id
    assert rows(cast.FIRE_POLICE, f"?vi-tri={foreign}") == []


def test_who_works_for_two_agencies_chooses_between_them():
    officer = cast.actor(cast.TWO_AGENCIES)
    city, ward = officer.posts
    item(1, role="one-stop-clerk", organisation_id=city.organisation.id)
    item(2, role="one-stop-clerk", organisation_id=ward.organisation.id)
    shown = text(desk(cast.TWO_AGENCIES).get(page("inbox")))
    assert f'<option value="{ward.id}">' in shown
    assert rows(cast.TWO_AGENCIES) == [1, 2]
    assert rows(cast.TWO_AGENCIES, f"?vi-tri={ward.id}") == [2]


def test_the_page_costs_as_much_for_thirty_posts_as_for_one():
    for n in range(1, 4):
        item(n)
    client = desk(cast.HANDLER)
    one = queries_of(lambda: client.get(page("inbox")))
    organisation = by_key(URBAN)
    account = cast.account(cast.HANDLER)
    for n in range(29):
        post = Post.objects.create(
            organisation_id=organisation.id,
            key=f"them-{n}",
            title="Chuyên viên",
            roles=["case-handler"],
            valid_from=cast.MONDAY.date(),
        )
        Posting.objects.create(account=account, post=post, valid_from=cast.MONDAY.date())
        item(100 + n, post_id=post.pk)
    forget_tree()
    try:
        assert len(cast.actor(cast.HANDLER).posts) == 30
        thirty = queries_of(lambda: client.get(page("inbox")))
        assert len(rows()) == 32
    finally:
        forget_tree()
    assert one == thirty <= 9
