"""The clerk's form: a document that came in gets its number and is presented, in one go."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from lienthong.documents import policy, services
from lienthong.documents.definition import kind_names
from lienthong.documents.models import Arrival
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.urgency import Urgency
from lienthong.documents.services.registering import ACCEPTED
from lienthong.documents.views import days
from lienthong.documents.views.incoming import URGENCIES
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import UNITS, Node
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.settings.environment import environment

MOST_PAGES = 10_000


@require_http_methods(["GET", "HEAD", "POST"])
@officer_with(policy.REGISTER)
def register(request: OfficerRequest) -> HttpResponse:
    agencies = policy.agencies_of(request.officer)
    agency = next((node for node in agencies if node.key == _given(request).get("co-quan", "")), agencies[0])
    if request.method != "POST":
        return _show(request, agencies, agency, {}, key=uuid4())
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    errors, document, receiving = _read(request.POST)
    if errors:
        return _show(request, agencies, agency, errors, key=key)
    uploads = [services.Upload(file.name or "", file) for file in request.FILES.getlist("tep")]
    try:
        made = services.register(
            agency_id=agency.id,
            document=document,
            officer=request.officer,
            key=key,
            receiving=receiving,
            uploads=uploads,
            another=bool(request.POST.get("van-dang-ky")),
        )
    except services.NotComplete as refused:
        return _show(request, agencies, agency, {name: str(why) for name, why in refused.errors.items()}, key=key)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _show(request, agencies, agency, {}, key=key, refused=refused)
    messages.success(
        request,
        _("Registered under the number %(number)s of %(year)s.") % {"number": made.number, "year": made.year},
    )
    return redirect("documents:register") if request.POST.get("_tiep") else redirect("documents:arrival", made.pk)


def _given(request: OfficerRequest) -> Mapping[str, str]:
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
    )
    way = given.get("cach-den", "")
    receiving = services.Receiving(
        way=way if way in Arrival.Way.values else Arrival.Way.PAPER,
        arrived_at=_arrived(arrived),
        due_at=days.end_of(due),
        remark=asked.words(given, "ghi-chu", 500),
        present_to=asked.number(given.get("trinh", "")),
        words=asked.paragraphs(given, "loi-trinh", services.LONGEST_WORDS),
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


def _show(
    request: OfficerRequest,
    agencies: list[Node],
    agency: Node,
    errors: Mapping[str, str],
    *,
    key: UUID,
    refused: DomainError | None = None,
) -> HttpResponse:
    given = _given(request)
    posts = policy.presented_to(agency)
    holders = holders_of([post.id for post in posts])
    context = {
        "agencies": agencies,
        "agency": agency,
        "errors": errors,
        "refused": refused,
        "alike": refused.arrivals if isinstance(refused, services.AlreadyRegistered) else (),
        "given": {name.replace("-", "_"): value for name, value in given.items()},
        "key": key,
        "kinds": kind_names().items(),
        "urgencies": [(each.value, URGENCIES.get(each, _("ordinary"))) for each in Urgency],
        "issuers": sorted({node.name for node in _agencies()}),
        "presented_to": [(post, ", ".join(name for _id, name in holders.get(post.id, []))) for post in posts],
        "today": clock.today(),
        "ways": Arrival.Way.choices,
        "accept": ",".join(ACCEPTED.endings),
        "kinds_of_files": ACCEPTED.words,
        "limit_mb": environment.upload_limit_mb,
    }
    return render(request, "documents/register.html", context, status=422 if errors or refused else 200)
