"""Agencies as pure values: identifiers of both generations, and the tree that steps and reads are resolved in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError

OLD_FORM = re.compile(r"^(\d{3})\.(\d{2})\.(\d{2})\.([A-Y]\d{2})$")
NEW_FORM = re.compile(r"^[A-Y]\d{2}(\.[0-9A-Z]+)*$")
NEW_FORM_LENGTH = 35


UNITS = frozenset({"unit", "division"})
"""Kinds of organisations that are part of an agency."""


class IdentifierMalformed(DomainError):
    code = "organisations.identifier_malformed"


def is_identifier(text: str) -> bool:
    """Whether the text is an agency identifier of the new form (QĐ 20/2020/QĐ-TTg art. 4)."""
    return len(text) <= NEW_FORM_LENGTH and bool(NEW_FORM.match(text))


def is_old_identifier(text: str) -> bool:
    """Whether the text is an identifier of the 13-character form (QCVN 102:2016, QĐ 28/2018 art. 10.2.a)."""
    return bool(OLD_FORM.match(text))


def new_identifier(old: str) -> str:
    """The new form of a 13-character identifier: level 1 first, levels that are all zeros left out.

    `000.02.01.H53` becomes `H53.01.02`. The rule is practice, not law. Raises IdentifierMalformed.
    """
    match = OLD_FORM.match(old)
    if not match:
        raise IdentifierMalformed(_("“%(text)s” is not an agency identifier of 13 characters."), text=old)
    fourth, third, second, first = match.groups()
    groups = [second, third, fourth]
    while groups and not groups[-1].strip("0"):
        groups.pop()
    return ".".join([first, *groups])


def old_identifier(new: str) -> str | None:
    """The 13-character form of a new identifier, or None where it has none (more levels, letters, longer groups)."""
    if not is_identifier(new):
        raise IdentifierMalformed(_("“%(text)s” is not an agency identifier."), text=new)
    first, *groups = new.split(".")
    widths = (2, 2, 3)
    if len(groups) > len(widths):
        return None
    padded = []
    for position, width in enumerate(widths):
        group = groups[position] if position < len(groups) else "0"
        if not group.isdigit() or len(group) > width:
            return None
        padded.append(group.zfill(width))
    return ".".join([*reversed(padded), first])


class NoSuchFunction(DomainError):
    code = "organisations.no_such_function"


@dataclass(frozen=True, slots=True)
class Node:
    """An organisation in the tree. `path` holds the ids from the root down to this one."""

    id: int
    key: str
    name: str
    short_name: str
    kind: str
    level: str
    identifier: str
    area: str
    path: tuple[int, ...]
    functions: frozenset[str]
    valid_from: date
    valid_to: date | None
    old_identifier: str = ""
    place: str = ""
    address: str = ""
    phone: str = ""

    @property
    def parent_id(self) -> int | None:
        return self.path[-2] if len(self.path) > 1 else None

    def in_force(self, on: date) -> bool:
        """Both days included; without `valid_to` no end is known."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True, slots=True)
class PostNode:
    id: int
    organisation_id: int
    key: str
    title: str
    roles: frozenset[str]
    valid_from: date
    valid_to: date | None

    def in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@dataclass(frozen=True)
class Tree:
    """All organisations and posts of a province as one immutable value, so that finding an agency costs no query."""

    nodes: Mapping[int, Node]
    posts: Mapping[int, PostNode] = field(default_factory=dict)

    @classmethod
    def of(cls, nodes: Iterable[Node], posts: Iterable[PostNode] = ()) -> "Tree":
        return cls({node.id: node for node in nodes}, {post.id: post for post in posts})

    def __getitem__(self, organisation_id: int) -> Node:
        return self.nodes[organisation_id]

    @cached_property
    def _by_key(self) -> dict[str, Node]:
        return {node.key: node for node in self.nodes.values()}

    @cached_property
    def _by_function(self) -> dict[str, tuple[Node, ...]]:
        found: dict[str, list[Node]] = {}
        for node in sorted(self.nodes.values(), key=lambda node: (len(node.path), node.key)):
            for function in node.functions:
                found.setdefault(function, []).append(node)
        return {function: tuple(nodes) for function, nodes in found.items()}

    @cached_property
    def _posts_of(self) -> dict[int, tuple[PostNode, ...]]:
        found: dict[int, list[PostNode]] = {}
        for post in self.posts.values():
            found.setdefault(post.organisation_id, []).append(post)
        return {organisation: tuple(posts) for organisation, posts in found.items()}

    def by_key(self, key: str) -> Node | None:
        return self._by_key.get(key)

    def parent(self, node: Node) -> Node | None:
        return self.nodes[node.parent_id] if node.parent_id is not None else None

    def ancestors(self, node: Node) -> list[Node]:
        """From the root down, the node itself last."""
        return [self.nodes[step] for step in node.path]

    def is_within(self, node: Node, above: Node) -> bool:
        return node.path[: len(above.path)] == above.path

    @cached_property
    def _below(self) -> dict[int, frozenset[int]]:
        found: dict[int, set[int]] = {}
        for node in self.nodes.values():
            for above in node.path:
                found.setdefault(above, set()).add(node.id)
        return {above: frozenset(nodes) for above, nodes in found.items()}

    def below(self, node: Node) -> frozenset[int]:
        """The ids of the organisations in its subtree, its own among them."""
        return self._below[node.id]

    def agency_of(self, node: Node) -> Node:
        """The nearest organisation from here up that is an agency in its own right (a unit is part of one)."""
        for candidate in reversed(self.ancestors(node)):
            if candidate.kind not in UNITS:
                return candidate
        return self.nodes[node.path[0]]

    def with_function(self, function: str, on: date) -> list[Node]:
        """The organisations that do this at that day, from the top of the tree down."""
        return [node for node in self._by_function.get(function, ()) if node.in_force(on)]

    def nearest(self, function: str, origin: Node, on: date) -> Node:
        """The organisation with the function that is nearest to `origin`: in its subtree first, then walking up.

        Among equally near ones the one highest in the tree wins. Raises NoSuchFunction.
        """
        candidates = self.with_function(function, on)
        if not candidates:
            raise NoSuchFunction(
                _("No agency near %(origin)s does “%(function)s”."), origin=origin.name, function=function
            )
        return max(candidates, key=lambda node: (_shared(node.path, origin.path), -len(node.path)))

    def posts_in(self, organisation_id: int, role: str, on: date) -> list[PostNode]:
        """The posts of the organisation that carry the role."""
        return [post for post in self._posts_of.get(organisation_id, ()) if role in post.roles and post.in_force(on)]


def _shared(one: tuple[int, ...], other: tuple[int, ...]) -> int:
    """How many steps from the root two paths go together."""
    length = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        length += 1
    return length
