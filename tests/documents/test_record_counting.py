"""How units keep to the day of handing over, counted by unit."""

from datetime import timedelta

import pytest

from lienthong.documents.models import Record
from lienthong.documents.records import archiving, counting
from lienthong.documents.records.counting import Counts, together
from lienthong.foundation import clock
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, URBAN
from tests.documents.test_records import ARCHIVIST, document, given, short, unit

pytestmark = pytest.mark.django_db

PAGE = "/ban-lam-viec/van-ban/ho-so/nop-luu/thong-ke/"
YEAR = 2026
"""In which what is closed on the day of these tests is due."""


def long(notation: str, *arrivals) -> Record:
    return short(notation, *arrivals, retention="10-nam")


def counted() -> Counts:
    return together(counting.by_unit(unit(AGENCY), YEAR, today=clock.today()).values())


def test_each_record_that_is_due_stands_in_one_column():
    arrival = document()
    in_time, late, under_way, _waits = (long(f"0{n}.A", arrival) for n in range(4))
    short("09.A", arrival)
    archiving.receive(hand_over_id=given(in_time).pk, officer=cast.actor(ARCHIVIST))
    assert counted() == Counts(in_time=1, to_come=3)
    with clock.at(clock.now() + timedelta(days=400)):
        assert counted() == Counts(in_time=1, overdue=3)
        archiving.receive(hand_over_id=given(late).pk, officer=cast.actor(ARCHIVIST))
        refused = given(under_way)
        assert counted() == Counts(in_time=1, late=1, under_way=1, overdue=1)
        assert counted().due == 4 and counted().percent == 33
        archiving.refuse(hand_over_id=refused.pk, officer=cast.actor(ARCHIVIST), words="Thiếu tờ")
        assert counted() == Counts(in_time=1, late=1, overdue=2)
    assert counting.by_unit(unit(AGENCY), YEAR - 1, today=clock.today()) == {}
    assert list(counting.by_unit(unit(AGENCY), YEAR, today=clock.today())) == [unit(URBAN)]


def test_it_counts_in_one_query_however_many_there_are():
    arrival = document()
    long("01.A", arrival)
    assert queries_of(counted) == 1
    long("02.A", arrival)
    assert queries_of(counted) == 1


def test_nothing_due_has_no_share():
    assert Counts().percent is None and Counts(to_come=3).percent is None and Counts(overdue=1).percent == 0


def test_archivists_clerks_and_heads_see_it_and_others_do_not():
    long("01.A", document())
    for username in (ARCHIVIST, CLERK, CHAIR):
        page = client_of(username).get(PAGE, {"nam": YEAR}).content.decode()
        assert "Phòng Quản lý đô thị thành phố Gia Nghĩa" in page and "Chưa đến hạn" in page
    assert client_of(HANDLER).get(PAGE).status_code == 403
    assert client_of(HANDLER).get(f"{PAGE}tai/xlsx/").status_code == 403
    assert PAGE not in client_of(HANDLER).get("/ban-lam-viec/van-ban/ho-so/").content.decode()
    assert PAGE in client_of(ARCHIVIST).get("/ban-lam-viec/van-ban/ho-so/").content.decode()


@pytest.mark.parametrize(("format_key", "begins"), [("pdf", b"%PDF"), ("xlsx", b"PK")])
def test_it_is_taken_along(format_key: str, begins: bytes):
    long("01.A", document())
    answer = client_of(ARCHIVIST).get(f"{PAGE}tai/{format_key}/", {"nam": YEAR})
    assert answer.status_code == 200 and answer.content.startswith(begins)
    assert client_of(ARCHIVIST).get(f"{PAGE}tai/exe/").status_code == 404


@pytest.mark.parametrize("odd", ["²", "99999999999999999", "10000", "0", "\0", "x"])
def test_odd_years_and_agencies_are_passed_over(odd: str):
    assert client_of(ARCHIVIST).get(PAGE, {"nam": odd, "co-quan": odd}).status_code == 200
