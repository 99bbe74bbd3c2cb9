"""What an applicant sees of the own dossiers, and nobody else does."""

import pytest
from django.test import Client

from lienthong.cases import services
from lienthong.cases.models import Dossier, FormerData, Paper
from lienthong.cases.rules import Status
from lienthong.cases.services import papers
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.portal.conftest import a_photo, begun, browser_of, complete, page

pytestmark = pytest.mark.django_db

ASKED = "Bản vẽ chưa thể hiện khoảng lùi."


def text(answer) -> str:
    return answer.content.decode()


def waiting() -> Dossier:
    """A dossier whose handler has asked for a supplement."""
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason=ASKED)
    for paper in Paper.objects.filter(dossier=dossier, state=Paper.State.ISSUED):
        papers.make_form(paper.pk)
    return dossier


def finished() -> Dossier:
    dossier = dossiers.approved()
    leader = cast.actor(cast.LEADER)
    papers.sign_results(
        dossier.pk,
        dossier.signed,
        account_id=leader.account_id,
        post_id=leader.acting.id,
        organisation_id=leader.acting.organisation.id,
        at=cast.MONDAY,
    )
    return dossier


def test_the_list_shows_drafts_dossiers_and_what_waits_for_the_person(an: Client):
    dossier, draft = waiting(), begun()
    shown = text(an.get(page("mine")))
    assert page("draft", draft.key) in shown and page("dossier", dossier.pk) in shown
    assert ASKED in shown and page("supplement", dossier.pk) in shown
    assert "Yêu cầu bổ sung giấy tờ" in shown


def test_an_empty_list_shows_the_way(an: Client):
    assert "Bạn chưa nộp hồ sơ nào" in text(an.get(page("mine")))


def test_the_list_costs_the_same_however_long_it_is(an: Client):
    dossiers.submitted()
    few = queries_of(lambda: an.get(page("mine")))
    for _more in range(5):
        dossiers.submitted()
    assert queries_of(lambda: an.get(page("mine"))) == few == 11


def test_a_dossier_says_where_it_is_and_when_it_is_due(an: Client):
    dossier = dossiers.received()
    shown = text(an.get(page("dossier", dossier.pk)))
    assert "Được tiếp nhận" in shown and dossier.code in shown and "18/03/2025" in shown
    assert "Thẩm định" in shown and "Trả kết quả" in shown
    assert "giay-to" in shown or "ban-ve.jpg" in shown


def test_what_was_handed_in_can_be_opened_by_its_owner_alone(an: Client, bich: Client):
    dossier = dossiers.submitted()
    file = dossier.components.first()
    assert an.get(page("component_file", dossier.pk, file.pk)).status_code == 200
    assert bich.get(page("component_file", dossier.pk, file.pk)).status_code == 404
    assert an.get(page("component_file", dossier.pk, file.pk + 10_000)).status_code == 404


PAGES = ["dossier", "submitted", "confirmation", "supplement", "withdraw"]


@pytest.mark.parametrize("name", PAGES)
def test_another_persons_dossier_is_not_there(bich: Client, name: str):
    dossier = waiting()
    assert bich.get(page(name, dossier.pk)).status_code == 404
    if name in ("supplement", "withdraw"):
        assert bich.post(page(name, dossier.pk), {"reason": "x", "_send": "1", "tra-loi": "x"}).status_code == 404
    dossier.refresh_from_db()
    assert dossier.status == Status.SUPPLEMENT


@pytest.mark.parametrize("name", PAGES)
def test_an_officer_sees_no_applicants_page_through_the_portal(db: None, name: str):
    assert browser_of(cast.HANDLER).get(page(name, waiting().pk)).status_code == 404


@pytest.mark.parametrize("name", ["mine", *PAGES])
def test_a_stranger_is_sent_to_sign_in(client: Client, name: str):
    assert client.get(page(name, *([] if name == "mine" else [1]))).status_code == 302


def test_private_pages_are_kept_by_no_cache(an: Client):
    assert "no-store" in an.get(page("dossier", dossiers.submitted().pk))["Cache-Control"]


# the supplement


def test_what_is_asked_for_stands_on_the_page_with_its_paper(an: Client):
    dossier = waiting()
    paper = dossier.papers.get(kind="supplement-request")
    shown = text(an.get(page("supplement", dossier.pk)))
    assert ASKED in shown and page("paper_file", dossier.pk, paper.pk) in shown
    assert an.get(page("paper_file", dossier.pk, paper.pk))["Content-Type"] == "application/pdf"


def test_a_supplement_of_a_file_and_a_word_lets_the_dossier_go_on(an: Client):
    dossier = waiting()
    an.get(page("supplement", dossier.pk))
    an.post(page("supplement", dossier.pk), {"tep.ban-ve": a_photo("ban-ve-moi.jpg"), "_stay": "1"})
    assert "ban-ve-moi.jpg" in text(an.get(page("supplement", dossier.pk)))
    answer = an.post(page("supplement", dossier.pk), {"tra-loi": "Tôi gửi bản vẽ mới.", "_send": "1"})
    assert answer["Location"] == page("dossier", dossier.pk)
    dossier.refresh_from_db()
    assert dossier.status == Status.PROCESSING
    assert dossier.components.filter(supplement=1, name="ban-ve-moi.jpg").count() == 1
    assert "Tôi gửi bản vẽ mới." in text(an.get(page("dossier", dossier.pk)))


