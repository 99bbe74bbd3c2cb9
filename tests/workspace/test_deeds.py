"""The desk beside the steps: giving a step away, a new date, a mistake taken back, a payment that came."""

from datetime import timedelta

import pytest
from django.test import Client

from lienthong.cases.models import Dossier, Extension, StepVisit
from lienthong.cases.rules import Status
from lienthong.cases.services import moving
from lienthong.foundation import clock
from tests import cast
from tests.cases import dossiers
from tests.workspace.conftest import desk, kinds, messages_on, page, text

pytestmark = pytest.mark.django_db


def address(dossier: Dossier, word: str, part: int = 0) -> str:
    return page("deed", dossier.pk, word, part)


def offered(client: Client, dossier: Dossier) -> list[str]:
    """The words of the deeds in the menu of the dossier's page."""
    shown = text(client.get(page("dossier", dossier.pk)))
    return [word for word in WORDS if f"/viec/{word}/" in shown]


WORDS = [
    "da-nop-tien",
    "nhan-viec",
    "chuyen-nguoi",
    "xin-gia-han",
    "thu-hoi-tiep-nhan",
    "quyet-dinh-gia-han",
]


def test_each_is_offered_what_is_theirs_to_do() -> None:
    dossier = dossiers.in_hand()
    assert offered(desk(cast.HANDLER), dossier) == ["chuyen-nguoi", "xin-gia-han"]
    assert offered(desk(cast.HEAD), dossier) == ["chuyen-nguoi"]
    assert offered(desk(cast.LEADER), dossier) == ["chuyen-nguoi", "thu-hoi-tiep-nhan"]
    assert offered(desk(cast.CLERK), dossier) == []


def test_a_step_is_given_to_a_colleague() -> None:
    dossier = dossiers.in_hand()
    visit = dossiers.visit(dossier, "tham-dinh")
    step = dossiers.PROCEDURE.pinned(dossier.procedure_id).process.step("tham-dinh")
    other = next(post for post in moving.takers(dossier, visit, step) if post.id != visit.post_id)
    client, where = desk(cast.HEAD), address(dossier, "chuyen-nguoi", visit.pk)
    refused = client.post(where, {"post": other.id, "reason": " "})
    assert refused.status_code == 422 and "lt-error" in text(refused)
    done = client.post(where, {"post": other.id, "reason": "Nghỉ ốm"}, follow=True)
    assert messages_on(done)
    assert StepVisit.objects.get(pk=visit.pk).post_id == other.id
    assert "Nghỉ ốm" in text(client.get(page("dossier", dossier.pk)))


def test_a_new_date_goes_from_the_handler_over_the_leaders_inbox_to_the_dossier() -> None:
    dossier = dossiers.in_hand()
    visit = dossiers.visit(dossier, "tham-dinh")
    handler, leader = desk(cast.HANDLER), desk(cast.LEADER)
    where = address(dossier, "xin-gia-han", visit.pk)
    assert handler.post(where, {"reason": "Chờ đo đạc"}).status_code == 422
    day = clock.local(dossier.due_at).date() + timedelta(days=7)
    handler.post(where, {"reason": "Chờ đo đạc", "day": day.isoformat()})
    extension = Extension.objects.get(dossier=dossier)
    link = page("extension", extension.pk)
    assert link in text(leader.get(page("inbox")))
    to_decide = leader.get(link, follow=True)
    assert "Chờ đo đạc" in text(to_decide)
    assert offered(handler, dossier) == ["chuyen-nguoi"], "it is asked for once"
    decide = address(dossier, "quyet-dinh-gia-han")
    assert leader.post(decide, {"granted": "0", "reason": ""}).status_code == 422
    leader.post(decide, {"granted": "1", "reason": ""})
    assert clock.local(Dossier.objects.get(pk=dossier.pk).due_at).date() == day
    assert kinds(dossier)[-1] == "cases.apologised"
    assert leader.get(link).status_code == 302, "what is decided leads to the dossier"


def test_a_stranger_decides_nothing_and_guesses_nothing() -> None:
    dossier = dossiers.in_hand()
    visit = dossiers.visit(dossier, "tham-dinh")
    before = kinds(dossier)
    for word, part in [("chuyen-nguoi", visit.pk), ("thu-hoi-tiep-nhan", 0), ("khong-co", 0), ("xin-gia-han", 0)]:
        answer = desk(cast.CLERK).post(address(dossier, word, part), {"reason": "vì", "post": "1"})
        assert answer.status_code == 302
    assert kinds(dossier) == before


def test_a_mistaken_acceptance_is_taken_back() -> None:
    dossier = dossiers.in_hand()
    client, where = desk(cast.LEADER), address(dossier, "thu-hoi-tiep-nhan")
    assert "lt-alert" in text(client.get(where))
    assert client.post(where, {"reason": ""}).status_code == 422
    client.post(where, {"reason": "Nhầm thủ tục"})
    assert Dossier.objects.get(pk=dossier.pk).status == Status.REGISTERED
    assert "Nhầm thủ tục" in text(client.get(page("dossier", dossier.pk)))
