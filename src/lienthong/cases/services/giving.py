"""Giving a result to somebody at the counter: who took it stays with the dossier and in the register."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, values
from lienthong.cases.models import Dossier, Taker
from lienthong.cases.services.applying import RECEIVE
from lienthong.cases.services.carrying import DOSSIER, lock_dossier
from lienthong.cases.services.handling import act, open_visit
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.problems import Invalid, Problem
from lienthong.foundation.fields.types.identifiers import PersonId
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import require
from lienthong.procedures.shapes import Verb

_PERSON_ID = PersonId(key="person_id", label="number")


class NothingToGive(DomainError):
    code = "cases.nothing_to_give"


@dataclass(frozen=True, slots=True)
class Taking:
    """Who takes a result. `mandate` is the paper by which somebody else than the applicant may."""

    name: str
    person_id: str
    capacity: Taker.Capacity
    mandate: str = ""


@transaction.atomic
def give_result(*, dossier_id: int, visit_id: int, officer: Officer, taking: Taking) -> Taker:
    """Hand a result over at the counter and write down who took it; the dossier is then at its end.

    Twice by the same officer is once. Raises NotAllowed, NothingToGive, values.NotAccepted with messages by field,
    DoneByOther, and the refusals of `act`.
    """
    handled = lock_dossier(dossier_id)
    dossier = handled.dossier
    require(officer, RECEIVE, tree()[dossier.reception_id])
    earlier = Taker.objects.filter(dossier=dossier).first()
    if earlier and earlier.account_id == officer.account_id and visit_id not in {v.pk for v in handled.visits.values()}:
        return earlier
    visit = open_visit(handled, visit_id)
    step = handled.process.step(visit.step)
    action = next((action for action in step.actions if action.does is Verb.RETURN_RESULT), None)
    if action is None or not results_are_there(dossier):
        raise NothingToGive(
            _("There is no result to give yet."), way_out=_("Look at the dossier: it says with whom it lies.")
        )
    person_id = _checked(taking, dossier)
    act(dossier_id=dossier_id, visit_id=visit_id, action=action.key, officer=officer)
    mandate = taking.mandate.strip() if taking.capacity == Taker.Capacity.MANDATE else ""
    taker = Taker.objects.create(
        dossier=dossier,
        name=taking.name.strip()[:200],
        person_id=person_id,
        capacity=taking.capacity,
        mandate=mandate[:300],
        taken_at=clock.now(),
        account_id=officer.account_id,
        post_id=officer.post_id,
    )
    ledger.record(
        events.RESULT_TAKEN,
        subject=(DOSSIER, dossier.pk),
        actor=officer,
        organisation_id=dossier.reception_id,
        data={"capacity": str(taking.capacity)},
    )
    return taker


def results_are_there(dossier: Dossier) -> bool:
    """Whether every result that was signed has its paper."""
    ready = set(dossier.papers.filter(kind="result", state="ready").values_list("key", flat=True))
    return set(dossier.signed) <= ready


def _checked(taking: Taking, dossier: Dossier) -> str:
    """The identification number in its final form. Raises NotAccepted with everything that is wrong."""
    wrong: dict[str, Problem] = {}
    number = ""
    if not taking.name.strip():
        wrong["name"] = Problem("required", _("Enter the name of who takes the result."))
    try:
        number = _PERSON_ID.parse(taking.person_id, Context(at=clock.today()))
    except Invalid as invalid:
        wrong["person_id"] = next(iter(invalid.problems.values()))
    own = taking.capacity == Taker.Capacity.OWN
    if own and number and dossier.applicant_person_id and number != dossier.applicant_person_id:
        wrong["person_id"] = Problem(
            "not_the_applicant", _("This is not the applicant's number; somebody else needs a mandate.")
        )
    if not own and not taking.mandate.strip():
        wrong["mandate"] = Problem("required", _("Say by which paper: its kind, number and day."))
    if wrong:
        raise values.NotAccepted(wrong)
    return number
