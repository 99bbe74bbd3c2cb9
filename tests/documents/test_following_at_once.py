"""Two people at the same document at the same moment."""

import pytest

from lienthong.documents import services
from lienthong.documents.models import Urging
from lienthong.work.rules import Decision
from tests import cast
from tests.at_once import at_once
from tests.documents.conftest import CHAIR, CLERK, HEAD, in_days
from tests.documents.test_following import asked, decide, directed, to_decide
from tests.documents.test_incoming import task_of

pytestmark = pytest.mark.usefixtures("committed")


def test_of_two_who_decide_at_once_one_is_first():
    arrival = directed()
    request = asked(arrival)
    outcomes = at_once(
        lambda: decide(request, words="Đồng ý"),
        lambda: decide(request, grant=False, words="Không"),
    )
    assert sorted(type(each).__name__ for each in outcomes) == ["DecidedAlready", "MoreTime"], outcomes
    request.refresh_from_db()
    moved = task_of(arrival, HEAD).due_at == in_days(12)
    assert moved == (request.decision == Decision.GRANTED) and to_decide() == []


def test_of_two_who_urge_at_once_one_does():
    arrival = directed()
    task = task_of(arrival, HEAD).pk
    outcomes = at_once(
        lambda: services.urge(task_ids=[task], officer=cast.actor(CHAIR)),
        lambda: services.urge(task_ids=[task], officer=cast.actor(CLERK)),
    )
    assert sorted(each.urged for each in outcomes) == [0, 1], outcomes
    assert Urging.objects.count() == 1
