"""The use of kept copies: asked for, permitted, handed out, given back (NĐ 30/2020 App. IV)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, policy
from lienthong.documents.models import CopyUse, Issue
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.rules.copies import Stage, stage_of
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.documents.services import carrying
from lienthong.documents.services.issuing import record
from lienthong.documents.services.registering import NotComplete, clerk_of
from lienthong.foundation import clock, rows
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.errors import Conflict, NotAllowed
from lienthong.foundation.organisations.queries import province, tree
from lienthong.identity.actors import Officer
from lienthong.work import services as work

KEPT_COPY = "kept-copy"
"""The type of subject under which work items know the use of a kept copy; by the id of the use."""

TO_DECIDE, TO_HAND_OUT, TO_KNOW = 1, 2, 3
"""Parts of its work items."""


class NotThatStage(Conflict):
    """The use of the copy has gone on meanwhile."""

    code = "documents.copy_use_elsewhere"


class NotThePermitter(NotAllowed):
    code = "documents.not_the_permitter"


@dataclass(frozen=True, slots=True)
class CopyWanted:
    """`permitter` the post of who is asked to permit it."""

    user: str
    purpose: str
    permitter: int | None


@transaction.atomic
def ask_for_copy(*, issue_id: int, wanted: CopyWanted, officer: Officer, key: UUID) -> CopyUse:
    """Ask to use the kept copy of a document that one may see. The same key asks once.

    Raises NoSuchDocument, NotComplete.
    """
    issue = issues_for(officer).select_related("document").filter(pk=issue_id).first()
    if issue is None:
        raise carrying.no_such_document()
    if earlier := CopyUse.objects.filter(key=key, asked_by=officer.account_id).first():
        return earlier
    posts = {post.id: post for post in policy.presented_to(tree()[issue.organisation_id])}
    errors: dict[str, object] = {}
    if not wanted.user.strip():
        errors["user"] = _("Say who uses the copy.")
    if not wanted.purpose.strip():
        errors["purpose"] = _("Say what the copy is needed for.")
    if wanted.permitter not in posts:
        errors["permitter"] = _("Choose who is to permit it.")
    if errors or wanted.permitter is None:
        raise NotComplete(errors)
    now = clock.now()
    asked = CopyUse(
        key=key,
        issue=issue,
        organisation_id=issue.organisation_id,
        user=wanted.user.strip()[:100],
        purpose=wanted.purpose.strip()[:500],
        asked_at=now,
        asked_by_id=officer.account_id,
        asked_post_id=officer.acting.id,
        permitter_id=wanted.permitter,
    )
    try:
        with transaction.atomic():
            rows.insert([asked])
    except IntegrityError:
        earlier = CopyUse.objects.filter(key=key, asked_by=officer.account_id).first()
        if earlier is None:  # the key is of somebody else's form
            raise carrying.no_such_document() from None
        return earlier
    record(events.COPY_ASKED, issue, officer, {"use": asked.pk, "user": asked.user})
    post = posts[wanted.permitter]
    desk = (post.organisation_id, min(post.roles, default=""), post.id)
    _lay(asked, TO_DECIDE, _now("Permit the use of the kept copy"), desk, now)
    return asked


@transaction.atomic
def decide_on_copy(*, use_id: int, permit: bool, words: str, officer: Officer) -> CopyUse:
    """Permit or refuse the use of a kept copy. Decided the same again it stays as it is.

    Raises NoSuchDocument, NotThePermitter, NotThatStage, NotComplete.
    """
    use = _locked(use_id, officer)
    if use.permitter_id not in officer.post_ids:
        raise NotThePermitter(_("Whoever was asked decides on the use of the copy."))
    if use.permitted is not None:
        if use.permitted == permit:
            return use
        raise NotThatStage(_("This was decided already."))
    if not permit and not words.strip():
        raise NotComplete({"words": _("Say why you refuse it.")})
    now = clock.now()
    use.decided_at, use.decided_by_id = now, officer.account_id
    use.permitted, use.words = permit, words.strip()[:500]
    rows.change(use, "decided_at", "decided_by", "permitted", "words")
    _close(use, TO_DECIDE, officer, "permitted" if permit else "refused", now)
    record(events.COPY_DECIDED, use.issue, officer, {"use": use.pk, "permitted": "yes" if permit else "no"})
    if permit:
        clerks = policy.clerks_of(tree()[use.organisation_id])
        if clerks:
            _lay(use, TO_HAND_OUT, _now("Hand out the kept copy"), (*clerks, None), now)
    else:
        post = tree().posts[use.asked_post_id]
        desk = (post.organisation_id, min(post.roles, default=""), post.id)
        _lay(use, TO_KNOW, _now("The use of the kept copy was refused"), desk, now, purpose=work.KNOW)
    return use


@transaction.atomic
def hand_out_copy(*, use_id: int, remark: str, officer: Officer) -> CopyUse:
    """Put down that the copy was handed to who uses it. Again it stays as it is.

    Raises NoSuchDocument, NotTheClerk, NotThatStage.
    """
    use = _at_the_clerk(use_id, officer)
    if use.handed_on:
        return use
    if _stage(use) is not Stage.PERMITTED:
        raise NotThatStage(_("The use of this copy was not permitted."))
    use.handed_on, use.remark = clock.today(), remark.strip()[:500]
    rows.change(use, "handed_on", "remark")
    _close(use, TO_HAND_OUT, officer, "handed", clock.now())
    record(events.COPY_HANDED, use.issue, officer, {"use": use.pk, "user": use.user})
    return use


@transaction.atomic
def take_copy_back(*, use_id: int, officer: Officer) -> CopyUse:
    """Put down that the copy was given back. Again it stays as it is.

    Raises NoSuchDocument, NotTheClerk, NotThatStage.
    """
    use = _at_the_clerk(use_id, officer)
    if use.returned_on:
        return use
    if not use.handed_on:
        raise NotThatStage(_("The copy has not been handed out."))
    use.returned_on = clock.today()
    rows.change(use, "returned_on")
    record(events.COPY_RETURNED, use.issue, officer, {"use": use.pk})
    return use


@transaction.atomic
def read_copy_use(*, use_id: int, officer: Officer) -> CopyUse:
    """For who asked, who is asked, and the clerks. Who asked knows from then on that it was refused.

    Raises NoSuchDocument.
    """
    use = _locked(use_id, officer)
    if use.permitted is False and use.asked_by_id == officer.account_id:
        _close(use, TO_KNOW, officer, "known", clock.now())
    return use


def _locked(use_id: int, officer: Officer) -> CopyUse:
    locked = CopyUse.objects.select_for_update(no_key=True, of=("self",))
    use = locked.select_related("issue__document", "asked_by", "decided_by").filter(pk=use_id).first()
    if use is None or not _concerns(use, officer):
        raise carrying.no_such_document()
    return use


def _concerns(use: CopyUse, officer: Officer) -> bool:
    clerk = policy.post_for(officer, tree()[use.organisation_id]) is not None
    clerk = clerk and (not use.issue.limited or issues_for(officer).filter(pk=use.issue_id).exists())
    return clerk or use.asked_by_id == officer.account_id or use.permitter_id in officer.post_ids


def _at_the_clerk(use_id: int, officer: Officer) -> CopyUse:
    use = _locked(use_id, officer)
    clerk_of(use.organisation_id, officer)
    return use


def _stage(use: CopyUse) -> Stage:
    return stage_of(permitted=use.permitted, handed_on=use.handed_on, returned_on=use.returned_on)


def _lay(
    use: CopyUse, part: int, task: str, desk: tuple[int, str, int | None], now: datetime, *, purpose: str = work.ACT
) -> None:
    document, limited = use.issue.document, use.issue.limited and desk[2] is None
    work.open_items(
        [
            work.NewItem(
                subject=(KEPT_COPY, use.pk),
                part_id=part,
                purpose=purpose,
                task=task,
                **carrying.shared_name(document, document.code, limited=limited),
                organisation_id=desk[0],
                role=desk[1],
                post_id=desk[2],
                opened_at=now,
                due_at=passed_on_by(now, Urgency.NORMAL, calendar_of(province().calendar)),
            )
        ]
    )


def _close(use: CopyUse, part: int, officer: Officer, outcome: str, now: datetime) -> None:
    work.close_items(subject=(KEPT_COPY, use.pk), parts=[part], at=now, account_id=officer.account_id, outcome=outcome)


def uses_of(issue: Issue, officer: Officer) -> list[CopyUse]:
    """What the page of a document says of the use of its kept copy: all to clerks, to others their own requests."""
    found = CopyUse.objects.filter(issue=issue).order_by("-id")
    if policy.post_for(officer, tree()[issue.organisation_id]) is None:
        found = found.filter(asked_by=officer.account_id)
    return list(found[:20])
