"""What a province may declare of a sector database: the registers in it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field as Attribute
from pydantic import StringConstraints

from lienthong.foundation import clock
from lienthong.foundation.definitions.registry import Body, Catalogue, Key, Kind, Problem, Shape, Text
from lienthong.foundation.definitions.rules import Path
from lienthong.foundation.errors import Conflict, DomainError
from lienthong.foundation.fields.checks import check_fields
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.nodes import Node
from lienthong.foundation.fields.types.choices import Boolean, Choice, CodeListField
from lienthong.foundation.fields.types.entries import Reference
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.identifiers import PersonId
from lienthong.foundation.fields.types.numbers import Integer, Money, Year
from lienthong.foundation.fields.types.structure import Section, Table
from lienthong.foundation.fields.types.texts import Text as OneLine
from lienthong.foundation.organisations.definition import ROLE, known_functions
from lienthong.registers import tables
from lienthong.registers.layout import OWN_COLUMNS, Layout
from lienthong.registers.open_data import declared as open_data
from lienthong.registers.open_data.declared import OpenData
from lienthong.registers.statistics.definition import MOST as MOST_STATISTICS
from lienthong.registers.statistics.definition import Statistic
from lienthong.registers.statistics.definition import check as check_statistics

if TYPE_CHECKING:
    from lienthong.foundation.definitions.models import Definition

GROUPS = "register-groups"
"""The code list of the sector databases that registers belong to."""

LONGEST_KEY = 40
"""PostgreSQL cuts names at 63 letters; the names of tables and indexes begin with the register's key."""

Plain = bool | int | str
"""A value as declarations write it."""

May = Literal["read", "propose", "write", "approve"]
Where = Literal["own", "below", "province"]
Deed = Literal["enter", "change", "correct", "end", "bulk"]
"""What can be done with entries; bulk: the same change to many of them."""


class Access(Shape):
    """What holders of a role may do with the entries."""

    role: Key = Attribute(description="Role of the post")
    function: str = Attribute("", description="Only posts in agencies with this function; empty: in all")
    may: tuple[May, ...] = Attribute(
        min_length=1, description="read; propose changes; write, and so propose; approve what others propose"
    )
    where: Where = Attribute(
        "own", description="Entries kept by the post's agency, also by those below it, or by all of the province"
    )
    fields: tuple[str, ...] = Attribute((), description="Keys of the fields that are shown and written; empty: all")


class Listing(Shape):
    """How the list of entries looks."""

    columns: tuple[str, ...] = Attribute(min_length=1, max_length=12, description="Fields shown, in this order")
    sort: Annotated[str, StringConstraints(pattern="^-?[a-z][a-z0-9_]*$")] | None = Attribute(
        None, description="Field that the list is sorted by at first, with - from the highest; empty: newest first"
    )
    filters: tuple[str, ...] = Attribute((), max_length=12, description="Fields that the list is narrowed by")
    search: tuple[str, ...] = Attribute((), max_length=8, description="Fields in which words are looked for")


