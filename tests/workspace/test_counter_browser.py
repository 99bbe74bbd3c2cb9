"""The counter in a real browser: by keys alone, on a phone, for those who cannot see."""

import os
import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page

from lienthong.cases.models import CounterEntry, Dossier
from lienthong.cases.queries import handing_over as moves
from lienthong.cases.rules import Status
from lienthong.cases.services import counter, handing_over
from lienthong.foundation import clock
from lienthong.identity.models import Person
from lienthong.identity.services import confirming
from lienthong.procedures.shapes import Verb
from tests import cast
from tests.browsing import DESK, PHONE, faults, sign_meanwhile
from tests.cases import dossiers
from tests.cases.test_counter import AN_ID, CARD, filled, take_in
from tests.cases.test_counter import entry as full_entry
from tests.portal.test_fetching import residence
from tests.workspace.conftest import address, page

pytestmark = pytest.mark.browser

Visit = Callable[..., Page]

WATCH = """addEventListener('pointerdown', () => { window.name = 'mouse'; }, true);"""
"""The window remembers, from page to page, whether a mouse was ever used."""


@pytest.fixture
def keyboard(visit: Visit) -> Callable[[str, str], Page]:
    def sit_down(username: str, path: str) -> Page:
        window = visit(username, path)
        window.context.add_init_script(WATCH)
        window.reload()
        return window

    return sit_down


def focused(window: Page) -> str:
    return str(
        window.evaluate("document.activeElement.name || document.activeElement.id || document.activeElement.tagName")
    )


def fill_by_keys(window: Page, answers: dict[str, str]) -> list[str]:
    """Go from box to box with Enter and type what each wants; says which boxes were passed."""
    passed = []
    for _step in range(60):
        name = focused(window)
        passed.append(name)
        if name in ("accept", "_do") or name.startswith("papers."):
            break
        if typed := answers.get(name):
            kind = window.evaluate("document.activeElement.type")
            if kind in ("checkbox", "radio"):
                window.keyboard.press("Space")
            elif kind == "select-one":
                window.keyboard.press("ArrowDown")
            else:
                window.keyboard.press("Control+a")
                window.keyboard.type(typed)
        window.keyboard.press("Enter")
    return passed


ANSWERS = {
    "form.site.lot": "Thua 125, to 14",
    "form.site.area": "120,5",
    "form.site.location.unit": "the first",
    "form.site.location.detail": "12 Tran Hung Dao",
    "form.site.land_paper": "CD 123456",
    "form.house.grade": "x",
    "form.house.floors.0.kind": "the first",
    "form.house.ground_level": "0,3",
    "form.house.ground_area": "80",
    "form.house.height": "7,5",
    "form.house.floors.0.title": "Tang 1",
    "form.house.floors.0.area": "80",
    "form.house.floors.0.height": "3,6",
    "form.design.designer": "Cong ty Nam Nung",
    "form.plan.months": "6",
    "form.plan.pledge": "x",
    "form.owner.phone": "0905412768",
}


def test_a_walk_in_is_taken_in_with_the_keyboard_alone(keyboard: Callable[[str, str], Page]):
    window = keyboard(cast.CLERK, page("inbox"))
    window.keyboard.press("t")
    window.wait_for_url(f"**{page('counter')}")
    window.keyboard.type(CARD)
    window.keyboard.press("Enter")
    window.wait_for_selector("#tim")
    window.keyboard.type("giay phep xay")
    window.wait_for_selector(".counter-procedures li:first-child:has-text('xây dựng')")
    window.keyboard.press("Enter")
    window.wait_for_selector("#accept")
    assert window.locator("[name='form.owner.person_id']").input_value() == AN_ID
    passed = fill_by_keys(window, ANSWERS)
    assert passed[-1].startswith("papers."), passed
    window.keyboard.press("Alt+u")
    assert focused(window) == "_do" and window.evaluate("document.activeElement.id") == "accept"
    window.keyboard.press("Enter")
    window.wait_for_selector(".counter-after, .lt-error-summary")
    wrong = window.locator(".lt-error-summary")
    assert wrong.count() == 0, wrong.inner_text()
    dossier = Dossier.objects.get()
    assert dossier.status == Status.RECEIVED and dossier.applicant_name == "Nguyễn Văn An"
    assert window.evaluate("document.activeElement.getAttribute('href')") == page("counter")
    window.keyboard.press("Alt+n")
    window.wait_for_selector("#tim")
    assert CounterEntry.objects.get().together == dossier.together
    window.goto(page("counter_done", dossier.pk))
    window.wait_for_selector(".counter-after")
    window.keyboard.press("Enter")
    window.wait_for_url(f"**{page('counter')}")
    assert focused(window) == "so"
    assert window.evaluate("window.name") != "mouse"


