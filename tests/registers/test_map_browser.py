"""Maps in a real browser: seen, drawn on, caught by neighbours, without a word from the outside."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page

from lienthong.foundation.geometry.shape import Geometry
from lienthong.registers import queries
from lienthong.registers.access import Rights
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, served, windows
from tests.registers.conftest import GIA_NGHIA, officer_of, publish
from tests.registers.test_places import KEY, PARCELS, enter, square

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def visit(browser: Browser, committed: None) -> Iterator[Visit]:
    publish(PARCELS.replace(", personal: true", ""))
    with served() as site, windows(browser, site) as open_window:
        yield lambda path, **options: open_window(path, cast.HANDLER, **options)


def address(name: str, *more: Any) -> str:
    return reverse(f"registers:{name}", args=[KEY, *more])


def parcels() -> list[int]:
    officer = officer_of("case-handler", GIA_NGHIA)
    return [enter(officer, f"{n}", square(n % 3, n // 3)).id for n in range(6)]


def ready(window: Page, box: str = ".lt-map-box") -> None:
    window.wait_for_selector(f"{box} canvas")
    window.evaluate(f"document.querySelector('{box}').mapReady.then(() => true)")


def wait(window: Page, condition: str) -> None:
    """Asked from outside the page: inside it no text may be run as a script."""
    for _time in range(100):
        if window.evaluate(f"!!({condition})"):
            return
        window.wait_for_timeout(100)
    raise AssertionError(condition)


def at(window: Page, longitude: float, latitude: float) -> tuple[float, float]:
    """Where a place is on the screen, on the map of the dialog or of the page."""
    return tuple(  # type: ignore[return-value]
        window.evaluate(
            "([lng, lat]) => {"
            " const map = (document.querySelector('.lt-map-dialog') || document.querySelector('lt-map')).map;"
            " const box = map.getCanvas().getBoundingClientRect(), p = map.project([lng, lat]);"
            " return [box.left + p.x, box.top + p.y]; }",
            [longitude, latitude],
        )
    )


def text(window: Page) -> Any:
    return json.loads(window.locator("textarea[name='ranh_gioi.text']").input_value())


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light"), (DESK, "dark"), (PHONE, "light")])
def test_the_map_shows_entries_and_leads_to_their_cards(visit: Visit, viewport: dict[str, int], scheme: str) -> None:
    made = parcels()
    window = visit(address("map"), viewport=viewport, color_scheme=scheme)
    ready(window)
    wait(window, "document.querySelector('lt-map').map.queryRenderedFeatures({layers: ['areas']}).length >= 6")
    assert faults(window) == []
    window.mouse.click(*at(window, 107.6005, 12.0005))
    window.get_by_role("link", name="0", exact=True).click()
    window.wait_for_url(f"**{address('card', made[0])}")
    assert faults(window) == []
    window.get_by_role("button", name="Xem trên bản đồ").click()
    ready(window)
    assert faults(window) == []


def test_the_control_works_without_javascript(visit: Visit) -> None:
    window = visit(address("enter"), viewport=PHONE, java_script_enabled=False)
    window.fill("input[name=so_thua]", "77")
    crossed = "1329456.12 412345.67\n1329556.12 412445.67\n1329556.12 412345.67\n1329456.12 412445.67"
    window.fill("textarea[name='ranh_gioi.text']", crossed)
    window.get_by_role("button", name="Cập nhật").first.click()
    window.get_by_text("tự cắt").first.wait_for()
    straight = "1329456.12 412345.67\n1329456.12 412445.67\n1329556.12 412445.67\n1329556.12 412345.67"
    window.fill("textarea[name='ranh_gioi.text']", straight)
    window.get_by_role("button", name="Cập nhật").first.click()
    window.locator(".lt-sketch").wait_for()
    window.get_by_text("10.000,0").first.wait_for()


def test_a_parcel_is_drawn_beside_another_and_caught_by_its_corners(visit: Visit) -> None:
    parcels()
    window = visit(address("enter"))
    window.fill("input[name=so_thua]", "99")
    window.fill("textarea[name='ranh_gioi.text']", json.dumps(square(4, 0)))
    window.locator("textarea[name='ranh_gioi.text']").blur()
    window.wait_for_selector(".lt-sketch")
    assert faults(window) == []
    window.get_by_role("button", name="Vẽ trên bản đồ").click()
    ready(window, ".lt-map-dialog .lt-map-box")
    wait(window, "document.querySelector('.lt-map-dialog')?.map.getSource('near')")
    window.evaluate("document.querySelector('.lt-map-dialog').map.jumpTo({center: [107.6035, 12.0005], zoom: 16})")
    with window.expect_response(lambda answer: "/gan/" in answer.url):
        window.evaluate("document.querySelector('.lt-map-dialog').map.jumpTo({center: [107.6036, 12.0005], zoom: 16})")
    window.wait_for_timeout(300)
    # the western corners are drawn to the neighbour, a few pixels beside its corners
    for begin, end in (((107.604, 12.0), (107.603, 12.0)), ((107.604, 12.001), (107.603, 12.001))):
        x, y = at(window, *begin)
        window.mouse.move(x, y)
        window.mouse.down()
        x, y = at(window, *end)
        window.mouse.move(x + 12, y + 3, steps=4)
        window.mouse.move(x + 6, y + 3)
        window.mouse.up()
    window.get_by_role("button", name="Dùng hình này").click()
    window.wait_for_selector(".lt-sketch")
    window.locator("button[form=entry]").first.click()
    window.wait_for_url("**/" + f"{KEY}/*/")
    entry = next(
        e for e in queries.page(queries.register(KEY), _everything(), queries.Filters()) if e.values["so_thua"] == "99"
    )
    place = entry.values["ranh_gioi"]
    assert isinstance(place, Geometry)
    assert {(107.603, 12.0), (107.603, 12.001), (107.605, 12.0), (107.605, 12.001)} == set(place.positions)


def _everything() -> Rights:
    return Rights(dict.fromkeys(queries.register(KEY).leaves))


def test_drawing_is_undone_split_and_given_up(visit: Visit) -> None:
    parcels()
    window = visit(address("enter"))
    window.fill("textarea[name='ranh_gioi.text']", json.dumps(square(4, 4)))
    window.locator("textarea[name='ranh_gioi.text']").blur()
    window.wait_for_selector(".lt-sketch")
    window.get_by_role("button", name="Vẽ trên bản đồ").click()
    ready(window, ".lt-map-dialog .lt-map-box")
    wait(window, "document.querySelector('.lt-map-dialog')?.map.getSource('handles')")
    window.wait_for_timeout(300)
    assert faults(window) == []
    window.get_by_role("button", name="Tách theo đường").click()
    window.mouse.click(*at(window, 107.6045, 12.0039))
    window.mouse.click(*at(window, 107.6045, 12.0051))
    window.keyboard.press("Enter")
    window.get_by_role("button", name="Giữ phần 1").click()
    window.get_by_role("button", name="Dùng hình này").click()
    wait(window, "document.querySelector('.lt-map-dialog') === null")
    wait(window, "document.querySelector('.lt-place')?.textContent.includes('602')")
    window.get_by_role("button", name="Vẽ trên bản đồ").click()
    ready(window, ".lt-map-dialog .lt-map-box")
    window.get_by_role("button", name="Vẽ một vùng").click()
    window.keyboard.press("Escape")
    window.get_by_role("button", name="Thôi").click()
    wait(window, "document.querySelector('.lt-map-dialog') === null")
