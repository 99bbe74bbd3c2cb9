"""Labels for the covers of dossiers: on a sheet of 24, or one after the other on a roll."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lienthong.cases.models import Dossier
from lienthong.cases.papers.labels import PER_SHEET
from lienthong.cases.queries.gates import no_such_dossier, visible_to
from lienthong.cases.services.papers import labels_of
from lienthong.foundation import asked, clock
from lienthong.foundation.files.serving import serve_made
from lienthong.identity.policy import OfficerRequest, officer_with

MOST = 200
SIZES = ("to", "cuon")
"""Words in the address: a sheet, a roll."""

SIZE = "label_size"
"""Session key of the labels that were chosen last."""


@require_safe
@officer_with("cases.see")
def labels(request: OfficerRequest) -> HttpResponse:
    """Without a size the page asks for it; with one it is the PDF. Every dossier must be for the officer to see."""
    wanted = [found for text in request.GET.getlist("ho-so")[:MOST] if (found := asked.number(text)) is not None]
    dossiers = {dossier.pk: dossier for dossier in visible_to(request.officer).filter(pk__in=wanted)}
    if not dossiers or set(wanted) - dossiers.keys():
        raise no_such_dossier()
    ordered = [dossiers[pk] for pk in dict.fromkeys(wanted)]
    size = request.GET.get("kho", "")
    if size not in SIZES:
        return _ask(request, ordered)
    request.session[SIZE] = size
    skip = min(asked.number(request.GET.get("bo-qua", "")) or 0, PER_SHEET - 1)
    pdf = labels_of(ordered, roll=size == "cuon", skip=skip, at=clock.now())
    return serve_made(pdf, name="Nhãn hồ sơ")


def _ask(request: OfficerRequest, dossiers: list[Dossier]) -> HttpResponse:
    context = {"dossiers": dossiers, "size": request.session.get(SIZE, SIZES[0]), "most_skipped": PER_SHEET - 1}
    return render(request, "workspace/counter/labels.html", context)
