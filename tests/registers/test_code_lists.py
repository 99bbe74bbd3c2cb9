"""The pages and the API of code lists: for everybody, on any day, from old codes to new ones."""

import csv
import io
import json
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.registers.code_lists import converting, queries
from lienthong.registers.code_lists.converting import Outcome
from tests import cast
from tests.browsing import queries_of
from tests.registers.conftest import publish
from tests.workspace.conftest import desk, text

pytestmark = pytest.mark.django_db

UNITS = "national-administrative-units"
LAST, FIRST = date(2025, 6, 30), date(2025, 7, 1)
API = "/api/v1/code-lists"

TRADES = """
kind: code-list
key: nganh-thu
name: Ngành nghề (thử)
effective_from: {since}
sources: [{{what: Mã, where: Quyết định thử, confirmed: false}}]
items:
  - {{code: "1", name: Bán lẻ}}
  - {{code: "11", name: Bán lẻ gạo, parent: "1"}}
"""


def at(name: str, *rest: object, key: str = UNITS) -> str:
    return reverse(f"code_lists:{name}", args=[key, *rest])


def units():
    return queries.on_day(UNITS, LAST).codes


def converted(*lines: str, near: str = ""):
    return converting.convert(lines, units(), since=LAST, until=FIRST, near=near)


class TestUnits:
    """The administrative units of both orders, as the library declares them."""

    def test_they_are_as_many_as_the_state_says(self):
        old, new = units().valid(LAST), units().valid(FIRST)
        assert [sum(len(item.code) == n for item in old) for n in (2, 3, 5)] == [63, 696, 10_035]
        assert [sum(len(item.code) == n for item in new) for n in (2, 3, 5)] == [34, 0, 3_321]

    def test_every_old_commune_and_province_became_something_and_every_new_one_was_something(self):
        codes = units()
        for item in codes.valid(LAST):
            if len(item.code) != 3:
                assert codes.counterparts(item, FIRST), item
        for item in codes.valid(FIRST):
            assert codes.counterparts(item, LAST), item

    def test_a_commune_stays_in_the_province_that_its_province_became_part_of(self):
        codes = units()
        for item in codes.valid(LAST):
            if len(item.code) == 5:
                (province,) = codes.counterparts(codes.chain(item.code, LAST)[-1], FIRST)
                assert {each.parent for each in codes.became(item)} == {province.code}, item

    def test_the_units_of_the_province_are_those_of_its_own_list(self):
        own = CODE_LIST.current("administrative-units", LAST).body.compiled
        codes = units()
        for item in own.valid(LAST):
            found = codes.find(item.code, LAST)
            assert found and found.parent == item.parent, item


class TestConverting:
    def test_a_column_of_codes_names_and_addresses(self):
        rows = converted(
            "24612",
            "Phường Nghĩa Đức",
            "",
            "24611 – Phường Nghĩa Đức",
            "xa quang son, dak glong, dak nong",
            "Xã Quảng Sơn\tHuyện Đăk Glong\tTỉnh Đắk Nông",
            "24612\tPhường Nghĩa Thành",
            "12 Hùng Vương, P. Nghĩa Thành, TP Gia Nghĩa, tỉnh Đắk Nông",
            "00019",
            "Huyện Hoàng Sa",
            "Huyện Đăk Glong",
            "67",
            "Xã Không Có Đâu",
        )
        assert [(row.outcome, [each.code for each in row.became]) for row in rows] == [
            (Outcome.REPLACED, ["24611"]),
            (Outcome.REPLACED, ["24611"]),
            (Outcome.BLANK, []),
            (Outcome.REPLACED, ["24611"]),
            (Outcome.SAME, ["24616"]),
            (Outcome.SAME, ["24616"]),
            (Outcome.REPLACED, ["24611"]),
            (Outcome.REPLACED, ["24611"]),
            (Outcome.SEVERAL, ["00004", "00070", "00190", "00226"]),
            (Outcome.REPLACED, ["20333"]),
            (Outcome.ENDED, []),
            (Outcome.UNCLEAR, []),
            (Outcome.UNKNOWN, []),
        ]
        assert rows[-2].offered[0].name == "Tỉnh Đắk Nông", "67 may also be 00067 without its zeros"

    def test_codes_whose_zeros_a_spreadsheet_dropped_are_found_unless_they_mean_something_else_too(self):
        found, unclear, _whole = converted("43", "118", "24612")
        assert found.item.code == "00043"
        assert unclear.outcome is Outcome.UNCLEAR
        assert [each.name for each in unclear.offered] == ["Huyện Quỳnh Nhai", "Phường Ngọc Thụy"]

    def test_of_namesakes_none_is_guessed_unless_the_place_says_which(self):
        (unclear,) = converted("Xã Tân Thành")
        assert unclear.outcome is Outcome.UNCLEAR and len(unclear.offered) == converting.OFFERED
        (near,) = converted("Xã Tân Thành", near="67")
        assert near.item.code == "24699"

    def test_what_did_not_change_is_called_so_and_the_way_back_works(self):
        codes = units()
        same = next(
            item
            for item in codes.valid(LAST)
            if len(item.code) == 5
            and [(e.code, e.name) for e in codes.became(item)] == [(item.code, item.name)]
            and len(codes.was(codes.became(item)[0])) == 1
        )
        assert converted(same.code)[0].outcome is Outcome.SAME
        back = converting.convert([same.code, "24611"], codes, since=FIRST, until=LAST)
        assert back[0].outcome is Outcome.SAME
        assert back[1].outcome is Outcome.SEVERAL and "24612" in {each.code for each in back[1].became}

    def test_hostile_lines_are_only_not_found(self):
        lines = ["x" * 100_000, "\x00", ",,,,", "–", "%_\\", "<script>", "9" * 400, "٣٣"]
        assert all(row.outcome is Outcome.UNKNOWN for row in converted(*lines))
        assert [row.outcome for row in converted("\t\t", "\u200b", " ")] == [Outcome.BLANK] * 3


