"""Proposing and approving changes of one entry: nothing counts before somebody else has agreed, and nothing is lost."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.ledger.queries import timeline
from lienthong.notifications.models import Notification
from lienthong.registers import access, history, queries, services
from lienthong.registers.context import context
from lienthong.registers.proposals import forgetting, reading
from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.applying import FieldsGone
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.rules import Ended
from lienthong.work.queries import Filters, inbox
from lienthong.workspace.addresses import address_of
from tests import cast
from tests.registers.conftest import CU_JUT, DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.proposing import (
    ASKED,
    FREE,
    body,
    entered,
    entry_of,
    handler,
    head,
    items,
    leader,
    proposed,
)

pytestmark = pytest.mark.django_db
PERSON = {"chu_dau_tu": {"ten": "Trần Hưng Đạo", "so_dinh_danh": "067085012345"}}


@pytest.fixture(autouse=True)
def asked(db):
    publish(ASKED)


def seen_by(officer):
    now = clock.now()
    return inbox(officer, Filters(), now=now, soon=now + timedelta(days=1))


def test_what_needs_approval_is_refused_to_who_would_do_it_directly_and_nothing_changes():
    entry = entered()
    common = {"register": KEY, "entry_id": entry.id, "revision": 1, "officer": head()}
    for do in (
        lambda: services.change(**common, raw={"so_tang": 5}),
        lambda: services.correct(**common, raw={"so_tang": 5}, reason="Nhầm"),
        lambda: services.end(**common, reason="Thu hồi"),
    ):
        with pytest.raises(services.ApprovalNeeded, match="duyệt"):
            do()
    assert entry_of(entry.id) == entry


def test_a_change_counts_once_somebody_else_has_approved_it_and_both_stand_in_its_history():
    entry = entered(**PERSON)
    proposal = proposed(entry)
    assert entry_of(entry.id).values["so_tang"] == 2 and entry_of(entry.id).revision == 1
    assert proposal.values == {"so_tang": 5} and proposal.before == {"so_tang": 2}
    (item,) = items(proposal)
    assert [each.pk for each in seen_by(head())] == [item.pk] and not seen_by(handler())
    assert address_of(item).endswith(f"/de-nghi/{proposal.pk}/")

    done = proposals.approve(proposal_id=proposal.pk, officer=head(), note="Đồng ý")
    assert done.state == Proposal.State.APPLIED and not items(proposal)
    now = entry_of(entry.id)
    assert now.values["so_tang"] == 5 and now.values["chu_dau_tu"]["so_dinh_danh"] == "067085012345"
    (event,) = (each for each in timeline((f"register.{KEY}", entry.id)) if each.kind == "registers.changed")
    assert event.account_id == head().account_id and event.data["proposed_by"] == handler().account_id
    assert event.data["reason"] == "Giấy phép điều chỉnh số 2"
    rights = access.rights_of(head(), body(), to="read")
    newest = history.told(body(), queries.history(body(), rights, entry.id), context())[0]
    assert cast.account(cast.HANDLER).full_name in newest.who and cast.account(cast.HEAD).full_name in newest.who
    (told,) = Notification.objects.filter(account_id=handler().account_id)
    assert proposal.code in told.title and told.link.endswith(f"/de-nghi/{proposal.pk}/")


def test_approving_twice_changes_once_and_sending_twice_is_one_proposal():
    entry, key = entered(), uuid4()
    first = proposed(entry, request=key)
    assert proposed(entry, request=key).pk == first.pk and Proposal.objects.count() == 1
    assert len(items(first)) == 1
    for _time in range(2):
        proposals.approve(proposal_id=first.pk, officer=head())
    assert entry_of(entry.id).revision == 2
    with pytest.raises(proposals.GoneOn):
        proposals.refuse(proposal_id=first.pk, officer=leader(), note="Muộn")


def test_a_correction_and_an_end_go_the_same_way_and_keep_their_days():
    entry = entered()
    corrected = proposed(entry, "correct", raw={"so_tang": 4}, reason="Ghi nhầm")
    proposals.approve(proposal_id=corrected.pk, officer=head())
    now = entry_of(entry.id)
    assert now.values["so_tang"] == 4 and now.valid_from == entry.valid_from
    ended = proposed(now, "end", raw={}, reason="Thu hồi", day=clock.today() - timedelta(days=2))
    proposals.approve(proposal_id=ended.pk, officer=head())
    assert entry_of(entry.id).valid_until == clock.today() - timedelta(days=2)


def test_a_new_entry_is_made_when_it_is_approved_and_only_once():
    publish(ASKED.replace("approval: [change,", "approval: [enter, change,"))
    with pytest.raises(services.ApprovalNeeded):
        services.enter(register=KEY, raw=permit(), officer=handler())
    sent = proposals.propose(register=KEY, deed="enter", officer=handler(), raw=permit(), day=clock.today())
    rights = access.rights_of(head(), body(), to="read")
    assert not queries.page(body(), rights) and "15/GPXD" in sent.title
    for _time in range(2):
        done = proposals.approve(proposal_id=sent.pk, officer=head())
    (made,) = queries.page(body(), rights)
    assert made.id == done.entry_id and made.values["dien_tich"] == permit()["dien_tich"] and made.values["hang_muc"]
    with pytest.raises(services.AlreadyThere):
        proposals.propose(register=KEY, deed="enter", officer=handler(), raw=permit())


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"raw": {"so_tang": 2}}, proposals.NothingDifferent),
        ({"raw": {"so_tang": "nhiều"}}, NotAccepted),
        ({"raw": {"so": ""}}, NotAccepted),
        ({"raw": {"khong_co": 1}}, NotAccepted),
        ({"reason": "  "}, proposals.ReasonNeeded),
    ],
)
def test_what_could_not_be_written_is_not_proposed(said, why):
    entry = entered()
    with pytest.raises(why):
        proposed(entry, **said)
    assert not Proposal.objects.exists() and entry_of(entry.id) == entry


def test_what_another_entry_says_already_is_found_when_it_is_proposed():
    entry = entered()
    entered(so="16/GPXD")
    with pytest.raises(services.AlreadyThere):
        proposed(entry, raw={"so": "16/GPXD"})
    assert entry_of(entry.id) == entry


def test_nobody_approves_what_they_proposed_and_it_lies_with_another():
    entry = entered()
    own = proposed(entry, by=head())
    (item,) = items(own)
    assert [each.pk for each in seen_by(leader())] == [item.pk] and not seen_by(head())
    with pytest.raises(proposals.OwnProposal):
        proposals.approve(proposal_id=own.pk, officer=head())
    proposals.approve(proposal_id=own.pk, officer=leader())
    assert entry_of(entry.id).values["so_tang"] == 5


def test_where_nobody_else_could_approve_nothing_is_sent():
    publish(ASKED.replace("may: [read, approve], where: below", "may: [read], where: below"))
    entry = entered()
    with pytest.raises(proposals.NobodyApproves):
        proposed(entry, by=head())
    assert not Proposal.objects.exists()


def test_a_refusal_needs_words_and_leaves_the_entry():
    entry = entered()
    proposal = proposed(entry)
    with pytest.raises(proposals.ReasonNeeded):
        proposals.refuse(proposal_id=proposal.pk, officer=head(), note=" ")
    done = proposals.refuse(proposal_id=proposal.pk, officer=head(), note="Chưa có quyết định")
    assert done.state == Proposal.State.REFUSED and not items(proposal) and entry_of(entry.id) == entry
    assert Notification.objects.filter(account_id=handler().account_id, kind="register-proposal-refused").count() == 1


def test_what_is_given_back_is_completed_and_sent_again():
    entry = entered()
    proposal = proposed(entry)
    proposals.give_back(proposal_id=proposal.pk, officer=head(), note="Thiếu diện tích")
    (item,) = items(proposal)
    assert [each.pk for each in seen_by(handler())] == [item.pk] and not seen_by(head())
    with pytest.raises(proposals.GoneOn):
        proposals.approve(proposal_id=proposal.pk, officer=head())
    sent = proposals.complete(
        proposal_id=proposal.pk,
        officer=handler(),
        revision=1,
        raw={"so_tang": 5, "dien_tich": 300},
        reason="Đã bổ sung",
    )
    assert sent.values.keys() == {"so_tang", "dien_tich"} and sent.turn == 2
    assert len(items(proposal)) == 1 and len(seen_by(head())) == 1 and not seen_by(handler())
    with pytest.raises(proposals.ChangedSinceSeen):
        proposals.approve(proposal_id=proposal.pk, officer=head(), turn=1)
    proposals.approve(proposal_id=proposal.pk, officer=head(), turn=2)
    assert entry_of(entry.id).values["dien_tich"] == 300


def test_who_proposed_it_withdraws_it_and_nobody_else():
    entry = entered()
    proposal = proposed(entry)
    with pytest.raises(proposals.NoSuchProposal):
        proposals.withdraw(proposal_id=proposal.pk, officer=cast.actor(cast.OTHER_HANDLER))
    for _time in range(2):
        assert proposals.withdraw(proposal_id=proposal.pk, officer=handler()).state == Proposal.State.WITHDRAWN
    assert not items(proposal)
    with pytest.raises(proposals.GoneOn):
        proposals.approve(proposal_id=proposal.pk, officer=head())
    assert entry_of(entry.id) == entry


def changed_meanwhile(entry, **raw):
    """Somebody else's change is approved before."""
    other = proposed(entry, by=cast.actor(cast.OTHER_HANDLER), raw=raw)
    proposals.approve(proposal_id=other.pk, officer=head())


