"""Which agency, which unit and which days a page of the follow-up is about, read from its address."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from lienthong.documents import policy
from lienthong.documents.queries.settlement import Period
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import UNITS, Node
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest

FIRST_YEAR, LAST_YEAR = 2000, 2099


class FollowsNothing(NotAllowed):
    code = "documents.follows_nothing"


@dataclass(frozen=True, slots=True)
class Scope:
    """`whole`: the officer follows the agency as a whole, else only `units` of it. `unit`: the one asked for."""

    agencies: list[Node]
    agency: Node
    whole: bool
    units: list[Node]
    unit: Node | None


def scope_of(request: OfficerRequest) -> Scope:
    """Raises FollowsNothing for whoever neither registers documents nor sees those of a unit."""
    officer, given = request.officer, request.GET
    whole = policy.followed_by(officer)
    agencies = [*whole, *(node for node in _above_units(officer) if node not in whole)]
    if not agencies:
        raise FollowsNothing(_("The follow-up of documents is for clerks and for those who lead."))
    agency = next((node for node in agencies if node.key == given.get("co-quan", "")), agencies[0])
    is_whole, own = agency in whole, {node.id for node in policy.units_followed_by(officer)}
    units = [node for node in policy.units_of(agency) if node is not agency and (is_whole or node.id in own)]
    unit = next((node for node in units if node.key == given.get("don-vi", "")), None)
    if unit is None and not is_whole:
        unit = units[0]
    return Scope(agencies, agency, is_whole, units, unit)


def _above_units(officer: Officer) -> list[Node]:
    """The agencies, an office's own included, of which somebody follows a unit only."""
    found: dict[int, Node] = {}
    for unit in policy.units_followed_by(officer):
        for node in reversed(tree().ancestors(unit)):
            if node.kind not in UNITS and unit.id in {each.id for each in policy.units_of(node)}:
                found.setdefault(node.id, node)
    return list(found.values())


def period_of(request: OfficerRequest) -> Period:
    """This year up to today, where the address says nothing else."""
    today = clock.today()
    first = _day(request.GET.get("tu", "")) or date(today.year, 1, 1)
    last = _day(request.GET.get("den", "")) or max(first, today)
    return Period(min(first, last), max(first, last))


def _day(text: str) -> date | None:
    found = asked.day(text)
    return found if found and FIRST_YEAR <= found.year <= LAST_YEAR else None
