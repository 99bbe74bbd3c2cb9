"""Two clerks, and sixteen, at once."""

from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from uuid import uuid4

from django.db import connection

from lienthong.documents import services
from lienthong.documents.models import Arrival, Issue
from lienthong.documents.rules.marks import Mark
from lienthong.documents.services import NotWaiting, TakingIn
from lienthong.foundation import clock
from tests import cast
from tests.documents.conftest import CLERK
from tests.documents.test_outgoing import arrived, finished, issued, sealed


def test_sixteen_at_once_leave_no_gap_in_the_book(committed: None):
    def press(_number: int) -> int:
        try:
            with cast.on_monday():
                return issued().number
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        assert sorted(pool.map(press, range(32))) == list(range(1, 33))


def test_each_of_sixteen_at_once_has_its_own_number_in_its_file(committed: None):
    def press(_number: int) -> None:
        try:
            with cast.on_monday():
                finished(sealed)
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(press, range(16)))
    made = Issue.objects.select_related("document")
    assert sorted(each.number for each in made) == list(range(1, 17))
    for each in made:
        file = each.document.files.get().file
        expected = sealed(
            Mark(each.document.number, each.document.symbol), each.document.dated, clock.local(each.issued_at)
        )
        assert file.sha256 == sha256(expected[0][1]).hexdigest()


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
