"""Statistics as pure tables: nothing is lost, nothing counted twice, whatever is left out of sight."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.lists import CodeList, HeldLists, Item
from lienthong.foundation.fields.types.choices import CodeListField
from lienthong.registers.statistics.dimensions import BELOW, NOTHING, Codes, Known, NoSuchPart, Numbers, Years
from lienthong.registers.statistics.figures import MOST_COLUMNS, MOST_ROWS, REST, Sum, tabulated

LISTS = HeldLists(
    {
        "dat": CodeList(
            [
                Item("NNP", "Đất nông nghiệp"),
                Item("TRONG", "Đất trồng cây", "NNP"),
                Item("LUC", "Đất lúa", "TRONG"),
                Item("CLN", "Đất cây lâu năm", "TRONG"),
                Item("PNN", "Đất phi nông nghiệp"),
                Item("ODT", "Đất ở", "PNN"),
                Item("ONT", "Đất ở", "PNN"),
            ]
        )
    }
)
CONTEXT = Context(at=date(2025, 3, 3), lists=LISTS)
KNOWN = Known(CONTEXT, lambda register, ids: {})
CODES = ["NNP", "TRONG", "LUC", "CLN", "PNN", "ODT", "ONT", "CU"]


def numbers(name: str) -> Numbers:
    return Numbers(name, name, name, name)


def land(level: int | None) -> Codes:
    field = CodeListField(key="loai", label="Loại đất", list="dat")
    return Codes("loai", "loai", "loai", "Loại đất", field, level)


known = st.builds(Sum, st.integers(50, 99), st.integers(-1000, 1000), st.integers(1, 50))
sums = st.one_of(known, st.builds(Sum, st.integers(1, 50)))
keys = st.one_of(st.none(), st.integers(-300, 300))


@given(st.dictionaries(st.tuples(keys, keys), sums, max_size=400), st.sampled_from(["count", "sum", "average"]), sums)
def test_rows_and_columns_add_up_to_the_whole_whatever_stands_with_the_rest(groups, measure, left_out):
    whole = left_out
    for each in groups.values():
        whole = whole + each
    table = tabulated(groups, whole, (numbers("a"), numbers("b")), measure, KNOWN)
    if not groups:
        assert not table.rows
        return
    assert len(table.rows) <= MOST_ROWS + 1 and len(table.columns) <= MOST_COLUMNS + 1
    for what in ("count", "total", "known"):
        assert sum(getattr(row.all, what) for row in table.rows) == getattr(whole, what)
        assert sum(getattr(each, what) for each in table.below) == getattr(whole, what)
        for row in table.rows:
            assert sum(getattr(cell, what) for cell in row.cells) == getattr(row.all, what)
    shares = [row.share for row in table.rows if row.share is not None]
    assert not shares or abs(sum(shares) - 1) < Decimal("1e-9")
    assert all(row.length is None or 0 <= row.length <= 1 for row in table.rows)
    codes = [row.part.code for row in table.rows]
    assert len(codes) == len(set(codes))
    assert codes == sorted(codes, key=lambda code: (code == REST, code == NOTHING, int(code) if code.strip("-") else 0))


@given(st.sets(st.sampled_from(CODES), min_size=1), st.sampled_from([None, 1, 2, 3]))
def test_every_code_is_in_one_part_and_the_way_back_from_a_part_finds_exactly_its_codes(stored, level):
    parting = land(level)
    parts = parting.parts(stored, CONTEXT)
    assert parts.keys() == stored
    for part in set(parts.values()):
        _condition, values = parting.condition(part, CONTEXT)
        meant = set(values[0]) if isinstance(values[0], list) else set(values)
        assert meant & stored == {code for code, of in parts.items() if of == part}


@pytest.mark.parametrize(
    ("level", "stored", "parts"),
    [
        (None, ["LUC", "NNP"], {"LUC": "LUC", "NNP": "NNP"}),
        (1, ["LUC", "CLN", "ODT"], {"LUC": "NNP*", "CLN": "NNP*", "ODT": "PNN*"}),
        (1, ["LUC", "CLN"], {"LUC": "LUC*", "CLN": "CLN*"}),
        (2, ["LUC", "NNP", "ODT"], {"LUC": "TRONG*", "NNP": "NNP", "ODT": "ODT*"}),
        (1, ["CU", "LUC"], {"CU": "CU", "LUC": "NNP*"}),
    ],
)
def test_codes_stand_under_the_item_of_their_level_and_lower_where_one_would_stand_alone(level, stored, parts):
    assert land(level).parts(stored, CONTEXT) == parts


def test_parts_of_one_name_are_told_apart_and_stand_in_the_order_of_the_list():
    names: Mapping[str, str] = land(None).names(["ODT", "ONT", "LUC", NOTHING], KNOWN)
    assert names["ODT"] == "Đất ở (ODT)" and names["ONT"] == "Đất ở (ONT)" and names["LUC"] == "Đất lúa"
    assert land(1).arranged(["PNN*", "CU", "NNP*"], CONTEXT) == ["NNP*", "PNN*", "CU"]


@pytest.mark.parametrize("code", ["", "x", "20244", "0024", "2024; DROP TABLE", "२०२४"])
def test_what_is_no_year_means_no_part(code):
    with pytest.raises(NoSuchPart):
        Years("year", "", "valid_from", "Năm").condition(code, CONTEXT)


@pytest.mark.parametrize("code", ["", "khong-co" + BELOW, "a\0b", BELOW])
def test_what_is_no_item_means_no_part(code):
    with pytest.raises(NoSuchPart):
        land(1).condition(code, CONTEXT)


def test_an_average_knows_only_what_was_entered():
    table = tabulated({(1,): Sum(3, 10, 2), (2,): Sum(4, None, 0)}, Sum(7, 10, 2), (numbers("a"),), "average", KNOWN)
    assert [row.all.value("average") for row in table.rows] == [Decimal(5), None]
    assert table.all.value("average") == 5 and not any(row.share for row in table.rows)
