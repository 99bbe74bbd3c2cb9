"""What applicants do: write an application, hand it in, add what was missing, take it back."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, rules, values
from lienthong.cases.codes import fresh_tracking
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Component, Dossier, Draft, DraftFile, FormerData
from lienthong.cases.queries import no_such_dossier
from lienthong.cases.services.carrying import Doing, Handled, calendar_now, carry_out, lock_dossier, terms_of
from lienthong.foundation import clock, rows
from lienthong.foundation.definitions.registry import Published
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.data import Names, merge, start, to_json
from lienthong.foundation.fields.problems import Problem
from lienthong.foundation.files import services as files_room
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.queries import province, tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.policy import require
from lienthong.identity.queries import Actor, applicant_facts
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Component as DeclaredComponent
from lienthong.procedures.shapes import ProcedureBody

RECEIVE = "cases.receive"


class NoSuchDraft(NotFound):
    code = "cases.no_such_draft"


class NotOffered(DomainError):
    code = "cases.not_offered"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file handed in as one of the components."""

    component: str
    file_id: int
    name: str


# drafts


@transaction.atomic
def start_draft(*, procedure_key: str, applicant: Actor, competent_id: int | None = None) -> Draft:
    """Begin an application under the version of the procedure in force today."""
    procedure = PROCEDURE.current(procedure_key)
    _require_online(procedure.body)
    choices = offering(procedure.body)
    facts = applicant_facts(applicant.account_id)
    now = clock.now()
    return Draft.objects.create(
        account_id=applicant.account_id,
        procedure_id=procedure.id,
        competent_id=competent_id or (choices[0].id if len(choices) == 1 else None),
        data=start(procedure.body.form, values.context_for(applicant.account_id, facts)),
        created_at=now,
        updated_at=now,
    )


def offering(procedure: ProcedureBody) -> list[Node]:
    """The agencies that offer a procedure today."""
    return tree().with_function(procedure.competent, clock.today())


def draft_of(key: uuid.UUID, applicant: Actor, *, lock: bool = False) -> Draft:
    """The one gate to a draft: only to one's own. Raises NoSuchDraft."""
    drafts = Draft.objects.select_for_update() if lock else Draft.objects.all()
    draft = drafts.filter(key=key, account_id=applicant.account_id).first()
    if draft is None:
        raise NoSuchDraft(_("There is no such draft; it may have been handed in or deleted."))
    return draft


@transaction.atomic
def save_draft(
    *, key: uuid.UUID, applicant: Actor, raw: Mapping[str, Any] | None = None, competent_id: int | None = None
) -> Draft:
    """Keep what was typed, right or wrong: nothing that somebody typed is lost."""
    draft = draft_of(key, applicant, lock=True)
    procedure = PROCEDURE.pinned(draft.procedure_id)
    if raw is not None:
        typed = merge(procedure.form, draft.data, dict(raw))
        draft.data = clean(procedure.form, typed, values.context_for(applicant.account_id), draft=True).raw
    if competent_id is not None:
        draft.competent_id = _competent(procedure, competent_id).id
    draft.updated_at = clock.now()
    draft.save(update_fields=["data", "competent", "updated_at"])
    return draft


@transaction.atomic
def attach(*, key: uuid.UUID, applicant: Actor, component: str, file: StoredFile) -> DraftFile:
    """Attach a stored file to a draft as one of its components; the same content twice is attached once."""
    draft = draft_of(key, applicant, lock=True)
    _declared_component(PROCEDURE.pinned(draft.procedure_id), component)
    attached = DraftFile.objects.filter(draft=draft, component=component, file__sha256=file.sha256).first()
    return attached or DraftFile.objects.create(
        draft=draft, component=component, file=file, name=file.name, added_at=clock.now()
    )


@transaction.atomic
def detach(*, key: uuid.UUID, applicant: Actor, draft_file_id: int) -> None:
    draft = draft_of(key, applicant, lock=True)
    _forget(DraftFile.objects.filter(draft=draft, pk=draft_file_id))


@transaction.atomic
def discard_draft(*, key: uuid.UUID, applicant: Actor) -> None:
    draft = draft_of(key, applicant, lock=True)
    _forget(draft.files.all())
    draft.delete()


def _forget(attached: QuerySet[DraftFile]) -> None:
    """Take files off a draft, and keep nothing of them that is in no other place."""
    ids = set(attached.values_list("file_id", flat=True))
    attached.delete()
    used = {
        id
        for model in (DraftFile, Component)
        for id in model.objects.filter(file__in=ids).values_list("file_id", flat=True)
    }
    files_room.discard(sorted(ids - used))


# handing in


