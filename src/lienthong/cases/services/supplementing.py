"""What applicants do afterwards: add what was missing, take the dossier back."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, rules, values
from lienthong.cases.models import Dossier, Draft, FormerData
from lienthong.cases.queries import no_such_dossier
from lienthong.cases.queries.own import is_own, is_represented
from lienthong.cases.services.applying import HandedIn, handed_in, keep_components
from lienthong.cases.services.carrying import Doing, Handled, calendar_now, carry_out, lock_dossier
from lienthong.cases.services.drafting import declared_component
from lienthong.cases.services.representing import require_counts
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.data import Names, to_json
from lienthong.foundation.fields.problems import NotAccepted, Problem
from lienthong.identity.queries import Actor


class PartOfAnother(DomainError):
    code = "cases.part_of_another"


@transaction.atomic
def start_supplement(*, dossier_id: int, applicant: Actor) -> Draft:
    """The draft in which an applicant gathers what a dossier lacks; the one begun before when there is one.

    Of a dossier that was handed in for another, whoever opens it goes on with it: the represented, or the one who
    handed it in while the mandate counts. Raises NoSuchDossier, NotWaiting, MandateEnded.
    """
    handled = _own(dossier_id, applicant, supplementing=True)
    dossier = handled.dossier
    if not any(visit.waiting for visit in handled.visits.values()):
        raise rules.NotWaiting(_("Nobody is waiting for a supplement to this dossier."))
    now = clock.now()
    draft, _begun = Draft.objects.get_or_create(
        dossier=dossier,
        defaults={
            "account_id": applicant.account_id,
            "procedure_id": dossier.procedure_id,
            "variant": dossier.variant,
            "competent_id": dossier.competent_id,
            "data": dossier.data,
            "created_at": now,
            "updated_at": now,
        },
    )
    if draft.account_id != applicant.account_id:
        draft.account_id = applicant.account_id
        draft.save(update_fields=["account"])
    return draft


@transaction.atomic
def submit_supplement(*, dossier_id: int, applicant: Actor, note: str = "") -> Dossier:
    """Hand in what was gathered in the draft of a supplement, as `supplement`; the draft is then deleted."""
    handled = _own(dossier_id, applicant, supplementing=True)
    draft = Draft.objects.select_for_update().filter(dossier_id=dossier_id).first()
    corrected = draft is not None and draft.data != handled.dossier.data
    files = handed_in(draft) if draft else []
    dossier = supplement(
        dossier_id=dossier_id,
        applicant=applicant,
        files=files,
        raw=draft.data if draft and corrected else None,
        note=note,
    )
    if draft:
        draft.delete()
    return dossier


@transaction.atomic
def supplement(
    *,
    dossier_id: int,
    applicant: Actor,
    files: Sequence[HandedIn] = (),
    raw: Mapping[str, Any] | None = None,
    note: str = "",
) -> Dossier:
    """Hand in what was missing: files, a corrected application, a word with it. The clock goes on.

    Raises NoSuchDossier, NotWaiting, NotAccepted, MandateEnded.
    """
    handled = _own(dossier_id, applicant, supplementing=True)
    now = handled.now
    dossier = handled.dossier
    if not files and raw is None and not note.strip():
        raise NotAccepted({"": Problem("required", _("Attach what was asked for, or write an answer."))})
    for file in files:
        declared_component(handled.procedure, file.component)
    transition = rules.supplement(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    if raw is not None:
        _correct(handled, raw, applicant)
    keep_components(dossier, files, supplement=dossier.supplements)
    waiting = next(visit for visit in handled.visits.values() if visit.waiting)
    waiting.reply = note.strip()
    waiting.save(update_fields=["reply"])
    carry_out(handled, transition, event=events.SUPPLEMENTED, actor=applicant, doing=Doing(), now=now)
    return dossier


def _correct(handled: Handled, raw: Mapping[str, Any], applicant: Actor) -> None:
    """Take a corrected application; the former one stays to be seen."""
    dossier, form = handled.dossier, handled.procedure.form
    context = values.context_for_correcting(dossier, applicant.account_id)
    cleaned = clean(form, raw, context)
    if not cleaned.ok:
        raise NotAccepted(cleaned.errors)
    corrected = to_json(form, cleaned.values)
    if corrected == dossier.data:
        return
    FormerData.objects.create(dossier=dossier, data=dossier.data, replaced_at=clock.now())
    dossier.data = corrected
    dossier.title = values.title_of(handled.procedure, Names(form, cleaned.values, context))
    dossier.save(update_fields=["data", "title"])


@transaction.atomic
def withdraw(*, dossier_id: int, applicant: Actor, reason: str = "") -> Dossier:
    """Take a dossier back, and with it what was opened for it. Possible until the result is there.

    Raises NoSuchDossier, TooLateToWithdraw, PartOfAnother.
    """
    handled = _own(dossier_id, applicant)
    doing = Doing(action="withdraw", note=reason.strip(), account_id=applicant.account_id)
    return take_back(handled, actor=applicant, doing=doing)


def may_withdraw(dossier: Dossier) -> bool:
    """Whether it can still be taken back; what was opened for another goes with that one."""
    status = rules.Status(dossier.status)
    return not status.ended and status is not rules.Status.FINISHED and dossier.parent_id is None


def take_back(handled: Handled, *, actor: Actor, doing: Doing) -> Dossier:
    """Withdraw a locked dossier. Raises TooLateToWithdraw, PartOfAnother."""
    now = handled.now
    if handled.dossier.parent_id is not None:
        raise PartOfAnother(
            _("This dossier is part of another one."), way_out=_("Withdraw the dossier that it was opened for.")
        )
    transition = rules.withdraw(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    carry_out(handled, transition, event=events.WITHDRAWN, actor=actor, doing=doing, now=now)
    return handled.dossier


def _own(dossier_id: int, applicant: Actor, *, supplementing: bool = False) -> Handled:
    """The dossier, locked, for whom it is: the represented may always, the agent may add to it while it is the agent.

    Taking a dossier back needs no mandate any more: who handed it in answers for it. Raises NoSuchDossier,
    MandateEnded.
    """
    handled = lock_dossier(dossier_id)
    if not is_own(applicant, handled.dossier):
        raise no_such_dossier()
    if supplementing and handled.dossier.mandate_id and not is_represented(applicant, handled.dossier):
        require_counts(handled.dossier.mandate_id, handled.dossier.procedure_key)
    return handled
