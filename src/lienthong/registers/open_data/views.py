"""Open data for everybody: nobody signs in, and nobody says who they are (Luật Giao dịch điện tử 2023, art. 43)."""

import io
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import is_empty
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.geometry import GeometryField
from lienthong.foundation.fields.types.structure import Table
from lienthong.foundation.files.serving import content_disposition, serve
from lienthong.foundation.sheets.writing import CSV
from lienthong.identity.attempts import Allowance, address_of, refused, spend
from lienthong.registers import looking
from lienthong.registers.context import context
from lienthong.registers.exporting.writing import writer
from lienthong.registers.open_data import catalogue as descriptions
from lienthong.registers.open_data import making, rdf, rules, sets, wording
from lienthong.registers.open_data.models import OpenDataset
from lienthong.registers.open_data.sets import DataSet
from lienthong.registers.queries import Entry

PAGE = 30
FIRST_ROWS = 10
FEW = 5_000
"""Entries that are written while somebody waits; of more there is only the file of the day."""
MINUTES = 5 * 60
"""Seconds that a file or a catalogue may be kept on the way."""

OF_FILES = Allowance("open-data.files", times=120, within=timedelta(minutes=10))
OF_PRESENT = Allowance("open-data.present", times=20, within=timedelta(minutes=10))
OF_CATALOGUE = Allowance("open-data.catalogue", times=60, within=timedelta(minutes=10))

FORMS = {
    "jsonld": ("application/ld+json", rdf.jsonld),
    "ttl": ("text/turtle", rdf.turtle),
    "rdf": ("application/rdf+xml", rdf.rdfxml),
}
"""What the catalogue is written as, by the ending of its address; the first is what nobody in particular gets."""


class TooManyAtOnce(DomainError):
    code = "open_data.too_many_at_once"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Freshness:
    """What happened, in words. `late`: the agency meant to bring it up to date more often."""

    changed: str
    pace: str
    declared: str
    late: bool


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """All data sets, narrowed and searched; with htmx only the part that changes as one types."""
    every = sets.published()
    words = asked.words(request.GET, looking.WORDS, 200)
    group, keeper = asked.words(request.GET, "linh-vuc"), asked.words(request.GET, "co-quan")
    found = sets.search(every, words=words, group=group, keeper=keeper)
    start = asked.number(request.GET.get("tu", "")) or 0
    known = making.all_known(with_files=False)
    return render(
        request,
        f"registers/open_data/{'parts/found' if request.headers.get('HX-Request') else 'listing'}.html",
        {
            "words": words,
            "total": len(found),
            "any": bool(every),
            "narrowed": bool(words or group or keeper),
            "found": [_line(each, known.get(each.key)) for each in found[start : start + PAGE]],
            "more": asked.with_query(request, tu=str(start + PAGE)) if len(found) > start + PAGE else "",
            "groups": _choices(((each.body.group, each.group_name) for each in every), group),
            "keepers": _choices(
                (pair for each in every for pair in zip(each.body.keepers, each.keeper_names, strict=True)), keeper
            ),
        },
    )


def _choices(given: Iterator[tuple[str, str]], chosen: str) -> list[Choice]:
    names: dict[str, str] = {}
    counts: dict[str, int] = {}
    for value, label in given:
        names[value], counts[value] = label, counts.get(value, 0) + 1
    in_order = sorted(names.items(), key=lambda each: each[1])
    return [Choice(value, label, counts[value], value == chosen) for value, label in in_order]


def _line(data_set: DataSet, known: OpenDataset | None) -> dict[str, Any]:
    return {"set": data_set, "known": known, "fresh": _freshness(data_set, known)}


def _freshness(data_set: DataSet, known: OpenDataset | None) -> Freshness | None:
    """None where nothing ever happened, or nobody has looked yet."""
    if known is None or known.first_on is None or known.last_on is None:
        return None
    today, declared = clock.today(), data_set.declared.frequency
    changes = rules.Changes(known.first_on, known.last_on, known.days)
    return Freshness(
        changed=wording.ago(changes.last, today),
        pace=wording.pace(rules.pace(changes, today)),
        declared=str(wording.FREQUENCIES[declared]) if declared else "",
        late=rules.is_late(declared, changes.last, today),
    )


@require_safe
def one(request: HttpRequest, key: str) -> HttpResponse:
    """What the data set says and means, how fresh it is, its first rows, and how to take it."""
    data_set = sets.find(key)
    known = making.known_of(data_set)
    files = sorted(known.files.all(), key=lambda each: sets.FORMATS.index(each.format)) if known else []
    columns = [field for field in data_set.fields if not isinstance(field, File | Table | GeometryField)]
    return render(
        request,
        "registers/open_data/one.html",
        {
            "set": data_set,
            "known": known,
            "fresh": _freshness(data_set, known),
            "files": [{"file": each, "says": wording.FORMATS[each.format]} for each in files],
            "few": known is None or known.entries <= FEW,
            "fields": [{"field": field, "kind": wording.kind_of(field)} for field in data_set.fields],
            "columns": columns,
            "rows": list(_rows(data_set, columns)),
            "rows_api": request.build_absolute_uri(f"/api/open-data/{key}/rows"),
            "layers": [
                request.build_absolute_uri(f"/api/features/collections/{layer.key}") for layer in data_set.layers
            ],
            "features": request.build_absolute_uri("/api/features/"),
            "unconfirmed": any(not source.confirmed for source in data_set.body.sources),
        },
    )


