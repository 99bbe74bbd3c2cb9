"""Whether a step that is a dossier in another procedure can ever be opened: checks on plain values."""

from collections.abc import Iterable, Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.definitions.rules import Path, Problem
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.types.address import AddressField
from lienthong.procedures.shapes import Action, ProcedureBody, Process, Step, SubDossier, Verb

ANSWERS = "answers."
"""Begins the name of what the officer was asked by the action that opens the step."""

RESULTS = "results."
"""Begins the name of a result of this procedure: as a component, or with the name of its field behind."""

OF_SIGNED = ("number", "date")
"""What a result has beside its own fields once it is signed."""


def problems(
    procedure: ProcedureBody, process: Process, known: Mapping[str, ProcedureBody], place: Path
) -> Iterator[Problem]:
    """What keeps the sub-dossiers of a process from being opened. `known` are the procedures of the province."""
    for number, step in enumerate(process.steps):
        if step.dossier is None:
            continue
        here = (*place, number, "dossier")
        other = known.get(step.dossier.procedure)
        if other is None:
            message = _("there is no procedure “%(key)s”") % {"key": step.dossier.procedure}
            yield Problem((*here, "procedure"), message)
        elif other.key == procedure.key:
            yield Problem((*here, "procedure"), _("a procedure cannot wait for a dossier of its own"))
        elif step.dossier.variant not in ([variant.key for variant in other.variants] or [""]):
            yield Problem((*here, "variant"), _("no variant “%(key)s”") % {"key": step.dossier.variant})
        else:
            other = other.in_variant(step.dossier.variant)
            yield from _unknown_fields(procedure, process, step, step.dossier, other, here)
            yield from _components(procedure, process, step, step.dossier, other, here)


def _unknown_fields(
    procedure: ProcedureBody, process: Process, step: Step, declared: SubDossier, other: ProcedureBody, here: Path
) -> Iterator[Problem]:
    missing = _("the form has no field “%(field)s”")
    asked = _asked_by_those_who_open(process, step)
    for target, source in declared.data.items():
        if not _has(other.form, target):
            yield Problem((*here, "data"), missing % {"field": target})
        if source.startswith(ANSWERS):
            if source.removeprefix(ANSWERS) not in asked:
                message = _("not every action that opens it asks for “%(field)s”") % {"field": source}
                yield Problem((*here, "data", target), message)
        elif source.startswith(RESULTS):
            for why in _no_such_fact(procedure, process, step, source):
                yield Problem((*here, "data", target), why)
        elif not _has(procedure.form, source):
            yield Problem((*here, "data", target), missing % {"field": source})
    for target in declared.fixed:
        if not _has(other.form, target):
            yield Problem((*here, "fixed"), missing % {"field": target})
    if declared.place and not _is_address(procedure.form, declared.place):
        message = _("the form has no address “%(field)s”") % {"field": declared.place}
        yield Problem((*here, "place"), message)


def _asked_by_those_who_open(process: Process, step: Step) -> set[str]:
    """What every action that opens the step asks the officer."""
    asked = [{field.key for field in action.asks} for _step, action in _openers(process, step)]
    return set.intersection(*asked) if asked else set()


def _openers(process: Process, step: Step) -> list[tuple[Step, Action]]:
    return [(each, action) for each in process.steps for action in each.actions if step.key in action.opens]


def _has(form: FieldList, path: str) -> bool:
    return tuple(path.split(".")) in form.nodes


def _is_address(form: FieldList, path: str) -> bool:
    node = form.nodes.get(tuple(path.split(".")))
    return node is not None and isinstance(node.field, AddressField)


def _components(
    procedure: ProcedureBody, process: Process, step: Step, declared: SubDossier, other: ProcedureBody, here: Path
) -> Iterator[Problem]:
    own = {component.key for component in procedure.components}
    theirs = {component.key: component for component in other.components}
    for target, source in declared.components.items():
        if target not in theirs:
            yield Problem((*here, "components"), _("the other procedure has no component “%(key)s”") % {"key": target})
        if source.startswith(RESULTS):
            for why in _no_such_paper(procedure, process, step, source.removeprefix(RESULTS)):
                yield Problem((*here, "components", target), why)
        elif source not in own:
            yield Problem((*here, "components", target), _("no component “%(key)s”") % {"key": source})
    for component in theirs.values():
        needed = component.required and not component.from_form and component.when is None
        if needed and component.key not in declared.components:
            message = _("the other procedure needs the component “%(key)s”: say which one of here it is")
            yield Problem((*here, "components"), message % {"key": component.key})


# results of this procedure


def _no_such_fact(procedure: ProcedureBody, process: Process, step: Step, source: str) -> Iterator[str]:
    """Why a fact of a result is not always known when the step is opened."""
    key, _dot, field = source.removeprefix(RESULTS).partition(".")
    result = next((result for result in procedure.results if result.key == key), None)
    if result is None:
        yield _("no result “%(key)s”") % {"key": key}
    elif field in {each.key for each in result.fields}:
        if not _always(process, step, key, Verb.DRAFT):
            yield _("the result “%(key)s” is not drafted on every way to here") % {"key": key}
    elif field in OF_SIGNED:
        yield from _no_such_paper(procedure, process, step, key)
    else:
        yield _("the result “%(key)s” has no field “%(field)s”") % {"key": key, "field": field}


def _no_such_paper(procedure: ProcedureBody, process: Process, step: Step, key: str) -> Iterator[str]:
    """Why a signed result is not always there when the step is opened."""
    if key not in {result.key for result in procedure.results}:
        yield _("no result “%(key)s”") % {"key": key}
    elif not _always(process, step, key, Verb.APPROVE):
        yield _("the result “%(key)s” is not signed on every way to here") % {"key": key}


def _always(process: Process, step: Step, result: str, verb: Verb) -> bool:
    """Whether a result is drafted, or drafted and then approved, on every way on which the step can be opened."""
    drafted = _sure(process, {(s.key, a.key) for s in process.steps for a in s.actions if result in a.results})
    if verb is Verb.DRAFT:
        sure = drafted
    else:
        approving = {(s.key, a.key) for s in process.steps for a in s.actions if a.does is Verb.APPROVE}
        sure = _sure(process, {(s, a) for s, a in approving if s in drafted})
    openers = _openers(process, step)
    return bool(openers) and all(opener.key in sure for opener, _action in openers)


def _sure(process: Process, doing: Iterable[tuple[str, str]]) -> set[str]:
    """The steps that no way from the first one reaches without one of the actions, each (step, action)."""
    done = set(doing)
    without, waiting = set(), [process.first.key]
    while waiting:
        key = waiting.pop()
        if key in without:
            continue
        without.add(key)
        for action in process.step(key).actions:
            if (key, action.key) not in done:
                waiting += [each for each in (action.to, *action.opens) if each]
    return {step.key for step in process.steps} - without
