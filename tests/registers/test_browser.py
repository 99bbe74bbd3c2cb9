"""Registers in a real browser: by keyboard, on a phone, for those who cannot see."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.urls import reverse

from lienthong.foundation import clock
from lienthong.registers import services
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, served
from tests.registers.conftest import GIA_NGHIA, KEY, officer_of, permit, publish

pytestmark = pytest.mark.browser

PERSON = {"ten": "Công ty trách nhiệm hữu hạn một thành viên Xây dựng Nâm Nung", "so_dinh_danh": "067085012345"}


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    publish()
    with served() as address:
        yield address


def at(name: str, *rest: object) -> str:
    return reverse(f"registers:{name}", args=[KEY, *rest])


def with_a_history() -> int:
    """An entry to which everything has happened that can."""
    handler = officer_of("case-handler", GIA_NGHIA)
    with clock.at(clock.now() - timedelta(days=90)):
        entry = services.enter(register=KEY, raw=permit(chu_dau_tu=PERSON), officer=handler)
    common = {"register": KEY, "entry_id": entry.id, "officer": handler}
    with clock.at(clock.now() - timedelta(days=40)):
        services.change(**common, revision=1, raw={"so_tang": 5, "dien_tich": 300}, reason="Giấy phép điều chỉnh số 2")
    services.correct(**common, revision=2, raw={"so_tang": 4}, reason="Ghi nhầm số tầng")
    return entry.id


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    entry_id, handler = with_a_history(), officer_of("case-handler", GIA_NGHIA)
    for number in range(12):
        services.enter(register=KEY, raw=permit(so=f"{number}/GPXD", so_tang=number), officer=handler)
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for path in (
        reverse("registers:overview"),
        at("listing"),
        at("listing") + "?tim=khong-co",
        at("listing") + f"?ngay={clock.today() - timedelta(days=50)}&l.so_tang.tu=x",
        at("card", entry_id + 1),
        at("enter"),
        at("edit", entry_id + 1, "dinh-chinh"),
        at("edit", entry_id + 1, "ket-thuc"),
        at("purpose"),
    ):
        window = visit(cast.HANDLER, path, **look)
        found += faults(window)
    window = visit(cast.HANDLER, at("card", entry_id), **look)
    window.get_by_label("Cập nhật sổ").check()
    window.get_by_role("button", name="Tiếp tục").click()
    window.get_by_role("heading", level=1).get_by_text("15/GPXD").wait_for()
    found += faults(window)
    assert found == []


def test_an_entry_is_made_and_changed_with_the_keyboard(visit: Visit):
    window = visit(cast.HANDLER, at("listing"))
    window.keyboard.press("n")
    window.get_by_label("Số giấy phép").fill("88/GPXD")
    window.get_by_label("Ngày cấp").fill("2025-03-03")
    window.get_by_label("Họ và tên").fill("Nguyễn Thị Bưởi")
    window.locator("[name='dia_chi.unit']").select_option("24611")
    window.locator("[name='dia_chi.detail']").fill("12 Hùng Vương")
    window.keyboard.press("Enter")
    window.get_by_role("heading", level=1).get_by_text("88/GPXD").wait_for()
    window.keyboard.press("d")
    window.get_by_label("Số tầng").fill("3")
    window.get_by_label("Lý do").fill("Bỏ sót")
    window.get_by_role("button", name="Lưu đính chính").click()
    window.get_by_text("Bỏ sót").wait_for()
    window.goto(at("listing"))
    window.get_by_role("link", name="88/GPXD").wait_for()


def test_without_java_script_everything_works(visit: Visit):
    window = visit(cast.HANDLER, at("enter"), java_script_enabled=False, viewport=PHONE)
    window.get_by_label("Số giấy phép").fill("89/GPXD")
    window.get_by_role("button", name="Ghi vào sổ").click()
    assert "Ngày cấp" in window.locator(".lt-error-summary, [role=alert]").first.inner_text()
    assert window.get_by_label("Số giấy phép").input_value() == "89/GPXD"
