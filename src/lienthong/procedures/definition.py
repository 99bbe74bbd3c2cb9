"""What a province may declare of administrative procedures."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.definitions.registry import Catalogue, Kind, Problem
from lienthong.foundation.definitions.rules import Path
from lienthong.foundation.fields.code_lists import check_lists
from lienthong.foundation.organisations.definition import ROLE, known_functions
from lienthong.procedures import rules, sub_dossiers
from lienthong.procedures.shapes import ProcedureBody, Variant


def check(body: ProcedureBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from rules.problems(body, roles=catalogue.all(ROLE), functions=known_functions(catalogue))
    yield from _lists_of(body, catalogue)
    yield from sub_dossiers.problems(body, body.process, catalogue.all(PROCEDURE), ("process", "steps"))
    for number, variant in enumerate(body.variants):
        place: Path = ("variants", number)
        yield from _lists_of(variant, catalogue, place)
        if variant.process:
            here, steps = body.in_variant(variant.key), (*place, "process", "steps")
            yield from sub_dossiers.problems(here, variant.process, catalogue.all(PROCEDURE), steps)


def _lists_of(body: ProcedureBody | Variant, catalogue: Catalogue, place: Path = ()) -> Iterator[Problem]:
    if body.form:
        yield from check_lists(body.form, catalogue, (*place, "form"))
    for number, result in enumerate(body.results or ()):
        yield from check_lists(result.fields, catalogue, (*place, "results", number, "fields"))
    for at, step in enumerate(body.process.steps if body.process else ()):
        for number, action in enumerate(step.actions):
            yield from check_lists(action.asks, catalogue, (*place, "process", "steps", at, "actions", number, "asks"))


PROCEDURE = Kind(
    "procedure",
    ProcedureBody,
    title=_("administrative procedure"),
    after=("code-list", "role", "organisations"),
    check=check,
)
