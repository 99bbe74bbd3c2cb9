"""The auditor's page: what happened, by kind, person, agency and day."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from lienthong.foundation.ledger import kinds, queries
from lienthong.foundation.ledger.entries import EntryView
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.workspace.addresses import number

SEE = "ledger.see"


@officer_with(SEE)
def search(request: OfficerRequest) -> HttpResponse:
    """Limited to the agencies in which the officer may see the ledger."""
    given = request.GET
    known = {kind.key for kind in kinds.all_kinds()}
    person = given.get("nguoi", "").strip()[:150]
    account = Account.objects.filter(username=person).first() if person else None
    page = queries.search(
        kind=given.get("loai") if given.get("loai") in known else None,
        subject=_subject(given.get("ve", "")),
        account_id=(account.pk if account else 0) if person else None,
        organisation_ids=_agencies(request.officer),
        first_day=_day(given.get("tu", "")),
        last_day=_day(given.get("den", "")),
        before=number(given.get("truoc", "")),
    )
    names = dict(
        Account.objects.filter(pk__in={entry.account_id for entry in page.entries}).values_list("pk", "full_name")
    )
    rows = [
        {"entry": entry, "name": names.get(entry.account_id or 0, ""), "agency": _agency(entry)}
        for entry in page.entries
    ]
    return render(
        request,
        "workspace/ledger.html",
        {"rows": rows, "kinds": kinds.all_kinds(), "given": given, "older": _older(request, page.next)},
    )


def _agencies(officer: Officer) -> list[int] | None:
    """Ids of the agencies; None, which is no limit, for whom the whole province is open."""
    agencies = tree()
    if any(officer.may(SEE, node) for node in agencies.nodes.values() if node.parent_id is None):
        return None
    return [node.id for node in agencies.nodes.values() if officer.may(SEE, node)]


def _agency(entry: EntryView) -> str:
    node = tree().nodes.get(entry.organisation_id or 0)
    return node.short_name if node else ""


def _subject(text: str) -> tuple[str, int] | None:
    """What an entry is about, as the page writes it: dossier 12."""
    kind, _space, digits = text.strip().partition(" ")
    found = number(digits)
    return (kind[:64], found) if found else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _older(request: HttpRequest, before: int | None) -> str:
    if before is None:
        return ""
    query = request.GET.copy()
    query["truoc"] = str(before)
    return f"?{query.urlencode()}"
