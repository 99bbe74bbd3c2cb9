"""Power is lost at whatever moment between a draft and its issue: there is all of it or nothing, and it goes on.

Every test run kills a modest number of times. More:

    LT_TEST_KILLS=200 ./lt test tests/documents/test_killed_while_issuing.py
"""

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from lienthong.documents.circuit import papers
from lienthong.documents.circuit.services import NUMBERING
from lienthong.documents.events import ISSUED
from lienthong.documents.models import Arrival, Document, DocumentFile, Draft, Issue, Sending, SigningRound, SigningTurn
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.foundation import clock
from lienthong.foundation.files import upkeep
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.queries import search
from lienthong.foundation.numbering.models import NumberBook
from lienthong.foundation.organisations.queries import by_key
from lienthong.signing import form_fields, pades
from lienthong.signing.models import Certificate, SigningRecord
from lienthong.signing.services import is_genuine, verify_pdf
from lienthong.work.models import WorkItem
from tests import databases
from tests.documents import clerks_process
from tests.documents.clerks_process import RECIPIENTS
from tests.documents.conftest import AGENCY
from tests.documents.drafted import draft
from tests.foundation.files.conftest import folder  # noqa: F401

KILLS = int(os.environ.get("LT_TEST_KILLS", "12"))
WAITING = 3
"""Letters on the desk when somebody begins: more than are done before they are killed."""
AIMS = ("issue", "sign", "issue", "present", "issue", "check")
"""At which step who is killed next begins to count."""
LONGEST = 60
"""Moments from a step on that are counted at most: an issue to three agencies has some fifty, a letter some hundred."""


class Clerks:
    """Those who carry letters through, one at a time, each until killed or done."""

    def __init__(self, starter: subprocess.Popen[str]) -> None:
        self.starter = starter

    def work(self, step: str, count: int, how: str) -> bool:
        """Whether they were killed; else they had come to the end."""
        assert self.starter.stdin and self.starter.stdout
        self.starter.stdin.write(f"{step} {count} {how}\n")
        self.starter.stdin.flush()
        pid, what = self.starter.stdout.readline().split()
        if what == "here":
            os.kill(int(pid), signal.SIGKILL)
            return True
        assert what == "done", "somebody broke down without being killed"
        assert self.starter.stdout.readline().split() == [pid, "ended"]
        return False


@pytest.fixture
def clerks(committed: None, folder: Path) -> Iterator[Clerks]:  # noqa: F811
    starter = subprocess.Popen(
        [sys.executable, "-m", "tests.documents.clerks_process"],
        cwd=Path(__file__).parents[2],
        env=os.environ | {"LT_DATABASE_URL": databases.address(), clerks_process.FOLDER: str(folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield Clerks(starter)
    starter.communicate()


def test_power_lost_at_any_moment_leaves_a_letter_with_all_that_its_issue_is_or_with_nothing_of_it(clerks, folder):  # noqa: F811
    for number in range(KILLS):
        while Draft.objects.exclude(state=Draft.State.ISSUED).count() < WAITING:
            draft()
        step, how = AIMS[number % len(AIMS)], random.choice(["still", "busy"])
        assert clerks.work(step, random.randint(1, LONGEST), how), "killed before the end"
        assert broken() == {}, f"after kill {number + 1}, at the step {step}"

    assert not clerks.work("issue", 0, "busy"), "the last one is left alone"
    assert broken() == {}
    letters = Draft.objects.count()
    assert set(Draft.objects.values_list("state", flat=True)) == {"issued"}
    assert sorted(Issue.objects.values_list("number", flat=True)) == list(range(1, letters + 1))
    assert not WorkItem.objects.filter(is_open=True, subject_type=NUMBERING).exists()
    assert len(search(kind=str(ISSUED), size=2 * letters).entries) == letters
    for made in Issue.objects.select_related("document"):
        is_whole(made)
    with clock.at(a_day_after(folder)):
        upkeep.sweep()
    assert contents(folder) == set(StoredFile.objects.values_list("sha256", flat=True))
    assert upkeep.check().sound


def is_whole(made: Issue) -> None:
    """Its file bears its number, under a signature and a seal that both hold, and every receiver's clerks have it."""
    pdf = papers.content_of(made.document.files.get().file)
    written = form_fields.values_of(pades.opened(pdf).prev)
    assert f"{written['number']}/{made.document.symbol}" == made.document.code
    found = verify_pdf(pdf)
    assert len(found) == 2 and is_genuine(found)
    reached = Arrival.objects.filter(sending__issue=made)
    assert set(reached.values_list("organisation__key", flat=True)) == set(RECIPIENTS)
    with_clerks = WorkItem.objects.filter(is_open=True, subject_type=DOCUMENT, subject_id__in=reached.values("pk"))
    assert with_clerks.count() == len(RECIPIENTS)


def broken() -> dict[str, Any]:
    """What offends a promise, by the promise."""
    issues = Issue.objects.filter(organisation=by_key(AGENCY).id)
    numbers = sorted(issues.values_list("number", flat=True))
    last = sum(NumberBook.objects.filter(key__contains="van-ban-di").values_list("last", flat=True))
    sent = issues.values("document__files__file__sha256")
    seals = SigningRecord.objects.filter(kind=Certificate.Kind.SEAL)
    sealed = {bytes(each).hex() for each in seals.values_list("signed_digest", flat=True)}
    holders = (SigningRound.objects, SigningTurn.objects.exclude(file=None), DocumentFile.objects)
    held = [each.values("file_id") for each in holders]
    found = {
        "every number taken is of a document": last != len(numbers),
        "the book has no gap": numbers != list(range(1, len(numbers) + 1)),
        "what is sealed has a number": sealed ^ {each["document__files__file__sha256"] for each in sent},
        "a document has its number": Document.objects.filter(issue=None),
        "nothing is sent that is not issued": Arrival.objects.filter(sending=None),
        "what is issued is sent": Sending.objects.count() != len(RECIPIENTS) * len(numbers),
        "a draft is issued with its issue": Draft.objects.filter(state="issued").count() != len(numbers),
        "somebody holds every file": StoredFile.objects.exclude(pk__in=held[0].union(*held[1:])),
        "no file is lost": upkeep.check().missing,
    }
    return {promise: offenders for promise, offenders in found.items() if offenders}


def a_day_after(place: Path) -> datetime:
    """By the clock of the disk, which does not stand still: the sweep spares for a day what may just be coming."""
    latest = max(path.stat().st_mtime for path in place.rglob("*"))
    return datetime.fromtimestamp(latest, clock.ZONE) + timedelta(hours=25)


def contents(place: Path) -> set[str]:
    return {path.name for path in (place / "content").rglob("*") if path.is_file()}
