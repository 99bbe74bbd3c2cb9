"""The tree as lists that fields choose from."""

from collections.abc import Callable
from functools import lru_cache

from lienthong.foundation.fields.lists import CodeList, Item
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import UNITS, Node, Tree


def agencies() -> CodeList:
    """Agencies in their own right, each below the one above it."""
    return _listed(tree(), _is_agency)


def all_of_them() -> CodeList:
    """Their units too."""
    return _listed(tree(), _is_any)


def _is_agency(node: Node) -> bool:
    return node.kind not in UNITS


def _is_any(node: Node) -> bool:
    return True


class _Held:
    """A tree as a key of what was made of it: the same tree is the same object."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and self.tree is other.tree

    def __hash__(self) -> int:
        return id(self.tree)


def _listed(tree: Tree, wanted: Callable[[Node], bool]) -> CodeList:
    return _made(_Held(tree), wanted)


@lru_cache(maxsize=4)
def _made(held: _Held, wanted: Callable[[Node], bool]) -> CodeList:
    nodes = [node for node in held.tree.nodes.values() if wanted(node)]
    known = {node.id: node.key for node in nodes}
    in_order = sorted(nodes, key=lambda node: (len(node.path), node.path))
    return CodeList(
        Item(
            node.key,
            node.name,
            next((known[above] for above in reversed(node.path[:-1]) if above in known), ""),
            node.valid_from,
            node.valid_to,
        )
        for node in in_order
    )
