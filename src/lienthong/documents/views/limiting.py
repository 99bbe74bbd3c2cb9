"""The page on which a clerk or a leader says who may see a document."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods

from lienthong.documents.records.views.forms import chosen_of, posts_with_names
from lienthong.documents.services import limiting as services
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.issuing import ISSUE
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.identity.policy import OfficerRequest, signed_in_officer

PAGES = {DOCUMENT: "documents:arrival", ISSUE: "documents:issued"}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def limit(request: OfficerRequest, subject_type: str, pk: int) -> HttpResponse:
    if subject_type not in PAGES:
        raise Http404
    subject, refused = (subject_type, pk), None
    found = services.limited(subject=subject, officer=request.officer)
    if request.method == "POST":
        try:
            if request.POST.get("cach") == "moi":
                services.open_to_all(subject=subject, officer=request.officer)
            else:
                services.limit(subject=subject, posts=chosen_of(request.POST, "vi-tri"), officer=request.officer)
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            refused = error
        else:
            messages.success(request, _now("It was changed who may see the document; that is on record."))
            return redirect(PAGES[subject_type], pk)
    context = {
        "document": found.line.document,
        "limited": found.line.limited,
        "incoming": subject_type == DOCUMENT,
        "back": PAGES[subject_type],
        "pk": pk,
        "refused": refused,
        "own": found.post.id,
        "posts": posts_with_names(services.posts_of(found.agency)),
        "readers": found.readers,
    }
    return render(request, "documents/limit.html", context, status=422 if refused else 200)
