"""Packages for an archive: having them made, taking them along, looking through one that somebody brought."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.documents.models import Package
from lienthong.documents.records import carrying
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.packages import reading, services
from lienthong.documents.records.packages.report import PackageRefused
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.large import takes_large_files
from lienthong.foundation.files.serving import serve
from lienthong.identity.policy import OfficerRequest, officer_with

LIMIT_MB = 200
"""Of a package that is brought to the page; what is larger is looked through by the command."""
FILES_SHOWN = 200
LACKING_SHOWN = 20


@require_safe
@officer_with(records_policy.ARCHIVE)
def packages(request: OfficerRequest) -> HttpResponse:
    """Those of the archive, the latest first; of a record or a hand-over alone where the address says so."""
    record_id = asked.number(request.GET.get("ho-so", ""))
    hand_over_id = asked.number(request.GET.get("ban-giao", ""))
    found = services.packages_for(request.officer, record_id=record_id, hand_over_id=hand_over_id)
    context = {
        "rows": list(map(_row, found)),
        "narrowed": record_id is not None or hand_over_id is not None,
        "waiting": any(not each.is_over for each in found),
        "key": uuid4(),
    }
    return render(request, "documents/record_packages.html", context)


def _row(package: Package) -> dict[str, Any]:
    return {
        "package": package,
        "code": carrying.code_of(package.record),
        "until": services.kept_until(package),
        "percent": 100 * package.passed // package.files if package.files else 0,
        "pdfa": _pdfa(package) if package.with_pdfa is not None else None,
    }


def _pdfa(package: Package) -> dict[str, Any]:
    """How many of the files have PDF/A, and which have none."""
    number, lacking = package.with_pdfa or 0, package.without_pdfa
    return {"number": number, "total": number + len(lacking), "lacking": lacking, "shown": lacking[:LACKING_SHOWN]}


@require_POST
@officer_with(records_policy.ARCHIVE)
def ask(request: OfficerRequest) -> HttpResponse:
    """Have the package of a record made, or those of a hand-over."""
    given, key = request.POST, asked.key(request.POST.get("_lan", "")) or uuid4()
    record_id, hand_over_id = asked.number(given.get("ho-so", "")), asked.number(given.get("ban-giao", ""))
    try:
        if hand_over_id is not None:
            made = services.ask_for_all(hand_over_id=hand_over_id, officer=request.officer, key=key)
            query = f"?ban-giao={hand_over_id}"
        else:
            made = [services.ask(record_id=record_id or 0, officer=request.officer, key=key)]
            query = f"?ho-so={made[0].record_id}"
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        messages.error(request, refused.in_full)
        return redirect("records:packages")
    said = ngettext("%(count)s package is being made.", "%(count)s packages are being made.", len(made))
    messages.success(request, said % {"count": len(made)})
    return redirect(reverse("records:packages") + query)


@require_safe
@officer_with(records_policy.ARCHIVE)
def content(request: OfficerRequest, key: UUID) -> HttpResponseBase:
    """The file itself, on record."""
    return serve(services.take(key=key, officer=request.officer), as_attachment=True)


# looking through


@takes_large_files(lambda: LIMIT_MB * 1024 * 1024)
@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(records_policy.ARCHIVE)
def check(request: OfficerRequest) -> HttpResponse:
    """What a package holds that somebody brought, and everything that is wrong with it. Nothing of it is kept."""
    context: dict[str, Any] = {"limit_mb": LIMIT_MB, "shown": FILES_SHOWN, "slice_of": f":{FILES_SHOWN}"}
    if request.method == "POST":
        sent = request.FILES.get("tep")
        try:
            if sent is None or not sent.size:
                raise PackageRefused(_("Choose a package first."))
            if sent.size > LIMIT_MB * 1024 * 1024:
                raise PackageRefused(
                    _("The package is larger than %(most)s MB."),
                    way_out=_("Have it looked through with the command lt check-package."),
                    most=LIMIT_MB,
                )
            report = reading.verify(sent, sent.size)
        except PackageRefused as refused:
            context["refused"] = refused
        else:
            grave = [each for each in report.deviations if each.grave]
            context |= {"report": report, "name": sent.name, "grave": grave}
    status = 422 if "refused" in context else 200
    return render(request, "documents/record_package_check.html", context, status=status)
