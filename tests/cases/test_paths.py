"""What happens to a dossier beside its steps: payments, new dates, other hands, corrections, time that passes."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from lienthong.cases import services
from lienthong.cases.models import Dossier, Extension, Paper, StepVisit
from lienthong.cases.rules import (
    ActionNotOffered,
    ApologiesUsedUp,
    NewDateNotLater,
    NothingToCorrect,
    NotWaiting,
    ReasonNeeded,
    Status,
)
from lienthong.cases.services import moving, pausing
from lienthong.cases.services.handling import NotOfThatUnit, NotYourStep
from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger.models import Entry
from lienthong.procedures.shapes import Action, Verb
from lienthong.work.models import WorkItem
from lienthong.work.rules import AskedAlready, DecidedAlready
from tests import cast
from tests.cases import dossiers

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.at(cast.MONDAY):
        yield


def kinds(dossier: Dossier) -> list[str]:
    entries = Entry.objects.filter(subject_type="dossier", subject_id=dossier.pk)
    return list(entries.order_by("id").values_list("kind", flat=True))


def again(dossier: Dossier) -> Dossier:
    return Dossier.objects.get(pk=dossier.pk)


def open_items(dossier: Dossier) -> list[tuple[int, int | None]]:
    items = WorkItem.objects.filter(is_open=True, subject_type="dossier", subject_id=dossier.pk)
    return list(items.order_by("id").values_list("part_id", "post_id"))


def head() -> Any:
    return cast.actor(cast.HEAD)


def test_who_asks_for_a_new_date_gets_it_from_who_signs_and_the_applicant_gets_an_apology() -> None:
    dossier = dossiers.in_hand()
    visit, handler = dossiers.visit(dossier, "tham-dinh"), cast.actor(cast.HANDLER)
    day = clock.local(dossier.due_at).date() + 7 * DAY
    extension = services.ask_extension(
        dossier_id=dossier.pk, visit_id=visit.pk, officer=handler, day=day, reason="Chờ kết quả đo đạc"
    )
    item = WorkItem.objects.get(subject_type="extension", subject_id=extension.pk, is_open=True)
    leader = cast.actor(cast.LEADER)
    assert (item.organisation_id, item.role) == (leader.acting.organisation.id, "agency-leader")
    with pytest.raises(AskedAlready):
        services.ask_extension(dossier_id=dossier.pk, visit_id=visit.pk, officer=handler, day=day, reason="Lần nữa")
    with pytest.raises(NotYourStep):
        services.decide_extension(extension_id=extension.pk, officer=handler, grant=True)

    services.decide_extension(extension_id=extension.pk, officer=leader, grant=True)

    granted = Extension.objects.get(pk=extension.pk)
    assert granted.granted and granted.in_time and granted.decided_by_id == leader.account_id
    after = again(dossier)
    assert clock.local(after.due_at).date() == day and after.apologies == 1
    paper = Paper.objects.get(dossier=dossier, kind="apology")
    assert paper.data["reason"] == "Chờ kết quả đo đạc"
    assert datetime.fromisoformat(paper.data["new_due"]) == after.due_at
    assert not WorkItem.objects.filter(subject_type="extension", is_open=True).exists()
    assert kinds(dossier)[-2:] == ["cases.extension_asked", "cases.apologised"]
    with pytest.raises(DecidedAlready):
        services.decide_extension(extension_id=extension.pk, officer=leader, grant=True)
    with pytest.raises(ApologiesUsedUp):
        services.ask_extension(
            dossier_id=dossier.pk, visit_id=visit.pk, officer=handler, day=day + 9 * DAY, reason="Còn chờ"
        )


def test_a_new_date_that_is_refused_changes_nothing_and_can_be_asked_for_again() -> None:
    dossier = dossiers.in_hand()
    visit, handler, leader = dossiers.visit(dossier, "tham-dinh"), cast.actor(cast.HANDLER), cast.actor(cast.LEADER)
    asked = {"dossier_id": dossier.pk, "visit_id": visit.pk, "officer": handler, "reason": "Chờ đo đạc"}
    with pytest.raises(NewDateNotLater):
        services.ask_extension(**asked, day=clock.local(dossier.due_at).date() - DAY)
    day = clock.local(dossier.due_at).date() + 7 * DAY
    extension = services.ask_extension(**asked, day=day)
    with pytest.raises(ReasonNeeded):
        services.decide_extension(extension_id=extension.pk, officer=leader, grant=False)
    services.decide_extension(extension_id=extension.pk, officer=leader, grant=False, note="Đủ thời gian")
    assert again(dossier).due_at == dossier.due_at
    assert not Paper.objects.filter(dossier=dossier, kind="apology").exists()
    assert kinds(dossier)[-1] == "cases.extension_refused"
    assert services.ask_extension(**asked, day=day).pk != extension.pk


def test_a_step_goes_to_a_colleague_by_its_holder_or_the_head_and_says_why() -> None:
    dossier = dossiers.in_hand()
    visit = dossiers.visit(dossier, "tham-dinh")
    colleague = next(post for post in moving.takers(dossier, visit, _step(dossier, visit)) if post.id != visit.post_id)
    give = {"dossier_id": dossier.pk, "visit_id": visit.pk, "post_id": colleague.id}
    with pytest.raises(NotYourStep):
        services.transfer(**give, officer=cast.actor(cast.CLERK), reason="vì")
    with pytest.raises(ReasonNeeded):
        services.transfer(**give, officer=head(), reason=" ")
    with pytest.raises(NotOfThatUnit):
        services.transfer(**{**give, "post_id": head().acting.id}, officer=head(), reason="vì")
    services.transfer(**give, officer=head(), reason="Nghỉ ốm")
    after = StepVisit.objects.get(pk=visit.pk)
    assert after.post_id == colleague.id and after.due_at == visit.due_at
    assert open_items(dossier) == [(visit.pk, colleague.id)]
    entry = Entry.objects.filter(kind="cases.transferred").latest("id")
    assert entry.data == {"visit": visit.pk, "from": visit.post_id, "to": colleague.id, "reason": "Nghỉ ốm"}
    with pytest.raises(moving.AlreadyWith):
        services.transfer(**give, officer=head(), reason="vì")


def test_a_colleague_of_the_same_desk_takes_a_step_over() -> None:
    dossier = dossiers.in_hand()
    visit = dossiers.visit(dossier, "tham-dinh")
    step = _step(dossier, visit)
    handler = cast.actor(cast.HANDLER)
    other = next(post for post in moving.takers(dossier, visit, step) if post.id != visit.post_id)
    services.transfer(dossier_id=dossier.pk, visit_id=visit.pk, post_id=other.id, officer=handler, reason="Đi công tác")
    visit.refresh_from_db()
    assert moving.own_post_for_taking(handler, visit, step) == handler.acting.id
    services.transfer(
        dossier_id=dossier.pk, visit_id=visit.pk, post_id=handler.acting.id, officer=handler, reason="Đã về"
    )
    assert open_items(dossier) == [(visit.pk, handler.acting.id)]


def test_a_mistaken_acceptance_is_taken_back_and_the_dossier_keeps_its_code() -> None:
    dossier = dossiers.in_hand()
    with pytest.raises(NotAllowed):
        services.undo_acceptance(dossier_id=dossier.pk, officer=cast.actor(cast.HANDLER), reason="Nhầm")
    with pytest.raises(ReasonNeeded):
        services.undo_acceptance(dossier_id=dossier.pk, officer=cast.actor(cast.LEADER), reason="")
    services.undo_acceptance(dossier_id=dossier.pk, officer=cast.actor(cast.LEADER), reason="Nhầm thủ tục")
    after = again(dossier)
    assert (after.status, after.code, after.due_at) == (Status.REGISTERED, dossier.code, None)
    reception = dossiers.visit(dossier, "tiep-nhan")
    assert open_items(dossier) == [(reception.pk, None)]
    assert kinds(dossier)[-1] == "cases.acceptance_undone"
    accepted = dossiers.act(after, cast.CLERK, "tiep-nhan", "tiep-nhan")
    assert accepted.code == dossier.code and accepted.due_at is not None


def test_what_was_signed_is_not_taken_back() -> None:
    dossier = dossiers.approved()
    with pytest.raises(NothingToCorrect):
        services.undo_acceptance(dossier_id=dossier.pk, officer=cast.actor(cast.LEADER), reason="Nhầm")


def test_a_supplement_that_never_comes_stops_the_dossier(monkeypatch: pytest.MonkeyPatch) -> None:
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu bản vẽ")
    limit = _limit_of(dossier)
    with clock.at(clock.now() + 400 * DAY):
        assert pausing.overdue_supplements(clock.now()) == ([dossier.pk] if limit else [])
        stopped = pausing.expire(dossier_id=dossier.pk)
        assert stopped is (limit is not None)
        if stopped:
            assert again(dossier).status == Status.STOPPED and open_items(dossier) == []
            assert pausing.expire(dossier_id=dossier.pk) is False


def test_nobody_settles_what_waits_for_no_payment() -> None:
    dossier = dossiers.in_hand()
    with pytest.raises(NotWaiting):
        services.settle(
            dossier_id=dossier.pk,
            visit_id=dossiers.visit(dossier, "tham-dinh").pk,
            officer=cast.actor(cast.HANDLER),
        )


def test_an_action_that_the_procedure_does_not_declare_is_refused() -> None:
    with pytest.raises(ActionNotOffered):
        dossiers.act(dossiers.in_hand(), cast.HANDLER, "tham-dinh", "yeu-cau-nop-tien", reason="Lệ phí")


def _step(dossier: Dossier, visit: StepVisit) -> Any:
    return dossiers.PROCEDURE.pinned(dossier.procedure_id).process.step(visit.step)


def _limit_of(dossier: Dossier) -> Any:
    own = dossiers.PROCEDURE.pinned(dossier.procedure_id).supplement
    return own.limit if own else None


@pytest.fixture
def two_tiers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The province under the two-tier order's rule set."""
    from lienthong.cases.definition import RULE_SET
    from lienthong.cases.services import applying

    monkeypatch.setattr(applying, "rule_set_on", lambda day: RULE_SET.current("nd-118-2025"))


