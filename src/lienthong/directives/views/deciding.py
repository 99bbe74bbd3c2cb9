"""Deciding on more time."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lienthong.directives import policy, queries, services
from lienthong.directives.models import MoreTime
from lienthong.directives.rules import Incomplete
from lienthong.directives.services import LONGEST_WORDS
from lienthong.directives.views.words import day_of, end_of, given_of, refusal, who_of
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import holders_of
from lienthong.identity.policy import OfficerRequest, signed_in_officer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def more_time(request: OfficerRequest, request_id: int) -> HttpResponse:
    """Where a request for more time is decided; whoever has nothing to decide there sees the directive."""
    found = MoreTime.objects.select_related("task", "asked_by").filter(pk=request_id).first()
    if found is None:
        raise services.no_such_directive()
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    context: dict[str, Any] = {"errors": {}, "refused": None, "key": key}
    if request.method == "POST":
        try:
            _decide(request, found, key)
        except (NotAllowed, NotFound):
            raise
        except DomainError as refused:
            context |= refusal(refused)
        else:
            messages.success(request, _("Your decision was put down."))
            return redirect("directives:one", found.task.directive_id)
    return _show(request, found, context)


def _decide(request: OfficerRequest, found: MoreTime, key: Any) -> None:
    given, errors = request.POST, dict[str, Any]()
    until = day_of(given, "han", "due", errors)
    if errors:
        raise Incomplete(errors)
    services.decide_more_time(
        request_id=found.pk,
        officer=request.officer,
        key=key,
        grant=given.get("quyet-dinh") == "dong-y",
        until=end_of(until),
        words=asked.paragraphs(given, "loi", LONGEST_WORDS + 1),
    )


def _show(request: OfficerRequest, found: MoreTime, context: dict[str, Any]) -> HttpResponse:
    page = queries.page_of(request.officer, found.task.directive_id)
    if page is None:
        raise services.no_such_directive()
    above = page.tasks.get(found.task.parent_id or 0)
    decides = policy.has(request.officer, above) if above else policy.gives(request.officer, page.directive)
    wrong = context["errors"] or context["refused"]
    if decides is None or (found.decided_at and not wrong):
        return redirect("directives:one", page.directive.pk)
    context |= {
        "asked": found,
        "directive": page.directive,
        "content": found.task.content or page.directive.content,
        "who": who_of(found.task, holders_of([found.task.post_id] if found.task.post_id else []))[0],
        "above": above,
        "earlier": [each for each in page.requests if each.task_id == found.task_id and each.pk != found.pk],
        "given": given_of(request.POST),
        "most": LONGEST_WORDS,
    }
    return render(request, "directives/more_time.html", context, status=422 if wrong else 200)
