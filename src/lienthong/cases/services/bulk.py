"""The same done to many dossiers: what a selection offers, and doing it to each of them as if one by one.

The selection and its progress are kept by `work.bulk`; each dossier is done by the services that do one.
"""

import uuid
import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.cases import rules, values
from lienthong.cases.models import Dossier, StepVisit
from lienthong.cases.queries import visible_to
from lienthong.cases.rules.together import spread, together
from lienthong.cases.services import handling, moving
from lienthong.cases.services.carrying import DOSSIER, calendar_now
from lienthong.cases.services.taking import is_asked, taker_needed
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.calendars.rules import Calendar
from lienthong.foundation.errors import Conflict, DomainError
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.actors import Officer
from lienthong.procedures.shapes import Action, Step, Verb
from lienthong.work import bulk as work
from lienthong.work.models import Bulk, BulkLine
from lienthong.work.queries import loads

TOGETHER = "cases.together"
"""The deed of a bulk over dossiers."""
EVENLY = "evenly"
"""Stands in the place of a post where the work is spread by how much lies with each."""

Kind = Literal["assign", "approve", "return-result", "forward", "transfer"]
KINDS: dict[Kind, str | Promise] = {
    "assign": _("Assign"),
    "approve": _("Approve and sign"),
    "return-result": _("Hand over the result"),
    "forward": _("Pass on"),
    "transfer": _("Give to a colleague"),
}
"""In the order of the bar, with the name of those whose procedures call it differently."""


