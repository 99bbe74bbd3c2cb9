"""Results in registers, and answers taken from them, in a real browser: on a phone, at a desk, with and without
scripts."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.urls import reverse
from playwright.sync_api import Browser, expect

from lienthong.registers.receiving.models import Received
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, served, sign_meanwhile, windows
from tests.cases import dossiers
from tests.portal.conftest import begun, page
from tests.portal.test_fetching import COMPANY, TAX_CODE, company, typed
from tests.registers.test_results import by_hand, told

pytestmark = pytest.mark.browser

LOOKS = [(PHONE, "dark"), (DESK, "light")]


@pytest.fixture
def visit(browser: Browser, committed: None) -> Iterator[Visit]:
    with cast.on_monday(), served() as site, windows(browser, site) as open_window:
        yield open_window


@pytest.mark.parametrize("scripts", [True, False])
def test_a_company_is_taken_by_its_tax_code(visit: Visit, scripts: bool) -> None:
    company()
    draft = typed(begun(), kind="organisation", full_name="")
    connection.close()
    window = visit(page("fill_in", draft.key, 1), cast.AN, viewport=PHONE, java_script_enabled=scripts)
    if scripts:
        assert faults(window) == []
    window.locator("#f-owner-tax_code").fill(TAX_CODE)
    window.locator("#f-owner-phone").fill("0905 412 769")
    window.get_by_role("button", name="Lấy từ cơ sở dữ liệu").first.click()
    expect(window.locator("#f-owner-full_name")).to_have_value(str(COMPANY["ten"]))
    expect(window.locator("#f-owner-representative")).to_have_value("Hồ Thị Sen")
    expect(window.locator("#f-owner-phone")).to_have_value("0905412769")
    if scripts:
        assert faults(window) == []


@pytest.mark.parametrize(("viewport", "scheme"), LOOKS)
def test_a_result_that_waits_is_settled_from_the_inbox(visit: Visit, viewport: dict[str, int], scheme: str) -> None:
    dossier = dossiers.approved()
    sign_meanwhile(dossier)
    by_hand()
    (row,) = told(dossier)
    connection.close()
    window = visit(reverse("workspace:inbox"), cast.HANDLER, viewport=viewport, color_scheme=scheme)
    window.locator(f'a[href="{reverse("registers:result", args=[row.pk])}"]').first.click()
    found = faults(window)
    window.get_by_role("link", name="Hoàn thiện và nhập").click()
    found += faults(window)
    window.locator("#f-so_giay_phep").fill("01A/GPXD")
    window.locator("[form=entry]").first.click()
    window.wait_for_url(lambda address: "/them/" not in address)
    if "muc-dich" in window.url:
        window.get_by_label("Cập nhật").first.check()
        window.locator("main form .btn-primary").first.click()
    found += faults(window)
    window.goto(reverse("workspace:dossier", args=[dossier.pk]))
    found += faults(window)
    assert found == []
    connection.close()
    assert not Received.objects.get(pk=row.pk).waits


def test_the_handler_sees_what_the_register_says(visit: Visit) -> None:
    company()
    dossier = dossiers.in_hand(
        owner__kind="organisation",
        owner__tax_code=TAX_CODE,
        owner__representative="Người khác",
        owner__full_name=COMPANY["ten"],
    )
    connection.close()
    window = visit(reverse("workspace:dossier", args=[dossier.pk]), cast.HANDLER, viewport=PHONE)
    expect(window.get_by_text("Hồ Thị Sen")).to_be_visible()
    assert faults(window) == []
