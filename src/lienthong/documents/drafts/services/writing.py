"""Writing versions of a draft, taking earlier ones up again, dropping it, looking at it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents.drafts import carrying, events, queries
from lienthong.documents.drafts import policy as drafts_policy
from lienthong.documents.drafts.carrying import Missing, NotPossible, Overtaken, no_such_draft, not_yours
from lienthong.documents.drafts.queries import DraftPage
from lienthong.documents.drafts.services.asking import lapse
from lienthong.documents.models import Draft, DraftVersion
from lienthong.documents.rules.contents import Contents
from lienthong.documents.rules.sending import MOST_RECIPIENTS, Recipient
from lienthong.documents.services.waiting import Upload
from lienthong.foundation import clock
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.identity.actors import HeldPost, Officer
from lienthong.settings.environment import environment

TAKEN = Policy(kinds=("pdf", "docx"), max_bytes=environment.upload_limit_mb * 1024 * 1024)
"""What a version may be that was not written in the page."""
MOST_VERSIONS = 2_000


@transaction.atomic
def write(
    *,
    draft_id: int,
    officer: Officer,
    key: UUID,
    base: int,
    contents: Contents | None = None,
    upload: Upload | None = None,
    words: str = "",
    recipients: Sequence[Recipient] | None = None,
    due_at: datetime | None = None,
) -> DraftVersion:
    """Write the next version: what was written in the page, or a file. `base` is the number of the version that was
    changed. The same key writes once; what changes nothing makes no version. `recipients` and `due_at` (of the draft,
    not of the version) stay as they are without `recipients`.

    Raises NoSuchDraft, NotYours, NotPossible, Overtaken, Missing, FileRefused.
    """
    draft = _written(draft_id, officer)
    if earlier := DraftVersion.objects.select_related("author").filter(key=key, draft=draft).first():
        return earlier
    carrying.require_writing(draft)
    latest = carrying.latest_of(draft)
    if base != draft.latest:
        raise Overtaken(latest)
    if (contents is None) is (upload is None):
        raise Missing({"file": _("Choose a file.")})
    _keep_plan(draft, recipients, due_at)
    if contents is not None and latest.contents == contents.as_json():
        return latest
    stored = files.store(upload.content, name=upload.name, policy=TAKEN, actor=officer) if upload else None
    version = _next(draft, officer, key, contents=contents, file=stored, words=words)
    carrying.put_down(events.WRITTEN, draft, officer, {"number": version.number, "words": version.words})
    return version


def _written(draft_id: int, officer: Officer) -> Draft:
    """A draft that the officer writes, locked. Raises NoSuchDraft, NotYours."""
    if not queries.visible_to(officer).filter(pk=draft_id).exists():
        raise no_such_draft()
    draft = carrying.lock(draft_id)
    if not drafts_policy.writes(officer, draft):
        raise not_yours()
    return draft


def _keep_plan(draft: Draft, recipients: Sequence[Recipient] | None, due_at: datetime | None) -> None:
    if recipients is None:
        return
    if len(recipients) > MOST_RECIPIENTS:
        raise Missing({"recipients": _("At most a thousand get a document at once.")})
    draft.recipients = [
        {"name": each.name[:200], "organisation_id": each.organisation_id, "copies": each.copies} for each in recipients
    ]
    draft.due_at = due_at
    draft.save(update_fields=["recipients", "due_at"])


def _next(
    draft: Draft, officer: Officer, key: UUID, *, contents: Contents | None, file: StoredFile | None, words: str
) -> DraftVersion:
    if draft.latest >= MOST_VERSIONS:
        raise NotPossible(_("The draft has too many versions: begin a new one from it."))
    now = clock.now()
    version = DraftVersion(
        key=key,
        draft=draft,
        number=draft.latest + 1,
        contents=contents.as_json() if contents else None,
        file=file,
        words=words.strip()[:500],
        author_id=officer.account_id,
        post_id=_post_of(officer, draft).id,
        made_at=now,
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as error:
        raise not_yours() from error  # the key is of another draft's form
    draft.latest, draft.changed_at = version.number, now
    if contents:
        draft.kind, draft.abstract, draft.urgency = contents.kind, contents.abstract, contents.urgency
    draft.save(update_fields=["latest", "changed_at", "kind", "abstract", "urgency"])
    return version


def _post_of(officer: Officer, draft: Draft) -> HeldPost:
    """By which post somebody writes: the one that drafts it where they hold it."""
    own = (post for post in officer.posts if post.id == draft.post_id)
    led = (post for post in officer.posts if post.organisation.id == draft.unit_id)
    return next(own, None) or next(led, officer.acting)


@transaction.atomic
def restore(*, draft_id: int, number: int, base: int, officer: Officer, key: UUID) -> DraftVersion:
    """Take an earlier version up again: it becomes the next one.

    Raises NoSuchDraft, NotYours, NotPossible, Overtaken.
    """
    draft = _written(draft_id, officer)
    if made := DraftVersion.objects.select_related("author").filter(key=key, draft=draft).first():
        return made
    carrying.require_writing(draft)
    if base != draft.latest:
        raise Overtaken(carrying.latest_of(draft))
    earlier = DraftVersion.objects.select_related("file").filter(draft=draft, number=number).first()
    if earlier is None:
        raise no_such_draft()
    if number == draft.latest:
        return earlier
    version = _next(draft, officer, key, contents=carrying.contents_of(earlier), file=earlier.file, words="")
    carrying.put_down(events.RESTORED, draft, officer, {"number": version.number, "from": number})
    return version


@transaction.atomic
def drop(*, draft_id: int, officer: Officer, reason: str = "") -> Draft:
    """Give a draft up; it can be taken up again. Nobody has to say anything about it any more. Raises NoSuchDraft,
    NotYours, NotPossible."""
    draft = _written(draft_id, officer)
    if draft.state == Draft.State.DROPPED:
        return draft
    carrying.require_writing(draft)
    lapse(draft, officer)
    _become(draft, Draft.State.DROPPED)
    carrying.put_down(events.DROPPED, draft, officer, {"reason": reason.strip()[:500]})
    return draft


@transaction.atomic
def reopen(*, draft_id: int, officer: Officer) -> Draft:
    """Take a dropped draft up again. Raises NoSuchDraft, NotYours."""
    draft = _written(draft_id, officer)
    if draft.state == Draft.State.DROPPED:
        _become(draft, Draft.State.WRITING)
        carrying.put_down(events.REOPENED, draft, officer, {})
    return draft


def _become(draft: Draft, state: str) -> None:
    draft.state, draft.changed_at = state, clock.now()
    draft.save(update_fields=["state", "changed_at"])


@transaction.atomic
def read(*, draft_id: int, officer: Officer, version: int | None = None) -> DraftPage:
    """A draft to be looked at. On record, with the number of the version whose file was opened. Raises NoSuchDraft."""
    page = queries.draft_page(officer, draft_id)
    if page is None or (version is not None and page.version(version) is None):
        raise no_such_draft()
    data: dict[str, Any] = {"version": version}
    carrying.put_down(events.SEEN, page.draft, officer, data, subject=carrying.DRAFT_READ)
    return page
