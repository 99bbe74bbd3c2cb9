"""Which entries somebody may choose, as the fields of forms ask for them.

An officer chooses among the entries in force that are theirs to read, by those fields of the title that they may read
of all of them. Anybody else chooses only where the whole title is public. What is not to be chosen is not there.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.foundation.fields.context import EntryRef
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.fields.types.entries import nameless
from lienthong.foundation.statements import run
from lienthong.identity.actors import Officer
from lienthong.registers import readable, titles
from lienthong.registers.access import Automatic, Rights, everything, public, rights_of
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.queries import literally

CANDIDATES = 300
"""Entries that have the words, among which the nearest are looked for."""

MOST_WORDS = 8
SHORT = 3
"""Letters that a word needs to be looked for inside of others: the index of words knows it by three at a time."""


class Keeping:
    """What the registers do for forms."""

    kind = REGISTER

    def choosable_by(self, person: object) -> "Choosable":
        if isinstance(person, Officer):
            return Choosable(partial(rights_of, person, to="read"), "choosing:for_officer")
        if isinstance(person, Automatic):  # it points to what was decided, whoever keeps that
            return Choosable(everything, "choosing:for_officer")
        return Choosable(public, "choosing:for_anybody", whole=True)

    def obstacles(self, body: RegisterBody, *, anybody: bool) -> Iterator[str]:
        named = {"register": body.key}
        if missing := [key for key in body.title if key not in body.listing.search]:
            message = _("nothing of “%(register)s” can be found by its title: listing.search there needs %(fields)s")
            yield message % {**named, "fields": ", ".join(missing)}
        elif anybody and not _offered_by(body, public(body), whole=True):
            message = _("people who apply cannot choose from “%(register)s”: its title is not public")
            yield message % named


KEEPING = Keeping()


def _offered_by(body: RegisterBody, rights: Rights, *, whole: bool) -> list[str]:
    """The fields by which entries are offered to somebody with these rights; none where nothing may be chosen. `whole`:
    nothing may be where any of the title is not theirs to read."""
    if whole and not readable.is_whole(body, body.title, rights):
        return []
    return [key for key in body.title if rights.everywhere(key)]


class Choosable:
    """The entries that somebody may choose. It lasts as long as a page takes, and asks nothing twice."""

    def __init__(self, rights_in: Callable[[RegisterBody], Rights], page: str, *, whole: bool = False) -> None:
        self._rights_in, self._page, self._whole = rights_in, page, whole
        self._known: dict[tuple[str, int], EntryRef | None] = {}
        self._searched: dict[tuple[str, str, int], Sequence[EntryRef]] = {}

    def find(self, register: str, ids: Collection[int]) -> Mapping[int, EntryRef]:
        unknown = [id for id in ids if (register, id) not in self._known]
        if unknown:
            found = {entry.id: entry for entry in self._find(register, unknown)}
            self._known |= {(register, id): found.get(id) for id in unknown}
        known = ((id, self._known[register, id]) for id in ids)
        return {id: entry for id, entry in known if entry is not None}

    def search(self, register: str, words: str, at_most: int) -> Sequence[EntryRef]:
        asked = (register, folded(words), at_most)
        if asked not in self._searched:
            self._searched[asked] = self._search(register, words, at_most)
        return self._searched[asked]

    def address(self, register: str) -> str:
        return reverse(self._page, args=[register]) if self.offers(register) else ""

    def offers(self, register: str) -> bool:
        """Whether anything of the register may be chosen at all."""
        return self._opened(register) is not None

    # the questions to the table

    def _opened(self, register: str) -> tuple[RegisterBody, Rights, list[str]] | None:
        try:
            body = REGISTER.current(register).body
        except DefinitionNotFound:
            return None
        rights = self._rights_in(body)
        keys = _offered_by(body, rights, whole=self._whole)
        return (body, rights, keys) if keys and rights else None

    def _find(self, register: str, ids: Collection[int]) -> list[EntryRef]:
        return self._asked(register, ["id = ANY(%s)"], [sorted(ids)], len(ids))

    def _search(self, register: str, words: str, at_most: int) -> Sequence[EntryRef]:
        opened, looked_for = self._opened(register), _words(words)
        if opened is None or not looked_for:
            return ()
        body, rights, _keys = opened
        conditions, given = _having(looked_for)
        found = self._asked(register, conditions, given, CANDIDATES)
        # Where words stand that are not theirs to read, only the title counts: that an entry is found would tell them.
        farthest = 4 if readable.is_whole(body, body.listing.search, rights) else 3
        near = [(_distance(folded(entry.title), folded(words), looked_for), entry) for entry in found]
        near.sort(key=lambda each: (each[0], each[1].title, each[1].id))
        return [entry for distance, entry in near if distance <= farthest][:at_most]

    def _asked(self, register: str, conditions: Sequence[str], given: Sequence[Any], most: int) -> list[EntryRef]:
        opened = self._opened(register)
        if opened is None:
            return []
        body, rights, keys = opened
        limits, limiting = rights.limits()
        where = " AND ".join(["valid_until IS NULL", *conditions, *limits])
        columns = ", ".join(body.layout.names(keys))
        statement = f"SELECT id, {columns} FROM {body.layout.table} WHERE {where} LIMIT {int(most)}"
        with run(statement, [*given, *limiting]) as cursor:
            names = [column.name for column in cursor.description]
            rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        values = [body.layout.from_row(row) for row in rows]
        titles.fill_in(body, values, rights, keys=keys)
        named = zip((row["id"] for row in rows), values, strict=True)
        return [EntryRef(id, titles.said(body, each) or nameless(id)) for id, each in named]


def _words(typed: str) -> list[str]:
    """Words that can be looked for; a dash between two is none."""
    words = [word for word in folded(typed).split() if any(letter.isalnum() for letter in word)]
    return list(dict.fromkeys(words))[:MOST_WORDS]


def _having(words: Sequence[str]) -> tuple[list[str], list[str]]:
    """Conditions on what is searched that the index of words can answer, each by itself: of a short word, that a word
    begins so. One that it could not would have every entry read that has the others."""
    conditions, values = [], []
    for word in map(literally, words):
        if _in_index(word):
            conditions.append("search LIKE %s")
            values.append(f"%{word}%")
        else:
            conditions.append("(search LIKE %s OR search LIKE %s)")
            values += [f"{word}%", f"% {word}%"]
    return conditions, values


def _in_index(word: str) -> bool:
    return any(len(run_of_letters) >= SHORT for run_of_letters in re.split(r"[\W_]+", word))


def _distance(title: str, typed: str, words: Sequence[str]) -> int:
    """0 called so, 1 begins so, 2 words that begin so, 3 words in the title, 4 words elsewhere."""
    if title == typed:
        return 0
    if title.startswith(typed):
        return 1
    if all(f" {word}" in f" {title}" for word in words):
        return 2
    return 3 if all(word in title for word in words) else 4
