"""Whose seal somebody keeps."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import NotFound
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import UNITS, Node
from lienthong.identity.actors import Officer

KEEP_SEAL = "signing.keep-seal"
"""To keep the organisation's seal: the clerk's work alone (NĐ 30/2020 art. 32-33)."""

_INSIDE = UNITS | {"office"}


def seals_kept_by(officer: Officer) -> list[Node]:
    """The organisations whose seals an officer keeps. A clerk who sits in an office keeps those of the agency above and
    of the office; one in a division that of the agency."""
    found: dict[int, Node] = {}
    for post in officer.posts:
        if any(grant.permission == KEEP_SEAL for grant in post.grants):
            for node in _served(post.organisation):
                found.setdefault(node.id, node)
    return list(found.values())


def kept_seal(organisation_id: int, officer: Officer) -> Node:
    """Raises NotFound, also where there is no such organisation."""
    for node in seals_kept_by(officer):
        if node.id == organisation_id:
            return node
    raise NotFound(_("You keep no seal of this organisation."))


def _served(organisation: Node) -> Iterator[Node]:
    above = tree().parent(organisation)
    if organisation.kind in _INSIDE and above:
        yield above
    if organisation.kind not in UNITS:
        yield organisation
