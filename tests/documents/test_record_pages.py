"""Records in the browser's eyes: what each sees, fills in, takes along, is refused."""

import io
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from lienthong.documents.models import Disposal, HandOver, Record, RecordLine, RecordList
from lienthong.documents.records import archiving, destroying
from lienthong.documents.records.queries import PAGE
from lienthong.documents.records.rules import Stage
from lienthong.documents.rules.marks import Mark
from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from lienthong.workspace.subjects import about
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import AGENCY, CHAIR, CLERK, HANDLER, HEAD, OTHER_HEAD, URBAN, post
from tests.documents.test_records import (
    ARCHIVIST,
    OTHER_HANDLER,
    YEARS_LATER,
    approved,
    closed,
    document,
    drafted,
    given,
    line,
    opened,
    proposed,
    put_in,
    short,
)

pytestmark = pytest.mark.django_db

RECORDS = "/ban-lam-viec/van-ban/ho-so/"
LISTS = f"{RECORDS}danh-muc/"


def page_of(username: str, address: str, **sent: Any) -> str:
    answer = client_of(username).get(RECORDS + address, **sent)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def pressed(username: str, address: str, status: int = 302, **sent: Any) -> str:
    answer = client_of(username).post(RECORDS + address, {name.replace("__", "-"): each for name, each in sent.items()})
    assert answer.status_code == status, (answer.status_code, answer.content.decode()[-3000:])
    return answer.content.decode()


def test_from_an_empty_list_to_an_approved_one():
    assert "Lập danh mục" in page_of(CLERK, "danh-muc/")
    assert "Lập danh mục" not in page_of(HANDLER, "danh-muc/")
    pressed(CLERK, "danh-muc/", nam="2025")
    found = RecordList.objects.get()
    pasted = "01.QLĐT\tHồ sơ quy hoạch\t10 năm\tPhòng Quản lý đô thị thành phố Gia Nghĩa\n02.VP | Hồ sơ họp | vĩnh viễn"
    pressed(CLERK, f"danh-muc/{found.pk}/dan/", dong=pasted)
    assert dict(RecordLine.objects.values_list("notation", "unit__key")) == {
        "01.QLĐT": URBAN,
        "02.VP": f"{AGENCY}-van-phong",
    }
    pressed(CLERK, f"danh-muc/{found.pk}/trinh/")
    assert f"danh-muc/{found.pk}/" in client_of(CHAIR).get("/ban-lam-viec/").content.decode()
    assert client_of(CHAIR).get(f"{LISTS}{found.pk}/").status_code == 302
    pressed(CHAIR, f"danh-muc/{found.pk}/duyet/")
    found.refresh_from_db()
    assert found.state == "approved"
    page = page_of(HANDLER, "danh-muc/?nam=2025")
    assert f"mo/?dong={RecordLine.objects.get(notation='01.QLĐT').pk}" in page
    assert f"mo/?dong={RecordLine.objects.get(notation='02.VP').pk}" not in page
    assert "Hồ sơ họp" in page_of(HANDLER, "danh-muc/?nam=2025&tim=ho+so+hop")
    assert "Hồ sơ họp" not in page_of(HANDLER, "danh-muc/?nam=2025&tim=quy+hoach")


def test_what_is_wrong_with_pasted_lines_is_named_and_nothing_is_added():
    found = drafted()
    page = pressed(CLERK, f"danh-muc/{found.pk}/dan/", 422, dong="01.A|Hồ sơ|10 năm\n02.A|Hồ sơ|mãi mãi")
    assert "Dòng 2" in page and "02.A" in page and not RecordLine.objects.exists()


