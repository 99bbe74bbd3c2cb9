"""Several rows at once, as pages: the bar, the confirmation, the progress, the results."""

import io
import uuid

import pytest
from django.test import Client
from openpyxl import load_workbook

from lienthong.cases.models import StepVisit
from lienthong.work import bulk as work
from lienthong.work.models import Bulk
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.workspace.conftest import desk, messages_on, page, text

pytestmark = pytest.mark.django_db


def word_of(client: Client, kind: str, where: str = "inbox") -> str:
    bar = client.get(page(where)).context["bar"]
    return next(offer.word for offer in bar.offers if offer.kind == kind)


def boxes(client: Client, where: str = "inbox") -> list[str]:
    return [row["pick"].value for row in client.get(page(where)).context["rows"] if row["pick"]]


def choose(client: Client, word: str, chosen: list[str], **more: str):
    return client.post(page("bulk_choose"), {"viec": word, "chon": chosen, "tu": "inbox", **more}, follow=True)


def confirm(client: Client, row: Bulk, **filled: object):
    given = {"giu": list(row.lines.values_list("pk", flat=True)), **filled}
    return client.post(page("bulk", row.key), given, follow=True)


def handler() -> int:
    return cast.actor(cast.HANDLER).acting.id


def test_from_the_inbox_to_the_results():
    first, second = dossiers.received(), dossiers.received()
    client = desk(cast.HEAD)
    shown = text(client.get(page("inbox")))
    assert shown.count("data-row-pick") == 2 and "Phân công chuyên viên" in shown
    answer = choose(client, word_of(client, "assign"), boxes(client))
    shown = text(answer)
    assert first.code in shown and second.code in shown and "Chia đều" in shown
    row = Bulk.objects.get()
    assert row.started_at is None and not StepVisit.objects.filter(step="tham-dinh").exists()
    answer = confirm(client, row, post=str(handler()))
    assert StepVisit.objects.filter(step="tham-dinh", post_id=handler()).count() == 2
    assert "2 đã làm" in text(answer)
    assert row.name in text(client.get(page("bulks")))


def test_confirmed_by_a_double_press_it_is_done_once():
    dossier = dossiers.received()
    client = desk(cast.HEAD)
    choose(client, word_of(client, "assign"), boxes(client))
    row = Bulk.objects.get()
    confirm(client, row, post=str(handler()))
    again = confirm(client, row, post=str(handler()))
    assert again.status_code == 200
    assert StepVisit.objects.filter(dossier=dossier, step="tham-dinh").count() == 1


def test_what_is_unticked_on_the_confirmation_is_left_alone():
    dossiers.received()
    dossiers.received()
    client = desk(cast.HEAD)
    choose(client, word_of(client, "assign"), boxes(client))
    row = Bulk.objects.get()
    only = row.lines.order_by("id").first()
    confirm(client, row, post=str(handler()), giu=[only.pk])
    assert StepVisit.objects.filter(step="tham-dinh").count() == 1
    assert row.lines.count() == 1


def test_without_a_person_the_page_says_so_and_keeps_what_was_typed():
    dossiers.received()
    client = desk(cast.HEAD)
    choose(client, word_of(client, "assign"), boxes(client))
    answer = confirm(client, Bulk.objects.get(), reason="Gấp")
    assert answer.status_code == 422
    assert "Gấp" in text(answer) and "Chọn người xử lý" in text(answer)


def test_more_than_twenty_run_as_a_job_with_a_page_that_waits(monkeypatch):
    monkeypatch.setattr(work, "AT_ONCE", 1)
    dossiers.received()
    dossiers.received()
    client = desk(cast.HEAD)
    choose(client, word_of(client, "assign"), boxes(client))
    row = Bulk.objects.get()
    shown = text(confirm(client, row, post=str(handler())))
    assert page("bulk_progress", row.key) in shown and "0/2" in shown
    assert row.name in text(client.get(page("inbox"))), "found again after leaving the page"
    assert "0/2" in text(client.get(page("bulk_progress", row.key)))
    work.run(row.pk)
    assert client.get(page("bulk_progress", row.key))["HX-Refresh"] == "true"
    assert "2 đã làm" in text(client.get(page("bulk", row.key)))


