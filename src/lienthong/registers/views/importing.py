"""The way of a spreadsheet into a register: bring it, say what its columns are, see what would happen, enter it."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.large import takes_large_files
from lienthong.foundation.files.serving import content_disposition, serve
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.sheets.cells import Cell, as_text, column_letter, is_empty
from lienthong.foundation.sheets.writing import XLSX
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.registers import access, queries
from lienthong.registers.importing import services
from lienthong.registers.importing.columns import FROM, Target
from lienthong.registers.importing.models import Import, ImportRow
from lienthong.registers.importing.running import MOST_ROWS
from lienthong.registers.importing.undoing import WITHIN

MEGABYTE = 1024 * 1024
EXAMPLES = 3
SHOWN = 100
"""Wrong rows that the page shows; the spreadsheet has them all."""
Status = Import.Status
UNDER_WAY = (Status.CHECKING, Status.RUNNING, Status.UNDOING)


@takes_large_files(lambda: services.TAKEN.max_bytes)
@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_officer
def start(request: OfficerRequest, register: str) -> HttpResponse:
    """Choose a file; those that one brought before."""
    body = queries.register(register)
    rights = access.require(request.officer, body, to="write")
    refused: DomainError | None = None
    if request.method == "POST":
        sent = request.FILES.get("tep")
        try:
            if sent is None:
                raise services.NothingInIt(_("Choose a file first."))
            found = services.bring(
                register=register,
                source=sent,
                name=sent.name or "",
                officer=request.officer,
                organisation_id=asked.number(request.POST.get("co-quan", "")),
            )
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            refused = error
        else:
            return redirect("registers:import", register, found.key)
    context = {
        "register": body,
        "imports": services.imports_of(register=register, officer=request.officer),
        "keepers": [tree()[each] for each in access.keepers(body, rights)],
        "chosen": asked.number(request.POST.get("co-quan", "")) or request.officer.acting.organisation.id,
        "refused": refused,
        "accept": ",".join(services.TAKEN.endings),
        "kinds": services.TAKEN.words,
        "limit_mb": services.TAKEN.max_bytes // MEGABYTE,
        "most": MOST_ROWS,
    }
    return render(request, "registers/importing.html", context, status=refused.status if refused else 200)


@require_safe
@signed_in_officer
def template(request: OfficerRequest, register: str) -> HttpResponse:
    """An empty spreadsheet with the right headings."""
    out = BytesIO()
    services.write_template(out, register=register, officer=request.officer)
    answer = HttpResponse(out.getvalue(), content_type=XLSX)
    answer["Content-Disposition"] = content_disposition("attachment", f"Mẫu {queries.register(register).name}.xlsx")
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@signed_in_officer
def one(request: OfficerRequest, register: str, key: uuid.UUID) -> HttpResponse:
    """One address for all its life: columns to choose, under way, what would happen, what has happened."""
    found = services.import_of(register=register, key=key, officer=request.officer)
    if found.status == Status.MAPPING:
        return _chosen(request, found) if request.method == "POST" else _to_choose(request, found)
    return render(request, "registers/importing_result.html", _result(found))


@require_safe
@never_cache
@signed_in_officer
def progress(request: OfficerRequest, register: str, key: uuid.UUID) -> HttpResponse:
    """How far it is, for a page that waits; at its end the page is asked for anew."""
    found = services.import_of(register=register, key=key, officer=request.officer)
    if found.status not in UNDER_WAY:
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return render(request, "registers/parts/import_progress.html", _shown(found))


@require_safe
@signed_in_officer
def report(request: OfficerRequest, register: str, key: uuid.UUID) -> HttpResponseBase:
    return serve(services.report_of(register=register, key=key, officer=request.officer), as_attachment=True)


@require_POST
@signed_in_officer
def do(request: OfficerRequest, register: str, key: uuid.UUID, deed: str) -> HttpResponse:
    """One step of it; a refusal is said on its page."""
    act = DEEDS.get(deed)
    if act is None:
        raise NotFound(_("There is no such page."))
    try:
        act(register=register, key=key, officer=request.officer)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        messages.error(request, refused.in_full)
    return redirect("registers:import", register, key)


DEEDS: dict[str, Callable[..., Import]] = {
    "nhap": services.start,
    "dung": services.stop,
    "chon-lai": services.choose_again,
    "rut-lai": services.undo,
}
"""By the word in the address."""


# choosing the columns


def _chosen(request: OfficerRequest, found: Import) -> HttpResponse:
    given = request.POST
    own: dict[str, Any] = {"register": found.register, "key": found.key, "officer": request.officer}
    try:
        if "xem-lai" in given:
            row = asked.number(given.get("dong", "")) or 1
            services.look_again(**own, sheet=given.get("trang", "")[:100], heading_row=min(row, 1_000))
        else:
            services.check(
                **own,
                mapping=dict(_mapping(request, found)),
                existing=given.get("da-co", ""),
                valid_from=asked.day(given.get("tu-ngay", "")) or clock.today(),
            )
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        found.mapping = {str(place): name for place, name in _mapping(request, found)} or found.mapping
        return _to_choose(request, found, refused)
    return redirect("registers:import", found.register, found.key)


def _mapping(request: OfficerRequest, found: Import) -> Iterator[tuple[int, str]]:
    for place in range(len(found.headings)):
        if name := request.POST.get(f"cot-{place}", "")[:130]:
            yield place, name


def _to_choose(request: OfficerRequest, found: Import, refused: DomainError | None = None) -> HttpResponse:
    body = queries.register(found.register)
    known = services.targets_for(found, body, request.officer)
    first = [cells for number, cells in services.first_rows(found) if number > found.heading_row][:EXAMPLES]
    columns = [
        {
            "place": place,
            "letter": column_letter(place),
            "heading": heading,
            "examples": list(dict.fromkeys(as_text(cells[place])[:80] for cells in first if _said(cells, place))),
            "chosen": found.mapping.get(str(place), ""),
        }
        for place, heading in enumerate(found.headings)
    ]
    filled = set(found.mapping.values())
    context = {
        "register": body,
        "importing": found,
        "columns": columns,
        "groups": _groups(known),
        "missing": [
            each for each in known.values() if each.required and each.name not in filled and each.part != "detail"
        ],
        "sheets": services.sheets_of(found),
        "existing": Import.Existing.choices if body.identity and not body.needs_approval("change") else [],
        "day": request.POST.get("tu-ngay") or found.valid_from.isoformat(),
        "today": clock.today().isoformat(),
        "kept_by": tree()[found.organisation_id].name,
        "refused": refused,
    }
    return render(request, "registers/importing_columns.html", context, status=refused.status if refused else 200)


def _said(cells: Sequence[Cell], place: int) -> bool:
    return place < len(cells) and not is_empty(cells[place])


def _groups(known: dict[str, Target]) -> list[tuple[str, list[Target]]]:
    """For a list to open: fields outside of sections first, the day by itself at the end."""
    groups: dict[str, list[Target]] = {"": []}
    for target in known.values():
        if target.name != FROM:
            groups.setdefault(target.group, []).append(target)
    return [*groups.items(), (_("The entry itself"), [known[FROM]])]


# what came of it


def _shown(found: Import) -> dict[str, Any]:
    return {"importing": found, "register": queries.register(found.register), "under_way": found.status in UNDER_WAY}


def _result(found: Import) -> dict[str, Any]:
    wrong = list(found.lines.filter(outcome=ImportRow.Outcome.WRONG).order_by("row")[:SHOWN])
    return {
        **_shown(found),
        "wrong": [{"row": line.row, "problems": [_problem(found, each) for each in line.problems]} for line in wrong],
        "more": max(found.wrong - len(wrong), 0),
        "undoable": services.can_be_undone(found),
        "undo_until": found.started_at + WITHIN if found.started_at else None,
        "left": found.entered + found.changed - found.withdrawn,
        "unfinished": found.status == Status.STOPPED and bool(found.started_at),
        "to_do": found.entered + found.changed,
    }


def _problem(found: Import, problem: list[Any]) -> dict[str, Any]:
    _path, place, shown, why = problem
    heading = found.headings[place] if place is not None and place < len(found.headings) else ""
    return {"heading": heading, "letter": column_letter(place) if heading else "", "shown": shown, "why": why}