class TestPages:
    def test_everybody_sees_lists_by_area_and_officers_see_them_at_their_desk(self):
        shown = Client().get(reverse("code_lists:overview"))
        assert "Đơn vị hành chính Việt Nam" in text(shown) and "Dùng chung" in text(shown)
        assert "portal/base.html" in [template.name for template in shown.templates]
        at_desk = desk(cast.HANDLER).get(reverse("code_lists:overview"))
        assert "workspace/desk.html" in [template.name for template in at_desk.templates]
        found = Client().get(reverse("code_lists:overview") + "?tim=dan toc")
        assert "Danh mục các dân tộc" in text(found) and "Đơn vị hành chính" not in text(found).split("<footer")[0]
        assert "Không có danh mục nào tên như vậy" in text(Client().get(reverse("code_lists:overview") + "?tim=qqq"))

    def test_the_overview_of_registers_names_them(self):
        shown = text(desk(cast.HANDLER).get(reverse("registers:overview")))
        assert "Danh mục dùng chung" in shown and at("listing") in shown

    def test_a_tree_opens_one_branch_without_a_script(self):
        shown = Client().get(at("listing") + "?ngay=2025-06-30")
        lines = shown.context["page"].lines
        assert len(lines) == 63 and all(line.depth == 0 for line in lines)
        opened = Client().get(at("listing") + "?ngay=2025-06-30&mo=660").context["page"].lines
        assert [line.item.code for line in opened if line.is_open] == ["67", "660"]
        assert {line.item.code for line in opened if line.depth == 2} >= {"24611", "24612"}
        later = Client().get(at("listing") + "?ngay=2025-07-01&mo=68")
        assert {line.item.name for line in later.context["page"].lines if line.depth == 1} >= {"Phường Bắc Gia Nghĩa"}
        assert later.context["page"].pages == 1

    def test_long_lists_come_page_by_page(self):
        items = "\n".join(f'  - {{code: "{n:04d}", name: Mục {n}}}' for n in range(700))
        publish(TRADES.format(since="2020-01-01").split("items:")[0] + "items:\n" + items)
        here = at("listing", key="nganh-thu")
        seen = [
            line.item.code
            for number in (1, 2, 3)
            for line in Client().get(f"{here}?trang={number}").context["page"].lines
        ]
        assert seen == [f"{n:04d}" for n in range(700)]
        assert Client().get(f"{here}?trang=99").context["page"].number == 3

    def test_codes_and_names_are_found_without_accents(self):
        shown = Client().get(at("listing") + "?ngay=2025-06-30&tim=quang son")
        assert "24616" in {hit.code for hit, _chain in shown.context["hits"]} and "Huyện Đăk Glong" in text(shown)
        by_code = Client().get(at("listing") + "?ngay=2025-06-30&tim=24612").context["hits"]
        assert by_code[0][0].name == "Phường Nghĩa Thành" and [each.code for each in by_code[0][1]] == ["660", "67"]
        nothing = text(Client().get(at("listing") + "?tim=khong co gi nhu the"))
        assert "không có mục nào" in nothing

    def test_an_item_says_what_it_was_and_what_became_of_it(self):
        old = text(Client().get(at("item", "24612") + "?ngay=2025-06-30"))
        assert "Phường Nghĩa Thành" in old and "Phường Bắc Gia Nghĩa" in old
        new = Client().get(at("item", "24611") + "?ngay=2025-07-01")
        assert [life["item"].name for life in new.context["lives"]] == ["Phường Bắc Gia Nghĩa", "Phường Nghĩa Đức"]
        district = text(Client().get(at("item", "661") + "?ngay=2025-06-30"))
        assert "Xã Quảng Sơn" in district and "Không có gì thay thế" in district
        assert Client().get(at("item", "không có")).status_code == 404
        assert Client().get(at("item", "24611", key="khong-co")).status_code == 404

    def test_a_list_says_who_uses_it(self):
        shown = Client().get(at("listing", key="business-lines"))
        names = {use.name for use, _address in shown.context["uses"]}
        assert any("hộ kinh doanh" in name.lower() for name in names)
        assert any(address.startswith("/thu-tuc/") for _use, address in shown.context["uses"])
        own = queries.uses("administrative-units")
        assert {use.kind for use in own} >= {"register", "procedure"} and all(use.fields for use in own)
        stranger = Client().get(at("listing", key="administrative-units")).context["uses"]
        assert not [address for use, address in stranger if use.kind == "register" and address]

    def test_versions_say_what_became_different(self):
        publish(TRADES.format(since="2020-01-01"))
        publish(
            TRADES.format(since="2024-01-01").replace("gạo", "lúa gạo") + '  - {code: "12", name: Rau, parent: "1"}\n'
        )
        shown = Client().get(at("editions", key="nganh-thu"))
        newest, first = shown.context["rows"]
        assert first.changes is None and [item.code for item in newest.changes.added] == ["12"]
        assert "<del>Bán lẻ gạo</del>" in text(shown) and "Bán lẻ lúa gạo" in text(shown)
        names = [
            queries.on_day("nganh-thu", date(year, 1, 1)).codes.name("11", date(year, 1, 1))
            for year in (2019, 2021, 2024)
        ]
        assert names == ["Bán lẻ gạo", "Bán lẻ gạo", "Bán lẻ lúa gạo"]
        before = text(Client().get(at("listing", key="nganh-thu") + "?ngay=2019-01-01"))
        assert "Chưa có phiên bản nào" in before or "Không có phiên bản nào" in before

    def test_a_column_is_pasted_and_comes_back_converted(self):
        page = Client().get(at("convert"))
        assert page.context["since"] == LAST and page.context["until"] == FIRST, "from the day before the last change"
        shown = Client().post(
            at("convert"), {"dong": "24612\r\n\r\n00019\r\nXã Lạ\r\n\r\n", "tu": "2025-06-30", "den": "2025-07-01"}
        )
        assert [line.row.outcome for line in shown.context["rows"]] == [
            Outcome.REPLACED,
            Outcome.BLANK,
            Outcome.SEVERAL,
            Outcome.UNKNOWN,
        ]
        assert [line.split("\t")[1] for line in shown.context["pasteable"].splitlines()][1:2] == [""], "line by line"
        assert shown.context["pasteable"].splitlines()[0] == "được thay bằng\t24611\tPhường Bắc Gia Nghĩa"
        assert "Phường Bắc Gia Nghĩa" in text(shown) and "Thành phố Gia Nghĩa, Tỉnh Đắk Nông" in text(shown)
        empty = Client().post(at("convert"), {"dong": " \n "})
        assert empty.status_code == 422 and "Dán ít nhất" in text(empty)
        many = Client().post(at("convert"), {"dong": "1\n" * 5_001})
        assert many.status_code == 422 and "5000" in text(many).replace(".", "")
        assert Client().get(at("convert", key="ethnic-groups")).status_code == 404

    @pytest.mark.parametrize("format_key", ["xlsx", "csv"])
    def test_a_conversion_is_saved_as_a_file_in_which_text_stays_text(self, format_key):
        sent = {"dong": "24612\n=1+1", "tu": "2025-06-30", "den": "2025-07-01", "dang": format_key}
        rows = read(Client().post(at("convert"), sent), format_key)
        assert rows[1][0] == "24612" and rows[1][4] == "24611"
        assert rows[2][0] == ("=1+1" if format_key == "xlsx" else "'=1+1")

    def test_a_list_is_downloaded_as_of_a_day_or_whole(self):
        rows = read(Client().get(at("download", "csv") + "?ngay=2025-07-01"), "csv")
        assert len(rows) == 1 + 34 + 3_321 and rows[1][0] == "01"
        whole = read(Client().get(at("download", "xlsx") + "?ngay=tat-ca"), "xlsx")
        assert len(whole) == 1 + len(units().items)
        packed = json.loads(Client().get(at("download", "json") + "?ngay=2025-06-30").content)
        assert (
            packed["key"] == UNITS
            and {"code": "24611", "name": "Phường Nghĩa Đức"}.items()
            <= packed["items"][[each["code"] for each in packed["items"]].index("24611")].items()
        )
        assert Client().get(at("download", "exe")).status_code == 404

    @pytest.mark.parametrize(
        "query",
        [
            "?ngay=9999-12-31",
            "?ngay=0001-01-01",
            "?ngay=hom-qua",
            "?mo=%00",
            "?trang=-1",
            "?trang=999999",
            "?tim=%00%25_<b>",
        ],
    )
    def test_an_odd_address_shows_a_page(self, query):
        for address in (at("listing"), at("item", "24611"), at("convert"), at("download", "csv")):
            assert Client().get(address + query).status_code == 200, address

    def test_pages_cost_the_same_however_long_the_list_is(self):
        officer = desk(cast.HANDLER)
        costs = [
            queries_of(lambda a=address: officer.get(a))
            for address in (
                at("listing"),
                at("listing", key="ethnic-groups"),
                at("item", "24611"),
                at("listing") + "?tim=xa",
            )
        ]
        assert max(costs) == min(costs) <= 8
        assert queries_of(lambda: Client().get(at("listing"))) <= 2