def _at_the_counter(competent: str) -> Dossier:
    return services.open_dossier(
        procedure_key=dossiers.PERMIT,
        competent_key=competent,
        raw=dossiers.HOUSE,
        actor=cast.actor(cast.CLERK),
        idempotency_key=uuid.uuid4(),
    )


ELSEWHERE = "huyen-dak-mil"


def test_in_three_tiers_a_clerk_receives_for_the_own_district_only() -> None:
    clerk = cast.actor(cast.CLERK).acting.organisation
    dossier = _at_the_counter(dossiers.GIA_NGHIA)
    assert (dossier.reception_id, dossier.assistance_id) == (clerk.id, clerk.id)
    with pytest.raises(NotAllowed):
        _at_the_counter(ELSEWHERE)


@pytest.mark.usefixtures("two_tiers")
def test_in_two_tiers_every_one_stop_shop_receives_for_every_agency_and_returns_the_result() -> None:
    clerk = cast.actor(cast.CLERK).acting.organisation
    with clock.at(datetime(2025, 7, 7, 9, tzinfo=clock.ZONE)):
        dossier = _at_the_counter(ELSEWHERE)
        assert dossier.competent.key == ELSEWHERE
        assert (dossier.reception_id, dossier.assistance_id) == (clerk.id, clerk.id)
        received = dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
        assigned = dossiers.visit(received, "phan-cong")
    assert assigned.organisation_id != clerk.id
    assert str(assigned.organisation.path).startswith(str(dossier.competent.path)), "the work is the competent agency's"
    assert received.code.startswith(dossier.competent.identifier), "its code is of the form that rule set prescribes"


