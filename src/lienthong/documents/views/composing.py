"""Putting a direction together step by step on its page, each step by one press and without scripts: looking for a unit
among many, taking a phrase, keeping or deleting an own one. Nothing is handed on by any of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from lienthong.documents import services
from lienthong.documents.definition import declared_phrases
from lienthong.documents.models import Phrase
from lienthong.documents.services.phrases import own_phrases
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.typed import folded
from lienthong.identity.actors import Officer

LOOK, TAKE, KEEP, DROP = "_loc", "_cau", "_luu", "_xoa"
FEW = 6
"""So many units need no search box."""
OWN, DECLARED = "r", "c"
"""Before the id of an own phrase, before the place of a declared one."""


def is_step(given: Mapping[str, str]) -> bool:
    return any(name in given for name in (LOOK, TAKE, KEEP, DROP))


def step(given: Mapping[str, str], officer: Officer) -> tuple[dict[str, str], DomainError | None]:
    """The form as it is after the step, and what was refused."""
    form = {name: value for name, value in given.items() if name not in (LOOK, TAKE, KEEP, DROP)}
    words = asked.paragraphs(given, "loi", services.LONGEST_WORDS)
    try:
        if TAKE in given and (phrase := _phrase(given[TAKE], officer)):
            form["loi"] = f"{words}\n{phrase}".strip()
        elif KEEP in given:
            services.keep_phrase(text=words, officer=officer)
        elif DROP in given and (phrase_id := asked.number(given[DROP])):
            services.drop_phrase(phrase_id=phrase_id, officer=officer)
    except DomainError as refused:
        return form, refused
    return form, None


def _phrase(name: str, officer: Officer) -> str:
    """Empty where it was deleted meanwhile, or never was."""
    number = asked.number(name[1:])
    if number is None:
        return ""
    if name.startswith(OWN):
        found: Phrase | None = own_phrases(officer).filter(pk=number).first()
        return found.text if found else ""
    declared = declared_phrases()
    return declared[number] if name.startswith(DECLARED) and number < len(declared) else ""


def phrases(officer: Officer) -> dict[str, Any]:
    """Own ones, the most used first; then those declared for all."""
    return {
        "own": list(own_phrases(officer).order_by("-uses", "-kept_at")),
        "declared": [(f"{DECLARED}{place}", text) for place, text in enumerate(declared_phrases())],
    }


def found(units: Sequence[dict[str, Any]], given: Mapping[str, str]) -> list[dict[str, Any]]:
    """The units that were chosen, then those that were looked for, by their name or that of somebody in them."""
    words = folded(asked.words(given, "_tim")).split()
    chosen = [unit for unit in units if _is_chosen(unit)]
    others = [unit for unit in units if not _is_chosen(unit) and _has(unit, words)]
    return chosen + others


def _is_chosen(unit: dict[str, Any]) -> bool:
    return bool(unit["chosen"] or any(person["chosen"] for person in unit["people"]))


def _has(unit: dict[str, Any], words: Sequence[str]) -> bool:
    text = folded(" ".join([unit["unit"].name, *(f"{each['label']} {each['title']}" for each in unit["people"])]))
    return all(word in text for word in words)
