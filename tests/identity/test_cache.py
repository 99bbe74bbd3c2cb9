"""The cache that all processes share."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.cache import cache

from lienthong.foundation import clock
from lienthong.identity.models import Guesses, SharedValue
from lienthong.identity.services.upkeep import tidy
from tests import cast

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def empty(db: None) -> Iterator[None]:
    cache.clear()
    yield


@pytest.mark.parametrize("value", ["chữ", 7, 1.5, True, None, ["a", 1], {"a": [1, None]}, ""])
def test_plain_values_come_back_as_they_were(value: object) -> None:
    cache.set("khóa", value)
    assert cache.get("khóa", "nothing") == value
    assert "khóa" in cache


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", float("nan"), Exception])
def test_objects_are_not_kept(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        cache.set("k", value)


@pytest.mark.parametrize("key", ["x" * 5000, "\x00", "a b", "Đắk Nông", "\ud800", "%s"])
def test_any_key_is_a_key(key: str) -> None:
    cache.set(key, 1)
    assert cache.get(key) == 1 and cache.get(key + "x") is None
    assert cache.delete(key) and not cache.delete(key)


def test_a_value_is_gone_when_its_time_is_over() -> None:
    cache.set("k", 1, timeout=10)
    with clock.at(cast.MONDAY + 9 * SECOND):
        assert cache.get("k") == 1
    with clock.at(cast.MONDAY + 10 * SECOND):
        assert cache.get("k") is None and "k" not in cache
        assert not cache.touch("k") and cache.add("k", 2)


def test_adding_does_not_replace() -> None:
    assert cache.add("k", 1) and not cache.add("k", 2)
    assert cache.get("k") == 1


def test_touching_lengthens_and_counting_does_not() -> None:
    cache.set("k", 1, timeout=10)
    cache.incr("k", 4)
    with clock.at(cast.MONDAY + 9 * SECOND):
        assert cache.touch("k", 10)
    with clock.at(cast.MONDAY + 18 * SECOND):
        assert cache.incr("k") == 6
    with clock.at(cast.MONDAY + 20 * SECOND), pytest.raises(ValueError, match="no number"):
        cache.incr("k")


def test_several_at_once() -> None:
    cache.set_many({"a": 1, "b": 2, "c": 3}, timeout=60)
    assert cache.get_many(["a", "c", "x"]) == {"a": 1, "c": 3}
    cache.delete_many(["a", "b"])
    assert cache.get_many(["a", "b", "c"]) == {"c": 3}


def test_versions_are_apart() -> None:
    cache.set("k", 1, version=1)
    cache.set("k", 2, version=2)
    assert cache.get("k", version=1) == 1 and cache.get("k", version=2) == 2


def test_what_has_run_out_is_swept_away_at_night() -> None:
    cache.set_many({str(number): number for number in range(20)}, timeout=10)
    cache.set("stays", 1, timeout=None)
    Guesses.objects.create(key="name:x", count=3, last_at=cast.MONDAY)
    with clock.at(cast.MONDAY + timedelta(days=1, seconds=1)):
        tidy()
        tidy()
    assert SharedValue.objects.count() == 1 and not Guesses.objects.exists()