def test_a_line_is_written_changed_and_taken_off():
    found = drafted()
    unit = by_key(URBAN).id
    sent = {"so": "01.QLĐT", "tieu__de": "Hồ sơ", "thoi__han": "10-nam", "nguoi__lap": str(unit)}
    page = pressed(HEAD, f"danh-muc/{found.pk}/dong/", 422, **{**sent, "thoi__han": ""}, ghi__chu="giữ lại")
    assert 'id="retention_error"' in page and "giữ lại" in page
    pressed(HEAD, f"danh-muc/{found.pk}/dong/", **sent)
    row = found.lines.get()
    pressed(HEAD, f"danh-muc/{found.pk}/dong/{row.pk}/", **{**sent, "tieu__de": "Khác"})
    assert found.lines.get().title == "Khác"
    pressed(HEAD, f"danh-muc/{found.pk}/dong/{row.pk}/", **sent, viec="xoa")
    assert not found.lines.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"so": "1\0"},
        {"thoi__han": "²"},
        {"nguoi__lap": "²-²"},
        {"nguoi__lap": "9" * 30},
        {"nguoi__lap": "0"},
        {"_lan": "không phải khóa"},
        {"tieu__de": "\0"},
    ],
    ids=str,
)
def test_whatever_is_forged_in_a_line_is_answered(wrong: dict[str, str]):
    found = drafted()
    sent = {"so": "01.A", "tieu-de": "Hồ sơ", "thoi-han": "10-nam", "nguoi-lap": str(by_key(URBAN).id)}
    sent |= {name.replace("__", "-"): each for name, each in wrong.items()}
    assert client_of(CLERK).post(f"{LISTS}{found.pk}/dong/", sent).status_code in (302, 403, 422)


@pytest.mark.parametrize(
    "address",
    [
        "?nam=²&don-vi=²&truoc=²&trang-thai=²&tim=%00",
        f"?nam={'9' * 18}&don-vi={'9' * 18}&truoc={'9' * 18}",
        f"danh-muc/?nam={'9' * 18}&don-vi={'9' * 18}&co-quan=x&tim=%00",
        f"nop-luu/?don-vi={'9' * 30}&ho-so=²",
        "mo/?co-quan=²&nam=²",
    ],
)
def test_whatever_is_asked_for_is_answered(address: str):
    approved()
    assert client_of(HEAD).get(RECORDS + address).status_code == 200


def test_forged_ids_of_forms_are_answered():
    record, arrival = opened(), document()
    handler = client_of(HANDLER)
    for address, sent in (
        (f"dua-vao/incoming-document/{arrival.pk}/", {"ho-so": ["²"]}),
        (f"dua-vao/incoming-document/{arrival.pk}/", {"ho-so": ["9" * 18]}),
        (f"dua-vao/bo-cau/{arrival.pk}/", {"ho-so": [str(record.pk)]}),
        (f"dua-vao/incoming-document/{10**30}/", {}),
        (f"{10**30}/ket-thuc/", {}),
        (f"danh-muc/{10**30}/dong/{10**30}/", {}),
        (f"nop-luu/{10**30}/", {}),
        (f"tieu-huy/{10**30}/", {}),
        ("mo/", {"nguoi-lap": "9" * 18, "bat-dau": "0000-00-00", "nam": "²", "quyen": "²", "vi-tri": ["²"]}),
        ("mo/", {"dong": "9" * 18}),
        (f"{record.pk}/sua/", {"quyen": "posts", "vi-tri": ["9" * 18], "tieu-de": "x"}),
        (f"{record.pk}/ket-thuc/", {"ngay": "²"}),
        (f"{record.pk}/ket-thuc/", {"ngay": "9999-12-31"}),
        (f"{record.pk}/giu-lai/", {"ngay": "²", "loi": "x"}),
        (f"{record.pk}/bay/", {}),
        ("nop-luu/", {"don-vi": "9" * 18, "ho-so": ["9" * 18]}),
    ):
        assert handler.post(RECORDS + address, sent).status_code in (403, 404, 409, 422), address
    record.refresh_from_db()
    assert record.stage == Stage.OPEN and not record.items.exists()


