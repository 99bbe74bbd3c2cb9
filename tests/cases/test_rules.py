"""What an action makes of a dossier: every verb, what it needs, and laws that hold on every path."""

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.cases import rules
from lienthong.cases.rules import Closed, Form, Issued, Opened, Received, State, Status, Terms
from lienthong.foundation.calendars.rules import Calendar, Limit
from lienthong.foundation.calendars.rules.days import Span
from lienthong.foundation.clock import ZONE
from tests.procedures.processes import body

OFFICE = (Span(time(7), time(11, 30)), Span(time(13, 30), time(17)))
CALENDAR = Calendar((OFFICE,) * 5 + ((), ()), {})
PROCESS = body().process
TERMS = Terms(
    limit=Limit.working_days(10),
    reception_limit=Limit.working_hours(8),
    supplement="pause",
    supplement_times=1,
)
MONDAY = datetime(2025, 3, 3, 8, tzinfo=ZONE)
HEAD, HANDLER = 11, 12


def hours(count: float) -> datetime:
    return MONDAY + timedelta(hours=count)


def submitted() -> State:
    return rules.submit(PROCESS, TERMS, now=MONDAY, calendar=CALENDAR).state


def act(state: State, step: str, action: str, now: datetime = MONDAY, **rest: Any) -> rules.Transition:
    rest.setdefault("holds", lambda _: True)
    terms = rest.pop("terms", TERMS)
    return rules.act(PROCESS, terms, state, step=step, action=action, now=now, calendar=CALENDAR, **rest)


def examined() -> State:
    """A dossier on the handler's desk."""
    received = act(submitted(), "receive", "accept").state
    return act(received, "assign", "assign", post=HANDLER, acting=HEAD).state


def drafted() -> State:
    return act(examined(), "examine", "draft", acting=HANDLER).state


def test_a_new_dossier_waits_at_the_reception_for_eight_working_hours():
    state = submitted()
    assert state.status is Status.REGISTERED
    assert [(step.key, step.due) for step in state.open] == [("receive", datetime(2025, 3, 4, 8, tzinfo=ZONE))]
    assert state.due is None


def test_accepting_gives_a_due_date_and_a_receipt():
    done = act(submitted(), "receive", "accept", hours(1))
    assert done.state.status is Status.RECEIVED
    assert done.state.due == datetime(2025, 3, 17, 9, tzinfo=ZONE)
    assert Received(done.state.due) in done.effects
    assert Issued(Form.RECEIPT) in done.effects
    assert [step.key for step in done.state.open] == ["assign"]


def test_refusing_ends_the_dossier_and_needs_a_reason():
    with pytest.raises(rules.ReasonNeeded):
        act(submitted(), "receive", "refuse", reason="  ")
    done = act(submitted(), "receive", "refuse", reason="Không thuộc thẩm quyền")
    assert done.state.status is Status.REFUSED
    assert done.state.open == ()
    assert Issued(Form.REFUSAL) in done.effects


def test_an_assigned_step_lies_with_the_chosen_person():
    assert examined().step("examine").post == HANDLER
    with pytest.raises(rules.PersonNeeded):
        act(act(submitted(), "receive", "accept").state, "assign", "assign")


def test_the_first_work_on_it_makes_the_dossier_in_process():
    assert examined().status is Status.PROCESSING


def test_a_supplement_stops_the_clock_and_the_step_waits():
    done = act(examined(), "examine", "more", hours(2), reason="Thiếu bản vẽ")
    assert done.state.status is Status.SUPPLEMENT
    assert done.state.paused == hours(2)
    assert done.state.step("examine").waiting
    with pytest.raises(rules.WaitsForApplicant):
        act(done.state, "examine", "draft")


def test_after_a_pause_the_due_dates_have_moved_by_what_was_waited():
    before = examined()
    waiting = act(before, "examine", "more", hours(2), reason="Thiếu").state
    after = rules.supplement(PROCESS, TERMS, waiting, now=hours(2 + 24), calendar=CALENDAR).state
    assert after.status is Status.PROCESSING
    assert after.due == before.due + timedelta(days=1)
    assert after.step("examine").due == before.step("examine").due + timedelta(days=1)


