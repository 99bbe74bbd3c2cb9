"""Lists of drafts: my own, those of the units I lead, those that wait for my opinion."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lienthong.documents.definition import kind_names
from lienthong.documents.drafts import policy as drafts_policy
from lienthong.documents.drafts import queries
from lienthong.documents.drafts.queries import PAGE, Cursor, Filters
from lienthong.documents.drafts.views.forms import STATES, state_of
from lienthong.documents.models import Draft
from lienthong.documents.views.incoming import URGENCIES
from lienthong.foundation import asked
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer

SCOPES = {"cua-toi": "mine", "don-vi": "led", "cho-y-kien": "asked"}
"""In addresses."""


@require_safe
@signed_in_officer
def listing(request: OfficerRequest) -> HttpResponse:
    """What the officer may see, the last changed first."""
    given, kinds = request.GET, kind_names()
    filters = Filters(
        scope=SCOPES.get(given.get("pham-vi", ""), ""),
        text=asked.words(given, "tim"),
        kind=given.get("loai", "") if given.get("loai", "") in kinds else "",
        state=given.get("trang-thai", "") if given.get("trang-thai", "") in STATES else "",
    )
    place = asked.placed(given.get("truoc", ""))
    found = queries.listing(request.officer, filters, after=Cursor(*place) if place else None)
    page = found[:PAGE]
    last = page[-1] if len(found) > PAGE else None
    return render(
        request,
        "documents/drafts.html",
        {
            "rows": [_row(draft, kinds) for draft in page],
            "filters": filters,
            "scope": given.get("pham-vi", "") if filters.scope else "",
            "leads": bool(drafts_policy.units_led(request.officer)),
            "kinds": kinds.items(),
            "states": STATES.items(),
            "narrowed": bool(filters.text or filters.kind or filters.state),
            "newest": asked.with_query(request, truoc="") if place else "",
            "older": asked.with_query(request, truoc=asked.place(last.changed_at, last.pk)) if last else "",
        },
    )


def _row(draft: Draft, kinds: dict[str, str]) -> dict[str, Any]:
    post = tree().posts[draft.post_id]
    return {
        "draft": draft,
        "kind": kinds.get(draft.kind, draft.kind),
        "unit": tree()[draft.unit_id],
        "post": post,
        "urgency": URGENCIES.get(draft.urgency, ""),
        "asked": draft.is_asked,  # type: ignore[attr-defined]
        **state_of(draft.state),
    }
