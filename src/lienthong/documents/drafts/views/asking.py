"""Asking for opinions on a draft, and giving one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from lienthong.documents.drafts import carrying, queries, services
from lienthong.documents.drafts import policy as drafts_policy
from lienthong.documents.drafts.services.asking import VERDICTS as CHOICES
from lienthong.documents.drafts.views.forms import VERDICTS
from lienthong.documents.drafts.views.pages import opinion_row, sheet_of
from lienthong.documents.drafts.views.writing import refusal
from lienthong.documents.services import Upload
from lienthong.documents.services.waiting import ATTACHED
from lienthong.documents.views import days
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.settings.environment import environment

GROUPS = {
    "units": _("Units of the agency, by those who lead them"),
    "people": _("People of the agency"),
    "agencies": _("Other agencies"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def circulate(request: OfficerRequest, draft_id: int) -> HttpResponse:
    """Choose who is asked, what, and until when."""
    page = queries.draft_page(request.officer, draft_id)
    if page is None:
        raise carrying.no_such_draft()
    if not page.writes:
        raise carrying.not_yours()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    chosen = request.POST.getlist("hoi")
    if request.method == "POST":
        due, is_wrong = days.asked_for(request.POST, "han")
        try:
            if is_wrong:
                raise carrying.Missing({"due": days.UNREADABLE})
            made = services.circulate(
                draft_id=draft_id,
                desks=chosen,
                question=asked.paragraphs(request.POST, "cau-hoi", carrying.LONGEST_WORDS),
                due_at=days.end_of(due),
                officer=request.officer,
            )
        except (NotAllowed, NotFound):
            raise
        except DomainError as refused:
            context = refusal(refused)
        else:
            said = ngettext("%(count)d was asked.", "%(count)d were asked.", len(made)) % {"count": len(made)}
            messages.success(request, said)
            return redirect("drafts:draft", draft_id)
    else:
        carrying.require_writing(page.draft)
    context |= {
        "draft": page.draft,
        "groups": [
            (GROUPS[name], [(desk, desk.key in chosen) for desk in desks], bool({d.key for d in desks} & set(chosen)))
            for name, desks in drafts_policy.desks_for(page.draft)
            if desks
        ],
        "given": {name.replace("-", "_"): value for name, value in request.POST.items()},
        "today": clock.today(),
        "most": carrying.LONGEST_WORDS,
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/draft_circulate.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def opinion(request: OfficerRequest, opinion_id: int) -> HttpResponse:
    """The question with the version that it is about, and the answer."""
    found = queries.opinion_of(request.officer, opinion_id)
    if found is None:
        raise carrying.no_such_draft()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        file = request.FILES.get("tep")
        try:
            services.give_opinion(
                opinion_id=opinion_id,
                verdict=request.POST.get("y-kien", ""),
                words=asked.paragraphs(request.POST, "loi", carrying.LONGEST_WORDS),
                officer=request.officer,
                upload=Upload(file.name or "", file) if file else None,
            )
        except (NotAllowed, NotFound):
            raise
        except DomainError as refused:
            context = refusal(refused)
        else:
            messages.success(request, _now("Your opinion was given."))
            return redirect("drafts:draft", found.draft_id)
    elif found.given_at:
        return redirect("drafts:draft", found.draft_id)
    services.read(draft_id=found.draft_id, officer=request.officer, version=found.version.number)
    context |= {
        **opinion_row(found),
        "draft": found.draft,
        "version": found.version,
        "sheet": sheet_of(found.version) if found.version.contents is not None else None,
        "unit": tree()[found.draft.unit_id],
        "choices": [(value, VERDICTS[value][0]) for value in CHOICES],
        "given": {name.replace("-", "_"): value for name, value in request.POST.items()},
        "most": carrying.LONGEST_WORDS,
        "accept": ",".join(ATTACHED.endings),
        "kinds_of_files": ATTACHED.words,
        "limit_mb": environment.upload_limit_mb,
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/draft_opinion.html", context, status=422 if wrong else 200)


@require_POST
@signed_in_officer
def close(request: OfficerRequest, draft_id: int) -> HttpResponse:
    services.close_asking(draft_id=draft_id, officer=request.officer)
    messages.success(request, _now("Nobody is asked any more."))
    return redirect("drafts:draft", draft_id)
