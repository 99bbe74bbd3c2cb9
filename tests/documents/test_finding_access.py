"""The access log of documents and records: who opened what, shown to clerks and to those who lead."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from lienthong.documents import services
from lienthong.documents.finding import access
from lienthong.documents.models import Arrival
from lienthong.documents.records.carrying import RECORD
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.issuing import ISSUE
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import CHAIR, CLERK, HANDLER, HEAD, URBAN, presented
from tests.documents.test_finding import with_file
from tests.documents.test_incoming import by, person, unit
from tests.documents.test_outgoing import PROVINCE_CLERK, issued
from tests.documents.test_pages import LIST
from tests.documents.test_records import ARCHIVIST, opened

pytestmark = pytest.mark.django_db

LOG = "/ban-lam-viec/van-ban/nguoi-xem"


def told(username: str, subject: tuple[str, int]) -> list[tuple[str, str]]:
    log = access.log_of(subject, cast.actor(username))
    return [(each.who, each.what) for each in access.page_of(log)[0]]


def name_of(username: str) -> str:
    return cast.account(username).full_name


def handed_on() -> Arrival:
    arrival = presented()
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    services.direct(**by(HEAD, arrival), lead=person(URBAN, "chuyen-vien"))
    return arrival


def test_it_says_who_opened_it_and_which_file_the_newest_first():
    arrival = with_file()
    clerk = client_of(CLERK)
    clerk.get(f"{LIST}{arrival.pk}/")
    clerk.get(f"{LIST}{arrival.pk}/tep/0/")
    who = name_of(CLERK)
    assert told(CLERK, (DOCUMENT, arrival.pk)) == [(who, "công văn.docx"), (who, "trang thông tin")]
    page = clerk.get(f"{LOG}/{DOCUMENT}/{arrival.pk}/").content.decode()
    assert who in page and "công văn.docx" in page and f"{LOG}/{DOCUMENT}/{arrival.pk}/tai/" in page
    assert f"{LOG}/{DOCUMENT}/{arrival.pk}/" in clerk.get(f"{LIST}{arrival.pk}/").content.decode()


def test_leaders_see_all_of_it_heads_what_was_opened_in_their_unit_and_others_nothing():
    arrival = handed_on()
    for username in (CLERK, CHAIR, HEAD, HANDLER):
        client_of(username).get(f"{LIST}{arrival.pk}/")
    subject = (DOCUMENT, arrival.pk)
    assert [who for who, _what in told(CHAIR, subject)] == list(map(name_of, (HANDLER, HEAD, CHAIR, CLERK)))
    assert [who for who, _what in told(HEAD, subject)] == list(map(name_of, (HANDLER, HEAD)))
    with pytest.raises(access.LogNotYours):
        told(HANDLER, subject)
    page = client_of(HANDLER).get(f"{LIST}{arrival.pk}/").content.decode()
    assert f"{LOG}/" not in page
    assert client_of(HANDLER).get(f"{LOG}/{DOCUMENT}/{arrival.pk}/").status_code == 403
    for stranger in ("hoa.tckh", PROVINCE_CLERK):
        assert client_of(stranger).get(f"{LOG}/{DOCUMENT}/{arrival.pk}/").status_code == 404
        assert client_of(stranger).get(f"{LOG}/{DOCUMENT}/{arrival.pk}/tai/").status_code == 404


def test_outgoing_documents_and_records_have_one_too():
    issue, record = issued(), opened(notation="09.QLĐT")
    clerk, handler = client_of(PROVINCE_CLERK), client_of(HANDLER)
    clerk.get(f"/ban-lam-viec/van-ban/di/{issue.pk}/")
    handler.get(f"/ban-lam-viec/van-ban/ho-so/{record.pk}/")
    handler.get(f"/ban-lam-viec/van-ban/ho-so/{record.pk}/tai/xlsx/")
    assert told(PROVINCE_CLERK, (ISSUE, issue.pk)) == [(name_of(PROVINCE_CLERK), "trang thông tin")]
    seen = [(name_of(HANDLER), "tải danh mục văn bản"), (name_of(HANDLER), "trang thông tin")]
    assert told(HEAD, (RECORD, record.pk)) == told(ARCHIVIST, (RECORD, record.pk)) == seen
    for subject, client in (((ISSUE, issue.pk), clerk), ((RECORD, record.pk), client_of(ARCHIVIST))):
        assert client.get(f"{LOG}/{subject[0]}/{subject[1]}/").status_code == 200
    assert client_of(PROVINCE_CLERK).get(f"{LOG}/x/{issue.pk}/").status_code == 404


def test_it_goes_on_page_by_page_in_a_fixed_number_of_queries_and_is_taken_along(monkeypatch: pytest.MonkeyPatch):
    arrival, clerk = presented(), client_of(CLERK)
    address = f"{LOG}/{DOCUMENT}/{arrival.pk}/"
    clerk.get(f"{LIST}{arrival.pk}/")
    few = queries_of(lambda: clerk.get(address))
    for _ in range(6):
        client_of(CHAIR).get(f"{LIST}{arrival.pk}/")
    assert queries_of(lambda: clerk.get(address)) == few
    log = access.log_of((DOCUMENT, arrival.pk), cast.actor(CLERK))
    first, older = access.page_of(log, size=4)
    second, end = access.page_of(log, before=older, size=4)
    assert (len(first), len(second), end) == (4, 3, None)
    monkeypatch.setattr(access, "CHUNK", 3)
    with ZipFile(BytesIO(clerk.get(f"{address}tai/").content)) as book:
        assert book.read("xl/worksheets/sheet1.xml").decode().count("<row") == 8


@pytest.mark.parametrize("odd", ["²", "9" * 40, "-1", "a\0"])
def test_an_odd_place_is_answered(odd: str):
    arrival = presented()
    assert client_of(CLERK).get(f"{LOG}/{DOCUMENT}/{arrival.pk}/", {"truoc": odd}).status_code == 200
