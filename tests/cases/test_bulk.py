"""The same done to many dossiers: each once, whatever happens to the others, to the process or in between."""

import json
from datetime import timedelta

import pytest
from django.db import DatabaseError, connection
from hypothesis import given
from hypothesis import strategies as st

from lienthong.cases import rules, services
from lienthong.cases.models import Dossier, Paper, StepVisit
from lienthong.cases.rules.together import spread
from lienthong.cases.services import bulk, handling
from lienthong.cases.services.handling import NotOfThatUnit
from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.work import bulk as work
from lienthong.work import jobs
from lienthong.work.models import Bulk, BulkLine
from tests import cast
from tests.at_once import at_once
from tests.browsing import queries_of
from tests.cases import dossiers


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def offered(username: str, *chosen: Dossier) -> dict[str, tuple[str, int]]:
    """By kind: the word of what is offered and to how many."""
    picked = bulk.survey(cast.actor(username), [(dossier.pk, 0) for dossier in chosen])
    return {offer.kind: (offer.word, offer.count) for offer in bulk.offers(picked)}


def prepared(username: str, kind: str, *chosen: Dossier) -> Bulk:
    word, _count = offered(username, *chosen)[kind]
    wanted = [(dossier.pk, 0) for dossier in chosen]
    return bulk.prepare(officer=cast.actor(username), wanted=wanted, word=word)


def begun(username: str, kind: str, *chosen: Dossier, **filled: str) -> Bulk:
    row = prepared(username, kind, *chosen)
    return bulk.start(key=row.key, officer=cast.actor(username), **filled)


def outcomes(row: Bulk) -> list[str]:
    return list(row.lines.order_by("id").values_list("outcome", flat=True))


def steps(dossier: Dossier) -> list[str]:
    return list(StepVisit.objects.filter(dossier=dossier, done_at=None).values_list("step", flat=True))


def handler_post(username: str = cast.HANDLER) -> str:
    return str(cast.actor(username).acting.id)


@pytest.mark.django_db
def test_a_head_assigns_several_to_one_person():
    first, second = dossiers.received(), dossiers.received()
    row = begun(cast.HEAD, "assign", first, second, post=handler_post())
    work.run(row.pk)
    assert outcomes(row) == ["done", "done"]
    visits = StepVisit.objects.filter(step="tham-dinh", done_at=None)
    assert {str(visit.post_id) for visit in visits} == {handler_post()}
    row.refresh_from_db()
    assert row.finished_at == cast.MONDAY


@pytest.mark.django_db
def test_spread_evenly_whoever_has_less_gets_more():
    dossiers.in_hand()  # lies with the first handler
    chosen = [dossiers.received() for _n in range(3)]
    row = begun(cast.HEAD, "assign", *chosen, post=bulk.EVENLY)
    work.run(row.pk)
    visits = StepVisit.objects.filter(step="tham-dinh", done_at=None)
    counts = {
        post: visits.filter(post_id=int(post)).count() for post in (handler_post(), handler_post(cast.OTHER_HANDLER))
    }
    assert counts == {handler_post(): 2, handler_post(cast.OTHER_HANDLER): 2}


@given(st.integers(0, 60), st.dictionaries(st.integers(1, 9), st.integers(0, 20), min_size=1))
def test_spreading_gives_everything_away_and_never_leaves_somebody_far_behind(count, loads):
    chosen = spread(count, loads, loads)
    assert len(chosen) == count
    after = {post: load + chosen.count(post) for post, load in loads.items()}
    took = [post for post in loads if post in chosen]
    assert not took or max(after[post] for post in took) <= min(after.values()) + 1


@pytest.mark.django_db
def test_a_leader_signs_everything_with_one_confirmation():
    chosen = [dossiers.drafted(), dossiers.drafted()]
    for dossier in chosen:
        dossiers.act(dossier, cast.HEAD, "kiem-tra-du-thao", "trinh-ky")
    row = begun(cast.LEADER, "approve", *chosen)
    work.run(row.pk)
    assert outcomes(row) == ["done", "done"]
    for dossier in chosen:
        dossier.refresh_from_db()
        assert dossier.signed == ["giay-phep-xay-dung"] and steps(dossier) == ["tra-ket-qua"]
        assert [entry.kind for entry in timeline(("dossier", dossier.pk))][-1] == "cases.approved"
    with connection.cursor() as cursor:  # each has its job that signs
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE args::text LIKE '%%cases.results%%'")
        assert cursor.fetchone()[0] == 2
    assert Paper.objects.filter(kind="result", state=Paper.State.DRAFT).count() == 2, "signed by their jobs, not here"


@pytest.mark.django_db
def test_results_are_returned_and_drafts_passed_on_together():
    done, draft = dossiers.approved(returned=dossiers.BY_POST), dossiers.drafted()
    assert offered(cast.CLERK, done, draft)["return-result"][1] == 1
    work.run(begun(cast.CLERK, "return-result", done).pk)
    done.refresh_from_db()
    assert done.status == rules.Status.RETURNED
    work.run(begun(cast.HEAD, "forward", draft).pk)
    assert steps(draft) == ["phe-duyet"]


