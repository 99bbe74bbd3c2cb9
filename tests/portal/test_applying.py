"""Writing an application in the browser: page after page, nothing lost, handed in once."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.cases.models import Dossier, Draft, DraftFile
from lienthong.foundation import clock
from lienthong.foundation.files.models import StoredFile
from lienthong.portal import uploads
from lienthong.portal.journey import Journey
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.portal.conftest import a_photo, begun, complete, filled_in, gia_nghia, page

pytestmark = pytest.mark.django_db

OWNER = {
    "owner.kind": "individual",
    "owner.full_name": "Nguyễn Văn An",
    "owner.person_id": "067085004127",
    "owner.address": "Số 42, tổ dân phố 3",
    "owner.phone": "0905412768",
    "owner.email": "",
}


def text(answer) -> str:
    return answer.content.decode()


def test_applying_needs_an_account_and_comes_back_after_signing_in(client: Client):
    answer = client.get(page("begin", dossiers.PERMIT))
    assert answer.status_code == 302
    assert answer["Location"].endswith("?next=" + page("begin", dossiers.PERMIT))


def test_the_first_page_says_what_to_have_ready(an: Client):
    shown = text(an.get(page("begin", dossiers.PERMIT)))
    assert "Bản vẽ thiết kế xây dựng" in shown and "15 ngày" in shown


def test_beginning_makes_a_draft_with_what_is_known_of_the_person(an: Client):
    answer = an.post(page("begin", dossiers.PERMIT))
    draft = Draft.objects.get()
    assert answer["Location"] == page("agency", draft.key)
    assert draft.data["owner"]["full_name"] == "Nguyễn Văn An"


def test_pressing_begin_twice_makes_one_draft(an: Client):
    an.post(page("begin", dossiers.PERMIT))
    an.post(page("begin", dossiers.PERMIT))
    assert Draft.objects.count() == 1


def test_a_draft_that_was_begun_is_offered_to_go_on_with(an: Client):
    draft = filled_in()
    assert page("draft", draft.key) in text(an.get(page("begin", dossiers.PERMIT)))


def test_the_agency_of_the_applicants_address_is_chosen_beforehand(an: Client):
    answer = an.get(page("agency", begun().key))
    assert answer.context["chosen"] == str(gia_nghia()) and answer.context["guessed"]


@pytest.mark.parametrize("sent", ["", "0", "999999999", "-1", "abc", "1" * 40])
def test_an_agency_that_does_not_offer_it_cannot_be_chosen(an: Client, sent: str):
    draft = begun()
    answer = an.post(page("agency", draft.key), {"competent": sent, "_next": "1"})
    assert answer.status_code == 422 and "lt-error-summary" in text(answer)
    draft.refresh_from_db()
    assert draft.competent_id is None


def test_choosing_the_agency_leads_to_the_form(an: Client):
    draft = begun()
    answer = an.post(page("agency", draft.key), {"competent": str(gia_nghia()), "_next": "1"})
    assert answer["Location"] == page("fill_in", draft.key, 1)


def test_what_is_wrong_is_said_beside_the_field_and_on_top_and_nothing_is_lost(an: Client):
    draft = begun()
    answer = an.post(page("fill_in", draft.key, 1), {**OWNER, "owner.phone": "12", "owner.full_name": ""})
    shown = text(answer)
    assert answer.status_code == 422
    assert 'href="#f-owner-phone"' in shown and 'id="f-owner-phone_error"' in shown
    assert 'href="#f-owner-full_name"' in shown
    assert 'value="12"' in shown
    draft.refresh_from_db()
    assert draft.data["owner"]["phone"] == "12"


def test_errors_are_only_those_of_the_page_at_hand(an: Client):
    answer = an.post(page("fill_in", (draft := begun()).key, 1), OWNER)
    assert answer["Location"] == page("fill_in", draft.key, 2)


def test_save_and_leave_keeps_even_what_is_wrong(an: Client):
    draft = begun()
    answer = an.post(page("fill_in", draft.key, 1), {**OWNER, "owner.phone": "sai", "_leave": "1"})
    assert answer["Location"] == page("mine")
    draft.refresh_from_db()
    assert draft.data["owner"]["phone"] == "sai"
    assert "Tiếp tục" in text(an.get(page("mine")))


def test_a_dependent_part_is_refreshed_and_the_draft_kept(an: Client):
    draft = begun()
    sent = {**OWNER, "owner.kind": "organisation", "_action": "refresh:owner.kind"}
    answer = an.post(page("fill_in", draft.key, 1), sent, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert 'name="owner.tax_code"' in text(answer) and "hx-swap-oob" in text(answer)
    draft.refresh_from_db()
    assert draft.data["owner"]["kind"] == "organisation"


def test_a_row_can_be_added_without_scripts(an: Client):
    draft = filled_in()
    answer = an.post(page("fill_in", draft.key, 4), {"_action": "add:house.floors"})
    assert 'name="house.floors.2.kind"' in text(answer)


def test_a_part_that_is_not_there_is_not_found(an: Client):
    assert an.get(page("fill_in", begun().key, 99)).status_code == 404


def test_going_on_leads_to_the_first_page_that_lacks_something(an: Client):
    assert an.get(page("draft", begun().key))["Location"].endswith("/noi-nop/")
    assert an.get(page("draft", filled_in().key))["Location"].endswith("/giay-to/")
    assert an.get(page("draft", complete().key))["Location"].endswith("/kiem-tra/")


def test_a_change_asked_for_on_the_last_page_leads_back_to_it(an: Client):
    draft = complete()
    answer = an.post(page("fill_in", draft.key, 1) + "?ve=1", OWNER)
    assert answer["Location"] == page("review", draft.key)


# the case, and how the result is wanted


def test_the_case_is_asked_first_and_may_be_changed(an: Client):
    answer = an.post(page("begin", "dang-ky-khai-sinh"))
    draft = Draft.objects.get()
    assert answer["Location"] == page("variant", draft.key)
    assert an.get(page("draft", draft.key))["Location"] == page("variant", draft.key)
    nothing = an.post(page("variant", draft.key), {"_next": "1"})
    assert nothing.status_code == 422 and "Chọn trường hợp của bạn." in text(nothing)
    assert an.post(page("variant", draft.key), {"variant": "la"}).status_code == 422
    answer = an.post(page("variant", draft.key), {"variant": "co-nguoi-lam-chung", "_next": "1"})
    assert answer["Location"] == page("agency", draft.key)
    papers = text(an.get(page("attachments", draft.key)))
    assert "Văn bản của người làm chứng" in papers and "Giấy cam đoan" not in papers
    assert "checked" in text(an.get(page("variant", draft.key)))


def test_a_procedure_with_one_case_has_no_page_for_it(an: Client):
    assert an.get(page("variant", begun().key)).status_code == 404


def test_the_result_by_post_needs_an_address(an: Client):
    draft = begun()
    assert page("returning", draft.key) in str(Journey(draft, cast.actor(cast.AN)).stops)
    assert 'value="online" id="return_way" checked' in text(an.get(page("returning", draft.key)))
    refused = an.post(page("returning", draft.key), {"return_way": "post", "return_address": " "})
    assert refused.status_code == 422 and 'href="#return_address"' in text(refused)
    sent = {"return_way": "post", "return_address": "Số 42, phường Nghĩa Trung", "_next": "1"}
    assert an.post(page("returning", draft.key), sent)["Location"] == page("review", draft.key)
    draft.refresh_from_db()
    assert (draft.return_way, draft.return_address) == ("post", "Số 42, phường Nghĩa Trung")
    assert "Số 42, phường Nghĩa Trung" in text(an.get(page("review", draft.key)))


# papers


def test_several_real_files_are_attached_and_shown(an: Client):
    draft = filled_in()
    sent = {"tep.ban-ve": [a_photo("mat-bang.jpg"), SimpleUploadedFile("mat-dung.png", cast.photo())], "_stay": "1"}
    answer = an.post(page("attachments", draft.key), sent)
    assert "mat-bang.jpg" in text(answer)
    assert "Đã đính kèm" in text(answer)


def test_the_same_file_twice_is_attached_once_and_kept_once(an: Client):
    draft = filled_in()
    for _again in range(2):
        an.post(page("attachments", draft.key), {"tep.ban-ve": a_photo(), "_stay": "1"})
    assert DraftFile.objects.filter(draft=draft).count() == 1
    assert StoredFile.objects.filter(account_id=draft.account_id).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("ban-ve.pdf", b"%PDF-", "ban-ve.pdf"),
        ("ban-ve.exe", b"MZ\x90\x00" * 50, "ban-ve.exe"),
        ("ban-ve.jpg", b"", "ban-ve.jpg"),
        ("<b>ve.jpg", b"x" * 50, "&lt;b&gt;ve.jpg"),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused_with_the_reason(an: Client, name, content, said):
    draft = filled_in()
    answer = an.post(page("attachments", draft.key), {"tep.ban-ve": SimpleUploadedFile(name, content), "_next": "1"})
    assert answer.status_code == 422
    assert said in text(answer) and "lt-error-summary" in text(answer) and "<b>ve" not in text(answer)
    assert not DraftFile.objects.exists()


def test_a_picture_that_calls_itself_a_pdf_is_told_so(an: Client):
    draft = filled_in()
    answer = an.post(page("attachments", draft.key), {"tep.ban-ve": a_photo("that.pdf"), "_next": "1"})
    assert answer.status_code == 422 and "nội dung thật là" in text(answer)


def test_one_refused_file_does_not_lose_the_others(an: Client):
    draft = filled_in()
    sent = {"tep.ban-ve": [a_photo("tot.jpg"), SimpleUploadedFile("xau.exe", b"MZ" * 9)], "tep.giay-to-dat": a_photo()}
    assert an.post(page("attachments", draft.key), sent).status_code == 422
    assert set(DraftFile.objects.values_list("component", flat=True)) == {"ban-ve", "giay-to-dat"}


def test_too_large_a_file_is_refused(an: Client, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lienthong.portal.uploads.MEGABYTE", 10)
    draft = filled_in()
    answer = an.post(page("attachments", draft.key), {"tep.ban-ve": a_photo()})
    assert answer.status_code == 422 and not DraftFile.objects.exists()


def test_of_a_flood_no_more_is_kept_than_it_takes_to_refuse_it(an: Client, monkeypatch: pytest.MonkeyPatch, settings):
    settings.FILE_UPLOAD_HANDLERS = ["lienthong.portal.receiving.CutAtTheLimit", *settings.FILE_UPLOAD_HANDLERS]
    monkeypatch.setattr("lienthong.portal.receiving.LARGEST", 100_000)
    monkeypatch.setattr("lienthong.portal.uploads.MEGABYTE", 5_000)
    sizes = []
    monkeypatch.setattr(uploads, "take", lambda files, **rest: sizes.extend(file.size for file in files) or [])
    flood = SimpleUploadedFile("ban-ve.pdf", b"%PDF-" + b"0" * 1_000_000)
    an.post(page("attachments", filled_in().key), {"tep.ban-ve": flood})
    assert 100_000 < sizes[0] < 250_000


def test_with_scripts_only_the_card_comes_back(an: Client):
    draft = filled_in()
    address = page("attachments", draft.key) + "?giay=ban-ve"
    answer = an.post(address, {"tep.ban-ve": a_photo("mat-bang.jpg")}, headers={"HX-Request": "true"})
    assert "mat-bang.jpg" in text(answer) and "<html" not in text(answer)
    wrong = an.post(address, {"tep.ban-ve": a_photo("that.pdf")}, headers={"HX-Request": "true"})
    assert wrong.status_code == 422 and 'id="giay-ban-ve"' in text(wrong)


def test_a_file_taken_off_is_gone_for_good(an: Client):
    draft = complete()
    attached = draft.files.get(component="ban-ve")
    an.post(page("attachments", draft.key), {"_remove": str(attached.pk)})
    assert not DraftFile.objects.filter(pk=attached.pk).exists()
    assert not StoredFile.objects.filter(pk=attached.file_id).exists()


def test_it_does_not_go_on_while_a_required_paper_is_missing(an: Client):
    answer = an.post(page("attachments", filled_in().key), {"_next": "1"})
    assert answer.status_code == 422 and 'href="#giay-ban-ve"' in text(answer)


def test_a_paper_asked_for_only_in_some_cases_appears_with_the_case(an: Client):
    assert "Bản cam kết bảo đảm an toàn" not in text(an.get(page("attachments", filled_in().key)))
    adjoining = filled_in(house__adjoining="on")
    assert "Bản cam kết bảo đảm an toàn" in text(an.get(page("attachments", adjoining.key)))


# handing in


def test_the_last_page_shows_everything_and_what_is_missing(an: Client):
    shown = text(an.get(page("review", filled_in().key)))
    assert "12 Trần Hưng Đạo" in shown and "Còn những việc này trước khi nộp" in shown


def test_without_the_declaration_nothing_is_handed_in(an: Client):
    answer = an.post(page("review", complete().key))
    assert answer.status_code == 422 and 'href="#cam-doan"' in text(answer)
    assert not Dossier.objects.exists()


def test_an_incomplete_application_is_refused_with_links_to_what_is_missing(an: Client):
    draft = begun()
    answer = an.post(page("review", draft.key), {"cam-doan": "1"})
    assert answer.status_code == 422
    assert page("agency", draft.key) in text(answer)
    assert f'href="{page("fill_in", draft.key, 2)}?sua=1&amp;ve=1"' in text(answer)
    assert f"{page('attachments', draft.key)}#giay-ban-ve" in text(answer)
    assert Draft.objects.filter(pk=draft.pk).exists()


def test_a_single_mistake_is_named_with_its_place_and_mending_it_leads_back(an: Client):
    draft = filled_in(site__lot="")
    address = page("fill_in", draft.key, 2) + "?sua=1&ve=1"
    assert f"{address.replace('&', '&amp;')}#f-site-lot" in text(an.get(page("review", draft.key)))
    assert 'id="f-site-lot_error"' in text(an.get(address))
    assert an.post(address, {"site.lot": "Thửa 7"})["Location"] == page("review", draft.key)


def test_handing_in_leads_to_the_reference(an: Client):
    draft = complete()
    answer = an.post(page("review", draft.key), {"cam-doan": "1"})
    dossier = Dossier.objects.get()
    assert answer["Location"] == page("submitted", dossier.pk)
    assert dossier.tracking in text(an.get(answer["Location"]))
    assert not Draft.objects.exists()


def test_handing_in_twice_makes_one_dossier(an: Client):
    draft = complete()
    an.post(page("review", draft.key), {"cam-doan": "1"})
    again = an.post(page("review", draft.key), {"cam-doan": "1"})
    assert Dossier.objects.count() == 1
    assert again["Location"] == page("dossier", Dossier.objects.get().pk)


def test_the_back_button_after_handing_in_leads_to_the_dossier(an: Client):
    draft = complete()
    an.post(page("review", draft.key), {"cam-doan": "1"})
    for name in ("agency", "attachments", "review", "draft"):
        assert an.get(page(name, draft.key))["Location"] == page("dossier", Dossier.objects.get().pk)


def test_the_confirmation_is_a_pdf_with_the_reference(an: Client):
    an.post(page("review", complete().key), {"cam-doan": "1"})
    dossier = Dossier.objects.get()
    answer = an.get(page("confirmation", dossier.pk))
    assert answer["Content-Type"] == "application/pdf" and answer.content.startswith(b"%PDF")
    with clock.at(cast.MONDAY + timedelta(days=3)):
        assert an.get(page("confirmation", dossier.pk)).content == answer.content


# other people


DRAFT_PAGES = ["draft", "variant", "agency", "attachments", "returning", "review", "discard"]


@pytest.mark.parametrize("name", DRAFT_PAGES)
def test_another_persons_draft_is_not_there(bich: Client, name: str):
    draft = complete(cast.AN)
    assert bich.get(page(name, draft.key)).status_code == 404
    if name != "draft":
        assert bich.post(page(name, draft.key), {"cam-doan": "1", "_remove": "1"}).status_code == 404
    assert Draft.objects.filter(pk=draft.pk).exists() and draft.files.count() == 2


def test_another_persons_attached_file_is_not_there(an: Client, bich: Client):
    draft = complete(cast.AN)
    attached = draft.files.first()
    assert an.get(page("draft_file", draft.key, attached.pk)).status_code == 200
    assert bich.get(page("draft_file", draft.key, attached.pk)).status_code == 404
    own = begun(cast.BICH)
    assert bich.get(page("draft_file", own.key, attached.pk)).status_code == 404
    bich.post(page("attachments", own.key), {"_remove": str(attached.pk)})
    assert draft.files.count() == 2


def test_a_draft_that_never_was_is_not_there(an: Client):
    assert an.get(page("review", uuid.uuid4())).status_code == 404


def test_deleting_asks_first_and_then_deletes_with_the_files(an: Client):
    draft = complete()
    assert "Xóa bản nháp?" in text(an.get(page("discard", draft.key)))
    an.post(page("discard", draft.key))
    assert not Draft.objects.exists() and not StoredFile.objects.filter(account_id=draft.account_id).exists()


def test_a_form_with_too_many_names_is_refused(an: Client, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = None
    sent = {f"owner.x{n}": "1" for n in range(20_001)}
    assert an.post(page("fill_in", begun().key, 1), sent).status_code == 413


@pytest.mark.parametrize(("name", "fixed"), [("agency", 6), ("attachments", 8), ("returning", 6), ("review", 7)])
def test_the_pages_of_a_draft_make_a_fixed_number_of_queries(an: Client, name: str, fixed: int):
    draft = complete()
    assert queries_of(lambda: an.get(page(name, draft.key))) == fixed
