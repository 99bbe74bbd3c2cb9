"""Outgoing documents in a real browser, on a phone and at the desk."""

import pytest

from lienthong.documents.rules.relations import How
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.documents.conftest import AGENCY, CLERK
from tests.documents.test_copies import handed, line, posted, sent
from tests.documents.test_outgoing import IN, OUT, PROVINCE_CLERK, issued
from tests.documents.test_publishing import published

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    look = {"viewport": viewport, "color_scheme": scheme}
    with cast.on_monday():
        old = issued(AGENCY, "huyen-cu-jut", kind="quyet-dinh", symbol="QĐ-UBND")
        new = issued(kind="quyet-dinh", symbol="QĐ-UBND", relations=((old.pk, How.REPLACES),))
        public = published(old)
        published(new)
        made = sent()
        posted(made, line(made, "Bộ Tài chính", signed_for="Bưu điện tỉnh"))
        use = handed(made)
    window = visit(PROVINCE_CLERK, f"{OUT}phat-hanh/?quan-he=amends:{old.pk}", **look)
    window.get_by_role("button", name="UBND các huyện").click()
    window.get_by_text("Đã chọn: 8 cơ quan").wait_for()
    found = faults(window)
    days = "tu=2025-01-01&den=2025-12-31"
    for username, path in (
        (PROVINCE_CLERK, f"{OUT}{old.pk}/"),
        (PROVINCE_CLERK, f"{OUT}{new.pk}/cong-khai/"),
        (CLERK, f"{OUT}ban-giay/"),
        (CLERK, f"{OUT}{made.pk}/ban-giay/"),
        (CLERK, f"{OUT}{made.pk}/ban-luu/"),
        (CLERK, f"{OUT}ban-luu/{use.pk}/"),
        (CLERK, f"{IN}so/?so=outgoing&{days}"),
        (CLERK, f"{IN}so/?so=copies&{days}"),
        (CLERK, f"{OUT}thong-ke/?{days}"),
        ("", "/van-ban/"),
        ("", f"/van-ban/{public.pk}/"),
    ):
        found += faults(visit(username, path, **look))
    assert found == []
