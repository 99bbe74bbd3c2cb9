"""The clerk puts down that copies on paper were handed to the post (NĐ 30/2020 art. 18, App. IV)."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events
from lienthong.documents.models import Issue, Posting, Sending
from lienthong.documents.queries.outgoing import not_kept_from
from lienthong.documents.rules.copies import MOST_POSTINGS, Posted, wrong_with_posting
from lienthong.documents.services import carrying
from lienthong.documents.services.issuing import record
from lienthong.documents.services.registering import NotComplete, clerk_of
from lienthong.foundation import clock, rows
from lienthong.identity.actors import Officer

_WRITTEN = ("posted_on", "envelopes", "signed_for", "remark", "recorded_at", "recorded_by")


@transaction.atomic
def put_down_postings(*, agency_id: int, postings: Sequence[Posted], officer: Officer) -> int:
    """Put down when copies were handed to the post, in how many envelopes, who signed; what was put down before is
    corrected. Put down again it stays as it is. How many lines are new or changed.

    Raises NotTheClerk, NoSuchDocument, NotComplete (errors by the id of the sending, or “postings”).
    """
    agency, _post = clerk_of(agency_id, officer)
    if not 0 < len(postings) <= MOST_POSTINGS:
        raise NotComplete({"postings": _("Choose at least one recipient, and at most five hundred.")})
    sendings = _locked(agency.id, [each.sending_id for each in postings], officer)
    today = clock.today()
    errors = {
        str(each.sending_id): wrong
        for each in postings
        if (wrong := wrong_with_posting(each, issued_on=_issued_on(sendings[each.sending_id]), today=today))
    }
    if errors:
        raise NotComplete(dict(errors))
    before = {each.sending_id: each for each in Posting.objects.filter(sending__in=sendings)}
    new, changed = [], []
    for each in postings:
        kept = before.get(each.sending_id)
        if kept is None:
            new.append(_posting(each, agency.id, officer))
        elif not _is_same(kept, each):
            _take(kept, each, officer)
            changed.append(kept)
    rows.insert(new)
    Posting.objects.bulk_update(changed, _WRITTEN)
    for issue in {each.pk: each for each in _issues(sendings, [*new, *changed])}.values():
        count = sum(sendings[each.sending_id].issue_id == issue.pk for each in (*new, *changed))
        record(events.POSTED, issue, officer, {"count": count})
    return len(new) + len(changed)


def _locked(agency_id: int, ids: Sequence[int], officer: Officer) -> dict[int, Sending]:
    """The sendings on paper of the agency that the officer may see, their issues locked in order."""
    found = Sending.objects.filter(
        not_kept_from(officer.post_ids, "issue__"), pk__in=ids, issue__organisation_id=agency_id, copies__gt=0
    )
    issue_ids = sorted(set(found.values_list("issue_id", flat=True)))
    issues = {
        each.pk: each
        for each in Issue.objects.select_for_update(no_key=True, of=("self",))
        .select_related("document")
        .filter(pk__in=issue_ids)
        .order_by("pk")
    }
    sendings = {each.pk: each for each in found}
    if sendings.keys() != set(ids) or len(ids) != len(set(ids)):
        raise carrying.no_such_document()
    for each in sendings.values():
        each.issue = issues[each.issue_id]
    return sendings


def _issued_on(sending: Sending) -> date:
    return clock.local(sending.issue.issued_at).date()


def _posting(posted: Posted, agency_id: int, officer: Officer) -> Posting:
    made = Posting(sending_id=posted.sending_id, organisation_id=agency_id)
    _take(made, posted, officer)
    return made


def _take(kept: Posting, posted: Posted, officer: Officer) -> None:
    kept.posted_on, kept.envelopes = posted.posted_on, posted.envelopes
    kept.signed_for, kept.remark = posted.signed_for.strip()[:200], posted.remark.strip()[:500]
    kept.recorded_at, kept.recorded_by_id = clock.now(), officer.account_id


def _is_same(kept: Posting, posted: Posted) -> bool:
    said = (posted.posted_on, posted.envelopes, posted.signed_for.strip()[:200], posted.remark.strip()[:500])
    return said == (kept.posted_on, kept.envelopes, kept.signed_for, kept.remark)


def _issues(sendings: dict[int, Sending], postings: Sequence[Posting]) -> list[Issue]:
    return [sendings[each.sending_id].issue for each in postings]
