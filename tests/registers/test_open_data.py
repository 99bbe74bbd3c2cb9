"""Open data: what registers make public, as pages and files for everybody."""

import csv
import hashlib
import io
import json
from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.files.models import StoredFile
from lienthong.registers import queries, services
from lienthong.registers.open_data import making, rules, sets, views, wording
from lienthong.registers.open_data.models import OpenDataset, OpenFile
from lienthong.registers.open_data.rules import Changes
from tests.browsing import queries_of
from tests.let_go import nothing_left_open
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_places import KEY as PARCEL_KEY
from tests.registers.test_places import PARCELS, square
from tests.registers.test_places import enter as enter_parcel

pytestmark = pytest.mark.django_db

PRIVATE = ("Trần Hưng Đạo", "12 Hùng Vương", "067085012345", "Nhà chính")
"""What the entries of these tests say in fields that are not public."""


@pytest.fixture(autouse=True)
def nobody_has_asked_yet(db):
    cache.clear()


@pytest.fixture
def handler(register):
    return officer_of("case-handler", GIA_NGHIA)


def enter(officer, **other):
    values = {"chu_dau_tu": {"ten": "Trần Hưng Đạo", "so_dinh_danh": "067085012345"}, **other}
    return services.enter(register=KEY, raw=permit(**values), officer=officer)


def tomorrow():
    return clock.at(clock.now() + timedelta(days=1))


def see(name, *args, client=None, **more):
    return (client or Client()).get(reverse(f"open_data:{name}", args=args), **more)


def take(form, key=KEY, **more):
    answer = see("file", key, form, **more)
    return answer, b"".join(answer.streaming_content) if answer.streaming else answer.content


def table(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def main_of(answer):
    """What the page says, without the frame, which knows the address."""
    return answer.content.decode().partition("<main")[2].partition("</main>")[0]


def kept():
    return OpenDataset.objects.get(register=KEY)


# pages


def test_the_list_has_what_is_public_and_finds_it_without_accents(register):
    publish(DECLARED.replace("giay-phep-thu", "so-kin").replace("public: [so, ngay_cap, dien_tich]", "public: []"))
    every = see("listing").content.decode()
    assert reverse("open_data:one", args=[KEY]) in every and reverse("open_data:one", args=["so-kin"]) not in every
    found = see("listing", data={"tim": "SO GIAY phep thu"}).content.decode()
    assert "Sổ giấy phép xây dựng (thử)" in found
    by_field = see("listing", data={"tim": "dien tich san"}).content.decode()
    assert "Sổ giấy phép xây dựng (thử)" in by_field, "the labels of public fields are looked through too"
    nothing = see("listing", data={"tim": "chu dau tu so dinh danh"})
    assert nothing.status_code == 200 and KEY not in nothing.content.decode()
    group = see("listing", data={"linh-vuc": "y-te"}).content.decode()
    assert reverse("open_data:one", args=[KEY]) not in group
    kept_by = see("listing", data={"co-quan": "urban-management"}).content.decode()
    assert reverse("open_data:one", args=[KEY]) in kept_by
    part = Client().get(reverse("open_data:listing"), headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<div id="found">')


@pytest.mark.parametrize("start", ["-1", "99999999999999999999", "x", "1e9", "30", "\x00"])
def test_odd_page_numbers_do_no_harm(register, start):
    assert see("listing", data={"tu": start, "tim": "\x00'; DROP TABLE"}).status_code == 200


def test_the_page_tells_fields_keeper_conditions_and_first_rows_and_nothing_else(handler):
    enter(handler)
    shown = see("one", KEY).content.decode()
    for word in ("15/GPXD", "03/03/2025", "120,5", "Số giấy phép", "Diện tích sàn", "Điều 43", "luoc-do.json"):
        assert word in shown, word
    for word in (*PRIVATE, "Họ và tên", "so_dinh_danh", "Số tầng", "so_tang"):
        assert word not in shown, word
    assert see("one", "khong-co").status_code == 404
    publish(DECLARED.replace("public: [so, ngay_cap, dien_tich]", "public: []"))
    assert see("one", KEY).status_code == 404 and see("present", KEY).status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        {"tim": "Trần"},
        {"l.so_tang.tu": "2"},
        {"l.dia_chi": "24611"},
        {"xep": "ten"},
        {"cot": "ten"},
        {"ngay": "2025-03-03"},
        {"sau": '["x", 1]'},
        {"fields": "so_dinh_danh"},
    ],
)
def test_nothing_in_the_address_of_a_page_shows_or_counts_what_is_not_public(handler, query):
    enter(handler)
    enter(handler, so="16/GPXD", so_tang=9)
    assert main_of(see("one", KEY, data=query)) == main_of(see("one", KEY))
    assert see("present", KEY, data=query).content == see("present", KEY).content


