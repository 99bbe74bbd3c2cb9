"""The yearly list of records: its page, a line of it, lines pasted from a table, submitting and approving."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.documents import policy
from lienthong.documents.models import RecordLine, RecordList
from lienthong.documents.records import carrying, queries
from lienthong.documents.records import listing as services
from lienthong.documents.records import papers as record_papers
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.rules import Line, Maker, Wrong, known, read_lines
from lienthong.documents.records.views.forms import file_of, given_of, refused_into
from lienthong.foundation import asked, clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer

LONGEST_PASTED = 400_000
SHOWN_WRONG = 20

WRONGS: dict[Wrong, str | Promise] = {
    Wrong.PARTS: _("it needs notation, title and retention with a tab or a bar between them"),
    Wrong.NOTATION: _("the notation is missing, too long or has letters that are not allowed"),
    Wrong.TITLE: _("the title is missing or too long"),
    Wrong.RETENTION: _("no such retention is declared"),
    Wrong.MAKER: _("no unit or post for which you draft is called so"),
    Wrong.AGAIN: _("the notation stands in a line above"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def page(request: OfficerRequest) -> HttpResponse:
    """The list of a year of an agency in which the officer holds a post. Sent, it begins the list."""
    agencies = records_policy.agencies_of(request.officer)
    given: Mapping[str, str] = request.POST if request.method == "POST" else request.GET
    agency = next((node for node in agencies if node.key == given.get("co-quan", "")), agencies[0])
    year = asked.number(given.get("nam", "")) or clock.today().year
    if request.method == "POST":
        services.begin(agency_id=agency.id, year=year, officer=request.officer)
        return redirect(_address(agency, year))
    found = queries.list_of(agency.id, year) if services.FIRST_YEAR <= year <= services.LAST_YEAR else None
    units = {unit.id: unit for unit in policy.units_of(agency)}
    unit_id = asked.number(request.GET.get("don-vi", ""))
    text = asked.words(request.GET, "tim")
    lines = queries.lines_of(found, unit_id=unit_id if unit_id in units else None, text=text) if found else []
    led = {unit.id for unit in records_policy.units_led(request.officer, agency)}
    approves = records_policy.leads(request.officer, agency)
    return render(
        request,
        "documents/record_list.html",
        {
            "agency": agency,
            "agencies": agencies,
            "year": year,
            "list": found,
            "groups": _grouped(lines, led, found, request.officer),
            "units": units.values(),
            "unit_id": unit_id,
            "text": text,
            "narrowed": bool(unit_id or text),
            "drafts": bool(led),
            "submits": approves or records_policy.is_clerk(request.officer, agency),
            "approves": approves,
            "before": reverse("records:list") + f"?co-quan={agency.key}&nam={year - 1}",
            "after": reverse("records:list") + f"?co-quan={agency.key}&nam={year + 1}",
        },
    )


def _address(agency: Node, year: int) -> str:
    return f"{reverse('records:list')}?co-quan={agency.key}&nam={year}"


def _grouped(
    lines: list[RecordLine], led: set[int], found: RecordList | None, officer: Officer
) -> list[tuple[Node, list[dict[str, Any]]]]:
    """The lines by the unit that makes them."""
    agencies, names = tree(), carrying.retention_names()
    draft = bool(found and found.state == RecordList.State.DRAFT)
    approved = bool(found and found.state == RecordList.State.APPROVED)
    own = {post.organisation.id for post in officer.posts}
    groups: dict[int, list[dict[str, Any]]] = {}
    for line in lines:
        post = agencies.posts.get(line.post_id or 0)
        groups.setdefault(line.unit_id, []).append(
            {
                "line": line,
                "retention": names.get(line.retention, line.retention),
                "post": post.title if post else "",
                "edits": draft and line.unit_id in led,
                "opens": approved and (line.unit_id in led or line.unit_id in own),
            }
        )
    return [(agencies[unit_id], rows) for unit_id, rows in groups.items()]


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def line(request: OfficerRequest, list_id: int, line_id: int | None = None) -> HttpResponse:
    """A line of the list, new or changed; after the approval a new one with a reason."""
    found, agency = _found(request, list_id)
    row = found.lines.filter(pk=line_id).first() if line_id is not None else None
    if line_id is not None and row is None:
        raise Http404
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        with refused_into(context):
            if request.POST.get("viec") == "xoa" and line_id is not None:
                services.remove_line(list_id=list_id, line_id=line_id, officer=request.officer)
            else:
                services.save_line(
                    list_id=list_id,
                    line_id=line_id,
                    officer=request.officer,
                    key=key,
                    line=_read(request.POST),
                    reason=asked.words(request.POST, "ly-do", 500),
                )
            messages.success(request, _now("The list was changed."))
            more = request.POST.get("_tiep") and line_id is None
            return redirect("records:line_new", list_id) if more else redirect(_address(agency, found.year))
    given = given_of(request.POST) if request.method == "POST" else _written(row)
    context |= {
        "list": found,
        "agency": agency,
        "row": row,
        "key": key,
        "given": given,
        "back": _address(agency, found.year),
        "retentions": carrying.retention_names().items(),
        "makers": _makers(request.officer, agency),
        "added": found.state == RecordList.State.APPROVED,
        "removable": bool(row and found.state == RecordList.State.DRAFT),
    }
    wrong = context["errors"] or context["refused"]
    return render(request, "documents/record_line.html", context, status=422 if wrong else 200)


def _found(request: OfficerRequest, list_id: int) -> tuple[RecordList, Node]:
    """A list of an agency in which the officer holds a post. Raises NoSuchRecord."""
    found = RecordList.objects.filter(pk=list_id).first()
    agency = tree()[found.organisation_id] if found else None
    if found is None or agency is None or agency not in records_policy.agencies_of(request.officer):
        raise carrying.no_such_record()
    return found, agency


def _written(row: RecordLine | None) -> dict[str, str]:
    if row is None:
        return {}
    maker = f"{row.unit_id}-{row.post_id}" if row.post_id else str(row.unit_id)
    return {
        "so": row.notation, "tieu_de": row.title, "thoi_han": row.retention, "nguoi_lap": maker, "ghi_chu": row.note
    }  # fmt: skip


def _read(given: Mapping[str, str]) -> Line:
    unit, _dash, post = given.get("nguoi-lap", "").partition("-")
    return Line(
        notation=asked.words(given, "so", 40).replace(" ", ""),
        title=asked.words(given, "tieu-de", 500),
        retention=given.get("thoi-han", ""),
        unit_id=asked.number(unit) or 0,
        post_id=asked.number(post),
        note=asked.words(given, "ghi-chu", 500),
    )


def _makers(officer: Officer, agency: Node) -> list[tuple[Node, list[tuple[str, str]]]]:
    """Units for which somebody drafts, and the posts in each."""
    units = records_policy.units_led(officer, agency)
    posts = records_policy.posts_of(units)
    return [
        (unit, [(f"{unit.id}-{post.id}", post.title) for post in posts if post.organisation_id == unit.id])
        for unit in units
    ]


def _named_makers(officer: Officer, agency: Node) -> tuple[dict[str, Maker], Maker | None]:
    """Units by name and short name, posts by their title with the unit; and whose a line is that names nobody."""
    found: dict[str, Maker] = {}
    units = records_policy.units_led(officer, agency)
    for post in records_policy.posts_of(units):
        unit = tree()[post.organisation_id]
        for name in filter(None, (unit.name, unit.short_name)):
            found.setdefault(known(f"{post.title}, {name}"), (unit.id, post.id))
    for unit in units:
        for name in filter(None, (unit.name, unit.short_name)):
            found[known(name)] = (unit.id, None)
    own = next((post.organisation.id for post in (officer.acting, *officer.posts) if post.organisation in units), None)
    return found, (own, None) if own else None


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def paste(request: OfficerRequest, list_id: int) -> HttpResponse:
    """Lines from a spreadsheet or a table: all of them, or none with what is wrong by its line."""
    found, agency = _found(request, list_id)
    text = _pasted(request.POST.get("dong", "")[:LONGEST_PASTED])
    context: dict[str, Any] = {"errors": {}, "refused": None}
    if request.method == "POST":
        makers, own = _named_makers(request.officer, agency)
        lines, wrong = read_lines(text, retentions=carrying.retention_codes(), makers=makers, own=own)
        if not wrong and lines:
            with refused_into(context):
                added = services.add_lines(list_id=list_id, lines=lines, officer=request.officer)
                said = ngettext("%(n)s record was added to the list.", "%(n)s records were added to the list.", added)
                messages.success(request, said % {"n": added})
                return redirect(_address(agency, found.year))
        context["wrong"] = [(number, WRONGS[what]) for number, what in wrong[:SHOWN_WRONG]]
        context["empty"] = not lines and not wrong
    context |= {
        "list": found,
        "agency": agency,
        "text": text,
        "back": _address(agency, found.year),
        "retentions": carrying.retention_names().values(),
    }
    return render(request, "documents/record_paste.html", context, status=422 if request.method == "POST" else 200)


def _pasted(text: str) -> str:
    """What was pasted, its tabs kept, nothing odd in any cell."""
    rows = (line.split("\t") for line in text.splitlines())
    return "\n".join("\t".join(asked.words({"": cell}, "", 2000) for cell in row) for row in rows)


def _copied(**who: Any) -> str:
    added = services.copy_year_before(**who)
    return ngettext("%(n)s record was copied.", "%(n)s records were copied.", added) % {"n": added}


def _submitted(**who: Any) -> str:
    services.submit(**who)
    return _now("The list was submitted to the head of the agency.")


def _approved(**who: Any) -> str:
    services.approve(**who)
    return _now("The list was approved.")


DEEDS: dict[str, Callable[..., str]] = {"chep": _copied, "trinh": _submitted, "duyet": _approved}


@require_POST
@signed_in_officer
def do(request: OfficerRequest, list_id: int, deed: str) -> HttpResponse:
    found, agency = _found(request, list_id)
    who: dict[str, Any] = {"list_id": list_id, "officer": request.officer}
    context: dict[str, Any] = {"errors": {}, "refused": None}
    with refused_into(context):
        if deed == "tra-lai":
            services.give_back(**who, words=asked.paragraphs(request.POST, "loi", carrying.LONGEST_WORDS))
            messages.success(request, _now("The list was given back."))
        elif deed in DEEDS:
            messages.success(request, DEEDS[deed](**who))
        else:
            raise Http404
    for why in context["errors"].values():
        messages.error(request, why)
    if refused := context["refused"]:
        messages.error(request, refused.in_full)
    return redirect(_address(agency, found.year))


@require_safe
@signed_in_officer
def download(request: OfficerRequest, list_id: int, format_key: str) -> HttpResponse:
    found, _agency = _found(request, list_id)
    lines = queries.lines_of(found)
    return file_of(record_papers.year_list(found, lines), format_key, f"danh-muc-ho-so-{found.year}")


@require_safe
@signed_in_officer
def by_id(request: OfficerRequest, list_id: int) -> HttpResponse:
    """Where an item of the inbox leads."""
    found, agency = _found(request, list_id)
    return redirect(_address(agency, found.year))
