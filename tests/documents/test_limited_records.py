"""A record that is limited to posts by name: the archive is told of it by its code, days and counts, and by nothing
more before it has it."""

import io
import zipfile
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdf import PdfReader

from lienthong.documents.models import Arrival, Record
from lienthong.documents.records import archiving, destroying, keeping, queries
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.work.models import WorkItem
from lienthong.work.queries import Filters as InboxFilters
from lienthong.work.queries import inbox
from tests import cast
from tests.cast import client_of
from tests.documents.conftest import CHAIR, HANDLER, HEAD
from tests.documents.test_finding import found, tree_post
from tests.documents.test_packages import packed
from tests.documents.test_record_pages import RECORDS, page_of, pressed
from tests.documents.test_records import ARCHIVIST, YEARS_LATER, document, given, opened, proposed, put_in

pytestmark = pytest.mark.django_db

TITLE, NOTE, PHRASE = "Hồ sơ xem xét kỷ luật cán bộ", "Liên quan ông Nguyễn Văn Kín", "Hồ sơ hạn chế"
NAMED = "tuan.qldt"
INBOX = "/ban-lam-viec/"


def limited(another: Arrival | None = None, **other: Any) -> Record:
    """A closed record that its maker and one colleague see."""
    said: dict[str, Any] = {"notation": "09.QLĐT", "title": TITLE, "description": NOTE}
    record = opened(**{**said, "rights": Record.Rights.NAMED, "posts": (tree_post(NAMED),), **other})
    put_in(record, another or document())
    return keeping.close(record_id=record.pk, officer=cast.actor(HANDLER))


def hides(text: str) -> bool:
    """Told of it by its code, and by nothing that was kept."""
    assert "09.QLĐT" in "".join(text.split())
    return PHRASE in text and "kỷ luật" not in text and "Văn Kín" not in text


def shows(text: str) -> bool:
    return TITLE in text and PHRASE not in text


def text_of(username: str, address: str, form: str) -> str:
    answer = client_of(username).get(f"{RECORDS}{address}tai/{form}/")
    assert answer.status_code == 200
    if form.endswith("pdf"):
        pages = (page.extract_text() for page in PdfReader(io.BytesIO(answer.content)).pages)
        return " ".join(" ".join(pages).split())
    return zipfile.ZipFile(io.BytesIO(answer.content)).read("xl/worksheets/sheet1.xml").decode()


def test_a_hand_over_tells_the_archive_the_code_and_not_the_title_before_it_has_the_record():
    hand_over = given(limited())
    address = f"nop-luu/{hand_over.pk}/"
    for username, told in ((HANDLER, shows), (ARCHIVIST, hides), (HEAD, hides)):
        assert told(page_of(username, address)), username
        for paper in ("muc-luc/", "bien-ban/"):
            assert told(text_of(username, address, f"{paper}xlsx")), (username, paper)
            assert told(text_of(username, address, f"{paper}pdf")), (username, paper)
    archiving.receive(hand_over_id=hand_over.pk, officer=cast.actor(ARCHIVIST))
    assert shows(page_of(ARCHIVIST, address)) and hides(page_of(HEAD, address))


def test_before_the_archive_has_it_its_words_are_found_by_nobody_else():
    record = limited()
    hand_over = given(record)
    assert record in found(HANDLER, "ky luat") and record in found(NAMED, "ky luat")
    for username in (ARCHIVIST, HEAD, CHAIR):
        assert found(username, "ky luat") == []
        assert queries.listing(cast.actor(username), queries.Filters(text="kỷ luật")) == []
    archiving.receive(hand_over_id=hand_over.pk, officer=cast.actor(ARCHIVIST))
    assert record in found(ARCHIVIST, "ky luat") and found(HEAD, "ky luat") == []
    packed(record)
    assert shows(page_of(ARCHIVIST, "luu-tru/goi/"))


