"""The counter on its pages, as a browser without scripts uses them."""

import io
import uuid
from datetime import timedelta

import pytest
from django.test import Client
from openpyxl import load_workbook

from lienthong.cases.models import CounterEntry, Dossier, Taker
from lienthong.cases.rules import Status
from lienthong.cases.rules.counter import Counted
from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.procedures.shapes import Verb
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.cases.test_counter import AN_ID, CARD, filled, take_in
from tests.cases.test_counter import entry as full_entry
from tests.foundation.papers.reading import letters_of, page_sizes, words_of
from tests.workspace.conftest import desk, messages_on, page, readings, text

pytestmark = pytest.mark.django_db

FORM = {
    "form.owner.kind": "individual",
    "form.owner.full_name": "Nguyễn Văn An",
    "form.owner.person_id": AN_ID,
    "form.owner.address": "Số 42, tổ dân phố 3",
    "form.owner.phone": "0905412768",
    "form.site.lot": "Thửa 125, tờ 14",
    "form.site.area": "120,5",
    "form.site.location.unit": "24617",
    "form.site.location.detail": "12 Trần Hưng Đạo",
    "form.site.land_paper": "Giấy chứng nhận CD 123456",
    "form.design.designer": "Công ty Nâm Nung",
    "form.house.grade": "4",
    "form.house.ground_level": "0,3",
    "form.house.ground_area": "80",
    "form.house.height": "7,5",
    "form.house.floors.rows": "",
    "form.house.floors.0.kind": "storey",
    "form.house.floors.0.title": "Tầng 1",
    "form.house.floors.0.area": "80",
    "form.house.floors.0.height": "3,6",
    "form.house.business_use": ["", "true"],
    "form.plan.months": "6",
    "form.plan.pledge": ["", "true"],
}


def begin(client: Client, typed: str = CARD) -> str:
    """Type the number, choose the permit with its digit; the address of the sheet."""
    answer = client.post(page("counter"), {"so": typed})
    assert answer.status_code == 302
    chosen = client.post(answer["Location"] + "thu-tuc/", {"tim": "giay phep xay dung"})
    assert chosen.status_code == 302, text(chosen)
    return chosen["Location"]


def accepted(client: Client) -> Dossier:
    sheet = begin(client)
    assert client.post(sheet, {**FORM, "_do": "all"}).status_code == 200
    entry = CounterEntry.objects.latest("id")
    counted = {
        f"papers.{key}.{kind}": str(count.get(kind, ""))
        for key, count in entry.counted.items()
        for kind in ("originals", "certified", "copies")
    }
    answer = client.post(sheet, {**FORM, **counted, "_do": "accept"})
    assert answer.status_code == 302, text(answer)
    return Dossier.objects.latest("id")


def test_the_counter_is_for_clerks_who_receive():
    assert Client().get(page("counter")).status_code == 302
    for username in (cast.HANDLER, cast.HEAD, cast.AN, "quantri"):
        assert desk(username).get(page("counter")).status_code == 403
        assert page("counter") not in text(desk(cast.HANDLER).get(page("inbox")))
    assert page("counter") in text(desk(cast.CLERK).get(page("inbox")))


def test_a_walk_in_from_the_number_to_the_receipt_without_a_script():
    client = desk(cast.CLERK)
    dossier = accepted(client)
    assert dossier.status == Status.RECEIVED and dossier.applicant_person_id == AN_ID
    done = client.get(page("counter_done", dossier.pk))
    assert done.status_code == 200 and done.context["paper"].kind == "receipt"
    assert dossier.code in text(done)
    paper = client.get(page("paper", dossier.pk, done.context["paper"].pk))
    assert paper["Content-Type"] == "application/pdf"
    pdf = b"".join(paper)
    assert dossier.code in words_of(pdf) and "Nguyễn Văn An" in words_of(pdf)


def test_a_wrong_number_is_told_beside_the_box_and_stays_in_it():
    client = desk(cast.CLERK)
    for typed in ("245123456", "12", "   "):
        answer = client.post(page("counter"), {"so": typed})
        assert answer.status_code == 422 and 'aria-invalid="true"' in text(answer)
    assert "245123456" in text(client.post(page("counter"), {"so": "245123456"}))


def test_enter_takes_the_first_procedure_and_a_digit_the_usual_one():
    client = desk(cast.CLERK)
    first = client.post(page("counter"), {"so": AN_ID})["Location"]
    offered = client.get(first).context["offered"]
    assert client.post(first + "thu-tuc/", {"tim": "2"}).status_code == 302
    assert CounterEntry.objects.latest("id").procedure_key == offered[1][1].key
    for odd in (f"{dossiers.PERMIT}:{'x' * 999}", "dang-ky-khai-sinh:x", "\x00:", ":"):
        status = client.post(client.post(page("counter"), {"so": AN_ID})["Location"] + "thu-tuc/", {"thu-tuc": odd})
        assert status.status_code in (302, 422), odd
    for nothing in ("9", "zzzzqq", "0", ""):
        other = client.post(page("counter"), {"so": AN_ID})["Location"]
        assert client.post(other + "thu-tuc/", {"tim": nothing}).status_code == 422, nothing
    found = client.get(first + "thu-tuc/?tim=xay", headers={"HX-Request": "true"})
    assert b"<html" not in found.content and dossiers.PERMIT in text(found)


