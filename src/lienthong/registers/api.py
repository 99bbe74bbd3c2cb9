"""Registers for programs: the same services, rights and refusals as the pages have.

The addresses are the same for every register; what an entry says is told by its schema, and each register gives an
OpenAPI description of its own.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import date, datetime
from typing import Annotated, Any, NamedTuple
from uuid import UUID

from django.http import HttpRequest, HttpResponseBase, JsonResponse, QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from ninja import Field, File, Header, Query, Router, Schema, Status
from ninja.files import UploadedFile

from lienthong.foundation.errors import DomainError, NotAllowed
from lienthong.foundation.fields.context import FileRef
from lienthong.foundation.fields.data import json_maker
from lienthong.foundation.fields.stored_files import ref_of, refs_in
from lienthong.foundation.files.serving import serve
from lienthong.foundation.organisations.queries import by_key, tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import acting_person
from lienthong.registers import access, looking, openapi, queries, services
from lienthong.registers.access import Rights
from lienthong.registers.attaching import services as attaching
from lienthong.registers.context import context, context_of
from lienthong.registers.definition import REGISTER, May, RegisterBody
from lienthong.registers.looking import Box, Look
from lienthong.registers.queries import AsOf, Entry
from lienthong.registers.statistics.answers import FiguresAnswer, StatisticAnswer
from lienthong.registers.statistics.counting import counted
from lienthong.registers.statistics.offered import offered

router = Router(tags=["registers"])

MOST = 1000
"""Entries of one answer."""

_SAID = {
    "search": looking.WORDS,
    "sort": looking.SORT,
    "after": looking.AFTER,
    "day": looking.DAY,
    "known": looking.KNOWN,
    "ended": looking.ENDED,
}
"""What the API calls that which the addresses of pages say shortly."""
_OWN = frozenset({*_SAID, "limit"})
_ENDS = {"from": looking.FIRST, "to": looking.LAST}


Limit = Annotated[int, Query(ge=1, le=MOST)]
Purpose = Annotated[str, Query(max_length=300, description="What personal data is read for; it is put on record")]


class NotOfTheRegister(DomainError):
    """`errors` by the name of the parameter."""

    code = "registers.not_narrowed_so"

    def __init__(self, errors: Mapping[str, str | Promise]) -> None:
        super().__init__(_("The list cannot be narrowed or sorted like this."))
        self.errors = errors


class RegisterAnswer(Schema):
    key: str
    name: str
    group: str = Field(description="Sector database: a code of the list register-groups")
    singular: str
    may: list[May] = Field(description="read, propose, write, approve")


class FileAnswer(Schema):
    id: str = Field(description='As a file field names it: {"id": …}')
    name: str
    size: int = Field(description="Bytes")
    kind: str = Field(description="pdf, image, docx …")


class AttachedAnswer(FileAnswer):
    field: str = Field(description="Key of the field, or of the table, in which it is")
    url: str = Field(description="Where it is to be had; of personal data with ?purpose=")


class EntryAnswer(Schema):
    id: int
    agency: str = Field(description="Key of the agency that keeps it")
    valid_from: date = Field(description="Since when it is so in the world")
    valid_until: date | None = Field(description="First day on which it is no more")
    recorded_at: datetime = Field(description="Since when we know")
    revision: int = Field(description="Counts its states; who changes it says which one was seen")
    origin: str
    values: dict[str, Any] = Field(description="By the schema of the register")
    files: list[AttachedAnswer] = Field(description="The files that the values name")


class StateAnswer(EntryAnswer):
    recorded_until: datetime | None = Field(description="Until when we thought so; none: still")


class EntriesAnswer(Schema):
    entries: list[EntryAnswer]
    next: str | None = Field(description="`after` of the next page")


class NewEntry(Schema):
    values: dict[str, Any] = Field(description="By the schema of the register")
    valid_from: date | None = Field(None, description="Since when it is so; today unless said")
    agency: str | None = Field(None, description="Key of the agency that will keep it; the officer's own unless said")
    origin: str = Field("", max_length=200, description="Where it comes from")


class Change(Schema):
    revision: int = Field(description="Of the entry as it was seen")
    values: dict[str, Any] = Field(description="What is different; what is left out stays")
    valid_from: date | None = Field(None, description="From which day on; today unless said")
    reason: str = Field("", max_length=2000)


class Correction(Schema):
    revision: int
    values: dict[str, Any] = Field({}, description="What was wrong; what is left out stays")
    valid_from: date | None = Field(None, description="Where also the day was wrong")
    reason: str = Field(min_length=1, max_length=2000)


class Ending(Schema):
    revision: int
    valid_until: date | None = Field(None, description="First day on which it is no more; today unless said")
    reason: str = Field(min_length=1, max_length=2000)


@router.get("", response=list[RegisterAnswer], summary="Registers that may be read")
def registers(request: HttpRequest) -> list[RegisterAnswer]:
    officer = _officer(request)
    return [
        RegisterAnswer(key=body.key, name=body.name, group=body.group, singular=body.singular, may=may)
        for body in (each.body for each in REGISTER.all())
        if (may := [to for to in access.KINDS if access.rights_of(officer, body, to=to)])
    ]


@router.get("/{key}/openapi.json", summary="The register as OpenAPI")
def described(request: HttpRequest, key: str) -> dict[str, Any]:
    """Only the fields that may be read."""
    body, rights = _opened(_officer(request), key)
    return openapi.document(body, frozenset(rights.fields), server=request.build_absolute_uri("/api/v1/registers"))


@router.get("/{key}/entries", response=EntriesAnswer, summary="Entries")
def entries(request: HttpRequest, key: str, limit: Limit = 100) -> HttpResponseBase:
    """`search` for words, `sort` by a field (with - from the highest), `day` and `known` for another day, `ended=1`
    for ended ones too; any field that lists are narrowed by, as `field`, or `field.from` and `field.to`. Personal data
    is left out."""
    look = _looked(request, key)
    body, rights = look.body, look.rights
    found = queries.page(body, rights, look.filters, sort=look.sort, after=look.after, as_of=look.as_of, size=limit)
    page, answers = found[:limit], Answers(body, _impersonal(body, rights))
    following = look.place_of(page[-1]) if len(found) > limit else None
    return JsonResponse({"entries": [answers.of(entry) for entry in page], "next": following})


@router.get("/{key}/statistics", response=list[StatisticAnswer], summary="Statistics that may be seen")
def all_statistics(request: HttpRequest, key: str) -> list[StatisticAnswer]:
    """Those that are declared, then what every register can tell."""
    body, rights = _opened(_officer(request), key)
    return [StatisticAnswer.of(each) for each in offered(body, rights, context())]


@router.get("/{key}/statistics/{statistic}", response=FiguresAnswer, summary="A statistic")
def one_statistic(request: HttpRequest, key: str, statistic: str) -> FiguresAnswer:
    """Of the entries as they are, or as they were on a `day` by what was `known`; narrowed as the list of entries is.
    Smaller parts stand together under the code null where there are many."""
    look = _looked(request, key)
    body, rights = look.body, look.rights
    chosen = next((each for each in offered(body, rights, look.then) if each.key == statistic), None)
    if chosen is None:
        raise queries.NoSuchEntry(_("There is no such statistic, or it is not for you to see."))
    made = counted(body, rights, chosen, look.filters, context=look.then, as_of=look.as_of)
    return FiguresAnswer.made(chosen, made)


@router.post("/{key}/entries", response={201: EntryAnswer}, summary="Make an entry")
def enter(request: HttpRequest, key: str, new: NewEntry, idempotency_key: Header[UUID]) -> Status[dict[str, Any]]:
    """The same idempotency key gives the same entry, however often it is sent."""
    officer = _officer(request)
    body, rights = _opened(officer, key)
    made = services.enter(
        register=key,
        raw=new.values,
        officer=officer,
        organisation_id=by_key(new.agency).id if new.agency else None,
        valid_from=new.valid_from,
        origin=new.origin,
        request=idempotency_key,
    )
    return Status(201, Answers(body, _impersonal(body, rights)).of(made))


@router.post("/{key}/files", response={201: FileAnswer}, summary="Upload a file for an entry")
def upload(
    request: HttpRequest,
    key: str,
    field: Annotated[str, Query(max_length=200, description="For which field, as quyet_dinh or hang_muc.anh")],
    file: File[UploadedFile],
) -> Status[FileRef]:
    """First the file, then the entry that names it by its id. What no entry names within a day is forgotten."""
    officer = _officer(request)
    body, _rights = _opened(officer, key)
    policy = attaching.policy_for(body.key, field, officer)
    made = attaching.upload(register=body.key, source=file, name=file.name or "", policy=policy, officer=officer)
    return Status(201, ref_of(made))


@router.get("/{key}/entries/{entry_id}/files/{file_id}", url_name="register_file", summary="A file of an entry")
def file(request: HttpRequest, key: str, entry_id: int, file_id: int, purpose: Purpose = "") -> HttpResponseBase:
    """Also one that the entry had in a former state."""
    officer = _officer(request)
    body, _rights = _opened(officer, key)
    found = services.read_file(register=body.key, entry_id=entry_id, file_id=file_id, officer=officer, purpose=purpose)
    return serve(found, as_attachment=True)


@router.get("/{key}/entries/{entry_id}", response=EntryAnswer, summary="An entry")
def entry(
    request: HttpRequest,
    key: str,
    entry_id: int,
    day: date | None = None,
    known: date | None = None,
    purpose: Purpose = "",
) -> dict[str, Any]:
    """As it is, or as it was on a day by what was known on a day."""
    officer = _officer(request)
    body, rights = _opened(officer, key)
    as_of = AsOf.of(day, known)
    read = services.read(register=key, entry_id=entry_id, officer=officer, purpose=purpose, as_of=as_of)
    return Answers(body, rights).of(read.entry)


@router.get("/{key}/entries/{entry_id}/history", response=list[StateAnswer], summary="Every state of an entry")
def history(request: HttpRequest, key: str, entry_id: int, purpose: Purpose = "") -> list[dict[str, Any]]:
    """What we know best first."""
    officer = _officer(request)
    body, rights = _opened(officer, key)
    read = services.read(register=key, entry_id=entry_id, officer=officer, purpose=purpose)
    answers = Answers(body, rights)
    return [{**answers.of(each.entry), "recorded_until": each.recorded_until} for each in read.slices]


@router.post("/{key}/entries/{entry_id}/changes", response=EntryAnswer, summary="The world is different")
def change(request: HttpRequest, key: str, entry_id: int, change: Change) -> dict[str, Any]:
    """409 with the code registers.changed_meanwhile when the entry is at another revision by now."""
    officer = _officer(request)
    body, rights = _opened(officer, key)
    made = services.change(
        register=key,
        entry_id=entry_id,
        revision=change.revision,
        raw=change.values,
        officer=officer,
        valid_from=change.valid_from,
        reason=change.reason,
    )
    return Answers(body, _impersonal(body, rights)).of(made)


@router.post("/{key}/entries/{entry_id}/corrections", response=EntryAnswer, summary="It was wrong")
def correct(request: HttpRequest, key: str, entry_id: int, correction: Correction) -> dict[str, Any]:
    officer = _officer(request)
    body, rights = _opened(officer, key)
    made = services.correct(
        register=key,
        entry_id=entry_id,
        revision=correction.revision,
        raw=correction.values,
        officer=officer,
        valid_from=correction.valid_from,
        reason=correction.reason,
    )
    return Answers(body, _impersonal(body, rights)).of(made)


@router.post("/{key}/entries/{entry_id}/end", response=EntryAnswer, summary="It is no more")
def end(request: HttpRequest, key: str, entry_id: int, ending: Ending) -> dict[str, Any]:
    officer = _officer(request)
    body, rights = _opened(officer, key)
    made = services.end(
        register=key,
        entry_id=entry_id,
        revision=ending.revision,
        officer=officer,
        reason=ending.reason,
        valid_until=ending.valid_until,
    )
    return Answers(body, _impersonal(body, rights)).of(made)


def _officer(request: HttpRequest) -> Officer:
    person = acting_person(request)
    if not isinstance(person, Officer):
        raise NotAllowed(_("Registers are for officers; what is public of them is open data."))
    return person


def _opened(officer: Officer, key: str) -> tuple[RegisterBody, Rights]:
    body = queries.register(key)
    rights = access.rights_of(officer, body, to="read")
    if not rights:
        raise queries.NoSuchEntry(_("There is no such register, or it is not for you to see."))
    return body, rights


def _looked(request: HttpRequest, key: str) -> Look:
    """What is asked of a register's list. Raises NotOfTheRegister."""
    officer = _officer(request)
    body, rights = _opened(officer, key)
    look = Look(body, rights, _as_pages_say(request.GET), context_of(officer))
    if errors := dict(_errors(look, request.GET)):
        raise NotOfTheRegister(errors)
    return look


