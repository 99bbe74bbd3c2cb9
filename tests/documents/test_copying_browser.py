"""Official copies in a real browser, on a phone and at the desk."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from lienthong.documents.copying.rules import Form
from lienthong.documents.models import Arrival, OfficialCopy
from lienthong.signing import examinations
from tests.at_once import at_once
from tests.browsing import DESK, PHONE, Visit, faults, served, windows
from tests.documents import drafted
from tests.documents.conftest import CLERK
from tests.documents.test_copying import INCOMING, arrived, copied, pages_of
from tests.documents.test_copying_pages import COPIES, form_of
from tests.documents.test_outgoing import IN, OUT

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser, committed: None) -> Iterator[Visit]:
    with served() as address, windows(browser, address) as open_window:
        yield lambda username, path, **options: open_window(path, username, **options)


def prepared() -> tuple[Arrival, OfficialCopy, OfficialCopy]:
    """In a thread of its own: who signs needs the loop that the browser has."""

    def make() -> tuple[Arrival, OfficialCopy, OfficialCopy]:
        line = arrived(pages_of(3))
        copies = copied(drafted.issued()), copied(line, form=Form.EXTRACT, pages="1, 3")
        for each in copies:
            examinations.examine(each.file_id or 0)
        return line, *copies

    [found] = at_once(make)
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_from_the_form_to_the_copy_axe_finds_nothing_and_nothing_sticks_out(
    visit: Visit, viewport: dict[str, int], scheme: str
):
    look = {"viewport": viewport, "color_scheme": scheme}
    line, whole, part = prepared()
    window = visit(CLERK, form_of(INCOMING, line.pk), **look)
    expect(window.locator("#pages")).to_be_hidden()
    window.get_by_label("Bản giấy").check()
    expect(window.locator("#file")).to_be_hidden()
    expect(window.locator("#copies")).to_be_visible()
    window.get_by_label("Bản điện tử").check()
    window.get_by_label("Trích sao (TrS)").check()
    found = faults(window)
    window.get_by_role("button", name="Sao và cấp số").click()
    window.get_by_text("Hãy ghi số trang theo mẫu").first.wait_for()
    found += faults(window)
    window.locator("#pages").fill("1-2")
    window.locator("#recipients").fill("Phòng Quản lý đô thị")
    window.get_by_role("button", name="Sao và cấp số").click()
    window.get_by_role(
        "heading", name="Trích sao 01/TrS-UBND"
    ).wait_for()  # the first of the year in which the server lives
    found += faults(window)
    for path in (
        f"{COPIES}{whole.pk}/",
        f"{COPIES}{part.pk}/",
        f"{OUT}{whole.issue_id}/",
        f"{IN}{line.pk}/",
        f"{IN}so/?so=official&tu=2025-01-01&den=2026-12-31",
    ):
        found += faults(visit(CLERK, path, **look))
    assert found == []
