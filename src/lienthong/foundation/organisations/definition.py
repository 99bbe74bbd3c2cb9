"""What a province declares of its agencies: one tree, with patterns for structures that repeat."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import ConfigDict, Field

from lienthong.foundation.definitions.registry import Body, Catalogue, Day, Key, Kind, Problem, Shape
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.organisations import rules

if TYPE_CHECKING:
    from lienthong.foundation.definitions.models import Definition


class DeclaredPost(Shape):
    """A post, or `count` posts of the same kind (keys get -2, -3 … behind)."""

    key: str
    title: str
    roles: tuple[str, ...] = ()
    count: int = Field(1, ge=1, le=99)

    def each_key(self) -> Iterator[str]:
        yield self.key
        for number in range(2, self.count + 1):
            yield f"{self.key}-{number}"


class DeclaredOrganisation(Shape):
    """An organisation with what is below it. Inside a pattern, keys, names and identifiers are parts that are put
    together with those of the organisation above."""

    key: str
    name: str
    short_name: str = ""
    place: str = Field("", description="Name of the area in running text: thành phố Gia Nghĩa")
    kind: Literal["peoples-committee", "office", "department", "agency", "division", "unit"]
    level: Literal["central", "province", "district", "commune"] | None = None
    identifier: str = ""
    old_identifier: str = ""
    area: str = ""
    functions: tuple[str, ...] = ()
    address: str = ""
    phone: str = ""
    valid_from: Day | None = None
    valid_to: Day | None = None
    pattern: str | None = None
    posts: tuple[DeclaredPost, ...] = ()
    children: tuple["DeclaredOrganisation", ...] = ()


class Pattern(Shape):
    """A structure that several organisations share, such as that of every district.

    In it, `{name}` and `{place}` in names, addresses and titles stand for those of the organisation that takes it;
    a child's key and identifier are parts that follow those of the organisation above (`tp-gia-nghia` + `van-phong`,
    `H16.19` + `02`).
    """

    functions: tuple[str, ...] = ()
    posts: tuple[DeclaredPost, ...] = ()
    children: tuple[DeclaredOrganisation, ...] = ()


class OrganisationsBody(Body):
    """The agencies of a province as one tree."""

    patterns: dict[str, Pattern] = {}
    organisations: tuple[DeclaredOrganisation, ...]

    def flat(self) -> "list[Placed]":
        """Every organisation with its parent, parents first, patterns put in."""
        return list(_place(self, self.organisations, None, None))


@dataclass(frozen=True, slots=True)
class Placed:
    """A declared organisation in its place, with nothing left to inherit."""

    key: str
    parent_key: str | None
    name: str
    short_name: str
    place: str
    kind: str
    level: str
    identifier: str
    old_identifier: str
    area: str
    functions: tuple[str, ...]
    address: str
    phone: str
    valid_from: date
    valid_to: date | None
    posts: tuple[DeclaredPost, ...]
    where: tuple[str | int, ...]
    """Path of the entry in the declaration, for messages that name the line."""


def _place(
    body: OrganisationsBody,
    declared: tuple[DeclaredOrganisation, ...],
    parent: Placed | None,
    pattern_of: Placed | None,
    where: tuple[str | int, ...] = ("organisations",),
) -> Iterator[Placed]:
    """Walk a list of children. `pattern_of` is the organisation whose pattern they come from, if any."""
    for number, entry in enumerate(declared):
        placed = _fill(body, entry, parent, pattern_of, (*where, number))
        yield placed
        yield from _place(body, entry.children, placed, pattern_of, (*where, number, "children"))
        if entry.pattern and entry.pattern in body.patterns:
            below = body.patterns[entry.pattern].children
            yield from _place(body, below, placed, placed, ("patterns", entry.pattern, "children"))


def _fill(
    body: OrganisationsBody,
    entry: DeclaredOrganisation,
    parent: Placed | None,
    pattern_of: Placed | None,
    where: tuple[str | int, ...],
) -> Placed:
    pattern = body.patterns.get(entry.pattern) if entry.pattern else None
    key, identifier = entry.key, entry.identifier
    if pattern_of is not None and parent is not None:
        key = f"{parent.key}-{entry.key}"
        identifier = f"{parent.identifier}.{entry.identifier}" if entry.identifier else ""
    if not identifier and rules.is_old_identifier(entry.old_identifier):
        identifier = rules.new_identifier(entry.old_identifier)
    old = entry.old_identifier or (rules.is_identifier(identifier) and rules.old_identifier(identifier)) or ""
    return Placed(
        key=key,
        parent_key=parent.key if parent else None,
        name=_in_words(entry.name, pattern_of),
        short_name=_in_words(entry.short_name, pattern_of),
        place=entry.place or (parent.place if parent else ""),
        kind=entry.kind,
        level=entry.level or (parent.level if parent else "province"),
        identifier=identifier,
        old_identifier=old,
        area=entry.area or (parent.area if parent else ""),
        functions=(*entry.functions, *(pattern.functions if pattern else ())),
        address=_in_words(entry.address, pattern_of) or (parent.address if parent else ""),
        phone=entry.phone or (parent.phone if parent else ""),
        valid_from=entry.valid_from or (parent.valid_from if parent else body.effective_from),
        valid_to=entry.valid_to or (parent.valid_to if parent else None),
        posts=(*entry.posts, *(pattern.posts if pattern else ())),
        where=where,
    )


def _in_words(text: str, pattern_of: Placed | None) -> str:
    if pattern_of is None:
        return text
    return text.replace("{name}", pattern_of.name).replace("{place}", pattern_of.place)


class RoleBody(Body):
    """What a post may do. A permission counts in the post's organisation, or also in all below it."""

    permissions: tuple[str, ...] = Field(description="<module>.<verb>, such as cases.receive")
    scope: Literal["organisation", "below"] = "organisation"


