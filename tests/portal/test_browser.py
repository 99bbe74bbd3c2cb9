"""The public pages in a real browser: on a small phone, without scripts, for those who cannot see."""

import uuid
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from lienthong.cases import services
from lienthong.cases.models import Dossier
from lienthong.identity.services import mandates
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults, windows
from tests.cases import dossiers
from tests.cases.mandates import between
from tests.cases.test_documents import handed_in, kept
from tests.cases.test_representing import begun as begun_for
from tests.identity.test_mandates import NEW, claimed
from tests.portal.conftest import a_photo, begun, complete, filled_in, page

pytestmark = pytest.mark.browser


@pytest.fixture
def visit(browser: Browser, site: str) -> Iterator[Visit]:
    """Open a window: `visit("/", viewport=PHONE, as_=cast.AN, java_script_enabled=False)`."""
    with windows(browser, site) as open_window:
        yield lambda path, *, as_="", **options: open_window(path, as_, **options)


def test_axe_finds_nothing_and_nothing_sticks_out_for_strangers(visit: Visit):
    dossier = dossiers.received()
    found = []
    for viewport, scheme in ((PHONE, "dark"), (DESK, "light")):
        window = visit("/", viewport=viewport, color_scheme=scheme)
        for path in (
            "/",
            "/thu-tuc/?q=dang+ky",
            f"/thu-tuc/{dossiers.PERMIT}/",
            "/tra-cuu/",
            "/kiem-tra/",
            "/tiep-can/",
        ):
            window.goto(path)
            found += faults(window)
        window.goto(f"/tra-cuu/?code={dossier.code}")
        window.fill("#id_phone_end", "0000")
        window.press("#id_phone_end", "Enter")
        window.wait_for_selector(".lt-error-summary")
        found += faults(window)
        window.fill("#id_phone_end", dossiers.HOUSE["owner"]["phone"][-4:])
        window.press("#id_phone_end", "Enter")
        window.wait_for_selector(".lt-stations")
        found += faults(window)
    assert found == []


def test_axe_finds_nothing_and_nothing_sticks_out_for_applicants(visit: Visit):
    draft, dossier = complete(), dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu bản vẽ móng.")
    written(dossier)
    addresses = [
        page("begin", dossiers.PERMIT),
        page("agency", draft.key),
        *(page("fill_in", draft.key, number) + "?sua=1" for number in (1, 2, 4)),
        page("fill_in", begun().key, 2) + "?sua=1",
        page("attachments", draft.key),
        page("returning", draft.key),
        page("variant", services.start_draft(procedure_key="dang-ky-khai-sinh", applicant=cast.actor(cast.AN)).key),
        page("review", draft.key),
        page("discard", draft.key),
        page("mine"),
        page("dossier", dossier.pk),
        page("submitted", dossier.pk),
        page("supplement", dossier.pk),
        page("withdraw", dossier.pk),
        page("talk", dossier.pk),
        page("my_data"),
        page("readings"),
    ]
    found = []
    for viewport, scheme in ((PHONE, "light"), (DESK, "dark")):
        window = visit("/", as_=cast.AN, viewport=viewport, color_scheme=scheme)
        for address in addresses:
            window.goto(address)
            found += faults(window)
    assert found == []


def written(dossier: Dossier) -> None:
    """A question with a long file name, an answer that asks back, and that an officer has read the dossier."""
    handler, name = cast.actor(cast.HANDLER), f"{'so-do-vi-tri-' * 8}.jpg"
    services.write_back(
        dossier_id=dossier.pk,
        text="Bao giờ có kết quả ạ?",
        applicant=cast.actor(cast.AN),
        key=uuid.uuid4(),
        files=[services.talking.Enclosed(name, cast.photo())],
    )
    services.write(dossier_id=dossier.pk, text="Mấy tầng ạ?", officer=handler, key=uuid.uuid4(), wants_answer=True)
    services.read_dossier(dossier_id=dossier.pk, actor=handler)


def test_a_question_with_a_picture_is_sent_on_a_phone_without_scripts(visit: Visit, tmp_path: Path):
    photo = tmp_path / "so-do.jpg"
    photo.write_bytes(cast.photo())
    dossier = dossiers.in_hand()
    window = visit(page("dossier", dossier.pk), as_=cast.AN, viewport=PHONE, java_script_enabled=False)
    window.click("#trao-doi > details > summary")
    window.fill("#noi-dung", "Bao giờ có kết quả ạ?")
    window.click("#trao-doi details details > summary")
    window.set_input_files("#tep", photo)
    window.click("#trao-doi .btn")
    assert "Bao giờ có kết quả ạ?" in window.inner_text(".lt-thread") and "so-do.jpg" in window.inner_text(".lt-thread")


