"""What a whole form does: conditions, computed values, rows, drafts, and input that is too much."""

from decimal import Decimal
from typing import Any

import pytest

from lienthong.foundation.fields import data
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.field_list import FieldList
from tests.foundation.fields.samples import CONTEXT, OPTIONS, field, fields

BUILDING = fields(
    field("kind", "choice", options=OPTIONS, required=True),
    field(
        "owner",
        "section",
        fields=[
            field("name", "text", required=True),
            field("phone", "phone", required="owner.email == null"),
            field("email", "email"),
        ],
    ),
    field("old_permit", "section", when="kind == 'repair'", fields=[field("number", "text", required=True)]),
    field("floors", "integer", min=1, max=50, required="kind == 'new'"),
    field("area", "decimal", unit="m²"),
    field("total", "computed", value="double(floors) * area", result="decimal", unit="m²"),
    field("fire", "boolean", look="radio", when="total > 1000.0", required=True),
)
FILLED: dict[str, Any] = {
    "kind": "new",
    "owner": {"name": "Nguyễn Thị Hoa", "phone": "0912345678"},
    "floors": "3",
    "area": "93,5",
}


def told(cleaned: Cleaned) -> dict[str, str]:
    return {path: str(problem) for path, problem in cleaned.errors.items()}


def test_what_is_filled_in_becomes_typed_values_in_the_order_of_the_form() -> None:
    cleaned = clean(BUILDING, FILLED, CONTEXT)
    assert cleaned.ok
    assert cleaned.values == {
        "kind": "new",
        "owner": {"name": "Nguyễn Thị Hoa", "phone": "0912345678", "email": None},
        "floors": 3,
        "area": Decimal("93.5"),
        "total": Decimal("280.5"),
    }
    assert list(cleaned.values) == ["kind", "owner", "floors", "area", "total"]


def test_an_empty_form_asks_for_what_is_required_in_the_order_of_the_form() -> None:
    assert told(clean(BUILDING, {}, CONTEXT)) == {
        "kind": "Hãy chọn mục kind.",
        "owner.name": "Hãy nhập mục name.",
        "owner.phone": "Hãy nhập mục phone.",
    }


def test_what_is_asked_depends_on_what_was_answered_and_on_what_was_computed() -> None:
    repair = clean(BUILDING, FILLED | {"kind": "repair"}, CONTEXT)
    assert told(repair) == {"old_permit.number": "Hãy nhập mục number."}
    large = clean(BUILDING, FILLED | {"area": "1.000", "floors": "2"}, CONTEXT)
    assert told(large) == {"fire": "Hãy chọn có hoặc không: mục fire."}


def test_what_is_not_asked_is_neither_checked_nor_a_value_but_stays_in_the_draft() -> None:
    typed = FILLED | {"old_permit": {"number": "GP-1"}, "fire": "có lẽ"}
    cleaned = clean(BUILDING, typed, CONTEXT)
    assert cleaned.ok
    assert "old_permit" not in cleaned.values
    assert cleaned.raw["old_permit"] == {"number": "GP-1"}
    assert cleaned.raw["fire"] == "có lẽ"


def test_a_field_that_hangs_on_what_is_not_asked_is_not_asked_either() -> None:
    chain = fields(
        field("a", "boolean"),
        field("b", "boolean", when="a"),
        field("c", "text", when="b", required=True),
    )
    assert clean(chain, {"a": False, "b": True, "c": "x"}, CONTEXT).asked == {"a"}
    assert clean(chain, {"a": True, "b": True, "c": "x"}, CONTEXT).asked == {"a", "b", "c"}


def test_a_typing_error_is_not_also_called_missing() -> None:
    assert told(clean(BUILDING, FILLED | {"floors": "ba"}, CONTEXT)) == {
        "floors": "Hãy viết số bằng chữ số, ví dụ 1.500 hoặc 93,5."
    }


def test_a_computed_value_is_never_taken_from_outside() -> None:
    assert clean(BUILDING, FILLED | {"total": "9999"}, CONTEXT).values["total"] == Decimal("280.5")