def test_what_is_over_is_appraised_by_its_code_and_destroyed_without_its_title_being_told():
    record = limited(retention="5-nam")
    with clock.at(clock.now() + YEARS_LATER * 2):
        assert hides(page_of(ARCHIVIST, "tieu-huy/"))
        disposal = proposed(record)
        address = f"tieu-huy/{disposal.pk}/"
        for username in (ARCHIVIST, CHAIR):
            assert hides(page_of(username, address)), username
            assert hides(text_of(username, address, "xlsx")) and hides(text_of(username, address, "pdf"))
        pressed(CHAIR, address)
        assert destroying.carry_out(disposal.pk) == 1
        assert hides(page_of(CHAIR, address)) and hides(page_of(ARCHIVIST, address))
        assert found(ARCHIVIST, "ky luat") == [] and record in found(HANDLER, "ky luat")


def test_the_archive_waits_for_it_and_agrees_to_keep_it_back_by_its_code():
    record = limited()
    with clock.at(clock.now() + timedelta(days=340)):
        assert hides(page_of(ARCHIVIST, "luu-tru/"))
        archiving.ask_to_keep(
            record_id=record.pk, officer=cast.actor(HANDLER), until=date(2027, 3, 3), reason="Còn xác minh"
        )
        assert hides(client_of(ARCHIVIST).get(INBOX).content.decode())
        asked = f"luu-tru/giu-lai/{record.pk}/"
        desk = page_of(ARCHIVIST, "luu-tru/")
        assert f"{RECORDS}{asked}" in desk and hides(desk) and desk.count(PHRASE) == 2, "it is due, and asked for"
        answer = client_of(ARCHIVIST).get(f"{RECORDS}{record.pk}/")
        assert (answer.status_code, answer["Location"]) == (302, f"{RECORDS}{asked}")
        page = page_of(ARCHIVIST, asked)
        assert "09.QLĐT" in page and "Còn xác minh" in page and "kỷ luật" not in page and "Văn Kín" not in page
        pressed(ARCHIVIST, asked, 422, viec="khong", loi="")
        pressed(ARCHIVIST, asked)
        record.refresh_from_db()
        assert (record.keeping, record.due_on) == (Record.Keeping.AGREED, date(2027, 3, 3))
        assert client_of(ARCHIVIST).get(f"{RECORDS}{record.pk}/").status_code == 404


def test_nobody_but_the_archivist_of_the_agency_answers_for_a_record_they_do_not_see():
    record = limited()
    archiving.ask_to_keep(record_id=record.pk, officer=cast.actor(HANDLER), until=date(2027, 3, 3), reason="Cần")
    for username in (HEAD, CHAIR):
        assert client_of(username).get(f"{RECORDS}luu-tru/giu-lai/{record.pk}/").status_code == 403
        with pytest.raises(NotFound):
            archiving.answer_keeping(record_id=record.pk, officer=cast.actor(username), agreed=True)
    assert client_of(ARCHIVIST).get(f"{RECORDS}luu-tru/giu-lai/{record.pk + 1}/", follow=True).status_code == 404


def test_the_heads_who_are_warned_in_place_of_its_maker_are_told_its_code(monkeypatch: pytest.MonkeyPatch):
    limited()
    now = clock.now()
    with clock.at(now + timedelta(days=340)):
        assert archiving.warn() == 1
        (item,) = inbox(cast.actor(HANDLER), InboxFilters(text="kỷ luật"), now=now, soon=now)
        assert item.title == TITLE
        WorkItem.objects.all().delete()
        monkeypatch.setattr("lienthong.documents.records.archiving.tree", lambda: NO_POSTS)
        assert archiving.warn() == 1
        item = WorkItem.objects.get(subject_type="record")
        assert (item.post_id, item.title, item.code[-7:]) == (None, PHRASE, "09.QLĐT")


class NO_POSTS:  # noqa: N801
    """The tree after the post that made it is gone."""

    posts: dict[int, object] = {}


def test_one_limited_record_more_costs_a_list_no_query_more():
    hand_over = given(limited())
    other = opened(notation="10.QLĐT", rights=Record.Rights.NAMED, posts=(tree_post(NAMED),))

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries_made:
            page_of(ARCHIVIST, f"nop-luu/{hand_over.pk}/")
        return len(queries_made)

    asked()
    before = asked()
    hand_over.lines.create(record=other)
    assert asked() == before