def test_by_the_rule_of_restarting_the_whole_limit_counts_again():
    terms = Terms(TERMS.limit, TERMS.reception_limit, "restart", 1)
    waiting = act(examined(), "examine", "more", hours(2), reason="Thiếu", terms=terms).state
    after = rules.supplement(PROCESS, terms, waiting, now=hours(24), calendar=CALENDAR).state
    assert after.due == CALENDAR.add(hours(24), TERMS.limit)


def test_a_supplement_before_reception_begins_the_reception_anew():
    waiting = act(submitted(), "receive", "more", hours(1), reason="Thiếu").state
    after = rules.supplement(PROCESS, TERMS, waiting, now=hours(48), calendar=CALENDAR).state
    assert after.status is Status.REGISTERED
    assert after.due is None
    assert after.step("receive").due == CALENDAR.add(hours(48), TERMS.reception_limit)


def test_a_supplement_is_asked_for_as_often_as_the_rules_say():
    waiting = act(examined(), "examine", "more", reason="Thiếu").state
    again = rules.supplement(PROCESS, TERMS, waiting, now=hours(1), calendar=CALENDAR).state
    with pytest.raises(rules.SupplementsUsedUp):
        act(again, "examine", "more", reason="Vẫn thiếu")


def test_nobody_supplements_what_waits_for_nothing():
    with pytest.raises(rules.NotWaiting):
        rules.supplement(PROCESS, TERMS, examined(), now=MONDAY, calendar=CALENDAR)


def test_a_supplement_is_asked_for_soon_after_the_reception():
    terms = replace(TERMS, supplement_within=Limit.working_days(3))
    with pytest.raises(rules.SupplementTooLate):
        act(examined(), "examine", "more", hours(24 * 4), reason="Thiếu", terms=terms)
    assert act(examined(), "examine", "more", hours(24 * 3), reason="Thiếu", terms=terms).state.paused


def test_a_dossier_whose_applicant_lets_the_time_for_the_supplement_pass_is_stopped():
    terms = replace(TERMS, supplement_limit=Limit.days(30))
    waiting = act(examined(), "examine", "more", reason="Thiếu", terms=terms).state
    last = CALENDAR.add(MONDAY, terms.supplement_limit)
    with pytest.raises(rules.NotWaiting):
        rules.expire(PROCESS, terms, waiting, now=last, calendar=CALENDAR)
    with pytest.raises(rules.NotWaiting):
        rules.expire(PROCESS, TERMS, waiting, now=last + timedelta(days=99), calendar=CALENDAR)
    stopped = rules.expire(PROCESS, terms, waiting, now=last + timedelta(minutes=1), calendar=CALENDAR)
    assert stopped.state.status is Status.STOPPED and stopped.state.open == ()
    assert Issued(Form.STOP) in stopped.effects
    never_received = act(submitted(), "receive", "more", reason="Thiếu", terms=terms).state
    refused = rules.expire(PROCESS, terms, never_received, now=last + timedelta(days=9), calendar=CALENDAR)
    assert refused.state.status is Status.REFUSED and Issued(Form.REFUSAL) in refused.effects


def test_a_payment_stops_the_clock_by_every_rule_of_supplements():
    restarting = replace(TERMS, supplement="restart")
    before = examined()
    with pytest.raises(rules.ReasonNeeded):
        act(before, "examine", "pay")
    waiting = act(before, "examine", "pay", hours(2), reason="Lệ phí", terms=restarting).state
    assert waiting.status is Status.FINANCIAL and waiting.step("examine").waiting
    with pytest.raises(rules.NotWaiting):
        rules.supplement(PROCESS, restarting, waiting, now=hours(3), calendar=CALENDAR)
    paid = rules.settle(PROCESS, restarting, waiting, now=hours(2 + 24), calendar=CALENDAR).state
    assert paid.status is Status.PROCESSING and paid.paused is None
    assert paid.due == before.due + timedelta(days=1)
    with pytest.raises(rules.NotWaiting):
        rules.settle(PROCESS, restarting, paid, now=hours(30), calendar=CALENDAR)