def test_who_approves_sees_what_was_changed_meanwhile_and_decides_on_that():
    entry = entered()
    proposal = proposed(entry, raw={"so_tang": 5, "dien_tich": 300})
    changed_meanwhile(entry, so_tang=7)
    with pytest.raises(proposals.ChangedSinceSeen):
        proposals.approve(proposal_id=proposal.pk, officer=head())
    read = reading.read(proposal_id=proposal.pk, officer=head())
    told = {each.label: (each.before, each.now, each.after, each.conflict) for each in read.differences}
    assert told["Số tầng"] == ("2", "7", "5", True) and told["Diện tích sàn"][3] is False and read.changed
    proposals.approve(proposal_id=proposal.pk, officer=head(), revision=2)
    now = entry_of(entry.id)
    assert (now.values["so_tang"], now.values["dien_tich"]) == (5, 300)


def test_what_nobody_proposed_stays_as_somebody_else_has_changed_it():
    entry = entered()
    proposal = proposed(entry, raw={"so_tang": 5})
    changed_meanwhile(entry, dien_tich=300)
    read = reading.read(proposal_id=proposal.pk, officer=head())
    assert read.changed and not read.conflicts
    proposals.approve(proposal_id=proposal.pk, officer=head(), revision=2)
    now = entry_of(entry.id)
    assert (now.values["so_tang"], now.values["dien_tich"]) == (5, 300)


