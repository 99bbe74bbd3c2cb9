"""The clerk's form: a document that came in gets its number and is presented, in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.documents import policy, queries, services
from lienthong.documents.definition import kind_names
from lienthong.documents.models import Arrival, Circulation, WaitingFile
from lienthong.documents.queries.incoming import NOTHING_ALIKE, Alike
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.urgency import Urgency, passed_on_by
from lienthong.documents.services import waiting
from lienthong.documents.services.carrying import DOCUMENT
from lienthong.documents.services.secrecy import refuse_secrets
from lienthong.documents.views import days, suggesting
from lienthong.documents.views.incoming import URGENCIES
from lienthong.foundation import asked, clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files import recognition
from lienthong.foundation.files.errors import RefusedFile
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import named_holders, province, tree
from lienthong.foundation.organisations.rules import UNITS, Node
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.settings.environment import environment

MOST_PAGES = 10_000
USUAL_KIND = "cong-van"


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def register(request: OfficerRequest) -> HttpResponse:
    agencies = policy.agencies_of(request.officer)
    agency = next((node for node in agencies if node.key == _given(request).get("co-quan", "")), agencies[0])
    if request.method != "POST":
        return _show(request, Shown(agencies, agency, uuid4()))
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    shown = Shown(agencies, agency, key)
    uploads = [services.Upload(file.name or "", file) for file in request.FILES.getlist("tep")]
    shown.refused_files = waiting.put(form=key, uploads=uploads, officer=request.officer)
    if (taken_out := asked.number(request.POST.get("_bo", ""))) is not None:
        waiting.take_out(form=key, waiting_id=taken_out, officer=request.officer)
        return _show(request, shown)
    if "_doc" in request.POST:
        return _read_from_files(request, shown)
    errors, document, receiving = _read(request.POST)
    if errors or shown.refused_files:
        shown.errors = errors
        return _show(request, shown)
    try:
        made = services.register(
            agency_id=agency.id,
            document=document,
            officer=request.officer,
            key=key,
            receiving=receiving,
            another=bool(request.POST.get("van-dang-ky")),
        )
    except services.NotComplete as refused:
        shown.errors = {name: str(why) for name, why in refused.errors.items()}
        return _show(request, shown)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        shown.refused = refused
        if isinstance(refused, services.AlreadyRegistered):
            shown.alike = Alike(tuple(refused.arrivals), refused.hidden)
        return _show(request, shown)
    messages.success(
        request,
        _("Registered under the number %(number)s of %(year)s.") % {"number": made.number, "year": made.year},
    )
    if made.limited:
        return redirect("documents:limit", DOCUMENT, made.pk)
    return redirect("documents:register") if request.POST.get("_tiep") else redirect("documents:arrival", made.pk)


def _secret(files: Sequence[WaitingFile], document: services.NewDocument) -> services.Secret | None:
    """Why what was read must not be registered, where it is a state secret."""
    try:
        refuse_secrets(abstract=document.abstract, texts=[each.text for each in files if not each.mail])
    except services.Secret as found:
        return found
    return None


def _read_from_files(request: OfficerRequest, shown: "Shown") -> HttpResponse:
    """Fill in what the first file says, and say at once when the agency has it already."""
    try:
        waiting.read_first(form=shown.key, officer=request.officer)
    except DomainError as refused:
        shown.refused = refused
        return _show(request, shown)
    files = waiting.of_form(form=shown.key, officer=request.officer)
    shown.given = suggesting.filled(
        {name: request.POST.get(name, "") for name in request.POST}, suggesting.suggested(files, _names())
    )
    _errors, document, _receiving = _read(shown.given)
    same = queries.with_content(shown.agency.id, [each.sha256 for each in files], request.officer)
    shown.alike = queries.duplicates(shown.agency.id, document, request.officer) | same
    shown.refused = shown.refused or _secret(files, document)
    return _show(request, shown)


@require_safe
@officer_with(policy.REGISTER)
def waiting_file(request: OfficerRequest, form: UUID, waiting_id: int) -> HttpResponseBase:
    """A file that waits in the clerk's own form, to look at beside it."""
    return serve(waiting.one(form=form, waiting_id=waiting_id, officer=request.officer).file)


def _given(request: OfficerRequest) -> QueryDict:
    return request.POST if request.method == "POST" else request.GET


