"""What the pages of the circuit share: stations in words, choices of posts, how refusals are shown."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.documents.circuit import policy, queries
from lienthong.documents.circuit.queries import Page
from lienthong.documents.circuit.rules import NotPresentable
from lienthong.documents.definition import kind_names
from lienthong.documents.drafts.carrying import Missing, contents_of
from lienthong.documents.drafts.comparing import compare
from lienthong.documents.drafts.policy import writes
from lienthong.documents.drafts.views.differences import shown_differences
from lienthong.documents.models import Draft, SigningTurn
from lienthong.documents.rules.kinds import PERSONAL_LETTER
from lienthong.documents.services import NotComplete
from lienthong.documents.views import refusing
from lienthong.documents.views.incoming import URGENCIES
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer

Word = str | Promise

STATES: dict[str, tuple[Word, str]] = {
    Draft.State.WRITING: (pgettext_lazy("draft", "being written"), "neutral"),
    Draft.State.SIGNING: (pgettext_lazy("draft", "being signed"), "info"),
    Draft.State.SIGNED: (pgettext_lazy("draft", "signed, waits for its number"), "soon"),
    Draft.State.ISSUED: (pgettext_lazy("draft", "issued"), "ok"),
    Draft.State.DROPPED: (pgettext_lazy("draft", "dropped"), "neutral"),
}
"""How each state is called, and its tone."""

PARTS: dict[str, Word] = {
    SigningTurn.Part.CHECK: pgettext_lazy("turn of signing", "checks (initials)"),
    SigningTurn.Part.SIGN: pgettext_lazy("turn of signing", "signs"),
}

_HOW = {"done": "done", "returned": "stopped", "lapsed": "stopped"}
_SHOWN_NAMES = 3


def state_of(draft: Draft) -> dict[str, Any]:
    word, tone = STATES[draft.state]
    if draft.state == Draft.State.SIGNED and draft.kind == PERSONAL_LETTER:
        word, tone = pgettext_lazy("draft", "signed"), "ok"
    return {"word": word, "tone": tone}


def head_of(draft: Draft) -> dict[str, Any]:
    """What every page says of a draft."""
    return {
        "draft": draft,
        "title": draft.abstract or _now("Draft without an abstract"),
        "kind": kind_names().get(draft.kind, draft.kind),
        "urgency": URGENCIES.get(draft.urgency, ""),
        "unit": tree()[draft.unit_id].name,
        "state": state_of(draft),
    }


# stations


def people_in(turns: Iterable[SigningTurn]) -> Mapping[int, list[str]]:
    """Who acts in the posts of these turns. Two queries, however many there are; none where there are none."""
    posts = {turn.post_id for turn in turns if turn.post_id}
    return queries.people_of(posts) if posts else {}


def stations_of(turns: Sequence[SigningTurn], people: Mapping[int, list[str]]) -> list[dict[str, Any]]:
    """The circuit as a line of stations: who, doing what, since when; those who were not asked any more are left out
    where somebody else was asked."""
    shown = [turn for turn in turns if turn.outcome != SigningTurn.Outcome.LAPSED] or list(turns)
    together = [turn.place for turn in shown]
    return [
        {
            "turn": turn,
            "name": desk_name(turn, people),
            "part": PARTS[turn.part],
            "state": _HOW.get(turn.outcome, "now" if turn.opened_at else "next"),
            "note": _note(turn),
            "at_once": together.count(turn.place) > 1,
        }
        for turn in shown
    ]


def desk_name(turn: SigningTurn, people: Mapping[int, list[str]]) -> str:
    post = tree().posts.get(turn.post_id or 0)
    if post is None:
        return tree()[turn.organisation_id].name
    names = ", ".join(people.get(post.id, [])[:_SHOWN_NAMES])
    return f"{names} ({post.title})" if names else post.title


def _note(turn: SigningTurn) -> str:
    if turn.done_by and turn.done_at:
        words = SigningTurn.Outcome(turn.outcome).label
        return f"{words}: {turn.done_by.full_name}, {clock.local(turn.done_at):%d/%m/%Y %H:%M}"
    if turn.opened_at:
        return _now("since %(moment)s") % {"moment": f"{clock.local(turn.opened_at):%d/%m/%Y %H:%M}"}
    return ""


def mine(page: Page, officer: Officer) -> SigningTurn | None:
    """The turn that waits for the officer: one's own before one in which the officer stands in."""
    waiting = [turn for turn in page.current if turn.opened_at and not turn.outcome]
    held = [(post, turn) for turn in waiting if (post := policy.holds(officer, turn))]
    held.sort(key=lambda pair: pair[0].standing_in)
    return held[0][1] if held else None


def circuit_of(officer: Officer, draft: Draft) -> dict[str, Any]:
    """For the page of a draft that the officer may see (documents/parts/draft_circuit.html): the stations of its last
    round, and what the officer can do next. Four queries, two where it was never presented."""
    page = queries.signing_of(draft)
    return {
        "circuit": {
            "draft": draft,
            "stations": stations_of(page.current, people_in(page.current)),
            "can_present": writes(officer, draft) and draft.state == Draft.State.WRITING,
            "is_mine": mine(page, officer) is not None,
        }
    }


def changed_since(page: Page) -> dict[str, Any] | None:
    """What differs from what was presented in the round before; None where that or this is a file, or nothing does."""
    if len(page.rounds) < 2:
        return None
    new, old = (contents_of(each.version) for each in page.rounds[:2])
    differs = compare(old, new) if old and new else None
    return shown_differences(differs) if differs and differs.differs else None


# choices


def choices_of(draft: Draft) -> list[tuple[int, str]]:
    """Whom one can ask, as one chooses them: who, what, where. Two queries."""
    posts = policy.askable(tree()[draft.organisation_id])
    people = queries.people_of([post.id for post in posts])
    named = []
    for post in posts:
        names = ", ".join(people.get(post.id, [])[:_SHOWN_NAMES])
        if names:
            named.append((post.id, f"{names} ({post.title}, {tree()[post.organisation_id].name})"))
    return named


def refusal(error: DomainError) -> dict[str, Any]:
    """For a template: what is wrong by field, or what was refused as a whole."""
    if isinstance(error, (Missing, NotComplete)):
        return {"errors": {name: str(why) for name, why in error.errors.items()}, "refused": None}
    missing = error.missing if isinstance(error, NotPresentable) else {}
    return {"errors": {}, "refused": error, "missing": missing}


def refused_into(context: dict[str, Any]) -> AbstractContextManager[None]:
    return refusing.refused_into(context, refusal)


NOTHING_WRONG: dict[str, Any] = {"errors": {}, "refused": None, "missing": {}}

ROUNDS: dict[str, Word] = {
    "": _("under way"),
    "signed": _("signed by all"),
    "returned": _("returned"),
    "taken-back": _("taken back"),
}
