"""Differences, canonical form and what is in force, as laws."""

import json
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from lienthong.foundation.definitions import rules
from lienthong.foundation.definitions.rules import ABSENT, Difference, Edition, Item

_words = st.sampled_from(["a", "b", "key", "code", "name", "1", "true", "đ"])
_leaves = (
    st.none() | st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False, width=16) | _words
)
_named = st.lists(
    st.dictionaries(_words, _leaves, max_size=2).flatmap(lambda item: _words.map(lambda key: {**item, "key": key})),
    max_size=4,
)
_coded = st.lists(st.fixed_dictionaries({"key": _words, "code": _words}), max_size=4)
_values = st.recursive(
    _leaves | _named | _coded,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_words, inner, max_size=4) | _named,
    max_leaves=12,
)


@given(_values, _values)
def test_following_the_differences_gives_the_new_value_and_leaves_the_old_one(old: object, new: object):
    before = rules.canonical(old)
    assert rules.canonical(rules.changed(old, rules.differences(old, new))) == rules.canonical(new)
    assert rules.canonical(old) == before


@given(_values)
def test_nothing_differs_from_itself(value: object):
    assert list(rules.differences(value, json.loads(rules.canonical(value)))) == []


@given(st.dictionaries(_words, _values), st.randoms())
def test_the_order_of_fields_does_not_matter(value: dict[str, object], random):
    names = list(value)
    random.shuffle(names)
    shuffled = {name: value[name] for name in names}
    assert rules.checksum(shuffled) == rules.checksum(value)
    assert list(rules.differences(value, shuffled)) == []


def test_the_order_of_lists_matters():
    assert rules.checksum([1, 2]) != rules.checksum([2, 1])
    assert list(rules.differences([1, 2], [2, 1])) == [Difference((), [1, 2], [2, 1])]


def test_true_is_not_one_and_nothing_is_not_absent():
    assert [str(each) for each in rules.differences({"a": True, "b": None}, {"a": 1})] == ["- b: null", "~ a: true → 1"]


def test_named_things_are_compared_by_their_name_wherever_they_stand():
    old = {"steps": [{"key": "one", "days": 1}, {"key": "two", "days": 2}, {"key": "three", "days": 3}]}
    new = {"steps": [{"key": "two", "days": 2}, {"key": "new", "name": "Mới"}, {"key": "one", "days": 5}]}
    assert list(rules.differences(old, new)) == [
        Difference(("steps", Item("key", "three")), {"key": "three", "days": 3}, ABSENT),
        Difference(("steps", Item("key", "new")), ABSENT, {"key": "new", "name": "Mới"}, 1),
        Difference(("steps",), ["one", "two"], ["two", "new", "one"], order_by="key"),
        Difference(("steps", Item("key", "one"), "days"), 1, 5),
    ]
    assert [str(each) for each in rules.differences(old, new)] == [
        "- steps[three]: three",
        "+ steps[new]: Mới",
        "↕ steps: one, two → two, new, one",
        "~ steps[one].days: 1 → 5",
    ]


def test_things_without_a_name_are_compared_by_what_they_say():
    old = [{"title": "Luật A"}, {"title": "Luật B", "date": "2014"}, {"title": "Luật C"}]
    new = [{"title": "Luật B", "date": "2020"}, {"title": "Luật C"}]
    assert [str(each) for each in rules.differences({"basis": old}, {"basis": new})] == [
        "- basis[1]: Luật B",
        "~ basis[0].title: Luật A → Luật B",
        "+ basis[0].date: 2020",
    ]


def test_a_long_value_is_shown_short():
    (difference,) = rules.differences({"how": "a\n" * 500}, {"how": "b"})
    assert len(str(difference)) < 120


_days = st.integers(0, 60).map(lambda days: date(2025, 1, 1) + timedelta(days))


@st.composite
def _histories(draw: st.DrawFn) -> tuple[Edition, ...]:
    """Newest first."""
    count = draw(st.integers(1, 5))
    editions = []
    for version in range(count, 0, -1):
        first = draw(_days)
        last = draw(st.none() | st.integers(0, 60).map(lambda days, first=first: first + timedelta(days)))
        editions.append(Edition(version * 10, version, first, last))
    return tuple(editions)


@given(_histories(), _days)
def test_what_is_in_force_covers_the_day_and_nothing_newer_has_begun(history: tuple[Edition, ...], day: date):
    chosen = rules.in_force(history, day)
    begun = [edition for edition in history if edition.first_day <= day]
    if chosen:
        assert chosen is begun[0]
        assert chosen.last_day is None or day <= chosen.last_day
    else:
        assert not begun or (begun[0].last_day and begun[0].last_day < day)


@given(_histories(), _days, st.integers(1, 5), _days)
def test_after_the_last_day_of_a_retirement_only_later_versions_are_in_force(
    history: tuple[Edition, ...], day: date, version: int, last_day: date
):
    chosen = rules.in_force(rules.ended(history, version=version, last_day=last_day), day)
    if day > last_day and chosen:
        assert chosen.version > version
    if day <= last_day and (before := rules.in_force(history, day)):
        assert chosen is not None
        assert chosen.id == before.id
