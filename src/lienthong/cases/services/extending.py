"""More time: asked for by who handles the dossier, decided by who signs its result, told to the applicant."""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, rules
from lienthong.cases.models import Dossier, Extension
from lienthong.cases.queries import no_such_dossier
from lienthong.cases.services.carrying import (
    DOSSIER,
    EXTENSION,
    Doing,
    Handled,
    agency_of,
    calendar_now,
    carry_out,
    lock_dossier,
)
from lienthong.cases.services.handling import NotYourStep, open_visit, require_post
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Limit
from lienthong.foundation.errors import DomainError
from lienthong.foundation.ledger import services as ledger
from lienthong.identity.actors import HeldPost, Officer
from lienthong.procedures.shapes import Process, Step, Verb
from lienthong.work import services as work
from lienthong.work.rules import check_none_pending, check_not_decided

TO_DECIDE = Limit.working_hours(4)


class NobodyDecides(DomainError):
    code = "cases.nobody_decides"


def deciding_step(process: Process) -> Step | None:
    """Who signs the result signs the apology too."""
    return next((s for s in process.steps if any(action.does is Verb.APPROVE for action in s.actions)), None)


@transaction.atomic
def ask_extension(*, dossier_id: int, visit_id: int, officer: Officer, day: date, reason: str) -> Extension:
    """Ask for a new date, the end of working time on `day`. Raises NotYourStep, AskedAlready, rules.ReasonNeeded,
    NobodyDecides, and what rules.apologise refuses."""
    handled, calendar = lock_dossier(dossier_id), calendar_now()
    now = handled.now
    visit = open_visit(handled, visit_id)
    require_post(officer, visit, handled.process.step(visit.step))
    if not reason.strip():
        raise rules.ReasonNeeded(_("Say why: the applicant reads the reason."))
    step = deciding_step(handled.process)
    if step is None:
        raise NobodyDecides(_("The process has nobody who signs; there is nobody to decide on a new date."))
    new_due = _end_of(day)
    rules.apologise(handled.process, handled.terms, handled.state, new_due=new_due, now=now, calendar=calendar)
    dossier = handled.dossier
    agency = agency_of(dossier, step, now.date())
    assert dossier.due_at is not None
    check_none_pending(dossier.extensions.filter(decided_at=None).exists())
    extension = Extension.objects.create(
        dossier=dossier,
        visit_id=visit.pk,
        reason=reason.strip(),
        old_due=dossier.due_at,
        new_due=new_due,
        organisation_id=agency.id,
        role=step.role,
        asked_at=now,
        asked_by_id=officer.account_id,
    )
    work.open_items([_item(handled, extension, calendar.add(now, TO_DECIDE))])
    ledger.record(
        events.EXTENSION_ASKED,
        subject=(DOSSIER, dossier.pk),
        actor=officer,
        organisation_id=visit.organisation_id,
        data={"extension": extension.pk, "new_due": new_due},
    )
    return extension


@transaction.atomic
def decide_extension(*, extension_id: int, officer: Officer, grant: bool, note: str = "") -> Dossier:
    """Grant a new date, which issues the apology, or refuse it. Raises NoSuchDossier, NotYourStep, DecidedAlready, and
    what rules.apologise refuses now."""
    found = Extension.objects.filter(pk=extension_id).first()
    if found is None:
        raise no_such_dossier()
    handled, calendar = lock_dossier(found.dossier_id), calendar_now()
    now = handled.now
    found.refresh_from_db()
    post = _deciding_post(officer, found)
    check_not_decided(found.decided_at is not None, way_out=_("Look at the dossier as it is now."))
    if not grant and not note.strip():
        raise rules.ReasonNeeded(_("Say why you refuse it."))
    found.decided_at, found.decided_by_id, found.granted, found.note = now, officer.account_id, grant, note.strip()
    event = events.EXTENSION_REFUSED
    if grant:
        event = events.APOLOGISED
        transition = rules.apologise(
            handled.process, handled.terms, handled.state, new_due=found.new_due, now=now, calendar=calendar
        )
        found.in_time = rules.in_time(handled.terms, found.old_due, now=now, calendar=calendar)
    found.save()
    work.close_items(
        subject=(EXTENSION, found.pk),
        parts=[found.pk],
        at=now,
        account_id=officer.account_id,
        outcome="granted" if grant else "refused",
    )
    if grant:
        doing = Doing(note=found.reason, account_id=officer.account_id, post_id=post.id)
        carry_out(handled, transition, event=event, actor=officer.acting_in(post), doing=doing, now=now)
    else:
        ledger.record(
            event,
            subject=(DOSSIER, handled.dossier.pk),
            actor=officer.acting_in(post),
            organisation_id=found.organisation_id,
            data={"extension": found.pk},
        )
    return handled.dossier


def may_decide(officer: Officer, extension: Extension) -> HeldPost | None:
    """The post in which the officer may decide, if any."""
    there = [post for post in officer.posts if post.organisation.id == extension.organisation_id]
    return next((post for post in there if extension.role in post.roles), None)


def _deciding_post(officer: Officer, extension: Extension) -> HeldPost:
    post = may_decide(officer, extension)
    if post is None:
        raise NotYourStep(_("It is not yours to decide."))
    return post


def _end_of(day: date) -> datetime:
    """The close of the day, or where it is a day off the opening of the next working day."""
    calendar = calendar_now()
    return calendar.closing(day) or calendar.first_working_moment(clock.day_start(day))


def _item(handled: Handled, extension: Extension, due: datetime) -> work.NewItem:
    dossier = handled.dossier
    return work.NewItem(
        subject=(EXTENSION, extension.pk),
        part_id=extension.pk,
        task=str(_("Decide on a new date")),
        title=f"{dossier.title} – {dossier.applicant_name}" if dossier.title else dossier.applicant_name,
        code=dossier.code or dossier.tracking,
        organisation_id=extension.organisation_id,
        role=extension.role,
        opened_at=extension.asked_at,
        due_at=due,
    )
