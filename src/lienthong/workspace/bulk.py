"""What lists offer for several rows at once, and the page that confirms it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.http import HttpRequest

from lienthong.cases.models import Dossier, Paper
from lienthong.cases.services import bulk
from lienthong.cases.services.bulk import Kind, Offer, Option, Picked
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.values import procedure_of
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import named_holders
from lienthong.identity.actors import Officer
from lienthong.work.bulk import MOST
from lienthong.work.models import Bulk, BulkLine, WorkItem
from lienthong.workspace.doing import Candidate, candidates

Place = tuple[int, int]
"""A dossier and the visit of a step in it; 0 for those that lie with the officer."""


@dataclass(frozen=True)
class Pick:
    """The box of a row: what it stands for, and the words of what can be done to it."""

    place: Place
    picked: Sequence[Picked]

    @property
    def value(self) -> str:
        return "{}.{}".format(*self.place)

    @property
    def words(self) -> str:
        return " ".join(sorted({word for each in self.picked for word in each.options if not each.obstacle(word)}))


Picks = Mapping[Place, Pick]
"""The rows that something can be done to, by their places."""


def place_of(item: WorkItem) -> Place:
    return (item.subject_id, item.part_id) if item.subject_type == DOSSIER else (0, 0)


def places_of(items: Iterable[WorkItem]) -> list[Place]:
    return [place_of(item) for item in items if item.subject_type == DOSSIER]


def picks(officer: Officer, places: Sequence[Place], *, seen: Iterable[Dossier] = ()) -> Picks:
    """Two queries for a page of any list, one where its dossiers were `seen`, none for an empty one."""
    found: dict[Place, list[Picked]] = {}
    wanted = set(places)
    for each in bulk.survey(officer, places, seen=seen):
        place = each.place if each.place in wanted else (each.dossier.pk, 0)
        found.setdefault(place, []).append(each)
    return {place: pick for place, each in found.items() if (pick := Pick(place, each)).words}


@dataclass(frozen=True)
class Bar:
    """The bar under a list. `everything` says whether there are rows beyond this page, of which all can be meant."""

    picks: Picks
    request: HttpRequest
    everything: bool = False
    most: int = MOST

    @cached_property
    def offers(self) -> list[Offer]:
        return bulk.offers(each for pick in self.picks.values() for each in pick.picked)

    @property
    def query(self) -> str:
        return self.request.GET.urlencode()


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the page that confirms: `what` will happen, or why it cannot."""

    row: BulkLine
    picked: Picked | None
    what: str
    drafts: Sequence[Paper] = ()


@dataclass(frozen=True, slots=True)
class Share:
    """How many of them somebody gets when they are spread evenly."""

    name: str
    count: int


class Confirmation:
    """The page of a selection that is not confirmed yet, as things stand now."""

    def __init__(self, row: Bulk, officer: Officer) -> None:
        self.row, self.word = row, str(row.given.get("word", ""))
        found = bulk.picked_of(row, officer)
        can = [(line, each) for line, each in found if each and not each.obstacle(self.word)]
        self._options = [each.options[self.word] for _line, each in can]
        drafts = _drafts([each.dossier.pk for _line, each in can]) if self.kind == "approve" else {}
        self.can = [
            Line(line, each, _what(each, each.options[self.word]), drafts.get(each.dossier.pk, ()))
            for line, each in can
        ]
        self.cannot = [
            Line(line, each, bulk.obstacle(each, self.word))
            for line, each in found
            if not each or each.obstacle(self.word)
        ]

    @property
    def kind(self) -> Kind | None:
        return self._options[0].kind if self._options else None

    @property
    def name(self) -> str:
        return self.row.name

    @property
    def asks_post(self) -> bool:
        return self.kind in ("assign", "transfer")

    @property
    def reason_needed(self) -> bool:
        return self.kind == "transfer"

    @cached_property
    def candidates(self) -> list[Candidate]:
        posts = {post.id: post for option in self._options for post in option.posts}
        return candidates(list(posts.values())) if self.asks_post else []

    @cached_property
    def shares(self) -> list[Share]:
        """Who would get how many; empty where there is nobody to spread among, or only one."""
        if self.kind != "assign":
            return []
        try:
            posts = bulk.planned([post.id for post in self._options[0].posts], len(self.can))
        except DomainError:
            return []
        holders = named_holders(sorted(set(posts)))
        shares = [
            Share(", ".join(name for _account, name in holders[post]), posts.count(post)) for post in sorted(set(posts))
        ]
        return shares if sum(bool(each.names) for each in self.candidates) > 1 else []


def _what(picked: Picked, option: Option) -> str:
    """What becomes of the dossier: the name of the step that follows."""
    process = procedure_of(picked.dossier).process
    if option.action and option.action.to:
        return process.step(option.action.to).name
    return "" if option.action else picked.step.name if picked.step else ""


def _drafts(dossier_ids: Sequence[int]) -> dict[int, list[Paper]]:
    """The drafts that approvals sign, by dossier. One query."""
    found: dict[int, list[Paper]] = {}
    papers = Paper.objects.filter(dossier_id__in=dossier_ids, kind="result", state=Paper.State.DRAFT)
    for paper in papers.order_by("id"):
        found.setdefault(paper.dossier_id, []).append(paper)
    return found
