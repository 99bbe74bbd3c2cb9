"""The page of a dossier: who sees it, what it shows, what of it is on record."""

import pytest
from django.test import Client

from lienthong.cases import services
from lienthong.cases.models import Component, Paper
from lienthong.cases.services import papers
from lienthong.foundation.files.models import Scan, StoredFile
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.workspace.conftest import desk, kinds, messages_on, page, readings, text, unchanged

pytestmark = pytest.mark.django_db

SEES = {
    cast.CLERK: 200,
    cast.HEAD: 200,
    cast.HANDLER: 200,
    cast.OTHER_HANDLER: 200,
    cast.LEADER: 200,
    "kiemsoat": 200,
    cast.FIRE_POLICE: 404,
    "nam.tckh": 404,
    "ngoc.nghiatrung": 404,
    "quantri": 404,
    cast.AN: 403,
    cast.BICH: 403,
}


@pytest.mark.parametrize(("username", "status"), SEES.items())
def test_the_page_its_files_and_papers_are_seen_by_those_concerned_only(username, status):
    dossier = dossiers.drafted()
    file = Component.objects.filter(dossier=dossier).first()
    draft = Paper.objects.get(dossier=dossier, kind="result")
    client = desk(username)
    for there in (
        page("dossier", dossier.pk),
        page("papers", dossier.pk),
        page("file", dossier.pk, file.file_id),
        page("paper", dossier.pk, draft.pk),
    ):
        assert client.get(there).status_code == status, there


def test_strangers_are_asked_to_sign_in_and_come_back():
    dossier = dossiers.submitted()
    answer = Client().get(page("dossier", dossier.pk))
    assert answer["Location"].endswith(f"?next={page('dossier', dossier.pk)}")


def test_who_reads_a_dossier_its_files_and_papers_is_on_record():
    dossier = dossiers.drafted()
    file = Component.objects.filter(dossier=dossier).first()
    draft = Paper.objects.get(dossier=dossier, kind="result")
    handler = desk(cast.HANDLER)
    handler.get(page("dossier", dossier.pk))
    handler.get(page("file", dossier.pk, file.file_id))
    handler.get(page("paper", dossier.pk, draft.pk))
    handler.get(page("papers", dossier.pk) + "?lan=3")
    desk("nam.tckh").get(page("dossier", dossier.pk))
    assert readings(dossier) == [{}, {"file": file.file_id}, {"paper": draft.pk}]
    assert "cases.seen" not in kinds(dossier)


def test_files_and_papers_of_another_dossier_are_not_there():
    mine, other = dossiers.drafted(), dossiers.submitted(cast.BICH)
    file, draft = Component.objects.filter(dossier=mine).first(), Paper.objects.get(dossier=mine, kind="result")
    head = desk(cast.CLERK)
    assert head.get(page("file", other.pk, file.file_id)).status_code == 404
    assert head.get(page("paper", other.pk, draft.pk)).status_code == 404
    lost = dossiers.stored(cast.BICH, "rieng.jpg")
    assert head.get(page("file", other.pk, lost.pk)).status_code == 404
    assert head.get(page("file", other.pk, 2**62)).status_code == 404


def test_files_can_be_looked_at_in_the_page_and_do_nothing_else_there():
    dossier = dossiers.submitted()
    file = Component.objects.filter(dossier=dossier).first()
    there = page("file", dossier.pk, file.file_id)
    assert f'<img src="{there}"' in text(desk(cast.CLERK).get(page("dossier", dossier.pk)))
    answer = desk(cast.CLERK).get(there)
    assert answer["X-Frame-Options"] == "SAMEORIGIN" and "sandbox" in answer["Content-Security-Policy"]
    assert "attachment" in desk(cast.CLERK).get(there + "?tai")["Content-Disposition"]


