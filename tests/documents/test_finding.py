"""Looking for documents and records: by words and keys, among what somebody may see; the searches that are kept."""

from datetime import date, timedelta
from io import BytesIO
from unicodedata import normalize
from uuid import uuid4
from zipfile import ZipFile

import docx
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents import services
from lienthong.documents.finding import extracts, keys, queries
from lienthong.documents.finding.queries import Wanted, What, find
from lienthong.documents.models import Arrival, Document, Findable, Issue, Record, SavedSearch
from lienthong.documents.queries.incoming import visible_to
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.records import keeping
from lienthong.documents.records.queries import visible_to as visible_records
from lienthong.documents.rules.marks import Mark
from lienthong.documents.services import Upload
from lienthong.foundation import clock
from lienthong.foundation.files.services import read_words
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, HEAD, URBAN, letter, presented, registered
from tests.documents.test_incoming import by, person, unit
from tests.documents.test_outgoing import PROVINCE_CLERK, issued
from tests.documents.test_records import ARCHIVIST, opened
from tests.foundation.files import samples

pytestmark = pytest.mark.django_db

FIND = "/ban-lam-viec/van-ban/tim/"
INSIDE = ("Nội dung công văn", "Đề nghị bố trí kinh phí bồi thường giải phóng mặt bằng thôn Nghĩa Hòa.")


def found(username: str, text: str = "", **other: object) -> list[object]:
    return [hit.line for hit in find(cast.actor(username), Wanted(text, **other)).hits]  # type: ignore[arg-type]


def with_file(*said: str, **other: object) -> Arrival:
    """A document whose file has been read."""
    arrival = services.register(
        agency_id=by_key(AGENCY).id,
        document=letter(**other),
        officer=cast.actor(CLERK),
        key=uuid4(),
        uploads=[Upload("công văn.docx", samples.word(*(said or INSIDE)))],
    )
    for file in arrival.document.files.all():
        read_words(file.file_id)
    return arrival


@pytest.mark.parametrize(
    "text",
    ["quy hoạch chi tiết", "QUY HOACH", "125", "125/SXD-QH", "sxd", '"khu dan cu phuong"', "sở xây dựng -giáo"],
)
def test_a_document_is_found_by_what_it_says_of_itself_without_accents(text: str):
    arrival = registered()
    registered(mark=Mark("7", "BC-STC"), abstract="Về thu ngân sách", issuer_name="Sở Tài chính")
    assert found(CLERK, text) == [arrival]


@pytest.mark.parametrize("text", ["không có từ này", '"cu dan khu"', "quy hoạch -nghĩa", "-", '"', "...", "()!&|:*"])
def test_what_does_not_fit_is_not_found(text: str):
    registered()
    assert found(CLERK, text) == []


def test_a_document_is_found_by_the_words_inside_its_file_with_an_extract():
    arrival = with_file()
    assert found(CLERK, "giai phong mat bang") == [arrival]
    (hit,) = find(cast.actor(CLERK), Wanted("mat bang")).hits
    assert [piece.text for piece in hit.extract if piece.found][:2] == ["mặt", "bằng"]


def test_words_of_a_file_are_found_in_all_agencies_that_have_the_document():
    issue = issued(AGENCY, "huyen-cu-jut")
    assert found(CLERK, '"cong van cua tinh"') == []
    read_words(issue.document.files.get().file_id)
    assert found(PROVINCE_CLERK, '"cong van cua tinh"') == [issue]
    assert found(CLERK, '"cong van cua tinh"') == [Arrival.objects.get(organisation_id=by_key(AGENCY).id)]


def test_a_document_whose_file_went_is_not_found_by_its_words():
    arrival = with_file()
    arrival.document.files.all().delete()
    assert found(CLERK, "mat bang") == [] and found(CLERK, "quy hoach") == [arrival]


def test_what_was_corrected_is_found_as_it_is_now():
    arrival = registered()
    Document.objects.filter(pk=arrival.document_id).update(abstract="Về việc cấp nước sinh hoạt", kind="bao-cao")
    assert found(CLERK, "quy hoach") == [] and found(CLERK, "cap nuoc", kind="bao-cao") == [arrival]


