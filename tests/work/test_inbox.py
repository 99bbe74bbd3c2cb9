"""The inbox: what lies with somebody, the most urgent first, however many posts and years there are."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.work import queries, services
from lienthong.work.models import WorkItem
from lienthong.work.queries import Cursor, Filters
from tests import cast
from tests.work.items import FINANCE, handler, item

pytestmark = pytest.mark.django_db

NOW = cast.MONDAY
SOON = NOW + timedelta(days=1)
EVERYTHING = Filters()


def numbers(officer: Officer, filters: Filters = EVERYTHING, **more: object) -> list[int]:
    return [found.subject_id for found in queries.inbox(officer, filters, now=NOW, soon=SOON, **more)]  # type: ignore[arg-type]


def standing(officer: Officer, filters: Filters = EVERYTHING) -> queries.Standing:
    return queries.standing(officer, filters, now=NOW, soon=SOON, days=7)


def test_what_lies_with_the_desk_and_with_the_post_the_most_urgent_first():
    mine = handler()
    item(1, NOW + timedelta(days=2))
    item(2, NOW - timedelta(hours=1), post_id=mine.acting.id)
    item(3, NOW + timedelta(days=2), post_id=cast.actor(cast.OTHER_HANDLER).acting.id)
    item(4, at=FINANCE)
    item(5, role="head-of-unit")
    assert numbers(mine) == [2, 1]


def test_what_was_assigned_to_one_post_leaves_the_desk_of_the_others():
    item(1, post_id=handler().acting.id)
    assert numbers(cast.actor(cast.OTHER_HANDLER)) == []


def test_what_is_done_lies_with_nobody():
    item(1)
    services.close_items(subject=("dossier", 1), parts=[1], at=NOW, account_id=None, outcome="xong")
    assert numbers(handler()) == []
    assert WorkItem.objects.get(subject_id=1).outcome == "xong"


def test_the_tabs_divide_everything_and_their_counts_agree():
    item(1, NOW - timedelta(days=1))
    item(2, NOW + timedelta(hours=2))
    item(3, NOW + timedelta(days=9))
    item(4, NOW - timedelta(days=1), waiting=True)
    mine = handler()
    found = {due: numbers(mine, Filters(due=due)) for due in queries.URGENCIES}
    assert found == {"late": [1], "soon": [2], "later": [3], "waiting": [4]}
    assert standing(mine).counts == {"late": 1, "soon": 1, "later": 1, "waiting": 1}


def test_counting_stops_where_nobody_reads_the_figure_any_more():
    services.open_items(
        [
            services.NewItem(
                subject=("dossier", n),
                part_id=n,
                task="x",
                title="x",
                code="x",
                organisation_id=handler().acting.organisation.id,
                role="case-handler",
                opened_at=NOW,
                due_at=NOW - timedelta(days=1),
            )
            for n in range(queries.COUNT_LIMIT + 5)
        ]
    )
    assert standing(handler()).counts["late"] == queries.COUNT_LIMIT


def test_a_day_shows_what_is_due_on_it_and_today_what_is_late_too():
    today = NOW.date()
    item(1, NOW - timedelta(days=9))
    item(2, NOW.replace(hour=17))
    item(3, NOW + timedelta(days=1))
    item(4, NOW + timedelta(days=2), waiting=True)
    mine = handler()
    assert numbers(mine, Filters(day=today)) == [1, 2]
    assert numbers(mine, Filters(day=today + timedelta(days=1))) == [3]
    strip = dict(standing(mine, Filters(day=today, due="late")).days)
    assert [strip[today + timedelta(days=n)] for n in range(4)] == [2, 1, 0, 0]


@pytest.mark.parametrize("text", ["tran hung dao", "Trần Hưng Đạo", "TRAN dao", "0001", "hưng 0001", "h16-250303-0001"])
def test_words_are_found_in_any_order_with_or_without_accents(text):
    item(1)
    item(2, title="Hộ kinh doanh Bà Sáu", code="000.00.40.H16-250303-0002")
    assert numbers(handler(), Filters(text=text)) == [1]


@pytest.mark.parametrize("text", ["%", "_", "\\", "'; DROP TABLE work_workitem; --", "{mine}", "khong co"])
def test_what_is_no_word_of_it_finds_nothing(text):
    item(1)
    assert numbers(handler(), Filters(text=text)) == []
    assert not any(standing(handler(), Filters(text=text)).counts.values())


def test_a_post_and_a_role_narrow_the_list():
    officer = cast.actor("ngoc.nghiatrung")
    ward, office = officer.posts
    item(1, role="one-stop-clerk", organisation_id=ward.organisation.id)
    item(2, role=min(office.roles), organisation_id=office.organisation.id)
    assert numbers(officer) == [1, 2]
    assert numbers(officer, Filters(post=ward)) == [1]
    assert numbers(officer, Filters(role="one-stop-clerk")) == [1]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=9), st.integers(1, 4))
@settings(max_examples=15)
def test_page_after_page_shows_everything_once_in_order(hours, size):
    WorkItem.objects.all().delete()
    for n, hour in enumerate(hours, start=1):
        item(n, NOW + timedelta(hours=hour))
    mine, shown, cursor = handler(), [], None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queries, "PAGE", size)
        for _page in range(len(hours) + 1):
            found = queries.inbox(mine, EVERYTHING, now=NOW, soon=SOON, after=cursor)
            shown += found[:size]
            if len(found) <= size:
                break
            cursor = Cursor(found[size - 1].due_at, found[size - 1].pk)
    assert [i.subject_id for i in shown] == [
        n for _hour, n in sorted(zip(hours, range(1, len(hours) + 1), strict=True))
    ]


def test_the_next_thing_to_do_is_the_most_urgent_of_the_others_that_does_not_wait():
    item(1, NOW - timedelta(days=2))
    item(2, NOW - timedelta(days=1), waiting=True)
    item(3, NOW)
    found = queries.next_item(handler(), besides=("dossier", 1))
    assert found and found.subject_id == 3
    assert queries.next_item(cast.actor("hoa.tckh"), besides=("dossier", 1)) is None


def test_the_load_of_a_post_is_what_was_assigned_to_it():
    mine, other = handler().acting.id, cast.actor(cast.OTHER_HANDLER).acting.id
    item(1, NOW - timedelta(days=1), post_id=mine)
    item(2, NOW - timedelta(days=1), post_id=mine, waiting=True)
    item(3, NOW + timedelta(days=1), post_id=mine)
    item(4)
    assert queries.loads([mine, other], now=NOW) == {mine: queries.Load(open=3, late=1)}


def of_many_posts(officer: Officer, count: int) -> Officer:
    """The officer with so many posts in as many agencies, as people of a small province have."""
    here = officer.acting
    agencies = list(tree().nodes.values())[:count]
    posts = tuple(HeldPost(-n, here.title, agency, here.roles, here.grants) for n, agency in enumerate(agencies))
    return Officer(officer.account_id, officer.name, (*posts, here), here)


def test_the_inbox_costs_as_many_queries_for_thirty_posts_as_for_one():
    for n in range(1, 6):
        item(n)
    costs = []
    for officer in (handler(), of_many_posts(handler(), 29)):
        with CaptureQueriesContext(connection) as captured:
            assert numbers(officer) == [1, 2, 3, 4, 5]
            standing(officer)
        costs.append(len(captured))
        assert all('"is_open"' in query["sql"] for query in captured)
    assert costs == [2, 2]


def test_a_new_due_moment_moves_an_item_in_the_list():
    item(1, NOW + timedelta(hours=1))
    item(2, NOW + timedelta(hours=2))
    services.postpone(subject=("dossier", 1), part_id=1, due_at=NOW + timedelta(days=3), waiting=False)
    assert numbers(handler()) == [2, 1]


def test_names_longer_than_a_line_are_cut_not_refused():
    found = item(1, title="Đ" * 900, task="ấ" * 300)
    assert (len(found.title), len(found.task)) == (500, 200)
    assert clock.local(found.due_at) > NOW
