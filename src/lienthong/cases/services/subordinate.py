"""Dossiers within a dossier: opened in another agency's own procedure by a step that waits for their end.

A sub-dossier is a dossier like any other: received, handled, late or in time by the rules of its own procedure. It
belongs to the same applicant, and its result goes to the dossier that waits for it.
"""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lienthong.cases import events, rules, values
from lienthong.cases.models import Dossier, Paper, ReturnWay, StepVisit
from lienthong.cases.queries.gates import open_visits_of
from lienthong.cases.rules import Status
from lienthong.cases.services.applying import HandedIn, Inside, hand_in
from lienthong.cases.services.carrying import Doing, calendar_now, carry_out, lock_dossier
from lienthong.cases.services.drafting import NotOffered, offering
from lienthong.cases.services.returning import Return
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.fields.problems import NotAccepted, Problem
from lienthong.foundation.fields.types.address import AddressField
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import ProcedureBody, SubDossier
from lienthong.procedures.sub_dossiers import RESULTS

NAMESPACE = uuid.UUID("7d1f1d0e-9a3b-4d57-8c5a-5b7d1c4f2e60")


class NotComplete(DomainError):
    """The other procedure needs what is not known here."""

    code = "cases.sub_dossier_not_complete"


class NotSignedYet(DomainError):
    """A result that the other procedure needs has been approved, but its signed file is not made yet."""

    code = "cases.result_not_signed_yet"


ENDED = "sub-dossier-ended"
"""Stands in the place of an action where a sub-dossier came to its end."""


def open_for(dossier: Dossier, steps: tuple[str, ...], officer: Officer, answers: Mapping[str, Any]) -> list[Dossier]:
    """Open the sub-dossiers of the steps that an action has just opened. Inside the caller's transaction.

    Raises NotComplete where the other procedure needs what neither the application nor the officer said, NotSignedYet,
    NotOffered.
    """
    process = values.procedure_of(dossier).process
    declared = {key: process.step(key).dossier for key in steps}
    visits = [visit for visit in open_visits_of(dossier) if declared.get(visit.step)]
    if refusal := unsigned(dossier, steps):
        raise refusal
    return [_open(dossier, visit, wanted, officer, answers) for visit in visits if (wanted := declared[visit.step])]


def unsigned(dossier: Dossier, steps: Sequence[str]) -> NotSignedYet | None:
    """Why the sub-dossiers of the steps cannot be opened yet: a result that goes into them has no signed file. No query
    where none does.

    They are opened by an officer and not by a job that follows the signing: the other procedure may refuse what it is
    handed, and only a person can mend that.
    """
    procedure = values.procedure_of(dossier)
    declared = [wanted for key in steps if (wanted := procedure.process.step(key).dossier)]
    needed = {key for wanted in declared for key in _signed_results(procedure, wanted)}
    if not needed:
        return None
    signed = dossier.papers.filter(kind="result", state=Paper.State.READY).values_list("key", flat=True)
    missing = [result.name for result in procedure.results if result.key in needed - set(signed)]
    if not missing:
        return None
    return NotSignedYet(
        _("The file of “%(result)s” is not signed yet."),
        way_out=_("It is being signed; look at the page again in a moment."),
        result="”, “".join(missing),
    )


def _signed_results(procedure: ProcedureBody, wanted: SubDossier) -> Iterator[str]:
    """The results that have to be signed for a sub-dossier."""
    for source in wanted.components.values():
        if source.startswith(RESULTS):
            yield source.removeprefix(RESULTS)
    for source in wanted.data.values():
        if source.startswith(RESULTS):
            key, _dot, field = source.removeprefix(RESULTS).partition(".")
            if field not in {each.key for each in procedure.result(key).fields}:
                yield key


def _open(
    dossier: Dossier, visit: StepVisit, wanted: SubDossier, officer: Officer, answers: Mapping[str, Any]
) -> Dossier:
    procedure = PROCEDURE.current(wanted.procedure)
    try:
        return hand_in(
            procedure=procedure,
            variant=wanted.variant,
            competent_id=_competent(procedure.body, wanted, dossier).id,
            returned=Return(ReturnWay.ONLINE if "online" in procedure.body.return_ways else ReturnWay.COUNTER),
            raw=_application(wanted, dossier, answers),
            files=_papers(wanted, dossier),
            actor=officer,
            channel=Dossier.Channel(dossier.channel),
            key=_key(dossier, visit),
            inside=Inside(dossier, visit.pk),
            mandate=dossier.mandate,
        )
    except NotAccepted as refused:
        raise NotComplete(
            _("For “%(procedure)s” something is missing or not right: %(what)s."),
            way_out=_("Ask the applicant for it with a supplement, then open it again."),
            procedure=procedure.body.name,
            what="; ".join(_told(procedure.body, path, problem) for path, problem in refused.errors.items()),
        ) from refused


def _key(dossier: Dossier, visit: StepVisit) -> uuid.UUID:
    """The same wherever the same happens again, as in a simulation: of the how manyth visit of the step it is."""
    before = StepVisit.objects.filter(dossier=dossier, step=visit.step, pk__lt=visit.pk).count()
    return uuid.uuid5(dossier.draft_key or NAMESPACE, f"{visit.step} {before}")


def _told(procedure: ProcedureBody, path: str, problem: Problem) -> str:
    node = procedure.form.nodes.get(tuple(path.split(".")))
    return f"{node.field.label}: {problem}" if node else str(problem)


