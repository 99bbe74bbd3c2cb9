"""The desk in a real browser: by keyboard, on a phone, for those who cannot see, with nobody losing the place."""

import re
import uuid

import pytest

from lienthong.cases import services
from lienthong.cases.models import Component, Dossier
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, sign_meanwhile
from tests.cases import dossiers
from tests.cases.mandates import between
from tests.cases.test_representing import submitted as submitted_for
from tests.identity.test_mandates import NEW, claimed
from tests.workspace.conftest import address, kinds, page

pytestmark = pytest.mark.browser

GOOD = re.compile("^Đạt")


def full_dossier() -> Dossier:
    """With everything a page can show: a correction, an open consultation, marks, papers in the making."""
    dossier = dossiers.in_hand()
    act = dossiers.act
    act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu mặt cắt móng")
    changed = dossiers.house(site__lot="Thửa 126")
    services.supplement(dossier_id=dossier.pk, applicant=cast.actor(cast.AN), raw=changed, note="Đã sửa.")
    act(dossier, cast.HANDLER, "tham-dinh", "lay-y-kien", reason="Nhà có kinh doanh")
    services.write_back(
        dossier_id=dossier.pk,
        text="Bao giờ có kết quả ạ?",
        applicant=cast.actor(cast.AN),
        key=uuid.uuid4(),
        files=[services.talking.Enclosed("so-do.jpg", cast.photo())],
    )
    good, wrong = dossier.components.order_by("pk")
    for component, result in ((good, Component.Check.GOOD), (wrong, Component.Check.WRONG)):
        services.check_component(
            dossier_id=dossier.pk, component_id=component.pk, result=result, officer=cast.actor(cast.HANDLER)
        )
    return dossier


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    full, submitted, received = full_dossier(), dossiers.submitted(), dossiers.received()
    inspected, drafted, approved = dossiers.inspected(), dossiers.drafted(), dossiers.approved()
    dossiers.act(drafted, cast.HEAD, "kiem-tra-du-thao", "trinh-ky")
    pages = {
        cast.HANDLER: [
            page("inbox"),
            page("inbox") + "?han=qua-han",
            page("dossiers"),
            page("dossier", full.pk),
            address(full, "tham-dinh", "dung"),
            address(inspected, "du-thao", "du-thao"),
            page("deed", inspected.pk, "chuyen-nguoi", dossiers.visit(inspected, "du-thao").pk),
            page("deed", inspected.pk, "xin-gia-han", dossiers.visit(inspected, "du-thao").pk),
        ],
        cast.CLERK: [
            page("register"),
            page("mandates"),
            page("mandate_check", claimed(represented=NEW).code),
            page("mandate_check", "2222222222"),
            page("dossier", submitted_for(between()).pk),
            page("dossier", approved.pk),
            address(submitted, "tiep-nhan", "yeu-cau-bo-sung"),
        ],
        cast.HEAD: [address(received, "phan-cong", "phan-cong")],
        cast.FIRE_POLICE: [address(full, "y-kien-pccc", "co-y-kien")],
        cast.LEADER: [address(drafted, "phe-duyet", "ky")],
        "kiemsoat": [
            page("ledger"),
            page("ledger") + "?nguoi=nguyen",
            page("definitions"),
            page("definitions_of", "procedure"),
            page("definition", "procedure", dossiers.PERMIT),
        ],
    }
    found = []
    for username, paths in pages.items():
        window = visit(username, "/ban-lam-viec/", viewport=viewport, color_scheme=scheme)
        for path in paths:
            window.goto(path)
            found += faults(window)
    window = visit(cast.CLERK, address(submitted, "tiep-nhan", "tu-choi"), viewport=viewport, color_scheme=scheme)
    window.click(".lt-action-bar .btn-danger")
    window.wait_for_selector("[data-error-summary]")
    assert found + faults(window) == []