def test_records_are_found_beside_documents():
    arrival, record = registered(), opened(notation="09.QLĐT", title="Quy hoạch khu dân cư Nghĩa Đức")
    assert found(CLERK, "quy hoach") == [arrival]
    assert found(HANDLER, "quy hoach 09.qlđt") == [record]
    assert found(ARCHIVIST, "quy hoach", what=What.RECORD) == [record]


def test_each_finds_what_lies_with_them_from_the_moment_it_does():
    arrival = presented()
    assert found(CHAIR, "quy hoach") == [arrival] and found(HEAD, "quy hoach") == []
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    assert found(HEAD, "quy hoach") == [arrival] and found(HANDLER, "quy hoach") == []
    services.direct(**by(HEAD, arrival), lead=person(URBAN, "chuyen-vien"))
    assert found(HANDLER, "quy hoach") == [arrival]


def everything() -> None:
    arrival = presented()
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    services.direct(**by(HEAD, arrival), lead=person(URBAN, "chuyen-vien"))
    registered(mark=Mark("8", "BC-STC"))
    issued(AGENCY, "huyen-cu-jut")
    opened(notation="09.QLĐT")
    record = opened(by=HEAD, notation="10.QLĐT", rights=Record.Rights.POSTS, posts=(tree_post(HANDLER),))
    keeping.change(
        record_id=record.pk,
        title=record.title,
        rights=Record.Rights.POSTS,
        posts=(tree_post(HEAD),),
        description="",
        officer=cast.actor(HEAD),
    )


def tree_post(username: str) -> int:
    return next(iter(cast.actor(username).post_ids))


@pytest.mark.parametrize(
    "username",
    [CLERK, CHAIR, HEAD, HANDLER, PROVINCE_CLERK, ARCHIVIST, cast.CLERK, cast.LEADER, "hoa.tckh", "tuan.qldt"],
)
@pytest.mark.parametrize("many", [0, 10_000], ids=["the newest gone through", "from the index"])
def test_the_keys_say_exactly_who_sees_what(username: str, many: int, monkeypatch: pytest.MonkeyPatch):
    everything()
    monkeypatch.setattr(keys, "MANY", many)
    officer = cast.actor(username)
    seen = {*visible_to(officer), *issues_for(officer), *visible_records(officer)}
    readers = set(keys.readers_of(officer))
    by_keys = {line.pk for line in Findable.objects.all() if readers & set(line.keys)}
    shown = find(officer, Wanted(first=date(2000, 1, 1)), size=100).hits
    assert {hit.line for hit in shown} == seen
    assert {hit.place.id for hit in shown} == by_keys, "a page is never thinned out by the last look at who may see"


def test_every_line_of_every_register_is_found():
    everything()
    assert Findable.objects.count() == sum(model.objects.count() for model in (Arrival, Issue, Record))


def test_a_search_is_narrowed_by_everything_the_page_asks():
    arrival = presented()
    services.direct(**by(CHAIR, arrival), lead=unit(URBAN))
    other = registered(mark=Mark("8", "BC-STC"), kind="bao-cao", issuer_name="Sở Tài chính")
    assert found(CLERK, kind="bao-cao") == [other]
    assert found(CLERK, issuer="so xay  dung") == [arrival]
    assert found(CLERK, had_by=by_key(URBAN).id) == [arrival]
    assert found(CLERK, agency_id=by_key(AGENCY).id) == [other, arrival]
    assert found(CLERK, agency_id=by_key(URBAN).id) == []
    today = clock.today()
    assert found(CLERK, first=today, last=today) == [other, arrival]
    assert found(CLERK, "quy hoach", last=today - timedelta(days=1)) == []
    assert found(CLERK, "quy hoach", first=today + timedelta(days=1)) == []


