"""Entries that come from a spreadsheet."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from openpyxl import Workbook

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.files.errors import FileRefused
from lienthong.foundation.ledger.queries import search
from lienthong.foundation.sheets.errors import Unreadable
from lienthong.registers import access, queries
from lienthong.registers import services as entries
from lienthong.registers.importing import running, services
from lienthong.registers.queries import AsOf
from tests import cast
from tests.registers.conftest import CU_JUT, GIA_NGHIA, KEY, officer_of, permit
from tests.registers.importing import (
    HEADINGS,
    bring,
    check,
    csv_of,
    enter,
    line,
    reasons,
    report,
    saved,
    undo,
    whole,
    xlsx,
)  # fmt: skip

pytestmark = pytest.mark.django_db
TODAY = date(2025, 3, 3)


@pytest.fixture
def handler(register):
    return officer_of("case-handler", GIA_NGHIA)


def listed(register, officer, **how):
    return queries.page(register, access.rights_of(officer, register, to="read"), **how)


def test_columns_are_recognised_by_their_headings_and_what_stands_in_them_is_entered(register, handler):
    found = bring(xlsx([line(1), line(2, loai="Sửa chữa; xây mới", tang="3", dien_tich="1.250,5")]), handler)
    assert found.mapping == {
        "1": "so", "2": "ngay_cap", "3": "ten", "4": "so_dinh_danh", "5": "dia_chi.unit", "6": "dia_chi.detail",
        "7": "dien_tich", "8": "so_tang", "9": "loai",
    }  # fmt: skip
    check(found, handler)
    assert (found.status, found.rows, found.entered, found.wrong) == ("checked", 2, 2, 0)
    assert listed(register, handler) == [], "looking through enters nothing"
    enter(found, handler)
    assert (found.status, found.entered) == ("done", 2)
    second, first = sorted(listed(register, handler), key=lambda entry: entry.values["so"], reverse=True)
    assert first.values["dia_chi"].unit == "24611" and first.values["dia_chi"].detail == "12 Hùng Vương"
    assert first.values["ngay_cap"] == date(2025, 2, 3) and first.values["chu_dau_tu"]["ten"] == "Trần Hưng Đạo"
    assert second.values["loai"] == ("moi", "sua") and second.values["so_tang"] == 3
    assert second.values["dien_tich"] == Decimal("1250.5") and second.origin == found.origin


def test_of_two_addresses_each_finds_its_own_columns(handler):
    from lienthong.registers.importing import columns

    body = queries.register("giay-phep-xay-dung")
    known = columns.targets(body.leaves, body.section_labels, frozenset(body.leaves))
    headings = [f"{target.label} *" if target.required else target.label for target in known.values()]
    assert list(columns.proposed(headings, known).values()) == list(known)
    moved = columns.proposed(["Địa điểm xây dựng", "Tên chủ đầu tư", "STT", "Mật độ xây dựng (%)", "Số GPXD"], known)
    assert moved == {0: "dia_diem.unit", 1: "ten_chu_dau_tu", 3: "mat_do"}


def stored(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT to_jsonb(e) - ARRAY['id', 'request', 'origin'] FROM {table} e ORDER BY so")
        return [row for (row,) in cursor.fetchall()]


def test_what_is_imported_is_the_same_as_what_is_typed(register, handler):
    whole(xlsx([line(1), line(2, loai=None, nha="5 Lê Lợi", tang=None)]), handler)
    imported = stored(register.layout.table)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('lienthong.erase', 'on', true)")
        cursor.execute(f"DELETE FROM {register.layout.table}")
    typed = {"hang_muc": [], "ngay_cap": "2025-02-03"}
    entries.enter(register=KEY, raw=permit(so="1/GPXD", **typed), officer=handler)
    other = {"loai": [], "so_tang": None, "dia_chi": {"unit": "24611", "detail": "5 Lê Lợi"}}
    entries.enter(register=KEY, raw=permit(so="2/GPXD", **typed, **other), officer=handler)
    assert imported == stored(register.layout.table)


def test_wrong_rows_are_named_by_cell_and_the_good_ones_go_on(register, handler):
    rows = [
        line(1),
        line(2, ngay="31/02/2025"),
        line(3, ten=None, tang="hai"),
        line(4, xa="Phường Không Có"),
        line(5, loai="Phá dỡ"),
    ]
    found = whole(xlsx(rows), handler)
    assert (found.entered, found.wrong, found.rows) == (1, 4, 5)
    assert list(reasons(found)) == [3, 4, 5, 6], "as rows are numbered in the file"
    (wrong,) = found.lines.filter(row=3)
    assert wrong.problems[0][:3] == ["ngay_cap", 2, "31/02/2025"]
    assert {problem[1] for problem in found.lines.get(row=4).problems} == {3, 8}
    sheet = report(found)
    assert [cell.value for cell in sheet[1]][-2:] == ["Chỗ sai", "Dòng trong tệp"]
    assert sheet["C3"].value == "31/02/2025" and sheet["C3"].fill.fgColor.rgb == "FFFFC7CE"
    assert sheet["C2"].fill.fgColor.rgb != "FFFFC7CE" and sheet["K2"].value in (None, "") and sheet["K3"].value


def test_the_mended_report_can_be_sent_again_and_enters_only_what_is_new(register, handler):
    first = whole(xlsx([line(1), line(2, tang="hai")]), handler)
    sheet = report(first)
    sheet["I3"] = 2
    again = whole(saved(sheet.parent), handler)
    assert (again.entered, again.skipped, again.wrong) == (1, 1, 0)
    assert len(listed(register, handler)) == 2


def test_what_begins_like_a_formula_stays_text_in_the_report(register, handler):
    found = whole(csv_of([line(1, ten='=HYPERLINK("http://x")', tang="hai")]), handler, name="so.csv")
    cell = report(found)["D2"]
    assert cell.data_type != "f" and cell.value == '=HYPERLINK("http://x")'


def test_the_same_thing_twice_in_a_file_is_entered_once(register, handler):
    found = bring(xlsx([line(1), line(2), line(3, so="1/GPXD")]), handler)
    check(found, handler)
    assert (found.entered, found.wrong) == (2, 1)
    enter(found, handler)
    assert (found.entered, found.wrong) == (2, 1) and "2" in reasons(found)[4][0]


def test_what_is_there_is_passed_over_or_changed_from_a_day(register, handler):
    begun = TODAY - timedelta(days=30)
    with clock.at(clock.now() - timedelta(days=30)):
        old = whole(xlsx([line(1), line(2), line(3)]), handler)

    rows = [line(1, tang=5), line(2), line(3, tang=None), line(4)]
    passed = check(bring(xlsx(rows), handler), handler)
    assert (passed.entered, passed.skipped) == (1, 3)
    day = TODAY - timedelta(days=10)
    found = whole(xlsx(rows), handler, existing="change", valid_from=day)
    assert (found.entered, found.changed, found.same, found.wrong) == (1, 1, 2, 0), "an empty cell changes nothing"
    (entry,) = [entry for entry in listed(register, handler) if entry.values["so"] == "1/GPXD"]
    assert entry.values["so_tang"] == 5 and entry.valid_from == day and entry.revision == 2
    assert entry.origin == found.origin
    states = queries.history(register, access.rights_of(handler, register, to="read"), entry.id)
    assert [(state.entry.values["so_tang"], state.entry.origin) for state in states] == [
        (5, found.origin), (2, old.origin), (2, old.origin),
    ]  # fmt: skip
    assert states[0].entry.valid_from == day and states[-1].entry.valid_from == begun


def test_a_row_that_changes_something_need_not_say_everything(register, handler):
    with clock.at(clock.now() - timedelta(days=30)):
        whole(xlsx([line(1)]), handler)
    found = whole(xlsx([["1/GPXD", 7]], headings=["Số giấy phép", "Số tầng"]), handler, existing="change")
    (entry,) = listed(register, handler)
    assert found.changed == 1 and entry.values["so_tang"] == 7 and entry.values["chu_dau_tu"]["ten"] == "Trần Hưng Đạo"


def test_a_column_may_say_since_when(register, handler):
    rows = [[*line(1), date(2025, 1, 6)], [*line(2), "07/01/2025"], [*line(3), "07/01/2099"], [*line(4), None]]
    found = whole(xlsx(rows, headings=[*HEADINGS, "Hiệu lực từ"]), handler)
    begun = {entry.values["so"]: entry.valid_from for entry in listed(register, handler)}
    assert begun == {"1/GPXD": date(2025, 1, 6), "2/GPXD": date(2025, 1, 7), "4/GPXD": TODAY}
    assert found.lines.get(row=4).problems[0][1] == 10


@pytest.mark.parametrize(
    ("delimiter", "encoding"),
    [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), (";", "utf-16-le"), ("|", "utf-8")],
)
def test_tables_as_text_of_every_kind(register, handler, delimiter, encoding):
    rows = [line(1, dien_tich="120,5"), line(2, ten='Lê "Tư", tự Út\nnhà may', dien_tich="1.000")]
    found = whole(csv_of(rows, delimiter=delimiter, encoding=encoding), handler, name="so.csv")
    assert found.entered == 2 and found.format == "csv", reasons(found)
    names = {entry.values["chu_dau_tu"]["ten"] for entry in listed(register, handler)}
    assert names == {"Trần Hưng Đạo", 'Lê "Tư", tự Út nhà may'}


def test_headings_below_a_title_are_found_and_can_be_pointed_at(register, handler):
    above = [["SỔ CẤP PHÉP XÂY DỰNG"], ["Năm 2025"], []]
    found = bring(xlsx([line(1)], above=above), handler)
    assert found.heading_row == 4 and len(found.mapping) == 9
    services.look_again(register=KEY, key=found.key, officer=handler, sheet="", heading_row=1)
    found.refresh_from_db()
    assert found.headings == ["SỔ CẤP PHÉP XÂY DỰNG"] and found.mapping == {}


def test_of_several_sheets_one_is_chosen(register, handler):
    book = Workbook()
    book.active["A1"] = "Hướng dẫn"
    sheet = book.create_sheet("Dữ liệu")
    for row in [HEADINGS, line(1)]:
        sheet.append(list(row))
    hidden = book.create_sheet("Ẩn")
    hidden.sheet_state = "hidden"
    found = bring(saved(book), handler)
    assert services.sheets_of(found) == ["Sheet", "Dữ liệu"]
    services.look_again(register=KEY, key=found.key, officer=handler, sheet="Dữ liệu", heading_row=1)
    found.refresh_from_db()
    assert enter(check(found, handler), handler).entered == 1


def test_how_the_columns_were_read_is_remembered_for_the_next_file(register, handler):
    headings = ["Mã", "Cấp lúc", "Ai", "Chỗ"]
    row = ["1/GPXD", "03/02/2025", "Trần Hưng Đạo", "12 Hùng Vương, phường Nghĩa Đức, Gia Nghĩa, Đắk Nông"]
    first = bring(xlsx([row], headings=headings), handler)
    check(first, handler, mapping={0: "so", 1: "ngay_cap", 2: "ten", 3: "dia_chi.unit"})
    again = bring(xlsx([row], headings=["MÃ", "Cấp lúc:", "ai", "chỗ"]), handler)
    assert again.mapping == {"0": "so", "1": "ngay_cap", "2": "ten", "3": "dia_chi.unit"}
    enter(check(again, handler), handler)
    (entry,) = listed(register, handler)
    assert (entry.values["dia_chi"].unit, entry.values["dia_chi"].detail) == ("24611", "12 Hùng Vương")


def test_commune_district_and_province_may_stand_in_columns_of_their_own(register, handler):
    headings = ["Số giấy phép", "Ngày cấp", "Họ và tên", "Tỉnh", "Huyện", "Xã", "Số nhà"]
    rows = [["1/GPXD", "03/02/2025", "A", "Đắk Nông", "TP Gia Nghĩa", "P. Nghĩa Đức", "1"]]
    mapping = {
        0: "so",
        1: "ngay_cap",
        2: "ten",
        3: "dia_chi.unit",
        4: "dia_chi.unit",
        5: "dia_chi.unit",
        6: "dia_chi.detail",
    }
    found = whole(xlsx(rows, headings=headings), handler, mapping=mapping)
    assert found.entered == 1, reasons(found)
    assert listed(register, handler)[0].values["dia_chi"].unit == "24611"


def test_zeros_that_a_spreadsheet_dropped_come_back(register, handler):
    whole(xlsx([line(1, dinh_danh=67090000001, xa=24611)]), handler)
    (entry,) = listed(register, handler)
    assert entry.values["chu_dau_tu"]["so_dinh_danh"] == "067090000001" and entry.values["dia_chi"].unit == "24611"


def test_a_formula_that_gives_no_value_is_wrong(register, handler):
    book = Workbook()
    for row in [HEADINGS, line(1), line(2), line(3)]:
        book.active.append(list(row))
    book.active["I3"] = "#N/A"
    book.active["I3"].data_type = "e"
    book.active["I2"] = "=1+1"  # saved by a program that did not reckon: no value
    found = whole(saved(book), handler)
    assert found.entered == 1 and list(reasons(found)) == [2, 3]


def test_odd_spreadsheets_do_no_harm(register, handler):
    wide = [f"Cột {n}" for n in range(300)]
    assert len(bring(xlsx([["x"] * 300], headings=wide), handler).headings) == 200
    twice = bring(xlsx([["a", "b"]], headings=["Số giấy phép", "Số giấy phép"]), handler)
    assert twice.headings == ["Số giấy phép (Cột A)", "Số giấy phép (Cột B)"]
    gaps = whole(xlsx([[], line(1), [], [None] * 4, line(2), []]), handler)
    assert (gaps.rows, gaps.entered) == (2, 2)
    merged = Workbook()
    for row in [["Sổ", None, None], ["Số giấy phép", "Ngày cấp", None], line(3)[1:4]]:
        merged.active.append(row)
    merged.active.merge_cells("A1:C1")
    assert bring(saved(merged), handler).heading_row == 2
    with pytest.raises(services.NothingInIt):
        bring(saved(Workbook()), handler)
    with pytest.raises(services.WrongMapping):
        check(twice, handler, mapping={0: "so", 1: "so"})
    with pytest.raises(services.WrongMapping):
        check(twice, handler, mapping={0: "khong-co"})


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (cast.photo(), "so.xlsx"),
        (b"MZ\x90\x00" + bytes(500), "so.csv"),
        (b"<html><script>alert(1)</script>", "so.csv"),
        (b"PK\x03\x04" + bytes(200), "so.xlsx"),
        (b"", "so.csv"),
    ],
)
def test_what_is_no_spreadsheet_is_refused(register, handler, content, name):
    with pytest.raises(FileRefused):
        bring(content, handler, name=name)


def test_letters_in_an_old_encoding_are_refused_in_plain_words(register, handler):
    with pytest.raises(Unreadable):
        bring("Số;Ngày cấp\nĐ;x".encode().replace("ố".encode(), b"\xf4\xff"), handler, name="so.csv")


def test_who_may_not_write_cannot_import_and_an_import_is_its_owners(register, handler):
    with pytest.raises(NotAllowed):
        bring(xlsx([line(1)]), officer_of("auditor", "ubnd-tinh"))
    found = bring(xlsx([line(1)]), handler)
    other = cast.actor(cast.OTHER_HANDLER)
    with pytest.raises(services.NoSuchImport):
        services.start(register=KEY, key=found.key, officer=other)
    assert listed(register, handler) == []


def test_another_agencys_entry_is_not_changed(register, handler):
    with clock.at(clock.now() - timedelta(days=30)):
        entries.enter(register=KEY, raw=permit(so="1/GPXD"), officer=officer_of("case-handler", CU_JUT))
    found = whole(xlsx([line(1, tang=9), line(2)]), handler, existing="change")
    assert (found.entered, found.changed, found.wrong) == (1, 0, 1)


def test_the_ledger_says_which_file_became_which_entries(register, handler, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    found = whole(xlsx([line(1), line(2), line(3, tang="hai"), line(4)]), handler)
    records = [each.data for each in search(kind="registers.imported").entries]
    assert [record["rows"] for record in sorted(records, key=lambda each: each["rows"])] == [[2, 3], [4, 5]]
    assert all(record["file"] == found.sha256 and record["register"] == KEY for record in records)
    ids = sorted(entry.id for entry in listed(register, handler))
    spans = [record["entries"] for record in records]
    assert all(any(first <= id <= last for first, last in spans) for id in ids)


def test_undoing_withdraws_what_nobody_touched_and_puts_back_what_was_changed(register, handler):
    with clock.at(clock.now() - timedelta(days=30)):
        whole(xlsx([line(1)]), handler)
    with clock.at(clock.now() - timedelta(days=5)):
        rows = [line(1, tang=9), line(2), line(3)]
        found = whole(xlsx(rows), handler, existing="change", valid_from=clock.today())
        then = AsOf(clock.today(), clock.now())
        touched = next(entry for entry in listed(register, handler) if entry.values["so"] == "3/GPXD")
    entries.correct(register=KEY, entry_id=touched.id, revision=1, raw={"so_tang": 4}, officer=handler, reason="Nhầm")
    undo(found, handler)
    assert (found.status, found.withdrawn) == ("undone", 2)
    left = {entry.values["so"]: entry.values["so_tang"] for entry in listed(register, handler)}
    assert left == {"1/GPXD": 2, "3/GPXD": 4}
    was = {entry.values["so"]: entry.values["so_tang"] for entry in listed(register, handler, as_of=then)}
    assert was == {"1/GPXD": 9, "2/GPXD": 2, "3/GPXD": 2}, "what we thought then is still known"
    assert len(search(kind="registers.import_undone").entries) == 1
    with pytest.raises(services.GoneOn):
        services.undo(register=KEY, key=found.key, officer=handler)
    assert whole(xlsx([line(2)]), handler).entered == 1, "what was withdrawn may come again"


def test_an_import_is_taken_back_only_for_a_month(register, handler):
    found = whole(xlsx([line(1)]), handler)
    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(services.GoneOn):
        services.undo(register=KEY, key=found.key, officer=handler)


def test_files_are_forgotten_when_their_days_are_over(register, handler):
    found = whole(xlsx([line(1), line(2, tang="hai")]), handler)
    assert services.forget_old() == 0
    with clock.at(clock.now() + timedelta(days=61)):
        assert services.forget_old() == 1
    found.refresh_from_db()
    assert found.file is None and found.report is None and not found.lines.exists() and found.entered == 1


def test_stopping_leaves_what_is_entered_and_it_goes_on_later(register, handler, monkeypatch):
    monkeypatch.setattr(running, "CHUNK", 2)
    found = check(bring(xlsx([line(n) for n in range(1, 8)]), handler), handler)
    services.start(register=KEY, key=found.key, officer=handler)
    write = running._copy

    def stopping(*given):
        write(*given)
        services.stop(register=KEY, key=found.key, officer=handler)

    monkeypatch.setattr(running, "_copy", stopping)
    running.enter(found.pk)
    found.refresh_from_db()
    assert (found.status, found.entered) == ("stopped", 2)
    monkeypatch.setattr(running, "_copy", write)
    assert (enter(found, handler).entered, found.status) == (7, "done")
    assert len(listed(register, handler)) == 7
