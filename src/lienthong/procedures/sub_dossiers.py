"""Whether a step that is a dossier in another procedure can ever be opened: checks on plain values."""

from collections.abc import Iterator, Mapping

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.definitions.rules import Path, Problem
from lienthong.foundation.fields.field_list import FieldList
from lienthong.procedures.shapes import ProcedureBody, Process, Step, SubDossier

ANSWERS = "answers."
"""Begins the name of what the officer was asked by the action that opens the step."""


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
            yield from _components(procedure, step.dossier, other, here)


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
        elif not _has(procedure.form, source):
            yield Problem((*here, "data", target), missing % {"field": source})
    for target in declared.fixed:
        if not _has(other.form, target):
            yield Problem((*here, "fixed"), missing % {"field": target})


def _asked_by_those_who_open(process: Process, step: Step) -> set[str]:
    """What every action that opens the step asks the officer."""
    openers = [action for each in process.steps for action in each.actions if step.key in action.opens]
    asked = [{field.key for field in action.asks} for action in openers]
    return set.intersection(*asked) if asked else set()


def _has(form: FieldList, path: str) -> bool:
    return tuple(path.split(".")) in form.nodes


def _components(procedure: ProcedureBody, declared: SubDossier, other: ProcedureBody, here: Path) -> Iterator[Problem]:
    own = {component.key for component in procedure.components}
    theirs = {component.key: component for component in other.components}
    for target, source in declared.components.items():
        if target not in theirs:
            yield Problem((*here, "components"), _("the other procedure has no component “%(key)s”") % {"key": target})
        if source not in own:
            yield Problem((*here, "components", target), _("no component “%(key)s”") % {"key": source})
    for component in theirs.values():
        needed = component.required and not component.from_form and component.when is None
        if needed and component.key not in declared.components:
            message = _("the other procedure needs the component “%(key)s”: say which one of here it is")
            yield Problem((*here, "components"), message % {"key": component.key})