@transaction.atomic
def submit_draft(*, key: uuid.UUID, applicant: Actor) -> Dossier:
    """Hand in an application. Handing in the same draft again gives the dossier that it has become.

    Raises NotAccepted with messages by field (`competent`, the form's own paths, `components.<key>`), NoSuchDraft.
    """
    drafts = Draft.objects.select_for_update().filter(dossier=None)
    draft = drafts.filter(key=key, account_id=applicant.account_id).first()
    if draft is None:
        dossier = Dossier.objects.filter(draft_key=key, account_id=applicant.account_id).first()
        if dossier is None:
            raise NoSuchDraft(_("There is no such draft; it may have been deleted."))
        return dossier
    files = [HandedIn(f.component, f.file_id, f.name) for f in draft.files.order_by("id")]
    dossier = _open(
        procedure=PROCEDURE.edition(draft.procedure_id),
        competent_id=draft.competent_id,
        raw=draft.data,
        files=files,
        actor=applicant,
        channel=Dossier.Channel.ONLINE,
        key=draft.key,
    )
    draft.delete()
    return dossier


def open_dossier(
    *,
    procedure_key: str,
    competent_key: str | None,
    raw: Mapping[str, Any],
    actor: Actor,
    idempotency_key: uuid.UUID,
    files: Sequence[HandedIn] = (),
) -> Dossier:
    """Hand in an application in one go: programs, and clerks for people at the counter.

    An officer needs cases.receive in the agency's one-stop shop; papers seen on paper need no file then. The same key
    from the same account gives the same dossier. Raises NotAccepted, NotAllowed, NotOffered.
    """
    try:
        with transaction.atomic():
            return _open_once(procedure_key, competent_key, raw, actor, idempotency_key, files)
    except IntegrityError:
        earlier = Dossier.objects.filter(draft_key=idempotency_key).first()
        if earlier is None:
            raise
        return _only_own(earlier, actor)


def _open_once(
    procedure_key: str,
    competent_key: str | None,
    raw: Mapping[str, Any],
    actor: Actor,
    key: uuid.UUID,
    files: Sequence[HandedIn],
) -> Dossier:
    if earlier := rows.fetch(Dossier, "draft_key = %s", key):
        return _only_own(earlier[0], actor)
    procedure = PROCEDURE.current(procedure_key)
    choices = offering(procedure.body)
    chosen = next((node for node in choices if node.key == competent_key), None)
    if competent_key is None and len(choices) == 1:
        chosen = choices[0]
    channel = Dossier.Channel.ONLINE
    if isinstance(actor, Officer):
        channel = Dossier.Channel.DIRECT
        if chosen:
            require(actor, RECEIVE, reception_of(procedure.body, chosen))
    else:
        _require_online(procedure.body)
    return _open(
        procedure=procedure,
        competent_id=chosen.id if chosen else None,
        raw=raw,
        files=files,
        actor=actor,
        channel=channel,
        key=key,
    )


def _only_own(dossier: Dossier, actor: Actor) -> Dossier:
    if dossier.account_id != actor.account_id:
        raise no_such_dossier()
    return dossier


def reception_of(procedure: ProcedureBody, competent: Node) -> Node:
    """The one-stop shop that receives the procedure for a competent agency."""
    return tree().nearest(procedure.process.first.at, competent, clock.today())


def _open(
    *,
    procedure: Published[ProcedureBody],
    competent_id: int | None,
    raw: Mapping[str, Any],
    files: Sequence[HandedIn],
    actor: Actor,
    channel: Dossier.Channel,
    key: uuid.UUID,
) -> Dossier:
    body = procedure.body
    facts = {} if channel == Dossier.Channel.DIRECT else applicant_facts(actor.account_id)
    context = values.context_for(actor.account_id, facts)
    cleaned = clean(body.form, raw, context)
    names = Names(body.form, cleaned.values, context)
    errors = {
        **_agency_missing(competent_id),
        **cleaned.errors,
        **(_components_missing(body, names, files) if channel == Dossier.Channel.ONLINE else {}),
    }
    if errors:
        raise values.NotAccepted(errors)
    assert competent_id is not None
    now, competent = clock.now(), _competent(body, competent_id)
    rule_set = RULE_SET.current(province().rule_set_on(now.date()))
    reception = reception_of(body, competent)
    dossier = Dossier(
        tracking=fresh_tracking(),
        draft_key=key,
        procedure_key=body.key,
        procedure_id=procedure.id,
        rule_set_id=rule_set.id,
        title=values.title_of(body, names),
        reception_id=reception.id,
        competent_id=competent.id,
        assistance_id=reception.id if channel == Dossier.Channel.DIRECT else None,
        channel=channel,
        account_id=actor.account_id,
        data=to_json(body.form, cleaned.values),
        status=rules.Status.REGISTERED,
        submitted_at=now,
        **values.applicant_of(body, names, facts),
    )
    rows.insert([dossier])
    _keep_components(dossier, files, supplement=0)
    terms = terms_of(body, rule_set.body, online=channel == Dossier.Channel.ONLINE)
    transition = rules.submit(body.process, terms, now=now, calendar=calendar_now())
    carry_out(Handled(dossier, {}), transition, event=events.SUBMITTED, actor=actor, doing=Doing(), now=now)
    return dossier


def _require_online(procedure: ProcedureBody) -> None:
    if procedure.online == "information":
        raise NotOffered(
            _("“%(procedure)s” cannot be handed in online."),
            way_out=_("Hand it in at the one-stop shop."),
            procedure=procedure.name,
        )