def test_an_empty_register_says_so(register):
    assert "không có bản ghi" in main_of(see("one", KEY)).lower()
    making.renew()
    assert "không có bản ghi" in main_of(see("one", KEY)).lower()
    answer, content = take("json")
    assert answer.status_code == 200 and json.loads(content) == []


# files


def test_files_have_all_entries_in_force_and_public_fields_only(handler):
    old = enter(handler, so="1/GPXD")
    enter(handler, so="2/GPXD", dien_tich=None)
    services.end(register=KEY, entry_id=old.id, revision=1, officer=handler, reason="Thu hồi")
    making.renew()
    (row,) = json.loads(take("json")[1])
    assert row["so"] == "2/GPXD" and row["dien_tich"] is None and row["valid_from"] == "2025-03-03"
    assert set(row) == {"id", "valid_from", "valid_until", "so", "ngay_cap", "dien_tich"}
    headings, line = table(take("csv")[1])
    assert headings[:3] == ["Số giấy phép", "Ngày cấp", "Diện tích sàn"] and line[0] == "2/GPXD"
    sheet = load_workbook(io.BytesIO(take("xlsx")[1])).active
    assert [cell.value for cell in sheet[1]] == headings and sheet["A2"].value == "2/GPXD"
    assert see("file", KEY, "geojson").status_code == 404
    for form in ("csv", "json", "xlsx"):
        assert not any(word.encode() in take(form)[1] for word in PRIVATE)


def test_what_a_row_says_is_told_by_its_schema(handler):
    enter(handler)
    making.renew()
    answer = see("schema", KEY)
    assert answer["Content-Type"] == "application/schema+json"
    said = answer.json()
    (row,) = json.loads(take("json")[1])
    assert set(said["items"]["properties"]) == set(row)
    assert said["items"]["properties"]["so"]["title"] == "Số giấy phép"
    assert "so_tang" not in answer.content.decode() and said["items"]["required"] == ["id", "valid_from", "valid_until"]


def test_conditions_that_name_other_fields_stay_out_of_the_schema(db):
    publish(DECLARED.replace("label: Diện tích sàn,", 'label: Diện tích sàn, when: "so_tang > 1",'))
    assert "so_tang" not in see("schema", KEY).content.decode()


