"""What officers do with a dossier: the one way in which a step is acted in."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, rules, values
from lienthong.cases.models import Component, Digitised, Dossier, Paper, ReturnWay, StepVisit
from lienthong.cases.queries import no_such_dossier
from lienthong.cases.services import returning, subordinate
from lienthong.cases.services.carrying import (
    DOSSIER,
    Doing,
    Handled,
    agency_of,
    calendar_now,
    carry_out,
    lock_dossier,
)
from lienthong.cases.services.taking import Taking
from lienthong.cases.services.taking import keep as keep_taking
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Calendar
from lienthong.foundation.errors import Conflict, DomainError, NotAllowed
from lienthong.foundation.fields.problems import NotAccepted
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.foundation.papers.codes import fresh_verification
from lienthong.identity.actors import HeldPost, Officer
from lienthong.procedures.shapes import Action, Step, StepKind, Verb
from lienthong.work.queries import overdue
from lienthong.work.services import COOPERATE

LAPSED = "lapsed"
"""Stands in the place of an action where a consultation lapsed."""


class DoneByOther(Conflict):
    code = "cases.done_by_other"


class NotYourStep(NotAllowed):
    code = "cases.not_your_step"


class CopySigned(Conflict):
    code = "cases.copy_signed"


class NotOfThatUnit(Conflict):
    code = "cases.not_of_that_unit"


@transaction.atomic
def act(
    *,
    dossier_id: int,
    visit_id: int,
    action: str,
    officer: Officer,
    reason: str = "",
    post_id: int | None = None,
    answers: Mapping[str, Any] | None = None,
    results: Mapping[str, Mapping[str, Any]] | None = None,
    taking: Taking | None = None,
    parcel: str = "",
) -> Dossier:
    """Carry out an action in an open step of a dossier.

    `post_id` is the post chosen by an assignment; `answers` what the action asks for; `results` the fields of the
    results it drafts, by the key of the result; both raw, as a form or a program sent them. `taking` is who takes a
    result that is returned, which one wanted at the counter must have, `parcel` the number of the parcel of one by
    post. Raises DoneByOther when somebody was faster, NotYourStep, NotAccepted with messages by field,
    TakerNeeded, TakingNotRight, the refusals of `rules.act`, and where it opens dossiers at other agencies those of
    `subordinate.open_for`.
    """
    handled = lock_dossier(dossier_id)
    now = handled.now
    visit = open_visit(handled, visit_id)
    step = handled.process.step(visit.step)
    post = require_post(officer, visit, step)
    declared = step.action(action)
    transition = rules.act(
        handled.process,
        handled.terms,
        handled.state,
        step=step.key,
        action=action,
        now=now,
        calendar=calendar_now(),
        holds=values.conditions(handled.procedure, handled.dossier),
        acting=post.id,
        reason=reason,
        post=post_id,
        last_posts=_last_posts(handled.dossier) if declared and declared.back else None,
    )
    assert declared is not None  # rules.act has refused what is not declared
    _check_assignee(handled, declared, post_id)
    doing = Doing(
        action=action,
        note=reason.strip(),
        answers=values.accepted(declared.asks, answers or {}, values.context_for_officer(officer)),
        account_id=officer.account_id,
        post_id=post.id,
    )
    if declared.does is Verb.DRAFT:
        _draft(handled, declared, results or {}, officer, post, visit)
    event = events.event_of(declared.does, back=declared.back)
    carry_out(handled, transition, event=event, actor=officer.acting_in(post), doing=doing, now=now)
    if declared.does is Verb.RETURN_RESULT:
        keep_taking(handled.dossier, taking, parcel, officer)
    if any(handled.process.step(key).dossier for key in declared.opens):
        subordinate.open_for(handled.dossier, declared.opens, officer, doing.answers)
    if handled.dossier.return_way == ReturnWay.ONLINE and _leads_to_return(handled, declared):
        returned = returning.return_online(dossier_id=dossier_id)  # where the last signature was made before
        return Dossier.objects.get(pk=dossier_id) if returned else handled.dossier
    return handled.dossier


def _leads_to_return(handled: Handled, action: Action) -> bool:
    return action.to is not None and handled.process.step(action.to).kind is StepKind.RETURN


def open_visit(handled: Handled, visit_id: int) -> StepVisit:
    """An open visit of a locked dossier. Raises DoneByOther when it was closed, NoSuchDossier."""
    for visit in handled.visits.values():
        if visit.pk == visit_id:
            return visit
    visits = StepVisit.objects.select_related("done_by")
    done = visits.filter(dossier=handled.dossier, pk=visit_id, done_at__isnull=False).first()
    if done is None:
        raise no_such_dossier()
    raise done_already(done, handled.process.step(done.step))


def done_already(visit: StepVisit, step: Step) -> DoneByOther:
    """What somebody is told who comes too late for a visit: who has done what in it, and when."""
    action = step.action(visit.action)
    return DoneByOther(
        _("%(person)s has already done “%(action)s” here at %(moment)s."),
        way_out=_("Look at the dossier as it is now."),
        person=visit.done_by.full_name if visit.done_by else _("The system"),
        action=action.name if action else visit.action,
        moment=f"{clock.local(visit.done_at):%H:%M %d/%m/%Y}" if visit.done_at else "",
    )


def post_for(officer: Officer, visit: StepVisit, step: Step) -> HeldPost | None:
    """The post in which the officer may act in the visit, if any."""
    for post in officer.posts:
        if visit.post_id == post.id:
            return post
        at_desk = visit.post_id is None and post.organisation.id == visit.organisation_id and step.role in post.roles
        if at_desk:
            return post
    return None


def require_post(officer: Officer, visit: StepVisit, step: Step) -> HeldPost:
    """The post in which the officer acts in the visit. Raises NotYourStep."""
    post = post_for(officer, visit, step)
    if post is None:
        raise NotYourStep(
            _("The step “%(step)s” lies with %(agency)s, not with you."),
            step=step.name,
            agency=tree()[visit.organisation_id].name,
        )
    return post


def _check_assignee(handled: Handled, action: Action, post_id: int | None) -> None:
    if action.does is not Verb.ASSIGN or action.to is None:
        return
    candidates = {post.id for post in assignable(handled.dossier, handled.process.step(action.to))}
    if post_id not in candidates:
        raise NotOfThatUnit(_("Choose somebody whose post can do the next step."))


def offered(dossier: Dossier, visit: StepVisit) -> list[Action]:
    """The actions that an open visit of a dossier offers, in declared order."""
    procedure = values.procedure_of(dossier)
    if visit.done_at is not None or visit.waiting:
        return []
    holds = values.conditions(procedure, dossier)
    return [action for action in procedure.process.step(visit.step).actions if not action.when or holds(action.when)]


def hindrance(
    dossier: Dossier,
    open_visits: Iterable[StepVisit],
    visit: StepVisit,
    action: Action,
    calendar: Calendar | None = None,
) -> DomainError | None:
    """Why an action that a visit offers would be refused now, whatever is filled in for it; None when it would not.

    `calendar` is the one of today, for who asks of many dossiers.
    """
    handled = Handled(dossier, {each.step: each for each in open_visits})
    step = handled.process.step(visit.step)
    calendar = calendar or calendar_now()
    refusal = rules.hindrance(step, action, handled.terms, handled.state, now=clock.now(), calendar=calendar)
    return refusal or subordinate.unsigned(dossier, action.opens)


def assignable(dossier: Dossier, step: Step) -> list[PostNode]:
    """The posts that can do a step of this dossier."""
    today = clock.today()
    return tree().posts_in(agency_of(dossier, step, today).id, step.role, today)


def _last_posts(dossier: Dossier) -> dict[str, int]:
    """Who did each step last, for sending back."""
    done = StepVisit.objects.filter(
        dossier=dossier, opened_at__gte=dossier.submitted_at, done_post__isnull=False
    ).order_by("id")
    return {step: post for step, post in done.values_list("step", "done_post_id") if post is not None}


def _draft(
    handled: Handled,
    action: Action,
    filled: Mapping[str, Mapping[str, Any]],
    officer: Officer,
    post: HeldPost,
    visit: StepVisit,
) -> None:
    """Keep the drafts of the results, or put new ones in the place of earlier ones."""
    context = values.context_for_officer(officer)
    errors = {}
    papers = []
    for key in action.results:
        declared = handled.procedure.result(key)
        try:
            data = values.accepted(declared.fields, filled.get(key, {}), context)
        except NotAccepted as refused:
            errors.update({f"{key}.{path}": problem for path, problem in refused.errors.items()})
            continue
        papers.append(
            Paper(
                dossier=handled.dossier,
                kind="result",
                key=key,
                name=declared.name,
                state=Paper.State.DRAFT,
                data=data,
                organisation_id=visit.organisation_id,
                account_id=officer.account_id,
                post_id=post.id,
                verification=fresh_verification(),
            )
        )
    if errors:
        raise NotAccepted(errors)
    Paper.objects.bulk_create(
        papers,
        update_conflicts=True,
        unique_fields=["dossier", "kind", "key"],
        update_fields=["data", "state", "account", "post", "organisation"],
    )


def overdue_consultations(now: datetime) -> list[tuple[int, int]]:
    """Open visits whose limit has passed, among them the consultations that may lapse: (dossier, visit)."""
    items = overdue(DOSSIER, purpose=COOPERATE, now=now)
    return [(item.subject_id, item.part_id) for item in items]


@transaction.atomic
def lapse(*, dossier_id: int, visit_id: int) -> bool:
    """Close a consultation in which silence is consent and whose limit has passed. Says whether it did."""
    handled = lock_dossier(dossier_id)
    now = handled.now
    visit = next((visit for visit in handled.visits.values() if visit.pk == visit_id), None)
    if visit is None or not handled.process.step(visit.step).silence_is_consent:
        return False
    try:
        transition = rules.lapse(
            handled.process, handled.terms, handled.state, step=visit.step, now=now, calendar=calendar_now()
        )
    except rules.StepNotOpen:
        return False
    carry_out(handled, transition, event=events.LAPSED, actor=None, doing=Doing(action=LAPSED), now=now)
    return True


@transaction.atomic
def check_component(*, dossier_id: int, component_id: int, result: Component.Check, officer: Officer) -> Component:
    """Say of a component that was handed in whether it is good, or nothing again (open), while one has a step of the
    dossier. Raises NotYourStep, and CopySigned where a signature already stands on it that it is good."""
    handled = lock_dossier(dossier_id)
    posts = (post_for(officer, visit, handled.process.step(visit.step)) for visit in handled.visits.values())
    post = next(filter(None, posts), None)
    if post is None:
        raise NotYourStep(_("No open step of this dossier lies with you."))
    component = Component.objects.filter(pk=component_id, dossier=handled.dossier).first()
    if component is None:
        raise no_such_dossier()
    if component.check_result == result:
        return component
    if Digitised.objects.filter(component=component, signed_copy__isnull=False).exists():
        raise CopySigned(
            _("The electronic copy of this paper has been signed: it was found right."),
            way_out=_("Ask for a supplement if the paper itself is not good."),
        )
    component.check_result = result
    component.save(update_fields=["check_result"])
    ledger.record(
        events.COMPONENT_CHECKED,
        subject=(DOSSIER, handled.dossier.pk),
        actor=officer.acting_in(post),
        organisation_id=post.organisation.id,
        data={"component": component.component, "id": component.pk, "result": component.check_result},
    )
    return component
