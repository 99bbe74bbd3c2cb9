"""Numbered things spread evenly over the working days of a run. Pure."""

from bisect import bisect_left


def place_of(number: int, count: int, places: int) -> int:
    """The place, counted from 0, at which one of `count` things stands."""
    return number * places // count


def numbers_at(place: int, count: int, places: int) -> range:
    """The things that stand at a place; none beyond the places."""
    if not 0 <= place < places:
        return range(0)
    first, last = (
        bisect_left(range(count), each, key=lambda number: place_of(number, count, places))
        for each in (place, place + 1)
    )
    return range(first, last)
