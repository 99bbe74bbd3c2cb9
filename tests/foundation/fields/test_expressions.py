"""What expressions mean: what is unknown, days, decimals, texts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation import clock
from lienthong.foundation.fields.expressions import BadExpression, compiled, evaluate, holds, template

DATA: dict[str, Any] = {
    "floors": 3,
    "area": Decimal("93.5"),
    "born": date(2000, 2, 29),
    "today": date(2021, 3, 15),
    "received": datetime(2021, 3, 15, 1, 30, tzinfo=UTC),
    "kind": "new",
    "empty": None,
    "owner": {"name": "Nguyễn Thị Hoa", "phone": None},
    "people": [
        {"name": "An", "share": Decimal("0.1")},
        {"name": "Bình", "share": Decimal("0.2")},
        {"name": None, "share": None},
    ],
}


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("floors + 1", 4),
        ("double(floors) * area", Decimal("280.5")),
        ("sum(people.map(p, p.share))", Decimal("0.3")),
        ("people.filter(p, p.share != null && p.share > 0.15).map(p, p.name)", ["Bình"]),
        ("join(people.map(p, p.name), '; ')", "An; Bình"),
        ("born", date(2000, 2, 29)),
        ("years(born, today)", 21),
        ("years(born, date('2021-02-28'))", 20),
        ("days(date('2021-03-01'), today)", 14),
        ("today.getFullYear()", 2021),
        ("received", datetime(2021, 3, 15, 8, 30, tzinfo=clock.ZONE)),
        ("received.getHours()", 8),
        ("length(owner.name)", 14),
        ("or_else(owner.phone, 'không có')", "không có"),
        ("round(area)", 94),
        ("round(2.345, 2)", Decimal("2.35")),
        ("least([floors, 2])", 2),
        ("greatest([1.5, area])", Decimal("93.5")),
        ("upper(kind) + lower('ĐẮK')", "NEWđắk"),
        ("money(1500000) + ' / ' + number(area)", "1.500.000 đ / 93,5"),
        ("0.1 + 0.2", Decimal("0.3")),
        ("100.0 * 1.0", Decimal(100)),
    ],
)
def test_an_expression_gives_a_value_as_fields_hold_it(source: str, value: Any) -> None:
    found = evaluate(source, DATA)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    "source",
    [
        "empty > 1",
        "empty + 1",
        "!(empty > 1)",
        "owner.phone.startsWith('0')",
        "length(empty)",
        "1 / 0",
        "floors / (floors - 3)",
        "int('x')",
        "9007199254740993 * 1000000000000",
        "1e308 * 10.0",
        "people[9].name",
        "years(born, empty)",
        "date('32/1')",
        "sum(people.map(p, p.name))",
        "nowhere",
        "owner.nowhere",
    ],
)
def test_what_needs_a_value_that_is_not_there_is_unknown_and_does_not_hold(source: str) -> None:
    assert evaluate(source, DATA) is None
    assert holds(source, DATA) is False


def test_equality_takes_null_as_a_value_and_an_or_does_not_need_what_is_unknown() -> None:
    assert holds("empty == null", DATA)
    assert holds("empty != 'new'", DATA)
    assert holds("empty > 1 || kind == 'new'", DATA)
    assert not holds("kind", DATA)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ("floors +", "sai ở ký tự thứ 9"),
        ("", "sai ở ký tự thứ 1"),
        ("floors floors", "sai ở ký tự thứ 8"),
        ("open('/etc/passwd')", "Không có hàm “open”."),
        ("people.all(p, people.all(q, p.share > q.share))", "không được duyệt một danh sách bên trong"),
        ("people[floors]", "trong [ ] chỉ được là một số"),
        ("'a' + 'b'" * 400, "dài quá 2000 ký tự"),
        ("(" * 900 + "1" + ")" * 900, "Không phải là biểu thức|recursion|Failed"),
    ],
)
def test_what_is_no_expression_is_refused_with_the_place(source: str, why: str) -> None:
    with pytest.raises(BadExpression, match=why.replace("[", r"\[")):
        compiled(source)


@settings(max_examples=100, deadline=None)
@given(st.text("abc.()[]{}'\"+-*/<>=!&|?: 01,$\\\n\u1ee5", max_size=30))
def test_no_text_breaks_the_reader_of_expressions(source: str) -> None:
    try:
        compiled(source)
    except BadExpression:
        return
    evaluate(source, DATA)


class TestTemplate:
    def test_expressions_stand_in_a_text(self) -> None:
        text = template("Nhà ở ${floors} tầng, ${area} m², sinh ${born}, lúc ${received}: ${{'a': '}'}.a}${'${x}'}")
        assert text.render(DATA) == "Nhà ở 3 tầng, 93,5 m², sinh 29/02/2000, lúc 08:30 15/03/2021: }${x}"

    def test_what_is_unknown_is_left_out(self) -> None:
        assert template("SĐT: ${owner.phone}${nowhere}.").render(DATA) == "SĐT: ."

    def test_an_expression_alone_keeps_the_kind_of_its_value(self) -> None:
        assert template("${area}").value(DATA) == Decimal("93.5")
        assert template("${area} m²").value(DATA) == "93,5 m²"

    @pytest.mark.parametrize("text", ["${floors", "${'a}", "${}", "${floors +}"])
    def test_a_template_that_is_not_closed_or_no_expression_is_refused(self, text: str) -> None:
        with pytest.raises(BadExpression):
            template(text)

    def test_values_are_never_read_as_expressions(self) -> None:
        assert template("${owner.name}").render({"owner": {"name": "${floors}"}, "floors": 3}) == "${floors}"