@pytest.mark.django_db
def test_what_must_be_thought_about_for_each_is_not_offered_together():
    submitted, in_hand = dossiers.submitted(), dossiers.in_hand()
    assert "forward" not in offered(cast.CLERK, submitted), "accepting and refusing are one by one"
    kinds = {
        option.action.key
        for picked in bulk.survey(cast.actor(cast.HANDLER), [(in_hand.pk, 0)])
        for option in picked.options.values()
        if option.action
    }
    assert kinds == {"chuyen-kiem-tra"}


@pytest.mark.django_db
def test_giving_to_a_colleague_wants_a_reason_and_somebody_of_the_desk():
    dossier = dossiers.in_hand()
    row = prepared(cast.HANDLER, "transfer", dossier)
    officer = cast.actor(cast.HANDLER)
    with pytest.raises(rules.ReasonNeeded):
        bulk.start(key=row.key, officer=officer, post=handler_post(cast.OTHER_HANDLER))
    with pytest.raises(rules.PersonNeeded):
        bulk.start(key=row.key, officer=officer, reason="Nghỉ phép")
    with pytest.raises(NotOfThatUnit):
        bulk.start(key=row.key, officer=officer, reason="Nghỉ phép", post=handler_post(cast.LEADER))
    row.refresh_from_db()
    assert row.started_at is None
    started = bulk.start(key=row.key, officer=officer, reason="Nghỉ phép", post=handler_post(cast.OTHER_HANDLER))
    work.run(started.pk)
    assert str(dossiers.visit(dossier, "tham-dinh").post_id) == handler_post(cast.OTHER_HANDLER)


@pytest.mark.django_db
def test_what_cannot_be_done_is_refused_with_its_reason_and_the_others_are_done():
    good, elsewhere = dossiers.received(), dossiers.in_hand()
    row = begun(cast.HEAD, "assign", good, elsewhere, post=handler_post())
    work.run(row.pk)
    found = {line.subject_id: line for line in row.lines.all()}
    assert found[good.pk].outcome == "done"
    assert found[elsewhere.pk].outcome == "refused" and found[elsewhere.pk].message


@pytest.mark.django_db
def test_what_a_colleague_did_meanwhile_is_told_and_done_once():
    dossier = dossiers.received()
    row = begun(cast.HEAD, "assign", dossier, post=handler_post())
    dossiers.act(dossier, cast.HEAD, "phan-cong", "phan-cong", post_id=int(handler_post()))
    work.run(row.pk)
    line = row.lines.get()
    assert line.outcome == "changed" and cast.actor(cast.HEAD).name in line.message
    assert StepVisit.objects.filter(dossier=dossier, step="tham-dinh").count() == 1


@pytest.mark.django_db
def test_confirmed_twice_it_is_begun_once():
    dossier = dossiers.received()
    row = begun(cast.HEAD, "assign", dossier, post=handler_post())
    again = bulk.start(key=row.key, officer=cast.actor(cast.HEAD), post=handler_post(cast.OTHER_HANDLER))
    work.run(row.pk)
    work.run(again.pk)
    assert again.pk == row.pk
    assert StepVisit.objects.filter(dossier=dossier, step="tham-dinh").count() == 1
    assert [entry.kind for entry in timeline(("bulk", row.pk))] == ["work.bulk_started"]


@pytest.mark.django_db
def test_a_selection_is_nobody_elses_and_strangers_see_nothing_of_a_dossier():
    dossier = dossiers.received()
    row = prepared(cast.HEAD, "assign", dossier)
    with pytest.raises(work.NoSuchBulk):
        bulk.start(key=row.key, officer=cast.actor(cast.HANDLER), post=handler_post())
    with pytest.raises(work.NothingChosen):
        bulk.prepare(officer=cast.actor("quantri"), wanted=[(dossier.pk, 0)], word="approve")


@pytest.mark.django_db
def test_nothing_and_too_much_are_refused():
    officer = cast.actor(cast.HEAD)
    with pytest.raises(work.NothingChosen):
        bulk.prepare(officer=officer, wanted=[], word="approve")
    with pytest.raises(work.TooManyChosen):
        bulk.prepare(officer=officer, wanted=[(n, 0) for n in range(501)], word="approve")
    dossier = dossiers.in_hand()
    row = bulk.prepare(officer=officer, wanted=[(dossier.pk, 0)], word="approve")
    with pytest.raises(bulk.NothingToDo):
        bulk.start(key=row.key, officer=officer)


@pytest.mark.django_db
def test_stopped_it_leaves_the_rest_and_the_rest_can_be_taken_up_again(monkeypatch):
    chosen = [dossiers.received() for _n in range(3)]
    row = begun(cast.HEAD, "assign", *chosen, post=handler_post())
    act = handling.act

    def act_then_ask_to_stop(**given):
        done = act(**given)
        work.stop(key=row.key, officer=cast.actor(cast.HEAD))
        return done

    monkeypatch.setattr(handling, "act", act_then_ask_to_stop)
    work.run(row.pk)
    assert outcomes(row) == ["done", "stopped", "stopped"]
    monkeypatch.undo()
    rest = bulk.again(key=row.key, officer=cast.actor(cast.HEAD))
    assert sorted(rest.lines.values_list("subject_id", flat=True)) == sorted(each.pk for each in chosen[1:])
    bulk.start(key=rest.key, officer=cast.actor(cast.HEAD), post=handler_post())
    work.run(rest.pk)
    assert outcomes(rest) == ["done", "done"]


