"""Presenting a draft: its text stands, and those who check and sign it have it one after the other."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.documents.circuit import events, papers, rules
from lienthong.documents.circuit import policy as circuit_policy
from lienthong.documents.circuit.queries import people_of
from lienthong.documents.circuit.rules import Part, Station
from lienthong.documents.circuit.services import carrying
from lienthong.documents.circuit.services.carrying import GoneOn, Signing
from lienthong.documents.drafts.carrying import LONGEST_WORDS, Missing, no_such_draft
from lienthong.documents.drafts.policy import writes
from lienthong.documents.drafts.services import lapse
from lienthong.documents.models import Draft, DraftVersion, SigningRound
from lienthong.documents.rules.contents import Signer
from lienthong.foundation import rows
from lienthong.foundation.files import services as files
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody who is to check or sign, by their post."""

    place: int
    part: Part
    post_id: int


@transaction.atomic
def present(
    *, draft_id: int, asked: Sequence[Asked], officer: Officer, key: UUID, words: str = "", version: int | None = None
) -> SigningRound:
    """Present the last version: from now on its text does not change until somebody returns it, and opinions
    are not waited for any more. The same key presents
    once. `version`: the number of the version that was looked at; a newer one is refused.

    Raises NoSuchDraft, NotYours, GoneOn, Missing, rules.NotPresentable.
    """
    signing = carrying.lock(draft_id)
    draft = signing.draft
    if not writes(officer, draft):
        raise no_such_draft()
    if earlier := SigningRound.objects.filter(key=key, draft_id=draft_id).first():
        return earlier
    if draft.state != Draft.State.WRITING:
        raise signing.gone_on()
    last = draft.versions.order_by("-number").select_related("file").first()
    if version is not None and last and last.number != version:
        raise GoneOn(_("Somebody wrote a newer version meanwhile."), way_out=_("Look at it, then present it."))
    paper = papers.presented(draft, last, at=signing.now)
    stations = _stations(draft, asked, paper.signers)
    assert last is not None
    made = _round(signing, last, paper.pdf, officer, key, words)
    carrying.make_turns(signing, made, stations)
    lapse(draft, officer)
    carrying.take_off(draft, [carrying.AT_THE_DRAFTER], officer, "presented")
    carrying.go_on(signing, officer, now=made.presented_at)
    to = [station.desk[2] for station in stations]
    carrying.record(events.PRESENTED, draft, officer, {"round": made.number, "version": last.number, "to": to})
    return made


def _round(
    signing: Signing, version: DraftVersion, pdf: bytes, officer: Officer, key: UUID, words: str
) -> SigningRound:
    number = signing.round.number + 1 if signing.round else 1
    made = SigningRound(
        key=key,
        draft=signing.draft,
        number=number,
        version=version,
        file=files.keep(pdf, name=papers.name_of(signing.draft), format_key="pdf"),
        words=words.strip()[:LONGEST_WORDS],
        presented_at=signing.now,
        presented_by_id=officer.account_id,
    )
    rows.insert([made])
    signing.round, signing.turns = made, {}
    return made


def _stations(draft: Draft, asked: Sequence[Asked], signers: Sequence[Signer]) -> tuple[Station, ...]:
    """Raises Missing."""
    posts = {post.id: post for post in circuit_policy.askable(tree()[draft.organisation_id])}
    if any(each.post_id not in posts for each in asked):
        raise Missing({"stations": _("There is no such post any more.")})
    stations = rules.in_order(
        Station(each.place, each.part, (posts[each.post_id].organisation_id, _role(each.post_id), each.post_id))
        for each in asked
    )
    if wrong := rules.wrong_with(stations, signers=len(signers)) or _against(stations, signers):
        raise Missing({"stations": wrong})
    return stations


def _role(post_id: int) -> str:
    return min(tree().posts[post_id].roles, default="")


def _against(stations: Sequence[Station], signers: Sequence[Signer]) -> str | Promise:
    """Posts that nobody holds, and people who cannot sign this document because others stand below it."""
    people = people_of([station.desk[2] for station in stations if station.desk[2]])
    for station in stations:
        post = tree().posts[station.desk[2] or 0]
        names = people.get(post.id, [])
        if not names:
            return _("Nobody holds the post %(post)s now.") % {"post": post.title}
        if station.part is Part.SIGN and not rules.may_be_signed_by(signers, names):
            return _not_the_signer(names, signers)
    return ""


def _not_the_signer(names: Sequence[str], signers: Sequence[Signer]) -> str:
    return str(_("%(name)s cannot sign: below the document stands %(named)s. Change the signer in the text first.")) % {
        "name": ", ".join(names),
        "named": " · ".join(signer.name for signer in signers),
    }