def test_the_inbox_is_walked_and_opened_by_keyboard_alone(visit: Visit):
    first, second = dossiers.submitted(), dossiers.submitted()
    window = visit(cast.CLERK, page("inbox"))
    window.keyboard.press("j")
    window.keyboard.press("j")
    window.keyboard.press("k")
    window.keyboard.press("j")
    window.keyboard.press("Enter")
    window.wait_for_url(f"**{page('dossier', second.pk)}")
    window.keyboard.press("g")
    window.keyboard.press("v")
    window.wait_for_url(f"**{page('inbox')}")
    window.keyboard.press("/")
    window.keyboard.type(first.tracking)
    window.keyboard.press("Enter")
    window.wait_for_url(f"**{page('dossier', first.pk)}")


def test_a_component_is_looked_at_and_marked_without_losing_the_place(visit: Visit):
    dossier = dossiers.submitted()
    window = visit(cast.CLERK, page("dossier", dossier.pk))
    asked: list[str] = []
    window.on("request", lambda request: asked.append(request.url))
    first = window.locator(".desk-file").first
    assert not any("/tep/" in url for url in asked), "nothing is fetched before somebody looks"
    first.locator("summary").click()
    first.locator("img").wait_for(state="visible")
    first.locator("img").evaluate("image => image.decode()")
    before = window.evaluate("scrollY")
    first.get_by_role("button", name=GOOD).click()
    first.locator(".lt-badge.tone-ok").wait_for()
    pressed = first.get_by_role("button", pressed=True)
    assert pressed.count() == 1 and pressed.evaluate("button => button === document.activeElement")
    assert first.locator("img").is_visible() and window.evaluate("scrollY") == before
    pressed.click()
    first.locator(".lt-badge").wait_for(state="detached")
    assert kinds(dossier).count("cases.component_checked") == 2


def test_a_preview_leaves_the_form_to_be_sent(visit: Visit):
    dossier = dossiers.inspected()
    window = visit(cast.HANDLER, address(dossier, "du-thao", "du-thao"))
    window.get_by_label("Theo thiết kế").fill("KT-02")
    with window.expect_response(lambda answer: "du-thao" in answer.url and answer.request.method == "POST") as answered:
        window.get_by_role("button", name="Xem trước").click()
    assert answered.value.headers["content-type"] == "application/pdf"
    assert window.url.endswith("/du-thao/") and window.get_by_label("Theo thiết kế").input_value() == "KT-02"
    window.get_by_role("button", name="Dự thảo giấy phép").click()
    window.wait_for_url(f"**{page('dossier', dossier.pk)}")
    assert dossiers.visit(dossier, "kiem-tra-du-thao")


def test_a_word_goes_with_the_button_that_is_pressed_and_two_presses_are_one(visit: Visit):
    dossier = dossiers.submitted()
    window = visit(cast.CLERK, page("dossier", dossier.pk), viewport=PHONE)
    window.get_by_text("Thêm ý kiến").click()
    window.get_by_label("Ý kiến gửi người xử lý bước tiếp theo").fill("Hồ sơ đầy đủ.")
    button = window.get_by_role("button", name="Tiếp nhận hồ sơ")
    button.evaluate("button => { button.click(); button.click(); }")
    window.get_by_text("Đã xong: Tiếp nhận hồ sơ.").wait_for()
    assert kinds(dossier) == ["cases.submitted", "cases.received"]
    assert dossiers.visit(dossier, "phan-cong").request == "Hồ sơ đầy đủ."


def test_without_scripts_everything_can_still_be_done(visit: Visit):
    dossier = dossiers.submitted()
    window = visit(cast.CLERK, page("dossier", dossier.pk), java_script_enabled=False)
    window.locator(".desk-file").first.get_by_role("button", name=GOOD).click()
    assert window.locator(".desk-file").first.locator(".lt-badge").inner_text() == "đạt"
    window.get_by_role("button", name="Tiếp nhận hồ sơ").click()
    assert "Đã xong: Tiếp nhận hồ sơ." in window.locator("main").inner_text()


def test_a_paper_appears_by_itself_when_it_is_made(visit: Visit):
    dossier = dossiers.approved()
    window = visit(cast.CLERK, page("dossier", dossier.pk))
    window.get_by_text("đang ký").wait_for()
    sign_meanwhile(dossier)
    window.locator("#papers").get_by_role("link", name="Giấy phép xây dựng").wait_for(timeout=8000)