def test_a_reload_loses_nothing_and_the_unfinished_is_found_again():
    client = desk(cast.CLERK)
    sheet = begin(client)
    kept = client.post(sheet + "luu/", {**FORM, "form.site.lot": "Thửa 777", "papers.ban-ve.originals": "1"})
    assert kept.status_code == 204
    again = text(client.get(sheet))
    assert "Thửa 777" in again
    assert "Nguyễn Văn An" in text(client.get(page("counter"))) and sheet in text(client.get(page("counter")))
    assert client.post(sheet + "bo/").status_code == 302
    assert client.get(sheet).status_code == 404


def test_mistakes_are_told_beside_their_boxes_and_all_at_once():
    client = desk(cast.CLERK)
    answer = client.post(begin(client), {**FORM, "form.owner.phone": "12", "form.site.lot": "", "_do": "accept"})
    assert answer.status_code == 422
    said = text(answer)
    assert "#f-form-owner-phone" in said and "#f-form-site-lot" in said and "Chưa nộp đủ" in said
    assert not Dossier.objects.exists()


def test_sending_the_page_twice_comes_to_the_same_dossier():
    client = desk(cast.CLERK)
    dossier = accepted(client)
    sheet = page("counter_entry", dossier.draft_key)
    for again in (client.post(sheet, {**FORM, "_do": "accept"}), client.get(sheet), client.post(sheet + "luu/", FORM)):
        assert again.status_code == 302 and again["Location"] == page("counter_done", dossier.pk)
    assert Dossier.objects.count() == 1


def test_nobody_comes_to_somebody_elses_entry_or_receipt():
    dossier = accepted(desk(cast.CLERK))
    begun = full_entry()
    for username in (cast.TWO_AGENCIES, "ngoc.nghiatrung"):
        other = desk(username)
        assert other.get(page("counter_entry", begun.key)).status_code == 404
        assert other.post(page("counter_keep", begun.key), FORM).status_code == 404
        assert other.get(page("counter_done", dossier.pk)).status_code == 404
        assert other.post(page("counter_another", dossier.pk)).status_code == 404
    assert desk("ngoc.nghiatrung").get(page("counter_receipt", dossier.together)).status_code == 404
    assert desk(cast.CLERK).get(page("counter_receipt", uuid.uuid4())).status_code == 404


def test_one_more_for_the_same_person_comes_on_one_receipt():
    client = desk(cast.CLERK)
    first = accepted(client)
    more = client.post(page("counter_another", first.pk))["Location"]
    client.post(more + "thu-tuc/", {"tim": "1"})
    entry = CounterEntry.objects.get()
    assert entry.together == first.together
    filled(entry)
    take_in(entry)
    done = client.get(page("counter_done", first.pk))
    assert done.context["one_receipt"] and len(done.context["together"]) == 2
    receipt = client.get(page("counter_receipt", first.together))
    assert "1 hồ sơ khác" in words_of(receipt.content)


@pytest.mark.parametrize(
    "typed",
    [
        {"papers.ban-ve.originals": "-5"},
        {"papers.ban-ve.originals": "9" * 50},
        {"papers.ban-ve.originals": "%00", "form.site.lot": "\x00"},
        {"competent": "999999999999999999"},
        {"competent": "x", "_do": "nonsense"},
        {"form.nothing.here": "1", "papers.nothing.originals": "3"},
        {"reason": "x" * 20000},
    ],
)
def test_nothing_odd_in_the_form_breaks_the_page(typed):
    client = desk(cast.CLERK)
    sheet = begin(client)
    assert client.post(sheet, {**FORM, **typed}).status_code in (200, 422)
    assert client.get(sheet).status_code == 200


def test_the_pages_cost_the_same_whatever_lies_there():
    client = desk(cast.CLERK)
    accepted(client)
    begun = full_entry()
    sheet, start = page("counter_entry", begun.key), page("counter")
    few = (queries_of(lambda: client.get(sheet)), queries_of(lambda: client.get(start)))
    for _n in range(3):
        accepted(client)
        full_entry()
    more = page("counter_entry", full_entry().key)
    assert (queries_of(lambda: client.get(more)), queries_of(lambda: client.get(start))) == few
    assert few <= (8, 8)


# results and supplements


