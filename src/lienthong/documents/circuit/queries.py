"""Drafts on their way to the signature, each read limited to what the asking person may see."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from lienthong.documents import policy
from lienthong.documents.circuit import policy as circuit_policy
from lienthong.documents.circuit.rules import Part, Station, may_be_signed_by
from lienthong.documents.drafts.queries import at_desks, sees_all_of, visible_to
from lienthong.documents.models import Draft, SigningRound, SigningTurn
from lienthong.documents.rules.contents import Signer
from lienthong.documents.rules.kinds import PERSONAL_LETTER
from lienthong.foundation import clock
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.actors import Officer

PAGE = 50
UNDER_WAY = (Draft.State.SIGNING, Draft.State.SIGNED)


@dataclass(frozen=True, slots=True)
class Page:
    """A draft with everything of its signing: the rounds, the last first, and the turns of all of them."""

    draft: Draft
    rounds: Sequence[SigningRound]
    turns: Sequence[SigningTurn]

    @property
    def round(self) -> SigningRound | None:
        return self.rounds[0] if self.rounds else None

    @property
    def round_ended(self) -> bool:
        return self.round is not None and self.round.outcome != ""

    def turns_of(self, number: int) -> list[SigningTurn]:
        return [turn for turn in self.turns if turn.round == number]

    @property
    def current(self) -> list[SigningTurn]:
        return self.turns_of(self.round.number) if self.round else []


def file_of(under_way: SigningRound, turns: Iterable[SigningTurn]) -> StoredFile:
    """The paper of a round with all signatures that it has: each signs the file of the one before, so that the newest
    file has them all."""
    signed = [turn.file for turn in turns if turn.file]
    return max(signed, key=lambda file: file.pk, default=under_way.file)


def page(officer: Officer, draft_id: int) -> Page | None:
    """In five queries at most; None where there is none, or it is not for this officer, as for one who was only asked
    for an opinion."""
    related = ("post", "author", "answers__document", "issue__document")
    draft = visible_to(officer).select_related(*related).filter(pk=draft_id).first()
    return signing_of(draft) if draft and sees_all_of(officer, draft) else None


def signing_of(draft: Draft) -> Page:
    """Of a draft that the asker may see, in two queries."""
    rounds = SigningRound.objects.filter(draft_id=draft.pk).select_related("version", "file", "presented_by")
    turns = SigningTurn.objects.filter(draft_id=draft.pk).select_related("done_by", "file")
    return Page(draft, list(rounds.order_by("-number")), list(turns.order_by("round", "place", "id")))


def waiting_for(officer: Officer, *, part: str = "", after: int | None = None) -> list[SigningTurn]:
    """Whose turn it is at the officer's desks, the longest waiting first; one more than a page when there is a next.
    One query."""
    found = SigningTurn.objects.filter(at_desks(officer), outcome="", opened_at__isnull=False)
    if part:
        found = found.filter(part=part)
    if after:
        found = found.filter(pk__gt=after)
    return list(found.select_related("draft", "draft__unit", "version").order_by("pk")[: PAGE + 1])


def to_number(officer: Officer, *, after: int | None = None) -> list[Draft]:
    """Signed drafts of the agencies whose document clerk the officer is, that wait for their number."""
    agencies = [node.id for node in policy.agencies_of(officer)]
    found = Draft.objects.filter(organisation_id__in=agencies, state=Draft.State.SIGNED).exclude(kind=PERSONAL_LETTER)
    if after:
        found = found.filter(pk__gt=after)
    return list(found.select_related("unit").order_by("pk")[: PAGE + 1])


def presented_by(officer: Officer, *, after: int | None = None) -> list[tuple[Draft, list[SigningTurn]]]:
    """Drafts of the officer's posts that are being signed or wait for their number, the last changed first, each with
    the turns of its round. Two queries."""
    found = Draft.objects.filter(post_id__in=officer.post_ids, state__in=UNDER_WAY)
    if after:
        found = found.filter(pk__lt=after)
    drafts = list(found.order_by("-pk")[: PAGE + 1])
    turns: dict[int, list[SigningTurn]] = {}
    rows = SigningTurn.objects.filter(draft_id__in=[draft.pk for draft in drafts]).select_related("done_by")
    for turn in rows.order_by("round", "place", "id"):
        turns.setdefault(turn.draft_id, []).append(turn)
    return [(draft, _last_round(turns.get(draft.pk, []))) for draft in drafts]


def _last_round(turns: Sequence[SigningTurn]) -> list[SigningTurn]:
    last = max((turn.round for turn in turns), default=0)
    return [turn for turn in turns if turn.round == last]


# who can be asked


def people_of(post_ids: Collection[int]) -> Mapping[int, list[str]]:
    """Who acts in each post today: its holders, then who stands in for those who are away. Two queries."""
    today = clock.today()
    found = {post_id: [name for _id, name in people] for post_id, people in holders_of(list(post_ids)).items()}
    away = Absence.objects.filter(post_id__in=list(post_ids), valid_from__lte=today, valid_to__gte=today)
    for post_id, name in away.order_by("pk").values_list("post_id", "substitute__full_name"):
        found.setdefault(post_id, []).append(name)
    return found


def usual_circuit(draft: Draft, signers: Sequence[Signer]) -> list[Station]:
    """Whom a draft is presented to if nobody says otherwise: the head of the unit, the head of the office, then whoever
    stands below it; only posts that somebody holds, and not the one that drafts."""
    posts = circuit_policy.askable(tree()[draft.organisation_id])
    people = people_of([post.id for post in posts])
    held = [post for post in posts if people.get(post.id)]
    signing = _signing(held, people, signers)
    checking = [post for post in _checking(held, draft) if post.id not in {each.id for each in signing}]
    stations = [Station(place, Part.CHECK, desk_of(post)) for place, post in enumerate(checking, start=1)]
    last = len(stations) + 1
    return stations + [Station(last, Part.SIGN, desk_of(post)) for post in signing]


def _signing(held: Iterable[PostNode], people: Mapping[int, list[str]], signers: Sequence[Signer]) -> list[PostNode]:
    """For each name below the document the first post of a person of that name."""
    posts = list(held)
    found: dict[int, PostNode] = {}
    for signer in signers:
        post = next((each for each in posts if may_be_signed_by([signer], people[each.id])), None)
        if post:
            found.setdefault(post.id, post)
    return list(found.values())


def _checking(held: Iterable[PostNode], draft: Draft) -> list[PostNode]:
    agencies, today = tree(), clock.today()
    heads = [post for post in held if policy.HEAD in post.roles and post.id != draft.post_id]
    of_unit = next((post for post in heads if post.organisation_id == draft.unit_id), None)
    of_office = next((post for post in heads if agencies.posts_in(post.organisation_id, policy.CLERK, today)), None)
    return list(dict.fromkeys(post for post in (of_unit, of_office) if post))


def desk_of(post: PostNode) -> tuple[int, str, int]:
    return post.organisation_id, min(post.roles, default=""), post.id
