"""The same change of many entries: looked through, approved, carried out once each, however often a process dies."""

from datetime import timedelta
from uuid import uuid4

import pytest

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.notifications.models import Notification
from lienthong.registers import services
from lienthong.registers.importing import services as imports
from lienthong.registers.importing.models import Import
from lienthong.registers.proposals import forgetting, reading, together
from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.proposals.surveying import survey
from lienthong.work import bulk as bulks
from lienthong.work.models import BulkLine
from tests import cast
from tests.registers.conftest import KEY, publish
from tests.registers.proposing import ASKED, FREE, body, entered, entry_of, handler, head, items

pytestmark = pytest.mark.django_db
WHY = "Đánh số lại theo Quyết định 12"


@pytest.fixture(autouse=True)
def asked(db):
    publish(FREE)


def several(count=3, **other):
    return [entered(so=f"{number}/GPXD", **other) for number in range(1, count + 1)]


def chosen(entries, **said):
    given = {"keys": ["so_tang"], "raw": {"so_tang": "9"}, "reason": WHY, **said}
    proposal = proposals.choose(register=KEY, ids=[entry.id for entry in entries], officer=handler())
    return proposals.prepare(proposal_id=proposal.pk, officer=handler(), **given)


def sent(entries, **said):
    return proposals.send_prepared(proposal_id=chosen(entries, **said).pk, officer=handler())


def floors(entries):
    return [entry_of(entry.id).values["so_tang"] for entry in entries]


def outcomes(proposal):
    proposal.refresh_from_db()
    return [line.outcome for line in proposal.bulk.lines.order_by("subject_id")]


def test_nothing_changes_before_it_is_approved_and_then_every_entry_does():
    entries = several()
    proposal = sent(entries)
    assert floors(entries) == [2, 2, 2] and proposal.state == Proposal.State.WAITING and len(items(proposal)) == 1
    with pytest.raises(proposals.OwnProposal):
        proposals.approve(proposal_id=proposal.pk, officer=handler())
    done = proposals.approve(proposal_id=proposal.pk, officer=head())
    assert done.state == Proposal.State.APPLYING and floors(entries) == [2, 2, 2]
    proposals.carry_on(done)
    assert floors(entries) == [9, 9, 9] and outcomes(proposal) == ["done"] * 3
    assert (proposal.state, proposal.done) == (Proposal.State.APPLIED, 3) and not items(proposal)
    told = Notification.objects.filter(account_id=handler().account_id)
    assert [each.kind for each in told] == ["register-proposal-carried-out"] and "3" in told[0].text


def test_a_process_that_dies_half_way_leaves_nothing_undone_and_nothing_done_twice():
    entries = several(4)
    proposal = proposals.approve(proposal_id=sent(entries).pk, officer=head())
    assert bulks._next(proposal.bulk_id) and sorted(floors(entries)) == [2, 2, 2, 9]
    assert proposals.approve(proposal_id=proposal.pk, officer=head()).bulk_id == proposal.bulk_id
    for _time in range(2):
        bulks.run(proposal.bulk_id)
    assert floors(entries) == [9] * 4
    assert {entry_of(entry.id).revision for entry in entries} == {2}
    proposal.refresh_from_db()
    assert proposal.done == 4
    assert Notification.objects.filter(kind="register-proposal-carried-out").count() == 1


def test_what_cannot_be_is_found_before_it_is_sent_with_the_reason():
    plain, tall, gone = several()
    services.change(register=KEY, entry_id=tall.id, revision=1, raw={"so_tang": 9}, officer=handler())
    services.end(register=KEY, entry_id=gone.id, revision=1, officer=handler(), reason="Thu hồi")
    late = entered(so="99/GPXD")
    services.change(register=KEY, entry_id=late.id, revision=1, raw={"so_tang": 3}, officer=handler())
    yesterday = clock.today() - timedelta(days=1)
    proposal = chosen([plain, tall, gone, late], day=yesterday)
    found = {line.row.entry_id: line.obstacle for line in survey(proposal, body(), handler())}
    assert found[plain.id] == "" and "kết thúc" in found[gone.id]
    assert found[tall.id] and found[late.id], "what was changed today is not different since yesterday"
    waiting = proposals.send_prepared(proposal_id=proposal.pk, officer=handler())
    assert [line.entry_id for line in waiting.lines.all()] == [plain.id]


def test_a_selection_of_which_nothing_can_be_changed_is_not_sent():
    entries = several(2, so_tang=9)
    proposal = chosen(entries)
    with pytest.raises(proposals.NothingToDo):
        proposals.send_prepared(proposal_id=proposal.pk, officer=handler())
    proposal.refresh_from_db()
    assert proposal.state == Proposal.State.DRAFT and proposal.lines.count() == 2


def test_what_somebody_changed_since_stays_as_they_left_it_and_can_be_proposed_again():
    entries = several()
    proposal = sent(entries)
    services.change(register=KEY, entry_id=entries[1].id, revision=1, raw={"so_tang": 4}, officer=head())
    done = proposals.approve(proposal_id=proposal.pk, officer=head())
    proposals.carry_on(done)
    assert floors(entries) == [9, 4, 9] and outcomes(proposal) == ["done", "changed", "done"]
    assert proposal.done == 2
    rest = proposals.again(proposal_id=proposal.pk, officer=handler())
    assert [line.entry_id for line in rest.lines.all()] == [entries[1].id] and rest.values == proposal.values