def test_axe_finds_nothing_on_the_pages_of_papers_and_mandates(visit: Visit):
    dossier, document, draft = handed_in(), kept(), filled_in()
    for_long = date(2029, 12, 31)
    mandate, ended = between(valid_to=for_long), between(valid_to=for_long, procedures=(dossiers.PERMIT,))
    claim = claimed(represented=NEW)
    offered = mandates.offer(
        actor=cast.actor(cast.AN),
        agent_name="Nguyễn Hoàng Bảo Trâm",
        terms=mandates.Terms(valid_from=cast.MONDAY.date(), valid_to=for_long),
    )
    for_another = begun_for(mandate)
    stopped = begun_for(ended)
    mandates.revoke(actor=cast.actor(cast.AN), mandate_id=ended.pk)
    of_an = [
        page("documents"),
        page("documents") + "?q=khong+co",
        page("document_add"),
        page("document", document.pk),
        page("document_remove", document.pk),
        page("attachments", draft.key),
        page("begin", dossiers.PERMIT),
        page("mandates"),
        page("mandate_give"),
        page("mandate", offered.pk),
        page("mandate", mandate.pk),
        page("dossier", dossier.pk),
    ]
    of_bich = [
        page("mandates"),
        page("mandate_business"),
        page("mandate_claim"),
        page("mandate", mandate.pk),
        page("mandate", claim.pk),
        page("mandate_end", mandate.pk),
        page("agency", for_another.key),
        page("agency", stopped.key),
        page("begin", dossiers.PERMIT),
    ]
    found = []
    for viewport, scheme in ((PHONE, "dark"), (DESK, "light")):
        for username, addresses in ((cast.AN, of_an), (cast.BICH, of_bich)):
            window = visit("/", as_=username, viewport=viewport, color_scheme=scheme)
            for address in addresses:
                window.goto(address)
                found += faults(window)
    assert found == []


def test_a_paper_is_used_again_by_one_click_without_scripts_too(visit: Visit):
    kept()
    draft = filled_in()
    for scripts in (False, True):
        window = visit(page("attachments", draft.key), as_=cast.AN, viewport=PHONE, java_script_enabled=scripts)
        window.get_by_role("button", name="Dùng lại").click()
        window.locator("#giay-giay-to-dat .lt-file", has_text="Sổ đỏ nhà tôi").wait_for()
        assert draft.files.filter(reused=True).count() == 1
        window.get_by_role("button", name="Gỡ").first.click()
        window.get_by_role("button", name="Dùng lại").wait_for()


def test_the_list_of_procedures_follows_what_is_typed(visit: Visit):
    window = visit("/thu-tuc/")
    window.type("#q", "phep xay")
    window.get_by_text("Tìm thấy 1 thủ tục").wait_for()
    assert "Cấp giấy phép xây dựng" in window.inner_text("#found")
    assert "q=phep+xay" in window.url or "q=phep%20xay" in window.url


def test_chosen_files_are_sent_at_once_and_wrong_ones_are_told_beside_them(visit: Visit, tmp_path: Path):
    photo, lie = tmp_path / "mat-bang.jpg", tmp_path / "that.pdf"
    for file in (photo, lie):
        file.write_bytes(cast.photo())
    draft = complete()
    window = visit(page("attachments", draft.key), as_=cast.AN)
    window.set_input_files("#tep-phong-chay", [photo])
    window.wait_for_selector("#giay-phong-chay .lt-file")
    window.set_input_files("#tep-phong-chay", [lie])
    window.wait_for_selector("#giay-phong-chay .lt-row-bad")
    assert "nội dung thật là" in window.inner_text("#giay-phong-chay")
    assert draft.files.count() == 3


def test_what_depends_on_an_answer_appears_when_it_is_given(visit: Visit):
    draft = begun()
    window = visit(page("fill_in", draft.key, 1), as_=cast.AN)
    assert not window.is_visible("[name='owner.tax_code']")
    window.check("[name='owner.kind'][value='organisation']")
    window.wait_for_selector("[name='owner.tax_code']:not([type=hidden])")


def test_an_application_from_the_home_page_to_the_reference_on_a_phone_without_scripts(visit: Visit, tmp_path: Path):
    """At most three clicks to the procedure; a real photo; errors in their place; the draft kept meanwhile."""
    photo = tmp_path / "giay-to.jpg"
    photo.write_bytes(a_photo().read())
    window = visit("/", as_=cast.AN, viewport=PHONE, java_script_enabled=False)
    window.fill("#hero-search", "giay phep xay dung")
    window.press("#hero-search", "Enter")
    window.click(".lt-link-item a")
    window.click(".btn-start")
    window.click("form .btn-start")
    onward(window)
    onward(window)
    window.fill("[name='site.lot']", "Thửa 125, tờ bản đồ số 14")
    window.fill("[name='site.area']", "120,5")
    window.select_option("[name='site.location.unit']", "24617")
    window.fill("[name='site.location.detail']", "12 Trần Hưng Đạo")
    onward(window)
    assert window.is_visible(".lt-error-summary")
    window.fill("[name='site.land_paper']", "Giấy chứng nhận số CD 123456")
    window.click("[name=_leave]")
    window.click(".lt-draft .btn-secondary")
    assert window.input_value("[name='design.designer']") == ""
    window.fill("[name='design.designer']", "Công ty TNHH Kiến trúc Nâm Nung")
    onward(window)
    window.check("[name='house.grade'][value='4']")
    for key, value in {"ground_level": "0,3", "ground_area": "80", "height": "7,5"}.items():
        window.fill(f"[name='house.{key}']", value)
    window.select_option("[name='house.floors.0.kind']", "storey")
    for key, value in {"title": "Tầng 1", "area": "80", "height": "3,6"}.items():
        window.fill(f"[name='house.floors.0.{key}']", value)
    onward(window)
    window.fill("[name='plan.months']", "6")
    window.check("[name='plan.pledge'][type=checkbox]")
    onward(window)
    window.set_input_files("#tep-giay-to-dat", photo)
    window.set_input_files("#tep-ban-ve", photo)
    onward(window)
    window.check('[name="return_way"][value="post"]')
    window.fill("#return_address", "Số 42, tổ dân phố 3, phường Nghĩa Trung")
    window.click('[name="_next"]')
    window.check("#cam-doan")
    window.click("form .btn-start")
    dossier = Dossier.objects.get()
    assert dossier.tracking in window.inner_text(".lt-confirmation")


def onward(window: Page) -> None:
    window.click("[name=_next]")
