"""The gallery in a real browser: for those who cannot see, cannot use a mouse, or have no scripts."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browsing import served
from tests.ui.urls import SENT

pytestmark = pytest.mark.browser


@pytest.fixture
def site() -> Iterator[str]:
    with served() as address:
        yield address


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en")
    context.add_cookies([{"name": "django_language", "value": "en", "url": site}])
    yield context.new_page()
    context.close()


def faults(page: Page, rules: str = "") -> list[str]:
    options = {"resultTypes": ["violations"], **({"runOnly": rules} if rules else {})}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("address", ["/ui", "/ui/desk"])
def test_axe_finds_nothing_and_nothing_breaks_the_content_policy(
    site: str, page: Page, address: str, width: int
) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(site + address)
    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert complaints == []


def test_what_is_read_can_be_read_in_the_dark_and_in_high_contrast(site: str, page: Page) -> None:
    page.goto(site + "/ui/desk")
    for theme in ("dark", "contrast"):
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
        assert faults(page, "color-contrast") == [], theme


def test_rows_are_walked_with_j_and_k_and_picked_with_x(site: str, page: Page) -> None:
    page.goto(site + "/ui/desk")
    rows = page.locator("table[data-rows] [data-row-link]")
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert rows.nth(1).evaluate("link => link === document.activeElement")
    page.keyboard.press("x")
    assert page.locator("[data-row-pick]").nth(1).is_checked()
    page.keyboard.press("k")
    assert rows.nth(0).evaluate("link => link === document.activeElement")
    page.keyboard.press("/")
    page.keyboard.type("jkx")
    assert page.locator("#head-search").input_value() == "jkx"


def test_g_and_a_letter_go_somewhere_and_single_keys_can_be_turned_off(site: str, page: Page) -> None:
    page.goto(site + "/ui/desk")
    page.keyboard.press("?")
    help_box = page.locator("#keyboard-help")
    assert help_box.is_visible() and "Officers' desk" in help_box.inner_text()
    page.locator("[data-keys-off]").check()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not help_box.is_visible()
    page.evaluate("localStorage.clear()")
    page.keyboard.press("g")
    page.keyboard.press("p")
    page.wait_for_url("**/ui")


def test_a_theme_holds_from_page_to_page(site: str, page: Page) -> None:
    page.goto(site + "/ui")
    page.get_by_text("Display", exact=True).click()
    with page.expect_response("**/ui/theme"):
        page.get_by_role("button", name="Dark").click()
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
    page.goto(site + "/ui/desk")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"


def test_without_a_choice_the_device_decides(site: str, browser: Browser) -> None:
    context = browser.new_context(color_scheme="dark")
    page = context.new_page()
    page.goto(site + "/ui")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(23, 22, 20)"
    page.emulate_media(color_scheme="light", contrast="more")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    context.close()


def test_a_file_that_is_too_large_or_of_a_wrong_kind_is_told_before_it_is_sent(
    site: str, page: Page, tmp_path: Path
) -> None:
    (large := tmp_path / "plan.pdf").touch()
    os.truncate(large, 21 * 1024**2)
    page.goto(site + "/ui")
    chooser, problem = page.locator("#id_drawing"), page.locator(".lt-files-problem").last
    chooser.set_input_files({"name": "plan.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ"})
    assert "“plan.exe” is not of a kind" in problem.inner_text()
    chooser.set_input_files(large)
    assert "“plan.pdf” is 21\u00a0MB. A file may have at most 20\u00a0MB" in problem.inner_text()
    chooser.set_input_files({"name": "plan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"})
    assert problem.inner_text() == ""


def test_a_dialog_opens_closes_and_gives_the_focus_back(site: str, page: Page) -> None:
    page.goto(site + "/ui")
    opener = page.locator("[data-dialog=sample-dialog]")
    opener.click()
    assert page.locator("#sample-dialog").is_visible() and faults(page) == []
    page.keyboard.press("Escape")
    assert not page.locator("#sample-dialog").is_visible()
    assert opener.evaluate("link => link === document.activeElement")


def test_without_scripts_a_phone_still_has_its_menu_dialogs_and_details(site: str, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False, locale="en")
    context.add_cookies([{"name": "django_language", "value": "en", "url": site}])
    page = context.new_page()
    page.goto(site + "/ui")
    page.get_by_role("button", name="Menu").click()
    assert page.get_by_role("link", name="Officers' desk").is_visible()
    page.get_by_role("button", name="Close").click()
    page.locator("[data-dialog=sample-dialog]").click()
    assert page.locator("#sample-dialog").is_visible()
    context.close()


def test_a_form_pressed_twice_is_sent_once(site: str, page: Page) -> None:
    SENT.clear()
    page.goto(site + "/form")
    page.get_by_label("Name").fill("Once")
    page.evaluate(
        "button => { button.click(); button.click(); }", page.get_by_role("button", name="Send").element_handle()
    )
    page.wait_for_url("**/ui/desk")
    assert SENT == ["Once"]


@pytest.mark.parametrize("address", ["/form", "/form?boosted"])
def test_a_refused_form_comes_back_with_what_was_typed_and_the_errors_in_focus(
    site: str, page: Page, address: str
) -> None:
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if "Content Security" in said.text else None)
    page.goto(site + address)
    page.get_by_role("button", name="Send").click()
    summary = page.locator("[data-error-summary]")
    summary.wait_for()
    assert "Name: This field is required." in summary.inner_text()
    page.wait_for_function("document.activeElement.hasAttribute('data-error-summary')")
    summary.get_by_role("link").click()
    page.keyboard.type("Anew")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/ui/desk")
    assert SENT[-1] == "Anew" and complaints == []


def test_a_boosted_form_shows_how_much_of_its_files_is_sent(site: str, page: Page, tmp_path: Path) -> None:
    (plan := tmp_path / "plan.pdf").write_bytes(b"%PDF" + b"0" * 3 * 1024**2)
    page.goto(site + "/form?boosted")
    page.get_by_label("Name").fill("With a file")
    page.get_by_label("Plan").set_input_files(plan)
    page.get_by_role("button", name="Send").click()
    page.get_by_text("100%").wait_for()
    page.wait_for_url("**/ui/desk")
    assert SENT[-1] == "With a file"
