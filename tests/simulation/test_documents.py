"""Correspondence of simulated agencies: registered, directed, settled, answered."""

from datetime import date

import pytest

from lienthong.documents.models import Arrival, DraftOpinion, Issue, Note, Task
from lienthong.documents.rules.journey import Status
from lienthong.foundation import clock
from lienthong.foundation.files import storage
from lienthong.signing.services import is_genuine, verify_pdf
from lienthong.simulation import engine
from lienthong.simulation.documents import letters
from lienthong.simulation.documents.troupe import Offices
from tests.simulation.conftest import START, scenario

pytestmark = pytest.mark.django_db
COUNTERS = ("thanh-pho-gia-nghia-van-phong-mot-cua",)


def story() -> list[tuple]:
    """What happened to every document, without the numbers of rows."""
    arrivals = Arrival.objects.order_by("organisation__key", "arrived_at", "document__abstract")
    said = Note.objects.order_by("written_at", "text", "author__username")
    return [
        *arrivals.values_list("organisation__key", "arrived_at", "number", "status", "finished_at"),
        *said.values_list("about", "text", "written_at", "author__username"),
    ]


@pytest.fixture
def played(settings, folder, monkeypatch):
    settings.DEMO = True
    monkeypatch.setattr("lienthong.simulation.actors._troupes", {"documents": Offices})
    run = scenario(counters=COUNTERS, dossiers=400)
    engine.run(run, folder)
    return run


def test_what_comes_is_registered_directed_and_settled(played):
    assert played
    states = set(Arrival.objects.values_list("status", flat=True))
    assert {Status.DONE, Status.IN_PROCESS} <= states
    assert Note.objects.filter(about=Note.About.DIRECTION).exists()
    assert Task.objects.filter(parent__parent__isnull=False, outcome="reported").exists()
    assert not Arrival.objects.filter(status=Status.DONE, finished_at=None).exists()


def test_what_is_written_is_signed_numbered_sealed_and_sent(played):
    made = Issue.objects.filter(draft__isnull=False).select_related("document")
    assert played and made.exists()
    for each in made:
        file = each.document.files.select_related("file").get(place=0).file
        with storage.open_content(file.sha256) as content, clock.at(each.issued_at):
            reports = verify_pdf(content.read())
        assert is_genuine(reports) and [report.is_seal for report in reports] == [False, True]
    assert Arrival.objects.filter(sending__issue__in=made).exclude(status=Status.ARRIVED).exists()
    assert DraftOpinion.objects.exclude(given_at=None).exists()


def test_the_days_of_letters_are_working_days_and_all_are_written():
    run = scenario(dossiers=400)
    days = [date(2025, 3, 3), date(2025, 3, 4), date(2025, 3, 6)]
    written = [number for day in days for number in letters.numbers_on(run, day, days)]
    assert written == list(range(letters.how_many(run)))
    assert list(letters.numbers_on(run, date(2025, 3, 5), days)) == []
    assert letters.letter(run, 3, START) == letters.letter(run, 3, START)
