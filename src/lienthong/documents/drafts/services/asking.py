"""Opinions on a draft: asking several desks at once, answering, ending it early."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents.drafts import carrying, events, queries
from lienthong.documents.drafts import policy as drafts_policy
from lienthong.documents.drafts.carrying import Missing, NotPossible, no_such_draft, not_yours
from lienthong.documents.models import Draft, DraftOpinion
from lienthong.documents.rules.kinds import KINDS
from lienthong.documents.services.waiting import ATTACHED, Upload
from lienthong.foundation import clock, rows
from lienthong.foundation.files import services as files
from lienthong.identity.actors import Officer
from lienthong.work import services as work

MOST_ASKED = 200
WITHIN = timedelta(days=5)
"""When an opinion without a limit is wanted in the inbox."""
VERDICTS = (DraftOpinion.Verdict.AGREED, DraftOpinion.Verdict.REMARKS, DraftOpinion.Verdict.OPPOSED)


@transaction.atomic
def circulate(
    *, draft_id: int, desks: Sequence[str], question: str, due_at: datetime | None, officer: Officer
) -> list[DraftOpinion]:
    """Ask desks what they think of the last version, all at once; `desks` by the keys of `drafts_policy.desks_for`.
    Who is asked already and has not answered is not asked twice.

    Raises NoSuchDraft, NotYours, NotPossible, Missing.
    """
    draft = gathered(draft_id, officer)
    carrying.require_writing(draft)
    now = clock.now()
    if not desks:
        raise Missing({"desks": _("Choose whom to ask.")})
    if len(desks) > MOST_ASKED:
        raise Missing({"desks": _("At most two hundred are asked at once.")})
    if due_at and due_at <= now:
        raise Missing({"due": _("The time limit lies in the past.")})
    offered = {each.key: each.desk for _group, group in drafts_policy.desks_for(draft) for each in group}
    if unknown := [key for key in desks if key not in offered]:
        raise Missing({"desks": _("“%(desk)s” cannot be asked.") % {"desk": unknown[0][:40]}})
    version = carrying.latest_of(draft)
    waiting = set(draft.opinions.filter(given_at=None).values_list("organisation_id", "role", "post_id"))
    wanted = [desk for desk in dict.fromkeys(offered[key] for key in desks) if desk not in waiting]
    asked = [
        DraftOpinion(
            draft=draft,
            version=version,
            organisation_id=organisation_id,
            role=role,
            post_id=post_id,
            question=question.strip()[: carrying.LONGEST_WORDS],
            asked_at=now,
            asked_by_id=officer.account_id,
            due_at=due_at,
        )
        for organisation_id, role, post_id in wanted
    ]
    rows.insert(asked)
    work.open_items([_item(each, draft) for each in asked])
    if asked:
        data = {"version": version.number, "opinions": [each.pk for each in asked]}
        carrying.put_down(events.CIRCULATED, draft, officer, data)
    return asked


def _item(opinion: DraftOpinion, draft: Draft) -> work.NewItem:
    return work.NewItem(
        subject=(carrying.OPINION, opinion.pk),
        part_id=0,
        purpose=work.COOPERATE,
        task=_now("Give an opinion on the draft"),
        title=carrying.named(draft),
        code=KINDS[draft.kind].name,
        organisation_id=opinion.organisation_id,
        role=opinion.role,
        post_id=opinion.post_id,
        opened_at=opinion.asked_at,
        due_at=opinion.due_at or opinion.asked_at + WITHIN,
    )


def gathered(draft_id: int, officer: Officer) -> Draft:
    """A draft, locked, whose opinions the officer gathers. Raises NoSuchDraft, NotYours."""
    if not queries.visible_to(officer).filter(pk=draft_id).exists():
        raise no_such_draft()
    draft = carrying.lock(draft_id)
    if not drafts_policy.writes(officer, draft):
        raise not_yours()
    return draft


@transaction.atomic
def give_opinion(
    *, opinion_id: int, verdict: str, words: str, officer: Officer, upload: Upload | None = None
) -> DraftOpinion:
    """Say what one thinks of a draft; once. Who does not simply agree says why. Given again by the same person it stays
    as it is.

    Raises NoSuchDraft, NotPossible, Missing, FileRefused.
    """
    found = queries.opinion_of(officer, opinion_id)
    if found is None:
        raise no_such_draft()
    draft = carrying.lock(found.draft_id)
    opinion = DraftOpinion.objects.select_related("version").get(pk=opinion_id)
    if opinion.given_at:
        if opinion.given_by_id == officer.account_id and opinion.verdict != DraftOpinion.Verdict.LAPSED:
            return opinion
        raise NotPossible(_("This question is answered already, or nobody needs the answer any more."))
    errors: dict[str, object] = {}
    if verdict not in VERDICTS:
        errors["verdict"] = _("Choose what you think of the draft.")
    elif verdict != DraftOpinion.Verdict.AGREED and not words.strip() and upload is None:
        errors["words"] = _("Say what is to be otherwise.")
    if errors:
        raise Missing(errors)
    stored = files.store(upload.content, name=upload.name, policy=ATTACHED, actor=officer) if upload else None
    opinion.verdict, opinion.words, opinion.file = verdict, words.strip()[: carrying.LONGEST_WORDS], stored
    _end(opinion, officer)
    carrying.put_down(events.OPINION, draft, officer, {"opinion": opinion.pk, "verdict": verdict})
    return opinion


def _end(opinion: DraftOpinion, officer: Officer) -> None:
    now = clock.now()
    opinion.given_at, opinion.given_by_id = now, officer.account_id
    opinion.save(update_fields=["verdict", "words", "file", "given_at", "given_by"])
    work.close_items(
        subject=(carrying.OPINION, opinion.pk),
        parts=[0],
        at=now,
        account_id=officer.account_id,
        outcome=opinion.verdict,
    )


@transaction.atomic
def close_asking(*, draft_id: int, officer: Officer) -> int:
    """End gathering opinions: who has not answered is not asked any more. Says how many there were.

    Raises NoSuchDraft, NotYours.
    """
    draft = gathered(draft_id, officer)
    count = lapse(draft, officer)
    if count:
        carrying.put_down(events.CLOSED, draft, officer, {"lapsed": count})
    return count


def lapse(draft: Draft, officer: Officer) -> int:
    """Nobody is asked any more, in the caller's transaction, who holds the lock on the draft."""
    waiting = list(draft.opinions.filter(given_at=None).order_by("id"))
    for opinion in waiting:
        opinion.verdict = DraftOpinion.Verdict.LAPSED
        _end(opinion, officer)
    return len(waiting)