@pytest.mark.django_db
def test_a_mistake_of_ours_in_one_does_not_keep_the_others(monkeypatch):
    chosen = [dossiers.received() for _n in range(2)]
    row = begun(cast.HEAD, "assign", *chosen, post=handler_post())
    act = handling.act

    def stumble(**given):
        if given["dossier_id"] == chosen[0].pk:
            act(**given)
            raise KeyError("something")
        return act(**given)

    monkeypatch.setattr(handling, "act", stumble)
    work.run(row.pk)
    assert outcomes(row) == ["failed", "done"]
    assert steps(chosen[0]) == ["phan-cong"], "what was half done is taken back"


@pytest.mark.django_db
def test_choosing_costs_the_same_however_many_are_chosen():
    officer = cast.actor(cast.HEAD)
    chosen = [dossiers.received()]

    def ask():
        bulk.offers(bulk.survey(officer, [(dossier.pk, 0) for dossier in chosen]))

    few = queries_of(ask)
    chosen += [dossiers.received() for _n in range(4)]
    assert queries_of(ask) == few == 2


@pytest.mark.django_db
def test_what_nobody_confirmed_and_old_results_are_forgotten():
    waiting = prepared(cast.HEAD, "assign", dossiers.received())
    done = begun(cast.HEAD, "assign", dossiers.received(), post=handler_post())
    work.run(done.pk)
    assert work.forget() == 0
    with clock.at(cast.MONDAY + timedelta(days=2)):
        jobs.forget_bulks(timestamp=0)
    assert not Bulk.objects.filter(pk=waiting.pk).exists() and Bulk.objects.filter(pk=done.pk).exists()
    with clock.at(cast.MONDAY + timedelta(days=91)):
        assert work.forget() == 1
    assert not BulkLine.objects.exists()


@pytest.mark.django_db
def test_many_are_a_job_at_once_and_few_have_one_as_a_safety_net():
    row = begun(cast.HEAD, "assign", dossiers.received(), post=handler_post())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT args, scheduled_at IS NOT NULL FROM procrastinate_jobs WHERE task_name = %s", [work.RUN_JOB]
        )
        ((args, later),) = cursor.fetchall()
    call = json.loads(args) if isinstance(args, str) else args
    assert later and call == {"bulk": row.pk}
    jobs.run_bulk(**call)
    assert outcomes(row) == ["done"]


# really at once, really killed


def test_of_two_officers_at_once_each_dossier_is_done_once(committed):
    with cast.on_monday():
        chosen = [dossiers.approved(returned=dossiers.BY_POST) for _n in range(3)]
        rows = [begun(cast.CLERK, "return-result", *chosen), begun(cast.TWO_AGENCIES, "return-result", *chosen[::-1])]
    assert not any(isinstance(each, Exception) for each in at_once(*[lambda row=row: work.run(row.pk) for row in rows]))
    assert Dossier.objects.filter(status=rules.Status.RETURNED).count() == 3
    assert StepVisit.objects.filter(step="tra-ket-qua", done_at__isnull=False).count() == 3
    both = [outcome for row in rows for outcome in outcomes(row)]
    assert sorted(both) == ["changed"] * 3 + ["done"] * 3


def test_two_workers_with_the_same_selection_share_it(committed):
    with cast.on_monday():
        chosen = [dossiers.received() for _n in range(4)]
        row = begun(cast.HEAD, "assign", *chosen, post=handler_post())
    assert not any(isinstance(each, Exception) for each in at_once(*[lambda: work.run(row.pk)] * 2))
    assert outcomes(row) == ["done"] * 4
    row.refresh_from_db()
    assert row.finished_at


def test_killed_between_two_dossiers_it_goes_on_where_it_was(committed, monkeypatch):
    chosen = [dossiers.received() for _n in range(3)]
    row = begun(cast.HEAD, "assign", *chosen, post=handler_post())
    act, calls = handling.act, []

    def die_after_the_second(**given):
        calls.append(given["dossier_id"])
        done = act(**given)
        if len(calls) == 2:
            raise DatabaseError("the process is gone, and with it the transaction")
        return done

    monkeypatch.setattr(handling, "act", die_after_the_second)
    with pytest.raises(DatabaseError):
        work.run(row.pk)
    assert outcomes(row) == ["done", "open", "open"]
    assert steps(chosen[1]) == ["phan-cong"]
    monkeypatch.undo()
    jobs.run_bulk(bulk=row.pk)
    assert outcomes(row) == ["done"] * 3
    assert StepVisit.objects.filter(step="tham-dinh").count() == 3
    assert services.bulk.start(key=row.key, officer=cast.actor(cast.HEAD)).pk == row.pk
