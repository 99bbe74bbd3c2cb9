"""The dossiers of the demonstration: on whatever day it begins, all of them are there and none is ahead of its time."""

import json
from datetime import datetime

import pytest
from django.db import connection

from lienthong.cases.models import Component, Dossier, Paper, StepVisit
from lienthong.cases.rules import Status
from lienthong.cases.samples import SAMPLES, SamplesBody, SampleStep, settle_samples
from lienthong.cases.services.carrying import DOSSIER
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger.delivery import deliver
from lienthong.foundation.ledger.models import Entry
from lienthong.work.models import WorkItem

pytestmark = pytest.mark.django_db


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=clock.ZONE)


MONDAY_MORNING = moment("2025-03-03T08:00")
FRIDAY_EVENING = moment("2025-06-20T16:30")
SUNDAY = moment("2025-03-09T10:15")
AFTER_TET = moment("2026-02-23T07:05")

EVERY_STATUS = set(Status) - {Status.FINANCIAL}
"""A dossier waits for a payment only where a procedure asks for one."""

OPEN_STEPS = {
    "tiep-nhan",
    "phan-cong",
    "tham-dinh",
    "y-kien-pccc",
    "kiem-tra-thuc-dia",
    "du-thao",
    "kiem-tra-du-thao",
    "phe-duyet",
    "tra-ket-qua",
    "ky",
    "cap-ma-so-thue",
    "thuong-tru",
    "the-bhyt",
    "tong-hop",
    "kiem-tra",
    "cap-the",
}


def declared() -> SamplesBody:
    return SAMPLES.current("dak-nong").body


def only(*keys: str) -> SamplesBody:
    body = declared()
    return body.model_copy(update={"dossiers": tuple(each for each in body.dossiers if each.key in keys)})


@pytest.mark.parametrize("now", [MONDAY_MORNING, FRIDAY_EVENING, AFTER_TET])
def test_every_dossier_is_made_once_and_stands_in_every_status(now):
    told = []
    with clock.at(now):
        assert settle_samples(declared(), lambda done, total: told.append((done, total))) == len(declared().dossiers)
        assert settle_samples(declared()) == 0
    assert Dossier.objects.filter(parent=None).count() == len(declared().dossiers) == told[-1][0] == told[-1][1]
    assert set(Dossier.objects.values_list("status", flat=True)) == EVERY_STATUS
    every_open_visit_has_its_work_item()
    nothing_lies_after(now)
    open_visits = StepVisit.objects.filter(done_at=None)
    assert set(open_visits.values_list("step", flat=True)) == OPEN_STEPS
    late = Dossier.objects.filter(due_at__lt=now, finished_at=None, paused_at=None)
    assert late.get().applicant_name == "Nguyễn Thị Tuyết"
    assert StepVisit.objects.filter(late=True, dossier__status=Status.RETURNED).exists()


def every_open_visit_has_its_work_item() -> None:
    visits = StepVisit.objects.filter(done_at=None).values_list("dossier_id", "pk")
    items = WorkItem.objects.filter(is_open=True, subject_type=DOSSIER).values_list("subject_id", "part_id")
    assert sorted(visits) == sorted(items)


def nothing_lies_after(now: datetime) -> None:
    moments = [
        *Dossier.objects.values_list("submitted_at", "received_at", "paused_at", "finished_at", "returned_at"),
        *StepVisit.objects.values_list("opened_at", "done_at"),
        *Component.objects.values_list("added_at"),
        *Paper.objects.values_list("issued_at"),
        *Entry.objects.filter(subject_type=DOSSIER).values_list("at"),
    ]
    assert max(at for row in moments for at in row if at) <= now


def test_what_happened_is_on_record_in_the_order_of_its_moments():
    with clock.at(SUNDAY):
        settle_samples(only("nha-an-hai-tang", "nha-cao-minh-duc", "ho-kinh-doanh-phan-van-luc"))
    moments = list(Entry.objects.filter(subject_type=DOSSIER).order_by("id").values_list("at", flat=True))
    assert len(moments) == 4 + 5 + 2
    assert moments == sorted(moments)
    assert list(Dossier.objects.order_by("id")) == list(Dossier.objects.order_by("submitted_at"))