def _as_pages_say(given: QueryDict) -> QueryDict:
    said = QueryDict(mutable=True)
    for name, value in given.items():
        key, _dot, end = name.partition(".")
        if name in _SAID:
            said[_SAID[name]] = str(value)
        elif name not in _OWN:
            said[f"{looking.NARROWED}{key}{_ENDS.get(end, '')}"] = str(value)
    return said


def _errors(look: Look, given: QueryDict) -> Iterator[tuple[str, str | Promise]]:
    known = {name: box for box in look.boxes for name in _names(box)}
    for name in given:
        if name not in known and name not in _OWN:
            yield name, _("The list cannot be narrowed by this.")
        elif name in known and known[name].problem:
            yield name, known[name].problem
    if given.get("sort") and (look.sort is None or str(look.sort) != given["sort"]):
        yield "sort", _("The list cannot be sorted by this.")
    if given.get("after") and look.after is None:
        yield "after", _("This is no place in the list.")


def _names(box: Box) -> tuple[str, ...]:
    key = box.field.key
    return (f"{key}.from", f"{key}.to") if box.is_span else (key,)


def _impersonal(body: RegisterBody, rights: Rights) -> Rights:
    """Without personal data: that is read for a purpose, which is put on record."""
    return Rights({key: each for key, each in rights.fields.items() if key not in body.personal})