def test_asked_to_stop_it_leaves_the_rest_which_can_be_tried_again(monkeypatch):
    monkeypatch.setattr(work, "AT_ONCE", 0)
    dossiers.received()
    client = desk(cast.HEAD)
    choose(client, word_of(client, "assign"), boxes(client))
    row = Bulk.objects.get()
    confirm(client, row, post=str(handler()))
    client.post(page("bulk_stop", row.key))
    work.run(row.pk)
    assert not StepVisit.objects.filter(step="tham-dinh").exists()
    answer = client.post(page("bulk_again", row.key), follow=True)
    assert answer.context["bulk"].pk != row.pk and len(answer.context["confirmation"].can) == 1


def test_everything_the_inbox_holds_under_its_filters_can_be_meant():
    dossiers.received()
    dossiers.received()
    client = desk(cast.HEAD)
    word = word_of(client, "assign")
    choose(client, word, [], **{"tat-ca": "1"})
    assert Bulk.objects.get().lines.count() == 2
    client.post(page("bulk_choose") + "?tim=khong-co-gi", {"viec": word, "tat-ca": "1"})
    assert Bulk.objects.count() == 1


def test_results_can_be_taken_along_and_carry_no_formulas():
    dossier = dossiers.received()
    client = desk(cast.HEAD)
    choose(client, word_of(client, "assign"), boxes(client))
    row = Bulk.objects.get()
    row.lines.update(title="=1+1")
    confirm(client, row, post=str(handler()))
    sheet = load_workbook(io.BytesIO(client.get(page("bulk_results", row.key, "xlsx")).content)).active
    assert [cell.value for cell in sheet[3]][1:4] == [dossier.code, "=1+1", "đã làm"]
    assert sheet["C3"].data_type == "s"
    assert "'=1+1" in client.get(page("bulk_results", row.key, "csv")).content.decode("utf-8-sig")
    assert client.get(page("bulk_results", row.key, "exe")).status_code == 404


def test_nothing_chosen_leads_back_with_a_word():
    dossiers.received()
    client = desk(cast.HEAD)
    answer = choose(client, word_of(client, "assign"), [])
    assert answer.redirect_chain[-1][0] == page("inbox") and "Chưa chọn" in messages_on(answer)
    assert not Bulk.objects.exists()


@pytest.mark.parametrize("chosen", [["x.y"], ["99999999999999999999.1"], ["1"], ["-1.0"], ["999999.0"]])
def test_odd_selections_choose_nothing(chosen):
    assert choose(desk(cast.HEAD), "assign-0", chosen).status_code == 200
    assert not Bulk.objects.exists()


def test_somebody_elses_selection_is_not_there():
    dossiers.received()
    client = desk(cast.HEAD)
    choose(client, word_of(client, "assign"), boxes(client))
    key = Bulk.objects.get().key
    other = desk(cast.HANDLER)
    for name in ("bulk", "bulk_progress"):
        assert other.get(page(name, key)).status_code == 404
    for name in ("bulk", "bulk_stop", "bulk_again"):
        assert other.post(page(name, key)).status_code == 404
    assert other.get(page("bulk_results", key, "csv")).status_code == 404
    assert desk(cast.HEAD).get(page("bulk", uuid.uuid4())).status_code == 404


def test_in_the_list_of_dossiers_a_leader_signs_what_lies_there():
    dossier = dossiers.drafted()
    dossiers.act(dossier, cast.HEAD, "kiem-tra-du-thao", "trinh-ky")
    client = desk(cast.LEADER)
    answer = choose(client, word_of(client, "approve", "dossiers"), boxes(client, "dossiers"))
    draft = dossier.papers.get(kind="result")
    assert page("paper", dossier.pk, draft.pk) in text(answer), "what is signed can be read first"
    confirm(client, Bulk.objects.get())
    dossier.refresh_from_db()
    assert dossier.signed


def test_the_confirmation_makes_a_fixed_number_of_queries():
    client = desk(cast.HEAD)

    def ask() -> int:
        choose(client, word_of(client, "assign"), boxes(client))
        there = page("bulk", Bulk.objects.order_by("-pk")[0].key)
        return queries_of(lambda: client.get(there))

    dossiers.received()
    few = ask()
    for _n in range(4):
        dossiers.received()
    assert ask() == few <= 14


def test_the_inbox_costs_the_same_however_many_rows_can_be_chosen():
    client = desk(cast.HEAD)
    dossiers.received()
    few = queries_of(lambda: client.get(page("inbox")))
    for _n in range(4):
        dossiers.received()
    assert queries_of(lambda: client.get(page("inbox"))) == few