def test_a_record_is_opened_filed_and_closed_on_its_pages():
    row = approved().lines.get()
    arrival = document()
    assert row.title in page_of(HANDLER, f"mo/?dong={row.pk}")
    maker = str(post(URBAN, "chuyen-vien"))
    press = {"dong": str(row.pk), "nguoi__lap": maker, "bat__dau": "2025-03-03", "_lan": str(uuid4())}
    for _ in range(2):
        pressed(HANDLER, "mo/", **press)
    record = Record.objects.get()
    filing = f"dua-vao/incoming-document/{arrival.pk}/"
    desk = client_of(HANDLER).get(f"/ban-lam-viec/van-ban/den/{arrival.pk}/").content.decode()
    assert RECORDS + filing in desk and row.title in page_of(HANDLER, filing)
    pressed(HANDLER, filing, ho__so=str(record.pk), ghi__chu="bản chính")
    item = record.items.get()
    page = page_of(HANDLER, f"{record.pk}/")
    assert f"/ban-lam-viec/van-ban/den/{arrival.pk}/" in page and "bản chính" in page
    pressed(HANDLER, f"{record.pk}/van-ban/{item.pk}/", 422, so__to="²")
    pressed(HANDLER, f"{record.pk}/van-ban/{item.pk}/", so__to="12", thu__tu="1")
    pressed(HANDLER, f"{record.pk}/ket-thuc/", ngay="2025-03-03")
    record.refresh_from_db()
    assert (record.stage, record.sheets) == (Stage.CLOSED, 12)
    page = page_of(HANDLER, f"{record.pk}/")
    assert "nop-luu/?don-vi=" in page and "03/03/2026" in page and f"/van-ban/{item.pk}/" not in page
    pressed(HANDLER, f"{record.pk}/van-ban/{item.pk}/", 422, viec="lay-ra", loi="x")


def test_what_stands_against_closing_is_on_the_page():
    record = opened()
    assert "Hồ sơ chưa có văn bản nào" in pressed(HANDLER, f"{record.pk}/ket-thuc/", 422, ngay="2025-03-03")
    put_in(record, document(settled=False, pages=None))
    page = page_of(HANDLER, f"{record.pk}/")
    assert "chưa giải quyết xong" in page and "ghi số tờ" in page


def test_a_title_that_is_not_to_be_seen_is_not_on_the_page():
    record, arrival = opened(), document(abstract="Về việc mật của riêng")
    put_in(record, arrival)
    assert "Về việc mật" in page_of(HANDLER, f"{record.pk}/")
    other = page_of(OTHER_HANDLER, f"{record.pk}/")
    assert "Về việc mật" not in other and "bạn không được xem" in other
    assert client_of(OTHER_HANDLER).get(f"{RECORDS}{record.pk}/tai/pdf/").status_code == 404


def texts_of(xlsx: bytes) -> str:
    return zipfile.ZipFile(io.BytesIO(xlsx)).read("xl/worksheets/sheet1.xml").decode()


def test_lists_are_taken_along_as_paper_and_spreadsheet():
    found, record = approved(line(title="=1+1 Hồ sơ")), closed(notation="07.QLĐT")
    hand_over = given(record)
    papers = {
        f"danh-muc/{found.pk}/tai/": "=1+1 Hồ sơ",
        f"{record.pk}/tai/": "125/SXD-QH",
        f"nop-luu/{hand_over.pk}/tai/muc-luc/": "07.QLĐT",
        f"nop-luu/{hand_over.pk}/tai/bien-ban/": "07.QLĐT",
    }
    head = client_of(HEAD)
    for address, text in papers.items():
        pdf, xlsx = (head.get(f"{RECORDS}{address}{kind}/") for kind in ("pdf", "xlsx"))
        assert pdf.content.startswith(b"%PDF") and pdf["Content-Type"] == "application/pdf"
        sheet = texts_of(xlsx.content)
        assert text in sheet and "<f>" not in sheet
        assert head.get(f"{RECORDS}{address}doc/").status_code == 404
    rows = texts_of(head.get(f"{RECORDS}{record.pk}/tai/xlsx/").content)
    assert rows.count("<row") == 2 and "1-3" in rows and ">G2<" not in rows
    inventory = texts_of(head.get(f"{RECORDS}nop-luu/{hand_over.pk}/tai/muc-luc/xlsx/").content)
    assert 'r="G1"' in inventory and 'r="H1"' not in inventory