def test_an_apology_promises_a_later_date_once():
    before = examined()
    later = before.due + timedelta(days=3)
    done = rules.apologise(PROCESS, TERMS, before, new_due=later, now=hours(5), calendar=CALENDAR)
    assert done.state.due == CALENDAR.first_working_moment(later) > before.due
    assert done.state.step("examine").due == before.step("examine").due, "a step keeps the limit of its own"
    assert Issued(Form.APOLOGY) in done.effects
    with pytest.raises(rules.ApologiesUsedUp):
        rules.apologise(PROCESS, TERMS, done.state, new_due=later + timedelta(days=9), now=hours(6), calendar=CALENDAR)
    with pytest.raises(rules.NewDateNotLater):
        rules.apologise(PROCESS, TERMS, before, new_due=before.due, now=hours(5), calendar=CALENDAR)
    for nothing in (submitted(), act(drafted(), "sign", "sign").state):
        with pytest.raises(rules.NothingToPostpone):
            rules.apologise(PROCESS, TERMS, nothing, new_due=later, now=hours(5), calendar=CALENDAR)


def test_an_apology_is_in_time_a_day_before_the_limit_ends():
    terms = replace(TERMS, apology_before=Limit.days(1))
    due = examined().due
    friday = datetime(2025, 3, 14, 17, tzinfo=ZONE)  # the day before that Monday is a day off
    assert rules.in_time(terms, due, now=friday, calendar=CALENDAR)
    assert not rules.in_time(terms, due, now=friday + timedelta(minutes=1), calendar=CALENDAR)
    assert rules.in_time(TERMS, due, now=due, calendar=CALENDAR)


def test_a_mistaken_acceptance_is_taken_back_until_something_was_signed():
    undone = rules.undo_acceptance(PROCESS, TERMS, drafted(), now=hours(9), calendar=CALENDAR).state
    assert undone.status is Status.REGISTERED
    assert (undone.received, undone.due, undone.drafted) == (None, None, frozenset())
    assert [step.key for step in undone.open] == ["receive"]
    again = act(undone, "receive", "accept", hours(10)).state
    assert again.due == CALENDAR.add(hours(10), TERMS.limit)
    for too_late in (submitted(), act(drafted(), "sign", "sign").state):
        with pytest.raises(rules.NothingToCorrect):
            rules.undo_acceptance(PROCESS, TERMS, too_late, now=hours(9), calendar=CALENDAR)


def test_on_paper_what_comes_after_15_00_is_moved_the_next_morning():
    terms = replace(TERMS, next_day_after=time(15))
    late, early = MONDAY.replace(hour=15, minute=1), MONDAY.replace(hour=15)
    done = act(submitted(), "receive", "accept", late, terms=terms).state
    assert done.step("assign").due == datetime(2025, 3, 4, 11, tzinfo=ZONE)
    assert done.due == CALENDAR.add(late, TERMS.limit)
    done = act(submitted(), "receive", "accept", early, terms=terms).state
    assert done.step("assign").due == datetime(2025, 3, 4, 9, tzinfo=ZONE)


def test_stopping_issues_the_notice():
    stopped = act(examined(), "examine", "stop", reason="Người nộp đã chuyển nhà")
    assert stopped.state.status is Status.STOPPED and Issued(Form.STOP) in stopped.effects


def test_a_consultation_runs_beside_the_step_and_holds_the_draft_back():
    consulted = act(examined(), "examine", "consult").state
    assert {step.key for step in consulted.open} == {"examine", "police"}
    with pytest.raises(rules.ConsultationOpen):
        act(consulted, "examine", "draft")
    with pytest.raises(rules.AlreadyConsulted):
        act(consulted, "examine", "consult")
    answered = act(consulted, "police", "agree").state
    assert {step.key for step in answered.open} == {"examine"}
    assert act(answered, "examine", "draft").state.step("sign")


def test_an_action_is_offered_only_where_its_condition_holds():
    with pytest.raises(rules.ActionNotOffered) as refused:
        act(examined(), "examine", "consult", holds=lambda condition: condition != "floors > 2")
    assert "Dự thảo" in refused.value.way_out
    assert "Hỏi" not in refused.value.way_out


def test_silence_is_consent_only_after_the_limit():
    consulted = act(examined(), "examine", "consult").state
    due = consulted.step("police").due
    with pytest.raises(rules.StepNotOpen):
        rules.lapse(PROCESS, TERMS, consulted, step="police", now=due, calendar=CALENDAR)
    lapsed = rules.lapse(PROCESS, TERMS, consulted, step="police", now=due + timedelta(minutes=1), calendar=CALENDAR)
    assert lapsed.state.step("police") is None


def test_what_is_sent_back_goes_to_the_person_who_did_it():
    back = act(drafted(), "sign", "back", reason="Sai số tầng", last_posts={"examine": HANDLER}).state
    assert back.step("examine").post == HANDLER


