"""What amends, replaces, cancels or corrects what, for whoever looks at one of the two."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.functional import Promise

from lienthong.documents.models import Arrival, Issue, Relation, Sending
from lienthong.documents.queries.incoming import visible_to
from lienthong.documents.queries.outgoing import issues_for, not_kept_from
from lienthong.documents.rules.journey import Status
from lienthong.documents.rules.relations import ENDING, Earlier, How
from lienthong.documents.rules.sending import Recipient
from lienthong.identity.actors import Officer


@dataclass(frozen=True, slots=True)
class Related:
    """`later`: the other document does it to the one that is looked at. `address` is empty where the other is not for
    the reader to see; of what is limited to others nothing but that it is there (`hidden`)."""

    words: str | Promise
    code: str
    abstract: str
    dated: date | None
    later: bool
    ends: bool
    address: str
    hidden: bool = False


def related(document_id: int, officer: Officer, *, organisation_id: int) -> list[Related]:
    """What an officer of the organisation learns, the later documents first. At most four queries."""
    about = Q(issue__document=document_id) | Q(earlier__document=document_id)
    found = list(
        Relation.objects.filter(about, in_force=True)
        .select_related("issue__document", "earlier__document")
        .order_by("-issue_id", "id")
    )
    others = [each.earlier if each.issue.document_id == document_id else each.issue for each in found]
    addresses = _addresses(others, officer, organisation_id)
    limited = _limited(others, organisation_id) - addresses.keys()
    return sorted(
        (_seen(relation, other, addresses, limited) for relation, other in zip(found, others, strict=True)),
        key=lambda each: not each.later,
    )


def hide_answers(arrivals: Iterable[Arrival], *, posts: Collection[int], said: str) -> None:
    """Say this in place of the number of an answer that is limited to other posts. At most one query. To be read, not
    to be saved."""
    answered = {arrival.pk: arrival for arrival in arrivals if arrival.answer}
    if not answered:
        return
    for issue in Issue.objects.filter(~not_kept_from(posts), answers__in=answered).select_related("document"):
        arrival = answered[issue.answers_id or 0]
        if arrival.answer == issue.document.code[:60]:  # the last of several, and not one that was typed
            arrival.answer = said


def _limited(others: Iterable[Issue], organisation_id: int) -> set[int]:
    """The documents that are limited to posts by name, by whom they went out from or in the organisation itself."""
    documents = {each.document_id: each.limited for each in others}
    if not documents:
        return set()
    arrivals = Arrival.objects.filter(document__in=documents, organisation_id=organisation_id, limited=True)
    return {pk for pk, is_limited in documents.items() if is_limited} | set(arrivals.values_list("document", flat=True))


def _seen(relation: Relation, other: Issue, addresses: dict[int, str], limited: Collection[int]) -> Related:
    how, later, document = How(relation.how), other.pk == relation.issue_id, other.document
    if document.pk in limited:
        words = (Relation.PASSIVE if later else Relation.WORDS)[how]
        return Related(words, "", "", None, later, later and how in ENDING, "", hidden=True)
    return Related(
        words=(Relation.PASSIVE if later else Relation.WORDS)[how],
        code=document.code,
        abstract=document.abstract,
        dated=document.dated,
        later=later,
        ends=later and how in ENDING,
        address=addresses.get(document.pk, ""),
    )


def _addresses(others: Iterable[Issue], officer: Officer, organisation_id: int) -> dict[int, str]:
    """By document: as it came to the organisation, or as it went out from it."""
    documents = [each.document_id for each in others]
    if not documents:
        return {}
    arrivals = visible_to(officer).filter(document__in=documents, organisation_id=organisation_id)
    issued = issues_for(officer).filter(document__in=documents, organisation_id=organisation_id)
    return {
        **{doc: reverse("documents:arrival", args=[pk]) for doc, pk in arrivals.values_list("document_id", "pk")},
        **{doc: reverse("documents:issued", args=[pk]) for doc, pk in issued.values_list("document_id", "pk")},
    }


ENDED = Exists(Relation.objects.filter(earlier=OuterRef("pk"), in_force=True, how__in=sorted(ENDING)))
"""Of an issue: whether another document has replaced or cancelled it."""


def as_earlier(issue: Issue, *, ended: bool) -> Earlier:
    document = issue.document
    return Earlier(
        code=document.code,
        kind=document.kind,
        dated=document.dated or issue.issued_at.date(),
        recalled=issue.recalled_at is not None,
        ended=ended,
    )


def those_who_got(issues: Iterable[int]) -> list[Recipient]:
    """To whom documents went and did not come back from, in the order of the documents. One query."""
    sendings = (
        Sending.objects.filter(issue__in=list(issues))
        .exclude(arrival__status=Status.REFUSED)
        .select_related("arrival")
        .order_by("issue_id", "place")
    )
    return [
        Recipient(each.name, each.arrival.organisation_id if each.arrival else None, each.copies) for each in sendings
    ]
