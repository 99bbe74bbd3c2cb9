"""What those do whose turn it is: check, sign, return; and taking it back, asking somebody else, looking at it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents.circuit import events, papers, queries, rules
from lienthong.documents.circuit import policy as circuit_policy
from lienthong.documents.circuit.rules import Outcome, Part
from lienthong.documents.circuit.services import carrying
from lienthong.documents.circuit.services.carrying import Signing
from lienthong.documents.drafts.carrying import DRAFT_READ, Missing, no_such_draft, not_yours, put_down
from lienthong.documents.drafts.events import SEEN
from lienthong.documents.drafts.policy import writes
from lienthong.documents.drafts.queries import visible_to
from lienthong.documents.models import Draft, SigningRound, SigningTurn
from lienthong.documents.services.reading import NoSuchFile
from lienthong.foundation import rows
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer


@transaction.atomic
def check(*, turn_id: int, officer: Officer, words: str = "") -> SigningTurn:
    """Agree to a draft before it is signed (ký tắt). Pressed twice, it is done once.

    Raises NoSuchDraft, GoneOn.
    """
    signing, turn, post = carrying.lock_turn(turn_id, officer)
    if _is_done(turn, officer):
        return turn
    carrying.require_open(signing, turn)
    if turn.part != Part.CHECK:
        raise signing.gone_on()
    now = turn.done_at = signing.now
    carrying.end_turn(turn, Outcome.DONE, officer, post, words=words)
    carrying.take_off(signing.draft, [turn.pk], officer, "checked")
    carrying.record(events.CHECKED, signing.draft, officer, {"round": turn.round, "for": post.id, "words": turn.words})
    carrying.go_on(signing, officer, now=now)
    return turn


@transaction.atomic
def sign(*, turn_id: int, officer: Officer, words: str = "") -> SigningTurn:
    """Sign with one's own certificate: the signature is made, kept and the turn ended, or nothing of it. Pressed twice,
    it is done once.

    Raises NoSuchDraft, GoneOn, rules.NotTheSigner, rules.NoCapacity, and what signing.services.sign_pdf raises.
    """
    signing, turn, post = carrying.lock_turn(turn_id, officer)
    if _is_done(turn, officer):
        return turn
    under_way = carrying.require_open(signing, turn)
    if turn.part != Part.SIGN:
        raise signing.gone_on()
    signers = papers.signers_of(under_way.version)
    index = rules.signs_as(signers, officer.name, standing_in=post.standing_in)
    now = turn.done_at = signing.now
    pdf = papers.signed(
        papers.content_of(current_file(signing)),
        draft=signing.draft,
        officer=officer,
        post=circuit_policy.own_post(officer, post),
        place=index,
        at=now,
    )
    turn.file = files.keep(pdf, name=papers.name_of(signing.draft), format_key="pdf")
    carrying.end_turn(turn, Outcome.DONE, officer, post, words=words)
    carrying.take_off(signing.draft, [turn.pk], officer, "signed")
    data = {"round": turn.round, "for": post.id, "sha256": turn.file.sha256, "words": turn.words}
    carrying.record(events.SIGNED, signing.draft, officer, data)
    carrying.go_on(signing, officer, now=now)
    return turn


def current_file(signing: Signing) -> StoredFile:
    """The document with the signatures that it has so far."""
    assert signing.round is not None
    return queries.file_of(signing.round, signing.turns.values())


def _is_done(turn: SigningTurn, officer: Officer) -> bool:
    return turn.outcome == Outcome.DONE and turn.done_by_id == officer.account_id


@transaction.atomic
def return_draft(*, turn_id: int, officer: Officer, words: str) -> SigningTurn:
    """Give it back to whoever wrote it: the round ends, others are not asked any more, and everybody is told.

    Raises NoSuchDraft, GoneOn, Missing.
    """
    signing, turn, post = carrying.lock_turn(turn_id, officer)
    if turn.outcome == Outcome.RETURNED and turn.done_by_id == officer.account_id:
        return turn
    carrying.require_open(signing, turn)
    reason = carrying.require_words(words)
    now = turn.done_at = signing.now
    carrying.end_turn(turn, Outcome.RETURNED, officer, post, words=reason)
    _end(signing, SigningRound.Outcome.RETURNED, officer, now=now, reason=reason)
    carrying.tell_drafter(signing.draft, _now("Revise the returned draft"), now=now)
    carrying.record(events.RETURNED, signing.draft, officer, {"round": turn.round, "words": reason})
    return turn


@transaction.atomic
def take_back(*, draft_id: int, officer: Officer, words: str) -> Draft:
    """Whoever drafts it takes it back while it is not signed by all. Raises NoSuchDraft, NotYours, GoneOn, Missing."""
    signing = _visible(draft_id, officer)
    if not writes(officer, signing.draft):
        raise not_yours()
    under_way = signing.under_way
    reason, now = carrying.require_words(words), signing.now
    _end(signing, SigningRound.Outcome.TAKEN_BACK, officer, now=now, reason=reason)
    carrying.record(events.TAKEN_BACK, signing.draft, officer, {"round": under_way.number, "words": reason})
    return signing.draft


def _end(signing: Signing, outcome: str, officer: Officer, *, now: datetime, reason: str) -> None:
    """End a round without a document: signatures of it are worth nothing. Those who had it are told."""
    had = [turn for turn in signing.turns.values() if turn.opened_at and turn.outcome != Outcome.RETURNED]
    carrying.take_off(signing.draft, signing.turns, officer, outcome)
    carrying.lapse(signing, now=now)
    carrying.end_round(signing, outcome, officer, now=now, reason=reason)
    carrying.move(signing, Draft.State.WRITING, now=now)
    told = (
        _now("The draft was returned") if outcome == SigningRound.Outcome.RETURNED else _now("The draft was taken back")
    )
    carrying.tell(signing, had, told, now=now)


@transaction.atomic
def give_back(*, draft_id: int, officer: Officer, words: str) -> Draft:
    """The clerk returns a signed draft before it has its number: its signatures are worth nothing then, it is written
    and presented anew. Raises NoSuchDraft, NotYours, GoneOn, Missing."""
    signing = _visible(draft_id, officer)
    if not circuit_policy.numbers(officer, signing.draft):
        raise not_yours()
    if signing.round is None or signing.draft.state != Draft.State.SIGNED:
        raise signing.gone_on()
    reason, now = carrying.require_words(words), signing.now
    carrying.take_off(signing.draft, [0], officer, "returned", subject=carrying.NUMBERING)
    _end(signing, SigningRound.Outcome.RETURNED, officer, now=now, reason=reason)
    carrying.tell_drafter(signing.draft, _now("Revise the returned draft"), now=now)
    carrying.record(events.RETURNED, signing.draft, officer, {"round": signing.round.number, "words": reason})
    return signing.draft


@transaction.atomic
def redirect(*, turn_id: int, post_id: int, officer: Officer, words: str) -> SigningTurn:
    """Ask somebody else in the place of a desk that has not done its part yet. Whoever signs then must be the one whose
    name stands below the document. Asked again for the same post, it is done once.

    Raises NoSuchDraft, NotYours, GoneOn, Missing.
    """
    draft_id = SigningTurn.objects.filter(pk=turn_id).values_list("draft_id", flat=True).first()
    signing = _visible(draft_id or 0, officer)
    if not circuit_policy.arranges(officer, signing.draft):
        raise not_yours()
    under_way, turn = signing.under_way, signing.turns.get(turn_id)
    if turn is None:
        raise signing.gone_on()
    there = next((each for each in signing.turns.values() if each.post_id == post_id and not each.outcome), None)
    if turn.outcome == Outcome.LAPSED and there:
        return there
    if turn.outcome:
        raise signing.gone_on()
    reason = carrying.require_words(words)
    _require_askable(signing, under_way, turn, post_id, is_there=there is not None)
    now = signing.now
    turn.outcome, turn.done_at, turn.words, turn.done_by_id = Outcome.LAPSED, now, reason, officer.account_id
    rows.change(turn, "outcome", "done_at", "words", "done_by")
    was_open = turn.opened_at is not None
    carrying.take_off(signing.draft, [turn.pk], officer, "redirected")
    post = tree().posts[post_id]
    desk = (post.organisation_id, min(post.roles, default=""), post.id)
    carrying.make_turns(signing, under_way, [rules.Station(turn.place, Part(turn.part), desk)])
    made = next(each for each in signing.turns.values() if each.post_id == post_id and not each.outcome)
    if was_open:
        carrying.go_on(signing, officer, now=now)
    data = {"round": turn.round, "from": turn.post_id, "to": post_id, "words": reason}
    carrying.record(events.REDIRECTED, signing.draft, officer, data)
    return made


def _require_askable(
    signing: Signing, under_way: SigningRound, turn: SigningTurn, post_id: int, *, is_there: bool
) -> None:
    posts = {post.id: post for post in circuit_policy.askable(tree()[signing.draft.organisation_id])}
    names = queries.people_of([post_id]).get(post_id, [])
    if post_id not in posts or not names:
        raise Missing({"post": _("Choose a post that somebody holds.")})
    if is_there:
        raise Missing({"post": _("Everybody stands in the circuit once.")})
    if turn.part == Part.SIGN and not rules.may_be_signed_by(papers.signers_of(under_way.version), names):
        raise Missing({"post": _("Somebody else stands below the document: take it back and change the signer first.")})


@transaction.atomic
def read(*, draft_id: int, officer: Officer) -> queries.Page:
    """The page of a draft's signing; what one was only to know is off one's desk. On record. Raises NoSuchDraft."""
    page = _page(draft_id, officer)
    put_down(SEEN, page.draft, officer, {"round": page.round and page.round.number}, subject=DRAFT_READ)
    known = [turn.pk for turn in page.turns if turn.outcome and circuit_policy.holds(officer, turn)]
    if page.draft.post_id in officer.post_ids:
        known.append(carrying.AT_THE_DRAFTER)
    if known and page.rounds:
        carrying.take_off(page.draft, known, officer, "known")
    return page


@transaction.atomic
def read_file(*, draft_id: int, number: int, officer: Officer) -> StoredFile:
    """The paper of a round, as far as it was signed. On record. Raises NoSuchDraft, NoSuchFile."""
    page = _page(draft_id, officer)
    wanted = next((each for each in page.rounds if each.number == number), None)
    if wanted is None:
        raise NoSuchFile(_("The document has no such file."))
    found = queries.file_of(wanted, page.turns_of(number))
    put_down(SEEN, page.draft, officer, {"round": number, "file": found.pk}, subject=DRAFT_READ)
    return found


def _page(draft_id: int, officer: Officer) -> queries.Page:
    page = queries.page(officer, draft_id)
    if page is None:
        raise no_such_draft()
    return page


def _visible(draft_id: int, officer: Officer) -> Signing:
    """Raises NoSuchDraft."""
    if not visible_to(officer).filter(pk=draft_id).exists():
        raise no_such_draft()
    return carrying.lock(draft_id)
