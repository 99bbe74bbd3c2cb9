"""Texts that fit a regular expression, for fields that ask for one."""

import re
from random import Random
from typing import Any

_parser: Any = re._parser  # type: ignore[attr-defined]  # the only reader of expressions in the standard library

LETTERS = "ABCDEGHKLMNPQRSTVXY"
_ANY = "abcdeghiklmnopqrstuvxy"
_CATEGORIES = {"CATEGORY_DIGIT": "0123456789", "CATEGORY_SPACE": " ", "CATEGORY_WORD": _ANY}
MOST_REPEATED = 8


def text_like(pattern: str, rng: Random) -> str:
    """A text that the whole pattern fits, as far as it is written with what RE2 knows."""
    return "".join(_written(_parser.parse(pattern), rng))


def _written(parts: Any, rng: Random) -> list[str]:
    return [_one(str(kind), value, rng) for kind, value in parts]


def _one(kind: str, value: Any, rng: Random) -> str:
    match kind:
        case "LITERAL":
            return chr(value)
        case "ANY":
            return rng.choice(_ANY)
        case "NOT_LITERAL":
            return next(letter for letter in LETTERS if ord(letter) != value)
        case "IN":
            return rng.choice(_choices(value))
        case "BRANCH":
            return "".join(_written(rng.choice(value[1]), rng))
        case "SUBPATTERN":
            return "".join(_written(value[-1], rng))
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            least, most, repeated = value
            times = rng.randint(least, max(least, min(int(most), least + MOST_REPEATED)))
            return "".join("".join(_written(repeated, rng)) for _time in range(times))
        case _:  # places such as ^ and $ take no room
            return ""


def _choices(members: Any) -> str:
    """The letters of a class; of a negated one those of our own that are not in it."""
    found, negated = "", False
    for kind, value in members:
        match str(kind):
            case "NEGATE":
                negated = True
            case "LITERAL":
                found += chr(value)
            case "RANGE":
                found += "".join(map(chr, range(value[0], min(value[1], value[0] + 200) + 1)))
            case "CATEGORY":
                found += _CATEGORIES.get(str(value), _ANY)
    return "".join(letter for letter in LETTERS + _ANY + "0123456789" if letter not in found) if negated else found
