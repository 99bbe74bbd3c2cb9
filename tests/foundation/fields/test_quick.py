"""Cleaning many rows gives what cleaning one gives."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.lists import CodeList, HeldLists, Item
from lienthong.foundation.fields.quick import QuickCleaner

LISTS = HeldLists(
    {
        "administrative-units": CodeList(
            [Item("66", "Đắk Nông"), Item("660", "Gia Nghĩa", "66"), Item("24611", "Nghĩa Đức", "660")]
        )
    }
)
CONTEXT = Context(at=date(2025, 3, 3), lists=LISTS)
PLAIN: list[dict[str, Any]] = [
    {"key": "a", "type": "text", "label": "A", "required": True, "max_length": 5},
    {"key": "yes", "type": "boolean", "label": "Đồng ý", "required": True},
    {"key": "s", "type": "section", "label": "S", "fields": [
        {"key": "n", "type": "integer", "label": "N", "max": 9},
        {"key": "day", "type": "date", "label": "D", "required": True}]},
    {"key": "where", "type": "address", "label": "Nơi", "required": True},
    {"key": "kinds", "type": "choices", "label": "Loại", "required": True, "options": [{"value": "x", "label": "X"}]},
    {"key": "rows", "type": "table", "label": "Bảng", "fields": [{"key": "t", "type": "text", "label": "T"}]},
]  # fmt: skip
WITH_CONDITIONS = [
    *PLAIN,
    {"key": "b", "type": "text", "label": "B", "required": "s.n > 3", "when": "a == 'x'"},
    {"key": "twice", "type": "computed", "label": "2N", "value": "s.n * 2"},
]

odd = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 12), st.text(max_size=8), st.just("x"), st.just(["x"]),
    st.just("2025-01-31"),
    st.just({"unit": "24611", "detail": "1"}), st.just({"unit": "1"}), st.just({"day": "31/01/2025", "n": "5"}),
    st.just([{"t": "1"}]), st.just({"n": 3, "day": ""}), st.lists(st.none(), max_size=2),
)  # fmt: skip
raws = st.dictionaries(st.sampled_from(["a", "yes", "s", "where", "kinds", "rows", "b", "strange"]), odd)


def listed(declared: list[dict[str, Any]]) -> FieldList:
    from pydantic import TypeAdapter

    return TypeAdapter(FieldList).validate_python(declared)


WITH_CHECKS = [
    {**PLAIN[0], "checks": [{"that": "a != 'x' || s.n > 2", "message": "Với x thì n trên 2, 100%."}]},
    PLAIN[1],
    {"key": "s", "type": "section", "label": "S", "fields": [
        {"key": "n", "type": "integer", "label": "N", "max": 9, "checks": [
            {"that": "s.n < 5 || yes", "message": "N từ 5 thì phải đồng ý."},
            {"that": "s.day > date('2025-02-01')", "message": "Ngày sớm quá."}]},
        {"key": "day", "type": "date", "label": "D", "required": True}]},
    {**PLAIN[3], "checks": [{"that": "where.unit == '1'", "message": "Nơi khác."}]},
    *PLAIN[4:],
]  # fmt: skip


@pytest.mark.parametrize("declared", [PLAIN, WITH_CONDITIONS, WITH_CHECKS])
def test_many_at_once_and_one_by_one_agree(declared):
    fields = listed(declared)
    cleaner = QuickCleaner(fields, CONTEXT)

    @given(raws)
    def agree(raw):
        cleaned = clean(fields, raw, CONTEXT)
        values, errors = cleaner.clean(raw)
        assert values == cleaned.values and list(values) == list(cleaned.values)
        assert list(errors) == list(cleaned.errors)
        assert {path: str(each) for path, each in errors.items()} == {
            path: str(each) for path, each in cleaned.errors.items()
        }

    agree()
