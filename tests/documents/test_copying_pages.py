"""The pages of official copies: made in a form, shown on the document, taken along, filed, destroyed."""

import io
from uuid import uuid4

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from lienthong.documents.copying.rules import Form
from lienthong.documents.models import BookFile, OfficialCopy, Record
from lienthong.documents.records import destroying
from lienthong.documents.records import keeping as records
from lienthong.foundation import clock
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import StoredFile
from lienthong.signing.services import sign_pdf
from tests import cast
from tests.browsing import queries_of
from tests.documents import drafted
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, chair, registered
from tests.documents.test_copying import INCOMING, OUTGOING, arrived, content, copied, pages_of
from tests.documents.test_outgoing import IN, PROVINCE_CLERK, client_of
from tests.documents.test_records import YEARS_LATER, document, opened, proposed, put_in
from tests.signing.people import CHAIRMAN

pytestmark = pytest.mark.django_db

COPIES = "/ban-lam-viec/van-ban/ban-sao/"


def form_of(subject: str, pk: int) -> str:
    return f"{COPIES}lap/{subject}/{pk}/"


def press(**other: object) -> dict[str, object]:
    return {
        "_lan": str(uuid4()),
        "hinh-thuc": "SY",
        "cach": "electronic",
        "tep": "0",
        "noi-nhan": "Phòng Quản lý đô thị\n\nÔng Lê Văn Mượn",
        "nguoi-cho-phep": str(chair()),
        "ky-hieu": "UBND",
        **other,
    }


def test_from_the_page_of_the_document_to_the_copy_and_back():
    line, clerk = arrived(), client_of(CLERK)
    address = form_of(INCOMING, line.pk)
    assert address in clerk.get(f"{IN}{line.pk}/").content.decode()
    assert 'value="SY"' in clerk.get(address).content.decode()
    said = press()
    answers = [clerk.post(address, said) for _time in range(2)]
    copy = OfficialCopy.objects.get()
    assert [answer["Location"] for answer in answers] == [f"{COPIES}{copy.pk}/"] * 2
    page = clerk.get(f"{COPIES}{copy.pk}/").content.decode()
    assert "Sao y 01/SY-UBND" in page and "Ông Lê Văn Mượn" in page and "Võ Tiến Dũng" in page
    file = clerk.get(f"{COPIES}{copy.pk}/tep/?tai")
    assert file.getvalue() == content(copy) and "attachment" in file["Content-Disposition"]  # type: ignore[attr-defined]
    shown = clerk.get(f"{IN}{line.pk}/").content.decode()
    assert "01/SY-UBND" in shown and f"{COPIES}{copy.pk}/" in shown


def test_the_page_of_a_copy_says_in_words_what_the_signatures_on_it_come_to():
    made, clerk = copied(drafted.issued()), client_of(CLERK)
    assert "đang được kiểm tra" in clerk.get(f"{COPIES}{made.pk}/").content.decode()
    page = clerk.post(f"{COPIES}{made.pk}/chu-ky/", follow=True).content.decode()
    assert "Chữ ký số hợp lệ" in page and drafted.CHAIR_NAME in page
    assert "chữ ký của bản gốc cũng kiểm tra được trên bản sao" in page


def test_the_page_of_an_extract_sends_to_the_original_for_its_signatures():
    signed = sign_pdf(pages_of(2), signer=CHAIRMAN, reason="Phê duyệt", at=clock.now())
    made = copied(arrived(signed), form=Form.EXTRACT, pages="1")
    page = client_of(CLERK).get(f"{COPIES}{made.pk}/").content.decode()
    assert "hãy kiểm tra chữ ký ở bản gốc" in page and "Trích sao 01/TrS-UBND" in page and "trang 1" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"hinh-thuc": "x"},
        {"hinh-thuc": "TrS", "trang": "²"},
        {"tep": "²"},
        {"tep": "9" * 30},
        {"noi-nhan": "\0 \n"},
        {"nguoi-cho-phep": "²"},
        {"ky-hieu": "\0"},
        {"cach": "paper", "so-ban": "x"},
    ],
)
def test_whatever_is_typed_or_forged_into_the_form_is_answered_with_what_is_wrong(wrong: dict[str, object]):
    line, clerk = arrived(), client_of(CLERK)
    answer = clerk.post(form_of(INCOMING, line.pk), press(**wrong))
    assert answer.status_code == 422 and "lt-error" in answer.content.decode()
    assert not OfficialCopy.objects.exists()


def test_a_document_without_a_pdf_is_copied_on_paper():
    line, clerk = registered(), client_of(CLERK)
    assert "chỉ vào sổ được bản sao giấy" in clerk.get(form_of(INCOMING, line.pk)).content.decode()
    answer = clerk.post(form_of(INCOMING, line.pk), press(cach="paper", **{"so-ban": "2"}), follow=True)
    assert "2 bản sao giấy" in answer.content.decode()


