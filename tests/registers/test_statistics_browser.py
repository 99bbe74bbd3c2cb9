"""Statistics and extracts in a real browser: on a phone, in the dark, for those who cannot see."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Browser

from lienthong.registers import services as entries
from lienthong.registers.extracting import services
from lienthong.registers.extracting.models import Extract
from tests import cast
from tests.at_once import at_once
from tests.browsing import DESK, PHONE, Visit, faults, served, windows
from tests.registers.conftest import GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_statistics import WITH_STATISTICS

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    publish(WITH_STATISTICS)
    with served() as address:
        yield address


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    with windows(browser, site) as open_window:
        yield lambda path, username=cast.HANDLER, **options: open_window(path, username, **options)


def at(name: str, *rest: object) -> str:
    return reverse(f"registers:{name}", args=[KEY, *rest])


def some() -> int:
    """Entries of several years, floors and wards; the id of the last."""
    handler = officer_of("case-handler", GIA_NGHIA)
    for number in range(24):
        ward = ("24611", "24612", "24614")[number % 3]
        entry = entries.enter(
            register=KEY,
            raw=permit(
                so=f"{number}/GPXD",
                so_tang=number % 7 or None,
                dien_tich=80 + 35 * number,
                ngay_cap=f"{2018 + number % 7}-03-01",
                dia_chi={"unit": ward, "detail": "12 Hùng Vương"},
            ),
            officer=handler,
        )
    return entry.id


def issued(entry_id: int) -> Extract:
    """Signed in a thread and over a connection of its own: the browser's event loop runs in this one."""
    handler = officer_of("case-handler", GIA_NGHIA)
    (extract,) = at_once(
        lambda: services.issue(register=KEY, entry_id=entry_id, fields=["so", "dien_tich"], officer=handler)
    )
    return extract  # type: ignore[no-any-return]


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    look = {"viewport": viewport, "color_scheme": scheme}
    found = faults(visit(at("statistics"), **look))
    entry_id = some()
    extract = issued(entry_id)
    for path in (
        at("statistic", "dien-tich"),
        at("statistic", "nha-thap") + "?tim=1",
        at("statistic", "binh-quan"),
        at("listing") + "?n.so_tang=3&n.ngay_cap=2021&tk=nha-thap",
        at("card", entry_id),
        at("extract_issue", entry_id),
    ):
        found += faults(visit(path, **look))
    found += faults(visit(reverse("portal:verify", args=[extract.verification]), "", **look))
    assert found == []


def test_from_a_figure_to_its_entries_and_on_without_java_script(visit: Visit):
    some()
    window = visit(at("statistics"), java_script_enabled=False)
    window.get_by_role("link", name="Nhà thấp theo năm").click()
    figure = window.locator("table tbody tr").first.get_by_role("link").first
    entries_told = int(figure.inner_text())
    figure.click()
    assert window.locator("table tbody tr").count() == entries_told
    window.get_by_label("Bỏ lọc: Ngày cấp").click()
    assert window.locator("table tbody tr").count() > entries_told


def test_an_extract_is_issued_from_the_card(visit: Visit):
    window = visit(at("card", some()))
    window.get_by_role("link", name="Trích lục").click()
    window.get_by_label("Cấp cho").fill("Lê Văn Tám")
    window.get_by_role("button", name="Cấp và ký").click()
    window.get_by_text("Đã cấp trích lục số").wait_for()
    window.get_by_role("link", name="Số 01/TL-").wait_for()
