"""Two clerks, and sixteen, at once."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

from django.db import connection

from lienthong.documents import services
from lienthong.documents.models import Arrival
from lienthong.documents.services import NotWaiting, TakingIn
from tests import cast
from tests.documents.conftest import CLERK
from tests.documents.test_outgoing import arrived, issued


def test_sixteen_at_once_leave_no_gap_in_the_book(committed: None):
    def press(_number: int) -> int:
        try:
            with cast.on_monday():
                return issued().number
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert sorted(pool.map(press, range(32))) == list(range(1, 33))


def test_of_eight_who_take_in_the_same_document_one_does_and_the_others_are_told(committed: None):
    arrival = arrived()
    connection.close()

    def press(_number: int) -> int:
        try:
            with cast.on_monday():
                services.take_in(arrival_id=arrival.pk, officer=cast.actor(CLERK), key=uuid4(), taking=TakingIn())
            return 1
        except NotWaiting:
            return 0
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(press, range(8))) == 1
    assert Arrival.objects.get().number == 1
