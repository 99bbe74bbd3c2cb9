"""Packages in a real browser, on a phone and at the desk."""

from uuid import uuid4

import pytest

from lienthong.documents.models import HandedRecord
from lienthong.documents.records.packages import services
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.documents.test_packages import bytes_of, packed, received
from tests.documents.test_records import ARCHIVIST

pytestmark = pytest.mark.browser

RECORDS = "/ban-lam-viec/van-ban/ho-so/"


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, tmp_path, viewport: dict[str, int], scheme: str):
    look = {"viewport": viewport, "color_scheme": scheme}
    found = faults(visit(ARCHIVIST, f"{RECORDS}luu-tru/goi/", **look))
    record = received(2)
    package = packed(record)
    assert [each["name"] for each in package.without_pdfa] == ["công văn.pdf"] * 2
    waiting = services.ask(record_id=record.pk, officer=cast.actor(ARCHIVIST), key=uuid4())
    hand_over = HandedRecord.objects.get(record=record).hand_over_id
    assert not waiting.is_over
    page = visit(ARCHIVIST, f"{RECORDS}luu-tru/goi/", **look)
    page.locator("summary", has_text="Chưa có PDF/A: 2 tệp").click()
    assert page.get_by_text("máy chủ không có chương trình").first.is_visible()
    found += faults(page)
    for path in (f"nop-luu/{hand_over}/", f"{record.pk}/", "luu-tru/"):
        found += faults(visit(ARCHIVIST, RECORDS + path, **look))
    good, bad = tmp_path / "goi.zip", tmp_path / "goi-hong.zip"
    good.write_bytes(bytes_of(package))
    bad.write_bytes(bytes_of(package).replace(b"%PDF-1.7", b"%PDF-1.6", 1))
    for file in (good, bad):
        page = visit(ARCHIVIST, f"{RECORDS}luu-tru/goi/kiem-tra/", **look)
        page.set_input_files("#package", file)
        page.get_by_role("button", name="Kiểm tra", exact=True).click()
        page.wait_for_selector("#result")
        found += faults(page)
    assert found == []
