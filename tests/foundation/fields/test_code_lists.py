"""Code lists: as declared and published, looked up on a day, searched as people type."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from lienthong.foundation.definitions import queries, services
from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.registry import replaced
from lienthong.foundation.fields.code_lists import CODE_LIST, PUBLISHED, check_lists
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
        ],
    )
    def test_a_list_that_contradicts_itself_is_refused(self, folder: Path, items: str, why: str) -> None:
        assert why in "\n".join(publish(folder, HEAD + items))

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
