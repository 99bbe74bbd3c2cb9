"""Who may read and write which fields of which entries."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache, partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.registers.definition import REGISTER, Access, May, RegisterBody


@dataclass(frozen=True, slots=True)
class Automatic:
    """Nobody acts: what was decided in a dossier is written by itself, for the agency that keeps the entries, and with
    all their fields. `because` names the decision in the ledger."""

    organisation_id: int
    because: Mapping[str, str]
    account_id: None = None
    post_id: None = None


Writer = Officer | Automatic

KINDS: tuple[May, ...] = ("read", "propose", "write", "approve")
IMPLIED_BY: Mapping[May, frozenset[May]] = {
    "read": frozenset(KINDS),
    "propose": frozenset({"propose", "write"}),
    "write": frozenset({"write"}),
    "approve": frozenset({"approve"}),
}
"""Whoever may write may propose; and nobody proposes, writes or approves what they may not read."""

Reach = frozenset[int] | None
"""Ids of the agencies whose entries are meant; None: those of all agencies."""


@dataclass(frozen=True)
class Rights:
    """How far each field of a register reaches for somebody, by its key; a field that is not there is not theirs.

    `elsewhere` tells what the same person may read in another register; without it nobody is asked there. `only` leaves
    out entries, whoever keeps them: by the name of a column, what must stand in it.
    """

    fields: Mapping[str, Reach]
    elsewhere: "Callable[[RegisterBody], Rights] | None" = field(default=None, compare=False)
    only: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)

    @cached_property
    def reach(self) -> Reach:
        """The entries of which anything at all is theirs."""
        return _together(self.fields.values())

    def everywhere(self, key: str) -> bool:
        """Whether the field is theirs of every entry of which anything is."""
        return key in self.fields and self.covers(self.fields[key])

    def covers(self, reach: Reach) -> bool:
        return reach is None or (self.reach is not None and self.reach <= reach)

    def fields_at(self, organisation_id: int) -> frozenset[str]:
        return frozenset(key for key, reach in self.fields.items() if reach is None or organisation_id in reach)

    def limits(self, before: str = "") -> tuple[list[str], list[Any]]:
        """Conditions in SQL on the entries of which anything is theirs, and the values of their places. `before` stands
        before the names of columns."""
        return self.limits_to(self.reach, before)

    def limits_to(self, reach: Reach, before: str = "") -> tuple[list[str], list[Any]]:
        """As `limits`, on the entries of some agencies."""
        conditions = [f"{before}{name} = ANY(%s)" for name in self.only]
        given: list[Any] = [list(values) for values in self.only.values()]
        if reach is not None:
            # Small numbers would be sent as smallint: against those PostgreSQL tries one after another, for each entry.
            conditions.append(f"{before}organisation_id = ANY(%s::bigint[])")
            given.append(sorted(reach))
        return conditions, given

    def __bool__(self) -> bool:
        return bool(self.fields) and self.reach != frozenset()


def public(body: RegisterBody) -> Rights:
    """What anybody may read."""
    return Rights(dict.fromkeys(body.public), public, body.public_only)


def everything(body: RegisterBody) -> Rights:
    """What the program itself reads, for nobody."""
    return Rights(dict.fromkeys(body.leaves), everything)


def rights_of(officer: Writer, body: RegisterBody, *, to: May) -> Rights:
    """What an officer may do with the entries of a register."""
    if isinstance(officer, Automatic):
        return Rights(dict.fromkeys(body.leaves, frozenset({officer.organisation_id})))
    fields: dict[str, list[Reach]] = {}
    for access in body.access:
        if IMPLIED_BY[to].intersection(access.may):
            reach = _together(_reach(post, access) for post in officer.posts if _holds(post, access))
            for key in access.fields or body.leaves:
                fields.setdefault(key, []).append(reach)
    found = {key: _together(each) for key, each in fields.items()}
    theirs = {key: reach for key, reach in found.items() if reach != frozenset()}
    return Rights(theirs, partial(rights_of, officer, to="read"))


def reads_any(officer: Officer) -> bool:
    """Whether there is any register for the officer to look into."""
    openings = _openings(tuple(each.id for each in REGISTER.all()))
    return any(
        role in post.roles and (not function or function in post.organisation.functions)
        for role, function in openings
        for post in officer.posts
    )


@lru_cache(maxsize=4)
def _openings(versions: tuple[int, ...]) -> frozenset[tuple[str, str]]:
    """The roles, with the functions of agencies, to which any of these versions of registers is open. The menu of every
    page asks; the registers are many and change seldom."""
    accesses = (access for version in versions for access in REGISTER.pinned(version).access)
    return frozenset((access.role, access.function) for access in accesses)


def require(officer: Writer, body: RegisterBody, *, to: May) -> Rights:
    """As `rights_of`. Raises NotAllowed when there are none."""
    rights = rights_of(officer, body, to=to)
    if not rights:
        raise NotAllowed(_("Your posts do not include this in the register “%(register)s”."), register=body.name)
    return rights


def _holds(post: HeldPost, access: Access) -> bool:
    return access.role in post.roles and (not access.function or access.function in post.organisation.functions)


def _reach(post: HeldPost, access: Access) -> Reach:
    match access.where:
        case "province":
            return None
        case "below":
            return tree().below(post.organisation)
        case "own":
            return frozenset({post.organisation.id})


def _together(reaches: Iterable[Reach]) -> Reach:
    found: set[int] = set()
    for reach in reaches:
        if reach is None:
            return None
        found |= reach
    return frozenset(found)


def keepers(body: RegisterBody, rights: Rights) -> list[int]:
    """The agencies that keep the register and for which somebody with these rights may enter something."""
    reach = rights.reach
    kept_by = dict.fromkeys(node.id for key in body.keepers for node in tree().with_function(key, clock.today()))
    return [node for node in kept_by if reach is None or node in reach]