def test_a_name_that_the_form_does_not_have_is_an_error_for_programs() -> None:
    assert told(clean(BUILDING, FILLED | {"floor": "3"}, CONTEXT)) == {"floor": "Không có trường dữ liệu này."}
    assert clean(BUILDING, FILLED | {"floor": "3"}, CONTEXT, draft=True).ok


class TestDraft:
    def test_a_draft_asks_for_nothing_and_keeps_what_is_wrong_as_it_was_typed(self) -> None:
        draft = clean(BUILDING, {"floors": "nhiều", "owner": {"phone": "12"}}, CONTEXT, draft=True)
        assert list(draft.errors) == ["owner.phone", "floors"]
        assert draft.raw == {"owner": {"phone": "12"}, "old_permit": {}, "floors": "nhiều"}

    def test_what_came_later_is_merged_into_what_was_kept(self) -> None:
        kept = clean(BUILDING, FILLED, CONTEXT, draft=True).raw
        merged = data.merge(BUILDING, kept, {"owner": {"email": "hoa@example.vn"}, "floors": ""})
        cleaned = clean(BUILDING, merged, CONTEXT, draft=True)
        assert cleaned.values["owner"] == {
            "name": "Nguyễn Thị Hoa",
            "phone": "0912345678",
            "email": "hoa@example.vn",
        }
        assert cleaned.values["floors"] is None
        assert cleaned.values["area"] == Decimal("93.5")

    def test_a_draft_of_an_older_form_is_read_as_far_as_it_fits(self) -> None:
        newer = fields(field("kind", "integer"), field("owner", "text"), field("area", "decimal"))
        cleaned = clean(newer, clean(BUILDING, FILLED, CONTEXT, draft=True).raw, CONTEXT, draft=True)
        assert cleaned.values["area"] == Decimal("93.5")
        assert set(cleaned.errors) == {"kind", "owner"}

    def test_what_a_database_cannot_hold_is_not_kept(self) -> None:
        draft = clean(BUILDING, {"owner": {"name": "a\x00b\ud800"}}, CONTEXT, draft=True)
        assert draft.raw["owner"] == {"name": "ab"}


class TestRows:
    PEOPLE = fields(
        field(
            "people",
            "table",
            required=True,
            min_rows=2,
            max_rows=3,
            fields=[
                field("name", "text", required=True),
                field("share", "decimal"),
                field("represents", "boolean"),
                field("title", "text", when="row.represents", required="size(row.name) > 0"),
                field("doubled", "computed", value="row.share * 2.0"),
            ],
        ),
        field("total", "computed", value="sum(people.map(p, p.doubled))"),
    )

    def test_every_row_has_its_own_conditions_and_computed_values(self) -> None:
        rows = [{"name": "An", "share": "10", "represents": "true"}, {"name": "Bình", "share": "20,5", "title": "x"}]
        cleaned = clean(self.PEOPLE, {"people": rows}, CONTEXT)
        assert told(cleaned) == {"people.0.title": "Hãy nhập mục title."}
        assert cleaned.values["people"][1] == {
            "name": "Bình",
            "share": Decimal("20.5"),
            "represents": False,
            "doubled": 41,
        }
        assert cleaned.values["total"] == 61

    def test_rows_that_nobody_filled_in_are_dropped_when_it_counts(self) -> None:
        rows = [{"name": ""}, {"name": "An", "share": ""}, {}, None, {"represents": "", "title": " "}]
        assert told(clean(self.PEOPLE, {"people": rows[:3]}, CONTEXT)) == {"people": "Hãy điền ít nhất 2 dòng."}
        assert [row["name"] for row in clean(self.PEOPLE, {"people": rows}, CONTEXT).values["people"]] == ["An"]
        assert len(clean(self.PEOPLE, {"people": rows[:3]}, CONTEXT, draft=True).raw["people"]) == 3

    def test_the_number_of_rows_is_limited(self) -> None:
        rows = [{"name": f"Người {n}"} for n in range(4)]
        cleaned = clean(self.PEOPLE, {"people": rows}, CONTEXT)
        assert told(cleaned) == {"people": "Tối đa 3 dòng; hiện có 4 dòng."}
        assert len(cleaned.raw["people"]) == 4

    def test_no_rows_at_all_are_asked_for(self) -> None:
        assert told(clean(self.PEOPLE, {}, CONTEXT)) == {"people": "Hãy điền ít nhất một dòng: mục people."}

    def test_a_table_that_is_no_list_is_refused(self) -> None:
        wrongs: list[Any] = ["x", {"0": {}}, 5, ["x", "y"]]
        for wrong in wrongs:
            assert not clean(self.PEOPLE, {"people": wrong}, CONTEXT).ok