def test_approving_signs_what_was_drafted_and_finishes_the_dossier():
    done = act(drafted(), "sign", "sign", hours(5))
    assert rules.Approved(("permit",)) in done.effects
    assert done.state.status is Status.FINISHED
    assert done.state.finished == hours(5)
    assert done.state.step("return")


def test_a_signed_result_is_not_drafted_again():
    signed = act(drafted(), "sign", "sign").state
    reopened = State(**{**_columns(signed), "open": examined().open})
    with pytest.raises(rules.AlreadySigned):
        act(reopened, "examine", "draft")


def test_returning_the_result_ends_it():
    finished = act(drafted(), "sign", "sign", hours(5)).state
    done = act(finished, "return", "return", hours(30)).state
    assert done.status is Status.RETURNED
    assert done.finished == hours(5)
    assert done.open == ()


def test_a_dossier_can_be_withdrawn_until_it_is_settled():
    consulted = act(examined(), "examine", "consult").state
    withdrawn = rules.withdraw(PROCESS, TERMS, consulted, now=MONDAY, calendar=CALENDAR)
    assert withdrawn.state.status is Status.WITHDRAWN
    assert withdrawn.state.open == ()
    with pytest.raises(rules.TooLateToWithdraw):
        rules.withdraw(PROCESS, TERMS, act(drafted(), "sign", "sign").state, now=MONDAY, calendar=CALENDAR)


def test_a_step_that_is_done_late_is_marked_late():
    received = act(submitted(), "receive", "accept").state
    late = act(received, "assign", "assign", hours(30), post=HANDLER)
    assert [effect.late for effect in late.effects if isinstance(effect, Closed)] == [True]


def test_a_step_that_is_not_open_cannot_be_acted_in():
    with pytest.raises(rules.StepNotOpen):
        act(submitted(), "sign", "sign")


def _columns(state: State) -> dict[str, Any]:
    return {name: getattr(state, name) for name in State.__slots__}


MOVES = st.lists(st.tuples(st.integers(0, 20), st.integers(1, 60)), max_size=25)


@settings(max_examples=150, deadline=None)
@given(MOVES)
def test_on_every_path_open_steps_and_status_agree(moves):
    """Random officers and a random applicant: whatever happens, the dossier is somewhere or at its end."""
    state, now = submitted(), MONDAY
    for pick, wait in moves:
        now += timedelta(hours=wait)
        before, state = state, _random_move(state, pick, now)
        assert state.status.ended == (not state.open)
        assert (state.paused is not None) == (state.status in {Status.SUPPLEMENT, Status.FINANCIAL})
        assert (state.paused is not None) == any(step.waiting for step in state.open)
        assert (state.due is None) == (state.received is None)
        assert state.supplements <= TERMS.supplement_times and state.apologies <= TERMS.apologies
        assert len({step.key for step in state.open}) == len(state.open)
        if before.due and state.due:
            assert state.due >= before.due
        if state.status.ended:
            break


def _random_move(state: State, pick: int, now: datetime) -> State:
    rest = {"now": now, "calendar": CALENDAR}
    if state.status is Status.FINANCIAL:
        return rules.settle(PROCESS, TERMS, state, **rest).state
    if state.paused:
        return rules.supplement(PROCESS, TERMS, state, **rest).state
    if pick == 19 and state.due and state.status is Status.PROCESSING and not state.apologies:
        later = max(now, state.due) + timedelta(days=2)
        return rules.apologise(PROCESS, TERMS, state, new_due=later, **rest).state
    if pick == 20 and state.status is Status.PROCESSING and not state.signed:
        return rules.undo_acceptance(PROCESS, TERMS, state, **rest).state
    choices = [
        (step.key, action.key)
        for step in state.open
        for action in rules.offered(PROCESS, state, step, holds=lambda _: True)
    ]
    step, action = choices[pick % len(choices)]
    try:
        return act(state, step, action, now, reason="vì", post=HANDLER, acting=HANDLER).state
    except (rules.ConsultationOpen, rules.AlreadyConsulted, rules.SupplementsUsedUp, rules.NothingToApprove):
        return state


def test_the_same_desk_keeps_the_dossier():
    opened = [effect.step for effect in act(drafted(), "sign", "sign").effects if isinstance(effect, Opened)]
    assert [step.post for step in opened] == [None]
