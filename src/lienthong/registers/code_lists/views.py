"""Code lists for everybody: citizens see them on the portal, officers at their desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from lienthong.foundation import asked, clock
from lienthong.foundation.definitions import history
from lienthong.foundation.definitions.history import Version
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.fields.list_changes import Changes, changes
from lienthong.foundation.fields.lists import CodeList, Item
from lienthong.foundation.organisations.queries import province
from lienthong.identity.actors import Officer
from lienthong.identity.policy import actor_in
from lienthong.registers import access
from lienthong.registers.code_lists import converting, downloads, queries, tree
from lienthong.registers.code_lists.converting import Converted, Outcome
from lienthong.registers.code_lists.queries import NoSuchCode, OnDay, Use
from lienthong.registers.definition import REGISTER

DAY, WORDS, OPENED, PAGE = "ngay", "tim", "mo", "trang"
"""What the addresses of the pages call the day, the words, the open branch, the page."""

SINCE, UNTIL, LINES, FORMAT = "tu", "den", "dong", "dang"
MOST_FOUND = 200
MOST_BELOW = 500
MOST_CHANGES = 200
MOST_SHOWN = 300
"""Lines of a conversion on the page; files have all of them."""
MOST_TURNS = 6
"""Days on which a list changed that are offered as links."""

SEE_DECLARATIONS = "definitions.see"


class TooManyLines(DomainError):
    code = "code_lists.too_many_lines"


class NothingPasted(DomainError):
    code = "code_lists.nothing_pasted"


@require_safe
def overview(request: HttpRequest) -> HttpResponse:
    words = asked.words(request.GET, WORDS)
    found = queries.areas(words)
    return _page(request, "overview", {"areas": found, "words": words})


@require_safe
def listing(request: HttpRequest, key: str) -> HttpResponse:
    """A list on a day: as a tree, or what has the words."""
    found = queries.on_day(key, _day(request, DAY))
    words = asked.words(request.GET, WORDS)
    opened = asked.words(request.GET, OPENED)
    number = asked.number(request.GET.get(PAGE, ""))
    hits = found.codes.search(words, found.day, limit=MOST_FOUND) if words else ()
    shown = tree.page(found.codes, found.day, opened=opened, number=number)
    return _page(
        request,
        "listing",
        {
            "found": found,
            "words": words,
            "hits": [(hit, found.codes.chain(hit.code, found.day)[1:]) for hit in hits],
            "most": MOST_FOUND,
            "page": shown,
            "opened": opened,
            "earlier": asked.with_query(request, **{PAGE: str(shown.number - 1)}) if shown.number > 1 else "",
            "later": asked.with_query(request, **{PAGE: str(shown.number + 1)}) if shown.number < shown.pages else "",
            "other_days": _other_days(found),
            "uses": _uses(request, key),
            "editions": len(CODE_LIST.history(key)),
        },
    )


@require_safe
def item(request: HttpRequest, key: str, code: str) -> HttpResponse:
    """Everything about a code: what it is on the day, what it was made of, what became of it, what lies below."""
    found = queries.on_day(key, _day(request, DAY))
    codes = found.codes
    periods = codes.periods(code)
    if not periods:
        raise NoSuchCode(_("There is no code “%(code)s” in this list."), code=code[:60])
    here = codes.find(code, found.day) or _nearest(periods, found.day)
    at = found.day if here.valid(found.day) else (here.valid_from or here.valid_to or found.day)
    below = codes.below(code, at)
    lives = [{"item": each, "was": codes.was(each), "became": codes.became(each)} for each in reversed(periods)]
    return _page(
        request,
        "item",
        {
            "found": found,
            "item": here,
            "is_of_the_day": here.valid(found.day),
            "chain": list(reversed(codes.chain(code, at)[1:])),
            "lives": lives,
            "below": [(each, codes.became(each)) for each in below[:MOST_BELOW]],
            "below_more": max(0, len(below) - MOST_BELOW),
            "below_became": any(each.replaced_by for each in below),
            "uses": _uses(request, key),
        },
    )


@require_safe
def editions(request: HttpRequest, key: str) -> HttpResponse:
    """Every edition of a list and what it changed in the one before."""
    found = queries.on_day(key, clock.today())
    published = CODE_LIST.history(key)
    before = {
        newer.id: changes(older.body.compiled.items, newer.body.compiled.items) for newer, older in pairwise(published)
    }
    rows = [_Edition(version, before.get(version.id)) for version in history.versions(CODE_LIST, key)]
    return _page(request, "editions", {"found": found, "rows": rows, "most": MOST_CHANGES})


@dataclass(frozen=True, slots=True)
class _Edition:
    version: Version
    changes: Changes | None


@require_http_methods(["GET", "HEAD", "POST"])
def convert(request: HttpRequest, key: str) -> HttpResponse:
    """A column of old codes or names, pasted, and what they are on another day. Nothing is kept."""
    found = queries.on_day(key, clock.today())
    if not found.codes.is_followed:
        raise Http404
    given = request.POST if request.method == "POST" else request.GET
    since, until = _days_of_conversion(given, found)
    found = OnDay(found.published, since, found.in_force)
    text = given.get(LINES, "")
    shown: dict[str, Any] = {"found": found, "since": since, "until": until, "text": text}
    if not text and request.method != "POST":
        return _page(request, "convert", shown)
    try:
        rows = _converted(text, found, until)
    except DomainError as refused:
        return _page(request, "convert", {**shown, "refused": refused}, status=422)
    if (format_key := given.get(FORMAT, "")) in ("xlsx", "csv"):
        return downloads.conversion(found, rows, until, format_key, name=f"{key}-{since}-{until}")
    return _page(
        request,
        "convert",
        {
            **shown,
            "rows": [_Line.of(row, found.codes, since, until) for row in rows[:MOST_SHOWN]],
            "more": len(rows) > MOST_SHOWN,
            "most": MOST_SHOWN,
            "sums": _sums(rows),
            "headings": downloads.headings(since, until),
            "pasteable": "\n".join("\t".join(str(cell or "") for cell in row[3:]) for row in downloads.cells(rows)),
        },
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a conversion with where everything in it lies: namesakes are told apart by that."""

    row: Converted
    where: str
    became: Sequence[tuple[Item, str]]
    offered: Sequence[tuple[Item, str]]

    @classmethod
    def of(cls, row: Converted, codes: CodeList, since: date, until: date) -> "_Line":
        return cls(
            row,
            _where(row.item, codes, since) if row.item else "",
            [(item, _where(item, codes, until)) for item in row.became],
            [(item, _where(item, codes, since)) for item in row.offered],
        )