def test_the_form_can_be_corrected_on_its_own_pages(an: Client):
    dossier = waiting()
    an.get(page("supplement", dossier.pk))
    key = dossier.supplement_draft.key
    answer = an.post(page("fill_in", key, 2), {"site.lot": "Thửa 126"})
    assert answer["Location"] == page("supplement", dossier.pk)
    assert "Bạn đã sửa nội dung." in text(an.get(page("supplement", dossier.pk)))
    an.post(page("supplement", dossier.pk), {"_send": "1"})
    dossier.refresh_from_db()
    assert dossier.data["site"]["lot"] == "Thửa 126"
    assert FormerData.objects.get(dossier=dossier).data["site"]["lot"] != "Thửa 126"


def test_an_empty_supplement_is_refused(an: Client):
    dossier = waiting()
    answer = an.post(page("supplement", dossier.pk), {"tra-loi": "  ", "_send": "1"})
    assert answer.status_code == 422 and 'href="#tra-loi"' in text(answer)


def test_a_refused_file_keeps_the_word_that_was_typed(an: Client):
    dossier = waiting()
    sent = {"tep.ban-ve": a_photo("that.pdf"), "tra-loi": "Xin xem bản vẽ", "_send": "1"}
    answer = an.post(page("supplement", dossier.pk), sent)
    assert answer.status_code == 422 and "Xin xem bản vẽ" in text(answer)
    dossier.refresh_from_db()
    assert dossier.status == Status.SUPPLEMENT


def test_sending_twice_is_told_and_changes_nothing(an: Client):
    dossier = waiting()
    an.post(page("supplement", dossier.pk), {"tra-loi": "Đây", "_send": "1"})
    again = an.post(page("supplement", dossier.pk), {"tra-loi": "Đây", "_send": "1"})
    assert again["Location"] == page("dossier", dossier.pk)


def test_the_draft_of_a_supplement_is_no_application(an: Client):
    dossier = waiting()
    an.get(page("supplement", dossier.pk))
    key = dossier.supplement_draft.key
    assert page("draft", key) not in text(an.get(page("mine")))
    assert an.post(page("review", key), {"cam-doan": "1"})["Location"] == page("supplement", dossier.pk)
    with pytest.raises(services.drafting.NoSuchDraft):
        services.submit_draft(key=key, applicant=cast.actor(cast.AN))
    assert Dossier.objects.count() == 1


# withdrawing, refusal, result


def test_withdrawing_asks_for_a_reason(an: Client):
    dossier = dossiers.received()
    assert an.post(page("withdraw", dossier.pk), {"reason": " "}).status_code == 422
    an.post(page("withdraw", dossier.pk), {"reason": "Tôi không xây nữa"})
    dossier.refresh_from_db()
    assert dossier.status == Status.WITHDRAWN
    assert "Công dân yêu cầu rút hồ sơ" in text(an.get(page("dossier", dossier.pk)))


def test_what_is_settled_can_no_longer_be_withdrawn(an: Client):
    dossier = finished()
    assert page("withdraw", dossier.pk) not in text(an.get(page("dossier", dossier.pk)))
    assert an.post(page("withdraw", dossier.pk), {"reason": "x"})["Location"] == page("dossier", dossier.pk)
    dossier.refresh_from_db()
    assert dossier.status == Status.FINISHED


def test_a_refusal_is_shown_with_its_reason(an: Client):
    dossier = dossiers.submitted()
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tu-choi", reason="Đất nông nghiệp.")
    assert "Đất nông nghiệp." in text(an.get(page("dossier", dossier.pk)))


def test_a_stopped_dossier_is_shown_with_its_reason(an: Client):
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "dung", reason="Thiếu giấy tờ hợp lệ.")
    assert "Thiếu giấy tờ hợp lệ." in text(an.get(page("dossier", dossier.pk)))


def test_the_result_stands_first_and_can_be_saved(an: Client, bich: Client):
    dossier = finished()
    paper = dossier.papers.get(kind="result")
    shown = text(an.get(page("dossier", dossier.pk)))
    assert shown.index("Đã có kết quả của bạn") < shown.index("Hồ sơ đang ở đâu")
    saved = an.get(page("paper_file", dossier.pk, paper.pk) + "?tai")
    assert saved["Content-Disposition"].startswith("attachment") and b"".join(saved.streaming_content)[:5] == b"%PDF-"
    assert bich.get(page("paper_file", dossier.pk, paper.pk)).status_code == 404


def test_a_drafted_result_is_not_given_out(an: Client):
    dossier = dossiers.drafted()
    paper = dossier.papers.get(kind="result")
    assert an.get(page("paper_file", dossier.pk, paper.pk)).status_code == 404


@pytest.mark.parametrize(("name", "fixed"), [("dossier", 9), ("submitted", 8), ("withdraw", 8)])
def test_the_pages_of_a_dossier_make_a_fixed_number_of_queries(an: Client, name: str, fixed: int):
    dossier = dossiers.received()
    assert queries_of(lambda: an.get(page(name, dossier.pk))) == fixed


def test_an_application_in_the_browser_ends_as_the_officers_see_it(an: Client):
    an.post(page("review", complete().key), {"cam-doan": "1"})
    dossier = Dossier.objects.get()
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    dossier.refresh_from_db()
    assert dossier.code and dossier.code in text(an.get(page("dossier", dossier.pk)))
