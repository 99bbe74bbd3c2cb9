"""What is declared, and how it came to be so: kinds, versions, differences."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from lienthong.foundation import asked
from lienthong.foundation.definitions import history as queries
from lienthong.foundation.definitions import yaml
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.definitions.registry import Kind, find
from lienthong.foundation.definitions.rules import ABSENT, Difference, canonical
from lienthong.foundation.files.serving import content_disposition
from lienthong.identity.policy import OfficerRequest, officer_with

SEE = "definitions.see"
PAGE = 100
LONGEST = 4_000
"""Letters of a text that are shown; a code list may be a table of thousands of lines."""


@require_safe
@officer_with(SEE)
def overview(request: OfficerRequest) -> HttpResponse:
    return render(request, "workspace/definitions.html", {"kinds": queries.kinds_overview()})


@require_safe
@officer_with(SEE)
def listing(request: OfficerRequest, kind: str) -> HttpResponse:
    found = _kind(kind)
    after = asked.words(request.GET, "sau")
    rows = queries.listed(found, after=after, limit=PAGE + 1)
    page = rows[:PAGE]
    context = {
        "kind": found,
        "rows": page,
        "first": asked.with_query(request, sau="") if after else "",
        "next": asked.with_query(request, sau=page[-1].key) if len(rows) > PAGE else "",
    }
    return render(request, "workspace/definitions_of.html", context)


@require_safe
@officer_with(SEE)
def history(request: OfficerRequest, kind: str, key: str) -> HttpResponse:
    found = _kind(kind)
    versions = queries.versions(found, key)
    if not versions:
        raise Http404
    rows = [{"version": version, "changes": [_change(each) for each in version.differences]} for version in versions]
    context = {"kind": found, "key": key, "name": versions[0].name, "rows": rows}
    return render(request, "workspace/definition.html", context)


@require_safe
@officer_with(SEE)
def file(request: OfficerRequest, kind: str, key: str, version: int) -> HttpResponse:
    """A version as the file that would publish it."""
    row = Definition.objects.filter(kind=_kind(kind).key, key=key, version=version).first() if version < 2**31 else None
    if row is None:
        raise Http404
    name = content_disposition("attachment", f"{key}.{version}.yaml")
    return HttpResponse(
        queries.export(row), content_type="application/yaml; charset=utf-8", headers={"Content-Disposition": name}
    )


def _kind(key: str) -> Kind[Any]:
    found = find(key)
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class Change:
    """One difference in words. `old` and `new` are texts, over several lines where they are groups."""

    what: str
    tone: str
    place: str
    old: str
    new: str


def _change(difference: Difference) -> Change:
    place = " › ".join(str(step + 1) if isinstance(step, int) else str(step) for step in difference.path)
    old, new = _written(difference.old), _written(difference.new)
    if difference.order_by:
        return Change(pgettext("change", "Reordered"), "neutral", place, old, new)
    if difference.old is ABSENT:
        return Change(pgettext("change", "Added"), "ok", place, old, new)
    if difference.new is ABSENT:
        return Change(pgettext("change", "Removed"), "late", place, old, new)
    return Change(pgettext("change", "Changed"), "info", place, old, new)


def _written(value: Any) -> str:
    """As it stands in a file."""
    if value is ABSENT:
        return ""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else f"{value[:LONGEST]}…"
    if isinstance(value, dict):
        return yaml.write(value).strip()
    if isinstance(value, list):
        return "\n".join(f"– {_written(item)}" for item in value)
    return canonical(value)
