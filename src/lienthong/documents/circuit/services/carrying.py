"""What all use cases of the circuit share: what they refuse, locking, whose turn it is, the ledger, work items."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import policy
from lienthong.documents.circuit import policy as circuit_policy
from lienthong.documents.circuit import rules
from lienthong.documents.circuit.rules import Outcome, Part, Station, Turn
from lienthong.documents.drafts.carrying import DRAFT, LONGEST_WORDS, Missing, no_such_draft
from lienthong.documents.models import Draft, SigningRound, SigningTurn
from lienthong.documents.rules.kinds import PERSONAL_LETTER
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.foundation import clock, ledger, rows
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.errors import Conflict
from lienthong.foundation.organisations.queries import province, tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.work import services as work

SIGNING = "draft-signing"
"""The type of subject under which work items know that a draft is to be checked or signed; by the id of the draft, a
part for each turn."""
NUMBERING = "draft-numbering"
"""The type of subject under which work items know that a signed draft waits for its number; by the id of the draft."""

AT_THE_DRAFTER = 0
"""The part of a draft's work items that lies with whoever drafts it."""


class GoneOn(Conflict):
    """Somebody else was first, or the draft is not where it was."""

    code = "documents.draft_gone_on"


@dataclass
class Signing:
    """A draft, locked, with its last round and the turns of it."""

    draft: Draft
    round: SigningRound | None
    turns: dict[int, SigningTurn]

    @property
    def as_rule(self) -> list[Turn]:
        return [as_rule(turn) for turn in self.turns.values()]

    @property
    def now(self) -> datetime:
        """The present, never before what has already happened to the draft."""
        before = [self.draft.changed_at, *(turn.done_at for turn in self.turns.values() if turn.done_at)]
        return clock.local(max(clock.now(), *before))

    @property
    def under_way(self) -> SigningRound:
        """Raises GoneOn."""
        if self.round is None or self.draft.state != Draft.State.SIGNING:
            raise self.gone_on()
        return self.round

    def gone_on(self) -> GoneOn:
        state = Draft.State(self.draft.state).label
        return GoneOn(
            _("Somebody was quicker: the draft is %(state)s now."), way_out=_("Look at its page again."), state=state
        )


def as_rule(turn: SigningTurn) -> Turn:
    desk = (turn.organisation_id, turn.role, turn.post_id)
    return Turn(
        id=turn.pk,
        station=Station(turn.place, Part(turn.part), desk),
        is_open=turn.opened_at is not None and not turn.outcome,
        outcome=Outcome(turn.outcome),
    )


def lock(draft_id: int) -> Signing:
    """Raises NoSuchDraft."""
    draft = Draft.objects.select_for_update(no_key=True).filter(pk=draft_id).first()
    if draft is None:
        raise no_such_draft()
    last = SigningRound.objects.filter(draft_id=draft_id).select_related("file", "version").order_by("-number").first()
    turns = SigningTurn.objects.filter(draft_id=draft_id, round=last.number if last else 0).select_related("file")
    return Signing(draft, last, {turn.pk: turn for turn in turns.order_by("place", "id")})


def lock_turn(turn_id: int, officer: Officer) -> tuple[Signing, SigningTurn, HeldPost]:
    """The turn of somebody who holds its desk, on the locked draft.

    Raises NoSuchDraft, also where it is somebody else's turn.
    """
    draft_id = SigningTurn.objects.filter(pk=turn_id).values_list("draft_id", flat=True).first()
    if draft_id is None:
        raise no_such_draft()
    signing = lock(draft_id)
    turn = signing.turns.get(turn_id) or SigningTurn.objects.get(pk=turn_id)
    post = circuit_policy.holds(officer, turn)
    if post is None:
        raise no_such_draft()
    return signing, turn, post


def require_open(signing: Signing, turn: SigningTurn) -> SigningRound:
    """The round in which it is their turn. Raises GoneOn."""
    if turn.outcome == SigningTurn.Outcome.DONE:
        raise GoneOn(
            _("%(name)s has done it already."),
            way_out=_("Look at its page again."),
            name=turn.done_by.full_name if turn.done_by else "–",
        )
    under_way = signing.under_way
    if turn.pk not in signing.turns or turn.outcome:
        raise signing.gone_on()
    if turn.opened_at is None:
        raise GoneOn(_("It is not your turn yet: others check the draft before you."))
    return under_way


# the turns


def make_turns(signing: Signing, under_way: SigningRound, stations: Iterable[Station]) -> None:
    made = [
        SigningTurn(
            draft=signing.draft,
            version_id=under_way.version_id,
            round=under_way.number,
            place=station.place,
            part=station.part,
            organisation_id=station.desk[0],
            role=station.desk[1],
            post_id=station.desk[2],
        )
        for station in stations
    ]
    rows.insert(made)
    signing.turns |= {turn.pk: turn for turn in made}


def end_turn(turn: SigningTurn, outcome: Outcome, officer: Officer, post: HeldPost, *, words: str) -> None:
    turn.outcome, turn.words = outcome, words.strip()[:LONGEST_WORDS]
    turn.done_by_id, turn.done_for_id = officer.account_id, post.id
    rows.change(turn, "outcome", "words", "done_at", "done_by", "done_for", "file")