class RuleSetInForce(Shape):
    rule_set: Key
    first_day: Day = Field(alias="from")

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ProvinceBody(Body):
    """The province itself: its identifier, its order of levels, and which declarations are its own."""

    code: str = Field(description="Level-1 identifier by QĐ 20/2020/QĐ-TTg, such as H16")
    administrative_code: str = Field(description="Code of the General Statistics Office, such as 67")
    order: Literal["three-tier", "two-tier"]
    calendar: Key
    rule_sets: tuple[RuleSetInForce, ...] = Field(
        min_length=1, description="In the order in which they came into force"
    )
    organisations: Key
    cast: Key | None = Field(None, description="People of the demonstration")
    portal_name: str
    motto: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""

    def rule_set_on(self, day: date) -> Key:
        """The rule set in force on the day; the first one before any began."""
        begun = [entry.rule_set for entry in self.rule_sets if entry.first_day <= day]
        return begun[-1] if begun else self.rule_sets[0].rule_set


FUNCTIONS = "organisation-functions"
"""The code list of what organisations do for procedures."""


def known_functions(catalogue: Catalogue) -> set[str]:
    functions = catalogue.get(CODE_LIST, FUNCTIONS)
    return {item.code for item in functions.items} if functions else set()


def check_organisations(body: OrganisationsBody, catalogue: Catalogue) -> Iterator[Problem]:
    """Keys and identifiers are there once and well formed; roles, functions and patterns are known."""
    placed = body.flat()
    functions = known_functions(catalogue)
    seen: dict[str, set[str]] = {"key": set(), "identifier": set()}
    for entry in placed:
        if not rules.is_identifier(entry.identifier):
            message = _("“%(text)s” is not an agency identifier.") % {"text": entry.identifier}
            yield Problem((*entry.where, "identifier"), message)
        for name, values in seen.items():
            value = getattr(entry, name)
            if value in values:
                yield Problem((*entry.where, name), _("“%(text)s” is there twice.") % {"text": value})
            values.add(value)
        for function in set(entry.functions) - functions:
            yield Problem(entry.where, _("There is no function “%(text)s”.") % {"text": function})
        for post in entry.posts:
            for role in post.roles:
                yield from catalogue.refers(ROLE, role, at=entry.where)
    yield from _unknown_patterns(body, body.organisations, ("organisations",))


def _unknown_patterns(
    body: OrganisationsBody, entries: tuple[DeclaredOrganisation, ...], where: tuple[str | int, ...]
) -> Iterator[Problem]:
    for number, entry in enumerate(entries):
        if entry.pattern and entry.pattern not in body.patterns:
            message = _("There is no pattern “%(text)s”.") % {"text": entry.pattern}
            yield Problem((*where, number, "pattern"), message)
        yield from _unknown_patterns(body, entry.children, (*where, number, "children"))


def check_province(body: ProvinceBody, catalogue: Catalogue) -> Iterator[Problem]:
    if not rules.is_identifier(body.code):
        yield Problem(("code",), _("“%(text)s” is not an agency identifier.") % {"text": body.code})
    yield from catalogue.refers(ORGANISATIONS, body.organisations, at=("organisations",))


def publish_organisations(row: "Definition", body: OrganisationsBody) -> None:
    from lienthong.foundation.organisations import services

    services.publish_tree(body)


ROLE = Kind("role", RoleBody, title=_("role"))
ORGANISATIONS = Kind(
    "organisations",
    OrganisationsBody,
    title=_("agencies"),
    after=("role", "code-list"),
    check=check_organisations,
    materialise=publish_organisations,
)
PROVINCE = Kind(
    "province", ProvinceBody, title=_("province"), after=("organisations", "calendar"), check=check_province
)
