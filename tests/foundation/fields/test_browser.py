"""The form in a real browser, with and without JavaScript, on a small screen, under the house's content policy."""

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browsing import served

pytestmark = pytest.mark.browser


@pytest.fixture
def address(settings: Any) -> Iterator[str]:
    settings.ROOT_URLCONF = "tests.foundation.fields.urls"
    settings.TEMPLATES = deepcopy(settings.TEMPLATES)
    settings.TEMPLATES[0]["OPTIONS"]["context_processors"] = ["django.template.context_processors.request"]
    settings.MIDDLEWARE = [
        "csp.middleware.CSPMiddleware",
        "django.middleware.locale.LocaleMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
    ]
    with served() as site:
        yield f"{site}/ask"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 360, "height": 800}, locale="vi-VN")
    page = context.new_page()
    broken: list[str] = []
    page.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: broken.append(str(error)))
    page.goto(address)
    yield page
    context.close()
    assert broken == []


@pytest.fixture
def without_scripts(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    page.goto(address)
    yield page
    context.close()


def faults(page: Page) -> list[str]:
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [f"{fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"]]


def test_only_what_depends_is_replaced_and_the_focus_and_the_rest_stay(page: Page) -> None:
    permit = page.get_by_role("textbox", name="Mục permit")
    page.locator("[name='home.detail']").fill("12 Hùng Vương")
    page.get_by_label("Sửa chữa, cải tạo").focus()
    page.keyboard.press("Space")
    expect(permit).to_be_visible()
    expect(page.get_by_label("Sửa chữa, cải tạo")).to_be_focused()
    permit.fill("GP-1")
    page.get_by_label("Xây dựng mới").check()
    expect(permit).to_have_count(0)
    page.get_by_label("Sửa chữa, cải tạo").check()
    expect(permit).to_have_value("GP-1")
    expect(page.locator("[name='home.detail']")).to_have_value("12 Hùng Vương")


def test_rows_come_and_go_and_what_is_computed_follows(page: Page) -> None:
    add = page.get_by_role("button", name="Thêm thành viên")
    add.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[name='people.0.name']")).to_be_visible()
    expect(add).to_be_focused()
    page.locator("[name='people.0.name']").fill("An")
    page.locator("[name='people.0.boss'][type=checkbox]").check()
    expect(page.locator("#f-bosses")).to_have_text("1")
    expect(page.locator("[name='people.0.title']")).to_be_visible()
    add.click()
    expect(page.locator("[name='people.1.name']")).to_be_visible()
    expect(page.locator("[name='people.0.name']")).to_have_value("An")
    page.get_by_role("button", name=re.compile("Xóa.*Thành viên 1")).click()
    expect(page.locator("#f-bosses")).to_have_text("0")
    expect(page.locator("[name='people.1.name']")).to_have_count(0)


def test_typing_into_a_long_list_offers_what_matches(page: Page) -> None:
    trade = page.locator("[name=trade]")
    trade.press_sequentially("luong thuc")
    expect(page.locator("#f-trade-list option")).to_have_count(1)
    expect(trade).to_have_value("luong thuc")
    expect(trade).to_be_focused()


def test_an_entry_is_searched_as_one_types_and_chosen_by_keyboard(page: Page, address: str) -> None:
    page.goto(address.replace("/ask", "/land"))
    box = page.get_by_role("combobox", name="Mục parcel")
    expect(box).to_have_attribute("aria-expanded", "false")
    box.press_sequentially("thua 1")
    offers = page.get_by_role("listbox", name="Mục parcel").get_by_role("option")
    expect(offers).to_have_count(10)
    assert faults(page) == []
    box.press("ArrowDown")
    box.press("ArrowDown")
    expect(offers.nth(1)).to_have_attribute("aria-selected", "true")
    expect(box).to_have_attribute("aria-activedescendant", offers.nth(1).get_attribute("id") or "?")
    assert faults(page) == []
    box.press("Enter")
    expect(box).to_have_value("Tờ 1, thửa 10")
    expect(page.locator("[name='parcel.id']")).to_have_value("10")
    expect(page.locator("#f-on")).to_have_text("Tờ 1, thửa 10")
    expect(box).to_be_focused()
    box.fill("thửa 3")
    expect(page.locator("[name='parcel.id']")).to_have_value("")
    expect(offers).to_have_count(10)
    box.press("Escape")
    expect(offers).to_have_count(0)
    expect(box).to_have_value("thửa 3")
    box.press("ArrowDown")
    expect(offers).to_have_count(10)
    offers.last.click()
    expect(page.locator("[name='parcel.id']")).to_have_value("36")
    box.fill("không đâu")
    expect(offers).to_have_text(["Không có gì giống vậy. Hãy thử từ khác."])
    box.press("ArrowDown")
    expect(offers).to_have_attribute("aria-selected", "false")
    box.press("Escape")
    expect(box).to_have_value("không đâu")
    box.fill("thua 12")
    page.get_by_role("button", name="Nộp").click()
    expect(page.get_by_label("Tờ 1, thửa 12")).to_be_visible()
    assert faults(page) == []