def go_on(signing: Signing, officer: Officer, *, now: datetime) -> None:
    """Give it to the next, or end the round as signed."""
    opened = [signing.turns[turn.id] for turn in rules.next_turns(signing.as_rule)]
    for turn in opened:
        turn.opened_at = now
        rows.change(turn, "opened_at")
    lay(signing, opened, now=now)
    if rules.is_signed(signing.as_rule):
        end_round(signing, SigningRound.Outcome.SIGNED, officer, now=now)
        move(signing, Draft.State.SIGNED, now=now)
        _lay_signed(signing, now=now)
    else:
        move(signing, Draft.State.SIGNING, now=now)


def lapse(signing: Signing, *, now: datetime) -> None:
    """Nobody is asked any more."""
    for turn in signing.turns.values():
        if not turn.outcome:
            turn.outcome, turn.done_at = Outcome.LAPSED, now
            rows.change(turn, "outcome", "done_at")


def end_round(signing: Signing, outcome: str, officer: Officer, *, now: datetime, reason: str = "") -> None:
    ended = signing.round
    assert ended is not None
    ended.outcome, ended.ended_at, ended.ended_by_id, ended.reason = outcome, now, officer.account_id, reason
    rows.change(ended, "outcome", "ended_at", "ended_by", "reason")


def move(signing: Signing, state: str, *, now: datetime) -> None:
    signing.draft.state, signing.draft.changed_at = state, now
    rows.change(signing.draft, "state", "changed_at")


# work items


def due_of(draft: Draft, *, now: datetime) -> datetime:
    """A step of the circuit is done by the next working day, of an urgent draft at once; issued is a document on the
    day it was signed, at the latest on the next working day (NĐ 30/2020 art. 18.1)."""
    return passed_on_by(now, Urgency(draft.urgency), calendar_of(province().calendar))


def lay(signing: Signing, turns: Sequence[SigningTurn], *, now: datetime) -> None:
    words = {Part.CHECK: _now("Check the draft"), Part.SIGN: _now("Sign the document")}
    due = due_of(signing.draft, now=now)
    work.open_items(
        [
            work.NewItem(
                subject=(SIGNING, signing.draft.pk),
                part_id=turn.pk,
                task=words[Part(turn.part)],
                title=title_of(signing.draft),
                code="",
                organisation_id=turn.organisation_id,
                role=turn.role,
                post_id=turn.post_id,
                opened_at=now,
                due_at=due,
            )
            for turn in turns
        ]
    )


def _lay_signed(signing: Signing, *, now: datetime) -> None:
    """With the clerks of the agency. A personal letter has no number (App. III), it goes back to who wrote it."""
    draft = signing.draft
    desk = policy.clerks_of(tree()[draft.organisation_id])
    if draft.kind == PERSONAL_LETTER or desk is None:
        tell_drafter(draft, _now("The document is signed"), now=now)
        return
    item = work.NewItem(
        subject=(NUMBERING, draft.pk),
        part_id=0,
        task=_now("Number, seal and issue"),
        title=title_of(draft),
        code="",
        organisation_id=desk[0],
        role=desk[1],
        opened_at=now,
        due_at=due_of(draft, now=now),
    )
    work.open_items([item])


def tell(signing: Signing, turns: Iterable[SigningTurn], task: str, *, now: datetime) -> None:
    """Let those know who had it in this round; it is off their desk when they have looked."""
    draft = signing.draft
    due = due_of(draft, now=now)
    work.open_items(
        [
            work.NewItem(
                subject=(SIGNING, draft.pk),
                part_id=turn.pk,
                purpose=work.KNOW,
                task=task,
                title=title_of(draft),
                code="",
                organisation_id=turn.organisation_id,
                role=turn.role,
                post_id=turn.post_id,
                opened_at=now,
                due_at=due,
            )
            for turn in turns
        ]
    )


def tell_drafter(draft: Draft, task: str, *, now: datetime) -> None:
    post = tree().posts[draft.post_id]
    item = work.NewItem(
        subject=(SIGNING, draft.pk),
        part_id=AT_THE_DRAFTER,
        purpose=work.KNOW,
        task=task,
        title=title_of(draft),
        code="",
        organisation_id=post.organisation_id,
        role=min(post.roles, default=""),
        post_id=post.id,
        opened_at=now,
        due_at=due_of(draft, now=now),
    )
    work.open_items([item])


def tell_issued(draft: Draft, code: str, *, now: datetime) -> None:
    tell_drafter(draft, _now("Issued under the number %(code)s") % {"code": code}, now=now)


def take_off(draft: Draft, parts: Collection[int], officer: Officer, outcome: str, *, subject: str = SIGNING) -> None:
    work.close_items(
        subject=(subject, draft.pk),
        parts=sorted(parts),
        at=clock.now(),
        account_id=officer.account_id,
        outcome=outcome,
    )


def title_of(draft: Draft) -> str:
    return draft.abstract or _now("Draft without an abstract")


def require_words(words: str) -> str:
    """Raises Missing."""
    if not words.strip():
        raise Missing({"words": _("Say why.")})
    return words.strip()[:LONGEST_WORDS]


def record(event: ledger.EventKind, draft: Draft, officer: Officer, data: Mapping[str, Any]) -> None:
    ledger.record(
        event,
        subject=(DRAFT, draft.pk),
        actor=officer,
        organisation_id=draft.organisation_id,
        data={name: value for name, value in data.items() if value not in (None, "", [])},
    )
