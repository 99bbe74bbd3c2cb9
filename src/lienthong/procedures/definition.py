"""What a province may declare of administrative procedures."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.definitions.registry import Catalogue, Kind, Problem
from lienthong.foundation.fields.code_lists import check_lists
from lienthong.foundation.organisations.definition import ROLE, known_functions
from lienthong.procedures import rules
from lienthong.procedures.shapes import ProcedureBody


def check(body: ProcedureBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from rules.problems(body, roles=catalogue.all(ROLE), functions=known_functions(catalogue))
    yield from check_lists(body.form, catalogue, ("form",))
    for number, result in enumerate(body.results):
        yield from check_lists(result.fields, catalogue, ("results", number, "fields"))
    for at, step in enumerate(body.process.steps):
        for number, action in enumerate(step.actions):
            yield from check_lists(action.asks, catalogue, ("process", "steps", at, "actions", number, "asks"))


PROCEDURE = Kind(
    "procedure",
    ProcedureBody,
    title=_("administrative procedure"),
    after=("code-list", "role", "organisations"),
    check=check,
)
