"""The pages of signing in, in a real browser: for those who cannot see, and with a security key of its own."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests import cast
from tests.browsing import served

pytestmark = pytest.mark.browser


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    with served(host="localhost") as address:
        yield address


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained of: broken scripts, what the content policy forbids."""
    return []


@pytest.fixture
def page(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="vi-VN")
    page = context.new_page()
    page.on("console", lambda told: complaints.append(told.text) if told.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()


def sign_in(page: Page, site: str, name: str) -> None:
    page.goto(f"{site}/tai-khoan/dang-nhap/")
    page.locator("#id_login").fill(name)
    page.locator("#id_password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url(lambda url: "/tai-khoan/dang-nhap/" not in url)


def sign_out(page: Page, site: str) -> None:
    page.goto(f"{site}/tai-khoan/dang-xuat/")
    page.locator("main form .btn-primary").click()
    page.get_by_text("Bạn đã đăng xuất.").wait_for()


def show_again(page: Page) -> None:
    page.locator("#id_password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Tiếp tục").click()


def faults(page: Page) -> list[str]:
    """What axe finds on a small phone and on a desk, in light and in dark; and what is wider than the screen."""
    found = []
    for width, theme, rules in ((360, "light", {}), (1280, "dark", {"runOnly": "color-contrast"})):
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
        violations = Axe().run(page, options={"resultTypes": ["violations"], **rules}).response["violations"]
        found += [f"{each['id']}: {node['html'][:120]}" for each in violations for node in each["nodes"]]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"wider than {width}: {page.url}")
    return found


def test_axe_finds_nothing_where_strangers_come_in(site: str, page: Page, complaints: list[str]) -> None:
    for address in ("dang-nhap", "dang-ky", "mat-khau/quen", "mat-khau/quen/da-gui", "dieu-khoan", "da-khoa"):
        page.goto(f"{site}/tai-khoan/{address}/")
        assert faults(page) == [], address
    page.goto(f"{site}/tai-khoan/dang-ky/")
    page.locator("main form .btn-primary").click()
    assert faults(page) == []
    assert [each for each in complaints if "422" not in each] == []


def test_axe_finds_nothing_on_ones_own_account(site: str, page: Page, complaints: list[str]) -> None:
    sign_in(page, site, "quan.do")
    for address in (
        "",
        "thong-tin/",
        "thu-dien-tu/",
        "mat-khau/",
        "bao-ve/",
        "bao-ve/khoa/",
        "thiet-bi/",
        "dang-xuat/",
    ):
        page.goto(f"{site}/tai-khoan/{address}")
        assert faults(page) == [], address
    page.goto(f"{site}/tai-khoan/bao-ve/ung-dung/bat/")
    assert faults(page) == []
    show_again(page)
    for address in ("bao-ve/ung-dung/bat/", "bao-ve/khoa/them/"):
        page.goto(f"{site}/tai-khoan/{address}")
        assert faults(page) == [], address
    assert complaints == []


def test_axe_finds_nothing_where_officers_are_managed(site: str, page: Page, complaints: list[str]) -> None:
    sign_in(page, site, "quantri")
    for address in ("can-bo/", "can-bo/chon-vi-tri/?q=gia+nghia+can+bo"):
        page.goto(f"{site}/tai-khoan/{address}")
        assert faults(page) == [], address
    page.locator(".id-choices a").last.click()
    assert faults(page) == []
    page.goto(f"{site}/tai-khoan/can-bo/?q=trang.motcua")
    page.locator("[data-row-link]").click()
    page.get_by_role("button", name="Tạo đường dẫn").click()
    page.get_by_text("Chỉ đưa cho Vũ Thùy Trang").wait_for()
    assert faults(page) == []
    assert complaints == []


def test_a_person_adds_a_key_and_signs_in_with_it_alone(site: str, page: Page, complaints: list[str]) -> None:
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    traits = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    traits |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    device.send("WebAuthn.addVirtualAuthenticator", {"options": traits})

    sign_in(page, site, cast.AN)
    page.goto(f"{site}/tai-khoan/bao-ve/khoa/them/")
    show_again(page)
    page.get_by_label("Tên khóa").fill("Máy ở nhà")
    page.get_by_label("không cần mật khẩu").check()
    page.get_by_role("button", name="Thêm khóa này").click()
    page.wait_for_url("**/ma-du-phong/")
    assert faults(page) == []
    page.goto(f"{site}/tai-khoan/bao-ve/khoa/")
    assert page.get_by_text("Máy ở nhà").first.is_visible() and faults(page) == []

    sign_out(page, site)
    page.goto(f"{site}/tai-khoan/dang-nhap/?next=/tai-khoan/thiet-bi/")
    page.get_by_role("button", name="Đăng nhập bằng vân tay").click()
    page.get_by_role("heading", name="Thiết bị đang đăng nhập").wait_for()

    sign_out(page, site)
    page.goto(f"{site}/tai-khoan/dang-nhap/")
    page.locator("#id_login").fill(cast.AN)
    page.locator("#id_password").fill(cast.PASSWORD)
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_url("**/dang-nhap/ma/")
    assert faults(page) == []
    page.get_by_role("button", name="Dùng khóa bảo mật").click()
    page.wait_for_url("**/ho-so-cua-toi/")
    assert complaints == []


def test_what_is_typed_as_a_password_is_shown_on_request_and_rated(site: str, page: Page) -> None:
    page.goto(f"{site}/tai-khoan/dang-ky/")
    box = page.locator("#id_password")
    page.get_by_label("Họ và tên").fill("Ngô Thị Hạnh")
    fulfilled = page.locator(".id-rules .fulfilled")
    for typed, rules in (("", 0), ("12345678901", 2), ("ngắn", 2), ("cô Hạnh dạy học", 2), ("ba con gà mái vàng", 3)):
        box.fill(typed)
        assert fulfilled.count() == rules, typed
    page.get_by_role("button", name="Hiện mật khẩu").first.click()
    assert box.get_attribute("type") == "text"


def test_everything_but_the_key_works_without_scripts(site: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="vi-VN")
    page = context.new_page()
    sign_in(page, site, cast.TWO_AGENCIES)
    page.goto(f"{site}/tai-khoan/vi-tri/")
    page.get_by_role("button", name="phường Nghĩa Trung").click()
    page.get_by_text("Bạn đang làm việc ở vị trí").wait_for()
    page.goto(f"{site}/tai-khoan/dang-nhap/")
    assert not page.get_by_role("button", name="vân tay").is_visible()
    context.close()