class Answers:
    """Entries of a register as JSON, of shape EntryAnswer; what is the same for all of an agency is found once."""

    def __init__(self, body: RegisterBody, rights: Rights) -> None:
        self.body, self.rights = body, rights
        self._agencies: dict[int, _Agency] = {}

    def of(self, entry: Entry) -> dict[str, Any]:
        agency = self._agencies.get(entry.organisation_id) or self._agency(entry.organisation_id)
        return {
            "id": entry.id,
            "agency": agency.key,
            "valid_from": entry.valid_from.isoformat(),
            "valid_until": entry.valid_until and entry.valid_until.isoformat(),
            "recorded_at": entry.recorded_at.isoformat(),
            "revision": entry.revision,
            "origin": entry.origin,
            "values": agency.said(entry.values),
            "files": list(self._files(entry, agency.readable)) if self.body.attachments else [],
        }

    def _agency(self, organisation_id: int) -> "_Agency":
        readable = self.rights.fields_at(organisation_id)
        said = json_maker(self.body.fields, readable)
        return self._agencies.setdefault(organisation_id, _Agency(tree()[organisation_id].key, readable, said))

    def _files(self, entry: Entry, readable: Collection[str]) -> Iterator[dict[str, Any]]:
        flat = self.body.layout.flat(entry.values)
        for key in self.body.attachments:
            for ref in refs_in(flat.get(key)) if key in readable else ():
                address = reverse("api:register_file", args=[self.body.key, entry.id, ref.id])
                yield {"id": ref.id, "name": ref.name, "size": ref.size, "kind": ref.kind, "field": key, "url": address}


class _Agency(NamedTuple):
    key: str
    readable: frozenset[str]
    said: Callable[[Mapping[str, Any]], dict[str, Any]]
