"""What must hold between fields, and the functions that reckon with days."""

from datetime import date
from typing import Any

import pytest
from pydantic import ValidationError

from lienthong.foundation.fields import data
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.schema import json_schema
from tests.foundation.fields.samples import CONTEXT, field, fields

ORDER = {"that": "until > since", "message": "Ngày hết hạn phải sau ngày cấp, 100%."}
PERMIT = fields(field("since", "date"), field("until", "date", required=True, checks=[ORDER]))


def said(asked: Any, raw: dict[str, Any], **how: Any) -> dict[str, str]:
    return {path: str(problem) for path, problem in clean(asked, raw, CONTEXT, **how).errors.items()}


def test_what_does_not_hold_is_said_beside_the_field_in_the_words_of_the_declaration() -> None:
    wrong = {"since": "2021-03-02", "until": "2021-03-01"}
    assert said(PERMIT, wrong) == said(PERMIT, wrong, draft=True) == {"until": ORDER["message"]}
    assert said(PERMIT, {"since": "2021-03-02", "until": "2021-03-03"}) == {}


def test_what_is_not_known_contradicts_nothing() -> None:
    assert said(PERMIT, {"until": "2021-03-01"}) == {}
    assert said(PERMIT, {"since": "2021-03-02", "until": ""}) == {"until": "Hãy nhập mục until, ví dụ 15/03/2021."}
    assert list(said(PERMIT, {"since": "1/1/21", "until": "2021-03-01"})) == ["since"]


def test_what_is_wrong_by_itself_is_said_alone_and_of_several_checks_the_first() -> None:
    both = fields(
        field("n", "integer", checks=[{"that": f"n < {most}", "message": f"Dưới {most}."} for most in (9, 5)])
    )
    assert said(both, {"n": 10}) == {"n": "Dưới 9."} and said(both, {"n": 7}) == {"n": "Dưới 5."}
    assert "Dưới" not in said(both, {"n": "bảy"})["n"]


def test_rows_of_a_table_and_the_table_itself_are_checked() -> None:
    asked = fields(
        field(
            "rows",
            "table",
            checks=[{"that": "sum(rows.map(r, r.share)) <= 100", "message": "Tổng quá 100%."}],
            fields=[
                field("share", "integer"),
                field("paid", "integer", checks=[{"that": "row.paid <= row.share", "message": "Quá phần."}]),
            ],
        )
    )
    assert said(asked, {"rows": [{"share": 5, "paid": 6}, {"share": 6, "paid": 6}]}) == {"rows.0.paid": "Quá phần."}
    assert said(asked, {"rows": [{"share": 60}, {"share": 60}]}) == {"rows": "Tổng quá 100%."}


def test_what_is_not_asked_is_not_checked() -> None:
    asked = fields(
        field("open", "boolean"),
        field("n", "integer", when="open", checks=[{"that": "n > 5", "message": "Nhỏ quá."}]),
    )
    assert said(asked, {"n": 1}) == {} and said(asked, {"n": 1, "open": True}) == {"n": "Nhỏ quá."}


@pytest.mark.parametrize(
    ("checks", "why"),
    [
        ([{"that": "since > untl", "message": "x"}], "untl"),
        ([{"that": "since > 5", "message": "x"}], "không hợp"),
        ([{"that": "since", "message": "x"}], "đúng hoặc sai"),
        ([{"that": "since >", "message": "x"}], "biểu thức"),
        ([{"that": "since > today"}], "message"),
    ],
)
def test_a_check_that_cannot_be_is_refused_when_it_is_declared(checks: Any, why: str) -> None:
    with pytest.raises(ValidationError, match=f"(?i){why}|checks"):
        fields(field("since", "date", checks=checks))


def test_a_section_has_no_checks_of_its_own() -> None:
    with pytest.raises(ValidationError):
        fields(field("s", "section", checks=[ORDER], fields=[field("since", "date"), field("until", "date")]))


def test_programs_are_told_what_must_hold() -> None:
    assert json_schema(PERMIT)["properties"]["until"]["x-checks"] == [ORDER]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("months(date('2021-01-31'), date('2021-02-28'))", 0),
        ("months(date('2021-01-31'), date('2021-03-31'))", 2),
        ("months(date('2021-03-15'), date('2020-03-16'))", -12),
        ("add_months(date('2021-01-31'), 1)", date(2021, 2, 28)),
        ("add_months(date('2020-02-29'), 12)", date(2021, 2, 28)),
        ("add_months(date('2021-01-15'), -1)", date(2020, 12, 15)),
        ("add_days(date('2021-12-31'), 1)", date(2022, 1, 1)),
        ("add_days(date('2021-12-31'), 10000000)", None),
        ("add_months(date('9999-12-31'), 1)", None),
        ("add_months(null, 1)", None),
    ],
)
def test_days_are_reckoned_with_in_months_and_days(source: str, value: Any) -> None:
    assert data.evaluate(PERMIT, source, {}, CONTEXT) == value