def test_what_a_register_knows_is_taken_with_one_key(keyboard: Callable[[str, str], Page]):
    residence()
    clerk = cast.actor(cast.CLERK)
    begun = counter.begin_entry(officer=clerk, typed=AN_ID)
    counter.choose_procedure(key=begun.key, officer=clerk, procedure_key=dossiers.PERMIT)
    window = keyboard(cast.CLERK, page("counter_entry", begun.key))
    for size in (DESK, PHONE):
        window.set_viewport_size(size)
        assert not faults(window)
    window.set_viewport_size(DESK)
    window.keyboard.press("Alt+d")
    window.wait_for_selector("#fetch :text('Lấy từ “Đăng ký thường trú')")
    assert window.locator("[name='form.owner.address']").input_value().startswith("Số 44, tổ dân phố 3")
    assert window.evaluate("document.activeElement.matches('input, select')"), "the next box is at hand"
    for size in (DESK, PHONE):
        window.set_viewport_size(size)
        assert not faults(window)
    assert window.evaluate("window.name") != "mouse"


def test_the_first_mistake_has_the_focus_and_ctrl_enter_accepts(keyboard: Callable[[str, str], Page]):
    begun = full_entry(site__lot="")
    window = keyboard(cast.CLERK, page("counter_entry", begun.key))
    window.keyboard.press("Control+Enter")
    window.wait_for_selector(".lt-error-summary")
    assert focused(window) == "form.site.lot"
    window.keyboard.type("Thua 9")
    window.keyboard.press("Control+Enter")
    window.wait_for_url(re.compile("/quay/xong/"))
    assert Dossier.objects.get().data["site"]["lot"] == "Thua 9"


def test_what_is_typed_is_kept_by_itself(visit: Visit):
    begun = full_entry()
    window = visit(cast.CLERK, page("counter_entry", begun.key))
    with window.expect_response(lambda answer: answer.url.endswith("/luu/")):
        window.locator("[name='form.site.lot']").fill("Thửa 555")
    window.reload()
    assert window.locator("[name='form.site.lot']").input_value() == "Thửa 555"


def test_two_presses_make_one_dossier(visit: Visit):
    begun = full_entry()
    window = visit(cast.CLERK, page("counter_entry", begun.key))
    window.locator("#accept").evaluate("button => { button.click(); button.click(); }")
    window.wait_for_url(re.compile("/quay/xong/"))
    assert Dossier.objects.count() == 1