def test_a_hand_over_is_given_and_received_on_its_pages():
    record = closed()
    unit = by_key(URBAN).id
    page = page_of(HANDLER, f"nop-luu/?don-vi={unit}&ho-so={record.pk}")
    assert f'value="{record.pk}"' in page and "checked" in page
    press = {"don__vi": str(unit), "ho__so": str(record.pk), "_lan": str(uuid4())}
    for _ in range(2):
        pressed(HANDLER, "nop-luu/", **press)
    hand_over = HandOver.objects.get()
    assert f"nop-luu/{hand_over.pk}/" in page_of(ARCHIVIST, "luu-tru/")
    assert f"nop-luu/{hand_over.pk}/" in client_of(ARCHIVIST).get("/ban-lam-viec/").content.decode()
    pressed(HEAD, f"nop-luu/{hand_over.pk}/", 403)
    pressed(ARCHIVIST, f"nop-luu/{hand_over.pk}/", 422, viec="tra-lai", loi="")
    pressed(ARCHIVIST, f"nop-luu/{hand_over.pk}/")
    record.refresh_from_db()
    assert record.stage == Stage.HANDED_OVER
    assert client_of(OTHER_HEAD).get(f"{RECORDS}nop-luu/{hand_over.pk}/").status_code == 404


def test_a_request_to_keep_a_record_is_answered_on_its_page():
    record = closed()
    pressed(HANDLER, f"{record.pk}/giu-lai/", ngay="2027-03-03", loi="Còn dùng")
    assert record.title in page_of(ARCHIVIST, "luu-tru/") and "dong-y-giu" in page_of(ARCHIVIST, f"{record.pk}/")
    assert "dong-y-giu" not in page_of(HEAD, f"{record.pk}/")
    pressed(ARCHIVIST, f"{record.pk}/dong-y-giu/")
    record.refresh_from_db()
    assert record.keeping == "agreed"


def test_what_is_over_is_proposed_and_approved_on_its_pages():
    record = short("01.A", document())
    with clock.at(clock.now() + YEARS_LATER):
        assert f'value="{record.pk}"' in page_of(ARCHIVIST, "tieu-huy/")
        pressed(ARCHIVIST, "tieu-huy/", 422, ho__so=str(record.pk), loi="")
        pressed(ARCHIVIST, "tieu-huy/", ho__so=str(record.pk), loi="Hết thời hạn", _lan=str(uuid4()))
        found = Disposal.objects.get()
        assert f"tieu-huy/{found.pk}/" in client_of(CHAIR).get("/ban-lam-viec/").content.decode()
        pressed(ARCHIVIST, f"tieu-huy/{found.pk}/", 403)
        pressed(CHAIR, f"tieu-huy/{found.pk}/")
        destroying.carry_out(found.pk)
        assert "đã hủy" in page_of(CHAIR, f"{record.pk}/")
        assert client_of(CHAIR).get(f"{RECORDS}tieu-huy/{found.pk}/tai/pdf/").content.startswith(b"%PDF")


