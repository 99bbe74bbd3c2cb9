"""Digitising in a real browser: from the files to the signed copy without losing the place, on a phone too."""

from lienthong.cases.models import Digitised
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.cases import dossiers
from tests.cases.test_digitising import picture
from tests.workspace.conftest import page
from tests.workspace.test_browser import pytestmark  # noqa: F401 - the mark


def test_scanned_compared_and_signed_and_axe_finds_nothing(visit: Visit):
    dossier, found = dossiers.submitted(), []
    window = visit(cast.CLERK, page("digitise", dossier.pk), viewport=PHONE, color_scheme="dark")
    box = window.locator("#thanh-phan-ban-ve")
    box.locator("summary", has_text="Thêm bản quét").click()
    found += faults(window)
    sheets = [picture(dpi=200), picture(600, 800)]
    box.locator("#tep-ban-ve").set_input_files(
        [{"name": f"trang-{n}.jpg", "mimeType": "image/jpeg", "buffer": sheet} for n, sheet in enumerate(sheets, 1)]
    )
    box.get_by_role("button", name="Nhận bản quét").click()
    box.get_by_text("2 trang").wait_for()
    mark = box.get_by_role("button", name="Đúng bản giấy")
    mark.click()
    box.get_by_text("đúng bản giấy", exact=True).wait_for()
    assert "so-hoa" in window.url, "the place is kept"
    window.get_by_role("button", name="Ký số bản sao điện tử").click()
    box.get_by_role("link", name="Bản sao điện tử đã ký").wait_for()
    found += faults(window)
    assert Digitised.objects.get().signed_copy
    window = visit(cast.CLERK, page("dossier", dossier.pk), viewport=DESK)
    found += faults(window)
    assert found == []
