"""Two who sign, sixteen who issue at once, and a process that is killed while it signs or issues."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from lienthong.documents.circuit import services
from lienthong.documents.circuit.services import GoneOn
from lienthong.documents.models import Draft, Issue
from lienthong.signing.models import SigningRecord
from tests import cast
from tests.documents.conftest import CHAIR
from tests.documents.drafted import checked, draft, issued, presented, signed, turn_of

pytestmark = pytest.mark.usefixtures("committed")


def test_sixteen_issued_at_once_leave_no_gap():
    turns = [signed(presented(draft())) for _number in range(16)]
    connection.close()

    def press(number: int) -> int:
        try:
            with cast.on_monday():
                return issued(turns[number]).number
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert sorted(pool.map(press, range(16))) == list(range(1, 17))
    assert set(Draft.objects.values_list("state", flat=True)) == {"issued"}


def test_of_eight_who_issue_the_same_draft_all_get_the_one_issue():
    turn = signed()
    connection.close()

    def press(_number: int) -> int:
        try:
            with cast.on_monday():
                return issued(turn).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(press, range(8)))) == 1
    assert Issue.objects.count() == 1


def test_signed_and_returned_at_once_one_of_both_is_told():
    under_way = presented()
    checked(under_way)
    turn = turn_of(under_way).pk
    connection.close()

    def press(number: int) -> str:
        try:
            with cast.on_monday():
                if number % 2:
                    services.sign(turn_id=turn, officer=cast.actor(CHAIR))
                    return "signed"
                services.return_draft(turn_id=turn, officer=cast.actor(CHAIR), words="Sai")
                return "returned"
        except GoneOn:
            return "told"
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        said = set(pool.map(press, range(8)))
    assert said in ({"signed", "told"}, {"returned", "told"})
    assert SigningRecord.objects.count() == (1 if "signed" in said else 0)
