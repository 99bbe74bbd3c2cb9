"""Queues of a simulated province: numbers, calls and waiting times that fit together, on the real services."""

from datetime import timedelta

import pytest
from django.db.models import F, Q

from lienthong.queueing.models import Call, Seat, Ticket
from lienthong.queueing.queries.places import shops
from lienthong.queueing.queries.statistics import statistics
from lienthong.simulation import engine, invariants, measures, report
from lienthong.simulation.figures import FiguresFile
from lienthong.simulation.report import Run, percentile
from lienthong.simulation.scenario import Fewer
from tests.simulation.conftest import START, scenario

STATE = Ticket.State


def busy(**other):
    return scenario(days=3, dossiers=6, visitors=30, **other)


@pytest.mark.django_db
def test_people_take_numbers_and_are_called_by_clerks_who_are_there(folder):
    engine.run(busy(), folder)
    tickets = Ticket.objects.all()
    assert set(tickets.values_list("organisation__key", flat=True)) == {shop.node.key for shop in shops()}
    assert set(tickets.values_list("day", flat=True)) == {START + timedelta(days=n) for n in range(3)}
    assert not tickets.filter(state__in=Ticket.OPEN).exists(), "nobody waits over night"
    done = tickets.filter(state=STATE.DONE).count()
    assert done > tickets.count() * 0.7
    assert tickets.exclude(state=STATE.DONE).exists(), "some leave, some do not come when they are called"
    assert tickets.filter(channel="phone").exists() and tickets.exclude(priority="").exists()
    assert not tickets.filter(called_at__lt=F("taken_at")).exists()
    assert not Call.objects.filter(Q(ended_at=None) | Q(started_at__lt=F("called_at"))).exists()
    callers = set(Call.objects.values_list("account__username", flat=True))
    assert "lan.motcua" in callers
    assert not Seat.objects.exists(), "in the evening all desks are left"
    assert {v.invariant.name: v.offenders for v in invariants.look() if v.offenders} == {}


@pytest.mark.django_db
def test_the_same_scenario_is_the_same_queue_and_a_second_run_adds_nobody(folder, tmp_path):
    engine.run(busy(), folder)
    engine.run(busy(), folder)
    first = [part.figures for part in FiguresFile(folder).read() if part.troupe == "queues"]
    assert Ticket.objects.count() == sum(f["queues"][shop]["take-number"] for f in first for shop in f["queues"])


@pytest.mark.django_db
def test_fewer_clerks_make_people_wait_longer(folder):
    """With one clerk where four could sit, people wait, some lose patience, and the clerk goes from desk to desk."""
    key = "thanh-pho-gia-nghia-van-phong-mot-cua"
    engine.run(busy(counters=(key,), fewer=(Fewer("one-stop-clerk", key, 3),)), folder)
    assert set(Ticket.objects.values_list("organisation__key", flat=True)) == {key}
    calls = Call.objects.filter(day=START)
    assert calls.values("account").distinct().count() == 1
    assert calls.values("desk").distinct().count() > 1
    waits = [
        s for part in FiguresFile(folder).read() for q in part.figures.get("queues", {}).values() for s in q["waits"]
    ]
    assert percentile(waits, 0.95) > 20 * 60
    assert Ticket.objects.filter(state=STATE.LEFT).exists()


@pytest.mark.django_db
def test_the_report_says_how_long_people_waited(folder):
    engine.run(busy(), folder)
    measures.measure(busy(), folder, seconds=1.0, verdicts=[]).save(folder)
    halls = {hall.name: hall for hall in Run.read(folder).halls()}
    shop = next(shop for shop in shops() if shop.node.key == "trung-tam-hanh-chinh-cong")
    said, counted = halls[shop.node.short_name], statistics(shop, START, START + timedelta(days=2)).all
    assert said.taken == counted.taken
    assert counted.waited.half is not None
    assert abs(said.waited(0.5) - counted.waited.half.total_seconds() / 60) < 1
    page = report.write(folder).read_text()
    assert (shop.node.short_name in page and "Half waited" in page) or "Một nửa" in page


def test_a_share_of_people_waited_at_most_so_long():
    assert percentile([], 0.5) == 0
    assert percentile([4, 1, 3, 2], 0.5) == 2
    assert percentile([4, 1, 3, 2], 0.95) == 4
    assert percentile([7], 0.05) == 7