def test_papers_made_late_bear_those_who_issued_them():
    """The jobs run when everything has happened: each result has its own signer, each application its own time."""
    with clock.at(SUNDAY):
        settle_samples(only("cong-ty-phuong-thao", "nha-vu-dinh-toan"))
        deliver_all()
    company, house = Dossier.objects.order_by("id")
    signers = Paper.objects.filter(dossier=company, kind="result", state=Paper.State.READY).order_by("issued_at")
    assert list(signers.values_list("key", "account__username")) == [
        ("thong-bao-thue", "long.thue"),
        ("giay-chung-nhan", "ha.dkkd"),
        ("mau-dau", "dat.condau"),
    ]
    applications = house.components.filter(component="don").order_by("supplement")
    assert list(applications.values_list("supplement", flat=True)) == [0, 1]


def deliver_all() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT args FROM procrastinate_jobs WHERE task_name = 'ledger.deliver' ORDER BY id")
        waiting = [json.loads(args) if isinstance(args, str) else args for (args,) in cursor.fetchall()]
    for job in waiting:
        deliver(job["entry"], datetime.fromisoformat(job["at"]), job["subscriber"])


def test_a_child_was_born_shortly_before_and_the_day_is_spelled():
    with clock.at(SUNDAY):
        settle_samples(only("khai-sinh-minh-khoi"))
    child = Dossier.objects.get().data["child"]
    assert child["birth_date"] == "2025-02-20"
    assert child["birth_date_words"] == "Ngày hai mươi, tháng hai, năm hai nghìn không trăm hai mươi lăm"
    certificate = Paper.objects.get(kind="result").data
    assert certificate["child_person_id"] == "067225003157"


@pytest.mark.parametrize(
    ("now", "spelled"),
    [
        ("2025-04-18T09:00", "Ngày một, tháng tư, năm hai nghìn không trăm hai mươi lăm"),
        ("2025-11-07T09:00", "Ngày hai mươi mốt, tháng mười, năm hai nghìn không trăm hai mươi lăm"),
        ("2030-02-01T09:00", "Ngày mười lăm, tháng một, năm hai nghìn không trăm ba mươi"),
    ],
)
def test_days_are_spelled_as_people_say_them(now, spelled):
    with clock.at(moment(now)):
        settle_samples(only("khai-sinh-minh-khoi"))
    assert Dossier.objects.get().data["child"]["birth_date_words"] == spelled


def test_a_procedure_not_yet_in_force_has_no_dossiers():
    with clock.at(moment("2025-01-06T09:00")):
        assert settle_samples(only("khai-sinh-minh-khoi", "ho-kinh-doanh-hlinh")) == 1
    assert Dossier.objects.get().procedure_key == "dang-ky-ho-kinh-doanh"


def test_outside_a_demonstration_there_are_none(settings):
    settings.DEMO = False
    with pytest.raises(NotAllowed):
        settle_samples(declared())
    assert not Dossier.objects.exists()


def wrong(**changes: object) -> list[tuple[str | int, ...]]:
    """Where a sample of one step has problems."""
    first = only("nha-an-hai-tang").dossiers[0]
    step = SampleStep(by="lan.motcua", ago=Limit.working_hours(2), step="tiep-nhan", action="tiep-nhan")
    of_step = {key: value for key, value in changes.items() if key in SampleStep.model_fields}
    of_dossier = {key: value for key, value in changes.items() if key not in of_step}
    sample = first.model_copy(update={**of_dossier, "walk": (step.model_copy(update=of_step),)})
    body = declared().model_copy(update={"dossiers": (sample,)})
    assert SAMPLES.check
    return [problem.path for problem in SAMPLES.check(body, Catalogue())]


def test_a_declared_sample_is_checked_where_it_stands():
    assert wrong() == []
    assert wrong(procedure="khong-co") == [("dossiers", 0, "procedure")]
    assert wrong(applicant="khong.co") == [("dossiers", 0, "applicant")]
    assert wrong(by="khong.co") == [("dossiers", 0, "walk", 0, "by")]
    assert wrong(assign="khong.co") == [("dossiers", 0, "walk", 0, "assign")]
    assert wrong(action="khong-co") == [("dossiers", 0, "walk", 0, "action")]
    assert wrong(step="khong-co") == [("dossiers", 0, "walk", 0, "action")]
    assert wrong(ago=Limit.working_days(30)) == [("dossiers", 0, "walk", 0, "ago")]


def test_a_key_is_there_once():
    twice = only("nha-an-ba-tang").dossiers * 2
    assert SAMPLES.check
    problems = SAMPLES.check(declared().model_copy(update={"dossiers": twice}), Catalogue())
    assert [problem.path for problem in problems] == [("dossiers", 1, "key")]
