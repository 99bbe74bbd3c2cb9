"""What is done with an engagement, each deed on a page of its own."""

from dataclasses import dataclass
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.meetings import queries, services
from lienthong.meetings.rules import State
from lienthong.meetings.views import showing

LONGEST_REASON = 500
COPY, APPROVE = "sao-chep", "duyet"


@dataclass(frozen=True, slots=True)
class Deed:
    """A page: its words; `state` is what the engagement becomes, for which a reason is given."""

    title: str | Promise
    lead: str | Promise
    done: str | Promise
    icon: str
    state: State | None = None


DEEDS = {
    APPROVE: Deed(
        title=_("Take into the calendar"),
        lead=_("It is read with the week once that is published; in a published week at once, marked as added."),
        done=_("It stands in the calendar."),
        icon="calendar-check",
    ),
    "tu-choi": Deed(
        title=_("Do not take in"),
        lead=_("The unit that registered it sees the reason."),
        done=_("It was not taken into the calendar."),
        icon="x-circle",
        state=State.DECLINED,
    ),
    "hoan": Deed(
        title=pgettext_lazy("engagement", "Postpone"),
        lead=_("It stays in the table of the week as postponed. Change it when the new time is known."),
        done=_("It is postponed."),
        icon="pause-circle",
        state=State.POSTPONED,
    ),
    "huy": Deed(
        title=pgettext_lazy("engagement", "Cancel the engagement"),
        lead=_("What was published stays in the table of the week, as cancelled."),
        done=_("It is cancelled."),
        icon="calendar-x",
        state=State.CANCELLED,
    ),
    COPY: Deed(
        title=_("Copy to next week"),
        lead=_("The same on the same weekday, a week later. Then change what is different."),
        done=_("It was copied to next week."),
        icon="copy",
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def do(request: OfficerRequest, engagement_id: int, deed: str) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404
    if request.method != "POST":
        return _show(request, engagement_id, deed)
    try:
        done = _done(request, engagement_id, deed)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _show(request, engagement_id, deed, refused=refused)
    messages.success(request, str(DEEDS[deed].done))
    return redirect("meetings:engagement", done)


def _done(request: OfficerRequest, engagement_id: int, deed: str) -> int:
    officer, state = request.officer, DEEDS[deed].state
    if deed == COPY:
        key = asked.key(request.POST.get("_lan", "")) or uuid4()
        return services.copy(engagement_id=engagement_id, officer=officer, key=key).pk
    if state is None:
        return services.approve(engagement_id=engagement_id, officer=officer).pk
    reason = asked.words(request.POST, "ly-do", LONGEST_REASON)
    return services.end(engagement_id=engagement_id, officer=officer, state=state, reason=reason).pk


def _show(
    request: OfficerRequest, engagement_id: int, deed: str, *, refused: DomainError | None = None
) -> HttpResponse:
    line = queries.one(request.officer, engagement_id)
    if line is None:
        raise services.no_such_engagement()
    context = {
        "row": showing.row(line),
        "line": line,
        "deed": DEEDS[deed],
        "key": asked.key(request.POST.get("_lan", "")) or uuid4(),
        "reason": asked.words(request.POST, "ly-do", LONGEST_REASON),
        "most": LONGEST_REASON,
        "refused": refused,
    }
    return render(request, "meetings/deed.html", context, status=422 if refused else 200)
