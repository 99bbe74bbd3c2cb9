"""The page on which everything is looked for, and the searches that are kept."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.documents import policy
from lienthong.documents.definition import kind_names
from lienthong.documents.finding import papers, queries, services
from lienthong.documents.finding.extracts import marked
from lienthong.documents.finding.queries import MOST, Found, Hit, Place, Wanted, What
from lienthong.documents.models import Record, SavedSearch
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.carrying import code_of
from lienthong.documents.records.views.forms import stage_of
from lienthong.documents.views.incoming import STATUSES
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import UNITS, Node
from lienthong.foundation.papers.taking import file_of
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer

BOXES = ("tim", "gi", "co-quan", "loai", "noi-gui", "don-vi", "tu", "den")
"""The boxes of the page as they stand in addresses and in searches that are kept."""
LONGEST = 200


@require_safe
@signed_in_officer
def page(request: OfficerRequest) -> HttpResponse:
    """What fits, the newest first. With nothing asked for: the searches that are kept, and what is new in them."""
    wanted = _wanted(request.GET, request.officer)
    place = asked.placed(request.GET.get("truoc", ""))
    after = Place(place[0].date(), place[1]) if place else None
    found = Found([]) if wanted.is_empty else queries.find(request.officer, wanted, after=after)
    saved = services.of(request.officer)
    kept = next((each for each in saved if str(each.pk) == request.GET.get("luu", "")), None)
    if kept and after is None and not wanted.is_empty:
        services.looked_at(search_id=kept.pk, last=found.last, officer=request.officer)
        kept.seen = found.last
    agencies, units = _agencies(request.officer), _units(request.officer)
    return render(
        request,
        "documents/find.html",
        {
            "rows": [_row(hit, wanted.text) for hit in found.hits],
            "wanted": wanted,
            "given": {name.replace("-", "_"): request.GET.get(name, "")[:LONGEST] for name in BOXES},
            "what": What.choices,
            "agencies": agencies,
            "units": units,
            "kinds": kind_names().items(),
            "issuers": _issuers(),
            "narrowed": wanted != Wanted(text=wanted.text),
            "saved": _saved(saved, request.officer),
            "kept": kept,
            "last": found.last,
            "key": uuid4(),
            "query": [(name, value) for name, value in _boxes(request.GET).items()],
            "files": _files(request) if found.hits else [],
            "newest": asked.with_query(request, truoc="") if after else "",
            "older": asked.with_query(request, truoc=_written(found.next)) if found.next else "",
            "quoted": _quoted(request, wanted.text),
        },
    )


def _files(request: OfficerRequest) -> list[tuple[str, str]]:
    query = asked.with_query(request, truoc="", luu="")
    return [(name, reverse("documents:find_file", args=[name.lower()]) + query) for name in ("PDF", "DOCX", "XLSX")]


def _wanted(given: Mapping[str, str], officer: Officer) -> Wanted:
    what, unit = given.get("gi", ""), given.get("don-vi", "")
    return Wanted(
        text=asked.words(given, "tim", LONGEST),
        what=what if what in What.values else "",
        agency_id=next((node.id for node in _agencies(officer) if node.key == given.get("co-quan", "")), None),
        kind=given.get("loai", "") if given.get("loai", "") in kind_names() else "",
        issuer=asked.words(given, "noi-gui", LONGEST),
        had_by=next((node.id for node in _units(officer) if node.key == unit), None),
        first=asked.day(given.get("tu", "")),
        last=asked.day(given.get("den", "")),
    )


def _agencies(officer: Officer) -> list[Node]:
    """In whose registers there may be something for somebody: those of their posts, and those they follow."""
    found = {node.id: node for node in [*records_policy.agencies_of(officer), *policy.followed_by(officer)]}
    return list(found.values())


def _units(officer: Officer) -> list[Node]:
    """The parts of those agencies, with the agencies themselves."""
    found = {unit.id: unit for agency in _agencies(officer) for unit in policy.units_of(agency)}
    return list(found.values())


def _issuers() -> list[str]:
    today = clock.today()
    return sorted({node.name for node in tree().nodes.values() if node.in_force(today) and node.kind not in UNITS})


def _boxes(given: Mapping[str, str]) -> dict[str, str]:
    """What is filled in, as it can be kept."""
    boxes = {name: asked.words(given, name, LONGEST) for name in BOXES}
    return {name: value for name, value in boxes.items() if value}


def _written(place: Place) -> str:
    return asked.place(clock.day_start(place.day), place.id)


def _quoted(request: OfficerRequest, text: str) -> str:
    """The address with the words as one phrase, where there are several and no phrase yet."""
    return asked.with_query(request, tim=f'"{text}"', truoc="") if len(text.split()) > 1 and '"' not in text else ""


def _row(hit: Hit, text: str) -> dict[str, Any]:
    line, agencies, kinds = hit.line, tree(), kind_names()
    shown: dict[str, Any] = {"hit": hit, "extract": hit.extract, "day": hit.place.day}
    if isinstance(line, Record):
        stage = stage_of(line.stage)
        return shown | {
            "title": marked(line.title, text),
            "address": reverse("records:record", args=[line.pk]),
            "code": code_of(line),
            "from": agencies[line.unit_id].name,
            "status": stage["word"],
            "tone": stage["tone"],
        }
    document = line.document
    shown |= {
        "title": marked(document.abstract, text),
        "kind": kinds.get(document.kind, document.kind),
        "code": document.code,
        "dated": document.dated,
        "from": document.issuer_name,
        "at": agencies[line.organisation_id].name,
    }
    if hit.what is What.INCOMING:
        word, tone = STATUSES[line.status]  # type: ignore[union-attr,index]
        return shown | {"address": reverse("documents:arrival", args=[line.pk]), "status": word, "tone": tone}
    recalled = line.recalled_at is not None  # type: ignore[union-attr]
    return shown | {
        "address": reverse("documents:issued", args=[line.pk]),
        "status": _("recalled") if recalled else _("issued"),
        "tone": "late" if recalled else "ok",
    }


@require_safe
@signed_in_officer
def download(request: OfficerRequest, format_key: str) -> HttpResponse:
    """The list to print or to work on with, its first lines where it is very long (NĐ 30/2020 App. VI)."""
    wanted = _wanted(request.GET, request.officer)
    found = Found([]) if wanted.is_empty else queries.find(request.officer, wanted, size=MOST)
    agency = tree().agency_of(request.officer.acting.organisation)
    with translation.override("vi"):  # whatever the reader has chosen
        listing = papers.listing(agency, found, text=wanted.text)
    return file_of(listing, format_key, "ket-qua-tim-kiem")


# searches that are kept


def _saved(saved: list[SavedSearch], officer: Officer) -> list[dict[str, Any]]:
    """With how much is new in those that are watched. One query."""
    watched = [search for search in saved if search.watched]
    counts = queries.new_since(officer, [(_wanted(each.query, officer), each.seen) for each in watched])
    new = {search.pk: count for search, count in zip(watched, counts, strict=True)}
    return [{"search": search, "new": _count(new.get(search.pk, 0))} for search in saved]


def _count(new: int) -> str:
    if new > queries.MOST_NEW:
        return f"{queries.MOST_NEW}+"
    return str(new) if new else ""


def _address(search: SavedSearch) -> str:
    query = QueryDict(mutable=True)
    query.update({**search.query, "luu": str(search.pk)})
    return f"{reverse('documents:find')}?{query.urlencode()}"


@require_POST
@signed_in_officer
def keep(request: OfficerRequest) -> HttpResponse:
    boxes = _boxes(request.POST)
    try:
        made = services.keep(
            name=asked.words(request.POST, "ten", services.LONGEST_NAME),
            query=boxes,
            watched=bool(request.POST.get("theo-doi")),
            last=asked.number(request.POST.get("_den", "")) or 0,
            officer=request.officer,
            key=asked.key(request.POST.get("_lan", "")) or uuid4(),
        )
    except DomainError as refused:
        messages.error(request, refused.in_full)
        query = QueryDict(mutable=True)
        query.update(boxes)
        return redirect(f"{reverse('documents:find')}?{query.urlencode()}")
    messages.success(request, _("The search is kept as “%(name)s”.") % {"name": made.name})
    return redirect(_address(made))


@require_safe
@signed_in_officer
def saved(request: OfficerRequest, search_id: int) -> HttpResponse:
    """A search that is kept, as it is now."""
    return redirect(_address(services.one(search_id, request.officer)))


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def change(request: OfficerRequest, search_id: int) -> HttpResponse:
    """Name a search anew, watch it or not, remove it after it was asked once more."""
    search = services.one(search_id, request.officer)
    refused: DomainError | None = None
    if request.method == "POST":
        if request.POST.get("viec") == "xoa":
            services.drop(search_id=search_id, officer=request.officer)
            messages.success(request, _("The search was removed."))
            return redirect("documents:find")
        try:
            services.change(
                search_id=search_id,
                name=asked.words(request.POST, "ten", services.LONGEST_NAME),
                watched=bool(request.POST.get("theo-doi")),
                last=queries.last_line(),
                officer=request.officer,
            )
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            refused = error
        else:
            messages.success(request, _("The search was changed."))
            return redirect("documents:find")
    name = asked.words(request.POST, "ten") if request.method == "POST" else search.name
    context = {"search": search, "name": name, "refused": refused, "removing": "xoa" in request.GET}
    return render(request, "documents/saved_search.html", context, status=422 if refused else 200)
