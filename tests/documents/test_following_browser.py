"""Following up in a real browser: a leader directs with the thumb; nothing sticks out and axe finds nothing."""

import pytest

from lienthong.documents.models import Task
from lienthong.foundation.organisations.queries import by_key
from tests.browsing import DESK, PHONE, Visit, faults
from tests.documents.conftest import CHAIR, CLERK, FINANCE, HEAD, presented
from tests.documents.test_following import asked, handed_on, mark

pytestmark = pytest.mark.browser

YEAR = "tu=2025-01-01&den=2025-12-31"
"""The browser's clock, and that of the server's threads, is today's."""
DOCUMENTS = "/ban-lam-viec/van-ban/den/"


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    arrival = handed_on()
    request = asked(arrival)
    other = presented(mark=mark(3))
    first = Task.objects.get(arrival=other)
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for username, path in (
        (CHAIR, f"{arrival.pk}/"),
        (CHAIR, f"gia-han/{request.pk}/"),
        (CHAIR, f"{other.pk}/chuyen/{first.pk}/"),
        (HEAD, f"{arrival.pk}/gia-han/{request.task_id}/"),
        (CLERK, "qua-han/"),
        (CLERK, f"thong-ke/?{YEAR}"),
        (CLERK, f"so/?{YEAR}"),
        (CHAIR, f"so/?so=settlement&{YEAR}"),
    ):
        found += faults(visit(username, DOCUMENTS + path, **look))
    assert found == []


def test_a_leader_directs_with_the_thumb_and_without_scripts(visit: Visit):
    arrival = presented()
    address = f"{DOCUMENTS}{arrival.pk}/chuyen/{Task.objects.get().pk}/"
    page = visit(CHAIR, address, viewport=PHONE, java_script_enabled=False)
    page.get_by_label("Tìm đơn vị hoặc người nhận").fill("tai chinh")
    page.get_by_role("button", name="Tìm", exact=True).click()
    unit = page.get_by_role("group", name="Phòng Tài chính")
    choice = unit.get_by_role("group", name="Cả đơn vị").get_by_text("chủ trì")
    box = choice.bounding_box()
    assert box and box["height"] >= 44
    choice.click()
    page.get_by_role("button", name="Giao … chủ trì nghiên cứu").click()
    assert "chủ trì nghiên cứu" in page.get_by_label("Ý kiến chỉ đạo").input_value()
    page.get_by_role("button", name="Chuyển", exact=True).click()
    page.get_by_text("Đã chuyển văn bản").wait_for()
    assert Task.objects.get(parent__isnull=False).organisation_id == by_key(FINANCE).id
