"""Making an issued document public on the portal, and taking it off again with a reason."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events
from lienthong.documents.definition import publication_for
from lienthong.documents.models import DocumentFile, Issue, Publication
from lienthong.documents.queries.outgoing import not_kept_from
from lienthong.documents.records.filing import let_go_of_what_was_public
from lienthong.documents.rules.publishing import Publishable, why_not, wrong_with_force
from lienthong.documents.services import carrying
from lienthong.documents.services.issuing import record
from lienthong.documents.services.registering import NotComplete, clerk_of
from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer


class NotPublishable(Conflict):
    code = "documents.not_publishable"


@transaction.atomic
def publish(*, issue_id: int, effective_from: date, expires_on: date | None, officer: Officer) -> Publication:
    """Put a document on the portal, or correct from when to when it is in force. The same again changes nothing.

    Raises NoSuchDocument, NotTheClerk, NotPublishable, NotComplete.
    """
    issue = _locked(issue_id, officer)
    if wrong := why_not(publishable(issue)):
        raise NotPublishable(wrong)
    document, dated = issue.document, issue.document.dated or clock.local(issue.issued_at).date()
    if errors := wrong_with_force(dated=dated, effective_from=effective_from, expires_on=expires_on):
        raise NotComplete(dict(errors))
    rule = publication_for(tree()[issue.organisation_id], document.kind)
    assert rule
    kept = Publication.objects.filter(issue=issue).first()
    said = (effective_from, expires_on)
    if kept and kept.withdrawn_at is None and (kept.effective_from, kept.expires_on) == said:
        return kept
    made, _new = Publication.objects.update_or_create(
        issue=issue,
        defaults={
            "organisation_id": issue.organisation_id,
            "section": rule.section,
            "kind": document.kind,
            "dated": dated,
            "effective_from": effective_from,
            "expires_on": expires_on,
            "published_at": kept.published_at if kept and kept.withdrawn_at is None else clock.now(),
            "published_by_id": officer.account_id,
            "withdrawn_at": None,
            "withdrawn_by_id": None,
            "withdraw_reason": "",
        },
    )
    record(events.PUBLISHED, issue, officer, {"from": effective_from.isoformat()})
    return made


@transaction.atomic
def withdraw(*, issue_id: int, reason: str, officer: Officer) -> Publication:
    """Take a document off the portal. Withdrawn again it stays as it is.

    Raises NoSuchDocument, NotTheClerk, NotComplete.
    """
    issue = _locked(issue_id, officer)
    found = Publication.objects.filter(issue=issue).first()
    if found is None:
        raise carrying.no_such_document()
    if found.withdrawn_at:
        return found
    if not reason.strip():
        raise NotComplete({"reason": _("Say why it is taken off the portal.")})
    return _withdrawn(found, issue, reason, officer)


def take_off(issue: Issue, *, reason: str, officer: Officer) -> None:
    """A locked document is not public any more, where it was."""
    found = Publication.objects.filter(issue=issue, withdrawn_at=None).first()
    if found:
        _withdrawn(found, issue, reason, officer)


def _withdrawn(found: Publication, issue: Issue, reason: str, officer: Officer) -> Publication:
    found.withdrawn_at, found.withdrawn_by_id = clock.now(), officer.account_id
    found.withdraw_reason = reason.strip()[:500]
    found.save(update_fields=["withdrawn_at", "withdrawn_by", "withdraw_reason"])
    gone = let_go_of_what_was_public(issue.pk)
    record(events.UNPUBLISHED, issue, officer, {"reason": found.withdraw_reason, "files": gone})
    return found


def _locked(issue_id: int, officer: Officer) -> Issue:
    locked = Issue.objects.select_for_update(no_key=True, of=("self",)).select_related("document")
    issue = locked.filter(not_kept_from(officer.post_ids), pk=issue_id).first()
    if issue is None:
        raise carrying.no_such_document()
    clerk_of(issue.organisation_id, officer)
    return issue


def publishable(issue: Issue) -> Publishable:
    """One query."""
    files = DocumentFile.objects.filter(document_id=issue.document_id, role=DocumentFile.Role.MAIN, file__format="pdf")
    return Publishable(
        declared=publication_for(tree()[issue.organisation_id], issue.document.kind) is not None,
        limited=bool(issue.document.circulation) or issue.limited,
        recalled=issue.recalled_at is not None,
        has_pdf=files.exists(),
    )