def test_strangers_and_others_get_nothing():
    found, record = drafted(line()), closed(notation="07.QLĐT")
    item, hand_over = record.items.get(), given(record)
    with clock.at(clock.now() + YEARS_LATER * 4):
        archiving.receive(hand_over_id=hand_over.pk, officer=cast.actor(ARCHIVIST))
        disposal = proposed(record)
    mine = (
        f"{record.pk}/",
        f"{record.pk}/sua/",
        f"{record.pk}/ket-thuc/",
        f"{record.pk}/tai/pdf/",
        f"{record.pk}/van-ban/{item.pk}/",
        f"nop-luu/{hand_over.pk}/",
        f"nop-luu/{hand_over.pk}/tai/muc-luc/pdf/",
        f"tieu-huy/{disposal.pk}/",
        f"tieu-huy/{disposal.pk}/tai/pdf/",
        f"danh-muc/{found.pk}/",
        f"danh-muc/{found.pk}/dong/",
        f"danh-muc/{found.pk}/dan/",
        f"danh-muc/{found.pk}/tai/pdf/",
        f"dua-vao/incoming-document/{item.subject_id}/",
    )
    police = client_of(cast.FIRE_POLICE)
    for address in mine:
        assert Client().get(RECORDS + address).status_code == 302
        assert police.get(RECORDS + address).status_code == 404, address
    for address in ("luu-tru/", "tieu-huy/"):
        assert police.get(RECORDS + address).status_code == 403


def test_the_ledger_names_a_record_to_those_who_may_see_it():
    record = opened()
    subject = ("record", record.pk)
    assert about([subject], cast.actor(HEAD))[subject].address == f"{RECORDS}{record.pk}/"
    hidden = about([subject], cast.actor(OTHER_HEAD))[subject]
    assert (hidden.name, hidden.address) == (str(record.pk), "")
    assert timeline(subject)[0].label == "Hồ sơ được mở"


def test_who_looked_at_a_record_and_who_took_its_list_along_is_on_record():
    record = opened()
    put_in(record, document())
    page_of(HANDLER, f"{record.pk}/")
    client_of(HEAD).get(f"{RECORDS}{record.pk}/tai/pdf/")
    readings = [(entry.kind, entry.account_id) for entry in timeline(("record-read", record.pk))]
    assert readings == [
        ("documents.record_seen", cast.account(HANDLER).pk),
        ("documents.record_taken_along", cast.account(HEAD).pk),
    ]


def test_lists_and_the_page_ask_a_fixed_number_of_queries():
    found, record = approved(), opened(notation="50.QLĐT")
    put_in(record, document())
    handler = client_of(HANDLER)
    addresses = (RECORDS, f"{RECORDS}{record.pk}/", f"{LISTS}?nam=2025")
    before = [queries_of(lambda address=address: handler.get(address)) for address in addresses]
    for number in range(4):
        other = opened(notation=f"6{number}.QLĐT")
        arrival = document(mark=Mark(f"9{number}", "X"))
        put_in(record, arrival)
        put_in(other, arrival)
        RecordLine.objects.create(
            list=found, notation=f"7{number}.A", title="Hồ sơ", retention="10-nam", unit_id=by_key(URBAN).id
        )
    assert [queries_of(lambda address=address: handler.get(address)) for address in addresses] == before


def test_the_list_goes_on_where_the_page_ends():
    first = opened()
    Record.objects.bulk_create(
        Record(
            organisation_id=first.organisation_id,
            unit_id=first.unit_id,
            maker_id=first.maker_id,
            year=2025,
            notation=f"{number}.X",
            title=f"Hồ sơ {number}",
            retention="10-nam",
            years=10,
            started_on=clock.today() - timedelta(days=number),
            opened_at=clock.now(),
        )
        for number in range(PAGE + 5)
    )
    handler, address, seen = client_of(HANDLER), RECORDS, []
    while address:
        page = handler.get(address)
        seen.append([row["record"].pk for row in page.context["rows"]])
        address = page.context["older"] and RECORDS + page.context["older"]
    assert [len(rows) for rows in seen] == [PAGE, 6]
    flat = [pk for rows in seen for pk in rows]
    assert flat == sorted(set(flat), reverse=True)
