"""Saying what was done with an opinion."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods

from lienthong.documents.drafts import carrying, queries, services
from lienthong.documents.drafts.views.forms import TAKEN
from lienthong.documents.drafts.views.pages import opinion_row
from lienthong.documents.drafts.views.writing import refusal
from lienthong.documents.views import refusing
from lienthong.foundation import asked
from lienthong.identity.policy import OfficerRequest, signed_in_officer


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def taken(request: OfficerRequest, draft_id: int, opinion_id: int) -> HttpResponse:
    page = queries.draft_page(request.officer, draft_id)
    opinion = next((each for each in page.opinions if each.pk == opinion_id), None) if page else None
    if page is None or opinion is None:
        raise carrying.no_such_draft()
    if not page.writes:
        raise carrying.not_yours()
    is_sent = request.method == "POST"
    chosen = request.POST.get("tiep-thu", "") if is_sent else opinion.taken
    words = asked.paragraphs(request.POST, "loi", carrying.LONGEST_WORDS) if is_sent else opinion.taken_words
    context: dict[str, Any] = {
        **opinion_row(opinion),
        "errors": {},
        "refused": None,
        "draft": page.draft,
        "choices": [(value, word) for value, (word, _tone, _icon) in TAKEN.items()],
        "chosen": chosen,
        "words": words,
        "most": carrying.LONGEST_WORDS,
    }
    if is_sent:
        with refusing.refused_into(context, refusal):
            services.say_taken(
                draft_id=draft_id, opinion_id=opinion_id, taken=chosen, words=words, officer=request.officer
            )
            messages.success(request, _now("It was put down; who gave the opinion sees it."))
            return redirect("drafts:draft", draft_id)
    else:
        carrying.require_writing(page.draft)
    return refusing.shown(request, "documents/draft_taken.html", context)
