"""Documents while somebody is away: whoever chooses is told, who stands in has them, and what is done says for whom."""

from uuid import uuid4

import pytest
from django.test import Client

from lienthong.documents import services
from lienthong.documents.models import Task
from lienthong.documents.rules.marks import Mark
from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.documents.conftest import CHAIR, CLERK, HEAD, OTHER_HEAD, URBAN, chair, post, presented, registered

pytestmark = pytest.mark.django_db

DEPUTY = cast.LEADER
PAGES = "/ban-lam-viec/van-ban/den/"


def away(username: str, post_id: int, substitute: str) -> None:
    Absence.objects.create(
        post_id=post_id,
        account=cast.account(username),
        substitute=cast.account(substitute),
        valid_from=clock.today(),
        valid_to=clock.today(),
    )


def page(username: str, path: str) -> str:
    client = Client()
    client.force_login(cast.account(username))
    answer = client.get(PAGES + path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_presenting_and_directing_say_who_is_away_and_who_stands_in():
    away(CHAIR, chair(), DEPUTY)
    away(HEAD, post(URBAN, "truong-phong"), OTHER_HEAD)
    said = "Võ Tiến Dũng (vắng đến 03/03/2025, người thay: Hoàng Thị Thanh)"
    assert said in page(CLERK, f"{registered().pk}/") and said in page(CLERK, "dang-ky/")
    arrival = presented(mark=Mark("126", "SXD-QH"))
    task = Task.objects.get(arrival=arrival)
    shown = page(DEPUTY, f"{arrival.pk}/chuyen/{task.pk}/")
    assert "Nguyễn Mạnh Hùng (vắng đến 03/03/2025, người thay: Bùi Thị Hòa)" in shown


def test_who_stands_in_directs_and_the_document_says_for_whom():
    arrival = presented()
    task = Task.objects.get(arrival=arrival)
    away(CHAIR, chair(), DEPUTY)
    services.direct(
        arrival_id=arrival.pk,
        task_id=task.pk,
        officer=cast.actor(DEPUTY),
        key=uuid4(),
        words="Giao phòng xem xét",
        lead=services.Chosen(post_id=None, organisation_id=by_key(URBAN).id),
    )
    entry = timeline(("incoming-document", arrival.pk))[-1]
    assert (entry.kind, entry.stood_in, entry.post_id) == ("documents.directed", True, chair())
    shown = page(DEPUTY, f"{arrival.pk}/")
    assert "Hoàng Thị Thanh" in shown and "thay Chủ tịch UBND" in shown
    assert "thay Văn thư" not in shown, "the clerk spoke in the own post"