@pytest.mark.parametrize(("scan", "said"), [(Scan.INFECTED, "có vi-rút"), (Scan.PENDING, "đang chờ quét vi-rút")])
def test_a_file_that_may_do_harm_is_marked_and_cannot_be_looked_at(scan, said):
    dossier = dossiers.submitted()
    StoredFile.objects.filter(pk__in=dossier.components.values("file")).update(scan=scan)
    shown = text(desk(cast.CLERK).get(page("dossier", dossier.pk)))
    assert said in shown and "Xem tại đây" not in shown


# components


def check(username: str, component: Component, result: str, **more):
    return desk(username).post(page("check", component.dossier_id, component.pk), {"result": result}, **more)


def test_a_component_is_marked_good_or_wrong_and_pressing_again_takes_it_back():
    dossier = dossiers.submitted()
    component = dossier.components.order_by("pk").first()
    for pressed in ("good", "wrong", "open"):
        answer = check(cast.CLERK, component, pressed)
        assert answer["Location"] == page("dossier", dossier.pk) + f"#tep-{component.pk}"
        component.refresh_from_db()
        assert component.check_result == pressed
        shown = text(desk(cast.CLERK).get(page("dossier", dossier.pk)))
        assert ('name="result" value="open"' in shown) == (pressed != "open")


def test_the_same_mark_twice_is_on_record_once():
    dossier = dossiers.submitted()
    component = dossier.components.first()
    check(cast.CLERK, component, "good")
    check(cast.CLERK, component, "good")
    assert kinds(dossier).count("cases.component_checked") == 1


def test_with_htmx_only_the_mark_and_its_buttons_come_back():
    component = dossiers.submitted().components.first()
    answer = check(cast.CLERK, component, "wrong", headers={"HX-Request": "true"})
    assert answer.status_code == 200 and "<html" not in text(answer)
    assert f'id="check-{component.pk}"' in text(answer) and "Chưa đạt" in text(answer)


@pytest.mark.parametrize("result", ["", "perfect", "<b>", "good\x00"])
def test_a_mark_that_is_none_is_refused(result):
    dossier = dossiers.submitted()
    same = unchanged(dossier)
    assert check(cast.CLERK, dossier.components.first(), result).status_code == 404
    assert same()


@pytest.mark.parametrize("username", [cast.HANDLER, cast.LEADER, "kiemsoat", "nam.tckh", cast.AN])
def test_who_has_no_step_of_the_dossier_marks_nothing(username):
    dossier = dossiers.submitted()
    component = dossier.components.first()
    assert check(username, component, "good").status_code in {403, 404}
    component.refresh_from_db()
    assert component.check_result == "open"
    shown = desk("kiemsoat").get(page("dossier", dossier.pk))
    assert page("check", dossier.pk, component.pk) not in text(shown)


def test_a_component_of_another_dossier_is_not_there():
    mine, other = dossiers.submitted(), dossiers.submitted(cast.BICH)
    answer = desk(cast.CLERK).post(page("check", mine.pk, other.components.first().pk), {"result": "good"})
    assert answer.status_code == 404


