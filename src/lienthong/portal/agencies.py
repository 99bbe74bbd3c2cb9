"""Agencies for people to choose from: grouped as they think of them, the nearest guessed."""

from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.models import Person
from lienthong.identity.queries import UNITS, Actor


def by_district(agencies: list[Node]) -> list[tuple[str, list[Node]]]:
    """Agencies under the name of the agency above them, both by name; alone where only one group is."""
    groups: dict[str, list[Node]] = {}
    for agency in sorted(agencies, key=lambda agency: agency.name):
        above = tree().parent(agency)
        groups.setdefault(above.place or above.short_name if above else "", []).append(agency)
    return sorted(groups.items())


def nearest_to(applicant: Actor, agencies: list[Node], *, unit: str = "") -> Node | None:
    """The agency whose area holds the applicant's address, or the given commune, when there is just one."""
    if not unit:
        own = Person.objects.filter(account_id=applicant.account_id)
        unit = own.values_list("address_unit", flat=True).first() or ""
    if not unit:
        return None
    today = clock.today()
    areas = {item.code for item in PUBLISHED.code_list(UNITS, today).chain(unit, today)}
    near = [agency for agency in agencies if agency.area in areas]
    return near[0] if len(near) == 1 else None