def _rows(data_set: DataSet, columns: list[Any]) -> Iterator[list[dict[str, Any]]]:
    known = context()
    for entry in data_set.first(FIRST_ROWS):
        yield [_cell(data_set, field, entry, known) for field in columns]


def _cell(data_set: DataSet, field: Any, entry: Entry, known: Context) -> dict[str, Any]:
    value = data_set.body.layout.value(field.key, entry.values)
    text = "" if is_empty(value) else field.brief(value, known)
    return {"text": text, "label": field.label, "numeric": field.type in ("integer", "decimal", "money")}


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """Under which conditions data may be used."""
    return render(request, "registers/open_data/terms.html", {"licences": list(sets.licences().values())})


# files


@require_safe
def file(request: HttpRequest, key: str, form: str) -> HttpResponseBase:
    """All entries, as they were when the file was made."""
    if wait := spend([(OF_FILES, address_of(request))]):
        return refused(request, wait)
    known = making.known_of(sets.find(key))
    found = next((each for each in known.files.all() if each.format == form), None) if known else None
    if found is None:
        raise Http404
    etag, modified = f'"{found.file.sha256}"', int(found.made_at.timestamp())
    unchanged = get_conditional_response(request, etag=etag, last_modified=modified)
    answer: HttpResponseBase = unchanged or serve(found.file, as_attachment=True)
    answer["ETag"], answer["Last-Modified"] = etag, http_date(modified)
    return _for_everybody(answer)


@require_safe
def present(request: HttpRequest, key: str) -> HttpResponseBase:
    """The entries as they are now, where they are few. Raises TooManyAtOnce."""
    if wait := spend([(OF_PRESENT, address_of(request))]):
        return refused(request, wait)
    data_set, target = sets.find(key), io.BytesIO()
    entries = data_set.first(FEW + 1)
    if len(entries) > FEW:
        raise TooManyAtOnce(
            _("These are too many entries to be written while you wait."),
            way_out=_("Take the file of the day, or the rows page by page."),
        )
    with (
        translation.override(settings.LANGUAGE_CODE),
        closing(writer("csv", target, data_set.body, data_set.keys, context())) as out,
    ):
        for entry in entries:
            out.entry(entry)
    answer = HttpResponse(target.getvalue(), content_type=CSV)
    answer["Content-Disposition"] = content_disposition("attachment", f"{key}-{clock.now():%Y%m%d-%H%M}.csv")
    return _for_everybody(answer, seconds=60)


@require_safe
def schema(request: HttpRequest, key: str) -> HttpResponseBase:
    """What a row says, as JSON Schema."""
    with translation.override(settings.LANGUAGE_CODE):
        said = json.dumps(sets.find(key).schema(), ensure_ascii=False, indent=1, default=str)
    return _unless_known(request, said.encode(), "application/schema+json")


# the catalogue


@require_safe
def catalogue(request: HttpRequest, form: str = "") -> HttpResponseBase:
    """All data sets in DCAT-AP 3: as the ending of the address says, else as the program asks for it."""
    if form and form not in FORMS:
        raise Http404
    if wait := spend([(OF_CATALOGUE, address_of(request))]):
        return refused(request, wait)
    kind, write = FORMS[form or _wanted(request)]
    with translation.override(settings.LANGUAGE_CODE):
        said = write(descriptions.described(sets.published(), making.all_known()))
    answer = _unless_known(request, said, f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
    if not form:
        patch_vary_headers(answer, ["Accept"])
        answer["Content-Location"] = reverse("open_data:catalogue_as", args=[_wanted(request)])
    return answer


def _wanted(request: HttpRequest) -> str:
    kinds = {kind: form for form, (kind, _write) in FORMS.items()}
    best = request.get_preferred_type(list(kinds))
    return kinds.get(best or "", next(iter(FORMS)))


def _unless_known(request: HttpRequest, content: bytes, content_type: str) -> HttpResponseBase:
    """With an ETag; nothing for whoever has it already."""
    etag = f'"{sha256(content).hexdigest()}"'
    answer = get_conditional_response(request, etag=etag) or HttpResponse(content, content_type=content_type)
    answer["ETag"] = etag
    return _for_everybody(answer)


def _for_everybody(answer: HttpResponseBase, *, seconds: int = MINUTES) -> HttpResponseBase:
    """Pages of others may read it, and anybody on the way may keep it: no cookie counts here."""
    headers: Mapping[str, str] = {
        "Cache-Control": f"public, max-age={seconds}",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "ETag, Last-Modified, Content-Disposition",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    for name, value in headers.items():
        answer[name] = value
    return answer
