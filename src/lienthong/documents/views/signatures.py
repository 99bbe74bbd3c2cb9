"""The signatures of a document's files on its page, in words, and looking at them again."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_POST

from lienthong.documents import services
from lienthong.documents.models import DocumentFile
from lienthong.documents.services.signatures import check_signature
from lienthong.foundation.files.models import StoredFile
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.signing import examinations
from lienthong.signing.examinations import Examined
from lienthong.signing.rules import Verdict

VERDICTS: dict[Verdict, tuple[str | Promise, str, str]] = {
    Verdict.UNSIGNED: (pgettext_lazy("file", "not signed digitally"), "neutral", "info-circle"),
    Verdict.GENUINE: (pgettext_lazy("file", "digital signatures are valid"), "ok", "shield-check"),
    Verdict.UNKNOWN: (
        pgettext_lazy("file", "signed by somebody who is not known here"),
        "soon",
        "exclamation-triangle",
    ),
    Verdict.BROKEN: (pgettext_lazy("file", "digital signature is not valid"), "late", "exclamation-octagon"),
    Verdict.UNREADABLE: (pgettext_lazy("file", "signatures cannot be checked"), "soon", "exclamation-triangle"),
}
"""How each is called, its tone and icon."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a page says of the signatures of one file; `examined` is missing while nobody has looked."""

    words: str | Promise
    tone: str
    icon: str
    examined: Examined | None = None


def found_in(files: Iterable[StoredFile]) -> dict[int, Found]:
    """By the id of each PDF. Two queries at most."""
    wanted = [each.pk for each in files if each.format == "pdf"]
    known = examinations.of_files(wanted)
    return {pk: _found(known.get(pk)) for pk in wanted}


def _found(examined: Examined | None) -> Found:
    if examined is None:
        return Found(pgettext_lazy("file", "its signatures are being looked at"), "neutral", "hourglass-split")
    words, tone, icon = VERDICTS[examined.verdict]
    return Found(words, tone, icon, examined)


def with_signatures(files: Iterable[DocumentFile]) -> list[tuple[DocumentFile, Found | None]]:
    """The files of a document, each with what is known of its signatures; two queries at most."""
    shown = list(files)
    known = found_in(each.file for each in shown)
    return [(each, known.get(each.file_id)) for each in shown]


@require_POST
@signed_in_officer
def of_arrival(request: OfficerRequest, arrival_id: int, place: int) -> HttpResponse:
    """Look again, for who may read the file."""
    page = services.read(arrival_id=arrival_id, officer=request.officer)
    file = services.read_file(arrival_id=arrival_id, place=place, officer=request.officer)
    _examine(request, file, page.arrival.document_id)
    return redirect("documents:arrival", arrival_id)


@require_POST
@signed_in_officer
def of_issue(request: OfficerRequest, issue_id: int, place: int) -> HttpResponse:
    page = services.read_issue(issue_id=issue_id, officer=request.officer)
    file = services.read_issue_file(issue_id=issue_id, place=place, officer=request.officer)
    _examine(request, file, page.issue.document_id)
    return redirect("documents:issued", issue_id)


def _examine(request: OfficerRequest, file: StoredFile, document_id: int) -> None:
    verdict = examinations.examine(file.pk, again=True)
    check_signature(document_id)
    said: dict[str, Any] = {"name": file.name}
    if verdict is None:
        messages.error(request, _now("%(name)s is not a PDF whose signatures can be checked.") % said)
    else:
        said["found"] = VERDICTS[verdict][0]
        messages.info(request, _now("%(name)s was checked: %(found)s.") % said)
