"""What an agency is made of: its parts, the agency that an office works for, and by which role a part is led."""

from collections.abc import Iterator

from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import UNITS, Node

LEADER, HEAD = "agency-leader", "head-of-unit"

INSIDE = UNITS | {"office"}
"""Kinds of organisations that work for the agency above them."""


def served(organisation: Node) -> Iterator[Node]:
    """The agencies for which those work whose desk stands here: of a part of an agency the one above, for an office it
    and the office itself; else the organisation itself."""
    above = tree().parent(organisation)
    if organisation.kind in INSIDE and above:
        yield above
    if organisation.kind not in UNITS:
        yield organisation


def units_of(agency: Node) -> list[Node]:
    """The parts of an agency, itself first, from the top down: divisions, units and offices below it that are not
    agencies."""
    agencies, found, today = tree(), {agency.id: agency}, clock.today()
    for node in sorted((agencies[each] for each in agencies.below(agency)), key=lambda node: (len(node.path), node.id)):
        if node.kind in INSIDE and node.parent_id in found and node.in_force(today):
            found[node.id] = node
    return list(found.values())


def led_by(organisation: Node) -> str | None:
    """The role of those who lead an organisation today; None where nobody does."""
    agencies, today = tree(), clock.today()
    return next((role for role in (LEADER, HEAD) if agencies.posts_in(organisation.id, role, today)), None)
