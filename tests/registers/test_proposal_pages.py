"""Proposals on their pages and for programs: sent from the forms, looked at, decided; many chosen in the list."""

import json
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.registers import services
from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.models import Proposal
from tests import cast
from tests.browsing import queries_of
from tests.registers.conftest import KEY, permit, publish
from tests.registers.proposing import ASKED, FREE, body, entered, entry_of, handler, head, proposed
from tests.registers.test_pages import FORM, on_form
from tests.workspace.conftest import desk, text

pytestmark = pytest.mark.django_db
HERE = f"/api/v1/registers/{KEY}/proposals"


@pytest.fixture(autouse=True)
def asked(db):
    publish(ASKED)


def at(name: str, *rest: object) -> str:
    return reverse(f"registers:{name}", args=rest)


def of(name: str, *rest: object) -> str:
    return at(name, KEY, *rest)


def filled(entry, **said):
    return {**FORM, "so": "15/GPXD", "so_tang": "5", "_ly-do": "Điều chỉnh", **said}


def test_the_form_sends_a_proposal_where_approval_is_needed_and_says_so():
    entry, officer = entered(), desk(cast.HANDLER)
    assert "Đề nghị thay đổi" in text(officer.get(of("card", entry.id)))
    there = of("edit", entry.id, "thay-doi")
    form = officer.get(there)
    assert "Gửi đề nghị" in text(form) and "Lưu thay đổi" not in text(form)
    unsaid = officer.post(there, on_form(form, **filled(entry, **{"_ly-do": ""})))
    assert unsaid.status_code == 422 and not Proposal.objects.exists()
    sending = on_form(form, **filled(entry))
    sent = officer.post(there, sending)
    proposal = Proposal.objects.get()
    assert sent.url == at("proposal", proposal.pk) and officer.post(there, sending).url == sent.url
    assert entry_of(entry.id).revision == 1
    card = officer.get(of("card", entry.id))
    assert at("proposal", proposal.pk) in text(card)


def test_who_may_change_directly_may_propose_it_too():
    publish(FREE)
    entry, officer = entered(), desk(cast.HANDLER)
    there = of("edit", entry.id, "dinh-chinh")
    form = officer.get(there)
    assert "Lưu đính chính" in text(form) and "_de-nghi" in text(form)
    sent = officer.post(there, on_form(form, **filled(entry), **{"_de-nghi": "1"}))
    proposal = Proposal.objects.get()
    assert sent.url == at("proposal", proposal.pk) and proposal.deed == "correct"
    assert officer.post(there, on_form(form, **filled(entry))).url == of("card", entry.id)


def test_an_approver_sees_the_difference_and_approves_from_the_inbox():
    entry = entered()
    proposal = proposed(entry)
    officer = desk(cast.HEAD)
    inbox = text(officer.get(reverse("workspace:inbox")))
    assert at("proposal", proposal.pk) in inbox and proposal.code in inbox
    page = officer.get(at("proposal", proposal.pk))
    assert "Số tầng" in text(page) and page.context["read"].may_decide
    own = desk(cast.HANDLER).get(at("proposal", proposal.pk))
    assert not own.context["read"].may_decide and 'value="duyet"' not in text(own)
    wordless = officer.post(at("proposal_decide", proposal.pk), {"viec": "tu-choi", "loi": ""})
    assert wordless.status_code == 422 and "lý do" in text(wordless).lower()
    done = officer.post(at("proposal_decide", proposal.pk), {"viec": "duyet", "lan-sua": "1"}, follow=True)
    assert "đã duyệt" in text(done).lower() and entry_of(entry.id).values["so_tang"] == 5
    assert at("proposal", proposal.pk) not in text(officer.get(reverse("workspace:inbox")))


def test_an_approver_who_looked_at_an_older_state_is_shown_three_columns():
    entry = entered()
    proposal = proposed(entry)
    other = proposed(entry, raw={"so_tang": 7}, by=cast.actor(cast.OTHER_HANDLER))
    officer = desk(cast.HEAD)
    proposals.approve(proposal_id=other.pk, officer=head())
    told = officer.post(at("proposal_decide", proposal.pk), {"viec": "duyet", "lan-sua": "1"})
    assert told.status_code == 409 and told.context["read"].conflicts and "Hiện trong cơ sở dữ liệu" in text(told)
    seen = officer.post(at("proposal_decide", proposal.pk), {"viec": "duyet", "lan-sua": "2"})
    assert seen.status_code == 302 and entry_of(entry.id).values["so_tang"] == 5


def test_what_came_back_is_completed_on_the_form_with_what_was_proposed():
    entry = entered()
    proposal = proposed(entry)
    proposals.give_back(proposal_id=proposal.pk, officer=head(), note="Thiếu diện tích")
    officer = desk(cast.HANDLER)
    page = officer.get(at("proposal", proposal.pk))
    there = page.context["complete"]
    form = officer.get(there)
    assert "Thiếu diện tích" in text(form) and 'value="5"' in text(form)
    sent = officer.post(there, on_form(form, **filled(entry, dien_tich="300")))
    assert sent.url == at("proposal", proposal.pk)
    proposal.refresh_from_db()
    assert (proposal.state, proposal.turn) == (Proposal.State.WAITING, 2) and proposal.values["dien_tich"] == 300


