"""Code lists in a real browser: on a phone and at a desk, in the dark, for those who cannot see, without scripts."""

import pytest
from django.urls import reverse

from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults

pytestmark = pytest.mark.browser

UNITS = "national-administrative-units"


def at(name: str, *rest: object) -> str:
    return reverse(f"code_lists:{name}", args=[UNITS, *rest])


@pytest.mark.parametrize(
    ("username", "viewport", "scheme"), [("", PHONE, "dark"), ("", DESK, "light"), (cast.HANDLER, DESK, "dark")]
)
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, username: str, viewport: dict[str, int], scheme: str):
    found: list[str] = []
    for path in (
        reverse("code_lists:overview"),
        reverse("code_lists:overview") + "?tim=khong-co",
        at("listing") + "?ngay=2025-06-30&mo=660",
        at("listing") + "?ngay=2025-06-30&tim=nghia",
        at("listing") + "?ngay=1990-01-01&tim=khong-co",
        at("item", "24611") + "?ngay=2025-07-01",
        at("item", "661") + "?ngay=2025-06-30",
        at("editions"),
        at("convert"),
    ):
        window = visit(username, path, viewport=viewport, color_scheme=scheme)
        found += faults(window)
    window = visit(username, at("convert"), viewport=viewport, color_scheme=scheme)
    window.get_by_label("Mã hoặc tên").fill("24612\n00019\nXã Tân Thành\nXã Lạ\nHuyện Đăk Glong")
    window.get_by_role("button", name="Chuyển đổi").click()
    window.get_by_text("Phường Bắc Gia Nghĩa").first.wait_for()
    assert [*found, *faults(window)] == []


def test_a_branch_is_opened_and_a_column_converted_by_keyboard_without_scripts(visit: Visit):
    window = visit("", at("listing") + "?ngay=2025-06-30", java_script_enabled=False)
    for name in ("Tỉnh Đắk Nông", "Thành phố Gia Nghĩa"):
        link = window.get_by_role("link", name=f"Các mục thuộc {name}")
        link.focus()
        window.keyboard.press("Enter")
        window.get_by_role("link", name=f"Các mục thuộc {name}", expanded=True).wait_for()
    window.get_by_role("link", name="Phường Nghĩa Thành", exact=True).click()
    window.get_by_role("heading", level=1, name="Phường Nghĩa Thành").wait_for()
    assert "Phường Bắc Gia Nghĩa" in window.content()
    window.goto(at("convert"))
    window.get_by_label("Mã hoặc tên").fill("Phường Nghĩa Thành, Gia Nghĩa, Đắk Nông")
    window.get_by_role("button", name="Chuyển đổi").press("Enter")
    assert "Phường Bắc Gia Nghĩa" in window.get_by_role("table").inner_text()
