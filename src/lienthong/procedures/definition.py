"""What a province may declare of administrative procedures."""

from collections.abc import Iterator

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.definitions.registry import Catalogue, Kind, Problem
from lienthong.foundation.definitions.rules import Path
from lienthong.foundation.fields.checks import check_fields
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.organisations.definition import ROLE, known_functions
from lienthong.procedures import entering, rules, sub_dossiers
from lienthong.procedures.shapes import ProcedureBody, Variant

DOCUMENT_TYPES = "document-types"
"""The code list of types of papers."""


def check(body: ProcedureBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from rules.problems(body, roles=catalogue.all(ROLE), functions=known_functions(catalogue))
    yield from _lists_of(body, catalogue)
    yield from rules.in_every_variant(body, lambda each: entering.problems(each, catalogue))
    yield from sub_dossiers.problems(body, body.process, catalogue.all(PROCEDURE), ("process", "steps"))
    for number, variant in enumerate(body.variants):
        place: Path = ("variants", number)
        yield from _lists_of(variant, catalogue, place)
        if variant.process:
            here, steps = body.in_variant(variant.key), (*place, "process", "steps")
            yield from sub_dossiers.problems(here, variant.process, catalogue.all(PROCEDURE), steps)


def _lists_of(body: ProcedureBody | Variant, catalogue: Catalogue, place: Path = ()) -> Iterator[Problem]:
    if body.form:
        yield from check_fields(body.form, catalogue, (*place, "form"), anybody=True)
    for number, result in enumerate(body.results or ()):
        yield from check_fields(result.fields, catalogue, (*place, "results", number, "fields"))
    for at, step in enumerate(body.process.steps if body.process else ()):
        for number, action in enumerate(step.actions):
            yield from check_fields(action.asks, catalogue, (*place, "process", "steps", at, "actions", number, "asks"))
    yield from _document_types(body, catalogue, place)


def _document_types(body: ProcedureBody | Variant, catalogue: Catalogue, place: Path) -> Iterator[Problem]:
    """Types of papers that the list does not have."""
    components = body.components if isinstance(body, ProcedureBody) else ()
    named = [((*place, "components", n, "document"), each.document) for n, each in enumerate(components)]
    named += [((*place, "results", n, "document"), each.document) for n, each in enumerate(body.results or ())]
    if not any(code for _place, code in named):
        return
    yield from catalogue.refers(CODE_LIST, DOCUMENT_TYPES, at=named[0][0])
    published = catalogue.get(CODE_LIST, DOCUMENT_TYPES)
    known = {item.code for item in published.items} if published else None
    for at, code in named:
        if code and known is not None and code not in known:
            yield Problem(at, _now("no type of paper “%(code)s” in the list document-types") % {"code": code})


PROCEDURE = Kind(
    "procedure",
    ProcedureBody,
    title=_("administrative procedure"),
    after=("code-list", "role", "organisations", "register"),
    check=check,
)