@pytest.mark.parametrize("many", [0, 10_000], ids=["month by month", "year by year"])
def test_pages_of_years_follow_one_another_without_gap_or_overlap(many: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(keys, "MANY", many)
    made = []
    for ago in (0, 0, 20, 45, 200, 500, 1500, 9000):
        arrival = registered(mark=Mark(str(len(made) + 1), "BC-STC"), dated=None)
        Arrival.objects.filter(pk=arrival.pk).update(arrived_on=clock.today() - timedelta(days=ago))
        made.append(arrival)
    wanted = sorted(made, key=lambda each: (Arrival.objects.get(pk=each.pk).arrived_on, each.pk), reverse=True)
    for text in ("", "quy hoach"):
        shown, place = [], None
        while True:
            page = find(cast.actor(CLERK), Wanted(text, what=What.INCOMING), after=place, size=3)
            shown += [hit.line for hit in page.hits]
            place = page.next
            if place is None:
                break
        assert shown == wanted


def test_a_page_makes_a_fixed_handful_of_queries():
    clerk = client_of(CLERK)
    with_file()
    opened(notation="09.QLĐT")
    issued(AGENCY)
    few = queries_of(lambda: clerk.get(FIND, {"tim": "vi"}))
    for number in range(9):
        with_file(mark=Mark(str(number + 300), "BC-STC"))
    assert queries_of(lambda: clerk.get(FIND, {"tim": "vi"})) == few


def test_the_page_marks_what_was_found_and_says_what_to_do_when_nothing_was():
    with_file(abstract="Về <b>quy hoạch</b> chi tiết")
    clerk = client_of(CLERK)
    page = clerk.get(FIND, {"tim": "quy mat"}).content.decode()
    assert "<mark>quy</mark>" in page and "<mark>mặt</mark>" in page and "&lt;b&gt;" in page
    nothing = clerk.get(FIND, {"tim": "chuyện không có", "loai": "bao-cao"}).content.decode()
    assert "Không tìm thấy" in nothing and "lt-empty" in nothing
    assert "lt-empty" in clerk.get(FIND).content.decode()


@pytest.mark.parametrize(
    "odd",
    [
        {"tim": "a\0b"},
        {"tim": "²" * 500},
        {"tim": "'; DROP TABLE x; --"},
        {"tim": '"""" -- <->'},
        {"gi": "²"},
        {"co-quan": "²"},
        {"loai": "x"},
        {"noi-gui": "\0" * 9},
        {"don-vi": "²"},
        {"tu": "9999-12-31", "den": "0001-01-01"},
        {"tim": "a", "truoc": "²_²"},
        {"tim": "a", "truoc": "2025-01-01T00:00:00+07:00_" + "9" * 18},
        {"tim": "a", "truoc": "0001-01-01T00:00:00+00:00_1"},
        {"tim": "a", "truoc": "9999-12-31T00:00:00+00:00_1"},
        {"tim": "a", "den": "9999-12-31"},
        {"tim": "a", "den": "0001-01-01"},
        {"tim": "a", "luu": "²"},
    ],
    ids=str,
)
def test_whatever_is_asked_is_answered(odd: dict[str, str]):
    clerk = client_of(CLERK)
    assert clerk.get(FIND, odd).status_code == 200
    assert clerk.get(f"{FIND}tai/xlsx/", odd).status_code == 200


def test_the_list_is_taken_along_as_paper_in_word_and_as_a_spreadsheet():
    """NĐ 30/2020 App. VI: what was found is given as doc, docx or pdf."""
    registered(abstract="Về việc =1+1 & <b>\u202e😀")
    issued(AGENCY)
    clerk, asked = client_of(CLERK), {"gi": "incoming", "tim": "viec"}
    page = clerk.get(FIND, asked).content.decode()
    assert all(f"{FIND}tai/{form}/?" in page for form in ("pdf", "docx", "xlsx"))
    assert clerk.get(f"{FIND}tai/pdf/", asked).content.startswith(b"%PDF")
    assert clerk.get(f"{FIND}tai/exe/", asked).status_code == 404
    said = docx.Document(BytesIO(clerk.get(f"{FIND}tai/docx/", asked).content))
    heading, *rows = said.tables[1].rows
    assert heading.cells[5].text == "Trích yếu, tiêu đề"
    assert "Về việc =1+1 & <b>□" in [row.cells[5].text for row in rows]
    assert "Từ cần tìm: viec" in [each.text for each in said.paragraphs]
    assert "Danh sách này có 2 kết quả." in [each.text for each in said.paragraphs]
    answer = clerk.get(f"{FIND}tai/xlsx/", {"gi": "incoming"})
    with ZipFile(BytesIO(answer.content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "Về việc =1+1 &amp; &lt;b&gt;" in sheet and sheet.count("<row") == 3


# searches that are kept


def kept(clerk: Client, **other: str) -> SavedSearch:
    answer = clerk.post(
        f"{FIND}luu/", {"_lan": str(uuid4()), "ten": "Quy hoạch", "tim": "quy hoach", "theo-doi": "1", **other}
    )
    assert answer.status_code == 302
    return SavedSearch.objects.latest("pk")


def test_a_search_that_is_watched_says_how_much_is_new_until_it_is_looked_at():
    registered()
    clerk = client_of(CLERK)
    search = kept(clerk, _den=str(queries.last_line()))
    assert "1 mới" not in clerk.get(FIND).content.decode()
    registered(mark=Mark("9", "SXD-QH"))
    registered(mark=Mark("10", "SXD-QH"), abstract="Về thu ngân sách")
    assert "1 mới" in clerk.get(FIND).content.decode()
    looked = clerk.get(f"{FIND}da-luu/{search.pk}/", follow=True)
    assert looked.content.decode().count("find-hit") >= 2
    assert "1 mới" not in clerk.get(FIND).content.decode()


def test_a_search_is_kept_once_and_a_name_stands_once():
    clerk, press = client_of(CLERK), {"_lan": str(uuid4())}
    assert kept(clerk, **press) == kept(clerk, **press)
    kept(clerk)
    assert SavedSearch.objects.count() == 1, "the name is taken"
    kept(client_of(HEAD))
    assert SavedSearch.objects.count() == 2, "another officer has names of their own"
    clerk.post(f"{FIND}luu/", {"ten": " ", "tim": "a"})
    assert SavedSearch.objects.count() == 2


def test_a_search_is_renamed_and_removed_by_its_owner_alone():
    clerk = client_of(CLERK)
    search = kept(clerk)
    address = f"{FIND}da-luu/{search.pk}/doi/"
    stranger = client_of(HEAD)
    for method in (stranger.get, stranger.post):
        assert method(address).status_code == 404
    assert clerk.post(address, {"ten": ""}).status_code == 422
    assert clerk.post(address, {"ten": "Khu dân cư"}).status_code == 302
    search.refresh_from_db()
    assert (search.name, search.watched) == ("Khu dân cư", False)
    assert clerk.get(address, {"xoa": "1"}).status_code == 200 and SavedSearch.objects.exists()
    clerk.post(address, {"viec": "xoa"})
    assert not SavedSearch.objects.exists()


# extracts


@given(st.text(), st.text())
def test_an_extract_is_of_the_text_and_marks_only_what_was_looked_for(text: str, query: str):
    pieces = extracts.extract(text, query)
    whole = "".join(piece.text for piece in pieces)
    assert len(whole) <= extracts.AROUND + 2 * len("… ") + len(query)
    phrases = {" ".join(extracts.folded(phrase).split()) for phrase in extracts.looked_for(query)}
    for piece in pieces:
        if piece.found:
            assert " ".join(extracts._WORD.findall(extracts.folded(piece.text))) in phrases
    assert "".join(piece.text for piece in extracts.marked(text, query)) == normalize("NFC", text)


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_folding_keeps_places(text: str):
    assert len(extracts.folded(text)) == len(text)


def test_an_extract_is_where_most_of_the_words_stand():
    text = "Quy định chung. " * 40 + "Điều chỉnh quy hoạch chi tiết khu dân cư. " + "Tổ chức thực hiện. " * 40
    pieces = extracts.extract(text, '"quy hoach" khu -to')
    assert [piece.text for piece in pieces if piece.found] == ["quy hoạch", "khu"]
    assert pieces[0].text == "… " and pieces[-1].text == " …"
    assert extracts.extract(text, "khong co") == []
