"""Time limits as the law writes them: read, written, refused, said in Vietnamese."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from lienthong.foundation.calendars.rules import Limit, LimitUnreadable, Unit


class Step(BaseModel):
    limit: Limit
    limit_online: Limit | None = None


units = st.sampled_from([Unit.WORKING_DAY, Unit.WORKING_HOUR])
limits = st.builds(Limit, st.decimals("0.01", 9999, places=2), units) | st.integers(1, 9999).map(Limit.days)


@settings(max_examples=60)
@given(limits)
def test_what_is_written_is_read_back(limit: Limit) -> None:
    assert Limit.parse(str(limit)) == limit
    assert hash(Limit.parse(str(limit))) == hash(limit)
    step = Step(limit=limit)
    assert Step.model_validate_json(step.model_dump_json()) == step
    assert Step.model_validate(step.model_dump()) == step


@pytest.mark.parametrize(
    ("written", "limit", "standard"),
    [
        ("20 working days", Limit.working_days(20), "20 working days"),
        ("1 working day", Limit.working_days(1), "1 working day"),
        ("  1 working days ", Limit.working_days(1), "1 working day"),
        ("0.50 working days", Limit.working_days(Decimal("0.5")), "0.5 working days"),
        ("020 days", Limit.days(20), "20 days"),
        ("15.0 days", Limit.days(15), "15 days"),
        ("8 working hours", Limit.working_hours(8), "8 working hours"),
    ],
)
def test_it_may_be_written_in_several_ways(written: str, limit: Limit, standard: str) -> None:
    assert Limit.parse(written) == limit
    assert str(Limit.parse(written)) == standard


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20",
        "days",
        "20 ngày",
        "-1 days",
        "1e3 days",
        "20 Days",
        "1,5 working days",
        "٢٠ days",
        "20 working",
        "∞ days",
    ],
)
def test_what_is_no_limit_is_refused_with_what_to_write(text: str) -> None:
    with translation.override("en"):
        with pytest.raises(LimitUnreadable, match="is not a time limit") as refusal:
            Limit.parse(text)
        assert "20 working days" in refusal.value.way_out


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("0 days", "more than 0"),
        ("0.00 working hours", "more than 0"),
        ("10000 working days", "at most 9999"),
        ("999999999 days", "at most 9999"),
        ("1.5 days", "Calendar days are whole"),
        ("1.125 working hours", "two decimals"),
    ],
)
def test_amounts_that_cannot_be_are_refused(text: str, why: str) -> None:
    with translation.override("en"), pytest.raises(LimitUnreadable, match=why):
        Limit.parse(text)


@pytest.mark.parametrize("amount", [Decimal("NaN"), Decimal("Infinity"), Decimal(-1)])
def test_a_limit_is_a_number_of_something(amount: Decimal) -> None:
    with pytest.raises(LimitUnreadable):
        Limit.working_hours(amount)


@pytest.mark.parametrize("value", [20, 2.5, None, True, ["20 days"], {"amount": 20}, "twenty days"])
def test_a_declaration_says_what_is_wrong_with_its_limit(value: object) -> None:
    with translation.override("en"), pytest.raises(ValidationError) as refusal:
        Step.model_validate({"limit": value})
    (error,) = refusal.value.errors()
    assert error["loc"] == ("limit",)
    assert error["msg"].endswith(
        "is not a time limit. Write it as “20 working days”, “15 days” (calendar days) or “8 working hours”."
    )


def test_the_schema_of_a_declaration_says_how_a_limit_is_written() -> None:
    schema = TypeAdapter(Limit).json_schema()
    assert schema["type"] == "string"
    assert "20 working days" in schema["examples"]


@pytest.mark.parametrize(
    ("written", "vietnamese", "english"),
    [
        ("20 working days", "20 ngày làm việc", "20 working days"),
        ("1 working day", "1 ngày làm việc", "1 working day"),
        ("15 days", "15 ngày", "15 days"),
        ("8 working hours", "8 giờ làm việc", "8 working hours"),
        ("0.5 working days", "0,5 ngày làm việc", "0.5 working days"),
    ],
)
def test_people_read_it_in_their_language(written: str, vietnamese: str, english: str) -> None:
    with translation.override("vi"):
        assert Limit.parse(written).text == vietnamese
    with translation.override("en"):
        assert Limit.parse(written).text == english


def test_limits_of_different_units_compare_by_the_working_time_they_usually_give() -> None:
    assert Limit.working_days(5).usual_working_time == timedelta(hours=40)
    assert Limit.days(7).usual_working_time == timedelta(hours=40)
    assert Limit.working_hours(40).usual_working_time == timedelta(hours=40)