def approved() -> Dossier:
    dossier = dossiers.approved()
    dossiers.sign(dossier)
    return dossier


def test_a_result_is_found_by_code_link_and_card_and_given_to_the_applicant():
    dossier = approved()
    client = desk(cast.CLERK)
    for typed in (dossier.code, f"http://x/tra-cuu/?code={dossier.code}", AN_ID, CARD):
        found = client.get(page("waiting"), {"tim": typed})
        assert found.status_code == 302 and found["Location"] == page("give_result", dossier.pk), typed
    shown = client.get(page("give_result", dossier.pk))
    assert shown.context["taking"].person_id == "" and readings(dossier)
    given = {"person_id": AN_ID, "name": "Nguyễn Văn An", "capacity": "own"}
    answer = client.post(page("give_result", dossier.pk), given, follow=True)
    assert dossier.code in messages_on(answer)
    taker = Taker.objects.get(dossier=dossier)
    assert (taker.name, taker.person_id, taker.capacity) == ("Nguyễn Văn An", AN_ID, "own")
    assert Dossier.objects.get(pk=dossier.pk).status == Status.RETURNED
    assert "Nguyễn Văn An" in str(desk(cast.CLERK).get(page("register")).context["rows"][0]["taker"])
    kinds = [event.kind for event in timeline(("dossier", dossier.pk))]
    assert kinds[-2:] == ["cases.returned", "cases.result_taken"]
    assert AN_ID in text(client.get(page("dossier", dossier.pk)))


def test_somebody_else_needs_a_mandate_and_nothing_is_given_without():
    dossier = approved()
    client = desk(cast.CLERK)
    address = page("give_result", dossier.pk)
    other = {"person_id": "067192003856", "name": "Trần Thị Bích"}
    for typed, where in (
        ({**other, "capacity": "own"}, "person_id"),
        ({**other, "capacity": "mandate"}, "mandate"),
        ({"person_id": "1", "name": "", "capacity": "own"}, "name"),
    ):
        answer = client.post(address, typed)
        assert answer.status_code == 422 and where in answer.context["errors"]
    assert not Taker.objects.exists() and Dossier.objects.get(pk=dossier.pk).status == Status.FINISHED
    mandate = {**other, "capacity": "mandate", "mandate": "Giấy ủy quyền số 12 ngày 01/03/2025"}
    assert client.post(address, mandate).status_code == 302
    assert client.post(address, mandate, follow=True).status_code == 200
    assert Taker.objects.get().mandate.startswith("Giấy ủy quyền")


def test_a_result_is_given_only_at_the_counter_that_has_it():
    dossier = approved()
    for username, status in (("ngoc.nghiatrung", 404), (cast.HANDLER, 403), ("linh.hcc", 404), (cast.AN, 403)):
        assert desk(username).get(page("give_result", dossier.pk)).status_code == status, username
        assert desk(username).post(page("give_result", dossier.pk), {"name": "x"}).status_code == status
    received = dossiers.received()
    answer = desk(cast.CLERK).get(page("give_result", received.pk), follow=True)
    assert "không có việc nào chờ" in messages_on(answer).lower()


def test_what_was_missing_is_brought_and_the_dossier_accepted():
    begun = full_entry()
    filled(begun, counted={"giay-to-dat": Counted(copies=9)}, reason="Thiếu bản vẽ.")
    dossier = take_in(begun, Verb.REQUEST_SUPPLEMENT)
    client = desk(cast.TWO_AGENCIES)
    found = client.get(page("waiting"), {"tim": dossier.tracking})
    assert found["Location"] == page("take_supplement", dossier.pk)
    assert "Thiếu bản vẽ." in text(client.get(found["Location"]))
    assert client.post(found["Location"], {"_do": "take"}).status_code == 422
    all_there = client.post(found["Location"], {"_do": "all"})
    lines = all_there.context["sheet"]["lines"]
    counted = {
        f"papers.{line.component.key}.{kind}": str(getattr(line.counted, kind))
        for line in lines
        for kind in ("originals", "certified", "copies")
    }
    assert client.post(found["Location"], {**counted, "_do": "take"}).status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).status == Status.RECEIVED


# labels, the day


def test_labels_are_printed_on_a_sheet_and_on_a_roll_for_who_may_see_the_dossiers():
    first, second = dossiers.received(), dossiers.submitted()
    client = desk(cast.CLERK)
    chosen = f"?ho-so={first.pk}&ho-so={second.pk}"
    assert first.code in text(client.get(page("labels") + chosen))
    sheet = client.get(page("labels") + chosen + "&kho=to&bo-qua=23").content
    assert page_sizes(sheet) == {(210, 297)} and len(words_of(sheet)) > 0
    assert "".join(first.code.split()) in letters_of(sheet) and second.tracking in letters_of(sheet)
    roll = client.get(page("labels") + chosen + "&kho=cuon").content
    assert page_sizes(roll) == {(62, 29)}
    assert desk("ngoc.nghiatrung").get(page("labels") + chosen).status_code == 404
    for odd in ("", "?ho-so=x", "?ho-so=999999", f"?ho-so={first.pk}&ho-so=0"):
        assert client.get(page("labels") + odd).status_code == 404


