"""Files of entries and what is over its time in a real browser."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.urls import reverse

from lienthong.registers.retention import services as retention
from lienthong.registers.retention.models import AppraisedEntry
from lienthong.registers.retention.queries import Chosen
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.registers.conftest import GIA_NGHIA, KEY, officer_of, publish
from tests.registers.test_files import WITH_FILES, entered, picture, uploaded
from tests.registers.test_retention import DECIDED, WHY, appraisal, decisions, ended

pytestmark = pytest.mark.browser

BOTH = WITH_FILES.replace(
    "  - {role: auditor,",
    "  - {role: head-of-unit, function: urban-management, may: [read, approve], where: own}\n  - {role: auditor,",
)


def at(name: str, *rest: object) -> str:
    return reverse(f"registers:{name}", args=[KEY, *rest])


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_on_a_card_with_files_and_on_the_lists_of_what_is_over(
    visit: Visit, viewport: dict[str, int], scheme: str
):
    publish(BOTH)
    handler = officer_of("case-handler", GIA_NGHIA)
    rows = [{"ten_hang_muc": "Nhà chính", "anh": {"id": uploaded(handler, field="hang_muc.anh", name="nha.jpg")}}]
    name = "quyết định về việc cấp giấy phép xây dựng công trình tại phường Nghĩa Đức.jpg"
    entry = entered(handler, quyet_dinh={"id": uploaded(handler, name=name)}, hang_muc=rows)
    ids = [ended(handler, f"{n}/GPXD", date(2004, 1, 1) + timedelta(days=n)) for n in range(8)]
    retention.look_through()
    lines = dict(AppraisedEntry.objects.values_list("entry_id", "pk"))
    head = officer_of("head-of-unit", GIA_NGHIA)
    chosen = [Chosen(frozenset({lines[id]})) for id in ids]
    retention.erase(appraisal_id=appraisal().pk, chosen=chosen[0], reason=WHY, officer=head)
    retention.keep(appraisal_id=appraisal().pk, chosen=chosen[1], until=date(2030, 1, 1), reason=WHY, officer=head)
    look = {"viewport": viewport, "color_scheme": scheme}
    here = reverse("registers:appraisal", args=[appraisal().pk])
    asking = reverse("registers:appraise", args=[appraisal().pk])
    found: list[str] = []
    for username, path in (
        (cast.HANDLER, at("card", entry.id)),
        (cast.HANDLER, at("edit", entry.id, "thay-doi")),
        (cast.HEAD, reverse("registers:overview")),
        (cast.HEAD, reverse("registers:appraisals")),
        (cast.HEAD, here),
        (cast.HEAD, f"{here}?xem=se-xoa"),
        (cast.HEAD, f"{here}?xem=giu"),
        (cast.HEAD, f"{here}?xem=da-xoa"),
        (cast.HEAD, f"{asking}?viec=xoa&b={lines[ids[3]]}"),
        (cast.HEAD, f"{asking}?viec=giu&tat-ca=1&xem=&den={max(lines.values())}"),
    ):
        window = visit(username, path, **look)
        found += faults(window)
        window.close()
    assert found == []


def test_a_scan_is_attached_and_looked_at(visit: Visit, tmp_path: Path):
    publish(WITH_FILES)
    (scan := tmp_path / "quyet-dinh.jpg").write_bytes(picture())
    window = visit(cast.HANDLER, at("enter"))
    window.get_by_label("Số giấy phép").fill("88/GPXD")
    window.get_by_label("Ngày cấp").fill("2025-03-03")
    window.get_by_label("Họ và tên").fill("Nguyễn Thị Bưởi")
    window.locator("[name='dia_chi.unit']").select_option("24611")
    window.locator("[name='dia_chi.detail']").fill("12 Hùng Vương")
    window.locator("input[type=file][name=quyet_dinh]").set_input_files(scan)
    window.get_by_role("button", name="Ghi vào sổ").click()
    window.get_by_role("heading", level=1).get_by_text("88/GPXD").wait_for()
    shown = window.locator("img[src*='/tep/']")
    shown.scroll_into_view_if_needed()
    assert shown.evaluate("async (img) => { await img.decode(); return img.naturalWidth }") == 64


def test_entries_are_chosen_with_the_keyboard_and_erased_without_java_script_too(visit: Visit):
    publish(DECIDED)
    handler = officer_of("case-handler", GIA_NGHIA)
    ids = [ended(handler, f"{n}/GPXD") for n in range(4)]
    retention.look_through()
    here = reverse("registers:appraisal", args=[appraisal().pk])
    window = visit(cast.HEAD, here)
    window.keyboard.press("a")
    window.get_by_text("Đã chọn 4").or_(window.get_by_text("4 đã chọn")).first.wait_for()
    window.get_by_role("button", name="Giữ lại").click()
    window.get_by_label("Giữ đến").fill("2030-06-01")
    window.get_by_label("Lý do").fill(WHY)
    window.get_by_role("button", name="Giữ lại").click()
    window.wait_for_url(f"**{here}")
    assert set(decisions().values()) == {"keep"}
    plain = visit(cast.HEAD, f"{here}?xem=giu", java_script_enabled=False, viewport=PHONE)
    plain.get_by_role("checkbox").first.check()
    plain.get_by_role("button", name="Rút lại quyết định").click()
    plain.get_by_role("button", name="Rút lại quyết định").click()
    plain.goto(here)
    plain.get_by_role("checkbox").first.check()
    plain.get_by_role("button", name="Xóa").click()
    plain.get_by_label("Lý do").fill(WHY)
    plain.get_by_role("button", name="Xóa").click()
    assert sorted(decisions()[id] for id in ids) == ["erase", "keep", "keep", "keep"]