def _read(given: Mapping[str, str]) -> tuple[dict[str, str], services.NewDocument, services.Receiving]:
    """What was filled in, and what cannot be read of it, by field."""
    errors: dict[str, str] = {}
    mark = Mark.read(given.get("so", ""))
    if given.get("so", "").strip() and mark is None:
        errors["mark"] = _("Write number and symbol as on the document: 15/QĐ-UBND.")
    dated, arrived, due = (_day(given, name, field, errors) for name, field in _DAYS)
    pages = asked.number(given.get("so-trang", "").strip())
    if given.get("so-trang", "").strip() and not (pages and pages < MOST_PAGES):
        errors["pages"] = _("Write the number of pages with digits.")
    kind = given.get("loai", "")
    if kind not in kind_names():
        errors["kind"] = _("Choose the type of the document.")
    urgency = asked.number(given.get("do-khan", ""))
    name = asked.words(given, "co-quan-gui", 200)
    issuer = next((node for node in _agencies() if node.name == name), None)
    document = services.NewDocument(
        mark=mark,
        dated=dated,
        kind=kind,
        abstract=asked.words(given, "trich-yeu", 500),
        issuer_name=name,
        issuer_id=issuer.id if issuer else None,
        signer_name=asked.words(given, "nguoi-ky", 50),
        signer_position=asked.words(given, "chuc-vu", 100),
        urgency=Urgency(urgency) if urgency in set(Urgency) else Urgency.NORMAL,
        pages=pages,
        circulation=given.get("luu-hanh", "") if given.get("luu-hanh") in Circulation.values else Circulation.FREE,
    )
    way = given.get("cach-den", "")
    receiving = services.Receiving(
        way=way if way in Arrival.Way.values else Arrival.Way.PAPER,
        arrived_at=_arrived(arrived),
        due_at=days.end_of(due),
        remark=asked.words(given, "ghi-chu", 500),
        present_to=asked.number(given.get("trinh", "")),
        words=asked.paragraphs(given, "loi-trinh", services.LONGEST_WORDS),
        limited=bool(given.get("han-che")),
    )
    return errors, document, receiving


def _agencies() -> list[Node]:
    """Who may have issued it, of this province."""
    today = clock.today()
    return [node for node in tree().nodes.values() if node.in_force(today) and node.kind not in UNITS]


_DAYS = (("ngay-van-ban", "dated"), ("ngay-den", "arrived"), ("han", "due"))


def _day(given: Mapping[str, str], name: str, field: str, errors: dict[str, str]) -> date | None:
    found, is_wrong = days.asked_for(given, name)
    if is_wrong:
        errors[field] = str(days.UNREADABLE)
    return found


def _arrived(day: date | None) -> datetime | None:
    """Today means now; of another day only the day is known."""
    return None if day == clock.today() else days.end_of(day)


@dataclass
class Shown:
    """The form as it is about to be shown."""

    agencies: list[Node]
    agency: Node
    key: UUID
    errors: Mapping[str, str] = field(default_factory=dict)
    refused: DomainError | None = None
    refused_files: Sequence[RefusedFile] = ()
    alike: Alike = NOTHING_ALIKE
    given: dict[str, str] | None = None


def _show(request: OfficerRequest, shown: Shown) -> HttpResponse:
    today = clock.today()
    own = {"loai": USUAL_KIND, "do-khan": "0", "cach-den": str(Arrival.Way.PAPER), "ngay-den": today.isoformat()}
    given = {**own, **(_typed(request) if shown.given is None else shown.given)}
    posts = policy.presented_to(shown.agency)
    holders = named_holders([post.id for post in posts])
    files = waiting.of_form(form=shown.key, officer=request.officer)
    suggestions = suggesting.suggested(files, _names())
    read_tone, read_words = suggesting.how_it_went(files, suggestions)
    kinds, urgencies, ways = kind_names(), _urgencies(), {str(key): str(word) for key, word in Arrival.Way.choices}
    wrong = shown.errors or shown.refused or shown.refused_files
    context = {
        "begins": not (wrong or shown.alike.seen or shown.alike.hidden),
        "agencies": shown.agencies,
        "agency": shown.agency,
        "errors": shown.errors,
        "refused": shown.refused,
        "refused_files": [each.said for each in shown.refused_files],
        "alike": shown.alike.seen,
        "alike_hidden": shown.alike.hidden,
        "given": {name.replace("-", "_"): value for name, value in given.items()},
        "key": shown.key,
        "files": files,
        "before": [(name := f"{suggesting.BEFORE}{box}", given.get(name, value)) for box, value in own.items()],
        "marks": suggesting.marks(given, suggestions, {"loai": kinds, "do-khan": urgencies, "cach-den": ways}),
        "read_tone": read_tone,
        "read_words": read_words,
        "reads_scans": recognition.programs().reads("pdf"),
        "kinds": kinds.items(),
        "urgencies": urgencies.items(),
        "issuers": sorted(set(_names())),
        "presented_to": [(post, ", ".join(name for _id, name in holders.get(post.id, []))) for post in posts],
        "passed_on_by": passed_on_by(clock.now(), Urgency.NORMAL, calendar_of(province().calendar)),
        "today": today,
        "ways": ways.items(),
        "circulations": Circulation.choices,
        "accept": ",".join(services.ACCEPTED.endings),
        "kinds_of_files": services.ACCEPTED.words,
        "limit_mb": environment.upload_limit_mb,
    }
    return render(request, "documents/register.html", context, status=422 if wrong else 200)


def _typed(request: OfficerRequest) -> dict[str, str]:
    given = _given(request)
    return {name: given.get(name, "") for name in given}


def _names() -> list[str]:
    return [node.name for node in _agencies()]


def _urgencies() -> dict[str, str]:
    return {str(int(each)): str(URGENCIES.get(each, _("ordinary"))) for each in Urgency}
