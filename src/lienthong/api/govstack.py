"""Registers in the shapes of GovStack's Digital Registries building block (its Data API, 1.3.0), beside our own API.

The same services, rights and refusals as everywhere; what the shapes cannot say, or what registers do not do, is told
in docs/explanation/open-data.md. Nobody is let in by the header of an Information Mediator: people are signed in, and
the header only says where an entry came from.
"""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from ninja import Field, Header, NinjaAPI, Query, Schema
from ninja.errors import ValidationError
from ninja.security import django_auth

from lienthong.api import v1
from lienthong.api.public import WrongQuery, cursor
from lienthong.foundation import asked
from lienthong.foundation.errors import Conflict, DomainError, NotAllowed, NotFound
from lienthong.foundation.fields.problems import Invalid
from lienthong.identity.actors import Officer
from lienthong.identity.policy import acting_person
from lienthong.registers import access, queries, services
from lienthong.registers.access import Rights
from lienthong.registers.context import context_for
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.exporting.writing import as_object
from lienthong.registers.queries import NEWEST, Entry, Filters, Sort

api = NinjaAPI(
    title="GovStack Digital Registries",
    version="1.3.0",
    description="The Data API of GovStack's Digital Registries building block, as far as it fits.",
    auth=django_auth,
    urls_namespace="govstack",
    docs_url=None,
)
api.exception_handler(DomainError)(v1.refused)
api.exception_handler(ValidationError)(v1.malformed)

ID = "ID"
"""What the number of an entry is called here."""
COUNTED, DEEPEST = 1_000, 10_000
"""So many results are counted; so deep pages go."""

Mediator = Annotated[str, Header(alias="Information-Mediator-Client", max_length=200)]
Purpose = Annotated[str, Query(max_length=300, description="What personal data is read for; it is put on record")]


class NoSuchVersion(NotFound):
    code = "govstack.no_such_version"


class NoRecord(NotFound):
    code = "govstack.no_record"


class SeveralRecords(Conflict):
    code = "govstack.several_records"


class NotDone(DomainError):
    code = "govstack.not_done"
    status = 405


class Content(Schema):
    content: dict[str, Any] = Field(description="Fields by their keys, and ID for the number of the record")


class Asking(Schema):
    query: Content


class Writing(Schema):
    write: Content


class Both(Schema):
    query: Content
    write: Content


class Result(Schema):
    status: bool
    message: str


class Answer(Schema):
    answer: Result


class Value(Schema):
    value: Any


class Listed(Schema):
    count: int = Field(description=f"Number of results, counted up to {COUNTED}")
    next: str | None
    previous: str | None
    results: list[dict[str, Any]]


