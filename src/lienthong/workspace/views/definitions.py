"""What is declared, and how it came to be so: kinds, versions, differences."""

from django.http import Http404, HttpResponse
from django.shortcuts import render

from lienthong.foundation.definitions import history as queries
from lienthong.foundation.definitions.registry import find
from lienthong.identity.policy import OfficerRequest, officer_with

SEE = "definitions.see"


@officer_with(SEE)
def overview(request: OfficerRequest) -> HttpResponse:
    return render(request, "workspace/definitions.html", {"kinds": queries.kinds_overview()})


@officer_with(SEE)
def listing(request: OfficerRequest, kind: str) -> HttpResponse:
    found = find(kind)
    if found is None:
        raise Http404
    rows = queries.listed(found, after=request.GET.get("sau", "")[:100])
    return render(request, "workspace/definitions_of.html", {"kind": found, "rows": rows})


@officer_with(SEE)
def history(request: OfficerRequest, kind: str, key: str) -> HttpResponse:
    found = find(kind)
    versions = queries.versions(found, key) if found else ()
    if not versions:
        raise Http404
    return render(request, "workspace/definition.html", {"kind": found, "key": key, "versions": versions})