def test_rows_that_come_later_search_too(page: Page, address: str) -> None:
    page.goto(address.replace("/ask", "/land"))
    page.get_by_role("button", name="Thêm thửa liền kề").click()
    box = page.locator("[name='neighbours.0.next.words']")
    expect(box).to_have_attribute("role", "combobox")
    box.press_sequentially("to 3 thua 33")
    page.get_by_role("option", name="Tờ 3, thửa 33").click()
    expect(page.locator("[name='neighbours.0.next.id']")).to_have_value("33")


def test_an_entry_is_found_without_scripts(without_scripts: Page, address: str) -> None:
    page = without_scripts
    page.goto(address.replace("/ask", "/land"))
    box = page.get_by_role("textbox", name="Mục parcel")
    box.fill("thua 12")
    page.get_by_role("button", name="Nộp").click()
    page.get_by_label("Tờ 1, thửa 12").check()
    page.get_by_role("button", name="Nộp").click()
    expect(page.get_by_role("heading", name="Đã nộp")).to_be_visible()
    expect(page.locator("dl").first).to_contain_text("Tờ 1, thửa 12")


def test_a_form_is_filled_in_corrected_and_read_with_nothing_for_axe_to_find(page: Page) -> None:
    page.get_by_label("Di dời").check()
    page.select_option("[name='home.province']", "66")
    page.select_option("[name='home.unit']", "24133")
    page.locator("[name=trade]").fill("bán lẻ")
    page.get_by_role("button", name="Thêm thành viên").click()
    page.locator("[name='people.0.name']").fill("<b>An</b>")
    page.get_by_role("button", name="Nộp").click()
    summary = page.locator("[data-error-summary] a")
    expect(summary).to_have_count(2)
    assert faults(page) == []
    summary.first.click()
    expect(page.locator("[name='home.detail']")).to_be_focused()
    page.keyboard.type("12 Hùng Vương")
    page.get_by_label("4719 – Bán lẻ khác").check()
    page.locator("[name='home.detail']").press("Enter")
    expect(page.get_by_role("heading", name="Đã nộp")).to_be_visible()
    expect(page.locator("dl").first).to_contain_text(
        "12 Hùng Vương, Phường Tân Lập, Thành phố Buôn Ma Thuột, Tỉnh Đắk Lắk"
    )
    expect(page.locator("table")).to_contain_text("<b>An</b>")
    assert faults(page) == []


def test_everything_works_without_scripts(without_scripts: Page) -> None:
    page = without_scripts
    page.get_by_label("Sửa chữa, cải tạo").check()
    page.get_by_role("button", name=re.compile("Cập nhật.*Mục kind")).click()
    page.get_by_role("textbox", name="Mục permit").fill("GP-1")
    page.select_option("[name='home.province']", "66")
    page.get_by_role("button", name=re.compile("Cập nhật.*Mục home")).click()
    page.select_option("[name='home.unit']", "24133")
    page.locator("[name='home.detail']").fill("12 Hùng Vương")
    page.get_by_role("button", name="Thêm thành viên").click()
    page.locator("[name='people.0.name']").fill("An")
    page.locator("[name=trade]").fill("4711")
    page.get_by_role("button", name="Nộp").click()
    expect(page.get_by_role("heading", name="Đã nộp")).to_be_visible()
    expect(page.locator("body")).to_contain_text("GP-1")
    expect(page.locator("body")).to_contain_text("Bán lẻ lương thực, thực phẩm")