def test_an_entry_that_ended_meanwhile_is_told_and_the_proposal_stays():
    entry = entered()
    proposal, ending = proposed(entry), proposed(entry, "end", raw={}, by=cast.actor(cast.OTHER_HANDLER))
    proposals.approve(proposal_id=ending.pk, officer=head())
    assert "kết thúc" in reading.read(proposal_id=proposal.pk, officer=head()).obstacle
    with pytest.raises(Ended):
        proposals.approve(proposal_id=proposal.pk, officer=head(), revision=2)
    assert len(items(proposal)) == 1
    proposals.refuse(proposal_id=proposal.pk, officer=head(), note="Giấy phép đã thu hồi")


def test_a_field_that_is_gone_is_told_and_the_proposal_can_be_completed():
    entry = entered()
    proposal = proposed(entry, raw={"so_tang": 5, "dien_tich": 300})
    publish(
        ASKED.replace("  - {key: so_tang, type: integer, label: Số tầng, max: 100}\n", "").replace(", so_tang]", "]"),
        allow_loss=True,
    )
    read = reading.read(proposal_id=proposal.pk, officer=head())
    assert "Số tầng" in read.obstacle and {"Số tầng", "Diện tích sàn"} == {each.label for each in read.differences}
    with pytest.raises(FieldsGone, match="Số tầng"):
        proposals.approve(proposal_id=proposal.pk, officer=head())
    proposals.give_back(proposal_id=proposal.pk, officer=head(), note="Sổ đã đổi mẫu")
    proposals.complete(
        proposal_id=proposal.pk, officer=handler(), revision=1, raw={"dien_tich": 300}, reason="Theo mẫu mới"
    )
    proposals.approve(proposal_id=proposal.pk, officer=head())
    assert entry_of(entry.id).values["dien_tich"] == 300


