"""Beginning a draft: from the template of its type, as the answer to a document, or from an earlier draft."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import queries as documents
from lienthong.documents.definition import template_for
from lienthong.documents.drafts import carrying, events, queries, rules
from lienthong.documents.drafts import policy as drafts_policy
from lienthong.documents.drafts.carrying import Missing, no_such_draft, not_yours
from lienthong.documents.models import Arrival, Draft, DraftVersion
from lienthong.documents.rules.contents import Contents, Signer
from lienthong.documents.rules.kinds import KINDS, LETTER
from lienthong.documents.services.carrying import no_such_document
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.letterheads import letterhead, symbol_of
from lienthong.identity.actors import HeldPost, Officer


@dataclass(frozen=True, slots=True)
class NewDraft:
    """With what a draft begins. `answers`: a document that came in; `like`: a draft whose text it takes over; `signer`:
    the post of one of `drafts_policy.signers_for`."""

    post_id: int
    agency_id: int
    kind: str
    abstract: str = ""
    answers: int | None = None
    like: int | None = None
    signer: int | None = None
    due_at: datetime | None = None


@transaction.atomic
def open_draft(*, new: NewDraft, officer: Officer, key: UUID) -> Draft:
    """Begin a draft with its first version. The same key begins once.

    Raises NotYours, Missing, NoSuchDocument (for `answers`), NoSuchDraft (for `like`).
    """
    post = next((each for each in officer.posts if each.id == new.post_id), None)
    agencies = drafts_policy.agencies_for(post.organisation) if post else []
    agency = next((node for node in agencies if node.id == new.agency_id), None)
    if post is None or agency is None:
        raise not_yours()
    if earlier := Draft.objects.filter(key=key, post_id=post.id).first():
        return earlier
    if new.kind not in KINDS:
        raise Missing({"kind": _("Choose the type of the document.")})
    answered = _answered(agency, new.answers, officer) if new.answers else None
    contents = _contents(agency, post, new, answered, officer)
    now = clock.now()
    draft = Draft(
        key=key,
        organisation_id=agency.id,
        unit_id=post.organisation.id,
        post_id=post.id,
        author_id=officer.account_id,
        kind=contents.kind,
        abstract=contents.abstract,
        urgency=contents.urgency,
        answers=answered,
        recipients=_recipients(answered, agency),
        latest=1,
        opened_at=now,
        changed_at=now,
        due_at=new.due_at or (answered.due_at if answered else None),
    )
    try:
        with transaction.atomic():
            draft.save()
    except IntegrityError:
        earlier = Draft.objects.filter(key=key, post_id=post.id).first()
        if earlier is None:
            raise
        return earlier
    DraftVersion.objects.create(
        key=key,
        draft=draft,
        number=1,
        contents=contents.as_json(),
        author_id=officer.account_id,
        post_id=post.id,
        made_at=now,
    )
    carrying.put_down(
        events.OPENED, draft, officer, {"kind": draft.kind, "answers": draft.answers_id, "like": new.like}
    )
    return draft


def _answered(agency: Node, arrival_id: int, officer: Officer) -> Arrival:
    found = documents.visible_to(officer).select_related("document").filter(pk=arrival_id, organisation_id=agency.id)
    arrival = found.first()
    if arrival is None:
        raise no_such_document()
    return arrival


def _contents(agency: Node, post: HeldPost, new: NewDraft, answered: Arrival | None, officer: Officer) -> Contents:
    """What the agency's template says, or an earlier draft, below the agency's own head."""
    said = _said_before(new.like, officer) if new.like else _said_by_template(agency, new.kind)
    if answered:
        said |= _said_in_reply(agency, answered, new.kind)
    if new.abstract:
        said["abstract"] = new.abstract
    return Contents.read({**said, **_head(agency, post.organisation, new)})


def _said_before(draft_id: int, officer: Officer) -> dict[str, Any]:
    page = queries.draft_page(officer, draft_id)
    found = next((each.contents for each in page.versions if each.file_id is None), None) if page else None
    if found is None:
        raise no_such_draft()
    taken = ("abstract", "authority", "addressees", "body", "recipients", "kept_by", "circulation", "appendices")
    return {name: found[name] for name in taken}


def _said_by_template(agency: Node, kind: str) -> dict[str, Any]:
    template = template_for(agency, kind)
    if template is None:
        return {}
    return {
        "abstract": template.abstract,
        "authority": template.authority,
        "addressees": template.addressees,
        "body": template.blocks(),
        "recipients": template.recipients,
        "kept_by": template.kept_by,
    }


def _said_in_reply(agency: Node, answered: Arrival, kind: str) -> dict[str, Any]:
    document = answered.document
    if kind != LETTER:
        return {}
    return {
        "abstract": rules.reply_abstract(code=document.code, abstract=document.abstract),
        "addressees": (document.issuer_name,),
        "body": rules.reply_body(
            code=document.code,
            dated=document.dated,
            sender=document.issuer_name,
            abstract=document.abstract,
            issuer=agency.name,
        ),
        "recipients": ("Như trên",),
    }


def _head(agency: Node, unit: Node, new: NewDraft) -> Mapping[str, Any]:
    head = letterhead(agency, clock.local(clock.now()))
    kind = KINDS[new.kind]
    initials = symbol_of(unit).removeprefix("P") if unit.id != agency.id else ""
    return {
        "kind": kind.code,
        "parent": head.parent,
        "issuer": head.issuer,
        "place": head.place,
        "symbol": rules.symbol_for(kind, agency=symbol_of(agency), unit=initials),
        "signer": signer_chosen(agency, unit, new.signer),
    }


def signer_chosen(agency: Node, unit: Node, post_id: int | None) -> Signer:
    """As what the chosen post signs; the head of the agency where none is. Empty where it has no leader. One query."""
    offered = drafts_policy.signers_for(agency, unit)
    chosen = next((each for each in offered if each.post.id == post_id), offered[0] if offered else None)
    return chosen.signer if chosen else Signer()


def _recipients(answered: Arrival | None, agency: Node) -> list[dict[str, Any]]:
    if answered is None:
        return []
    document = answered.document
    issuer = document.issuer_id
    reached = issuer if issuer and issuer != agency.id and issuer in tree().nodes else None
    return [{"name": document.issuer_name, "organisation_id": reached, "copies": 0 if reached else 1}]
