"""Directives for programs."""

from uuid import uuid4

import pytest
from django.test import Client

from lienthong.directives.models import Entry
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.cast import client_of
from tests.directives.conftest import CHAIR, CONTENT, FINANCE, HANDLER, HEAD, URBAN, accepted, fresh, given, in_days

pytestmark = pytest.mark.django_db

API = "/api/v1/directives"


def test_directives_are_listed_and_read_by_those_who_may_see_them(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("lienthong.directives.queries.PAGE", 2)
    late = accepted(due_at=in_days(1))
    others = [given(), given(lead=by_key(FINANCE).id, content="Quyết toán")]
    chair = client_of(CHAIR)
    first = chair.get(API).json()
    second = chair.get(API, {"after": first["next"]}).json()
    listed = [each["id"] for each in first["directives"] + second["directives"]]
    assert listed == [others[1].pk, others[0].pk, late.directive_id] and second["next"] is None
    with clock.at(in_days(2)):
        (found,) = chair.get(API, {"tab": "late"}).json()["directives"]
    assert (found["content"], found["lead"]["organisation"], found["lead"]["standing"]) == (CONTENT, URBAN, "open-late")
    assert [each["id"] for each in chair.get(API, {"search": "quyet toan"}).json()["directives"]] == [others[1].pk]
    assert chair.get(API, {"lead": "no-such"}).json()["directives"] == []
    assert client_of("vanthu.tinh").get(API).json()["directives"] == []
    whole = client_of(HEAD).get(f"{API}/{late.directive_id}").json()
    assert [task["stage"] for task in whole["tasks"]] == ["under-way"]
    assert client_of(HANDLER).get(f"{API}/{late.directive_id}").status_code == 404
    assert client_of(cast.AN).get(API).status_code == 403 and Client().get(API).status_code == 401


def test_progress_is_reported_once_for_a_key():
    task, head = accepted(), client_of(HEAD)
    address, key = f"{API}/{task.directive_id}/tasks/{task.pk}/progress", str(uuid4())
    for _time in range(2):
        answer = head.post(
            address,
            {"percent": 40, "words": "Đã làm"},
            content_type="application/json",
            headers={"Idempotency-Key": key},
        )
        assert answer.status_code == 201 and answer.json()["tasks"][0]["percent"] == 40
    assert fresh(task).percent == 40 and Entry.objects.filter(about="progress").count() == 1


@pytest.mark.parametrize(
    "said", [{"percent": 101, "words": "a"}, {"percent": "²", "words": "a"}, {"percent": 1, "words": "\0"}, {}], ids=str
)
def test_what_is_wrong_is_a_problem_and_not_a_crash(said: dict[str, object]):
    task, head = accepted(), client_of(HEAD)
    sent = {"content_type": "application/json", "headers": {"Idempotency-Key": str(uuid4())}}
    assert head.post(f"{API}/{task.directive_id}/tasks/{task.pk}/progress", said, **sent).status_code == 422
    right = {"percent": 1, "words": "Đã làm"}
    for address in (f"{10**30}/tasks/1", f"{task.directive_id}/tasks/{10**30}"):
        assert head.post(f"{API}/{address}/progress", right, **sent).status_code == 404
    assert head.get(f"{API}/{10**30}").status_code == 404
    assert head.get(API, {"search": "\0", "after": "²"}).status_code == 200
    assert client_of(CHAIR).post(
        f"{API}/{task.directive_id}/tasks/{task.pk}/progress", right, **sent
    ).status_code == 403  # fmt: skip