def test_strangers_and_those_who_are_no_clerks_get_neither_form_nor_copy():
    line = arrived()
    made = copied(line)
    for username, form in ((PROVINCE_CLERK, 404), (CHAIR, 403), (HANDLER, 403)):
        assert client_of(username).get(form_of(INCOMING, line.pk)).status_code == form
        assert client_of(username).post(form_of(INCOMING, line.pk), press()).status_code == form
    for username in (PROVINCE_CLERK, HANDLER):
        stranger = client_of(username)
        for path in ("", "tep/"):
            assert stranger.get(f"{COPIES}{made.pk}/{path}").status_code == 404
        assert stranger.post(f"{COPIES}{made.pk}/chu-ky/").status_code == 404
    assert client_of(CLERK).get(form_of("x", line.pk)).status_code == 404
    assert client_of(CLERK).get(form_of(OUTGOING, line.pk)).status_code == 404
    assert OfficialCopy.objects.count() == 1


def test_who_opened_a_copy_stands_in_the_log_of_the_document():
    line = arrived()
    made, clerk = copied(line), client_of(CLERK)
    clerk.get(f"{COPIES}{made.pk}/tep/")
    log = clerk.get(f"/ban-lam-viec/van-ban/nguoi-xem/{INCOMING}/{line.pk}/").content.decode()
    assert made.file and made.file.name in log


def test_a_copy_is_filed_in_a_record_under_its_own_number_and_goes_with_it():
    line = document(file=True)
    made = copied(line)
    record = opened(retention="2-nam")
    put_in(record, line)
    assert client_of(HANDLER).get(f"/ban-lam-viec/van-ban/ho-so/dua-vao/official-copy/{made.pk}/").status_code == 200
    item = records.file(record_id=record.pk, subject=("official-copy", made.pk), officer=cast.actor(HANDLER))
    assert (item.code, item.kind, item.title) == ("01/SY-UBND", "Sao y", line.document.abstract)
    assert destroyed(record) == 1
    made.refresh_from_db()
    assert made.file is None and made.code == "01/SY-UBND" and not StoredFile.objects.exists()
    assert "đã được tiêu hủy cùng hồ sơ" in client_of(CLERK).get(f"{COPIES}{made.pk}/").content.decode()


def test_a_copy_that_was_filed_nowhere_goes_with_the_document_and_one_in_another_record_stays():
    line = document(file=True)
    loose, kept = copied(line), copied(line)
    record, other = opened(notation="01.A", retention="2-nam"), opened(notation="02.A")
    put_in(record, line)
    records.file(record_id=other.pk, subject=("official-copy", kept.pk), officer=cast.actor(HANDLER))
    assert destroyed(record) == 1
    assert list(OfficialCopy.objects.exclude(file=None)) == [kept] and loose.digest != kept.digest
    assert StoredFile.objects.get() == kept.file


def destroyed(record: Record) -> int:
    records.close(record_id=record.pk, officer=cast.actor(HANDLER))
    with clock.at(clock.now() + YEARS_LATER):
        found = proposed(record)
        destroying.approve(disposal_id=found.pk, officer=cast.actor(CHAIR))
        return destroying.carry_out(found.pk)


def test_the_register_of_copies_is_taken_along_as_spreadsheet_and_paper():
    copied(arrived())
    clerk = client_of(CLERK)
    address = f"{IN}so/tep/?so=official&tu=2025-01-01&den=2025-12-31&co-quan={AGENCY}"
    for format_key in ("xlsx", "pdf"):
        assert clerk.post(address, {"_lan": str(uuid4()), "dang": format_key}).status_code == 302
        stored = BookFile.objects.get(format=format_key).file
        assert stored
        with storage.open_content(stored.sha256) as held:
            content_ = held.read()
        if format_key == "xlsx":
            values = [cell.value for row in load_workbook(io.BytesIO(content_)).active.iter_rows() for cell in row]
            said = " ".join(map(str, values))
        else:
            said = " ".join(PdfReader(io.BytesIO(content_)).pages[0].extract_text().split())
        assert "01/SY-UBND" in said and "bản sao" in said.lower()


def test_the_pages_make_the_same_number_of_queries_however_many_copies_there_are():
    line, clerk = arrived(), client_of(CLERK)
    copied(line)
    address = f"{IN}so/?so=official&tu=2025-01-01&den=2025-12-31"
    clerk.get(address)
    one = queries_of(lambda: clerk.get(address)), queries_of(lambda: clerk.get(f"{IN}{line.pk}/"))
    for _number in range(3):
        copied(line)
    assert (queries_of(lambda: clerk.get(address)), queries_of(lambda: clerk.get(f"{IN}{line.pk}/"))) == one
