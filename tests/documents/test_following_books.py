"""The registers of NĐ 30/2020 App. IV: on the screen, as a spreadsheet, for printing."""

import re
from io import BytesIO
from uuid import uuid4

import pytest
from django.db import connection
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.documents import services
from lienthong.documents.models import Book, BookFile
from lienthong.documents.papers.books import FORMS
from lienthong.documents.queries.books import INCOMING, Filters
from lienthong.documents.queries.settlement import Period
from lienthong.documents.services import books
from lienthong.documents.services.books import Wanted
from lienthong.documents.services.reading import read
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.notifications.models import Notification
from tests import cast
from tests.cast import client_of
from tests.documents.conftest import (
    AGENCY,
    CHAIR,
    CLERK,
    FINANCE,
    HANDLER,
    HEAD,
    OTHER_HEAD,
    URBAN,
    in_days,
    presented,
    registered,
)
from tests.documents.test_following import directed, mark, settled
from tests.documents.test_incoming import by, unit
from tests.documents.test_pages import LIST

pytestmark = pytest.mark.django_db

YEAR = "tu=2025-01-01&den=2025-12-31"


def year() -> Period:
    day = clock.today()
    return Period(day.replace(month=1, day=1), day.replace(month=12, day=31))


def wanted(book: Book = Book.INCOMING, **narrowed: object) -> Wanted:
    return Wanted(book, by_key(AGENCY), Filters(year(), **narrowed))


def cells(book: str, username: str = CLERK, more: str = "") -> list[dict[str, str]]:
    page = client_of(username).get(f"{LIST}so/?so={book}&{YEAR}{more}")
    return [dict(row["cells"]) for row in page.context["rows"]]


def test_the_columns_are_those_of_the_decree():
    assert FORMS[Book.INCOMING].names == (
        "Ngày đến", "Số đến", "Tác giả", "Số, ký hiệu văn bản", "Ngày tháng văn bản",
        "Tên loại và trích yếu nội dung văn bản",
        "Đơn vị hoặc người nhận", "Ngày chuyển", "Ký nhận", "Ghi chú",
    )  # fmt: skip
    assert len(FORMS[Book.SETTLEMENT].names) == 7


def test_handing_over_and_signing_for_it_follow_from_the_tasks():
    registered(mark=mark(3))
    arrival = directed()
    none, line = sorted(cells("incoming"), key=lambda row: row["Số đến"])
    assert none["Đơn vị hoặc người nhận"] == none["Ký nhận"] == ""
    assert line["Số đến"] == "2" and line["Tác giả"] == "Sở Xây dựng" and line["Ngày đến"] == "03/03/2025"
    assert line["Số, ký hiệu văn bản"] == "125/SXD-QH" and line["Ngày tháng văn bản"] == "27/02/2025"
    assert line["Đơn vị hoặc người nhận"].startswith("Phòng Quản lý đô thị")
    assert "(phối hợp)" in line["Đơn vị hoặc người nhận"]
    assert line["Ngày chuyển"] == "03/03/2025" and line["Ký nhận"] == "", "nobody has seen it"
    read(arrival_id=arrival.pk, officer=cast.actor(HEAD))
    signed = cells("incoming")[0]["Ký nhận"]
    assert signed == f"{cast.account(HEAD).full_name}, 08:30 03/03/2025"


def test_until_it_is_directed_it_is_with_whom_it_was_presented_to():
    presented()
    assert cast.account(CHAIR).full_name in cells("incoming")[0]["Đơn vị hoặc người nhận"]


def test_who_gave_it_back_did_not_receive_it_and_who_was_let_go_did():
    arrival = presented()
    services.direct(**by(CHAIR, arrival), lead=unit(FINANCE))
    services.give_back(**by(OTHER_HEAD, arrival), reason="Thuộc Phòng Quản lý đô thị")
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    other = directed(mark=mark(4))
    settled(HEAD, other)
    settled(CHAIR, other)
    finance, urban = by_key(FINANCE).name, by_key(URBAN).name
    assert [row["Đơn vị hoặc người nhận"] for row in cells("settlement")] == [
        f"{urban}; {finance} (phối hợp)",
        urban,
    ]


def test_the_follow_up_says_limit_progress_and_answer():
    arrival, late = directed(), directed(2, mark=mark(4))
    with clock.at(in_days(3)):
        assert [row["Tiến độ giải quyết"] for row in cells("settlement")] == [
            "đang giải quyết, quá hạn",
            "đang giải quyết, trong hạn",
        ]
        settled(HEAD, arrival)
        settled(CHAIR, arrival)
        line = cells("settlement")[1]
        assert line["Tiến độ giải quyết"] == "đã giải quyết đúng hạn, ngày 06/03/2025"
        assert line["Thời hạn giải quyết"] == "10/03/2025"
        assert line[FORMS[Book.SETTLEMENT].names[1]] == "Công văn 125/SXD-QH, ngày 27/02/2025, Sở Xây dựng"
        assert [row["Số đến"] for row in cells("settlement", more="&tien-do=open-late")] == [str(late.number)]