class Opened:
    """A register as somebody may read it, by the version of its declaration that is in force."""

    def __init__(self, request: HttpRequest, key: str, version: str) -> None:
        person = acting_person(request)
        if not isinstance(person, Officer):
            raise NotAllowed(_("Registers are for officers; what is public of them is open data."))
        self.officer = person
        found = next((each for each in REGISTER.all() if each.key == key), None)
        rights = access.rights_of(person, found.body, to="read") if found else None
        if found is None or not rights:
            raise queries.NoSuchEntry(_("There is no such register, or it is not for you to see."))
        if version not in (str(found.version), f"{found.version}.0"):
            raise NoSuchVersion(_("The register is at version %(version)s."), version=found.version)
        self.body: RegisterBody = found.body
        self.rights: Rights = rights

    def shown(self, entry: Entry, *, personal: bool = False) -> dict[str, Any]:
        """An entry as a record; without personal data unless that was read for a purpose."""
        readable = self.rights.fields_at(entry.organisation_id)
        nodes = [
            node
            for key, node in self.body.leaves.items()
            if key in readable and (personal or key not in self.body.personal)
        ]
        said = as_object(entry, nodes)
        return {ID: str(entry.id), **{node.field.key: said[node.field.key] for node in nodes}}

    @property
    def findable(self) -> frozenset[str]:
        """Fields with an index that are theirs to read of every entry: by others nobody looks here."""
        sort = [self.body.listing.sort.removeprefix("-")] if self.body.listing.sort else []
        named = [*self.body.listing.filters, *sort, *(key for keys in self.body.identity for key in keys)]
        return frozenset(filter(self.rights.everywhere, named))

    def filters(self, content: Mapping[str, Any]) -> dict[str, list[Any]]:
        """Raises WrongQuery."""
        context, found = context_for(self.officer, self.body, {}), {}
        for key, wanted in content.items():
            if key not in self.findable:
                ways = ", ".join([ID, *sorted(self.findable)])
                raise WrongQuery(_("Records are not found by “%(name)s”, but by: %(ways)s."), name=key[:60], ways=ways)
            field = self.body.leaves[key].field
            try:
                if isinstance(wanted, str):
                    found[key] = list(field.meant(wanted, context))
                else:
                    found[key] = [next(iter(field.to_columns(field.parse(wanted, context)).values()))]
            except Invalid as error:
                why = "; ".join(str(problem) for problem in error.problems.values())
                raise WrongQuery(_("%(name)s: %(why)s"), name=key, why=why) from error
        return found

    def found(self, content: Mapping[str, Any]) -> Entry | None:
        """The one record in force that is as asked. Raises WrongQuery, and SeveralRecords."""
        if not content:
            raise WrongQuery(_("Say by what the record is found."))
        wanted = self.filters({key: value for key, value in content.items() if key != ID})
        if ID in content:
            entry = self._numbered(str(content[ID]))
            return entry if entry and self._is_so(entry, wanted) else None
        page = queries.page(self.body, self.rights, Filters(among=wanted), sort=NEWEST, size=1)
        if len(page) > 1:
            raise SeveralRecords(_("Several records are as you asked; say more."))
        return page[0] if page else None

    def _numbered(self, text: str) -> Entry | None:
        number = asked.number(text)
        try:
            entry = queries.entry(self.body, self.rights, number) if number is not None else None
        except queries.NoSuchEntry:
            return None
        return entry if entry and entry.valid_until is None else None

    def _is_so(self, entry: Entry, wanted: Mapping[str, list[Any]]) -> bool:
        return all(self.body.layout.first_of(key, entry.values) in values for key, values in wanted.items())

    def the(self, content: Mapping[str, Any]) -> Entry:
        """As `found`. Raises NoRecord where there is none."""
        entry = self.found(content)
        if entry is None:
            raise NoRecord(_("There is no such record, or it is not for you to see."))
        return entry

    def read(self, entry: Entry, purpose: str) -> Entry:
        """The entry with its personal data, which is put on record. Raises PurposeNeeded."""
        return services.read(register=self.body.key, entry_id=entry.id, officer=self.officer, purpose=purpose).entry

    def is_personal(self, content: Mapping[str, Any]) -> bool:
        return any(key in self.body.personal for key in content)

    def raw(self, content: Mapping[str, Any]) -> dict[str, Any]:
        """As the register's form is nested; names that nobody declared stay, to be complained of."""
        nested: dict[str, Any] = {}
        for key, value in content.items():
            node = self.body.leaves.get(key)
            *sections, last = node.path if node else (key,)
            inner = nested
            for section in sections:
                inner = inner.setdefault(section, {})
            inner[last] = value
        nested.pop(ID, None)
        return nested

    def says(self, entry: Entry, content: Mapping[str, Any]) -> bool:
        """Whether the record is so already, which makes sending a change again harmless."""
        said = as_object(entry, self.body.leaves.values())
        return all(key == ID or (key in said and said[key] == value) for key, value in content.items())


HERE = "/data/{registryname}/{versionnumber}"


@api.get(HERE, response=Listed, summary="list")
def listed(
    request: HttpRequest,
    registryname: str,
    versionnumber: str,
    search: str = "",
    filter: str = "",
    ordering: str = "",
    page: Annotated[int, Query(ge=1)] = 1,
    page_size: Annotated[int, Query(ge=1, le=COUNTED)] = 100,
) -> dict[str, Any]:
    """`search` for words; with `filter` for a value of that field. `query.<field>` for a value of a field. `ordering`
    by a field, with - from the highest; the newest first unless said. Personal data is left out."""
    here = Opened(request, registryname, versionnumber)
    content = {name.removeprefix("query."): value for name, value in request.GET.items() if name.startswith("query.")}
    if filter:
        content[filter] = search
    wanted = Filters(text="" if filter else asked.words(request.GET, "search", 200), among=here.filters(content))
    last = page * page_size
    if last > DEEPEST:
        raise WrongQuery(_("Pages go no deeper than %(most)s records; ask for fewer."), most=DEEPEST)
    found = queries.page(here.body, here.rights, wanted, sort=_ordering(here, ordering), size=max(last, COUNTED))
    return {
        "count": min(len(found), max(last, COUNTED)),
        "next": _page(request, page + 1) if len(found) > last and last + page_size <= DEEPEST else None,
        "previous": _page(request, page - 1) if page > 1 else None,
        "results": [here.shown(entry) for entry in found[last - page_size : last]],
    }


def _ordering(here: Opened, ordering: str) -> Sort:
    match ordering:
        case "" | "descending":
            return NEWEST
        case "ascending":
            raise WrongQuery(_("The oldest first is a list by a field: say ordering=<field>."))
    sort = Sort.parse(ordering)
    if sort.key not in here.findable or sort.key in here.body.references:
        raise WrongQuery(_("The list cannot be sorted by “%(name)s”."), name=ordering[:60])
    return sort


def _page(request: HttpRequest, number: int) -> str:
    return request.build_absolute_uri(f"{request.path}{asked.with_query(request, page=str(number))}")


