"""Applications that are being written: nothing that somebody typed is lost."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.cases import values
from lienthong.cases.again import answered_again, earlier_dossier
from lienthong.cases.models import Component, Document, Draft, DraftFile, Paper
from lienthong.cases.services.representing import facts_for, mandate_for, require_mandate
from lienthong.cases.services.returning import Return
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import merge, start
from lienthong.foundation.files import services as files_room
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.queries import Actor
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Component as DeclaredComponent
from lienthong.procedures.shapes import ProcedureBody


class NoSuchDraft(NotFound):
    code = "cases.no_such_draft"


class NotOffered(DomainError):
    code = "cases.not_offered"


@transaction.atomic
def start_draft(
    *,
    procedure_key: str,
    applicant: Actor,
    competent_id: int | None = None,
    mandate_id: int | None = None,
    again: bool = False,
) -> Draft:
    """Begin an application under the version of the procedure in force today, for oneself or by a mandate for another.

    It begins with what is known of whom it is for; with `again` also with the answers of the last application to the
    same procedure; asked for so twice, it is begun once. Raises NotOffered, NoSuchMandate, MandateEnded.
    """
    procedure = PROCEDURE.current(procedure_key)
    require_online(procedure.body)
    choices = offering(procedure.body)
    mandate = mandate_for(applicant, mandate_id, procedure_key) if mandate_id is not None else None
    context = values.context_for(applicant.account_id, facts_for(applicant.account_id, mandate))
    earlier = earlier_dossier(applicant, procedure_key, mandate) if again else None
    body = procedure.body.in_variant(earlier.variant) if earlier else procedure.body
    data = start(body.form, context)
    if earlier is not None:
        data = answered_again(body.form, data, earlier, context)
    chosen = {
        "account_id": applicant.account_id,
        "procedure_id": procedure.id,
        "variant": body.variant.key if body.variant else "",
        "competent_id": competent_id or (choices[0].id if len(choices) == 1 else None),
        "data": data,
        "mandate": mandate,
    }
    untouched = Draft.objects.filter(**chosen, dossier=None, created_at=F("updated_at")).first() if again else None
    now = clock.now()
    return untouched or Draft.objects.create(**chosen, created_at=now, updated_at=now)


def draft_of(key: uuid.UUID, applicant: Actor, *, lock: bool = False) -> Draft:
    """The one gate to a draft: only to one's own. Raises NoSuchDraft."""
    drafts = Draft.objects.select_for_update() if lock else Draft.objects.all()
    draft = drafts.filter(key=key, account_id=applicant.account_id).first()
    if draft is None:
        raise NoSuchDraft(_("There is no such draft; it may have been handed in or deleted."))
    return draft


@transaction.atomic
def save_draft(
    *,
    key: uuid.UUID,
    applicant: Actor,
    raw: Mapping[str, Any] | None = None,
    competent_id: int | None = None,
    variant: str | None = None,
    returned: Return | None = None,
) -> Draft:
    """Keep what was typed, right or wrong: nothing that somebody typed is lost, even where another variant is chosen
    that does not ask for it. Raises NoSuchDraft, NotOffered, MandateEnded."""
    draft = draft_of(key, applicant, lock=True)
    mandate = require_mandate(draft)
    if variant is not None:
        _choose(draft, variant, values.context_for(applicant.account_id, facts_for(applicant.account_id, mandate)))
    procedure = values.procedure_of(draft)
    if raw is not None:
        typed = merge(procedure.form, draft.data, dict(raw))
        asked = clean(procedure.form, typed, values.context_for(applicant.account_id), draft=True).raw
        asked_elsewhere = draft.data.keys() - values.answers(procedure.form, draft.data).keys()
        draft.data = {**{key: draft.data[key] for key in asked_elsewhere}, **asked}
    if competent_id is not None:
        draft.competent_id = competent_of(procedure, competent_id).id
    if returned is not None:
        draft.return_way, draft.return_address = returned.way, returned.address.strip()
    draft.updated_at = clock.now()
    draft.save()
    return draft


def _choose(draft: Draft, variant: str, context: Context) -> None:
    """Take a variant of the procedure; what its own form begins with comes to what is there."""
    procedure = PROCEDURE.pinned(draft.procedure_id)
    if variant not in {each.key for each in procedure.variants}:
        raise NotOffered(_("The procedure has no such case."), way_out=_("Choose one of those offered."))
    draft.variant = variant
    form = procedure.in_variant(variant).form
    draft.data = {**start(form, context), **draft.data}


@transaction.atomic
def attach(*, key: uuid.UUID, applicant: Actor, component: str, file: StoredFile) -> DraftFile:
    """Attach a stored file to a draft as one of its components; the same content twice is attached once."""
    draft = draft_of(key, applicant, lock=True)
    require_mandate(draft)
    declared_component(values.procedure_of(draft), component)
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
    forget_files(ids)


def forget_files(ids: set[int]) -> None:
    """Keep nothing of files that are in no draft, no dossier and nobody's documents."""
    used = {
        id
        for model in (DraftFile, Component, Document, Paper)
        for id in model.objects.filter(file__in=ids).values_list("file_id", flat=True)
    }
    files_room.discard(sorted(ids - used))


# what is offered


def offering(procedure: ProcedureBody) -> list[Node]:
    """The agencies that offer a procedure today."""
    return tree().with_function(procedure.competent, clock.today())


def require_online(procedure: ProcedureBody) -> None:
    if procedure.online == "information":
        raise NotOffered(
            _("“%(procedure)s” cannot be handed in online."),
            way_out=_("Hand it in at the one-stop shop."),
            procedure=procedure.name,
        )


def competent_of(procedure: ProcedureBody, competent_id: int) -> Node:
    for node in offering(procedure):
        if node.id == competent_id:
            return node
    raise NotOffered(_("This agency does not offer the procedure."), way_out=_("Choose another agency."))


def declared_component(procedure: ProcedureBody, key: str) -> DeclaredComponent:
    for component in procedure.components:
        if component.key == key:
            return component
    raise NotFound(_("The procedure has no such component."))
