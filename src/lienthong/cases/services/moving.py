"""Who has a dossier, changed: a step given to another officer, a mistaken acceptance taken back."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, rules
from lienthong.cases.models import Dossier, StepVisit
from lienthong.cases.services.carrying import (
    DOSSIER,
    Doing,
    Handled,
    calendar_now,
    carry_out,
    lock_dossier,
    take_question_along,
)
from lienthong.cases.services.handling import NotOfThatUnit, NotYourStep, open_visit, post_for
from lienthong.foundation import clock, rows
from lienthong.foundation.errors import DomainError
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.actors import Officer
from lienthong.identity.policy import require
from lienthong.procedures.shapes import Step
from lienthong.work import services as work

ASSIGN = "cases.assign"
CORRECT = "cases.correct"
LONGEST_REASON = 2000
"""Letters of a reason that goes into the ledger."""


class AlreadyWith(DomainError):
    code = "cases.already_with"


def takers(dossier: Dossier, visit: StepVisit, step: Step) -> list[PostNode]:
    """The posts to which an open step can be given: those of its role in the organisation it lies with."""
    return tree().posts_in(visit.organisation_id, step.role, clock.today())


def may_transfer(officer: Officer, visit: StepVisit, step: Step) -> bool:
    """To anybody: whoever has the step, and whoever assigns work in that organisation."""
    held = post_for(officer, visit, step) is not None
    return held or bool(officer.posts_with(ASSIGN, tree()[visit.organisation_id]))


def own_post_for_taking(officer: Officer, visit: StepVisit, step: Step) -> int | None:
    """The officer's own post that could take over a step lying with a colleague of the same desk."""
    if visit.post_id is None or visit.post_id in officer.post_ids:
        return None
    same_desk = (p for p in officer.posts if p.organisation.id == visit.organisation_id and step.role in p.roles)
    return next((post.id for post in same_desk), None)


@transaction.atomic
def transfer(*, dossier_id: int, visit_id: int, post_id: int, officer: Officer, reason: str) -> Dossier:
    """Give an open step to another post of its desk, or take it over oneself. Its limit goes on as before.

    Raises NotYourStep, NotOfThatUnit, AlreadyWith, rules.ReasonNeeded, DoneByOther.
    """
    handled = lock_dossier(dossier_id)
    visit = open_visit(handled, visit_id)
    step = handled.process.step(visit.step)
    if not may_transfer(officer, visit, step) and post_id != own_post_for_taking(officer, visit, step):
        raise NotYourStep(_("This step is not yours to give away."))
    if not reason.strip():
        raise rules.ReasonNeeded(_("Say why: the reason is part of the dossier."))
    if post_id not in {post.id for post in takers(handled.dossier, visit, step)}:
        raise NotOfThatUnit(_("Choose somebody whose post can do this step."))
    if visit.post_id == post_id:
        raise AlreadyWith(_("The step lies with this post already."))
    former, visit.post_id = visit.post_id, post_id
    rows.change(visit, "post", within=["opened_at"])
    work.hand_over(subject=(DOSSIER, dossier_id), part_id=visit.pk, post_id=post_id)
    if handled.dossier.asked_at:
        take_question_along(handled)
    ledger.record(
        events.TRANSFERRED,
        subject=(DOSSIER, dossier_id),
        actor=officer,
        organisation_id=visit.organisation_id,
        data={"visit": visit.pk, "from": former, "to": post_id, "reason": reason.strip()[:LONGEST_REASON]},
    )
    return handled.dossier


@transaction.atomic
def undo_acceptance(*, dossier_id: int, officer: Officer, reason: str) -> Dossier:
    """Take a mistaken acceptance back: the dossier is with reception again and keeps its code.

    Needs cases.correct over the competent agency. Raises NotAllowed, rules.ReasonNeeded, rules.NothingToCorrect.
    """
    handled = lock_dossier(dossier_id)
    now = handled.now
    post = require(officer, CORRECT, tree()[handled.dossier.competent_id])
    if not reason.strip():
        raise rules.ReasonNeeded(_("Say why: the reason is part of the dossier."))
    transition = rules.undo_acceptance(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    why = reason.strip()[:LONGEST_REASON]
    doing = Doing("undo-acceptance", note=why, account_id=officer.account_id, post_id=post.id, on_record=why)
    _drop_drafts(handled)
    carry_out(handled, transition, event=events.ACCEPTANCE_UNDONE, actor=officer.acting_in(post), doing=doing, now=now)
    return handled.dossier


def _drop_drafts(handled: Handled) -> None:
    """What was drafted under the acceptance is worth nothing any more; what was issued stays."""
    handled.dossier.papers.filter(kind="result", state="draft").delete()
