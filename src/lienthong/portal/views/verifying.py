"""Is this paper genuine? By the code on it, or by the file itself."""

import hashlib
from datetime import timedelta

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.cases.codes import tidy
from lienthong.cases.models import Paper
from lienthong.cases.queries.public import Genuine, paper_by_verification
from lienthong.cases.values import number_of, procedure_of
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.attempts import Allowance, address_of, refused, spend
from lienthong.portal.masking import masked
from lienthong.portal.pages import page
from lienthong.portal.uploads import MEGABYTE
from lienthong.registers.extracting.queries import Genuine as GenuineExtract
from lienthong.registers.extracting.queries import by_digest, by_verification
from lienthong.settings.environment import environment
from lienthong.signing.services import SignatureReport, export_root, is_genuine, verify_pdf

LARGEST = environment.upload_limit_mb
"""Megabytes of a file that is examined."""

OF_ADDRESS = Allowance("verifying.address", times=60, within=timedelta(minutes=10))
OF_FILES = Allowance("examining.address", times=20, within=timedelta(minutes=10))


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code on the paper"),
        help_text=_("24 letters and digits beside the QR code; scanning that leads here by itself."),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}),
        error_messages={"required": _("Enter the code that is on the paper.")},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest) -> HttpResponse:
    """Where a code is typed, or a file chosen."""
    form = CodeForm(request.POST or None, use_required_attribute=False)
    if request.method == "POST" and form.is_valid() and (code := _bare(form.cleaned_data["code"])):
        return redirect("portal:verify", code)
    return page(request, "verify", "verifying", status=422 if form.errors else 200, form=form, limit=LARGEST)


def _bare(typed: str) -> str:
    """A code as it was typed off a paper: only its letters and digits count."""
    return "".join(letter for letter in tidy(typed) if letter.isalnum() and letter.isascii())


def _found(verification: str) -> Genuine | None:
    return paper_by_verification(_bare(verification)[:24])


@require_safe
def paper(request: HttpRequest, verification: str) -> HttpResponse:
    """What the house knows of a paper: its head and who signed it; the holder's name only in part."""
    if wait := spend([(OF_ADDRESS, address_of(request))]):
        return refused(request, wait)
    found = _found(verification)
    if found is None and (extract := by_verification(_bare(verification)[:24])):
        return _extract(request, extract)
    if found is None:
        form = CodeForm(initial={"code": verification[:60]}, use_required_attribute=False)
        return page(request, "verify", "verifying", status=404, private=True, form=form, nothing=True, limit=LARGEST)
    issued = found.paper
    reports = _reports(issued.file) if issued.kind == "result" else []
    return page(
        request,
        "verified",
        "verifying",
        private=True,
        paper=issued,
        procedure=found.procedure,
        number=_number(issued),
        agency=tree()[issued.organisation_id],
        holder=masked(issued.dossier.applicant_name),
        reports=reports,
        signed=issued.kind == "result",
        sound=_is_sound(issued.file) and (issued.kind != "result" or is_genuine(reports)),
        verification=issued.verification,
    )


def _extract(request: HttpRequest, found: GenuineExtract) -> HttpResponse:
    """What the house knows of an extract from a register: its head, whose seal it bears, and whether what it tells is
    still so; nothing of what stands in it. Of one whose entry was erased, no more than that."""
    extract = found.extract
    reports = _reports(extract.file)
    return page(
        request,
        "verified_extract",
        "verifying",
        private=True,
        found=found,
        extract=extract,
        agency=tree()[extract.organisation_id],
        reports=reports,
        sound=extract.file is None or (_is_sound(extract.file) and is_genuine(reports)),
    )


def _reports(file: StoredFile | None) -> list[SignatureReport]:
    if file is None:
        return []
    with storage.open_content(file.sha256) as content:
        return verify_pdf(content.read())


def _is_sound(file: StoredFile | None) -> bool:
    """Whether what is kept is still what was issued."""
    if file is None:
        return True
    with storage.open_content(file.sha256) as content:
        return hashlib.sha256(content.read()).hexdigest() == file.sha256


@require_safe
def original(request: HttpRequest, verification: str) -> HttpResponseBase:
    """The signed file of a result, to be compared with the paper in the hand: a QR code alone can be copied onto
    another text. Who has the code has the paper, and nobody can guess one; other papers are not given out, nor extracts
    in which personal data stands."""
    if wait := spend([(OF_ADDRESS, address_of(request))]):
        return refused(request, wait)
    found = _found(verification)
    if found is None and (extract := by_verification(_bare(verification)[:24])):
        return _extract_itself(extract)
    if found is None or found.paper.kind != "result" or found.paper.file is None:
        raise Http404
    return serve(found.paper.file)


def _extract_itself(found: GenuineExtract) -> HttpResponseBase:
    if found.extract.personal or found.extract.file is None:
        raise Http404
    return serve(found.extract.file)


@require_POST
def examine(request: HttpRequest) -> HttpResponse:
    """The signatures of a file that somebody has. The file is not kept."""
    if wait := spend([(OF_FILES, address_of(request))]):
        return refused(request, wait)
    chosen = request.FILES.get("tep")
    if not isinstance(chosen, UploadedFile):
        return _not_examined(request, str(_("Choose the PDF file that you want to check.")))
    if (chosen.size or 0) > LARGEST * MEGABYTE:
        return _not_examined(request, str(_("The file is larger than %(limit)s MB.") % {"limit": LARGEST}))
    content = chosen.read()
    try:
        reports = verify_pdf(content)
    except DomainError as refusal:
        return _not_examined(request, str(refusal))
    digest = hashlib.sha256(content).hexdigest()
    issued = Paper.objects.filter(file__sha256=digest, state=Paper.State.READY).select_related("dossier").first()
    extract = None if issued else by_digest(digest)
    return page(
        request,
        "examined",
        "verifying",
        private=True,
        name=chosen.name,
        reports=reports,
        genuine=is_genuine(reports),
        issued=issued,
        number=_number(issued) if issued else "",
        extract=extract,
    )


def _number(paper: Paper) -> str:
    return number_of(paper, procedure_of(paper.dossier))


def _not_examined(request: HttpRequest, error: str) -> HttpResponse:
    form = CodeForm(use_required_attribute=False)
    return page(request, "verify", "verifying", status=422, private=True, form=form, file_error=error, limit=LARGEST)


@require_safe
def root_certificate(request: HttpRequest) -> HttpResponse:
    """The certificate to install so that other programs trust the signatures of this site."""
    answer = HttpResponse(export_root().der, content_type="application/x-x509-ca-cert")
    answer["Content-Disposition"] = 'attachment; filename="chung-thu-goc.crt"'
    return answer