def laid_out() -> dict[str, list[str]]:
    """Pages with everything they can show."""
    first = take_in(full_entry())
    waiting = filled(full_entry(), counted={}, reason="Thiếu bản vẽ thiết kế.")
    asked = take_in(waiting, Verb.REQUEST_SUPPLEMENT)
    approved = dossiers.approved()
    sign_meanwhile(approved)
    moved = take_in(full_entry())
    officer = cast.actor(cast.CLERK)
    visit = dossiers.visit(moved, "phan-cong")
    made = handing_over.make_lists(place_id=officer.acting.organisation.id, visit_ids=[visit.pk], officer=officer)[0]
    by_post = dossiers.approved(returned=dossiers.BY_POST)
    unfinished = full_entry()
    fresh = page("counter_procedure", full_entry().key)
    clerk = [
        page("counter"),
        fresh,
        page("counter_entry", unfinished.key),
        page("counter_done", first.pk),
        page("waiting") + "?tim=khong",
        page("give_result", approved.pk),
        address(approved, "tra-ket-qua", "tra-ket-qua"),
        address(by_post, "tra-ket-qua", "tra-ket-qua"),
        page("deed", moved.pk, "rut-ho-so", 0),
        page("numbers"),
        page("take_supplement", asked.pk),
        page("labels") + f"?ho-so={first.pk}",
        page("counter_day"),
        page("hand_overs"),
        page("hand_over", made.pk),
    ]
    return {cast.CLERK: clerk, cast.HEAD: [page("hand_overs"), page("hand_over", made.pk)]}


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(
    visit: Visit, viewport: dict[str, int], scheme: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(moves, "HORIZON", timedelta(days=36500))  # the site runs by the clock on the wall
    pictures = os.environ.get("LT_TEST_COUNTER_PICTURES")
    found: list[str] = []
    for username, paths in laid_out().items():
        window = visit(username, "/ban-lam-viec/", viewport=viewport, color_scheme=scheme)
        for number, path in enumerate(paths):
            window.goto(path)
            found += faults(window)
            if pictures:
                name = f"{pictures}/{username}-{number:02}-{viewport['width']}-{scheme}.png"
                window.screenshot(path=name, full_page=True)
    broken = page("counter_entry", full_entry(site__lot="", owner__phone="1").key)
    window = visit(cast.CLERK, broken, viewport=viewport, color_scheme=scheme)
    window.locator("#accept").click()
    window.wait_for_selector(".lt-error-summary")
    if pictures:
        window.screenshot(path=f"{pictures}/broken-{viewport['width']}-{scheme}.png", full_page=True)
    assert found + faults(window) == []


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_a_number_is_confirmed_with_the_scanner_and_axe_finds_nothing(
    visit: Visit, viewport: dict[str, int], scheme: str
):
    pictures = os.environ.get("LT_TEST_COUNTER_PICTURES")
    with clock.at(datetime.now(clock.ZONE)):  # the site runs by the clock on the wall
        code = confirming.make_code(actor=cast.actor(cast.AN)).code or ""
    window = visit(cast.CLERK, page("numbers"), viewport=viewport, color_scheme=scheme)
    assert focused(window) == "code"
    window.keyboard.type(code)
    window.keyboard.press("Tab")
    window.keyboard.type(CARD)
    window.keyboard.press("Enter")
    window.wait_for_selector("#confirm")
    found = faults(window)
    if pictures:
        window.screenshot(path=f"{pictures}/number-{viewport['width']}-{scheme}.png", full_page=True)
    window.get_by_role("button", name="Khớp").click()
    window.wait_for_selector(".lt-alert, .lt-toast, [role=status]")
    assert Person.objects.get(person_id=AN_ID).confirmed_at is not None
    own = visit(cast.AN, "/tai-khoan/xac-nhan-so/", viewport=viewport, color_scheme=scheme)
    found += faults(own)
    if pictures:
        own.screenshot(path=f"{pictures}/own-confirmed-{viewport['width']}-{scheme}.png", full_page=True)
    other = visit(cast.BICH, "/tai-khoan/xac-nhan-so/", viewport=viewport, color_scheme=scheme)
    found += faults(other)
    if pictures:
        other.screenshot(path=f"{pictures}/own-begin-{viewport['width']}-{scheme}.png", full_page=True)
    other.get_by_role("button", name="Lấy mã").click()
    other.wait_for_selector(".lt-code")
    found += faults(other)
    if pictures:
        other.screenshot(path=f"{pictures}/own-code-{viewport['width']}-{scheme}.png", full_page=True)
    assert found == []
