"""The clerk's page of making a document public."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods

from lienthong.documents import policy, queries, services
from lienthong.documents.models import Publication
from lienthong.documents.rules.publishing import why_not
from lienthong.documents.services import publishing
from lienthong.documents.views import days
from lienthong.foundation import asked
from lienthong.identity.policy import OfficerRequest, officer_with


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def publish(request: OfficerRequest, issue_id: int) -> HttpResponse:
    page = queries.issue_page(request.officer, issue_id)
    if page is None:
        raise services.no_such_document()
    errors: Mapping[str, object] = {}
    if request.method == "POST":
        try:
            errors = _do(request, issue_id)
        except services.NotComplete as refused:
            errors = refused.errors
        else:
            if not errors:
                return redirect("documents:issued", issue_id)
    kept = Publication.objects.filter(issue=page.issue).first()
    context = {
        "issue": page.issue,
        "document": page.issue.document,
        "kept": kept,
        "public": kept is not None and kept.withdrawn_at is None,
        "why_not": why_not(publishing.publishable(page.issue)),
        "effective": request.POST.get("hieu-luc") or _iso(kept.effective_from if kept else page.issue.document.dated),
        "expires": request.POST.get("het-hieu-luc", _iso(kept.expires_on if kept else None)),
        "errors": errors,
    }
    return render(request, "documents/publish.html", context, status=422 if errors else 200)


def _do(request: OfficerRequest, issue_id: int) -> Mapping[str, object]:
    """What cannot be read of the form, by field."""
    given, officer = request.POST, request.officer
    if "go" in given:
        publishing.withdraw(issue_id=issue_id, reason=asked.paragraphs(given, "ly-do", 500), officer=officer)
        messages.success(request, _now("The document is no longer on the portal."))
        return {}
    effective, _is_wrong = days.asked_for(given, "hieu-luc")
    expires, expires_wrong = days.asked_for(given, "het-hieu-luc")
    if effective is None:
        return {"effective": days.UNREADABLE}
    if expires_wrong:
        return {"expires": days.UNREADABLE}
    publishing.publish(issue_id=issue_id, effective_from=effective, expires_on=expires, officer=officer)
    messages.success(request, _now("The document is on the portal."))
    return {}


def _iso(day: object) -> str:
    return day.isoformat() if day else ""  # type: ignore[attr-defined]