class TestTooMuch:
    def test_a_hundred_thousand_rows_are_refused_unread(self) -> None:
        cleaned = clean(TestRows.PEOPLE, {"people": [{"name": "\x00"}] * 100_000}, CONTEXT)
        assert told(cleaned) == {"people": "Tối đa 3 dòng; hiện có 100.000 dòng."}
        assert cleaned.raw == {"people": []}

    def test_a_text_of_a_megabyte_is_refused_and_not_kept_whole(self) -> None:
        cleaned = clean(BUILDING, {"owner": {"name": "ế" * 1_000_000}}, CONTEXT, draft=True)
        assert told(cleaned) == {"owner.name": "Tối đa 255 ký tự; bạn đã nhập 1.000.000 ký tự."}
        assert len(cleaned.raw["owner"]["name"]) == 100_000

    def test_unknown_names_are_told_but_not_without_end(self) -> None:
        assert len(clean(BUILDING, {f"x{n}": n for n in range(50_000)} | FILLED, CONTEXT).errors) == 20

    @pytest.mark.parametrize("wrong", ["x", 5, ["x"], True])
    def test_a_section_that_is_none_is_refused(self, wrong: Any) -> None:
        assert "owner" in clean(BUILDING, FILLED | {"owner": wrong}, CONTEXT).errors


class TestStart:
    def test_a_new_form_begins_with_its_defaults(self) -> None:
        asked = fields(
            field("name", "text", default="${applicant.name}"),
            field("day", "date", default="${today}"),
            field("kind", "choice", options=OPTIONS, default="new"),
            field("area", "decimal", default=12.5),
            field("mail", "email", default="${applicant.email}"),
            field("s", "section", fields=[field("note", "text", default="Kính gửi ${applicant.name}")]),
            field("rows", "table", required=True, fields=[field("n", "integer", default=1)]),
        )
        raw = data.start(asked, CONTEXT)
        assert raw == {
            "name": "Nguyễn Thị Hoa",
            "day": "2021-03-15",
            "kind": "new",
            "area": 12.5,
            "s": {"note": "Kính gửi Nguyễn Thị Hoa"},
            "rows": [{"n": 1}],
        }
        assert clean(asked, raw, CONTEXT).ok


class TestReading:
    VALUES = clean(BUILDING, FILLED, CONTEXT).values

    def test_expressions_and_texts_over_the_data(self) -> None:
        asked = fields(KIND_AND_PLACE[0], KIND_AND_PLACE[1])
        values = clean(asked, {"kind": "new", "place": {"unit": "24612", "detail": "12 Hùng Vương"}}, CONTEXT).values
        text = "${shown.kind}: ${place.detail} (${place.text}), ${applicant.name}, ${today}"
        assert data.write(asked, text, values, CONTEXT) == (
            "Xây dựng mới: 12 Hùng Vương (12 Hùng Vương, Phường Nghĩa Thành, Thành phố Gia Nghĩa, Tỉnh Đắk Nông), "
            "Nguyễn Thị Hoa, 15/03/2021"
        )
        assert data.holds(asked, "kind == 'new' && applicant.email == null", values, CONTEXT)
        assert data.evaluate(asked, "place.unit", values, CONTEXT) == "24612"

    def test_what_is_stored_is_read_back_or_refused_by_name(self) -> None:
        json = data.to_json(BUILDING, self.VALUES)
        assert json["area"] == 93.5
        assert data.from_json(BUILDING, json) == self.VALUES
        with pytest.raises(ValueError, match=r"owner: .*name: "):
            data.from_json(BUILDING, json | {"owner": {"name": 5}})


KIND_AND_PLACE = (field("kind", "choice", options=OPTIONS), field("place", "address"))


def test_an_empty_list_asks_nothing() -> None:
    assert clean(FieldList(), {}, CONTEXT).ok
