"""The clerk's deeds with what another agency sent: take it in, send it back, confirm its recall."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods, require_POST

from lienthong.documents import policy, queries, services
from lienthong.documents.models import Arrival
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.documents.views import days
from lienthong.foundation import asked, clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import named_holders, province, tree
from lienthong.identity.policy import OfficerRequest, officer_with


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def take_in(request: OfficerRequest, arrival_id: int) -> HttpResponse:
    arrival = _arrival(request, arrival_id)
    if request.method != "POST":
        return _show(request, arrival, {}, key=uuid4())
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    due, is_wrong = days.asked_for(request.POST, "han")
    if is_wrong:
        return _show(request, arrival, {"due": days.UNREADABLE}, key=key)
    taking = services.TakingIn(
        due_at=days.end_of(due),
        remark=asked.words(request.POST, "ghi-chu", 500),
        present_to=asked.number(request.POST.get("trinh", "")),
        words=asked.paragraphs(request.POST, "loi-trinh", services.LONGEST_WORDS),
    )
    try:
        made = services.take_in(arrival_id=arrival_id, officer=request.officer, key=key, taking=taking)
    except services.NotComplete as refused:
        return _show(request, arrival, refused.errors, key=key)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _show(request, arrival, {}, key=key, refused=refused)
    said = _now("Registered under the number %(number)s of %(year)s.")
    messages.success(request, said % {"number": made.number, "year": made.year})
    return redirect("documents:arrival", arrival_id)


def _arrival(request: OfficerRequest, arrival_id: int) -> Arrival:
    found = queries.visible_to(request.officer).select_related("document").filter(pk=arrival_id).first()
    if found is None:
        raise services.no_such_document()
    return found


def _show(
    request: OfficerRequest,
    arrival: Arrival,
    errors: Mapping[str, object],
    *,
    key: UUID,
    refused: DomainError | None = None,
) -> HttpResponse:
    posts = policy.presented_to(tree()[arrival.organisation_id])
    holders = named_holders([post.id for post in posts])
    due = f"{clock.local(arrival.due_at):%Y-%m-%d}" if arrival.due_at else ""
    calendar = calendar_of(province().calendar)
    context = {
        "arrival": arrival,
        "document": arrival.document,
        "agency": tree()[arrival.organisation_id],
        "errors": errors,
        "refused": refused,
        "given": {"han": due} | {name.replace("-", "_"): value for name, value in request.POST.items()},
        "key": key,
        "presented_to": [(post, ", ".join(name for _id, name in holders.get(post.id, []))) for post in posts],
        "passed_on_by": passed_on_by(arrival.arrived_at, Urgency(arrival.document.urgency), calendar),
        "today": clock.today(),
    }
    return render(request, "documents/take_in.html", context, status=422 if errors or refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def send_back(request: OfficerRequest, arrival_id: int) -> HttpResponse:
    arrival, error = _arrival(request, arrival_id), ""
    refused: DomainError | None = None
    if request.method == "POST":
        try:
            reason = asked.paragraphs(request.POST, "loi", 500)
            services.send_back(arrival_id=arrival_id, officer=request.officer, reason=reason)
        except services.NotComplete as wrong:
            error = str(wrong.errors["reason"])
        except services.NotWaiting as conflict:
            refused = conflict
        else:
            messages.success(request, _now("The document was sent back; its sender is told."))
            return redirect("documents:arrival", arrival_id)
    context = {"arrival": arrival, "document": arrival.document, "error": error, "refused": refused}
    return render(request, "documents/send_back.html", context, status=422 if error or refused else 200)


@require_POST
@officer_with(policy.REGISTER)
def confirm_recall(request: OfficerRequest, arrival_id: int) -> HttpResponse:
    services.confirm_recall(arrival_id=arrival_id, officer=request.officer)
    messages.success(request, _now("You confirmed that the recalled document is not used any more."))
    return redirect("documents:arrival", arrival_id)
