"""What fields of registers are filled in with, as it stands in the files of `data/`: words and hints, by what a field
is called. Nothing here knows a register."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from lienthong.foundation.fields.typed import folded
from lienthong.registers.definition import RegisterBody

DATA = Path(__file__).parent / "data"


@cache
def _read(name: str) -> Mapping[str, Any]:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True)
class Called:
    """What a field is called, without accents: its key, its label, what one entry is called, and what stands around."""

    key: str
    label: str
    of: str
    around: str = ""
    unit: str = ""

    @property
    def in_words(self) -> str:
        return f"{self.key}|{self.label}|{self.of}|{self.around}"

    @property
    def briefly(self) -> str:
        return f"{self.key}|{self.label}"

    @property
    def as_number(self) -> str:
        return f"{self.key}|{self.label}|{self.of}|{self.unit}"

    @classmethod
    def by(cls, key: str, label: str, of: str, around: str = "", unit: str = "") -> "Called":
        return cls(key, folded(label), folded(of), folded(around), unit.lower())


@dataclass(frozen=True, slots=True)
class Rule:
    """The texts of a field; where another field decides between some, `each` has them by its value."""

    found: re.Pattern[str]
    texts: Sequence[str]
    by: str
    each: Mapping[str, Sequence[str]]


@cache
def _rules() -> tuple[Rule, ...]:
    return tuple(
        Rule(re.compile(rule["found"]), rule["texts"], rule.get("by", ""), rule.get("each", {}))
        for rule in _read("texts")["rules"]
    )


@cache
def rule_for(in_words: str) -> Rule | None:
    """The first that is found in what a field is called."""
    return next((rule for rule in _rules() if rule.found.search(in_words)), None)


def words(name: str) -> Sequence[str]:
    """The list of that name; empty when there is none."""
    found: Sequence[str] = _read("lists").get(name, ())
    return found


@cache
def middle_for(as_number: str) -> float | None:
    """About what a number is; None where nothing is known."""
    found: float | None = next(
        (middle for pattern, middle in _read("hints")["numbers"] if re.search(pattern, as_number)), None
    )
    return found


def part_of(key: str) -> tuple[str, float, float] | None:
    """The number that another one is a part of, and from which share of it to which."""
    found = _read("hints")["parts"].get(key)
    return tuple(found) if found else None


def same_as(reference: str, of: str) -> Mapping[str, str]:
    """What the entry that a reference points to says of the same thing: fields here by fields there. `of`: what the
    entry is called that points."""
    same = _read("hints")["same"]
    found: Mapping[str, str] = same.get(f"{reference} {of}") or same.get(reference, {})
    return found


def usual_codes(key: str, code_list: str) -> Sequence[str]:
    codes = _read("hints")["codes"]
    found: Sequence[str] = codes.get(key) or codes.get(code_list, ())
    return found


@cache
def _expression(section: str, name: str) -> re.Pattern[str]:
    return re.compile(_read("hints")[section][name])


@cache
def is_like(section: str, name: str, text: str) -> bool:
    """Whether an expression of the hints is found in a text."""
    return _expression(section, name).search(text) is not None


@cache
def ages_of(role: str, of: str) -> tuple[int, int]:
    """How old somebody is, from to, by the role in an entry."""
    asked = f"{role}|{of}"
    order = _read("hints")["ages"]["order"]
    return next((least, most) for pattern, least, most in order if re.search(pattern, asked))


@dataclass(frozen=True, slots=True)
class Group:
    """Things that are known with more than their name. `list`: instead of rows, the items of that code list."""

    keys: tuple[str, ...]
    rows: Sequence[Sequence[Any]]
    at: Sequence[str]
    list: str


def known_things(body: RegisterBody) -> Group | None:
    """Those that the entries of a register are, if it is about such."""
    for group in _read("rows")["groups"]:
        fits = re.search(group.get("of", ""), folded(body.singular)) and set(group["keys"]) <= body.leaves.keys()
        if fits:
            return Group(tuple(group["keys"]), group.get("rows", ()), group.get("at", ()), group.get("list", ""))
    return None
