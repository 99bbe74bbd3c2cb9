"""Outgoing documents in a real browser, on a phone and at the desk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from lienthong.documents.rules.relations import How
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, served, windows
from tests.documents.conftest import AGENCY
from tests.documents.test_outgoing import OUT, PROVINCE_CLERK, issued

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser, committed: None) -> Iterator[Visit]:
    with served() as address, windows(browser, address) as open_window:
        yield lambda username, path, **options: open_window(path, username, **options)


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    look = {"viewport": viewport, "color_scheme": scheme}
    with cast.on_monday():
        old = issued(AGENCY, "huyen-cu-jut", kind="quyet-dinh", symbol="QĐ-UBND")
        issued(kind="quyet-dinh", symbol="QĐ-UBND", relations=((old.pk, How.REPLACES),))
    window = visit(PROVINCE_CLERK, f"{OUT}phat-hanh/?quan-he=amends:{old.pk}", **look)
    window.get_by_role("button", name="UBND các huyện").click()
    window.get_by_text("Đã chọn: 8 cơ quan").wait_for()
    found = faults(window)
    for path in (f"{old.pk}/", ""):
        found += faults(visit(PROVINCE_CLERK, OUT + path, **look))
    assert found == []
