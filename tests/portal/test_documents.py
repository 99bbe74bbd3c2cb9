"""The pages of one's own papers, and their use in an application."""

import pytest
from django.test import Client

from lienthong.cases.models import Document, DraftFile
from lienthong.cases.services import documents
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.cases.test_documents import handed_in, kept
from tests.portal.conftest import a_photo, filled_in, page

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    return answer.content.decode()


def test_an_empty_page_says_what_stands_here(an: Client):
    assert "Bạn chưa có giấy tờ nào ở đây" in text(an.get(page("documents")))


def test_the_page_shows_where_each_paper_is_from(an: Client):
    dossier, own = handed_in(), kept(number="CD 123456")
    shown = text(an.get(page("documents")))
    assert own.name in shown and "CD 123456" in shown and page("document_remove", own.pk) in shown
    assert page("dossier", dossier.pk) in shown and "nộp" in shown
    taken = Document.objects.get(component="ban-ve")
    assert page("document_remove", taken.pk) not in shown and page("document", taken.pk) in shown


def test_the_page_costs_the_same_however_many_papers_there_are(an: Client):
    handed_in()
    few = queries_of(lambda: an.get(page("documents")))
    for _more in range(4):
        handed_in()
    assert queries_of(lambda: an.get(page("documents"))) == few


def test_the_list_goes_on_after_its_last_row(an: Client):
    for _dossier in range(12):
        handed_in()
    first = an.get(page("documents"))
    assert len(first.context["documents"]) == 20
    rest = an.get(page("documents") + f"?truoc={first.context['older']}")
    assert len(rest.context["documents"]) == 4 and rest.context["older"] is None
    both = [each.pk for answer in (first, rest) for each in answer.context["documents"]]
    assert len(set(both)) == 24


def test_the_search_finds_without_marks_and_says_when_it_finds_nothing(an: Client):
    kept()
    assert "Sổ đỏ nhà tôi" in text(an.get(page("documents") + "?q=so+do+nha"))
    assert "Không tìm thấy" in text(an.get(page("documents") + "?q=ho+chieu"))
    for hostile in ("%00", "'", '"" OR -', "x" * 900):
        assert an.get(page("documents"), {"q": hostile}).status_code == 200


@pytest.mark.parametrize("before", ["x", "-1", "9" * 40, ""])
def test_a_wrong_place_in_the_list_is_its_beginning(an: Client, before: str):
    kept()
    assert len(an.get(page("documents"), {"truoc": before}).context["documents"]) == 1


def test_a_paper_is_kept_and_named_and_removed_after_asking(an: Client):
    sent = {"file": a_photo("can-cuoc.jpg"), "type": "tuy-than", "issued_on": "2021-05-04", "valid_until": "2031-05-04"}
    assert an.post(page("document_add"), sent)["Location"] == page("documents")
    document = Document.objects.get()
    assert document.name == "can-cuoc.jpg" and document.kind.startswith("Giấy tờ tùy thân")
    assert "2031" in text(an.get(page("documents")))
    an.post(page("document", document.pk), {"name": "Căn cước", "type": "tuy-than", "number": "067085004127"})
    document.refresh_from_db()
    assert (document.name, document.number) == ("Căn cước", "067085004127")
    assert "Không thể lấy lại" in text(an.get(page("document_remove", document.pk)))
    assert Document.objects.exists()
    an.post(page("document_remove", document.pk))
    assert not Document.objects.exists()


def test_a_form_without_a_file_says_so(an: Client):
    answer = an.post(page("document_add"), {"name": "x"})
    assert answer.status_code == 422 and "lt-error-summary" in text(answer)


def test_a_file_that_is_no_picture_and_no_pdf_is_refused(an: Client):
    from django.core.files.uploadedfile import SimpleUploadedFile

    bad = SimpleUploadedFile("x.jpg", b"MZ\x90\x00 not a picture", "image/jpeg")
    assert an.post(page("document_add"), {"file": bad}).status_code == 422
    assert not Document.objects.exists()