def test_an_online_dossier_accepted_after_15_00_is_moved_at_once() -> None:
    """The rule of the next morning is for paper."""
    with clock.at(cast.MONDAY.replace(hour=16)):
        online = dossiers.visit(dossiers.received(), "phan-cong")
        paper = dossiers.act(_at_the_counter(dossiers.GIA_NGHIA), cast.CLERK, "tiep-nhan", "tiep-nhan")
        assert dossiers.visit(paper, "phan-cong").due_at > online.due_at


@pytest.fixture
def with_payment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The building permit as if its examination could ask for a payment."""
    kind = type(dossiers.PROCEDURE)
    pinned = kind.pinned

    def bent(self: Any, edition: int) -> Any:
        body = pinned(self, edition)
        if getattr(body, "key", "") != dossiers.PERMIT:
            return body
        pay = Action(key="nop-tien", name="Yêu cầu nộp lệ phí", does=Verb.REQUEST_PAYMENT)
        steps = tuple(
            step.model_copy(update={"actions": (*step.actions, pay)}) if step.key == "tham-dinh" else step
            for step in body.process.steps
        )
        return body.model_copy(update={"process": body.process.model_copy(update={"steps": steps})})

    monkeypatch.setattr(kind, "pinned", bent)


@pytest.mark.usefixtures("with_payment")
def test_a_payment_is_asked_for_the_clock_stops_and_goes_on_when_it_came() -> None:
    dossier = dossiers.in_hand()
    visit = dossiers.visit(dossier, "tham-dinh")
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "nop-tien", reason="Lệ phí 75.000 đồng")
    waiting = again(dossier)
    assert waiting.status == Status.FINANCIAL and waiting.paused_at is not None
    assert WorkItem.objects.get(is_open=True, subject_type="dossier", subject_id=dossier.pk).waiting
    settle = {"dossier_id": dossier.pk, "visit_id": visit.pk}
    with pytest.raises(NotYourStep):
        services.settle(**settle, officer=cast.actor(cast.CLERK))
    with clock.at(clock.now() + 2 * DAY):
        services.settle(**settle, officer=cast.actor(cast.HANDLER), note="Biên lai 0012")
    after = again(dossier)
    assert (after.status, after.paused_at) == (Status.PROCESSING, None)
    assert after.due_at == dossier.due_at + 2 * DAY
    assert not WorkItem.objects.get(is_open=True, subject_type="dossier", subject_id=dossier.pk).waiting
    assert kinds(dossier)[-2:] == ["cases.payment_requested", "cases.settled"]


@pytest.mark.parametrize("how", ["withdrawn", "taken back", "stopped"])
def test_nobody_has_to_decide_on_a_new_date_of_what_is_under_way_no_more(how: str) -> None:
    dossier = dossiers.in_hand()
    visit, handler = dossiers.visit(dossier, "tham-dinh"), cast.actor(cast.HANDLER)
    day = clock.local(dossier.due_at).date() + 7 * DAY
    asked = services.ask_extension(
        dossier_id=dossier.pk, visit_id=visit.pk, officer=handler, day=day, reason="Chờ đo đạc"
    )
    match how:
        case "withdrawn":
            services.withdraw(dossier_id=dossier.pk, applicant=cast.actor(cast.AN))
        case "taken back":
            services.undo_acceptance(dossier_id=dossier.pk, officer=cast.actor(cast.LEADER), reason="Nhầm")
        case "stopped":
            dossiers.act(dossier, cast.HANDLER, "tham-dinh", "dung", reason="Không đủ điều kiện")
    assert not WorkItem.objects.filter(subject_type="extension", is_open=True).exists()
    asked.refresh_from_db()
    assert asked.granted is False and asked.decided_by_id is None
    with pytest.raises(DecidedAlready):
        services.decide_extension(extension_id=asked.pk, officer=cast.actor(cast.LEADER), grant=True)
