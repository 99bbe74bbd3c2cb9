"""Whatever a page offers, somebody in a simulated province does: no verb and no deed without an actor."""

import re
from datetime import date
from pathlib import Path
from shutil import copytree

import pytest

from lienthong.cases.models import Dossier, Extension, Message
from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.organisations.models import Absence
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Verb
from lienthong.simulation import engine, invariants
from lienthong.simulation.dossiers import arrivals, manners
from lienthong.simulation.figures import FiguresFile
from lienthong.workspace import deeds
from tests import cast
from tests.simulation.conftest import scenario

DEEDS = {
    "da-nop-tien": "settle",
    "nhan-viec": "take-over",
    "chuyen-nguoi": "give",
    "xin-gia-han": "ask-extension",
    "quyet-dinh-gia-han": "grant-extension",
    "thu-hoi-tiep-nhan": "undo-acceptance",
    "rut-ho-so": "withdraw",
}
"""The deeds of the pages, and what they are called among the actions of a run."""
BESIDES = {
    "submit", "write", "supplement", "expire", "lapse", "refuse-extension", "go-away", "come-back",
    "stand-in", "ask", "answer", "leave-unanswered",
}  # fmt: skip


@pytest.fixture
def restless(monkeypatch):
    """A province in which everything that happens seldom happens often."""
    often = {Verb.REQUEST_SUPPLEMENT: 0.15, Verb.REQUEST_PAYMENT: 1.0, Verb.REFUSE: 0.05, Verb.STOP: 0.05,
             Verb.CONSULT: 1.0}  # fmt: skip
    monkeypatch.setattr(manners, "SIDEWAYS", often)
    for name, share in {
        "WEEK_OFF": 0.25, "DAY_OFF": 0.1, "BACK_EARLY": 0.5, "SILENT": 0.4, "WRITES": 0.05, "GIVES": 0.08,
        "UNDOES": 0.05, "NEEDS_NO_ANSWER": 0.4,
        "ASKS_TIME": 0.8, "CLOSING_IN": 0.5, "GRANTS": 0.6, "TAKES_OVER": 1.0, "FORGETTING": 0.5,
    }.items():  # fmt: skip
        monkeypatch.setattr(manners, name, share)
    monkeypatch.setattr(arrivals, "ASKS", 0.5)
    monkeypatch.setitem(arrivals.LEVELS, "district", 3.0)  # whose procedures have most to offer


@pytest.fixture
def with_a_payment(tmp_path):
    """The building permit asks for a fee before the handler looks at it: no procedure of the library does so."""
    folder = tmp_path / "province"
    copytree(cast.SOURCE / "provinces" / "dak_nong", folder)
    path = folder / "procedures" / "cap-giay-phep-xay-dung-nha-o-rieng-le.yaml"
    known = "        - {key: chuyen-kiem-tra,"
    asked = "        - {key: nop-le-phi, name: Yêu cầu nộp lệ phí, does: request-payment}\n"
    source = path.read_text(encoding="utf-8")
    assert source.count(known) == 1
    changed = source.replace(known, asked + known)
    earlier = re.compile(r"^effective_from:.*$", re.MULTILINE)
    path.write_text(earlier.sub("effective_from: 2025-01-02", changed, count=1), "utf-8")
    plan = definitions.plan([cast.library(), folder])
    assert not plan.problems, "\n".join(map(str, plan.problems))
    definitions.apply(plan)


def actions(folder: Path) -> set[str]:
    return {name for part in FiguresFile(folder).read() for name, n in part.figures.get("actions", {}).items() if n}


@pytest.mark.django_db
@pytest.mark.usefixtures("restless", "with_a_payment")
def test_a_run_uses_every_verb_and_every_deed(folder):
    engine.run(scenario(days=60, dossiers=100, seed=5), folder)
    done = actions(folder)
    assert {verb.value for verb in Verb} - done == set()
    assert set(DEEDS.values()) - done == set()
    assert BESIDES - done == set()
    assert {v.invariant.name: v.offenders for v in invariants.look() if v.offenders} == {}
    refusals = [part.figures["refusals"] for part in FiguresFile(folder).read() if part.figures.get("refusals")]
    assert refusals == [], "nobody wanted what a rule refuses"
    assert Extension.objects.filter(granted=True).exists() and Absence.objects.exists()
    assert {True, False} == set(Message.objects.values_list("from_applicant", flat=True))


def test_every_deed_of_the_pages_has_an_actor():
    declared = re.findall(r'Deed\(\s*"([a-z-]+)"', Path(deeds.__file__).read_text(encoding="utf-8"))
    assert set(declared) == set(DEEDS)


@pytest.mark.django_db
def test_a_verb_that_is_seldom_is_at_least_declared_or_named_here():
    declared = {a.does for p in PROCEDURE.all(date(2025, 3, 3)) for s in p.body.process.steps for a in s.actions}
    assert set(Verb) - declared == {Verb.REQUEST_PAYMENT}


@pytest.mark.django_db
@pytest.mark.usefixtures("restless")
def test_who_stands_in_acts_in_the_own_name_in_the_post_of_who_is_away(folder):
    engine.run(scenario(days=20, dossiers=80, seed=2), folder)
    absence = {(each.post_id, each.substitute_id) for each in Absence.objects.all()}
    visits = Dossier.objects.filter(visits__done_post__isnull=False)
    acted = set(visits.values_list("visits__done_post_id", "visits__done_by_id"))
    assert absence & acted, "somebody who stood in closed a step in the post of who was away"