def test_a_field_is_emptied_in_all_of_them_but_not_where_it_is_required():
    entries = several(2)
    proposal = sent(entries, keys=["dien_tich"], raw={"dien_tich": ""})
    proposals.carry_on(proposals.approve(proposal_id=proposal.pk, officer=head()))
    assert [entry_of(entry.id).values["dien_tich"] for entry in entries] == [None, None]
    draft = chosen(entries, keys=["ngay_cap"], raw={"ngay_cap": ""})
    assert all("Ngày cấp" in line.obstacle for line in survey(draft, body(), handler()))


def test_what_tells_entries_apart_and_personal_data_is_not_set_for_many():
    (entry,) = several(1)
    draft = proposals.choose(register=KEY, ids=[entry.id], officer=handler())
    assert not {"so", "so_dinh_danh", "hang_muc"} & set(together.settable(draft, body(), handler()))
    with pytest.raises(proposals.NothingToSet):
        proposals.prepare(proposal_id=draft.pk, officer=handler(), keys=["so"], raw={"so": "1"}, reason=WHY)
    with pytest.raises(NotAccepted):
        proposals.prepare(proposal_id=draft.pk, officer=handler(), keys=["so_tang"], raw={"so_tang": "x"}, reason=WHY)
    with pytest.raises(proposals.ReasonNeeded):
        proposals.prepare(proposal_id=draft.pk, officer=handler(), keys=["so_tang"], raw={"so_tang": "3"})


def test_a_selection_is_ones_own_and_limited():
    entries = several(2)
    draft = chosen(entries)
    with pytest.raises(proposals.NoSuchProposal):
        proposals.send_prepared(proposal_id=draft.pk, officer=cast.actor(cast.OTHER_HANDLER))
    with pytest.raises(proposals.NoSuchProposal):
        reading.visible(draft.pk, head())
    with pytest.raises(bulks.TooManyChosen):
        proposals.choose(register=KEY, ids=list(range(1, 1_002)), officer=handler())
    with pytest.raises(bulks.NothingChosen):
        proposals.choose(register=KEY, ids=[10**12], officer=handler())
    with pytest.raises(NotAllowed):
        proposals.choose(register=KEY, ids=[entries[0].id], officer=cast.actor(cast.LEADER))


def test_an_approval_that_was_taken_away_meanwhile_changes_nothing_more():
    entries = several(2)
    proposal = proposals.approve(proposal_id=sent(entries).pk, officer=head())
    publish(FREE.replace("may: [read, write, approve], where: own", "may: [read, write], where: own"))
    bulks.run(proposal.bulk_id)
    assert floors(entries) == [2, 2] and set(outcomes(proposal)) == {"refused"} and proposal.done == 0


def test_where_no_approval_is_asked_for_it_begins_when_it_is_sent():
    publish(FREE.replace("access:\n", "approval: []\naccess:\n", 1))
    entries = several(2)
    proposal = sent(entries)
    assert proposal.state == Proposal.State.APPLYING and proposal.decided_by is None
    proposals.carry_on(proposal)
    assert floors(entries) == [9, 9]


def test_sending_in_one_is_done_once():
    entries, key = several(2), uuid4()
    ids = [entry.id for entry in entries]
    said = {"register": KEY, "ids": ids, "values": {"so_tang": 9}, "reason": WHY, "officer": handler(), "request": key}
    first, again = (proposals.propose_together(**said) for _time in range(2))
    assert first.pk == again.pk and first.state == Proposal.State.WAITING and len(items(first)) == 1


def test_drafts_are_forgotten_after_a_day_and_nothing_else():
    entries = several(1)
    draft, waiting = chosen(entries), sent(entries)
    assert forgetting.forget_drafts() == 0
    with clock.at(clock.now() + timedelta(days=2)):
        assert forgetting.forget_drafts() == 1
        bulks.forget()
    assert not Proposal.objects.filter(pk=draft.pk).exists() and Proposal.objects.filter(pk=waiting.pk).exists()


def test_a_finished_bulk_may_be_forgotten_and_the_proposal_keeps_its_counts():
    entries = several(2)
    proposal = proposals.approve(proposal_id=sent(entries).pk, officer=head())
    proposals.carry_on(proposal)
    with clock.at(clock.now() + timedelta(days=120)):
        bulks.forget()
    proposal.refresh_from_db()
    assert proposal.bulk is None and proposal.done == 2 and not BulkLine.objects.exists()
    rows = reading.lines(proposal)
    assert [result.outcome for result in reading.results(head(), body(), proposal, rows)] == ["", ""]


SHEET = "Số giấy phép;Ngày cấp;Họ và tên;Địa chỉ xây dựng\n9/GPXD;03/03/2025;Lê Thị Hoa;12 Hùng Vương\n".encode()


def test_a_spreadsheet_may_enter_what_needs_no_approval_and_change_nothing_that_does():
    publish(ASKED)
    found = imports.bring(register=KEY, source=SHEET, name="so.csv", officer=handler())
    said = {"register": KEY, "key": found.key, "officer": handler(), "mapping": {0: "so"}, "valid_from": clock.today()}
    with pytest.raises(services.ApprovalNeeded):
        imports.check(**said, existing=Import.Existing.CHANGE)
    assert imports.check(**said, existing=Import.Existing.SKIP).status == Import.Status.CHECKING
    publish(ASKED.replace("approval: [change,", "approval: [enter, change,"))
    with pytest.raises(services.ApprovalNeeded):
        imports.bring(register=KEY, source=SHEET, name="so.csv", officer=handler())