def test_a_file_is_asked_for_again_only_when_it_is_another(handler):
    enter(handler)
    making.renew()
    first, content = take("csv")
    assert first["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"' and "public" in first["Cache-Control"]
    assert first["Access-Control-Allow-Origin"] == "*" and first["Content-Disposition"].startswith("attachment")
    again = see("file", KEY, "csv", headers={"If-None-Match": first["ETag"]})
    assert again.status_code == 304 and not again.content and again["ETag"] == first["ETag"]
    since = see("file", KEY, "csv", headers={"If-Modified-Since": first["Last-Modified"]})
    assert since.status_code == 304
    assert see("one", KEY).content.decode().count(hashlib.sha256(content).hexdigest()) == 1


def test_files_are_made_once_a_day_and_only_when_something_changed(handler):
    enter(handler, so="1/GPXD")
    assert making.renew() >= 1
    first = take("csv")[0]["ETag"]
    enter(handler, so="2/GPXD")
    assert making.renew() == 0 and take("csv")[0]["ETag"] == first, "not twice a day"
    with tomorrow():
        assert making.renew() == 1 and making.renew() == 0
        second = take("csv")[0]["ETag"]
        assert second != first and kept().entries == 2
        made = OpenFile.objects.get(dataset=kept(), format="csv").made_at
    with clock.at(clock.now() + timedelta(days=2)):
        assert making.renew() == 0
        assert take("csv")[0]["ETag"] == second and OpenFile.objects.get(dataset=kept(), format="csv").made_at == made
    assert StoredFile.objects.count() == OpenFile.objects.count(), "what was replaced is not kept"


def test_a_change_of_what_is_not_public_makes_no_new_files(handler):
    entry = enter(handler)
    making.renew()
    before = take("xlsx")[0]["ETag"]
    with tomorrow():
        services.correct(register=KEY, entry_id=entry.id, revision=1, raw={"so_tang": 9}, officer=handler, reason="x")
    with clock.at(clock.now() + timedelta(days=2)):
        making.renew()
    assert take("xlsx")[0]["ETag"] == before


def test_what_is_withdrawn_is_gone_at_once_and_the_files_come_anew_the_same_day(handler):
    enter(handler)
    making.renew()
    publish(DECLARED.replace("public: [so, ngay_cap, dien_tich]", "public: [so]"))
    assert see("file", KEY, "csv").status_code == 404, "the old file has more than is public now"
    assert making.renew() == 1
    assert table(take("csv")[1])[0][0] == "Số giấy phép" and len(table(take("csv")[1])[0]) == 3
    publish(DECLARED.replace("public: [so, ngay_cap, dien_tich]", "public: []"))
    assert see("file", KEY, "csv").status_code == 404
    making.renew()
    assert not OpenDataset.objects.filter(register=KEY).exists()
    assert StoredFile.objects.count() == OpenFile.objects.count()


def test_entries_that_are_kept_back_are_neither_shown_nor_counted_nor_told_of(db):
    publish(DECLARED.replace("public: [so,", "public_when: {so_tang: [1, 2]}\npublic: [so,"))
    officer = officer_of("case-handler", GIA_NGHIA)
    shown = enter(officer, so="1/GPXD", so_tang=1)
    with clock.at(clock.now() + timedelta(days=1)):
        hidden = enter(officer, so="99/GPXD", so_tang=9)
        making.renew()
        for said in (see("one", KEY).content, see("present", KEY).content, take("csv")[1], take("json")[1]):
            assert b"1/GPXD" in said and b"99/GPXD" not in said
        assert [row["id"] for row in ask(ROWS)["rows"]] == [shown.id]
        assert kept().entries == 1 and kept().last_on == date(2025, 3, 3), "that something was kept back tells nothing"
    with clock.at(clock.now() + timedelta(days=2)):
        services.change(register=KEY, entry_id=hidden.id, revision=1, raw={"so_tang": 2}, officer=officer)
    with clock.at(clock.now() + timedelta(days=3)):
        making.renew()
        assert kept().entries == 2 and kept().last_on == date(2025, 3, 5) and b"99/GPXD" in take("csv")[1]


def test_one_that_cannot_be_made_keeps_no_other_from_being_made_and_leaves_nothing(handler, monkeypatch):
    enter(handler)
    publish(PARCELS)
    real = sets.DataSet.entries

    def broken(data_set):
        yield from real(data_set)
        if data_set.key == KEY:
            raise OSError("no room")

    monkeypatch.setattr(sets.DataSet, "entries", broken)
    with nothing_left_open(), pytest.raises(OSError, match="no room"):
        making.renew()
    assert not OpenDataset.objects.filter(register=KEY).exists()
    assert OpenDataset.objects.filter(register=PARCEL_KEY).exists()
    monkeypatch.undo()
    assert making.renew() == 1 and take("json")[0].status_code == 200


def test_a_spreadsheet_that_could_not_hold_them_is_left_out_and_closed(handler, monkeypatch):
    for number in range(3):
        enter(handler, so=f"{number}/GPXD")
    monkeypatch.setattr(making, "MOST_ROWS", 3)
    with nothing_left_open():
        assert making.look(KEY)
    assert {each.format for each in kept().files.all()} == {"csv", "json"} and kept().entries == 3
    assert take("xlsx")[0].status_code == 404 and len(take("csv")[1].splitlines()) == 4


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@x"])
def test_no_text_becomes_a_formula(handler, text):
    enter(handler, so=f"{text}/GPXD")
    making.renew()
    assert table(take("csv")[1])[1][0] == f"'{text}/GPXD"
    assert load_workbook(io.BytesIO(take("xlsx")[1])).active["A2"].data_type != "f"
    assert table(see("present", KEY).content)[1][0] == f"'{text}/GPXD"


def test_html_in_an_entry_stays_text(handler):
    enter(handler, so="<script>alert(1)</script>")
    shown = see("one", KEY).content.decode()
    assert "<script>alert(1)" not in shown and "&lt;script&gt;alert(1)" in shown


def test_what_has_a_place_is_a_map_too(db):
    publish(PARCELS)
    enter_parcel(officer_of("case-handler", GIA_NGHIA), "001", square(0, 0))
    making.renew()
    (feature,) = json.loads(take("geojson", PARCEL_KEY)[1])["features"]
    assert feature["properties"]["so_thua"] == "001" and "chu" not in feature["properties"]
    assert "/api/features/collections/thua-dat-thu" in see("one", PARCEL_KEY).content.decode()


def test_few_entries_are_taken_as_they_are_now_and_many_are_not(handler, monkeypatch):
    enter(handler, so="1/GPXD")
    assert [row[0] for row in table(see("present", KEY).content)] == ["Số giấy phép", "1/GPXD"]
    monkeypatch.setattr(views, "FEW", 1)
    enter(handler, so="2/GPXD")
    assert see("present", KEY).status_code == 422


def test_who_takes_too_much_waits(handler, monkeypatch):
    enter(handler)
    monkeypatch.setattr(views, "OF_PRESENT", views.Allowance("open-data.test", times=2, within=timedelta(minutes=10)))
    assert [see("present", KEY).status_code for _time in range(3)] == [200, 200, 429]


def test_pages_make_as_many_queries_for_many_as_for_few(handler):
    enter(handler)
    making.renew()
    for name, args in (("one", [KEY]), ("listing", [])):
        address = reverse(f"open_data:{name}", args=args)
        few = queries_of(lambda address=address: Client().get(address))
        for number in range(12):
            enter(handler, so=f"{name}{number}")
        publish(PARCELS)
        assert queries_of(lambda address=address: Client().get(address)) == few <= 8


# what is declared


def test_what_a_register_declares_stands_on_its_page(db):
    declared = "open_data: {licence: cc-by-4.0, frequency: monthly, keywords: [nhà ở], contact: so@xd.example}\n"
    publish(DECLARED + declared)
    shown = see("one", KEY).content.decode()
    assert "CC BY 4.0" in shown and "creativecommons.org/licenses/by/4.0/" in shown and "so@xd.example" in shown
    assert KEY in see("listing", data={"tim": "nha o"}).content.decode()


@pytest.mark.parametrize(
    ("declared", "why"),
    [
        ("open_data: {licence: khong-co}", "khong-co"),
        ("open_data: {frequency: hourly}", "frequency"),
        ("open_data: {contact: khong phai thu}", "contact"),
        ("open_data: {gia: 5}", "gia"),
    ],
)
def test_a_wrong_declaration_is_refused(db, declared, why):
    plan = definitions.plan_text(f"{DECLARED}{declared}\n", folder="tests", file="so.yaml")
    assert why in "\n".join(map(str, plan.problems))


def test_open_data_of_a_register_without_public_fields_is_refused(db):
    text = DECLARED.replace("public: [so, ngay_cap, dien_tich]", "open_data: {frequency: daily}")
    assert definitions.plan_text(text, folder="tests", file="so.yaml").problems


# freshness


def test_the_page_says_when_it_changed_and_how_often(db):
    publish(DECLARED + "open_data: {frequency: weekly}\n")
    officer = officer_of("case-handler", GIA_NGHIA)
    for days in (29, 19, 1):
        with clock.at(clock.now() - timedelta(days=days)):
            enter(officer, so=f"{days}/GPXD")
    making.renew()
    shown = see("one", KEY).content.decode()
    assert "hôm qua" in shown and "10 ngày" in shown and "hằng tuần" in shown and "chậm hơn" not in shown
    with clock.at(clock.now() + timedelta(days=20)):
        assert "chậm hơn" in see("one", KEY).content.decode()


TODAY = date(2025, 3, 3)


@pytest.mark.parametrize(
    ("first", "days", "pace"),
    [
        (TODAY, 1, None),
        (TODAY - timedelta(days=1), 2, 1),
        (TODAY - timedelta(days=29), 3, 10),
        (TODAY - timedelta(days=3650), 73, 5),
        (TODAY - timedelta(days=3650), 0, None),
    ],
)
def test_the_pace_is_that_of_the_last_year(first, days, pace):
    assert rules.pace(Changes(first, TODAY, days), TODAY) == pace


def test_a_weekend_is_no_delay_and_what_is_irregular_is_never_late():
    assert not rules.is_late("daily", TODAY - timedelta(days=4), TODAY)
    assert rules.is_late("daily", TODAY - timedelta(days=5), TODAY)
    assert not rules.is_late("irregular", TODAY - timedelta(days=999), TODAY)
    assert not rules.is_late(None, TODAY - timedelta(days=999), TODAY)


def test_days_are_told_as_people_say_them():
    said = [wording.ago(TODAY - timedelta(days=days), TODAY) for days in (0, 1, 12, 100)]
    assert said == ["hôm nay", "hôm qua", "12 ngày trước", "ngày 23/11/2024"]


# the rows for programs


ROWS = f"/api/open-data/{KEY}/rows"


def ask(path, status=200, **query):
    answer = Client().get(path, query)
    assert answer.status_code == status, answer.content
    return answer.json()


def test_programs_find_the_data_sets_and_read_their_rows_page_by_page(handler):
    for number in range(5):
        enter(handler, so=f"{number}/GPXD")
    making.renew()
    (found,) = [each for each in ask("/api/open-data/")["dataSets"] if each["key"] == KEY]
    assert found == ask(f"/api/open-data/{KEY}") and {each["format"] for each in found["files"]} == {
        "csv", "json", "xlsx"
    }  # fmt: skip
    address, seen = found["rows"].removeprefix("http://testserver") + "?limit=2", []
    while address:
        page = Client().get(address).json()
        seen += [row["so"] for row in page["rows"]]
        address = page["next"]
    assert seen == [f"{number}/GPXD" for number in (4, 3, 2, 1, 0)]
    assert json.loads(take("json")[1]) == ask(ROWS)["rows"], "the same row as in the file"


@pytest.mark.parametrize(
    "query",
    [
        {"so_tang": "2"},
        {"dia_chi": "24611"},
        {"ten": "Trần Hưng Đạo"},
        {"search": "tran"},
        {"sort": "ten"},
        {"bbox": "1,2,3,4"},
        {"fields": "ten"},
        {"limit": "0"},
        {"limit": "-1"},
        {"limit": "x"},
        {"cursor": "1; DROP"},
        {"cursor": "9" * 19},
        {"la": "x"},
    ],
)
def test_rows_are_never_narrowed_by_what_is_not_public(handler, query):
    """A word that finds an entry would tell what stands in it."""
    enter(handler)
    answer = ask(ROWS, 400, **query)
    assert answer["title"] and "rows" not in answer


def test_rows_are_narrowed_by_public_fields(db):
    publish(PARCELS)
    officer = officer_of("case-handler", GIA_NGHIA)
    for number in range(3):
        enter_parcel(officer, f"{number:03}", square(number, 0))
    address = f"/api/open-data/{PARCEL_KEY}/rows"
    assert [row["so_thua"] for row in ask(address, so_thua="001")["rows"]] == ["001"]
    assert [row["so_thua"] for row in ask(address, search="002")["rows"]] == ["002"]
    assert "chu" not in ask(address)["rows"][0]
    assert len(ask(address, limit="999999999")["rows"]) == 3 and ask(address, cursor="1")["rows"] == []


def test_a_page_of_rows_makes_as_many_queries_as_one_row(handler, django_assert_max_num_queries):
    for number in range(5):
        enter(handler, so=f"{number}")
    ask(ROWS)
    for limit in ("1", "5"):
        with django_assert_max_num_queries(3):
            ask(ROWS, limit=limit)


def test_references_are_named_as_far_as_their_title_is_public(db):
    publish(PARCELS)
    publish(
        DECLARED.replace("  - {key: so_tang,", "  - {key: thua, type: reference, register: thua-dat-thu, label: Thửa}\n"
                         "  - {key: so_tang,").replace("public: [so,", "public: [thua, so,")
    )  # fmt: skip
    officer = officer_of("case-handler", GIA_NGHIA)
    parcel = enter_parcel(officer, "001", square(0, 0))
    enter(officer, thua={"id": parcel.id})
    making.renew()
    assert json.loads(take("json")[1])[0]["thua"] == {"id": parcel.id, "title": "001"}
    assert ask(ROWS)["rows"][0]["thua"]["title"] == "001"
    publish(PARCELS.replace("public: [so_thua, ranh_gioi]", "public: [ranh_gioi]"))
    assert ask(ROWS)["rows"][0]["thua"]["title"] != "001"
    assert see("file", KEY, "json").status_code == 404, "the file has a title that is not public any more"
    making.renew()
    assert b"001" not in take("json")[1]
    assert queries.register(KEY).open_data is None