def test_who_may_not_read_a_field_sees_nothing_of_it_and_does_not_approve_it():
    limited = ASKED.replace(
        "{role: agency-leader, may: [read, approve], where: below}",
        "{role: agency-leader, may: [read, approve], where: below, fields: [so, so_tang]}",
    )
    publish(limited)
    entry = entered()
    proposal = proposed(entry, raw={"so_tang": 5, "chu_dau_tu": {"ten": "Lê Thị Hoa"}})
    read = reading.read(proposal_id=proposal.pk, officer=leader())
    assert [each.label for each in read.differences] == ["Số tầng"] and read.hidden == 1 and not read.may_decide
    with pytest.raises(NotAllowed):
        proposals.approve(proposal_id=proposal.pk, officer=leader())
    only_floors = proposed(entry, raw={"so_tang": 6})
    proposals.approve(proposal_id=only_floors.pk, officer=leader())


def test_opening_personal_data_in_a_proposal_is_for_a_purpose_and_on_record():
    entry = entered()
    proposal = proposed(entry, raw=PERSON)
    with pytest.raises(services.PurposeNeeded):
        reading.read(proposal_id=proposal.pk, officer=head())
    read = reading.read(proposal_id=proposal.pk, officer=head(), purpose="Duyệt đề nghị")
    assert "067085012345" in [each.after for each in read.differences]
    (reading_,) = timeline((f"register-read.{KEY}", entry.id))
    assert reading_.account_id == head().account_id and reading_.data["purpose"] == "Duyệt đề nghị"
    assert all("067085012345" not in str(dict(each.data)) for each in timeline(("register-proposal", proposal.pk)))


def test_what_was_proposed_is_let_go_of_after_a_year_once_it_is_over():
    entry = entered()
    waiting, refused = proposed(entry, raw={"so_tang": 6}), proposed(entry)
    proposals.refuse(proposal_id=refused.pk, officer=head(), note="Không")
    with clock.at(clock.now() + timedelta(days=364)):
        assert forgetting.forget_contents() == 0
    with clock.at(clock.now() + timedelta(days=366)):
        assert forgetting.forget_contents() == 1 and forgetting.forget_contents() == 0
    refused.refresh_from_db()
    waiting.refresh_from_db()
    assert not refused.values and not refused.before and refused.note == "Không" and waiting.values


def test_strangers_neither_see_nor_decide():
    entry = entered()
    proposal = proposed(entry)
    other = cast.account(cast.TWO_AGENCIES).pk
    for post in (officer_of("case-handler", CU_JUT), officer_of("one-stop-clerk", GIA_NGHIA)):
        stranger = replace(post, account_id=other)
        for do in (reading.read, proposals.approve):
            with pytest.raises((proposals.NoSuchProposal, NotAllowed)):
                do(proposal_id=proposal.pk, officer=stranger)
    with pytest.raises(NotAllowed):
        proposals.approve(proposal_id=proposal.pk, officer=cast.actor(cast.OTHER_HANDLER))


def test_whoever_may_only_propose_does_so():
    only = FREE.replace(
        "{role: case-handler, function: urban-management, may: [read, write], where: own}",
        "{role: case-handler, function: urban-management, may: [propose], where: own}",
    )
    publish(FREE)
    entry = entered()
    publish(only)
    with pytest.raises(NotAllowed):
        services.change(register=KEY, entry_id=entry.id, revision=1, raw={"so_tang": 5}, officer=handler())
    proposal = proposed(entry)
    proposals.approve(proposal_id=proposal.pk, officer=head())
    assert entry_of(entry.id).values["so_tang"] == 5


def test_what_is_declared_is_checked():
    with pytest.raises(AssertionError, match="approval"):
        publish(DECLARED.replace("access:\n", "approval: [change]\naccess:\n"))
    with pytest.raises(AssertionError, match="approval"):
        publish(FREE.replace("access:\n", "approval: [delete]\naccess:\n"))
