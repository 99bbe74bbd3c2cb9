"""Code lists for programs. Anybody may ask, of any site; answers have an ETag, so that who keeps one asks cheaply."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.translation import gettext_lazy as _
from ninja import Field, Query, Router, Schema

from lienthong.foundation import clock
from lienthong.foundation.definitions import shelf
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.fields.lists import CodeList, Item
from lienthong.registers.code_lists import converting, queries
from lienthong.registers.code_lists.converting import Outcome
from lienthong.registers.code_lists.downloads import item_as_json
from lienthong.registers.code_lists.queries import NoSuchCode, OnDay

router = Router(tags=["code-lists"], auth=None)

USUAL, MOST = 100, 20_000
SECONDS = 60

OnTheDay = Annotated[date | None, Query(description="As it was on that day; today unless said")]
Limit = Annotated[int, Query(ge=1, le=MOST)]


class NoSuchPlace(NotFound):
    code = "code_lists.no_such_place"


class ListAnswer(Schema):
    key: str
    name: str
    area: str = Field(description="Sector database: a code of the list register-groups; empty: used by all")
    version: int
    effective_from: date
    effective_to: date | None
    in_force: bool = Field(description="Whether this version counts on the day")
    items: int = Field(description="Items in force on the day")
    converts: bool = Field(description="Whether it says what became of old codes")


class SourceAnswer(Schema):
    what: str
    where: str
    confirmed: bool
    note: str


class VersionAnswer(Schema):
    version: int
    effective_from: date
    effective_to: date | None


class WholeListAnswer(ListAnswer):
    sources: list[SourceAnswer]
    versions: list[VersionAnswer] = Field(description="Newest first")
    changes_on: list[date] = Field(description="Days on which items begin or have just ended")


class ItemAnswer(Schema):
    code: str
    name: str
    parent: str | None
    valid_from: date | None
    valid_to: date | None
    replaced_by: list[str] = Field(description="Codes that took its place the day after valid_to")
    note: str


class ItemsAnswer(Schema):
    items: list[ItemAnswer]
    next: str | None = Field(description="`after` of the next page")


class CodeAnswer(Schema):
    item: ItemAnswer | None = Field(description="What the code is on the day; none: it is not in force then")
    above: list[ItemAnswer] = Field(description="Nearest first")
    periods: list[ItemAnswer] = Field(description="Everything that ever had the code, the first one first")
    was: list[ItemAnswer] = Field(description="Those whose place it took")
    became: list[ItemAnswer] = Field(description="What took its place")


class ToConvert(Schema):
    lines: list[Annotated[str, Field(max_length=converting.LONGEST_LINE)]] = Field(
        min_length=1, max_length=converting.MOST_LINES, description="Codes or names, as on the page"
    )
    since: date = Field(description="Day of which they are")
    until: date = Field(description="Day as on which they are wanted")
    near: str = Field("", max_length=60, description="Of namesakes the one below this code is meant")


class ConvertedAnswer(Schema):
    line: str
    outcome: Outcome
    item: ItemAnswer | None = Field(description="What the line means on the first day")
    became: list[ItemAnswer] = Field(description="What that is on the other day")
    offered: list[ItemAnswer] = Field(description="What may be meant, where it is not clear")


@router.get("", response=list[ListAnswer], summary="The code lists")
def code_lists(request: HttpRequest, response: HttpResponse) -> Any:
    tag = f"lists-{shelf.now().stamp}-{clock.today()}"
    if unchanged := _unchanged(request, response, tag):
        return unchanged
    return [_about(found) for area in queries.areas() for found in area.lists]


@router.get("/{key}", response=WholeListAnswer, summary="A code list")
def code_list(request: HttpRequest, response: HttpResponse, key: str, day: OnTheDay = None) -> Any:
    found = queries.on_day(key, day or clock.today())
    editions = CODE_LIST.history(key)
    if unchanged := _unchanged(request, response, f"{editions[0].id}-{_tag(found)}"):
        return unchanged
    versions = [
        {"version": each.version, "effective_from": each.effective_from, "effective_to": each.effective_to}
        for each in editions
    ]
    sources = [source.model_dump() for source in found.body.sources]
    return {**_about(found), "sources": sources, "versions": versions, "changes_on": found.codes.turns}


@router.get("/{key}/items", response=ItemsAnswer, summary="Items of a code list")
def code_list_items(
    request: HttpRequest,
    response: HttpResponse,
    key: str,
    day: OnTheDay = None,
    search: Annotated[str, Query(max_length=200, description="Words; the best first, and no further page")] = "",
    under: Annotated[str, Query(max_length=60, description="Only those directly below this code")] = "",
    after: Annotated[str, Query(max_length=60, description="Behind which code to go on: `next` of a page")] = "",
    limit: Limit = USUAL,
) -> Any:
    """In force on the day, in the order of the list."""
    found = queries.on_day(key, day or clock.today())
    if unchanged := _unchanged(request, response, f"{_tag(found)}-{request.GET.urlencode()}"):
        return unchanged
    if search:
        return {"items": _items(found.codes.search(search, found.day, limit=limit)), "next": None}
    items = found.codes.below(under, found.day) if under else found.codes.valid(found.day)
    first = 0
    if after:
        place = next((n for n, item in enumerate(items) if item.code == after), None)
        if place is None:
            raise NoSuchPlace(_("This is no place in the list."))
        first = place + 1
    page = items[first : first + limit]
    more = len(items) > first + limit
    return {"items": _items(page), "next": page[-1].code if more else None}


@router.get("/{key}/items/{path:code}", response=CodeAnswer, summary="A code, what it was and what became of it")
def code_list_item(request: HttpRequest, response: HttpResponse, key: str, code: str, day: OnTheDay = None) -> Any:
    found = queries.on_day(key, day or clock.today())
    codes: CodeList = found.codes
    periods = codes.periods(code)
    if not periods:
        raise NoSuchCode(_("There is no code “%(code)s” in this list."), code=code[:60])
    if unchanged := _unchanged(request, response, f"{_tag(found)}-{code}"):
        return unchanged
    item = codes.find(code, found.day)
    return {
        "item": item_as_json(item) if item else None,
        "above": _items(codes.chain(code, found.day)[1:]),
        "periods": _items(periods),
        "was": _items(codes.was(item)) if item else [],
        "became": _items(codes.became(item)) if item else [],
    }


@router.post("/{key}/conversions", response=list[ConvertedAnswer], summary="What codes of one day are on another")
def code_list_conversion(request: HttpRequest, key: str, asked: ToConvert) -> Any:
    """One answer for each line: what it means and what that is on the other day. Nothing is kept."""
    found = queries.on_day(key, asked.since)
    rows = converting.convert(asked.lines, found.codes, since=asked.since, until=asked.until, near=asked.near)
    return [
        {
            "line": row.typed,
            "outcome": row.outcome,
            "item": item_as_json(row.item) if row.item else None,
            "became": _items(row.became),
            "offered": _items(row.offered),
        }
        for row in rows
    ]


def _unchanged(request: HttpRequest, response: HttpResponse, tag: str) -> HttpResponseBase | None:
    """The answer that nothing is different from what the asking program has, if so; else the answer gets its tag."""
    quoted = quote_etag(sha256(tag.encode()).hexdigest()[:32])
    same = get_conditional_response(request, etag=quoted)
    for answer in (response, same):
        if answer is not None:
            answer["ETag"] = quoted
            answer["Cache-Control"] = f"public, max-age={SECONDS}"
            answer["Access-Control-Allow-Origin"] = "*"
    return same


def _tag(found: OnDay) -> str:
    return f"{found.published.id}-{found.day}"


def _about(found: OnDay) -> dict[str, Any]:
    return {
        "key": found.key,
        "name": found.body.name,
        "area": found.body.area,
        "version": found.published.version,
        "effective_from": found.published.effective_from,
        "effective_to": found.published.effective_to,
        "in_force": found.in_force,
        "items": found.many,
        "converts": found.codes.is_followed,
    }


def _items(items: Iterable[Item]) -> list[dict[str, Any]]:
    return [item_as_json(item) for item in items]
