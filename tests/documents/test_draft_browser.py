"""Drafts in a real browser: written, put to another, written on, compared; on a phone and at the desk."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import Page

from lienthong.documents.drafts import services
from lienthong.documents.models import Draft, DraftOpinion
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.documents.conftest import FINANCE, HANDLER, HEAD, OTHER_HEAD
from tests.documents.test_drafts import begun, desk, written

pytestmark = pytest.mark.browser

DRAFTS = "/ban-lam-viec/van-ban/du-thao/"


def typed(page: Page, text: str) -> None:
    """At the end of the text."""
    area = page.get_by_role("textbox", name="Nội dung", exact=True)
    area.click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.keyboard.type(text)


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_a_draft_is_written_put_to_another_written_on_and_compared(visit: Visit, viewport: dict[str, int], scheme: str):
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    page = visit(HANDLER, DRAFTS, **look)
    found += faults(page)
    page.get_by_role("link", name="Soạn văn bản mới").first.click()
    page.get_by_label("Loại", exact=False).first.select_option("quyet-dinh")
    page.get_by_label("Trích yếu").fill("Thành lập Tổ rà soát quy hoạch")
    found += faults(page)
    page.get_by_role("button", name="Soạn thảo").click()
    page.wait_for_url("**/soan/")
    typed(page, "Điều 4. Tổ có năm thành viên.")
    page.get_by_role("button", name="Đậm").first.click()
    page.keyboard.type(" Hết.")
    found += faults(page)
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Đã lưu thành bản 2").wait_for()
    written_so = "<p>Điều 4. Tổ có năm thành viên. <strong>Hết.</strong></p>"
    assert page.locator(".draft-body").inner_html().endswith(written_so)
    found += faults(page)

    page.get_by_role("link", name="Lấy ý kiến").click()
    page.get_by_label("Phòng Tài chính - Kế hoạch thành phố Gia Nghĩa", exact=True).check()
    page.get_by_label("Nội dung xin ý kiến").fill("Đề nghị góp ý về số thành viên.")
    found += faults(page)
    page.get_by_role("button", name="Gửi lấy ý kiến").click()
    page.get_by_text("chưa góp ý").first.wait_for()

    other = visit(OTHER_HEAD, f"{DRAFTS}y-kien/{DraftOpinion.objects.get().pk}/", **look)
    other.get_by_label("nhất trí, có góp ý").check()
    other.get_by_label("Nội dung góp ý").fill("Đề nghị bảy thành viên.")
    found += faults(other)
    other.get_by_role("button", name="Gửi ý kiến").click()
    other.get_by_text("Ý kiến của bạn").first.wait_for()
    taking = visit(
        HANDLER, f"{DRAFTS}{Draft.objects.get().pk}/y-kien/{DraftOpinion.objects.get().pk}/tiep-thu/", **look
    )
    taking.get_by_label("tiếp thu", exact=True).check()
    found += faults(taking)
    taking.get_by_role("button", name="Ghi lại").click()
    taking.get_by_text("Đã ghi lại").wait_for()
    found += faults(taking)
    other.get_by_text("Đã gửi ý kiến của bạn").wait_for()

    page.reload()
    assert page.get_by_text("Đề nghị bảy thành viên.").is_visible()
    page.get_by_role("link", name="Soạn tiếp").click()
    area = page.get_by_role("textbox", name="Nội dung", exact=True)
    area.evaluate("area => { area.lastElementChild.innerHTML = 'Điều 4. Tổ có bảy thành viên.' }")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Đã lưu thành bản 3").wait_for()
    page.get_by_role("link", name="Nội dung thay đổi").first.click()
    assert page.locator("del").first.inner_text() == "năm" and page.locator("ins").first.inner_text() == "bảy"
    found += faults(page)
    assert found == []


def test_what_was_typed_and_not_saved_is_found_again(visit: Visit):
    draft = begun()
    page = visit(HANDLER, f"{DRAFTS}{draft.pk}/soan/")
    typed(page, "Điều 9. Chưa lưu.")
    page.on("dialog", lambda dialog: dialog.accept())
    page.reload()
    page.get_by_role("button", name="Lấy lại").click()
    assert "Điều 9. Chưa lưu." in page.get_by_role("textbox", name="Nội dung", exact=True).inner_text()
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Đã lưu thành bản 2").wait_for()
    page.get_by_role("link", name="Soạn tiếp").click()
    page.get_by_role("textbox", name="Nội dung", exact=True).wait_for()
    assert not page.get_by_text("Trình duyệt còn giữ").is_visible()


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_recipients_are_looked_for_from_the_keyboard_and_come_back_with_the_text(
    visit: Visit, viewport: dict[str, int], scheme: str
):
    draft, district = begun(), by_key("huyen-cu-jut").name
    page = visit(HANDLER, f"{DRAFTS}{draft.pk}/soan/", viewport=viewport, color_scheme=scheme)
    page.on("dialog", lambda dialog: dialog.accept())
    typed(page, "Điều 9. Chưa lưu.")
    page.get_by_text("Cơ quan nhận bản điện tử").click()
    page.get_by_label("Tìm cơ quan").fill("cu jut")
    page.get_by_label("Tìm cơ quan").press("Enter")
    page.locator("#recipients").get_by_label(district, exact=True).check()
    assert "Điều 9. Chưa lưu." in page.get_by_role("textbox", name="Nội dung", exact=True).inner_text()
    page.get_by_role("button", name=re.compile("^UBND các huyện")).first.click()
    chosen = page.get_by_role("group", name=re.compile("^Đã chọn"))
    chosen.get_by_label(district, exact=True).wait_for()
    assert faults(page) == []

    page.goto(page.url.partition("#")[0])
    page.get_by_role("button", name="Lấy lại").click()
    chosen.get_by_label(district, exact=True).wait_for()
    assert "Điều 9. Chưa lưu." in page.get_by_role("textbox", name="Nội dung", exact=True).inner_text()
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_text("Đã lưu thành bản 2").wait_for()
    draft.refresh_from_db()
    assert district in [each["name"] for each in draft.recipients]


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "light"), (DESK, "dark")])
def test_axe_finds_nothing_where_two_write_at_once_and_where_a_draft_is_dropped(
    visit: Visit, viewport: dict[str, int], scheme: str
):
    draft = begun()
    look = {"viewport": viewport, "color_scheme": scheme}
    page = visit(HANDLER, f"{DRAFTS}{draft.pk}/soan/", **look)
    written(draft, HEAD, abstract="Thành lập Ban rà soát quy hoạch")
    typed(page, "Điều 5. Của tôi.")
    page.get_by_role("button", name="Lưu", exact=True).click()
    page.get_by_role("button", name="Lưu thành bản tiếp theo").wait_for()
    found = faults(page)
    assert page.locator("ins", has_text="Ban").count() == 1
    dropped = begun(abstract="Trùng")
    services.circulate(
        draft_id=dropped.pk,
        desks=[desk(FINANCE)],
        question="Góp ý",
        due_at=clock.now() + timedelta(days=2),
        officer=cast.actor(HANDLER),
    )
    found += faults(visit(HANDLER, f"{DRAFTS}{dropped.pk}/bo/", **look))
    services.drop(draft_id=dropped.pk, officer=cast.actor(HANDLER))
    assert Draft.objects.get(pk=dropped.pk).state == Draft.State.DROPPED
    found += faults(visit(HANDLER, f"{DRAFTS}{dropped.pk}/", **look))
    found += faults(visit(HANDLER, f"{DRAFTS}{draft.pk}/tai-len/", **look))
    assert found == []
