"""The form with which a clerk makes an official copy, and the page of one."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _now
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.documents import policy
from lienthong.documents.copying import papers, queries, services
from lienthong.documents.copying.rules import MOST_RECIPIENTS, CopyWanted, Form, Way
from lienthong.documents.copying.wording import FORMS, WAYS
from lienthong.documents.definition import kind_names
from lienthong.documents.models import Arrival, DocumentFile, Issue, OfficialCopy
from lienthong.documents.services.registering import NotComplete, clerk_of
from lienthong.documents.views.signatures import VERDICTS, found_in
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.identity.policy import OfficerRequest, officer_with, signed_in_officer
from lienthong.signing import examinations, pins
from lienthong.signing.services import wants_pin


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def make(request: OfficerRequest, subject_type: str, pk: int) -> HttpResponse:
    line = queries.line_of((subject_type, pk), request.officer)
    clerk_of(line.organisation_id, request.officer)
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    wanted, errors = _read(request, line), {}
    refused: DomainError | None = services.refusal_of(line)
    if request.method == "POST":
        try:
            with pins.entered(request.POST.get("pin", "")):
                made = services.make_copy(subject=(subject_type, pk), wanted=wanted, officer=request.officer, key=key)
        except NotComplete as incomplete:
            errors = incomplete.errors
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            refused = error
        else:
            messages.success(request, _now("The copy was made under the number %(code)s.") % {"code": made.code})
            return redirect("copying:copy", made.pk)
    return _form(request, line, wanted, key, errors=errors, refused=refused)


def _read(request: OfficerRequest, line: Arrival | Issue) -> CopyWanted:
    given = request.POST
    if request.method != "POST":
        files = queries.pdf_files(line)
        return CopyWanted(
            form=Form.TRUE_COPY,
            recipients=(),
            permitter=None,
            agency_mark=queries.usual_mark(line.organisation_id),
            way=Way.ELECTRONIC if files else Way.PAPER,
            place=files[0].place if files else None,
            copies=1,
        )
    names = asked.paragraphs(given, "noi-nhan", 200 * MOST_RECIPIENTS).splitlines()
    return CopyWanted(
        form=next((each for each in Form if each == given.get("hinh-thuc")), None),
        recipients=tuple(dict.fromkeys(name.strip()[:200] for name in names if name.strip())),
        permitter=asked.number(given.get("nguoi-cho-phep", "")),
        agency_mark=asked.words(given, "ky-hieu", 30),
        way=Way.PAPER if given.get("cach") == Way.PAPER else Way.ELECTRONIC,
        place=asked.number(given.get("tep", "")),
        pages=asked.words(given, "trang"),
        copies=asked.number(given.get("so-ban", "")),
        remark=asked.words(given, "ghi-chu", 500),
    )


def _form(
    request: OfficerRequest,
    line: Arrival | Issue,
    wanted: CopyWanted,
    key: UUID,
    *,
    errors: dict[str, object],
    refused: DomainError | None,
) -> HttpResponse:
    files = queries.pdf_files(line)
    posts = policy.presented_to(tree()[line.organisation_id])
    holders = holders_of([post.id for post in posts])
    context = {
        **_head(line),
        "refused": refused,
        "closed": services.refusal_of(line) is not None,
        "errors": errors,
        "key": key,
        "wanted": wanted,
        "forms": [(value, word, value == wanted.form) for value, word in FORMS.items()],
        "ways": [(value, word, value == wanted.way) for value, word in WAYS.items()] if files else [],
        "files": [(each, _page_count(each), each.place == wanted.place) for each in files],
        "paper": Way.PAPER.value,
        "posts": [(post, ", ".join(name for _id, name in holders.get(post.id, []))) for post in posts],
        "recipients": "\n".join(wanted.recipients),
        "wants_pin": wants_pin(),
    }
    failed = errors or (refused and request.method == "POST")
    return render(request, "documents/copying_make.html", context, status=422 if failed else 200)


def _page_count(file: DocumentFile) -> int:
    return papers.page_count(file.file)


def _head(line: Arrival | Issue) -> dict[str, Any]:
    """What both pages say of the document that is copied."""
    kinds, document = kind_names(), line.document
    is_incoming = isinstance(line, Arrival)
    return {
        "line": line,
        "document": document,
        "kind": kinds.get(document.kind, document.kind),
        "agency": tree()[line.organisation_id],
        "incoming": is_incoming,
        "back": "documents:arrival" if is_incoming else "documents:issued",
        "opens": "documents:file" if is_incoming else "documents:issued_file",
    }


@require_safe
@signed_in_officer
def copy(request: OfficerRequest, copy_id: int) -> HttpResponse:
    return _shown(request, services.read_copy(copy_id=copy_id, officer=request.officer))


def _shown(request: OfficerRequest, found: OfficialCopy) -> HttpResponse:
    held = [each for each in queries.pdf_files(found.line) if each.file.sha256 == found.original_digest][:1]
    known = found_in([*filter(None, [found.file]), *(each.file for each in held)])
    context = {
        **_head(found.line),
        "copy": found,
        "form": FORMS[found.form],
        "way": WAYS[found.way],
        "closed": services.is_closed(found),
        "signatures": known.get(found.file_id or 0),
        "originals": [(each, known.get(each.file_id)) for each in held],
        "recipients": found.recipients.splitlines(),
    }
    return render(request, "documents/copying_copy.html", context)


@require_safe
@signed_in_officer
def file(request: OfficerRequest, copy_id: int) -> HttpResponseBase:
    found = services.read_copy_file(copy_id=copy_id, officer=request.officer)
    return serve(found, as_attachment="tai" in request.GET)


@require_POST
@signed_in_officer
def look_again(request: OfficerRequest, copy_id: int) -> HttpResponse:
    """Look at the signatures of the copy again, for who may read it."""
    found = services.read_copy_file(copy_id=copy_id, officer=request.officer)
    verdict = examinations.examine(found.pk, again=True)
    if verdict:
        said = {"name": found.name, "found": VERDICTS[verdict][0]}
        messages.info(request, _now("%(name)s was checked: %(found)s.") % said)
    return redirect("copying:copy", copy_id)
