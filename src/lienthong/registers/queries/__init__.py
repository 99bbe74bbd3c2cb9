"""Reads of registers, each limited to the entries and the fields that are somebody's to read.

The rights stand in the SQL: a column that may be read of some entries only comes empty of the others. Every read can be
of a day and of what was known at a moment; then the past is looked at as well.
"""

from lienthong.registers.queries.asking import literally
from lienthong.registers.queries.entries import entry, history, made_for, register, several, was_otherwise
from lienthong.registers.queries.lists import every, page, source
from lienthong.registers.queries.pointing import Referring, pointing_to, referring
from lienthong.registers.queries.shapes import (
    NEWEST,
    PAGE,
    AsOf,
    Cursor,
    Entry,
    Filters,
    NoSuchEntry,
    Part,
    Slice,
    Sort,
)

__all__ = [
    "NEWEST",
    "PAGE",
    "AsOf",
    "Cursor",
    "Entry",
    "Filters",
    "NoSuchEntry",
    "Part",
    "Referring",
    "Slice",
    "Sort",
    "entry",
    "every",
    "history",
    "literally",
    "made_for",
    "page",
    "pointing_to",
    "referring",
    "register",
    "several",
    "source",
    "was_otherwise",
]