def test_the_end_of_a_day_says_what_was_done_and_what_is_left():
    client = desk(cast.CLERK)
    taken = accepted(client)
    refused = take_in(filled(full_entry(), reason="Không thuộc thẩm quyền."), Verb.REFUSE)
    asked_for = take_in(filled(full_entry(), reason="Thiếu."), Verb.REQUEST_SUPPLEMENT)
    waiting = dossiers.submitted()
    result = approved()
    given = {"person_id": AN_ID, "name": "Người Nhận", "capacity": "own"}
    client.post(page("give_result", result.pk), given)
    day = client.get(page("counter_day")).context
    found = {part["key"]: [row["dossier"].pk for row in part["rows"]] for part in day["sections"]}
    assert taken.pk in found["received"] and refused.pk not in found["received"]
    assert found["refused"] == [refused.pk] and found["supplement"] == [asked_for.pk]
    assert found["returned"] == [result.pk]
    assert set(found["open"]) == {asked_for.pk, waiting.pk}
    returned = next(part for part in day["sections"] if part["key"] == "returned")
    assert returned["rows"][0]["line"].who == "Người Nhận"
    with clock.at(cast.MONDAY + timedelta(days=2)):
        then = client.get(page("counter_day") + "?ngay=2025-03-03").context["sections"]
        assert {part["key"]: part["count"] for part in then} == {part["key"]: part["count"] for part in day["sections"]}
        assert all(not part["rows"] for part in client.get(page("counter_day")).context["sections"][:4])


def test_what_is_due_the_next_working_day_is_on_the_list():
    dossier = dossiers.received()
    eve = dossier.due_at.date() - timedelta(days=1)
    answer = desk(cast.CLERK).get(page("counter_day") + f"?ngay={eve.isoformat()}")
    due = next(part for part in answer.context["sections"] if part["key"] == "due")
    assert [row["dossier"].pk for row in due["rows"]] == [dossier.pk]


def test_the_days_list_is_printed_and_taken_as_a_spreadsheet_and_that_is_on_record():
    dossier = dossiers.received(owner__full_name="=HYPERLINK(1)")
    client = desk(cast.CLERK)
    pdf = client.get(page("counter_day_paper")).content
    assert page_sizes(pdf) == {(297, 210)} and "Đã tiếp nhận: 1 hồ sơ" in words_of(pdf)
    assert "".join(dossier.code.split()) in letters_of(pdf)
    file = b"".join(client.get(page("counter_day_spreadsheet")).streaming_content)
    cells = [cell for row in load_workbook(io.BytesIO(file)).worksheets[0].iter_rows() for cell in row]
    found = next(cell for cell in cells if cell.value == "=HYPERLINK(1)")
    assert found.data_type == "s"
    shop = cast.actor(cast.CLERK).acting.organisation
    assert [entry.data["how"] for entry in timeline(("register", shop.id))] == ["pdf", "xlsx"]
    assert desk(cast.HANDLER).get(page("counter_day")).status_code == 404
    assert desk(cast.AN).get(page("counter_day")).status_code == 403


@pytest.mark.parametrize("query", ["?ngay=x", "?ngay=0001-01-01", "?ngay=9999-12-31", "?ngay=%00"])
def test_no_day_in_an_address_breaks_the_list(query):
    assert desk(cast.CLERK).get(page("counter_day") + query).status_code == 200


def test_a_days_list_costs_the_same_however_much_was_done():
    client = desk(cast.CLERK)
    dossiers.received()
    few = queries_of(lambda: client.get(page("counter_day")))
    for _n in range(3):
        dossiers.received()
        dossiers.submitted()
    assert queries_of(lambda: client.get(page("counter_day"))) == few <= 10


def test_the_checklist_comes_back_only_when_an_answer_changes_it():
    client = desk(cast.CLERK)
    sheet = begin(client)
    lines = [line.component.key for line in client.get(sheet).context["sheet"].lines]
    shown = {f"papers.{key}.originals": "1" for key in lines}
    by_htmx = {"headers": {"HX-Request": "true"}}
    changed = {**FORM, **shown, "_action": "refresh:form.house.business_use"}
    same = client.post(sheet, changed, **by_htmx)
    assert same.status_code == 200 and 'id="checklist"' not in text(same)
    fewer = {key: value for key, value in changed.items() if key != f"papers.{lines[-1]}.originals"}
    assert 'id="checklist"' in text(client.post(sheet, fewer, **by_htmx))
