"""What holds for every type of field and all data."""

from collections.abc import Iterable, Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lienthong.foundation.fields import data, forms
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.definition import Field, types
from lienthong.foundation.fields.display import diff, display
from lienthong.foundation.fields.pages import Form, display_html
from lienthong.foundation.fields.types.structure import Section
from tests.foundation.fields import browser
from tests.foundation.fields.samples import (
    CONTEXT,
    EVERY_TYPE,
    EVERYTHING,
    VALUES,
    field,
    fields,
    typed_text,
    whole_data,
)

QUICK = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much]
)
WHOLE = settings(QUICK, max_examples=10)
WITH_PAGES = settings(QUICK, max_examples=5)

ONE_EACH = {type: fields(field("it", type, **attributes)) for type, attributes in EVERY_TYPE.items()}

LEAVES = [one.key for one in EVERYTHING if one.type not in ("section", "table", "computed")]

EVERY_KEY = sorted(node.field.key for node in EVERYTHING.nodes.values() if node.field.type != "section")

anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), typed_text(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=8,
)


def of(values: Mapping[str, Any]) -> Cleaned:
    cleaned = clean(EVERYTHING, data.to_json(EVERYTHING, values), CONTEXT)
    assert cleaned.ok, dict(cleaned.errors)
    return cleaned


def test_every_type_that_people_fill_in_is_sampled_here() -> None:
    assert set(types()) == {*EVERY_TYPE, "section", "table", "computed"}


@pytest.mark.parametrize("type", EVERY_TYPE)
def test_a_value_survives_being_kept_as_json_and_being_typed_again(type: str) -> None:
    (one,) = ONE_EACH[type]

    @QUICK
    @given(VALUES[type])
    def law(value: Any) -> None:
        json = one.to_json(value)
        assert one.from_json(json) == value
        assert one.parse(json, CONTEXT) == value
        assert isinstance(one.show(value, CONTEXT), str)

    law()


@pytest.mark.parametrize("type", EVERY_TYPE)
def test_whatever_is_sent_is_either_a_value_or_a_problem_in_words(type: str) -> None:
    @QUICK
    @given(anything)
    def law(raw: Any) -> None:
        cleaned = clean(ONE_EACH[type], {"it": raw}, CONTEXT)
        assert all(str(problem) for problem in cleaned.errors.values())
        again = clean(ONE_EACH[type], cleaned.raw, CONTEXT)
        assert again.values == cleaned.values
        assert again.raw == cleaned.raw

    law()


@WHOLE
@given(whole_data())
def test_whole_data_survives_being_kept_as_json(values: dict[str, Any]) -> None:
    cleaned = of(values)
    json = data.to_json(EVERYTHING, cleaned.values)
    assert data.from_json(EVERYTHING, json) == cleaned.values
    again = clean(EVERYTHING, json, CONTEXT)
    assert again.ok
    assert again.values == cleaned.values


@WHOLE
@given(whole_data(), st.sets(st.sampled_from(EVERY_KEY)))
def test_json_for_many_is_the_json_of_each_without_the_other_fields(values: dict[str, Any], keys: set[str]) -> None:
    cleaned = of(values).values
    assert data.json_maker(EVERYTHING, EVERY_KEY)(cleaned) == data.to_json(EVERYTHING, cleaned)
    made = data.json_maker(EVERYTHING, keys)(cleaned)
    assert made == _only(EVERYTHING, data.to_json(EVERYTHING, cleaned), keys)


def _only(asked: Iterable[Field], json: dict[str, Any], keys: set[str]) -> dict[str, Any]:
    """The fields of these keys, and the sections in which there may be any of them."""
    kept = {}
    for one in asked:
        if one.key in json and isinstance(one, Section):
            if _leaves_of(one) & keys:
                inner = json[one.key]
                kept[one.key] = inner if inner is None else _only(one.fields, inner, keys)
        elif one.key in json and one.key in keys:
            kept[one.key] = json[one.key]
    return kept


def _leaves_of(section: Section) -> set[str]:
    inner = [_leaves_of(one) if isinstance(one, Section) else {one.key} for one in section.fields]
    return set().union(*inner)


@WHOLE
@given(whole_data(), st.dictionaries(st.sampled_from(LEAVES), anything, max_size=5))
def test_a_draft_read_again_is_the_same_draft(values: dict[str, Any], spoilt: dict[str, Any]) -> None:
    first = clean(EVERYTHING, data.to_json(EVERYTHING, of(values).values) | spoilt, CONTEXT, draft=True)
    again = clean(EVERYTHING, first.raw, CONTEXT, draft=True)
    assert (again.values, again.raw, list(again.errors)) == (first.values, first.raw, list(first.errors))


@WITH_PAGES
@given(whole_data())
def test_a_form_that_is_sent_unchanged_gives_the_same_values(values: dict[str, Any]) -> None:
    cleaned = of(values)
    form = Form(EVERYTHING, cleaned, CONTEXT, prefix="ask")
    again = clean(EVERYTHING, forms.read(EVERYTHING, browser.sent(form), prefix="ask"), CONTEXT)
    assert again.ok, dict(again.errors)
    assert again.values == cleaned.values


@WITH_PAGES
@given(whole_data(), st.dictionaries(st.sampled_from(LEAVES), typed_text(), max_size=8))
def test_nothing_typed_is_lost_when_the_form_comes_back(values: dict[str, Any], typed: dict[str, str]) -> None:
    first = clean(EVERYTHING, data.to_json(EVERYTHING, of(values).values) | typed, CONTEXT, draft=True)
    form = Form(EVERYTHING, first, CONTEXT)
    taken = forms.take(EVERYTHING, browser.sent(form), CONTEXT, kept=first.raw)
    again = clean(EVERYTHING, taken.raw, CONTEXT, draft=True)
    assert again.values == first.values
    for key in ("text", "paragraph", "integer", "decimal", "date", "phone", "email", "person_id", "code_list"):
        assert (again.raw.get(key) or None) == (first.raw.get(key) or None)


@WITH_PAGES
@given(whole_data(), whole_data())
def test_showing_never_fails_and_what_was_typed_stays_text(before: dict[str, Any], after: dict[str, Any]) -> None:
    old, new = of(before), of(after)
    assert display(EVERYTHING, new.values, CONTEXT)
    shown = display_html(EVERYTHING, new.values, CONTEXT) + str(Form(EVERYTHING, new, CONTEXT))
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<b onload" not in shown
    changes = diff(EVERYTHING, old.values, new.values, CONTEXT)
    assert all(change.before != change.after for change in changes)
    assert not diff(EVERYTHING, new.values, new.values, CONTEXT)
