"""Several rows at once in a real browser: by keyboard alone, on a phone, without scripts."""

from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.cases import dossiers
from tests.workspace.conftest import page
from tests.workspace.test_browser import pytestmark  # noqa: F401 - the mark

from lienthong.cases.models import StepVisit  # isort: skip


def test_by_keyboard_alone_several_are_assigned(visit: Visit):
    for _n in range(3):
        dossiers.received()
    window = visit(cast.HEAD, page("inbox"))
    window.keyboard.press("j")
    window.keyboard.press("x")
    assert window.locator("[data-row-pick]:checked").count() == 1
    window.keyboard.press("j")
    window.keyboard.press("j")
    window.keyboard.press("Shift+X")
    assert window.locator("[data-row-pick]:checked").count() == 3, "a range"
    button = window.get_by_role("button", name="Phân công chuyên viên (3)")
    button.focus()
    window.keyboard.press("Enter")
    window.wait_for_url("**/hang-loat/**")
    window.get_by_role("button", name="Phân công chuyên viên (3)").focus()
    window.keyboard.press("Enter")
    window.get_by_text("3 đã làm", exact=True).wait_for()
    assert StepVisit.objects.filter(step="tham-dinh").count() == 3


def test_the_bar_says_to_how_many_and_shift_takes_a_range(visit: Visit):
    for _n in range(4):
        dossiers.received()
    window = visit(cast.HEAD, page("inbox"))
    offer = window.locator("[data-bulk-offer]").first
    assert not offer.is_visible(), "nothing is chosen"
    rows = window.locator("[data-row-pick]")
    rows.nth(0).click()
    assert " ".join(offer.inner_text().split()) == "Phân công chuyên viên (1)"
    rows.nth(2).click(modifiers=["Shift"])
    assert " ".join(offer.inner_text().split()) == "Phân công chuyên viên (3)"
    window.locator("[data-bulk-all]").click()
    assert " ".join(offer.inner_text().split()) == "Phân công chuyên viên (4)"
    window.keyboard.press("a")
    assert window.locator("[data-row-pick]:checked").count() == 0


def test_it_works_without_scripts(visit: Visit):
    dossiers.received()
    window = visit(cast.HEAD, page("inbox"), java_script_enabled=False)
    window.locator("[data-row-pick]").check()
    window.get_by_role("button", name="Phân công chuyên viên").click()
    window.get_by_role("button", name="Phân công chuyên viên").click()
    assert window.get_by_text("1 đã làm", exact=True).is_visible()


def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit):
    for _n in range(3):
        dossiers.received()
    found = []
    for viewport, scheme in ((PHONE, "dark"), (DESK, "light")):
        window = visit(cast.HEAD, page("inbox"), viewport=viewport, color_scheme=scheme)
        window.locator("[data-row-pick]").first.check()
        found += faults(window)
        window.locator("[data-bulk-offer]").first.click()
        found += faults(window)
        window.get_by_role("button", name="Phân công chuyên viên").click()
        found += faults(window)
        window.goto(page("bulks"))
        found += faults(window)
    assert found == []