class NothingToDo(Conflict):
    code = "cases.nothing_to_do_together"


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be done to an open step together with others of the same `word`. `hindrance` says why not
    now. `posts` are those to choose from."""

    word: str
    kind: Kind
    name: str
    action: Action | None = None
    posts: tuple[PostNode, ...] = ()
    hindrance: DomainError | None = None


@dataclass(frozen=True, slots=True)
class Picked:
    """A dossier of the selection with the open step that is meant; none where none lies with the officer."""

    dossier: Dossier
    visit: StepVisit | None
    step: Step | None
    options: Mapping[str, Option]

    @property
    def place(self) -> tuple[int, int]:
        return self.dossier.pk, self.visit.pk if self.visit else 0

    def obstacle(self, word: str) -> str:
        """Why it cannot be done to this one; empty when it can."""
        if self.step is None:
            return str(_("No open step of this dossier lies with you."))
        option = self.options.get(word)
        if option is None:
            return str(_("The step “%(step)s” does not offer this.")) % {"step": self.step.name}
        return option.hindrance.in_full if option.hindrance else ""


@dataclass(frozen=True, slots=True)
class Offer:
    """What the bar offers: how many of a selection it can be done to."""

    word: str
    kind: Kind
    name: str
    count: int


# what there is to choose


def survey(officer: Officer, wanted: Iterable[tuple[int, int]], *, seen: Iterable[Dossier] = ()) -> list[Picked]:
    """What can be done to dossiers the officer may see, each as (dossier, visit); a visit of 0 means every open step
    that lies with the officer. Two queries, however many there are, one where all of them were read before as ones
    that the officer may see; what the officer may not see is left out."""
    places = list(dict.fromkeys(wanted))
    ids = {dossier_id for dossier_id, _visit in places}
    dossiers = {each.pk: each for each in seen}
    if unread := ids - dossiers.keys():
        dossiers |= {each.pk: each for each in visible_to(officer).filter(pk__in=unread).defer("search")}
    visits, calendar = _open_visits(dossiers), calendar_now()
    found: dict[tuple[int, int], Picked] = {}
    for dossier_id, visit_id in places:
        if dossier := dossiers.get(dossier_id):
            for picked in _picked(officer, dossier, visits.get(dossier_id, []), visit_id, calendar):
                found.setdefault((dossier_id, picked.visit.pk if picked.visit else visit_id), picked)
    return list(found.values())


def _open_visits(dossiers: Mapping[int, Dossier]) -> dict[int, list[StepVisit]]:
    found: dict[int, list[StepVisit]] = {}
    if dossiers:
        since = min(dossier.submitted_at for dossier in dossiers.values())
        rows = StepVisit.objects.filter(dossier_id__in=dossiers, opened_at__gte=since, done_at=None)
        for visit in rows.order_by("id"):
            found.setdefault(visit.dossier_id, []).append(visit)
    return found


def _picked(
    officer: Officer, dossier: Dossier, visits: Sequence[StepVisit], visit_id: int, calendar: Calendar
) -> Iterator[Picked]:
    process = procedure_of(dossier).process
    concerned = [
        (visit, step, options)
        for visit in visits
        if visit_id in (0, visit.pk)
        for step in [process.step(visit.step)]
        for options in [list(_options(officer, dossier, visits, visit, step, calendar))]
        if options or handling.post_for(officer, visit, step)
    ]
    if not concerned:
        yield Picked(dossier, None, None, {})
    for visit, step, options in concerned:
        yield Picked(dossier, visit, step, {option.word: option for option in options})


def _options(
    officer: Officer,
    dossier: Dossier,
    visits: Sequence[StepVisit],
    visit: StepVisit,
    step: Step,
    calendar: Calendar,
) -> Iterator[Option]:
    if visit.waiting:
        return
    if handling.post_for(officer, visit, step):
        for action in step.actions:
            if together(action) and _holds(dossier, action):
                yield _option(dossier, visits, visit, action, calendar)
    if moving.may_transfer(officer, visit, step):
        others = tuple(post for post in moving.takers(dossier, visit, step) if post.id != visit.post_id)
        if others:
            yield Option(
                f"transfer-{visit.organisation_id}-{step.role}", "transfer", str(KINDS["transfer"]), None, others
            )


def _holds(dossier: Dossier, action: Action) -> bool:
    return not action.when or values.conditions(procedure_of(dossier), dossier)(action.when)


def _option(
    dossier: Dossier, visits: Sequence[StepVisit], visit: StepVisit, action: Action, calendar: Calendar
) -> Option:
    hindrance = handling.hindrance(dossier, visits, visit, action, calendar)
    if action.does is Verb.ASSIGN and action.to:
        posts = tuple(handling.assignable(dossier, procedure_of(dossier).process.step(action.to)))
        return Option(f"assign-{_short(post.id for post in posts)}", "assign", action.name, action, posts, hindrance)
    if action.does is Verb.FORWARD:
        return Option(f"forward-{_short([action.name])}", "forward", action.name, action, (), hindrance)
    if action.does is Verb.APPROVE:
        return Option("approve", "approve", action.name, action, (), hindrance)
    hindrance = hindrance or (taker_needed() if is_asked(dossier) else None)
    return Option("return-result", "return-result", action.name, action, (), hindrance)


def _short(parts: Iterable[Any]) -> str:
    return f"{zlib.crc32('|'.join(map(str, parts)).encode()):08x}"


def offers(picked: Iterable[Picked]) -> list[Offer]:
    """What a selection offers, in the order of the bar. What is called the same but concerns different desks says
    which."""
    found: dict[str, list[Option]] = {}
    for each in picked:
        for word, option in each.options.items():
            if not option.hindrance:
                found.setdefault(word, []).append(option)
    called = Counter(map(_name, found.values()))
    made = [
        Offer(word, options[0].kind, _name(options, desk=called[_name(options)] > 1), len(options))
        for word, options in found.items()
    ]
    order = list(KINDS)
    return sorted(made, key=lambda offer: (order.index(offer.kind), offer.name))


def _name(options: Sequence[Option], *, desk: bool = False) -> str:
    names = {option.name for option in options}
    name = names.pop() if len(names) == 1 else str(KINDS[options[0].kind])
    posts = options[0].posts
    return f"{name}: {tree()[posts[0].organisation_id].short_name}" if desk and posts else name


# choosing and doing


def prepare(*, officer: Officer, wanted: Iterable[tuple[int, int]], word: str) -> Bulk:
    """Put a selection down for the action `word`, to be confirmed. Raises NothingChosen, TooManyChosen."""
    places = list(dict.fromkeys(wanted))
    if len(places) > work.MOST:
        raise work.too_many()
    picked = survey(officer, places)
    offer = next((each for each in offers(picked) if each.word == word), None)
    kind = next((kind for kind in KINDS if word.startswith(kind)), None)
    return work.prepare(
        officer=officer,
        deed=TOGETHER,
        name=offer.name if offer else str(KINDS[kind]) if kind else str(_("Pass on")),
        chosen=[_chosen(each) for each in picked],
        given={"word": word},
    )


def again(*, key: uuid.UUID, officer: Officer) -> Bulk:
    """A new selection of what was not done in an earlier one, for the same action. Raises NothingChosen, NoSuchBulk."""
    earlier = work.bulk_of(key, officer)
    if earlier.deed != TOGETHER:
        raise work.no_such_bulk()
    rest = earlier.lines.exclude(outcome__in=[BulkLine.Outcome.DONE, BulkLine.Outcome.OPEN]).order_by("id")
    wanted = [(line.subject_id, 0) for line in rest]
    return prepare(officer=officer, wanted=wanted, word=str(earlier.given.get("word", "")))


def _chosen(picked: Picked) -> work.Chosen:
    dossier = picked.dossier
    title = dossier.title or procedure_of(dossier).name
    return work.Chosen((DOSSIER, dossier.pk), picked.place[1], dossier.code or dossier.tracking, title)


def picked_of(bulk: Bulk, officer: Officer) -> list[tuple[BulkLine, Picked | None]]:
    """The lines of a prepared bulk with how they stand now; None for a dossier the officer may not see any more."""
    lines = list(bulk.lines.order_by("id"))
    found = {each.place: each for each in survey(officer, ((line.subject_id, line.part_id) for line in lines))}
    gone = {place[0]: each for place, each in found.items() if not place[1]}
    return [(line, found.get((line.subject_id, line.part_id)) or gone.get(line.subject_id)) for line in lines]


@transaction.atomic
def start(
    *, key: uuid.UUID, officer: Officer, post: str = "", reason: str = "", keep: Collection[int] | None = None
) -> Bulk:
    """Confirm a selection: settle what is done to each, and begin. Confirmed twice, it is begun once.

    `post` is the id of the post that gets it, or EVENLY. `keep` are the lines that were left ticked (None: all); the
    others are dropped. What cannot be done as things stand is refused at once.
    Raises NoSuchBulk, NothingToDo, rules.PersonNeeded, rules.ReasonNeeded, NotOfThatUnit.
    """
    bulk = work.bulk_of(key, officer, lock=True)
    if bulk.started_at:
        return bulk
    word = bulk.given["word"]
    lines = picked_of(bulk, officer)
    if keep is not None:
        lines = [(line, each) for line, each in lines if line.pk in keep or not each or each.obstacle(word)]
    doable = [(line, each.options[word]) for line, each in lines if each and not each.obstacle(word)]
    if not doable:
        raise NothingToDo(_("None of these can be done now."), way_out=_("Go back to the list and choose again."))
    if doable[0][1].kind == "transfer" and not reason.strip():
        raise rules.ReasonNeeded(_("Say why: the reason is part of the dossier."))
    posts = _posts([option for _line, option in doable], post)
    settled: dict[int, Mapping[str, Any] | str] = {line.pk: obstacle(each, word) for line, each in lines}
    for (line, option), chosen in zip(doable, posts, strict=True):
        action = {"action": option.action.key} if option.action else {}
        settled[line.pk] = {"kind": option.kind, **action, **({"post": chosen} if chosen else {})}
    bulk.given = {**bulk.given, "reason": reason.strip()[: moving.LONGEST_REASON]}
    work.begin(bulk, officer=officer, settled=settled)
    return bulk


def obstacle(picked: Picked | None, word: str) -> str:
    """Why it cannot be done to a line of a selection; empty when it can."""
    return picked.obstacle(word) if picked else str(_("There is no such dossier, or it is not for you to see."))


def _posts(options: Sequence[Option], post: str) -> list[int | None]:
    """For each what post gets it; None where none is chosen."""
    if options[0].kind not in ("assign", "transfer"):
        return [None] * len(options)
    if not post:
        raise rules.PersonNeeded(_("Choose who is to handle the dossiers."))
    allowed = [each.id for each in options[0].posts]
    if post == EVENLY and options[0].kind == "assign":
        return [*planned(allowed, len(options))]
    everybody = {each.id for option in options for each in option.posts}
    if not (post.isascii() and post.isdecimal()) or int(post) not in everybody:
        raise handling.NotOfThatUnit(_("Choose somebody whose post can do this step."))
    return [int(post)] * len(options)


def planned(post_ids: list[int], count: int) -> list[int]:
    """Who gets each of `count` tasks when they are spread evenly: only posts that somebody holds. Two queries.

    Raises NotOfThatUnit when nobody holds one.
    """
    holders = holders_of(post_ids)
    held = [post_id for post_id in post_ids if holders.get(post_id)]
    if not held:
        raise handling.NotOfThatUnit(_("Nobody holds one of these posts now."))
    lying = {post_id: load.open for post_id, load in loads(held, now=clock.now()).items()}
    return spread(count, held, lying)


@work.doer(TOGETHER)
def _do(officer: Officer, bulk: Bulk, line: BulkLine) -> None:
    given, reason = line.given, bulk.given.get("reason", "")
    if given["kind"] == "transfer":
        moving.transfer(
            dossier_id=line.subject_id, visit_id=line.part_id, post_id=given["post"], officer=officer, reason=reason
        )
        return
    handling.act(
        dossier_id=line.subject_id,
        visit_id=line.part_id,
        action=given["action"],
        officer=officer,
        reason=reason,
        post_id=given.get("post"),
    )