class RegisterBody(Body):
    """A register: entries of one kind, each with its history."""

    group: str = Attribute(description=f"Sector database it belongs to: a code of the list {GROUPS}")
    singular: Text = Attribute(description="What one entry is called, as giấy phép xây dựng")
    about: str = Attribute("", description="What it is for, in a sentence")
    keeper: str | Annotated[tuple[str, ...], Attribute(min_length=1)] = Attribute(
        description="Function of the agencies that keep it, or several: codes of organisation-functions"
    )
    fields: FieldList = Attribute(description="What an entry says")
    identity: tuple[tuple[str, ...], ...] = Attribute(
        (),
        description="Two entries that agree in all fields of one of these lists are the same thing; empty fields agree"
        " too, except the first of the list",
    )
    title: tuple[str, ...] = Attribute(
        min_length=1,
        max_length=3,
        description="Fields by which people call an entry; one that points to an entry brings what that is called",
    )
    listing: Listing
    access: tuple[Access, ...] = Attribute(min_length=1)
    approval: tuple[Deed, ...] = Attribute(
        ("bulk",),
        description="What counts only when somebody else has approved it: enter, change, correct, end; bulk: a change"
        " of many entries at once; for nothing: []",
    )
    public: tuple[str, ...] = Attribute((), description="Fields that anybody may read as open data")
    public_when: dict[str, Plain | tuple[Plain, ...]] = Attribute(
        {},
        description="Only entries are open data in which each of these fields has this value, or one of these: choices,"
        " codes, yes or no, texts and whole numbers",
    )
    open_data: OpenData | None = Attribute(None, description="How what is public is offered to everybody")
    statistics: tuple[Statistic, ...] = Attribute(
        (),
        max_length=MOST_STATISTICS,
        description="What is counted or added up of the entries. How many there are by agency, by each field to choose"
        " from and by year is told without",
    )
    retention: Annotated[str, StringConstraints(pattern="^(forever|[1-9][0-9]{0,2} years)$")] = Attribute(
        "forever", description="How long an entry is kept after its end: forever, or 20 years"
    )

    told: bool = Attribute(
        True, description="Whether people are told, in the copy of their data, that an entry names them"
    )

    @property
    def keepers(self) -> tuple[str, ...]:
        """The functions of the agencies that keep it."""
        return (self.keeper,) if isinstance(self.keeper, str) else self.keeper

    def needs_approval(self, deed: Deed) -> bool:
        """Whether somebody else has to approve it. Where each change needs it, so do many at once."""
        return deed in self.approval or (deed == "bulk" and "change" in self.approval)

    @property
    def has_approvers(self) -> bool:
        """Whether any role may approve."""
        return any("approve" in access.may for access in self.access)

    @cached_property
    def layout(self) -> Layout:
        """Its tables, and which field lies in which columns."""
        return Layout(self.key, self.leaves, self.listing.search)

    @property
    def wanted(self) -> tables.Wanted:
        """What its table needs beside columns."""
        sort = [self.listing.sort.removeprefix("-")] if self.listing.sort else []
        sorted_by = tuple(dict.fromkeys(self.layout.first(key) for key in [*sort, *self.listing.filters]))
        naming = {self.layout.first(key): field for key, field in self.naming.items()} if self.told else {}
        return tables.Wanted(
            unique=tuple(tuple(self.layout.names(fields)) for fields in self.identity),
            sorted_by=sorted_by,
            places=tuple(self.layout.box(key) for key in self.layout.places),
            searched=bool(self.listing.search),
            naming=tuple(name for name, numbers in naming.items() if not numbers and name not in sorted_by),
            naming_in_rows=tuple(name for name, numbers in naming.items() if numbers),
        )

    @cached_property
    def naming(self) -> dict[str, tuple[str, ...]]:
        """The fields in which a personal identification number stands, by key; of a table, in which of its columns."""
        found: dict[str, tuple[str, ...]] = {}
        for key, node in self.leaves.items():
            rows = node.field.fields if isinstance(node.field, Table) else ()
            numbers = tuple(each.key for each in rows if isinstance(each, PersonId))
            if numbers or isinstance(node.field, PersonId):
                found[key] = numbers
        return found

    @cached_property
    def personal(self) -> tuple[str, ...]:
        """The keys of the fields that hold personal data, alone or in the rows of a table."""
        return tuple(key for key, node in self.leaves.items() if _is_personal(node.field))

    @cached_property
    def leaves(self) -> dict[str, Node]:
        """The fields that hold a value, by key; those of a section stand with the others, a table's rows are one."""
        return {node.field.key: node for node in _leaves(self.fields)}

    @cached_property
    def references(self) -> dict[str, Reference]:
        """The fields that point to entries, by key; not those in the rows of a table, which are kept as they were."""
        return {key: node.field for key, node in self.leaves.items() if isinstance(node.field, Reference)}

    @cached_property
    def attachments(self) -> tuple[str, ...]:
        """The keys of the fields that hold files, alone or in the rows of a table."""
        return tuple(key for key, node in self.leaves.items() if _holds_files(node.field))

    @cached_property
    def section_labels(self) -> dict[str, str]:
        return {n.field.key: n.field.label for n in self.fields.nodes.values() if isinstance(n.field, Section)}

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each field is called outside of its form: with its section where two are called alike."""
        often = Counter(node.field.label for node in self.leaves.values())
        return {key: self._label(node, alone=often[node.field.label] == 1) for key, node in self.leaves.items()}

    def _label(self, node: Node, *, alone: bool) -> str:
        section = "" if alone or len(node.path) < 2 else self.section_labels[node.path[-2]]
        return f"{node.field.label} ({section})" if section else node.field.label

    @cached_property
    def public_only(self) -> dict[str, tuple[Plain, ...]]:
        """What must stand in which columns of an entry that anybody may read."""
        wanted = self.public_when.items()
        return {self.layout.first(key): each if isinstance(each, tuple) else (each,) for key, each in wanted}


def _is_personal(field: Field) -> bool:
    return field.personal or (isinstance(field, Table) and any(map(_is_personal, field.fields)))


def _holds_files(field: Field) -> bool:
    return isinstance(field, File) or (isinstance(field, Table) and any(map(_holds_files, field.fields)))


def _leaves(fields: FieldList) -> Iterator[Node]:
    return (node for node in fields.nodes.values() if node.table is None and not isinstance(node.field, Section))


def check(body: RegisterBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from check_fields(body.fields, catalogue, ("fields",))
    yield from catalogue.refers(CODE_LIST, GROUPS, at=("group",))
    yield from _of_the_list(body.group, catalogue)
    if body.effective_from > clock.today():
        yield Problem(("effective_from",), _now("a register counts at once, as its table does; not from a day to come"))
    if len(body.key) > LONGEST_KEY:
        yield Problem(("key",), _now("has more than %(most)s letters") % {"most": LONGEST_KEY})
    for key in body.keepers:
        if key not in known_functions(catalogue):
            yield Problem(("keeper",), _now("no function “%(key)s” in organisation-functions") % {"key": key})
    for number, access in enumerate(body.access):
        yield from catalogue.refers(ROLE, access.role, at=("access", number, "role"))
        if access.function and access.function not in known_functions(catalogue):
            message = _now("no function “%(key)s” in organisation-functions") % {"key": access.function}
            yield Problem(("access", number, "function"), message)
    if set(body.approval) - {"bulk"} and not body.has_approvers:
        yield Problem(("approval",), _now("nobody could approve: give a role “approve” in access"))
    yield from _columns(body)
    yield from _named(body)
    yield from _called(body, catalogue)
    yield from _public(body, catalogue)
    yield from check_statistics(body, catalogue)
    yield from _kept_types(body)
    if body.open_data:
        yield from open_data.check(body.open_data, body.public, catalogue)


def _of_the_list(code: str, catalogue: Catalogue) -> Iterator[Problem]:
    groups = catalogue.get(CODE_LIST, GROUPS)
    if groups and code not in {item.code for item in groups.items}:
        yield Problem(("group",), _now("no code “%(code)s” in the list %(list)s") % {"code": code, "list": GROUPS})


def _columns(body: RegisterBody) -> Iterator[Problem]:
    """Every field has columns of its own."""
    taken: dict[str, str] = dict.fromkeys(OWN_COLUMNS, "")
    for node in _leaves(body.fields):
        for suffix in node.field.columns():
            name = f"{node.field.key}{suffix}"
            if name in taken:
                other = taken[name]
                message = (
                    _now("lies in the same column as the field “%(other)s”; in a register every key is there once")
                    if other
                    else _now("“%(name)s” is a column that every register has for itself")
                )
                yield Problem(("fields", *node.place, "key"), message % {"name": name, "other": other})
            taken[name] = node.name


def _named(body: RegisterBody) -> Iterator[Problem]:
    """What is said of fields is said of fields that there are."""
    sort = (body.listing.sort.removeprefix("-"),) if body.listing.sort else ()
    named: list[tuple[Path, Sequence[str]]] = [
        (("title",), body.title),
        (("listing", "columns"), body.listing.columns),
        (("listing", "sort"), sort),
        (("listing", "filters"), body.listing.filters),
        (("listing", "search"), body.listing.search),
        (("public",), body.public),
        *((("identity", number), fields) for number, fields in enumerate(body.identity)),
        *((("access", number, "fields"), access.fields) for number, access in enumerate(body.access)),
    ]
    for place, keys in named:
        for number, key in enumerate(keys):
            at = place if place[-1] == "sort" else (*place, number)
            if key not in body.leaves:
                yield Problem(at, _now("there is no field “%(name)s”") % {"name": key})
            elif place == ("public",) and key in body.personal:
                yield Problem(at, _now("“%(name)s” is personal data and cannot be public") % {"name": key})
            elif place == ("public",) and key in body.attachments:
                yield Problem(at, _now("“%(name)s” holds files, which open data leaves out") % {"name": key})
            elif place[-1] in ("title", "columns") and key in body.personal:
                yield Problem(at, _now("“%(name)s” is personal data, which lists leave out") % {"name": key})
            elif place[0] in ("identity", "title") or place[-1] in ("sort", "filters", "search"):
                yield from _comparable(body.leaves[key].field, at)


def _comparable(field: Field, at: Path) -> Iterator[Problem]:
    if isinstance(field, Reference) and at[-1] == "sort":
        message = _now(
            "“%(name)s” points to an entry: the order of numbers means nothing to people, and what entries are called"
            " may change; sort by a field of the register itself"
        )
        yield Problem(at, message % {"name": field.key})
    if at[-2:-1] == ("filters",) and not field.narrows:
        yield Problem(at, _now("lists cannot be narrowed by “%(name)s”") % {"name": field.key})
    elif any(column.get_internal_type() in ("JSONField", "ArrayField") for column in field.columns().values()):
        yield Problem(at, _now("“%(name)s” is not one plain value") % {"name": field.key})


def _called(body: RegisterBody, catalogue: Catalogue) -> Iterator[Problem]:
    """What entries are called comes to an end: no title leads back to where it began."""
    for number, key in enumerate(body.title):
        if key in body.references and _leads_to(body.references[key].register_key, body.key, catalogue, set()):
            message = _now("the titles of what “%(name)s” points to lead back to this register, and would never end")
            yield Problem(("title", number), message % {"name": key})


def _leads_to(register: str, wanted: str, catalogue: Catalogue, seen: set[str]) -> bool:
    other = None if register in seen or register == wanted else catalogue.get(REGISTER, register)
    seen.add(register)
    below = [other.references[key].register_key for key in other.title if key in other.references] if other else []
    return register == wanted or any(_leads_to(each, wanted, catalogue, seen) for each in below)


def _public(body: RegisterBody, catalogue: Catalogue) -> Iterator[Problem]:
    """Which entries are public is decided by what tells nothing of a person, and by values that there can be."""
    for key, wanted in body.public_when.items():
        at, field = ("public_when", key), body.leaves[key].field if key in body.leaves else None
        if field is None:
            yield Problem(at, _now("there is no field “%(name)s”") % {"name": key})
        elif key in body.personal:
            yield Problem(at, _now("“%(name)s” is personal data; it would be told by what is public") % {"name": key})
        elif wanted in ((), ""):
            yield Problem(at, _now("at least one is needed"))
        else:
            for value in wanted if isinstance(wanted, tuple) else (wanted,):
                if not _can_be(field, value, catalogue):
                    message = _now("“%(name)s” can never be “%(value)s”, or cannot be asked for here")
                    yield Problem(at, message % {"name": key, "value": value})


def _can_be(field: Field, value: Plain, catalogue: Catalogue) -> bool:
    match field:
        case Boolean():
            return isinstance(value, bool)
        case Integer() | Year() | Money():
            return isinstance(value, int) and not isinstance(value, bool)
        case Choice():
            return value in field.labels
        case CodeListField():
            found = catalogue.get(CODE_LIST, field.list)
            return found is not None and value in {item.code for item in found.items}
        case OneLine():
            return isinstance(value, str)
        case _:
            return False


def _kept_types(body: RegisterBody) -> Iterator[Problem]:
    """A field keeps its type: what was entered stands in its column, even where a version left it out."""
    former: dict[str, tuple[Field, int]] = {}
    for published in reversed(REGISTER.history(body.key)):
        former |= {key: (node.field, published.version) for key, node in published.body.leaves.items()}
    for key, node in body.leaves.items():
        if key in former and _types(former[key][0]) != _types(node.field):
            field, version = former[key]
            message = _now("was a field of type %(type)s in version %(version)s; give the new one another key")
            was = f"{field.type} ({field.register_key})" if isinstance(field, Reference) else field.type
            yield Problem(("fields", *node.place, "type"), message % {"type": was, "version": version})


def _types(field: Field) -> dict[str, str]:
    if isinstance(field, Reference):
        return {"": f"entry of {field.register_key}"}
    return {suffix: column.get_internal_type() for suffix, column in field.columns().items()}


class EntriesAgree(DomainError):
    """What a new version calls the same thing is there more than once."""

    code = "registers.entries_agree"


class FieldsGone(Conflict):
    """What was left out and comes back was dropped while this was being published."""

    code = "registers.fields_gone"


def losses(previous: RegisterBody | None, body: RegisterBody) -> Iterator[str]:
    """What entries say today and would not be shown any more."""
    for key, node in previous.leaves.items() if previous else ():
        if key not in body.leaves:
            yield _now("The field “%(label)s” goes; what stands in it is kept out of sight until retention ends.") % {
                "label": node.field.label
            }


def consequences(previous: RegisterBody | None, body: RegisterBody) -> Iterable[str]:
    return tables.consequences(body.layout, body.wanted)


def prepare(bodies: Sequence[RegisterBody]) -> None:
    for body in bodies:
        try:
            tables.make(body.layout, body.wanted)
        except tables.NotUnique as found:
            raise EntriesAgree(
                _("In the register “%(register)s” there are entries in force that agree in %(columns)s: %(detail)s"),
                way_out=_("Correct or end one of them, then publish again."),
                register=body.name,
                columns=", ".join(found.columns),
                detail=found.detail,
            ) from found
    for body in bodies:  # when all tables are there: they may point to each other
        tables.tie(body.layout)


def materialise(definition: "Definition", body: RegisterBody) -> None:
    from lienthong.registers import searching  # which reads registers by their declarations

    if gone := tables.lacking(body.layout):
        raise FieldsGone(
            _("Columns of the register “%(register)s” were dropped at this moment: %(columns)s."),
            way_out=_("Publish again: they are made anew."),
            register=body.name,
            columns=", ".join(sorted(gone)),
        )
    tables.drop_former_uniqueness(body.layout, body.wanted)
    former = next((each.body for each in REGISTER.history(body.key) if each.version < definition.version), None)
    if former and former.listing.search != body.listing.search:
        searching.looked_for_elsewhere(body)


REGISTER = Kind(
    "register",
    RegisterBody,
    title=_("register"),
    after=("code-list", "role"),
    check=check,
    consequences=consequences,
    losses=losses,
    prepare=prepare,
    materialise=materialise,
)
