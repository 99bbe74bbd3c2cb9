"""Looking for documents in a real browser, on a phone and at the desk."""

import pytest
from django.db import connection

from lienthong.documents.models import Arrival, SavedSearch
from lienthong.documents.rules.marks import Mark
from lienthong.documents.services import limiting
from lienthong.documents.services.carrying import DOCUMENT
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.cast import client_of
from tests.documents.conftest import CLERK, registered
from tests.documents.test_finding import FIND, kept, with_file
from tests.documents.test_finding_access import LOG
from tests.documents.test_pages import LIST

pytestmark = pytest.mark.browser


def everything() -> Arrival:
    long = "Về việc rà soát, điều chỉnh quy hoạch chi tiết tỷ lệ 1/500 khu dân cư phường Nghĩa Đức và các dự án hạ tầng"
    arrival = with_file(abstract=long)
    for number in range(30):
        registered(mark=Mark(str(number + 300), "BC-STC"), kind="bao-cao", issuer_name="Sở Tài chính")
    clerk = client_of(CLERK)
    kept(clerk)
    kept(clerk, ten="Giải phóng mặt bằng trên địa bàn các xã, phường của thành phố", tim="mat bang")
    SavedSearch.objects.update(seen=0)
    clerk.get(f"{LIST}{arrival.pk}/")
    clerk.get(f"{LIST}{arrival.pk}/tep/0/")
    limiting.limit(subject=(DOCUMENT, arrival.pk), posts=[], officer=cast.actor(CLERK))
    connection.close()
    return arrival


def places(arrival: Arrival) -> list[tuple[str, str]]:
    search = SavedSearch.objects.earliest("pk")
    connection.close()
    return [
        (CLERK, FIND),
        (CLERK, f"{FIND}?tim=quy hoach chi tiet"),
        (CLERK, f"{FIND}?tim=mat bang&loai=cong-van"),
        (CLERK, f"{FIND}?tim=khong co gi&loai=bao-cao"),
        (CLERK, f"{FIND}da-luu/{search.pk}/doi/"),
        (CLERK, f"{FIND}da-luu/{search.pk}/doi/?xoa=1"),
        (CLERK, f"{LOG}/{DOCUMENT}/{arrival.pk}/"),
        (CLERK, f"/ban-lam-viec/van-ban/han-che/{DOCUMENT}/{arrival.pk}/"),
        (CLERK, f"{LIST}{arrival.pk}/"),
    ]


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    arrival = everything()
    found: list[str] = []
    for username, path in places(arrival):
        found += faults(visit(username, path, viewport=viewport, color_scheme=scheme))
    assert found == []


def test_what_is_inside_a_file_is_found_from_the_keyboard_and_kept(visit: Visit):
    with_file()
    connection.close()
    page = visit(CLERK, FIND)
    page.keyboard.type("giai phong mat bang")
    page.keyboard.press("Enter")
    page.locator("mark", has_text="giải").wait_for()
    page.locator("summary", has_text="Lưu tìm kiếm này").click()
    page.get_by_label("Tên tìm kiếm").fill("Mặt bằng")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("heading", level=1).get_by_text("Mặt bằng").wait_for()
    page.get_by_role("link", name="Về việc rà soát quy hoạch").click()
    page.get_by_role("heading", level=1).get_by_text("rà soát quy hoạch").wait_for()
