"""Handing an application in: by the applicant from a draft, by a program or a clerk in one go."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import events, rules, values
from lienthong.cases.codes import fresh_tracking
from lienthong.cases.definition import rule_set_on
from lienthong.cases.models import Component, Dossier, Draft
from lienthong.cases.queries import no_such_dossier
from lienthong.cases.services.carrying import Doing, Handled, calendar_now, carry_out, terms_of
from lienthong.cases.services.drafting import (
    NoSuchDraft,
    competent_of,
    offering,
    require_online,
)
from lienthong.cases.services.representing import columns_of, facts_for, require_mandate
from lienthong.cases.services.returning import Return, wish_of
from lienthong.foundation import clock, rows
from lienthong.foundation.definitions.registry import Published
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.data import Names, to_json
from lienthong.foundation.fields.problems import NotAccepted, Problem
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.models import Mandate
from lienthong.identity.policy import require
from lienthong.identity.queries import Actor
from lienthong.identity.services.confirming import account_with
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import ProcedureBody

RECEIVE = "cases.receive"
AT_THE_COUNTER = Return()


@dataclass(frozen=True, slots=True)
class HandedIn:
    """A file handed in as one of the components."""

    component: str
    file_id: int
    name: str
    reused: bool = False
    result_id: int | None = None
    """The result of this system that it is."""


@dataclass(frozen=True, slots=True)
class Inside:
    """The dossier and its step for which a sub-dossier is opened: it is the same person's, and entered by the same."""

    dossier: Dossier
    visit_id: int


@transaction.atomic
def submit_draft(*, key: uuid.UUID, applicant: Actor) -> Dossier:
    """Hand in an application. Handing in the same draft again gives the dossier that it has become.

    Raises NotAccepted with messages by field (`competent`, the form's own paths, `components.<key>`), NoSuchDraft,
    MandateEnded.
    """
    drafts = Draft.objects.select_for_update().filter(dossier=None)
    draft = drafts.filter(key=key, account_id=applicant.account_id).first()
    if draft is None:
        dossier = Dossier.objects.filter(draft_key=key, account_id=applicant.account_id).first()
        if dossier is None:
            raise NoSuchDraft(_("There is no such draft; it may have been deleted."))
        return dossier
    mandate = require_mandate(draft, lock=True)
    procedure = PROCEDURE.edition(draft.procedure_id)
    here = procedure.body.in_variant(draft.variant)
    declared = {component.key for component in here.components}
    dossier = hand_in(
        procedure=procedure,
        variant=draft.variant,
        competent_id=draft.competent_id,
        returned=wish_of(draft, here),
        raw=values.answers(here.form, draft.data),
        files=[file for file in handed_in(draft) if file.component in declared],
        actor=applicant,
        channel=Dossier.Channel.ONLINE,
        key=draft.key,
        mandate=mandate,
    )
    draft.delete()
    return dossier


def handed_in(draft: Draft) -> list[HandedIn]:
    """The files of a draft, as they are handed in."""
    return [
        HandedIn(each.component, each.file_id, each.name, each.reused, each.result_id)
        for each in draft.files.order_by("id")
    ]


def open_dossier(
    *,
    procedure_key: str,
    competent_key: str | None,
    raw: Mapping[str, Any],
    actor: Actor,
    idempotency_key: uuid.UUID,
    files: Sequence[HandedIn] = (),
    variant: str = "",
    returned: Return = AT_THE_COUNTER,
    walk_in: Mapping[str, str] | None = None,
) -> Dossier:
    """Hand in an application in one go: programs, and clerks for people at the counter.

    An officer needs cases.receive in the agency's one-stop shop; papers seen on paper need no file then. `walk_in` is
    who stands at the counter, by the names of `applicant_facts`. Such a dossier belongs to the account for which the
    applicant's number has been confirmed, and to none where there is no such account. The same key from the same
    account gives the same dossier. Raises NotAccepted, NotAllowed, NotOffered.
    """
    try:
        with transaction.atomic():
            return _open_once(
                procedure_key, competent_key, raw, actor, idempotency_key, files, variant, returned, walk_in or {}
            )
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
    variant: str,
    returned: Return,
    walk_in: Mapping[str, str],
) -> Dossier:
    if earlier := rows.fetch(Dossier, "draft_key = %s", key):
        return _only_own(earlier[0], actor)
    procedure = PROCEDURE.current(procedure_key)
    choices = offering(procedure.body)
    chosen = next((node for node in choices if node.key == competent_key), None)
    if competent_key is None and len(choices) == 1:
        chosen = choices[0]
    channel, counter = Dossier.Channel.ONLINE, None
    if isinstance(actor, Officer):
        channel = Dossier.Channel.DIRECT
        counter = counter_of(actor, procedure.body, chosen) if chosen else None
    else:
        require_online(procedure.body)
    return hand_in(
        procedure=procedure,
        variant=variant,
        competent_id=chosen.id if chosen else None,
        returned=returned,
        raw=raw,
        files=files,
        actor=actor,
        channel=channel,
        key=key,
        counter=counter,
        walk_in=walk_in,
    )


def counter_of(officer: Officer, procedure: ProcedureBody, competent: Node) -> Node:
    """The one-stop shop in which an officer receives for a competent agency.

    In the three-tier order it is the one of the agency; in the two-tier order every one-stop shop receives for every
    agency of the province (NĐ 118/2025/NĐ-CP). Raises NotAllowed.
    """
    nearest = reception_of(procedure, competent)
    receiving = [post for post in (officer.acting, *officer.posts) if officer.posts_with(RECEIVE, post.organisation)]
    if rule_set_on(clock.today()).body.order == "two-tier" and receiving:
        return receiving[0].organisation
    require(officer, RECEIVE, nearest)
    return nearest


