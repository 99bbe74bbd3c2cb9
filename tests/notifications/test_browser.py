"""The pages of messages in a real browser: on a phone in the dark, at a desk, and for those who cannot see."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from lienthong.notifications import services
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, served
from tests.notifications.messages import CONTEXT, WALK_IN, jobs, somebody, told

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    cache.clear()
    with served() as address:
        yield address


def some() -> int:
    """A few messages, one of them read, and what the walk-in got on the telephone. Returns the id of an unread one."""
    made = [told(somebody(), key=f"{n}", context={**CONTEXT, "code": f"H16-25030{n}-0001"}) for n in range(4)]
    assert made[0] and made[3]
    services.mark_read(notification_id=made[0].pk, reader=cast.actor(cast.AN))
    told(WALK_IN, key="walk-in")
    for call in jobs():
        services.deliver(call["delivery"], cast.MONDAY)
    return made[3].pk


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light"), (PHONE, "light"), (DESK, "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    unread = some()
    found = []
    window = visit(cast.AN, "/thong-bao/", viewport=viewport, color_scheme=scheme)
    for path in ("/thong-bao/", f"/thong-bao/{unread}/", "/thong-bao/tuy-chon/", "/thong-bao/da-ghi/", "/"):
        window.goto(path)
        found += faults(window)
    nobody = visit(cast.BICH, "/thong-bao/", viewport=viewport, color_scheme=scheme)
    desk = visit(cast.HANDLER, "/ban-lam-viec/", viewport=viewport, color_scheme=scheme)
    assert found + faults(nobody) + faults(desk) == []


def test_by_keyboard_from_the_bell_to_what_it_is_about(visit: Visit):
    some()
    window = visit(cast.AN, "/")
    window.get_by_role("link", name="Thông báo chưa đọc: 3").press("Enter")
    window.get_by_role("link", name="H16-250303-0001").press("Enter")
    window.get_by_role("link", name="Xem nội dung liên quan").wait_for()
    window.go_back()
    window.reload()
    assert window.get_by_text("Mới", exact=True).count() == 2
    window.get_by_role("button", name="Đánh dấu đã đọc tất cả").press("Enter")
    window.wait_for_load_state()
    assert window.get_by_text("Mới", exact=True).count() == 0
