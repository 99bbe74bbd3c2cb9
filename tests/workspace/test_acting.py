"""The page of an action: who may open it, what it keeps when it is refused, what two people at once are told."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lienthong.cases.models import Paper, StepVisit
from tests import cast
from tests.cases import dossiers
from tests.workspace.conftest import a_pdf, address, desk, do, kinds, messages_on, page, text, unchanged

pytestmark = pytest.mark.django_db

FINDINGS = {"asks.visited_on": "03/03/2025", "asks.findings": "Đúng hồ sơ."}


@pytest.mark.parametrize("username", [cast.HEAD, cast.LEADER, cast.HANDLER, "kiemsoat", cast.FIRE_POLICE, "quantri"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_who_has_no_part_in_a_step_is_refused_and_nothing_happens(username, method):
    dossier = dossiers.submitted()
    same = unchanged(dossier)
    answer = getattr(desk(username), method)(address(dossier, "tiep-nhan", "tu-choi"), {"reason": "x"})
    assert answer.status_code in {403, 404}
    assert same()


def test_citizens_and_strangers_do_not_come_in():
    dossier = dossiers.submitted()
    same, there = unchanged(dossier), address(dossier, "tiep-nhan", "tiep-nhan")
    assert desk(cast.AN).post(there).status_code == 403
    answer = Client().post(there)
    assert answer.status_code == 302 and "/dang-nhap/" in answer["Location"]
    assert same()


def test_an_assigned_step_is_closed_to_the_colleague_at_the_next_table():
    dossier = dossiers.in_hand()
    assert desk(cast.OTHER_HANDLER).get(address(dossier, "tham-dinh", "dung")).status_code == 403


@pytest.mark.parametrize("visit", [0, 2**31, 2**62, 10**17])
def test_a_step_that_is_of_no_dossier_or_of_another_is_not_there(visit):
    dossier, other = dossiers.submitted(), dossiers.submitted()
    clerk = desk(cast.CLERK)
    for number in (visit, dossiers.visit(other, "tiep-nhan").pk):
        assert clerk.post(page("act", dossier.pk, number, "tiep-nhan")).status_code == 404
    assert kinds(dossier) == kinds(other) == ["cases.submitted"]


@pytest.mark.parametrize("address_", ["/ban-lam-viec/ho-so/99999999999999999999999999/", "/ban-lam-viec/ho-so/0/"])
def test_an_id_larger_than_any_is_not_there(address_):
    assert desk(cast.CLERK).get(address_).status_code == 404


def test_an_action_the_step_does_not_have_leads_back_to_the_dossier_with_a_word():
    dossier = dossiers.submitted()
    done = do(cast.CLERK, dossier, "tiep-nhan", "ky")
    assert done.redirect_chain == [(page("dossier", dossier.pk), 302)]
    assert "Hiện không làm được việc này" in messages_on(done)


def test_a_missing_reason_is_told_beside_its_box():
    dossier = dossiers.submitted()
    answer = desk(cast.CLERK).post(address(dossier, "tiep-nhan", "yeu-cau-bo-sung"), {"reason": "  "})
    assert answer.status_code == 422
    assert 'href="#reason"' in text(answer) and 'id="reason_error"' in text(answer)
    assert kinds(dossier) == ["cases.submitted"]


@pytest.mark.parametrize("post", ["", "0", "x", "9" * 30, "-1", "1' OR '1'='1"])
def test_a_person_must_be_chosen_of_those_who_can_do_it(post):
    dossier = dossiers.received()
    answer = desk(cast.HEAD).post(address(dossier, "phan-cong", "phan-cong"), {"post": post, "reason": "Gấp"})
    assert answer.status_code in {409, 422}
    assert 'href="#post"' in text(answer) and "Gấp</textarea>" in text(answer)
    assert kinds(dossier) == ["cases.submitted", "cases.received"]


def test_nobody_of_another_agency_can_be_chosen():
    dossier = dossiers.received()
    stranger = cast.actor(cast.FIRE_POLICE).acting.id
    assert f'value="{stranger}"' not in text(desk(cast.HEAD).get(address(dossier, "phan-cong", "phan-cong")))
    assert desk(cast.HEAD).post(address(dossier, "phan-cong", "phan-cong"), {"post": stranger}).status_code == 409
    assert kinds(dossier)[-1] == "cases.received"


def test_the_choice_of_people_says_how_much_lies_with_each():
    for _n in range(2):
        dossiers.in_hand()
    dossier = dossiers.received()
    chosen = " ".join(text(desk(cast.HEAD).get(address(dossier, "phan-cong", "phan-cong"))).split())
    assert chosen.index("Trần Thị Mai") < chosen.index("đang có 2 việc") < chosen.index("Y Tuân Niê")
    assert "hiện không có việc nào" in chosen and "hiện chưa có ai giữ vị trí này" in chosen


def inspecting():
    dossiers.act(dossier := dossiers.in_hand(), cast.HANDLER, "tham-dinh", "chuyen-kiem-tra")
    return dossier


def test_wrong_answers_come_back_with_everything_that_was_typed():
    dossier = inspecting()
    typed = {"asks.visited_on": "40/13/2025", "asks.attended": "Tổ trưởng", "asks.findings": "", "reason": "Xem kỹ"}
    answer = desk(cast.HANDLER).post(address(dossier, "kiem-tra-thuc-dia", "phu-hop"), typed)
    assert answer.status_code == 422
    for kept in ("40/13/2025", "Tổ trưởng", "Xem kỹ"):
        assert kept in text(answer)
    assert text(answer).count("data-error-summary") == 1
    assert 'href="#f-asks-visited_on"' in text(answer) and 'href="#f-asks-findings"' in text(answer)
    assert kinds(dossier)[-1] == "cases.forwarded"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("anh.jpg", b"MZ" + b"\0" * 500),
        ("anh.jpg", b""),
        ("ma-doc.exe", b"MZ" + b"\0" * 500),
        ("anh.jpg", b"%PDF-1.7 x"),
    ],
)
def test_a_file_that_is_refused_is_told_beside_its_field_and_nothing_is_done(name, content):
    dossier = inspecting()
    typed = {**FINDINGS, "asks.photo": SimpleUploadedFile(name, content)}
    answer = desk(cast.HANDLER).post(address(dossier, "kiem-tra-thuc-dia", "phu-hop"), typed)
    assert answer.status_code == 422
    assert 'href="#f-asks-photo"' in text(answer) and "Đúng hồ sơ." in text(answer)
    assert name in text(answer)
    assert dossiers.visit(dossier, "kiem-tra-thuc-dia")


def test_a_file_that_is_too_large_is_refused_with_the_limit(monkeypatch):
    from lienthong.settings.environment import environment

    monkeypatch.setattr(environment, "upload_limit_mb", 1)
    dossier = inspecting()
    typed = {**FINDINGS, "asks.photo": SimpleUploadedFile("anh.jpg", cast.photo() + b"\0" * 1_200_000)}
    answer = desk(cast.HANDLER).post(address(dossier, "kiem-tra-thuc-dia", "phu-hop"), typed)
    assert answer.status_code == 422 and "1 MB" in text(answer).replace("\xa0", " ")
    assert dossiers.visit(dossier, "kiem-tra-thuc-dia")


def test_a_file_stays_attached_while_the_rest_is_mended():
    dossier = inspecting()
    there, handler = address(dossier, "kiem-tra-thuc-dia", "phu-hop"), desk(cast.HANDLER)
    answer = handler.post(
        there, {**FINDINGS, "asks.findings": "", "asks.photo": SimpleUploadedFile("nha.jpg", cast.photo())}
    )
    assert answer.status_code == 422
    kept = text(answer).split('name="asks.photo.id" value="')[1].split('"')[0]
    assert kept.isdigit() and "nha.jpg" in text(answer)
    handler.post(there, {**FINDINGS, "asks.photo.id": kept})
    assert StepVisit.objects.get(dossier=dossier, step="kiem-tra-thuc-dia").answers["photo"]["id"] == kept


def test_the_file_of_somebody_else_cannot_be_attached_by_its_number():
    dossier, foreign = inspecting(), dossiers.stored(cast.BICH)
    typed = {**FINDINGS, "asks.photo.id": str(foreign.pk)}
    answer = desk(cast.HANDLER).post(address(dossier, "kiem-tra-thuc-dia", "phu-hop"), typed)
    assert answer.status_code == 422
    assert dossiers.visit(dossier, "kiem-tra-thuc-dia")


def test_a_preview_shows_the_paper_and_keeps_nothing():
    dossier = dossiers.inspected()
    there, handler = address(dossier, "du-thao", "du-thao"), desk(cast.HANDLER)
    typed = {"_preview": "giay-phep-xay-dung", "result-giay-phep-xay-dung.design_title": "Thiết kế đang soạn"}
    answer = handler.post(there, typed)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert answer.content.startswith(b"%PDF") and "Thiết kế đang soạn" in words(answer.content)
    assert answer["X-Frame-Options"] == "SAMEORIGIN" and "frame-ancestors 'self'" in answer["Content-Security-Policy"]
    assert not Paper.objects.filter(dossier=dossier, kind="result").exists()
    assert dossiers.visit(dossier, "du-thao")


@pytest.mark.parametrize("title", ["", "x" * 5000, "${owner}", "#set page(width: 1pt)", "\x00\x01"])
def test_a_preview_of_what_is_not_right_yet_still_shows_the_rest(title):
    dossier = dossiers.inspected()
    typed = {"_preview": "giay-phep-xay-dung", "result-giay-phep-xay-dung.design_title": title}
    answer = desk(cast.HANDLER).post(address(dossier, "du-thao", "du-thao"), typed)
    assert answer.content.startswith(b"%PDF") and "Nguyễn Văn An" in words(answer.content)


def words(pdf: bytes) -> str:
    from io import BytesIO

    from pypdf import PdfReader

    return " ".join(" ".join(part.extract_text() for part in PdfReader(BytesIO(pdf)).pages).split())


def test_a_draft_that_was_sent_back_comes_up_as_it_was():
    dossier = dossiers.drafted()
    dossiers.act(dossier, cast.HEAD, "kiem-tra-du-thao", "tra-lai", reason="Sai ký hiệu")
    shown = text(desk(cast.HANDLER).get(address(dossier, "du-thao", "du-thao")))
    assert "Hồ sơ thiết kế KT-01" in shown and "Sai ký hiệu" in shown


def test_parts_of_a_form_are_refreshed_alone_for_htmx():
    dossier = inspecting()
    typed = {**FINDINGS, "_action": "clear:asks.photo"}
    answer = desk(cast.HANDLER).post(
        address(dossier, "kiem-tra-thuc-dia", "phu-hop"), typed, headers={"HX-Request": "true"}
    )
    assert answer.status_code == 200 and "<html" not in text(answer)
    assert dossiers.visit(dossier, "kiem-tra-thuc-dia")


def test_a_second_press_is_no_trouble_and_does_nothing():
    dossier = dossiers.submitted()
    there, clerk = address(dossier, "tiep-nhan", "tiep-nhan"), desk(cast.CLERK)
    clerk.post(there)
    again = clerk.post(there, follow=True)
    assert "Bạn đã làm việc này rồi." in messages_on(again)
    assert kinds(dossier) == ["cases.submitted", "cases.received"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_who_comes_late_is_back_at_the_dossier_and_told_after_whom(method):
    dossier = dossiers.submitted()
    there = address(dossier, "tiep-nhan", "tu-choi")
    do(cast.CLERK, dossier, "tiep-nhan", "tiep-nhan")
    answer = getattr(desk(cast.TWO_AGENCIES), method)(there, {"reason": "Không đúng"}, follow=True)
    assert answer.redirect_chain == [(page("dossier", dossier.pk), 302)]
    assert "Phạm Thị Lan" in messages_on(answer) and "Tiếp nhận hồ sơ" in messages_on(answer)
    assert kinds(dossier) == ["cases.submitted", "cases.received"]


def test_control_characters_in_words_do_no_harm():
    dossier = dossiers.submitted()
    do(cast.CLERK, dossier, "tiep-nhan", "yeu-cau-bo-sung", reason="Thiếu\x00 bản\x1b vẽ\u202e")
    dossier.refresh_from_db()
    assert dossiers.visit(dossier, "tiep-nhan").request == "Thiếu bản vẽ"


def test_forms_want_the_token_of_the_page():
    dossier = dossiers.submitted()
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.account(cast.CLERK))
    assert client.post(address(dossier, "tiep-nhan", "tiep-nhan")).status_code == 403
    assert kinds(dossier) == ["cases.submitted"]


def test_an_opinion_may_carry_a_paper_that_the_handler_can_open():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "lay-y-kien", reason="Hỏi")
    do(cast.FIRE_POLICE, dossier, "y-kien-pccc", "co-y-kien", **{"asks.opinion": "Được", "asks.paper": a_pdf()})
    answers = StepVisit.objects.get(dossier=dossier, step="y-kien-pccc").answers
    there = page("file", dossier.pk, int(answers["paper"]["id"]))
    assert there in text(desk(cast.HANDLER).get(page("dossier", dossier.pk)))
    assert desk(cast.HANDLER).get(there)["Content-Type"] == "application/pdf"
