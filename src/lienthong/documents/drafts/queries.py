"""Drafts, each limited to what the asking person may see."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from operator import or_

from django.db.models import Exists, OuterRef, Q, QuerySet

from lienthong.documents import policy
from lienthong.documents.drafts import policy as drafts_policy
from lienthong.documents.models import Draft, DraftOpinion, DraftVersion, SigningTurn
from lienthong.documents.queries import incoming as documents
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.files.search import Fold
from lienthong.identity.actors import Officer

PAGE = 50
MOST_WORDS = 8
"""Of a search that count."""
FREQUENT = 6
SIGNED = (Draft.State.SIGNING, Draft.State.SIGNED, Draft.State.ISSUED)
"""From when on the clerks of the agency see a draft."""


def desks_of(officer: Officer) -> list[Q]:
    """What lies with a post of the officer's, or with a role that one of them carries: each has an index of its own."""
    roles = (Q(post=None, role=role, organisation_id__in=each) for role, each in officer.desks().items())
    return [Q(post_id__in=officer.post_ids), *roles]


def at_desks(officer: Officer) -> Q:
    return reduce(or_, desks_of(officer))


def visible_to(officer: Officer) -> QuerySet[Draft]:
    """What somebody may see: whoever drafts it, the heads of the unit, the leaders of the agency, its clerks once it is
    being signed, those who were asked for an opinion, those whose turn of signing it is or was. Gathered from the
    indexes of each."""
    registers = [node.id for node in policy.agencies_of(officer)]
    own = [
        Q(unit_id__in=drafts_policy.units_led(officer)),
        Q(organisation_id__in=drafts_policy.agencies_led(officer)),
        Q(organisation_id__in=registers, state__in=SIGNED),
    ]
    asked = (DraftOpinion.objects.filter(desk).values("draft_id") for desk in desks_of(officer))
    turns = (SigningTurn.objects.filter(desk, opened_at__isnull=False).values("draft_id") for desk in desks_of(officer))
    mine = Draft.objects.filter(post_id__in=officer.post_ids).values("id")
    return Draft.objects.filter(
        pk__in=mine.union(*(Draft.objects.filter(each).values("id") for each in own), *asked, *turns)
    )


@dataclass(frozen=True, slots=True)
class Filters:
    """How drafts are narrowed. `scope`: "" everything the officer may see, "mine", "led", "asked" (open questions)."""

    scope: str = ""
    text: str = ""
    kind: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class Cursor:
    changed_at: datetime
    id: int


def listing(officer: Officer, filters: Filters, *, after: Cursor | None = None, size: int = PAGE) -> list[Draft]:
    """A page of drafts, the last changed first; one more than a page when there is a next. One query."""
    found = visible_to(officer).select_related("author").annotate(is_asked=Exists(_open_questions(officer)))
    if filters.scope == "mine":
        found = found.filter(post_id__in=officer.post_ids)
    elif filters.scope == "led":
        units, agencies = drafts_policy.units_led(officer), drafts_policy.agencies_led(officer)
        found = found.filter(Q(unit_id__in=units) | Q(organisation_id__in=agencies))
    elif filters.scope == "asked":
        found = found.filter(is_asked=True)
    if filters.kind:
        found = found.filter(kind=filters.kind)
    if filters.state:
        found = found.filter(state=filters.state)
    for word in folded(filters.text).split()[:MOST_WORDS]:
        found = found.annotate(folded=Fold("abstract")).filter(folded__contains=word)
    if after:
        found = found.filter(Q(changed_at__lt=after.changed_at) | Q(changed_at=after.changed_at, id__lt=after.id))
    return list(found.order_by("-changed_at", "-id")[: size + 1])


def _open_questions(officer: Officer) -> QuerySet[DraftOpinion]:
    return DraftOpinion.objects.filter(at_desks(officer), draft=OuterRef("pk"), given_at=None)


@dataclass(frozen=True)
class DraftPage:
    """A draft with what the reader may see of it: `versions` the newest first, from the one they were asked about where
    they were only asked (their contents are read when one asks for them); `opinions` all of them for who writes or
    signs, else the reader's own."""

    draft: Draft
    versions: Sequence[DraftVersion]
    opinions: Sequence[DraftOpinion]
    writes: bool
    gathers: bool

    @property
    def latest(self) -> DraftVersion:
        return self.versions[0]

    def version(self, number: int | None) -> DraftVersion | None:
        return next((each for each in self.versions if each.number == number), None)

    def mine(self, officer: Officer) -> list[DraftOpinion]:
        """The questions that the officer has not answered yet."""
        return [each for each in self.opinions if each.given_at is None and drafts_policy.is_asked(officer, each)]


def draft_page(officer: Officer, draft_id: int) -> DraftPage | None:
    """None for what is not there, and for what is not to be seen. Four queries at most."""
    draft = visible_to(officer).select_related("author", "answers__document").filter(pk=draft_id).first()
    if draft is None:
        return None
    opinions = list(
        DraftOpinion.objects.filter(draft=draft)
        .select_related("version", "given_by", "asked_by", "file", "taken_by")
        .order_by("id")
    )
    mine = [each for each in opinions if drafts_policy.is_asked(officer, each)]
    gathers = sees_all_of(officer, draft)
    first = 1 if gathers else min((each.version.number for each in mine), default=1)
    versions = DraftVersion.objects.filter(draft=draft, number__gte=first).select_related("author", "file")
    versions = versions.defer("contents")
    return DraftPage(
        draft=draft,
        versions=list(versions.order_by("-number")),
        opinions=opinions if gathers else mine,
        writes=drafts_policy.writes(officer, draft),
        gathers=gathers,
    )


def sees_all_of(officer: Officer, draft: Draft) -> bool:
    """Whether somebody sees all versions and opinions. At most two queries."""
    if drafts_policy.writes(officer, draft) or draft.organisation_id in drafts_policy.agencies_led(officer):
        return True
    if draft.state in SIGNED and any(node.id == draft.organisation_id for node in policy.agencies_of(officer)):
        return True
    return SigningTurn.objects.filter(at_desks(officer), draft=draft, opened_at__isnull=False).exists()


def opinion_of(officer: Officer, opinion_id: int) -> DraftOpinion | None:
    """A question that was put to the officer, answered or not."""
    found = DraftOpinion.objects.filter(at_desks(officer), pk=opinion_id)
    return found.select_related("draft", "version__file", "asked_by", "given_by", "file").first()


def frequent_kinds(officer: Officer) -> list[str]:
    """The types that the units of an officer's posts drafted last, each once. One query."""
    units = {post.organisation.id for post in officer.posts}
    newest = Draft.objects.filter(unit_id__in=units).order_by("-changed_at", "-id")[:200]
    return list(dict.fromkeys(newest.values_list("kind", flat=True)))[:FREQUENT]


def shows_answered(officer: Officer, draft: Draft) -> bool:
    """Whether somebody may see what a draft answers. One query, none where it answers nothing."""
    return draft.answers_id is not None and documents.visible_among(officer, [draft.answers_id]).exists()


def answering(officer: Officer, arrival_id: int) -> list[Draft]:
    """The drafts that are to answer a document, of those that somebody may see."""
    found = visible_to(officer).filter(answers_id=arrival_id).exclude(state=Draft.State.DROPPED)
    return list(found.order_by("-changed_at", "-id"))