def _where(item: Item, codes: CodeList, at: date) -> str:
    return ", ".join(above.name for above in codes.chain(item.code, at)[1:])


def _converted(text: str, found: OnDay, until: date) -> list[Converted]:
    lines = text.rstrip().splitlines()
    if not any(line.strip() for line in lines):
        raise NothingPasted(_("Paste at least one code or name."))
    if len(lines) > converting.MOST_LINES:
        raise TooManyLines(
            _("There are %(many)d lines; at once it may be %(most)d."),
            way_out=_("Paste them in several parts."),
            many=len(lines),
            most=converting.MOST_LINES,
        )
    near = province().administrative_code
    return converting.convert(lines, found.codes, since=found.day, until=until, near=near)


def _sums(rows: Sequence[Converted]) -> list[tuple[Outcome, Any, int]]:
    counted = [(each, sum(row.outcome is each for row in rows)) for each in Outcome]
    return [(each, downloads.OUTCOMES[each], many) for each, many in counted if many and each is not Outcome.BLANK]


@require_safe
def download(request: HttpRequest, key: str, format_key: str) -> HttpResponse:
    """The list of a day, or with everything that ever was in it."""
    if format_key not in downloads.FORMATS:
        raise Http404
    everything = request.GET.get(DAY) == "tat-ca"
    found = queries.on_day(key, clock.today() if everything else _day(request, DAY))
    items = found.codes.items if everything else found.codes.valid(found.day)
    return downloads.the_list(found, items, format_key, name=key if everything else f"{key}-{found.day}")


# what pages share


def _page(request: HttpRequest, template: str, shown: Mapping[str, Any], status: int = 200) -> HttpResponse:
    """The same page on the portal and at the desk of an officer."""
    person = actor_in(request)
    at_desk = isinstance(person, Officer)
    base = "workspace/desk.html" if at_desk else "portal/base.html"
    sees = isinstance(person, Officer) and SEE_DECLARATIONS in person.permissions
    context = {"base": base, "at_desk": at_desk, "sees_declarations": sees, "today": clock.today(), **shown}
    return render(request, f"registers/code_lists/{template}.html", context, status=status)


def _day(request: HttpRequest, name: str) -> date:
    return asked.day(request.GET.get(name, "")) or clock.today()


def _nearest(periods: Sequence[Item], day: date) -> Item:
    """Of the times a code was there, the last that had begun; else the first that is to come."""
    begun = [item for item in periods if item.valid_from is None or item.valid_from <= day]
    return begun[-1] if begun else periods[0]


def _other_days(found: OnDay) -> list[date]:
    """The days on which the list changed, newest first, and the last day before the newest change."""
    turns = found.codes.turns[-MOST_TURNS:]
    days = {*turns, *([turns[-1] - timedelta(days=1)] if turns else []), clock.today()} - {found.day}
    return sorted(days, reverse=True)


def _days_of_conversion(given: Mapping[str, str], found: OnDay) -> tuple[date, date]:
    """Unless said: from the day before the list last changed to today, or to that change where it is still to come."""
    turn = found.codes.turns[-1]
    since = asked.day(given.get(SINCE, "")) or turn - timedelta(days=1)
    until = asked.day(given.get(UNTIL, "")) or max(turn, clock.today())
    return since, until


def _uses(request: HttpRequest, key: str) -> list[tuple[Use, str]]:
    """Who uses the list, each with an address where there is one that the person may open."""
    person = actor_in(request)
    return [(use, _address(use, person)) for use in queries.uses(key)]


def _address(use: Use, person: object) -> str:
    if use.kind == "procedure":
        return reverse("portal:procedure", args=[use.key])
    if use.kind == REGISTER.key and isinstance(person, Officer):
        readable = access.rights_of(person, REGISTER.current(use.key).body, to="read")
        return reverse("registers:listing", args=[use.key]) if readable else ""
    return ""