def test_personal_data_in_a_proposal_is_opened_for_a_purpose_and_one_comes_back():
    entry = entered()
    proposal = proposed(entry, raw={"chu_dau_tu": {"ten": "Lê Thị Hoa", "so_dinh_danh": "067085012345"}})
    officer = desk(cast.HEAD)
    asked_ = officer.get(at("proposal", proposal.pk))
    assert asked_.status_code == 302 and asked_.url.startswith(of("purpose"))
    back = officer.post(asked_.url, {"viec": "cap-nhat", "ve": at("proposal", proposal.pk)})
    assert back.url == at("proposal", proposal.pk) and "067085012345" in text(officer.get(back.url))


def test_the_list_has_what_waits_what_is_mine_and_what_is_over_at_a_fixed_price():
    first = entered()
    done = proposed(first)
    proposals.refuse(proposal_id=done.pk, officer=head(), note="Không")
    officer = desk(cast.HANDLER)
    shown = {part: officer.get(of("proposals") + f"?phan={part}").context["rows"] for part in ("dang-cho", "da-xong")}
    assert not shown["dang-cho"] and [row["proposal"].pk for row in shown["da-xong"]] == [done.pk]
    price = queries_of(lambda: officer.get(of("proposals") + "?phan=cua-toi"))
    for number in range(55):
        proposed(first, raw={"so_tang": 10 + number})
    assert queries_of(lambda: officer.get(of("proposals") + "?phan=cua-toi")) == price
    page = officer.get(of("proposals"))
    assert len(page.context["rows"]) == 50
    assert len(officer.get(of("proposals") + page.context["older"]).context["rows"]) == 5
    assert desk("quantri").get(of("proposals")).status_code == 404


def test_several_are_ticked_prepared_looked_through_and_approved():
    entries = [entered(so=f"{number}/GPXD") for number in range(1, 4)]
    officer = desk(cast.HANDLER)
    listing = officer.get(of("listing"))
    assert listing.context["may_tick"] and text(listing).count("data-row-pick") == 3
    assert not desk(cast.LEADER).get(of("listing")).context["may_tick"]
    ticked = officer.post(of("propose_together"), {"chon": [str(entry.id) for entry in entries[:2]]})
    draft = Proposal.objects.get()
    assert ticked.url == at("proposal_draft", draft.pk)
    chosen = officer.get(ticked.url + "?_chon=1&_truong=so_tang")
    assert 'name="so_tang"' in text(chosen) and 'name="so"' not in text(chosen)
    unsaid = officer.post(ticked.url, {"_truong": "so_tang", "so_tang": "9", "_ngay": "2025-03-03", "_ly-do": ""})
    assert unsaid.status_code == 422 and 'value="9"' in text(unsaid)
    wrong = officer.post(ticked.url, {"_truong": "so_tang", "so_tang": "x", "_ngay": "2025-03-03", "_ly-do": "Gộp"})
    assert wrong.status_code == 422 and wrong.context["troubles"]
    looked = officer.post(ticked.url, {"_truong": "so_tang", "so_tang": "9", "_ngay": "2025-03-03", "_ly-do": "Gộp"})
    preview = officer.get(looked.url.partition("#")[0])
    assert preview.context["can"] == 2 and "1/GPXD" in text(preview)
    sent = officer.post(ticked.url, {"_gui": "1"})
    assert sent.url == at("proposal", draft.pk) and officer.post(ticked.url, {"_gui": "1"}).status_code == 302
    approver = desk(cast.HEAD)
    page = approver.get(sent.url)
    assert "Số tầng" in text(page) and len(page.context["results"]) == 2
    approver.post(at("proposal_decide", draft.pk), {"viec": "duyet"})
    assert [entry_of(entry.id).values["so_tang"] for entry in entries] == [9, 9, 2]
    over = text(officer.get(sent.url))
    assert "2/2 bản ghi" in over
    draft.refresh_from_db()
    assert approver.get(reverse("workspace:bulk", args=[draft.bulk.key])).url == sent.url
    assert approver.post(reverse("workspace:bulk_again", args=[draft.bulk.key])).status_code == 404


def test_all_that_the_list_finds_can_be_meant():
    for number in range(1, 56):
        entered(so=f"{number}/GPXD", so_tang=number % 2)
    officer = desk(cast.HANDLER)
    officer.post(of("propose_together") + "?l.so_tang.tu=1&l.so_tang.den=1", {"tat-ca": "1"})
    assert Proposal.objects.get().lines.count() == 28
    nothing = officer.post(of("propose_together"), {})
    assert nothing.status_code == 302 and Proposal.objects.count() == 1
    assert officer.post(at("proposal_throw_away", Proposal.objects.get().pk)).url == of("listing")
    assert not Proposal.objects.exists()


