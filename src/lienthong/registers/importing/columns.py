"""Which column of a file fills which field: what there is to fill, and a proposal from the headings. Pure."""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from django.utils.translation import gettext as _

from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.nodes import Node
from lienthong.foundation.fields.typed import folded, one_line
from lienthong.foundation.sheets.cells import Cell, as_text, column_letter, is_empty

FROM = "_from"
"""The target of a column that says since when an entry is so."""

LOOKED_AT = 20
"""The headings are looked for in so many rows."""

ALIKE = 0.86
"""How like a heading must be to what it means; 1 is the same."""

_BESIDE = re.compile(r"\([^)]*\)|\[[^]]*\]|[*:]|^\d+[.)]")
_NUMBERS = frozenset({"stt", "tt", "so tt", "so thu tu", "no", "#"})


@dataclass(frozen=True, slots=True)
class Target:
    """Something that a column can fill. `name` is <field> or <field>.<part>; `several`: more than one column may."""

    name: str
    label: str
    group: str
    path: tuple[str, ...]
    field: Field | None
    part: str = ""
    required: bool = False

    @property
    def several(self) -> bool:
        return self.part == "unit"


def targets(leaves: Mapping[str, Node], groups: Mapping[str, str], writable: Collection[str]) -> dict[str, Target]:
    """By name, in the order of the form. `groups` has the label of each section by its key.

    Tables within an entry, files and computed values are not filled from a spreadsheet.
    """
    found: dict[str, Target] = {}
    for key, node in leaves.items():
        if key not in writable:
            continue
        for part, label in node.field.cell_parts().items():
            name = f"{key}.{part}" if part else key
            group = groups.get(node.path[-2], "") if len(node.path) > 1 else ""
            found[name] = Target(name, label, group, node.path, node.field, part, node.field.required is True)
    often = Counter(each.label for each in found.values())
    for name, each in found.items():
        if often[each.label] > 1 and each.group:
            found[name] = replace(each, label=f"{each.label} ({each.group})")
    found[FROM] = Target(FROM, _("In force from"), "", (), None)
    return found


def headings_of(cells: Sequence[Cell]) -> list[str]:
    """A name for every column: a heading that is there twice, or not at all, says its letter too."""
    names = [one_line(as_text(cell))[:200] for cell in cells]
    while names and not names[-1]:
        names.pop()
    unnamed = (_("Column %(letter)s") % {"letter": column_letter(place)} for place in range(len(names)))
    return [
        name if name and names.count(name) == 1 else f"{name} ({letter})" if name else letter
        for name, letter in zip(names, unnamed, strict=True)
    ]


def heading_row(rows: Iterable[tuple[int, Sequence[Cell]]], known: Mapping[str, Target]) -> int:
    """The row that looks most like headings: the most of its cells mean a field; else the fullest of the first."""
    best, most = 1, (-1, -1)
    for number, cells in rows:
        meant = len(proposed([as_text(cell) for cell in cells], known))
        filled = sum(not is_empty(cell) for cell in cells)
        if (meant, filled if not meant else 0) > most:
            best, most = number, (meant, filled if not meant else 0)
    return best


def proposed(headings: Sequence[str], known: Mapping[str, Target]) -> dict[int, str]:
    """The target that each heading most likely means, by the place of its column. No target is proposed twice, except
    those that several columns may fill."""
    said = [(place, (whole(heading), plain(heading))) for place, heading in enumerate(headings)]
    meaning = [(place, heading) for place, heading in said if heading[1] and heading[1] not in _NUMBERS]
    offers = [(_likeness(heading, each), -place, each.name) for place, heading in meaning for each in known.values()]
    found: dict[int, str] = {}
    taken: set[str] = set()
    for likeness, place, name in sorted(offers, reverse=True):
        if likeness < ALIKE:
            break
        if -place not in found and name not in taken:
            found[-place] = name
            taken.add(name)
    return dict(sorted(found.items()))


def plain(heading: str) -> str:
    """As headings are compared: no accents, units and marks beside."""
    return folded(_BESIDE.sub(" ", heading)).strip(" .,;")


def whole(heading: str) -> str:
    """With what stands beside, without the mark of what must be filled in."""
    return folded(heading.replace("*", " "))


def _likeness(heading: tuple[str, str], target: Target) -> float:
    """Above 1 for the very words of the form, as they stand in our own spreadsheets."""
    if heading[0] in (whole(target.label), whole(f"{target.label} ({target.group})")):
        return 1.1
    return max((_alike(heading[1], word) for word in _words(target)), default=0.0)


def _words(target: Target) -> list[str]:
    """What people may call it: label, key, with what it belongs to. Of an address, its unit has more names."""
    label, group = plain(target.label), plain(target.group)
    words = [label, plain(target.name.replace("_", " ").replace(".", " "))]
    words += [f"{label} {group}", f"{group} {label}"] if group else []
    if target.field is not None and target.part:
        whole = plain(target.field.label)
        words += [f"{whole} {name}" for name in _PARTS.get(target.part, ())]
        words += [whole] if target.part == "unit" else []
        words += list(_PARTS.get(target.part, ()))
    if target.name == FROM:
        words += ["hieu luc tu", "ngay hieu luc", "co hieu luc tu", "tu ngay"]
    return [word for word in words if word]


_PARTS = {
    "unit": ("xa", "phuong", "xa phuong", "xa phuong thi tran", "don vi hanh chinh", "ma xa"),
    "detail": ("so nha", "so nha duong", "dia chi chi tiet", "so nha duong thon", "thon", "chi tiet"),
}


def _alike(heading: str, word: str) -> float:
    if heading == word:
        return 1.0
    return SequenceMatcher(None, heading, word, autojunk=False).ratio() if abs(len(heading) - len(word)) < 12 else 0.0


def digest(headings: Sequence[str]) -> str:
    """By which a file with the same headings is known again."""
    return hashlib.sha256(json.dumps([plain(heading) for heading in headings]).encode()).hexdigest()