def test_who_lost_the_step_meanwhile_is_told_after_a_refresh():
    dossier = dossiers.submitted()
    component = dossier.components.first()
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
    client = desk(cast.CLERK)
    there = page("check", dossier.pk, component.pk)
    answer = client.post(there, {"result": "good"}, headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Refresh"]) == (204, "true")
    assert "không có bước nào" in messages_on(client.get(page("dossier", dossier.pk))).lower()


def test_checks_one_after_the_other_are_one_line_of_the_history():
    dossier = dossiers.submitted()
    first, second = dossier.components.order_by("pk")
    for component, result in ((first, "good"), (second, "wrong"), (first, "wrong")):
        check(cast.CLERK, component, result)
    history = desk(cast.CLERK).get(page("dossier", dossier.pk)).context["history"]
    assert [told.notes for told in history] == [["ban-ve.jpg: chưa đạt\nban-ve.jpg: chưa đạt"], []]


# papers


def test_a_paper_in_the_making_says_so_and_looks_again_for_a_minute():
    dossier = dossiers.approved()
    clerk = desk(cast.CLERK)
    shown = text(clerk.get(page("dossier", dossier.pk)))
    assert "đang ký" in shown and "Giấy tiếp nhận" in shown and "đang lập" in shown
    assert f'hx-get="{page("papers", dossier.pk)}?lan=1"' in shown
    assert "?lan=8" in text(clerk.get(page("papers", dossier.pk) + "?lan=7"))
    for last in ("20", "99", "0", "x", "-1", ""):
        assert "hx-get" not in text(clerk.get(page("papers", dossier.pk) + f"?lan={last}")), last


def test_a_paper_that_is_there_can_be_opened_and_nothing_is_asked_again():
    dossier = dossiers.approved()
    dossiers.sign(dossier)
    leader = cast.actor(cast.LEADER)
    papers.make_receipt(dossier.pk, account_id=leader.account_id, post_id=leader.acting.id, at=cast.MONDAY)
    shown = text(desk(cast.CLERK).get(page("papers", dossier.pk)))
    assert "hx-get" not in shown and "đang" not in shown
    result = Paper.objects.get(dossier=dossier, kind="result")
    answer = desk(cast.CLERK).get(page("paper", dossier.pk, result.pk))
    assert answer["Content-Type"] == "application/pdf"


def test_a_form_that_is_not_made_yet_leads_back_with_a_word():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu")
    paper = Paper.objects.get(dossier=dossier, kind="supplement-request")
    answer = desk(cast.HANDLER).get(page("paper", dossier.pk, paper.pk), follow=True)
    assert "đang được lập" in messages_on(answer)


def test_a_draft_is_shown_unsigned_in_frames_of_our_own_pages_only():
    dossier = dossiers.drafted()
    draft = Paper.objects.get(dossier=dossier, kind="result")
    answer = desk(cast.LEADER).get(page("paper", dossier.pk, draft.pk))
    assert answer.content.startswith(b"%PDF")
    assert "frame-ancestors 'self'" in answer["Content-Security-Policy"] and answer["Cache-Control"] == "no-store"


# what it shows


def test_every_request_for_a_supplement_stands_in_the_history_with_its_words():
    dossier = dossiers.submitted()
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "yeu-cau-bo-sung", reason="Thiếu giấy tờ đất")
    services.supplement(dossier_id=dossier.pk, applicant=cast.actor(cast.AN), note="Đã có")
    history = desk(cast.CLERK).get(page("dossier", dossier.pk)).context["history"]
    assert [told.notes for told in history] == [["Đã có"], ["Thiếu giấy tờ đất"], []]


def test_the_history_names_the_choice_and_where_it_was_made():
    dossier = dossiers.drafted()
    dossiers.act(dossier, cast.HEAD, "kiem-tra-du-thao", "tra-lai", reason="Sai ký hiệu")
    history = desk(cast.HANDLER).get(page("dossier", dossier.pk)).context["history"]
    assert (history[0].what, history[0].step) == ("Trả lại chuyên viên", "Kiểm tra dự thảo, trình ký")
    assert history[0].notes == ["Sai ký hiệu"] and history[0].who.startswith("Nguyễn Mạnh Hùng, Trưởng phòng")


def test_who_may_see_the_ledger_finds_who_has_read_the_dossier():
    dossier = dossiers.submitted()
    link = f"{page('ledger')}?ve=dossier-read%20{dossier.pk}"
    auditor = desk("kiemsoat")
    assert link in text(auditor.get(page("dossier", dossier.pk)))
    assert link not in text(desk(cast.CLERK).get(page("dossier", dossier.pk)))
    assert "Đỗ Thị Kim Oanh" in text(auditor.get(link))


def test_the_page_costs_the_same_however_much_happened():
    few, many = dossiers.in_hand(), dossiers.drafted()
    for component in many.components.all():
        check(cast.HEAD, component, "good")
    client = desk(cast.HEAD)
    counts = [queries_of(lambda pk=pk: client.get(page("dossier", pk))) for pk in (few.pk, many.pk)]
    assert counts[0] == counts[1] <= 17