@pytest.mark.parametrize("name", ["document", "document_file", "document_remove"])
def test_strangers_find_nothing(bich: Client, name: str):
    document = kept()
    assert bich.get(page(name, document.pk)).status_code == 404
    assert bich.post(page(name, document.pk), {"name": "x"}).status_code in (404, 405)
    assert Document.objects.filter(name="Sổ đỏ nhà tôi").exists()


def test_the_file_is_shown_and_saved_under_its_name(an: Client):
    answer = an.get(page("document_file", kept().pk) + "?tai")
    assert "attachment" in answer["Content-Disposition"] and "S%E1%BB%95" in answer["Content-Disposition"]


def test_one_click_attaches_what_is_here_already(an: Client):
    document, draft = kept(), filled_in()
    shown = text(an.get(page("attachments", draft.key)))
    assert "Bạn đã có giấy tờ này ở đây" in shown and f'value="giay-to-dat:{document.pk}"' in shown
    answer = an.post(page("attachments", draft.key), {"_reuse": f"giay-to-dat:{document.pk}"})
    attached = DraftFile.objects.get()
    assert attached.reused and attached.name == "Sổ đỏ nhà tôi" and "dùng lại" in text(answer)
    assert f'value="giay-to-dat:{document.pk}"' not in text(answer)
    assert "dùng lại" in text(an.get(page("review", draft.key)))


def test_one_card_comes_back_to_the_page(an: Client):
    document, draft = kept(), filled_in()
    address = page("attachments", draft.key) + "?giay=giay-to-dat"
    answer = an.post(address, {"_reuse": f"giay-to-dat:{document.pk}"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200 and document.name in text(answer) and "<html" not in text(answer)


@pytest.mark.parametrize("sent", ["", ":", "giay-to-dat:", "giay-to-dat:x", "giay-to-dat:" + "9" * 30, "x:1"])
def test_nonsense_attaches_nothing(an: Client, sent: str):
    draft = filled_in()
    assert an.post(page("attachments", draft.key), {"_reuse": sent}).status_code in (200, 404, 422)
    assert not DraftFile.objects.exists()


def test_the_paper_of_somebody_else_is_refused_on_the_page(an: Client):
    document, draft = kept(cast.BICH), filled_in()
    answer = an.post(page("attachments", draft.key), {"_reuse": f"giay-to-dat:{document.pk}"})
    assert answer.status_code == 422 and "không dùng được ở đây" in text(answer)
    assert not DraftFile.objects.exists()


def test_the_page_of_papers_costs_the_same_with_many_at_hand(an: Client):
    draft = filled_in()
    kept()
    few = queries_of(lambda: an.get(page("attachments", draft.key)))
    for _more in range(4):
        handed_in()
    assert queries_of(lambda: an.get(page("attachments", draft.key))) == few


def test_answers_of_the_last_application_are_taken_over_when_asked(an: Client):
    from lienthong.cases.models import Draft

    shown = text(an.get(page("begin", dossiers.PERMIT)))
    assert "lay-lai" not in shown
    dossiers.submitted()
    assert "Lấy lại nội dung đã khai lần trước" in text(an.get(page("begin", dossiers.PERMIT)))
    for _twice in range(2):
        an.post(page("begin", dossiers.PERMIT), {"lay-lai": "1"})
    assert Draft.objects.get().data["site"]["lot"] == "Thửa 125, tờ bản đồ số 14"


def test_a_result_is_shown_as_verified_to_the_officer(an: Client):
    from lienthong.cases.models import Component
    from tests.portal.test_dossiers import finished
    from tests.workspace.conftest import desk

    result = finished().papers.get(kind="result")
    documents.keep_result(result.pk)
    dossier = dossiers.received()
    component = dossier.components.first()
    Component.objects.filter(pk=component.pk).update(reused=True, result=result, file=result.file)
    shown = text(desk(cast.CLERK).get(f"/ban-lam-viec/ho-so/{dossier.pk}/"))
    assert "Kết quả do hệ thống cấp, đã xác thực" in shown and result.verification in shown
