"""A simulated province keeps its promises, can be repeated, and goes on where it was killed."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import F

from lienthong.cases.models import Component, Dossier, Paper, ReturnWay
from lienthong.cases.rules import Status
from lienthong.foundation import clock, papers
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger.queries import search
from lienthong.simulation import engine, invariants, measures, report
from lienthong.simulation.figures import FiguresFile
from lienthong.simulation.scenario import Fewer, ScenarioUnreadable
from tests.foundation.papers.sample import RECEIPT
from tests.simulation.conftest import history, scenario


def broken() -> dict[str, list[str]]:
    return {v.invariant.name: v.offenders for v in invariants.look() if v.offenders}


@pytest.mark.django_db
def test_a_small_run_keeps_every_promise_and_comes_to_all_kinds_of_ends(folder):
    engine.run(scenario(), folder)
    assert Dossier.objects.filter(parent=None).count() == 60
    assert broken() == {}
    statuses = set(Dossier.objects.values_list("status", flat=True))
    assert {Status.RETURNED, Status.PROCESSING} <= statuses
    channels = set(Dossier.objects.values_list("channel", flat=True))
    assert channels == {Dossier.Channel.DIRECT, Dossier.Channel.ONLINE}
    assert Component.objects.exists()
    together = Dossier.objects.filter(parent=None, sub_dossiers__isnull=False, status=Status.RETURNED).distinct()
    assert together.exists(), "an interlinked dossier comes through all its agencies"
    assert not Dossier.objects.filter(parent__in=together, finished_at=None).exists()
    refusals = [part.figures.get("refusals") for part in FiguresFile(folder).read()]
    assert not any(refusals), "nobody wanted what a rule refuses"


@pytest.mark.django_db
def test_with_papers_results_go_online_when_they_are_signed_and_nobody_waits_for_a_worker(folder):
    engine.run(scenario(days=12, papers=1.0), folder)
    assert broken() == {}
    online = Dossier.objects.filter(return_way=ReturnWay.ONLINE, status=Status.RETURNED)
    returned = online.filter(papers__kind="result", papers__state=Paper.State.READY, parent=None)
    assert returned.filter(returned_at=F("finished_at")).exists(), "without a clerk, at the moment of the signature"
    assert any(part.figures["actions"].get("return-online") for part in actions_of(folder))
    assert not Dossier.objects.filter(returned_at__lt=F("finished_at")).exists()


@pytest.mark.django_db
def test_without_papers_nobody_wishes_a_result_online(folder):
    engine.run(scenario(days=6, dossiers=40), folder)
    assert not Dossier.objects.filter(return_way=ReturnWay.ONLINE, parent=None).exists()


def actions_of(folder):
    return [part for part in FiguresFile(folder).read() if "actions" in part.figures]


@pytest.mark.django_db
def test_a_year_of_forgotten_supplements_and_silent_agencies_keeps_them_too(folder):
    engine.run(scenario(days=75, dossiers=90, seed=3), folder)
    assert broken() == {}


@pytest.mark.django_db
def test_the_same_seed_gives_the_same_history_and_another_seed_another(folder, tmp_path):
    histories = []
    for number, seed in enumerate((7, 7, 8)):
        mark = transaction.savepoint()
        engine.run(scenario(seed=seed, days=8, dossiers=30), tmp_path / str(number))
        histories.append(history())
        transaction.savepoint_rollback(mark)
    assert histories[0] == histories[1]
    assert histories[0] != histories[2]


class Killed(BaseException):
    pass


@pytest.mark.django_db
def test_a_run_that_is_killed_goes_on_and_does_nothing_twice(folder, tmp_path, monkeypatch):
    mark = transaction.savepoint()
    engine.run(scenario(days=8, dossiers=30), tmp_path / "whole")
    whole = history()
    transaction.savepoint_rollback(mark)

    act, acts = engine.Production.play, iter(range(10**6))

    def play_until_killed(self, day, troupe, part):
        with transaction.atomic():
            act(self, day, troupe, part)
            if next(acts) == 37:  # in the middle of a day: what this part did is undone
                raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(engine.Production, "play", play_until_killed)
        with pytest.raises(Killed):
            engine.run(scenario(days=8, dossiers=30), folder)
    before = Dossier.objects.filter(parent=None).count()
    engine.run(scenario(days=8, dossiers=30), folder)
    assert 0 < before < Dossier.objects.filter(parent=None).count() == 30
    assert history() == whole
    assert broken() == {}
    arrived = sum(part.figures.get("arrived", 0) for part in FiguresFile(folder).read())
    assert arrived == 30, "a part that was played twice counts once"


@pytest.mark.django_db
def test_a_finished_run_is_left_as_it_is(folder):
    engine.run(scenario(days=4, dossiers=10), folder)
    entries = len(search(size=10**6).entries)
    engine.run(scenario(days=4, dossiers=10), folder)
    assert len(search(size=10**6).entries) == entries


def test_two_processes_make_the_same_history_as_one_and_their_papers_too(committed, folder, tmp_path):
    """What makes papers has threads, which do not survive a fork: a process forked from one that has made a paper never
    finished its first."""
    with transaction.atomic():
        engine.run(scenario(days=10, dossiers=40, papers=1.0), tmp_path / "alone")
        alone = history()
        transaction.set_rollback(True)
    assert not Dossier.objects.exists()
    assert papers.render("cases/receipt", RECEIPT.as_data(), at=clock.now())
    engine.run(scenario(days=10, dossiers=40, papers=1.0), folder, processes=2)
    assert history() == alone
    assert Paper.objects.filter(kind="result", state=Paper.State.READY, dossier__parent=None).exists()
    assert broken().keys() <= {"contents"}, "in tests what a process stores is in its own memory"


@pytest.mark.django_db
def test_only_a_demonstration_is_simulated(folder, settings):
    settings.DEMO = False
    with pytest.raises(NotAllowed):
        engine.run(scenario(), folder)
    assert not Dossier.objects.exists()


@pytest.mark.django_db
def test_what_if_changes_only_what_is_asked(folder, tmp_path):
    """Fewer officers in one district: there is less time there; elsewhere everybody has the same luck."""
    lean = (Fewer("case-handler", "thanh-pho-gia-nghia", 5),)
    mark = transaction.savepoint()
    engine.run(scenario(days=6, dossiers=50), folder)
    usual = FiguresFile(folder).read()
    transaction.savepoint_rollback(mark)
    engine.run(scenario(days=6, dossiers=50, fewer=lean), tmp_path / "lean")
    changed = FiguresFile(tmp_path / "lean").read()
    assert elsewhere(usual) == elsewhere(changed) != []
    here = [
        sum(desk[3] for part in days if part.part == "thanh-pho-gia-nghia" for desk in part.figures["desks"].values())
        for days in (usual, changed)
    ]
    assert here[0] > here[1]


def elsewhere(days):
    return [part for part in days if part.part not in ("thanh-pho-gia-nghia", "shared", "")]


def summary_of(folder, days=5):
    made = measures.measure(scenario(days=days), folder, seconds=1.0, verdicts=invariants.look())
    made.save(folder)
    return made


@pytest.mark.django_db
def test_the_report_is_one_page_with_its_pictures(folder, tmp_path):
    engine.run(scenario(days=10, dossiers=30), folder)
    summary_of(folder, days=10)
    page = report.write(folder, before=folder).read_text()
    assert "<svg" in page and "http" not in page.replace("http://www.w3.org", ""), "it needs nothing else"
    pictures = sorted(path.name for path in folder.glob("*.png"))
    assert pictures == ["backlog.png", "desks.png", "flow.png", "late.png"]
    assert all(path.read_bytes()[:4] == b"\x89PNG" for path in folder.glob("*.png"))


def test_what_if_says_how_it_is_written():
    assert Fewer.parse("one-stop-clerk@thanh-pho-gia-nghia=2") == Fewer("one-stop-clerk", "thanh-pho-gia-nghia", 2)
    with pytest.raises(ScenarioUnreadable):
        Fewer.parse("two clerks")


def test_a_changed_scenario_is_another_one():
    numbers = {scenario().number, scenario(seed=8).number, scenario(fewer=(Fewer("a", "b", 1),)).number}
    assert len(numbers) == 3
    assert scenario(papers=0.5).number == scenario().number
    assert scenario().end - scenario().start == timedelta(days=20)
