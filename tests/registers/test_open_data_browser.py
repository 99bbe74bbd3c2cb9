"""Open data in a real browser: on a phone, without JavaScript, for those who cannot see."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from lienthong.registers import services
from lienthong.registers.open_data import making
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, served, windows
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_places import KEY as PARCEL_KEY
from tests.registers.test_places import PARCELS, square
from tests.registers.test_places import enter as enter_parcel

pytestmark = pytest.mark.browser

LISTING = "/du-lieu-mo/"


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    with cast.on_monday():
        publish(DECLARED + "open_data: {frequency: daily}\n")
        publish(PARCELS)
        publish(DECLARED.replace("giay-phep-thu", "so-chua-lam"))
        handler = officer_of("case-handler", GIA_NGHIA)
        for number in range(12):
            services.enter(register=KEY, raw=permit(so=f"{number}/GPXD-UBND-QLĐT", dien_tich=99.5), officer=handler)
        enter_parcel(handler, "Thửa số 12, tờ bản đồ địa chính số 34", square(0, 0))
        making.look(KEY)
        making.look(PARCEL_KEY)
    with served() as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    with windows(browser, site) as open_window:
        yield open_window


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    paths = [
        LISTING,
        f"{LISTING}?tim=khong-co-gi",
        reverse("open_data:one", args=[KEY]),
        reverse("open_data:one", args=[PARCEL_KEY]),
        reverse("open_data:one", args=["so-chua-lam"]),
        reverse("open_data:terms"),
    ]
    found: list[str] = []
    for path in paths:
        window = visit(path, viewport=viewport, color_scheme=scheme)
        for more in window.locator("details").all():
            more.evaluate("each => each.open = true")
        found += faults(window)
    assert found == []


def test_the_whole_way_on_a_phone_without_javascript(visit: Visit):
    window = visit(LISTING, viewport=PHONE, java_script_enabled=False)
    window.get_by_role("searchbox").fill("giay phep thu")
    window.get_by_role("button", name="Tìm").click()
    window.get_by_role("link", name="Sổ giấy phép xây dựng (thử)").first.click()
    with window.expect_download() as taken:
        window.get_by_role("link", name="CSV", exact=False).first.click()
    text = Path(taken.value.path()).read_text(encoding="utf-8-sig")
    assert taken.value.suggested_filename == f"{KEY}.csv" and text.count("GPXD-UBND-QLĐT") == 12


def test_the_list_follows_what_is_typed(visit: Visit):
    window = visit(LISTING)
    window.get_by_role("searchbox").type("thua dat")
    window.get_by_text("1 bộ dữ liệu").wait_for()
    assert window.locator("#found li").count() == 1
    assert "tim=thua" in window.url.replace("+", " ").replace("%20", " ")