@api.post(f"{HERE}/exists", response=Answer, summary="exists")
def exists(
    request: HttpRequest, registryname: str, versionnumber: str, sent: Asking, purpose: Purpose = ""
) -> dict[str, Any]:
    """Looking for somebody by personal data is reading it: for a purpose, and on record."""
    here = Opened(request, registryname, versionnumber)
    content = sent.query.content
    if here.is_personal(content) and not purpose:
        raise services.PurposeNeeded(
            _("You ask for somebody by personal data."), way_out=_("Say what you need it for: ?purpose=…")
        )
    try:
        entry = here.found(content)
    except SeveralRecords:
        return {"answer": {"status": True, "message": _now("There are several such records.")}}
    if entry and here.is_personal(content):
        here.read(entry, purpose)
    message = _now("There is such a record.") if entry else _now("There is no such record.")
    return {"answer": {"status": entry is not None, "message": message}}


@api.post(f"{HERE}/read", response=Content, summary="read")
def read(
    request: HttpRequest, registryname: str, versionnumber: str, sent: Asking, purpose: Purpose = ""
) -> dict[str, Any]:
    here = Opened(request, registryname, versionnumber)
    entry = here.read(here.the(sent.query.content), purpose)
    return {"content": here.shown(entry, personal=True)}


@api.get(f"{HERE}/{{uuid}}/read-value/{{field}}.{{ext}}", response=Value, summary="read-value")
def read_value(
    request: HttpRequest, registryname: str, versionnumber: str, uuid: str, field: str, ext: str, purpose: Purpose = ""
) -> dict[str, Any]:
    """What stands in one field; as JSON only."""
    here = Opened(request, registryname, versionnumber)
    entry = here.the({ID: str(cursor(uuid))})
    personal = field in here.body.personal
    if personal and field in here.rights.fields_at(entry.organisation_id):
        entry = here.read(entry, purpose)
    record = here.shown(entry, personal=personal)
    if ext != "json" or field not in record:
        raise NoRecord(_("There is no such field, or it is not for you to see."))
    return {"value": record[field]}


@api.post(f"{HERE}/create", response=Content, summary="create")
def create(
    request: HttpRequest,
    registryname: str,
    versionnumber: str,
    sent: Writing,
    mediator: Mediator = "",
    idempotency_key: Annotated[UUID | None, Header()] = None,
) -> dict[str, Any]:
    """With an Idempotency-Key the same record, however often it is sent."""
    here = Opened(request, registryname, versionnumber)
    return {"content": here.shown(_made(here, sent.write.content, mediator, idempotency_key))}


@api.put(f"{HERE}/update", response=Content, summary="update")
def update(
    request: HttpRequest, registryname: str, versionnumber: str, sent: Both, mediator: Mediator = ""
) -> dict[str, Any]:
    """A change that counts from today. What is not written stays; what is so already changes nothing."""
    here = Opened(request, registryname, versionnumber)
    entry = here.the(sent.query.content)
    return {"content": here.shown(_changed(here, entry, sent.write.content, mediator))}


@api.post(f"{HERE}/update-or-create", response=Content, summary="update-or-create")
def update_or_create(
    request: HttpRequest, registryname: str, versionnumber: str, sent: Both, mediator: Mediator = ""
) -> dict[str, Any]:
    """Of two who create the same at once, one changes what the other has made."""
    here = Opened(request, registryname, versionnumber)
    query, write = sent.query.content, sent.write.content
    entry = here.found(query)
    if entry is None:
        try:
            return {"content": here.shown(_made(here, write, mediator, None))}
        except services.AlreadyThere:
            entry = here.found(query)
            if entry is None:
                raise
    return {"content": here.shown(_changed(here, entry, write, mediator))}


def _made(here: Opened, content: Mapping[str, Any], mediator: str, key: UUID | None) -> Entry:
    return services.enter(
        register=here.body.key, raw=here.raw(content), officer=here.officer, origin=mediator, request=key
    )


def _changed(here: Opened, entry: Entry, content: Mapping[str, Any], mediator: str) -> Entry:
    if here.says(entry, content):
        return entry
    return services.change(
        register=here.body.key,
        entry_id=entry.id,
        revision=entry.revision,
        raw=here.raw(content),
        officer=here.officer,
        reason=mediator,
    )


@api.put(f"{HERE}/update-entries", summary="update-entries (not done)")
def update_entries(request: HttpRequest, registryname: str, versionnumber: str) -> None:
    """Many entries at once are changed by a bulk edit that somebody else approves, not here."""
    Opened(request, registryname, versionnumber)
    raise NotDone(
        _("Several records are not changed by one call."), way_out=_("Change each by itself, or ask for a bulk edit.")
    )


@api.delete(f"{HERE}/{{ID}}/delete", summary="delete (not done)")
def delete(request: HttpRequest, registryname: str, versionnumber: str, ID: str) -> None:  # noqa: N803 - GovStack's name
    """Nothing is deleted: an entry ends on a day, for a reason (POST /api/v1/registers/<key>/entries/<id>/end)."""
    Opened(request, registryname, versionnumber)
    raise NotDone(
        _("No record of a register is deleted."), way_out=_("End it: POST /api/v1/registers/<key>/entries/<id>/end")
    )