def _competent(procedure: ProcedureBody, competent_id: int) -> Node:
    for node in offering(procedure):
        if node.id == competent_id:
            return node
    raise NotOffered(_("This agency does not offer the procedure."), way_out=_("Choose another agency."))


def _agency_missing(competent_id: int | None) -> dict[str, Problem]:
    if competent_id is not None:
        return {}
    return {"competent": Problem("required", _("Choose the agency that you hand it in to."))}


def _components_missing(procedure: ProcedureBody, names: Names, files: Iterable[HandedIn]) -> dict[str, Problem]:
    given = {file.component for file in files}
    return {
        f"components.{component.key}": Problem("required", _("Attach: %(name)s."), {"name": component.name})
        for component in values.components_asked(procedure, names)
        if component.required and not component.from_form and component.key not in given
    }


def _declared_component(procedure: ProcedureBody, key: str) -> DeclaredComponent:
    for component in procedure.components:
        if component.key == key:
            return component
    raise NotFound(_("The procedure has no such component."))


def _keep_components(dossier: Dossier, files: Iterable[HandedIn], *, supplement: int) -> None:
    now = clock.now()
    rows.insert(
        Component(
            dossier=dossier,
            component=file.component,
            file_id=file.file_id,
            name=file.name,
            added_at=now,
            supplement=supplement,
        )
        for file in files
    )


# afterwards


@transaction.atomic
def start_supplement(*, dossier_id: int, applicant: Actor) -> Draft:
    """The draft in which an applicant gathers what a dossier lacks; the one begun before when there is one.

    Raises NoSuchDossier, NotWaiting.
    """
    handled = _own(dossier_id, applicant)
    dossier = handled.dossier
    if not any(visit.waiting for visit in handled.visits.values()):
        raise rules.NotWaiting(_("Nobody is waiting for a supplement to this dossier."))
    now = clock.now()
    draft, _begun = Draft.objects.get_or_create(
        dossier=dossier,
        defaults={
            "account_id": applicant.account_id,
            "procedure_id": dossier.procedure_id,
            "competent_id": dossier.competent_id,
            "data": dossier.data,
            "created_at": now,
            "updated_at": now,
        },
    )
    return draft


@transaction.atomic
def submit_supplement(*, dossier_id: int, applicant: Actor, note: str = "") -> Dossier:
    """Hand in what was gathered in the draft of a supplement, as `supplement`; the draft is then deleted."""
    handled = _own(dossier_id, applicant)
    draft = Draft.objects.select_for_update().filter(dossier_id=dossier_id).first()
    corrected = draft is not None and draft.data != handled.dossier.data
    files = [HandedIn(f.component, f.file_id, f.name) for f in draft.files.order_by("id")] if draft else []
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

    Raises NoSuchDossier, NotWaiting, NotAccepted.
    """
    now = clock.now()
    handled = _own(dossier_id, applicant)
    dossier = handled.dossier
    if not files and raw is None and not note.strip():
        raise values.NotAccepted({"": Problem("required", _("Attach what was asked for, or write an answer."))})
    for file in files:
        _declared_component(handled.procedure, file.component)
    transition = rules.supplement(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    if raw is not None:
        _correct(handled, raw)
    _keep_components(dossier, files, supplement=dossier.supplements)
    waiting = next(visit for visit in handled.visits.values() if visit.waiting)
    waiting.reply = note.strip()
    waiting.save(update_fields=["reply"])
    carry_out(handled, transition, event=events.SUPPLEMENTED, actor=applicant, doing=Doing(), now=now)
    return dossier


def _correct(handled: Handled, raw: Mapping[str, Any]) -> None:
    """Take a corrected application; the former one stays to be seen."""
    dossier, form = handled.dossier, handled.procedure.form
    assert dossier.account_id is not None
    context = replace(values.context_of(dossier), files=values.FilesOf(dossier.account_id))
    cleaned = clean(form, raw, context)
    if not cleaned.ok:
        raise values.NotAccepted(cleaned.errors)
    corrected = to_json(form, cleaned.values)
    if corrected == dossier.data:
        return
    FormerData.objects.create(dossier=dossier, data=dossier.data, replaced_at=clock.now())
    dossier.data = corrected
    dossier.title = values.title_of(handled.procedure, Names(form, cleaned.values, context))
    dossier.save(update_fields=["data", "title"])


@transaction.atomic
def withdraw(*, dossier_id: int, applicant: Actor, reason: str = "") -> Dossier:
    """Take a dossier back. Possible until the result is there. Raises NoSuchDossier, TooLateToWithdraw."""
    now = clock.now()
    handled = _own(dossier_id, applicant)
    transition = rules.withdraw(handled.process, handled.terms, handled.state, now=now, calendar=calendar_now())
    doing = Doing(action="withdraw", note=reason.strip(), account_id=applicant.account_id)
    carry_out(handled, transition, event=events.WITHDRAWN, actor=applicant, doing=doing, now=now)
    return handled.dossier


def _own(dossier_id: int, applicant: Actor) -> Handled:
    handled = lock_dossier(dossier_id)
    if handled.dossier.account_id != applicant.account_id:
        raise no_such_dossier()
    return handled