def read(answer, format_key: str) -> list[list[str]]:
    assert answer.status_code == 200 and "attachment" in answer["Content-Disposition"]
    if format_key == "csv":
        return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(answer.content), read_only=True).active
    return [[cell if cell is not None else "" for cell in row] for row in sheet.iter_rows(values_only=True)]


class TestApi:
    def test_lists_and_items_are_open_to_all_and_to_other_sites(self):
        answer = Client().get(API)
        found = {each["key"]: each for each in answer.json()}
        assert found[UNITS]["converts"] and found[UNITS]["area"] == "dia-gioi" and not found["genders"]["converts"]
        assert answer["Access-Control-Allow-Origin"] == "*"
        one = Client().get(f"{API}/{UNITS}?day=2025-07-01").json()
        assert one["items"] == 3_355 and one["changes_on"] == ["2025-07-01"] and one["sources"]
        below = Client().get(f"{API}/{UNITS}/items?day=2025-06-30&under=660").json()["items"]
        assert {each["code"] for each in below} >= {"24611", "24612"}
        hits = Client().get(f"{API}/{UNITS}/items?day=2025-06-30&search=nghia thanh gia").json()["items"]
        assert isinstance(hits, list)

    def test_items_are_read_page_by_page(self):
        seen, after = [], ""
        while True:
            page = Client().get(f"{API}/ethnic-groups/items?limit=20&after={after}").json()
            seen += [each["code"] for each in page["items"]]
            if not page["next"]:
                break
            after = page["next"]
        assert seen == [f"{n:02d}" for n in range(1, 55)]
        assert Client().get(f"{API}/ethnic-groups/items?after=99").status_code == 404

    def test_a_code_says_what_it_is_was_and_became(self):
        old = Client().get(f"{API}/{UNITS}/items/24612?day=2025-06-30").json()
        assert old["item"]["name"] == "Phường Nghĩa Thành" and old["became"][0]["name"] == "Phường Bắc Gia Nghĩa"
        assert [each["code"] for each in old["above"]] == ["660", "67"]
        gone = Client().get(f"{API}/{UNITS}/items/24612?day=2025-07-01").json()
        assert gone["item"] is None and len(gone["periods"]) == 1
        assert Client().get(f"{API}/{UNITS}/items/xyz").status_code == 404
        assert Client().get(f"{API}/khong-co").status_code == 404

    def test_lines_are_converted(self):
        asked = {"lines": ["24612", "", "Xã Lạ"], "since": "2025-06-30", "until": "2025-07-01"}
        answer = Client().post(f"{API}/{UNITS}/conversions", json.dumps(asked), content_type="application/json")
        first, blank, second = answer.json()
        assert blank["outcome"] == "blank"
        assert first["outcome"] == "replaced" and first["became"][0]["code"] == "24611"
        assert second["outcome"] == "unknown" and second["item"] is None
        for wrong in ({"lines": []}, {**asked, "since": "x"}, {**asked, "lines": ["1"] * 5_001}):
            answer = Client().post(f"{API}/{UNITS}/conversions", json.dumps(wrong), content_type="application/json")
            assert answer.status_code == 422

    def test_who_has_the_list_already_gets_it_only_when_it_changed(self):
        publish(TRADES.format(since="2020-01-01"))
        for path in (API, f"{API}/nganh-thu", f"{API}/nganh-thu/items", f"{API}/nganh-thu/items/11"):
            first = Client().get(path)
            again = Client().get(path, headers={"If-None-Match": first["ETag"]})
            assert again.status_code == 304 and not again.content, path
        tag = Client().get(f"{API}/nganh-thu/items")["ETag"]
        publish(TRADES.format(since="2024-01-01").replace("gạo", "lúa gạo"))
        fresh = Client().get(f"{API}/nganh-thu/items", headers={"If-None-Match": tag})
        assert fresh.status_code == 200 and fresh.json()["items"][1]["name"] == "Bán lẻ lúa gạo"
