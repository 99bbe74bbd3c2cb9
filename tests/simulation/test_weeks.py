"""The last weeks of a demonstration: everybody of the cast has something before them, and nothing lies ahead."""

from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from django.db.models import F, Q

from lienthong.cases.models import Component, Dossier, Message, Paper, StepVisit
from lienthong.cases.rules import Status
from lienthong.cases.services.carrying import DOSSIER
from lienthong.foundation import clock
from lienthong.foundation.ledger.models import Entry
from lienthong.identity.actors import Officer
from lienthong.identity.definition import CAST
from lienthong.queueing.models import Call, Seat, Ticket
from lienthong.simulation import engine, invariants, weeks
from lienthong.simulation.dossiers import staff
from lienthong.work.models import WorkItem
from tests import cast
from tests.cases import dossiers

WEDNESDAY = datetime(2025, 6, 18, 15, 10, tzinfo=clock.ZONE)
SUNDAY = datetime(2025, 6, 22, 20, 0, tzinfo=clock.ZONE)
BEFORE_OPENING = datetime(2025, 6, 23, 5, 40, tzinfo=clock.ZONE)


def nothing_lies_after(now: datetime) -> None:
    moments = [
        *Dossier.objects.values_list("submitted_at", "received_at", "paused_at", "finished_at", "returned_at"),
        *StepVisit.objects.values_list("opened_at", "done_at"),
        *Component.objects.values_list("added_at"),
        *Paper.objects.values_list("issued_at"),
        *Message.objects.values_list("sent_at"),
        *Ticket.objects.values_list("taken_at", "called_at", "ended_at"),
        *Call.objects.values_list("called_at", "started_at", "ended_at"),
        *Entry.objects.values_list("at"),
    ]
    assert max(at for row in moments for at in row if at) <= now


def officers_with_steps() -> set[str]:
    """The officers of the cast with a post to which the procedures give something to do."""
    stage = staff.set_stage(clock.today(), weeks.counters())
    at_desks = {worker.officer.account_id for worker in staff.workers(stage, clock.today(), ())}
    names = {each.username for body in CAST.all() for each in body.body.officers}
    return {name for name in names if cast.account(name).pk in at_desks}


def done_by(username: str) -> bool:
    return StepVisit.objects.filter(done_by__username=username).exists()


def lying_with(officer: Officer) -> set[int]:
    own = Q()
    for post in officer.posts:
        own |= Q(post_id=post.id) | Q(post=None, organisation_id=post.organisation.id, role__in=list(post.roles))
    return set(WorkItem.objects.filter(own, is_open=True).values_list("pk", flat=True))


@pytest.mark.django_db
def test_everybody_of_the_cast_has_work_behind_and_before_them(folder):
    with clock.at(WEDNESDAY):
        made = weeks.play(folder)
        assert weeks.DOSSIERS * 0.9 < made <= weeks.DOSSIERS, "but for those who come later today"
        nothing_lies_after(WEDNESDAY)
        assert {v.invariant.name: v.offenders for v in invariants.look() if v.offenders} == {}
        names = officers_with_steps()
        idle = {name for name in names if not done_by(name) and not lying_with(cast.actor(name))}
        assert len(names) >= 18 and len(idle) <= 1, idle
        open_ones = [name for name in names if lying_with(cast.actor(name))]
        assert len(open_ones) >= len(names) / 2
        under_way = WorkItem.objects.filter(is_open=True, waiting=False, subject_type=DOSSIER)
        assert under_way.filter(due_at__lt=WEDNESDAY).exists(), "late"
        assert under_way.filter(due_at__gte=WEDNESDAY, due_at__lt=WEDNESDAY + timedelta(days=1)).exists()
        assert Dossier.objects.filter(received_at__date=WEDNESDAY.date()).exists(), "received today"
    for each in (citizen for body in CAST.all() for citizen in body.body.citizens):
        own = Dossier.objects.filter(account__username=each.username, parent=None)
        assert weeks.EACH_OF_CAST - 1 <= own.count() <= weeks.EACH_OF_CAST, each.username
        assert own.values("procedure_key").distinct().count() == own.count(), "each for something else"
    own = Dossier.objects.filter(account__username__in=[c.username for b in CAST.all() for c in b.body.citizens])
    assert {Status.PROCESSING, Status.RETURNED} < set(own.values_list("status", flat=True))
    assert (
        Message.objects.filter(from_applicant=True).exists() and Message.objects.filter(from_applicant=False).exists()
    )
    results = Paper.objects.filter(kind="result", state=Paper.State.READY, dossier__return_way="online")
    assert results.filter(dossier__status=Status.RETURNED, issued_at=F("dossier__returned_at")).exists()
    assert set(Ticket.objects.filter(day=WEDNESDAY.date()).values_list("state", flat=True)) >= {"done"}
    assert Seat.objects.filter(day=WEDNESDAY.date(), account__username__in=[cast.CLERK, cast.TWO_AGENCIES]).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("now", [SUNDAY, BEFORE_OPENING])
def test_they_end_at_the_present_on_any_day(folder, monkeypatch, now):
    monkeypatch.setattr(weeks, "DOSSIERS", 40)
    with clock.at(now):
        weeks.play(folder)
        nothing_lies_after(now)
    assert WorkItem.objects.filter(is_open=True).exists()
    assert not Seat.objects.exists(), "who went home sits at no desk"


class Killed(BaseException):
    pass


@pytest.mark.django_db
def test_killed_and_begun_again_tomorrow_they_are_the_weeks_that_were_begun(folder, monkeypatch):
    monkeypatch.setattr(weeks, "DOSSIERS", 40)
    play, parts = engine.Production.play, iter(range(10**6))

    def play_until_killed(self, day, troupe, part):
        with transaction.atomic():
            play(self, day, troupe, part)
            if next(parts) == 50:
                raise Killed

    with monkeypatch.context() as patch, clock.at(WEDNESDAY), pytest.raises(Killed):
        patch.setattr(engine.Production, "play", play_until_killed)
        weeks.play(folder)
    there = Dossier.objects.filter(parent=None).count()
    with clock.at(WEDNESDAY + timedelta(days=1)):
        assert 0 < there < weeks.play(folder) <= 40
        nothing_lies_after(WEDNESDAY)
        entries = Entry.objects.count()
        weeks.play(folder)
        assert Entry.objects.count() == entries, "what is finished is left as it is"


@pytest.mark.django_db
def test_a_province_with_dossiers_of_its_own_is_left_as_it_is(folder):
    with clock.at(cast.MONDAY):
        dossiers.submitted()
    with clock.at(WEDNESDAY):
        assert weeks.play(folder) == 0
    assert Dossier.objects.count() == 1


@pytest.mark.django_db
def test_the_counters_are_those_where_the_cast_sits():
    with clock.at(WEDNESDAY):
        assert weeks.counters() == (
            "thanh-pho-gia-nghia-phuong-nghia-trung-mot-cua",
            "thanh-pho-gia-nghia-van-phong-mot-cua",
            "trung-tam-hanh-chinh-cong",
        )
    assert weeks.until(WEDNESDAY, ()).start == date(2025, 5, 22)
