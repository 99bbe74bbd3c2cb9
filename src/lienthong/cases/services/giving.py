"""Giving a result to somebody at the counter: who took it stays with the dossier and in the register."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases.models import Dossier, Taker
from lienthong.cases.services.applying import RECEIVE
from lienthong.cases.services.carrying import lock_dossier
from lienthong.cases.services.handling import act, open_visit
from lienthong.cases.services.taking import Taking
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import require
from lienthong.procedures.shapes import Verb


class NothingToGive(DomainError):
    code = "cases.nothing_to_give"


@transaction.atomic
def give_result(*, dossier_id: int, visit_id: int, officer: Officer, taking: Taking) -> Taker:
    """Hand a result over at the counter and write down who took it; the dossier is then at its end.

    Twice by the same officer is once. Raises NotAllowed, NothingToGive, NotAccepted with messages by field,
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
    act(dossier_id=dossier_id, visit_id=visit_id, action=action.key, officer=officer, taking=taking)
    return Taker.objects.get(dossier=dossier)


def results_are_there(dossier: Dossier) -> bool:
    """Whether every result that was signed has its paper."""
    ready = set(dossier.papers.filter(kind="result", state="ready").values_list("key", flat=True))
    return set(dossier.signed) <= ready