def _only_own(dossier: Dossier, actor: Actor) -> Dossier:
    """Whoever handed it in: at the counter the clerk, not the person whose it is."""
    if (dossier.entered_by_id or dossier.account_id) != actor.account_id:
        raise no_such_dossier()
    return dossier


def reception_of(procedure: ProcedureBody, competent: Node) -> Node:
    """The one-stop shop that receives the procedure for a competent agency."""
    return tree().nearest(procedure.process.first.at, competent, clock.today())


def hand_in(
    *,
    procedure: Published[ProcedureBody],
    variant: str,
    competent_id: int | None,
    returned: Return | None,
    raw: Mapping[str, Any],
    files: Sequence[HandedIn],
    actor: Actor,
    channel: Dossier.Channel,
    key: uuid.UUID,
    counter: Node | None = None,
    inside: Inside | None = None,
    mandate: Mandate | None = None,
    walk_in: Mapping[str, str] | None = None,
) -> Dossier:
    """Make the dossier of an application that is right. Raises NotAccepted with messages by field."""
    body = procedure.body.in_variant(variant)
    facts = _facts(actor, channel, inside, mandate, walk_in)
    clerk = actor if isinstance(actor, Officer) and channel != Dossier.Channel.ONLINE else None
    context = values.context_for(actor.account_id, facts, clerk=clerk)
    if inside:
        files_there = values.files_of(inside.dossier, actor.account_id)
        context = replace(context, files=files_there, entries=values.entries_of(inside.dossier, clerk))
    cleaned = clean(body.form, raw, context)
    names = Names(body.form, cleaned.values, context)
    errors = {
        **_variant_missing(body),
        **_agency_missing(competent_id),
        **cleaned.errors,
        **(_components_missing(body, names, files) if channel == Dossier.Channel.ONLINE else {}),
        **(returned.problems(body) if returned else _RETURN_MISSING),
    }
    if errors:
        raise NotAccepted(errors)
    assert competent_id is not None and returned is not None
    now, competent = clock.now(), competent_of(body, competent_id)
    rule_set, reception = rule_set_on(now.date()), counter or reception_of(body, competent)
    applicant = values.applicant_of(body, names, facts)
    account_id, entered_by_id = _whose(actor, channel, inside, applicant["applicant_person_id"])
    dossier = Dossier(
        tracking=fresh_tracking(),
        draft_key=key,
        procedure_key=body.key,
        procedure_id=procedure.id,
        variant=body.variant.key if body.variant else "",
        rule_set_id=rule_set.id,
        title=values.title_of(body, names),
        reception_id=reception.id,
        competent_id=competent.id,
        assistance_id=reception.id if channel == Dossier.Channel.DIRECT else None,
        channel=channel,
        account_id=account_id,
        entered_by_id=entered_by_id,
        parent_id=inside.dossier.pk if inside else None,
        parent_visit=inside.visit_id if inside else None,
        data=to_json(body.form, cleaned.values),
        **returned.columns(),
        status=rules.Status.REGISTERED,
        submitted_at=now,
        **applicant,
        **columns_of(mandate, account_id),
    )
    rows.insert([dossier])
    keep_components(dossier, files, supplement=0)
    terms = terms_of(body, rule_set.body, online=channel == Dossier.Channel.ONLINE)
    transition = rules.submit(body.process, terms, now=now, calendar=calendar_now())
    carry_out(Handled(dossier, {}), transition, event=events.SUBMITTED, actor=actor, doing=Doing(), now=now)
    return dossier


def _facts(
    actor: Actor,
    channel: Dossier.Channel,
    inside: Inside | None,
    mandate: Mandate | None,
    walk_in: Mapping[str, str] | None,
) -> dict[str, str]:
    """What forms may know of whoever applies."""
    if channel == Dossier.Channel.DIRECT:
        return dict(walk_in or {})
    account_id = inside.dossier.account_id if inside else actor.account_id
    assert account_id is not None  # what was not entered by a clerk is somebody's
    return facts_for(account_id, mandate)


def _whose(
    actor: Actor, channel: Dossier.Channel, inside: Inside | None, person_id: str
) -> tuple[int | None, int | None]:
    """Whose account the dossier belongs to, and the clerk who entered it for somebody at the counter."""
    if inside:
        return inside.dossier.account_id, inside.dossier.entered_by_id
    if channel == Dossier.Channel.DIRECT:
        return account_with(person_id), actor.account_id
    return actor.account_id, None


_RETURN_MISSING = {"return_way": Problem("required", _("Choose how you want the result."))}


def _variant_missing(procedure: ProcedureBody) -> dict[str, Problem]:
    if procedure.variant or not procedure.variants:
        return {}
    return {"variant": Problem("required", _("Choose which case applies to you."))}


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


def keep_components(dossier: Dossier, files: Iterable[HandedIn], *, supplement: int) -> None:
    now = clock.now()
    rows.insert(
        Component(
            dossier=dossier,
            component=file.component,
            file_id=file.file_id,
            name=file.name,
            added_at=now,
            supplement=supplement,
            reused=file.reused,
            result_id=file.result_id,
        )
        for file in files
    )
