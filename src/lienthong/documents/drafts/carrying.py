"""What all use cases of drafts share: what they refuse, locking, the ledger."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.documents.models import Draft, DraftVersion
from lienthong.documents.rules.contents import Contents
from lienthong.documents.rules.sending import Recipient
from lienthong.foundation import ledger
from lienthong.foundation.errors import Conflict, DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer

DRAFT, OPINION = "draft", "draft-opinion"
"""The types of subjects under which the ledger and work items know them."""
DRAFT_READ = "draft-read"
"""Readings are on record under a subject of their own, so that they do not bury what happened to the draft."""
LONGEST_WORDS = 4000


class NoSuchDraft(NotFound):
    code = "documents.no_such_draft"


class NotYours(NotAllowed):
    code = "documents.draft_not_yours"


class NotPossible(Conflict):
    """The draft has moved on."""

    code = "documents.draft_not_possible"


class Overtaken(Conflict):
    """Somebody else wrote a version meanwhile. `latest` is it."""

    code = "documents.draft_overtaken"

    def __init__(self, latest: DraftVersion) -> None:
        super().__init__(
            _("%(name)s saved version %(number)s while you were writing. Nothing of yours is lost."),
            way_out=_("Compare the two, take over what you want to keep, then save: yours becomes the next version."),
            name=latest.author.full_name,
            number=latest.number,
        )
        self.latest = latest


class Missing(DomainError):
    """`errors` by the name of the field."""

    code = "documents.draft_incomplete"

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(_("Some fields are missing or wrong."))
        self.errors = errors


def no_such_draft() -> NoSuchDraft:
    """The same words whether it is not there or not for this person."""
    return NoSuchDraft(_("There is no such draft, or it is not for you to see."))


def not_yours() -> NotYours:
    return NotYours(_("Your posts do not include this."))


def lock(draft_id: int) -> Draft:
    """Raises NoSuchDraft."""
    found = Draft.objects.select_for_update(of=("self",), no_key=True).filter(pk=draft_id).first()
    if found is None:
        raise no_such_draft()
    return found


def planned(draft: Draft) -> list[Recipient]:
    """To whom whoever drafts it wants it to go."""
    return [
        Recipient(str(each.get("name", "")), each.get("organisation_id"), int(each.get("copies") or 0))
        for each in draft.recipients
    ]


def require_writing(draft: Draft) -> None:
    """Raises NotPossible."""
    if draft.state == Draft.State.DROPPED:
        raise NotPossible(_("The draft was dropped."), way_out=_("Take it up again first."))
    if draft.state != Draft.State.WRITING:
        raise NotPossible(
            _("The draft is being signed or has been: its text does not change any more."),
            way_out=_("Take it back from signing first."),
        )


def latest_of(draft: Draft) -> DraftVersion:
    return DraftVersion.objects.select_related("author", "file").get(draft=draft, number=draft.latest)


def contents_of(version: DraftVersion) -> Contents | None:
    """What a version says; None where it is a file."""
    return Contents.read(version.contents) if version.contents is not None else None


def put_down(
    event: ledger.EventKind, draft: Draft, officer: Officer | None, data: Mapping[str, Any], *, subject: str = DRAFT
) -> None:
    said = {name: value for name, value in data.items() if value not in (None, "", [])}
    at = draft.organisation_id if subject == DRAFT or officer is None else officer.acting.organisation.id
    ledger.record(event, subject=(subject, draft.pk), actor=officer, organisation_id=at, data=said)


def named(draft: Draft) -> str:
    """How a work item calls it."""
    return draft.abstract or tree()[draft.unit_id].name