def _competent(procedure: ProcedureBody, wanted: SubDossier, dossier: Dossier) -> Node:
    """The agency that offers the other procedure in the place that the application names, else the one nearest to the
    agency that is competent for this dossier."""
    agencies, choices = tree(), offering(procedure)
    if not choices:
        raise NotOffered(_("At present no agency offers “%(procedure)s”."), procedure=procedure.name)
    if not wanted.place or (units := _units(wanted.place, dossier)) is None:
        return agencies.nearest(procedure.competent, agencies[dossier.competent_id], clock.today())
    for unit in units:
        for agency in choices:
            if agency.area == unit:
                return agency
    raise NotOffered(
        _("No agency of this province offers “%(procedure)s” at the place that the application names."),
        way_out=_("Ask the applicant to correct the place, or to apply there."),
        procedure=procedure.name,
    )


def _units(path: str, dossier: Dossier) -> list[str] | None:
    """The administrative units of an address of the application, the nearest first; None where it was not asked."""
    node = values.procedure_of(dossier).form.nodes[tuple(path.split("."))]
    address = _at(dossier.data, path)
    if not isinstance(node.field, AddressField) or not isinstance(address, Mapping) or not address.get("unit"):
        return None
    today = clock.today()
    return [item.code for item in PUBLISHED.code_list(node.field.list, today).chain(address["unit"], today)]


def _application(wanted: SubDossier, dossier: Dossier, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The other form filled in from this one; what was not answered here is left out."""
    raw: dict[str, Any] = {}
    known = {**dossier.data, "answers": answers, "results": _facts_of_results(wanted, dossier)}
    for target, source in wanted.data.items():
        if (value := _at(known, source)) not in (None, ""):
            _put(raw, target, value)
    for target, value in wanted.fixed.items():
        _put(raw, target, value)
    return raw


def _facts_of_results(wanted: SubDossier, dossier: Dossier) -> dict[str, dict[str, Any]]:
    """What the officers filled in for the results, with number and date of those that are signed."""
    if not any(source.startswith(RESULTS) for source in wanted.data.values()):
        return {}
    return {
        paper.key: {
            **(
                {"number": paper.number, "date": clock.local(paper.issued_at).date().isoformat()}
                if paper.issued_at
                else {}
            ),
            **paper.data,
        }
        for paper in dossier.papers.filter(kind="result")
    }


def _at(data: Mapping[str, Any], path: str) -> Any:
    found: Any = data
    for key in path.split("."):
        found = found.get(key) if isinstance(found, Mapping) else None
    return found


def _put(raw: dict[str, Any], path: str, value: Any) -> None:
    *sections, last = path.split(".")
    for key in sections:
        raw = raw.setdefault(key, {})
    raw[last] = value


def _papers(wanted: SubDossier, dossier: Dossier) -> list[HandedIn]:
    """The files of this dossier that the other procedure asks for too: the same files, nothing is copied."""
    named = [(file.component, file.file_id, file.name) for file in dossier.components.order_by("id")]
    if any(source.startswith(RESULTS) for source in wanted.components.values()):
        signed = dossier.papers.filter(kind="result", state=Paper.State.READY).select_related("file")
        named += [(RESULTS + paper.key, paper.file.pk, paper.file.name) for paper in signed if paper.file]
    return [
        HandedIn(target, file_id, name)
        for target, source in wanted.components.items()
        for origin, file_id, name in named
        if origin == source
    ]


@transaction.atomic
def report(*, dossier_id: int) -> bool:
    """Tell the waiting step that its sub-dossier is at its end, and what came of it. Says whether there was one."""
    ended = Dossier.objects.get(pk=dossier_id)
    if ended.parent_id is None or not Status(ended.status).ended:
        return False
    handled = lock_dossier(ended.parent_id)
    visit = next((visit for visit in handled.visits.values() if visit.pk == ended.parent_visit), None)
    if visit is None:
        return False
    now = handled.now
    transition = rules.report(
        handled.process, handled.terms, handled.state, step=visit.step, now=now, calendar=calendar_now()
    )
    doing = Doing(action=ENDED, answers={"sub_dossier": ended.pk, "status": ended.status})
    carry_out(handled, transition, event=events.SUB_DOSSIER_ENDED, actor=None, doing=doing, now=now)
    return True


def call_off(*, dossier_id: int) -> int:
    """Withdraw the sub-dossiers for which no step of their dossier waits any more. Says how many there were."""
    return sum(_withdraw(pk) for pk in _unwaited(dossier_id))


def _unwaited(dossier_id: int) -> Iterator[int]:
    ended = [status.value for status in Status if status.ended]
    open_ones = Dossier.objects.filter(parent_id=dossier_id).exclude(status__in=ended)
    for pk, visit_id in open_ones.order_by("pk").values_list("pk", "parent_visit"):
        if visit_id and not StepVisit.objects.filter(pk=visit_id, done_at=None).exists():
            yield pk


@transaction.atomic
def _withdraw(dossier_id: int) -> bool:
    handled = lock_dossier(dossier_id)
    now = handled.now
    try:
        transition = rules.withdraw(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    except rules.TooLateToWithdraw:
        return False
    doing = Doing(action="withdraw", note=_("The dossier that it was opened for does not need it any more."))
    carry_out(handled, transition, event=events.WITHDRAWN, actor=None, doing=doing, now=now)
    return True
