"""Pictures of signatures and seals in a real browser, on a phone and at the desk."""

from pathlib import Path

import pytest

from lienthong.foundation.organisations.queries import by_key
from lienthong.signing import pictures
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.signing.test_pictures import AGENCY, CLERK, imprint, signature

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_a_clerk_gives_signature_and_seal_and_axe_finds_nothing(
    visit: Visit, tmp_path: Path, viewport: dict[str, int], scheme: str
):
    page = visit(CLERK, "/chu-ky/", viewport=viewport, color_scheme=scheme)
    found = faults(page)
    (tmp_path / "chu-ky.png").write_bytes(signature())
    page.get_by_label("Hình chữ ký").set_input_files(tmp_path / "chu-ky.png")
    page.get_by_role("button", name="Dùng hình này").click()
    page.get_by_alt_text("Hình chữ ký được thể hiện trên văn bản").wait_for()
    found += faults(page)
    page.get_by_role("link", name="Ủy ban nhân dân thành phố Gia Nghĩa").click()
    (tmp_path / "con-dau.png").write_bytes(imprint())
    page.get_by_label("Hình con dấu").set_input_files(tmp_path / "con-dau.png")
    page.get_by_label("Đường kính con dấu").fill("12")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_role("alert").get_by_text("từ 20 đến 50 mm").wait_for()
    found += faults(page)
    page.get_by_label("Hình con dấu").set_input_files(tmp_path / "con-dau.png")
    page.get_by_label("Đường kính con dấu").fill("36")
    page.get_by_role("button", name="Lưu").click()
    page.get_by_alt_text("Hình con dấu được thể hiện trên văn bản").wait_for()
    assert found + faults(page) == []
    seal = pictures.seal_of(by_key(AGENCY).id)
    assert seal and seal.diameter == 36 and pictures.signature_of(cast.account(CLERK).pk)