def test_the_register_goes_on_where_the_page_ends(monkeypatch):
    monkeypatch.setattr("lienthong.documents.queries.books.PAGE", 3)
    monkeypatch.setattr("lienthong.documents.views.books.PAGE", 3)
    for number in range(7):
        registered(mark=mark(number))
    clerk, address, seen = client_of(CLERK), f"{LIST}so/", []
    while address:
        page = clerk.get(address)
        seen += [int(dict(row["cells"])["Số đến"]) for row in page.context["rows"]]
        address = page.context["older"] and f"{LIST}so/{page.context['older']}"
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert [line.arrival.number for line in INCOMING.whole(by_key(AGENCY), Filters(year()))] == seen[::-1]


@pytest.mark.parametrize("book", ["incoming", "settlement"])
def test_a_short_register_is_a_file_at_once(book: str):
    directed()
    clerk = client_of(CLERK)
    page = clerk.get(f"{LIST}so/?so={book}&{YEAR}").content.decode()
    action, key = re.search(r'action="([^"]*so/tep/[^"]*)"', page), re.search(r'name="_lan" value="([^"]+)"', page)
    assert action and key
    made = {}
    for form in ("xlsx", "pdf"):
        press = {"_lan": str(uuid4()), "dang": form}
        answers = [clerk.post(action[1].replace("&amp;", "&"), press) for _time in range(2)]
        assert answers[0].status_code == 302 and answers[0]["Location"] == answers[1]["Location"]
        assert clerk.get(answers[0]["Location"]).status_code == 200
        made[form] = b"".join(clerk.get(answers[0]["Location"] + "luu/").streaming_content)
    assert BookFile.objects.count() == 2
    rows = list(load_workbook(BytesIO(made["xlsx"])).active.iter_rows(values_only=True))
    assert rows[2] == FORMS[Book(book)].names and len(rows) == 4 and 1 in rows[3]
    text = " ".join(page.extract_text() for page in PdfReader(BytesIO(made["pdf"])).pages)
    assert "125/SXD-QH" in text and "Cộng: 1 văn bản" in text
    found = BookFile.objects.earliest("pk")
    assert [entry.kind for entry in timeline((books.BOOK_FILE, found.pk))] == ["documents.book_taken"]


def test_a_long_register_is_made_by_the_worker_once_and_told(monkeypatch):
    monkeypatch.setattr(books, "AT_ONCE", 1)
    for number in range(3):
        registered(mark=mark(number))
    found = books.ask_for_book(wanted=wanted(), format_key="xlsx", officer=cast.actor(CLERK), key=uuid4())
    assert found.made_at is None and client_of(CLERK).get(f"{LIST}so/tep/{found.key}/").status_code == 200
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = %s", [books.MAKE_JOB])
        assert cursor.fetchone() == (1,)
    for _time in range(2):
        books.make_book(found.pk)
    found.refresh_from_db()
    assert found.lines == 3 and found.file
    assert Notification.objects.get(kind="document-book-ready").account_id == cast.account(CLERK).pk
    with clock.at(in_days(8)):
        assert books.forget_books() == 1
    assert not BookFile.objects.exists()


def test_a_book_that_is_too_long_says_so(monkeypatch):
    monkeypatch.setitem(books.MOST_LINES, BookFile.Format.PDF, 1)
    for number in range(2):
        registered(mark=mark(number))
    with pytest.raises(books.BookTooLong):
        books.ask_for_book(wanted=wanted(), format_key="pdf", officer=cast.actor(CLERK), key=uuid4())
    answer = client_of(CLERK).post(f"{LIST}so/tep/?{YEAR}", {"dang": "pdf", "_lan": str(uuid4())}, follow=True)
    assert "tối đa 1 văn bản" in answer.content.decode() and not BookFile.objects.exists()


def test_registers_are_for_those_who_keep_or_follow_them():
    directed()
    urban = by_key(URBAN)
    assert books.opened(cast.actor(HEAD), wanted(unit=urban))
    for username, narrowed in ((HEAD, {}), (HANDLER, {}), (HANDLER, {"unit": urban}), ("vanthu.tinh", {})):
        with pytest.raises(NotFound):
            books.opened(cast.actor(username), wanted(**narrowed))
    found = books.ask_for_book(wanted=wanted(), format_key="xlsx", officer=cast.actor(CLERK), key=uuid4())
    for username in (CHAIR, HEAD):
        assert client_of(username).get(f"{LIST}so/tep/{found.key}/luu/").status_code == 404
    assert client_of(CHAIR).post(f"{LIST}so/tep/", {"dang": "xlsx", "_lan": str(found.key)}).status_code == 404
    assert client_of(CLERK).post(f"{LIST}so/tep/", {"dang": "²", "_lan": "x"}).status_code == 404
    assert [row["Số đến"] for row in cells("settlement", HEAD)] == ["1"]
    lines = INCOMING.page(by_key(AGENCY), Filters(year(), unit=urban))
    assert [line.limit for line in lines] == [in_days(7)]
