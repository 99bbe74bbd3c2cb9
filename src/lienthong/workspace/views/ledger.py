"""The auditor's page: what happened, by kind, person, thing and day."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from lienthong.cases import events
from lienthong.foundation import asked
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.ledger import kinds, queries
from lienthong.foundation.ledger.entries import EntryView, Subject
from lienthong.foundation.ledger.queries import Page
from lienthong.foundation.organisations.queries import post_acted_in, tree
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.policy import OfficerRequest, officer_with
from lienthong.workspace import subjects

SEE = "ledger.see"
MOST_NAMESAKES = 20


@dataclass(frozen=True)
class Wanted:
    """What is asked for. `namesakes` are the officers who may be meant, where there are several."""

    kind: str
    person: str
    about: str
    first_day: str
    last_day: str
    subject: Subject | None
    account_id: int | None
    namesakes: list[Account]
    nothing: bool
    """Whether nothing can fit: an unknown person or thing."""


@require_safe
@officer_with(SEE)
def search(request: OfficerRequest) -> HttpResponse:
    """Limited to the agencies in which the officer may see the ledger."""
    wanted = _wanted(request)
    before = asked.number(request.GET.get("truoc", ""))
    page = Page([], None) if wanted.nothing else _found(wanted, request.officer, before)
    context = {
        "rows": _rows(page.entries, request.officer),
        "kinds": kinds.all_kinds(),
        "wanted": wanted,
        "narrowed": bool(wanted.kind or wanted.person or wanted.about or wanted.first_day or wanted.last_day),
        "newest": asked.with_query(request, truoc="") if before else "",
        "older": asked.with_query(request, truoc=str(page.next)) if page.next else "",
    }
    return render(request, "workspace/ledger.html", context)


def _wanted(request: OfficerRequest) -> Wanted:
    given = request.GET
    kind = given.get("loai", "")
    kind = kind if kind in {each.key for each in kinds.all_kinds()} else ""
    person, about = asked.words(given, "nguoi", 150), asked.code(given, "ve")
    accounts = _accounts(person)
    subject = _subject(about, kind)
    return Wanted(
        kind=kind,
        person=person,
        about=about,
        first_day=given.get("tu", "") if asked.day(given.get("tu", "")) else "",
        last_day=given.get("den", "") if asked.day(given.get("den", "")) else "",
        subject=subject,
        account_id=accounts[0].pk if len(accounts) == 1 else None,
        namesakes=accounts if len(accounts) > 1 else [],
        nothing=bool((person and len(accounts) != 1) or (about and subject is None)),
    )


def _accounts(person: str) -> list[Account]:
    """By user name, else the officers whose name has every word of it, accents or not."""
    if not person:
        return []
    named = Account.objects.filter(username=person.lower()).first()
    if named:
        return [named]
    officers = Account.objects.filter(managed=True)
    for word in folded(person).split():
        officers = officers.filter(name_key__contains=word)
    return list(officers.order_by("name_key", "pk")[:MOST_NAMESAKES])


def _subject(text: str, kind: str) -> Subject | None:
    """A dossier by its code; or anything as the page itself writes it in addresses: account 12."""
    word, _space, digits = text.partition(" ")
    found = asked.number(digits)
    if found is not None and word in subjects.WORDS:
        return word, found
    return subjects.of_code(text, reading=kind == events.SEEN.key) if text else None


def _found(wanted: Wanted, officer: Officer, before: int | None) -> Page:
    return queries.search(
        kind=wanted.kind or None,
        subject=wanted.subject,
        account_id=wanted.account_id,
        organisation_ids=_agencies(officer),
        first_day=asked.day(wanted.first_day),
        last_day=asked.day(wanted.last_day),
        before=before,
    )


def _agencies(officer: Officer) -> list[int] | None:
    """Ids of the agencies; None, which is no limit, for whom the whole province is open."""
    agencies = tree()
    if any(officer.may(SEE, node) for node in agencies.nodes.values() if node.parent_id is None):
        return None
    return [node.id for node in agencies.nodes.values() if officer.may(SEE, node)]


def _data(entry: EntryView) -> list[tuple[str, str]]:
    return [(name, _written(value)) for name, value in entry.data.items()]


def _rows(entries: Iterable[EntryView], officer: Officer) -> list[dict[str, Any]]:
    entries = list(entries)
    acted = {entry.account_id for entry in entries if entry.account_id is not None}
    names = dict(Account.objects.filter(pk__in=acted).values_list("pk", "full_name"))
    about = subjects.about((entry.subject for entry in entries), officer)
    return [
        {
            "entry": entry,
            "about": about[entry.subject],
            "name": names.get(entry.account_id or 0, ""),
            "post": _post(entry),
            "agency": _agency(entry),
            "data": _data(entry) if not about[entry.subject].limited else [],
        }
        for entry in entries
    ]


def _agency(entry: EntryView) -> str:
    node = tree().nodes.get(entry.organisation_id or 0)
    return node.short_name if node else ""


def _post(entry: EntryView) -> str:
    post = tree().posts.get(entry.post_id or 0)
    return post_acted_in(post.title, standing_in=entry.stood_in) if post else ""


def _written(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
