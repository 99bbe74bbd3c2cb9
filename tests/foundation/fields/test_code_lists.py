"""Code lists: as declared and published, looked up on a day, searched as people type."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from lienthong.foundation.definitions import queries, services
from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.registry import replaced
from lienthong.foundation.fields.code_lists import CODE_LIST, PUBLISHED, check_lists
from lienthong.foundation.fields.list_changes import changes
from lienthong.foundation.fields.lists import CodeList, Item
from tests.foundation.fields.samples import FIRST_DAY_WITHOUT, LAST_DAY_OF_DISTRICTS, UNITS, field, fields

DAY = date(2021, 3, 15)

HEAD = "kind: code-list\nkey: trades\nname: Ngành nghề\neffective_from: 2020-01-01\nitems:\n"
TRADES = HEAD + '  - {code: "47", name: Bán lẻ}\n  - {code: "4711", name: Bán lẻ lương thực, parent: "47"}\n'


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    queries.forget()
    with replaced(CODE_LIST):
        yield tmp_path
    queries.forget()


def publish(folder: Path, text: str) -> list[str]:
    """What is wrong with the declaration; published where nothing is."""
    (folder / "trades.yaml").write_text(text, encoding="utf-8")
    plan = services.plan([folder])
    if plan.ok:
        services.apply(plan)
    return list(plan.describe()) if not plan.ok else []


@pytest.mark.django_db
class TestPublished:
    def test_fields_find_the_list_in_force_on_the_day(self, folder: Path) -> None:
        assert publish(folder, TRADES) == []
        trades = PUBLISHED.code_list("trades", DAY)
        assert trades.name("4711", DAY) == "Bán lẻ lương thực"
        assert PUBLISHED.code_list("trades", DAY) is trades

    def test_asking_again_asks_the_database_nothing(self, folder: Path, settings: Settings) -> None:
        settings.DEFINITIONS_RECHECK_SECONDS = 3600
        publish(folder, TRADES)
        PUBLISHED.code_list("trades", DAY)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            PUBLISHED.code_list("trades", DAY)
        assert len(asked) == 0

    def test_a_list_that_began_later_is_still_known_and_one_that_is_nowhere_is_empty(self, folder: Path) -> None:
        publish(folder, TRADES)
        assert PUBLISHED.code_list("trades", date(2001, 1, 1)).find("4711", DAY)
        assert not PUBLISHED.code_list("nowhere", DAY).items

    @pytest.mark.parametrize(
        ("items", "why"),
        [
            (
                '  - {code: "1", name: A}\n  - {code: "1", name: B}\n',
                "mã 1 xuất hiện hai lần trong cùng một thời gian hiệu lực",
            ),
            (
                '  - {code: "1", name: A, parent: "2"}\n  - {code: "2", name: B, parent: "1"}\n',
                "mã 1 là cấp trên của chính nó",
            ),
            (
                '  - {code: "1", name: A, valid_from: 2021-02-01, valid_to: 2021-01-01}\n',
                "valid_to đứng trước valid_from",
            ),
            ('  - {code: "", name: A}\n', "code"),
            ('  - {code: "1", name: A, parent: "2"}\n', "1 thuộc 2"),
            ('  - {code: "1", name: A, replaced_by: ["2"]}\n  - {code: "2", name: B}\n', "valid_to"),
            (
                (
                    '  - {code: "1", name: A, valid_to: 2020-12-31, replaced_by: ["2"]}\n'
                    '  - {code: "2", name: B, valid_from: 2021-02-01}\n'
                ),
                "1 được thay bằng 2, mã này không có trong danh mục ngày 01/01/2021",
            ),
            (
                '  - {code: "1", name: A, valid_to: 2020-12-31, replaced_by: ["2", "2"]}\n  - {code: "2", name: B}\n',
                "replaced_by",
            ),
        ],
    )
    def test_a_list_that_contradicts_itself_is_refused(self, folder: Path, items: str, why: str) -> None:
        assert why in "\n".join(publish(folder, HEAD + items))

    def test_an_area_is_a_sector_database(self, folder: Path) -> None:
        areas = TRADES.replace("key: trades", "key: register-groups")
        in_area = TRADES.replace("items:", 'area: "47"\nitems:')
        assert publish(folder, f"{areas}\n---\n{in_area}") == []
        assert "4799" in "\n".join(publish(folder, in_area.replace('"47"\nitems', '"4799"\nitems')))

    def test_a_list_may_be_written_as_a_table(self, folder: Path) -> None:
        table = HEAD + (
            "  |\n  code|name|parent|valid_to|replaced_by\n  # dòng này bỏ qua\n  47|Bán lẻ\n"
            "  4711|Bán lẻ lương thực|47|2020-12-31|4712 4713\n\n  4712|Bán lẻ gạo|47\n  4713 | Bán lẻ rau | 47\n"
        )
        assert publish(folder, table) == []
        trades = CODE_LIST.current("trades", DAY).body
        assert trades.items[1].replaced_by == ("4712", "4713") and trades.items[3].name == "Bán lẻ rau"
        (old,) = trades.compiled.periods("4711")
        assert [item.name for item in trades.compiled.became(old)] == ["Bán lẻ gạo", "Bán lẻ rau"]

    @pytest.mark.parametrize(
        ("table", "why"),
        [
            ("code|tên\n  1|A\n", "code, name, parent"),
            ("code|code\n  1|A\n", "code, name, parent"),
            ("code|name\n  1|A\n  2|B|C\n", "dòng 3"),
            ("code|name|valid_to\n  1|A|31/12/2020\n", "dòng 2"),
            ("code|name\n  1\n", "dòng 2"),
            ("code|name\n", "ít nhất 1"),
        ],
    )
    def test_a_table_that_is_wrong_says_in_which_line(self, folder: Path, table: str, why: str) -> None:
        assert why in "\n".join(publish(folder, HEAD + "  |\n  " + table))

    def test_a_plan_says_how_many_items_become_different(self, folder: Path) -> None:
        publish(folder, TRADES)
        changed = TRADES.replace("Bán lẻ lương thực", "Bán lẻ gạo").replace("2020-01-01", "2021-01-01", 1)
        (folder / "trades.yaml").write_text(changed + '  - {code: "48", name: Khác}\n', encoding="utf-8")
        said = "\n".join(services.plan([folder]).describe())
        assert "Thêm 1 mục" in said and "1 mục thay đổi" in said

    def test_the_same_code_may_come_again_for_other_days(self, folder: Path) -> None:
        items = '  - {code: "1", name: A, valid_to: 2020-12-31}\n  - {code: "1", name: B, valid_from: 2021-01-01}\n'
        assert publish(folder, HEAD + items) == []
        trades = PUBLISHED.code_list("trades", DAY)
        assert [trades.name("1", day) for day in (date(2020, 12, 31), date(2021, 1, 1))] == ["A", "B"]

    def test_lists_that_fields_need_and_nobody_declared_are_found_at_their_places(self, folder: Path) -> None:
        publish(folder, TRADES)
        asked = fields(field("trade", "code-list", list="trades"), field("home", "address", list="nowhere"))
        (problem,) = check_lists(asked, Catalogue(), ("form",))
        assert problem.path == ("form", 1, "list")
        assert "nowhere" in str(problem.message)


class TestLookingUp:
    def test_a_code_is_called_as_on_the_day(self) -> None:
        assert UNITS.name("24611", LAST_DAY_OF_DISTRICTS) == "Phường Nghĩa Đức"
        assert UNITS.name("24611", FIRST_DAY_WITHOUT) == "Phường Bắc Gia Nghĩa"

    def test_outside_its_days_a_code_keeps_its_last_name_and_an_unknown_one_is_itself(self) -> None:
        assert UNITS.name("24612", FIRST_DAY_WITHOUT) == "Phường Nghĩa Thành"
        assert CodeList([Item("1", "A", valid_from=DAY)]).name("1", date(2000, 1, 1)) == "A"
        assert UNITS.name("00000", DAY) == "00000"

    def test_units_above_and_below(self) -> None:
        assert [item.code for item in UNITS.chain("24612", DAY)] == ["24612", "660", "67"]
        assert [item.code for item in UNITS.below("67", DAY)] == ["660", "661"]
        assert [item.code for item in UNITS.below("", FIRST_DAY_WITHOUT)] == ["66", "68"]

    def test_a_list_whose_items_are_above_each_other_in_a_circle_still_ends(self) -> None:
        assert len(CodeList([Item("1", "A", "2"), Item("2", "B", "1")]).chain("1", DAY)) == 2


class TestSearch:
    MANY = CodeList(
        [Item(f"{n:05}", f"Xã số {n} huyện Đắk Mil") for n in range(10_000)]
        + [Item("X1", "Giấy phép xây dựng nhà ở"), Item("X2", "Xây dựng và giấy phép"), Item("X3", "Tái xây dựng")]
    )

    def test_words_are_found_without_their_marks_in_any_order_the_best_first(self) -> None:
        assert [item.code for item in self.MANY.search("giay phep xay", DAY)] == ["X1", "X2"]
        assert [item.code for item in self.MANY.search("XÂY DỰNG", DAY)] == ["X2", "X1", "X3"]
        assert self.MANY.search("09999", DAY)[0].code == "09999"

    def test_no_more_than_wanted_are_found(self) -> None:
        assert len(self.MANY.search("dak mil", DAY, limit=7)) == 7
        assert self.MANY.search("không có gì như thế", DAY) == []
        assert self.MANY.search("x" * 100_000, DAY) == []

    def test_only_what_is_valid_on_the_day_is_found(self) -> None:
        assert [item.name for item in UNITS.search("gia nghia", FIRST_DAY_WITHOUT)] == ["Phường Bắc Gia Nghĩa"]


class TestFollowing:
    """A was divided into B and C on the first day; C was merged into D a month later; E ended, F was always there."""

    FIRST, SECOND = date(2021, 1, 1), date(2021, 2, 1)
    BEFORE, BETWEEN, AFTER = date(2020, 6, 1), date(2021, 1, 15), date(2021, 3, 1)
    CODES = CodeList(
        [
            Item("A", "Xã A", valid_to=date(2020, 12, 31), replaced_by=("B", "C")),
            Item("E", "Xã E", valid_to=date(2020, 12, 31)),
            Item("B", "Xã B", valid_from=FIRST),
            Item("C", "Xã C", valid_from=FIRST, valid_to=date(2021, 1, 31), replaced_by=("D",)),
            Item("D", "Xã D", valid_from=SECOND),
            Item("F", "Xã F"),
        ]
    )

    def on(self, code: str, since: date, at: date) -> list[str]:
        item = self.CODES.find(code, since)
        assert item
        return [each.code for each in self.CODES.counterparts(item, at)]

    def test_what_became_of_a_code_is_followed_over_every_change(self) -> None:
        assert self.on("A", self.BEFORE, self.BETWEEN) == ["B", "C"]
        assert self.on("A", self.BEFORE, self.AFTER) == ["B", "D"]
        assert self.on("E", self.BEFORE, self.AFTER) == []
        assert self.on("F", self.BEFORE, self.AFTER) == ["F"]

    def test_what_a_code_was_made_of_is_found_the_other_way(self) -> None:
        assert self.on("D", self.AFTER, self.BEFORE) == ["A"]
        assert self.on("D", self.AFTER, self.BETWEEN) == ["C"]
        assert self.on("B", self.AFTER, self.BEFORE) == ["A"]

    def test_a_list_looks_the_same_from_one_turn_to_the_next(self) -> None:
        assert self.CODES.turns == [self.FIRST, self.SECOND]
        days = [self.FIRST + timedelta(days=n) for n in range(-40, 60)]
        for day in days:
            assert [item.code for item in self.CODES.valid(day)] == [i.code for i in self.CODES.items if i.valid(day)]

    @given(st.data())
    def test_whatever_is_found_on_a_day_is_in_force_on_it(self, data: st.DataObject) -> None:
        turns = sorted(
            data.draw(st.lists(st.dates(date(2000, 1, 1), date(2030, 1, 1)), min_size=1, max_size=4, unique=True))
        )
        edges = [date(1990, 1, 1), *turns, date(2040, 1, 1)]
        items = [
            Item(
                f"{n}{letter}",
                f"Xã {n}{letter}",
                valid_from=first,
                valid_to=after - timedelta(days=1) if n < len(turns) else None,
                replaced_by=tuple(
                    f"{n + 1}{to}" for to in data.draw(st.sets(st.sampled_from("abc"))) if n < len(turns)
                ),
            )
            for n, (first, after) in enumerate(pairwise(edges))
            for letter in "abc"
        ]
        codes = CodeList(items)
        item, day = data.draw(st.sampled_from(items)), data.draw(st.dates(edges[0], edges[-1]))
        found = codes.counterparts(item, day)
        assert all(each.valid(day) for each in found) and len({id(each) for each in found}) == len(found)
        if item.valid(day):
            assert found == [item]
        elif item.valid_to and day > item.valid_to:
            assert all(item in codes.counterparts(each, item.valid_to) for each in found)


class TestChanges:
    def test_items_are_compared_by_code_and_those_that_share_it_in_their_order(self) -> None:
        old = [Item("1", "A", valid_to=DAY), Item("1", "B", valid_from=DAY), Item("2", "C"), Item("3", "D")]
        new = [Item("1", "A", valid_to=DAY), Item("1", "B2", valid_from=DAY), Item("3", "D"), Item("4", "E")]
        found = changes(old, new)
        assert [each.code for each in found.added] == ["4"] and [each.code for each in found.removed] == ["2"]
        ((changed,),) = [found.changed]
        assert changed.what == ("name",) and changed.after.name == "B2"
        assert not changes(old, old) and not changes(old, list(reversed(old)))