def test_pages_of_others_and_of_nobody_refuse():
    entry = entered()
    proposal = proposed(entry)
    draft = proposals.choose(register=KEY, ids=[entry.id], officer=handler())
    for client, code in ((desk("quantri"), 404), (desk(cast.AN), 403), (Client(), 302)):
        for address in (at("proposal", proposal.pk), at("proposal_progress", proposal.pk)):
            assert client.get(address).status_code == code, address
    assert desk(cast.HEAD).get(at("proposal_draft", draft.pk)).status_code == 404
    assert desk(cast.OTHER_HANDLER).post(at("proposal_withdraw", proposal.pk)).status_code == 404
    assert desk(cast.HEAD).post(at("proposal_decide", proposal.pk), {"viec": "xoa"}).status_code == 404


def test_what_is_written_stays_text():
    nasty = "<script>alert(1)</script>"
    entry = entered(so=nasty)
    proposal = proposed(entry, raw={"chu_dau_tu": {"ten": nasty}}, reason=nasty)
    proposals.give_back(proposal_id=proposal.pk, officer=head(), note=nasty)
    officer = desk(cast.HANDLER)
    for address in (at("proposal", proposal.pk), of("proposals") + "?phan=cua-toi", of("card", entry.id)):
        assert nasty not in text(officer.get(address))


# for programs


def send(client, path, said, **headers):
    return client.post(f"{HERE}{path}", json.dumps(said), content_type="application/json", headers=headers)


def test_programs_propose_read_and_decide():
    entry, officer, approver = entered(), desk(cast.HANDLER), desk(cast.HEAD)
    direct = officer.post(
        f"/api/v1/registers/{KEY}/entries/{entry.id}/changes",
        json.dumps({"revision": 1, "values": {"so_tang": 5}}),
        content_type="application/json",
    )
    assert direct.status_code == 403 and direct.json()["type"].endswith("registers.approval_needed")
    said = {"deed": "change", "entry": entry.id, "revision": 1, "values": {"so_tang": 5}, "reason": "Điều chỉnh"}
    key = str(uuid4())
    first, again = (send(officer, "", said, idempotency_key=key) for _time in range(2))
    assert first.status_code == 201 and first.json() == again.json() and first.json()["state"] == "waiting"
    path = f"/{first.json()['id']}"
    (listed,) = approver.get(HERE).json()
    assert listed == first.json()
    read = approver.get(HERE + path).json()
    assert (read["values"], read["before"], read["may_decide"]) == ({"so_tang": 5}, {"so_tang": 2}, True)
    own = send(officer, f"{path}/approval", {})
    assert own.status_code == 403 and own.json()["type"].endswith("registers.own_proposal")
    assert send(approver, f"{path}/refusal", {"note": ""}).status_code == 422
    approved = send(approver, f"{path}/approval", {"revision": read["present_revision"]})
    assert approved.json()["state"] == "applied" and entry_of(entry.id).values["so_tang"] == 5
    assert send(approver, f"{path}/return", {"note": "Muộn"}).status_code == 409
    assert send(officer, f"{path}/withdrawal", {}).status_code == 409
    assert officer.get(f"/api/v1/registers/khac/proposals{path}").status_code == 404


def test_programs_propose_a_change_of_many():
    entries = [entered(so=f"{number}/GPXD") for number in range(1, 3)]
    said = {"deed": "bulk", "entries": [each.id for each in entries], "values": {"so_tang": 9}, "reason": "Gộp"}
    sent = send(desk(cast.HANDLER), "", said, idempotency_key=str(uuid4())).json()
    assert sent["entries"] == 2 and sent["state"] == "waiting"
    done = send(desk(cast.HEAD), f"/{sent['id']}/approval", {}).json()
    assert (done["state"], done["done"]) == ("applied", 2)
    assert [entry_of(entry.id).values["so_tang"] for entry in entries] == [9, 9]


def test_programs_are_told_what_is_missing():
    officer = desk(cast.HANDLER)
    said = {"deed": "change", "values": {"so_tang": 5}, "reason": "Điều chỉnh"}
    assert send(officer, "", said, idempotency_key=str(uuid4())).status_code == 422
    assert send(officer, "", said).status_code in (400, 422)
    assert send(desk("quantri"), "", said, idempotency_key=str(uuid4())).status_code == 404
    new = {"deed": "enter", "values": permit(so="")}
    wrong = send(officer, "", new, idempotency_key=str(uuid4()))
    assert wrong.status_code == 422 and "so" in wrong.json()["errors"]


def test_what_may_be_done_directly_is_as_it_was():
    publish(FREE)
    entry = entered()
    changed = services.change(register=KEY, entry_id=entry.id, revision=1, raw={"so_tang": 5}, officer=handler())
    assert changed.revision == 2 and body().needs_approval("bulk")
