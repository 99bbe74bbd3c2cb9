"""How the result reaches the applicant: what was wished, and the return that nobody has to make by hand."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, rules, values
from lienthong.cases.models import Dossier, Draft, Paper, ReturnWay
from lienthong.cases.services.carrying import Doing, Handled, calendar_now, carry_out, lock_dossier
from lienthong.foundation.fields.problems import Problem
from lienthong.procedures.shapes import Action, ProcedureBody, Step, StepKind, Verb

LONGEST_ADDRESS = 300


@dataclass(frozen=True, slots=True)
class Return:
    """How an applicant wants the result; `address` is where the post brings it."""

    way: ReturnWay = ReturnWay.COUNTER
    address: str = ""

    def problems(self, procedure: ProcedureBody) -> dict[str, Problem]:
        """What keeps the procedure from returning it so, by field."""
        if self.way not in procedure.return_ways:
            return {"return_way": Problem("choice", _("The result of this procedure is not returned in this way."))}
        if self.way is ReturnWay.POST and not self.address.strip():
            return {"return_address": Problem("required", _("Say where the post is to bring the result."))}
        if len(self.address.strip()) > LONGEST_ADDRESS:
            return {"return_address": Problem("max_length", _("At most %(n)s letters."), {"n": LONGEST_ADDRESS})}
        return {}

    def columns(self) -> dict[str, str]:
        """As columns of a draft or dossier."""
        return {
            "return_way": self.way.value,
            "return_address": self.address.strip() if self.way is ReturnWay.POST else "",
        }


def wish_of(draft: Draft, procedure: ProcedureBody) -> Return | None:
    """How the result of a draft is wanted; None where it was not said and there is a choice."""
    ways = procedure.return_ways
    way = draft.return_way or (ways[0] if len(ways) == 1 else "")
    return Return(ReturnWay(way), draft.return_address) if way else None


@transaction.atomic
def return_online(*, dossier_id: int) -> bool:
    """Close a dossier whose applicant wanted the result online, when every result is signed: with that it is there,
    from the moment of the last signature, or of what was done after it.

    Does nothing, and says so, for other dossiers, and while a result is still to be signed.
    """
    handled = lock_dossier(dossier_id)
    dossier = handled.dossier
    signed, found = _signed_at(dossier), _return_step(handled)
    if dossier.return_way != ReturnWay.ONLINE or signed is None or found is None:
        return False
    step, action = found
    now = max(signed, handled.visits[step.key].opened_at)  # it may have been signed long before the rest was done
    transition = rules.act(
        handled.process,
        handled.terms,
        handled.state,
        step=step.key,
        action=action.key,
        now=now,
        calendar=calendar_now(),
        holds=values.conditions(handled.procedure, dossier),
    )
    carry_out(handled, transition, event=events.RETURNED, actor=None, doing=Doing(action=action.key), now=now)
    return True


def _signed_at(dossier: Dossier) -> datetime | None:
    """When the last result was signed; None while one is not."""
    results = dossier.papers.filter(kind="result").values_list("state", "issued_at")
    moments = [moment for state, moment in results if state == Paper.State.READY and moment]
    return max(moments) if moments and len(moments) == len(results) else None


def _return_step(handled: Handled) -> tuple[Step, Action] | None:
    """The open step in which the result is returned, and the action that does it without asking an officer anything."""
    for key in handled.visits:
        step = handled.process.step(key)
        if step.kind is StepKind.RETURN:
            for action in step.actions:
                if action.does is Verb.RETURN_RESULT and not len(action.asks):
                    return step, action
    return None
