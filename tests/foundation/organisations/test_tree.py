"""Finding agencies in the tree: pure, on values."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation.organisations.rules import Node, NoSuchFunction, PostNode, Tree

DAY = date(2024, 6, 1)


def node(id: int, path: tuple[int, ...], *functions: str, kind: str = "department", until: date | None = None) -> Node:
    return Node(
        id=id,
        key=f"o{id}",
        name=f"Cơ quan {id}",
        short_name="",
        kind=kind,
        level="province",
        identifier="H16",
        area="",
        path=path,
        functions=frozenset(functions),
        valid_from=date(2020, 1, 1),
        valid_to=until,
    )


PROVINCE = node(1, (1,), "one-stop", kind="peoples-committee")
POLICE = node(2, (1, 2), "fire-police", kind="agency")
CITY = node(3, (1, 3), kind="peoples-committee")
OFFICE = node(4, (1, 3, 4), kind="office")
ONE_STOP = node(5, (1, 3, 4, 5), "one-stop", kind="unit")
DIVISION = node(6, (1, 3, 6), "urban-management", kind="division")
DISTRICT = node(7, (1, 7), kind="peoples-committee")
TREE = Tree.of([PROVINCE, POLICE, CITY, OFFICE, ONE_STOP, DIVISION, DISTRICT])


def test_the_agency_in_the_own_subtree_is_nearest() -> None:
    assert TREE.nearest("one-stop", CITY, DAY) is ONE_STOP


def test_without_one_in_the_subtree_the_search_walks_up() -> None:
    assert TREE.nearest("one-stop", DISTRICT, DAY) is PROVINCE
    assert TREE.nearest("fire-police", DIVISION, DAY) is POLICE
    assert TREE.nearest("one-stop", DIVISION, DAY) is ONE_STOP


def test_nobody_does_it_any_more() -> None:
    ended = Tree.of([PROVINCE, node(8, (1, 8), "notary", until=date(2024, 5, 31))])
    with pytest.raises(NoSuchFunction):
        ended.nearest("notary", PROVINCE, DAY)
    assert ended.nearest("notary", PROVINCE, date(2024, 5, 31)).id == 8


def test_a_unit_and_a_division_belong_to_the_agency_above() -> None:
    assert TREE.agency_of(ONE_STOP) is OFFICE
    assert TREE.agency_of(DIVISION) is CITY
    assert TREE.agency_of(CITY) is CITY


def test_a_unit_without_anything_above_is_its_own_agency() -> None:
    alone = node(9, (9,), kind="unit")
    assert Tree.of([alone]).agency_of(alone) is alone


def test_above_and_below() -> None:
    assert TREE.ancestors(ONE_STOP) == [PROVINCE, CITY, OFFICE, ONE_STOP]
    assert TREE.parent(ONE_STOP) is OFFICE and TREE.parent(PROVINCE) is None
    assert TREE.is_within(ONE_STOP, CITY) and not TREE.is_within(ONE_STOP, DISTRICT)
    assert TREE.is_within(CITY, CITY)


def test_only_posts_in_force_with_the_role_count() -> None:
    first_day = date(2020, 1, 1)
    posts = [
        PostNode(1, 5, "can-bo", "Cán bộ", frozenset({"one-stop-clerk"}), first_day, None),
        PostNode(2, 5, "cu", "Cán bộ", frozenset({"one-stop-clerk"}), first_day, date(2023, 12, 31)),
        PostNode(3, 5, "truong", "Trưởng", frozenset({"head-of-unit"}), first_day, None),
    ]
    tree = Tree.of([ONE_STOP], posts)
    assert [post.id for post in tree.posts_in(5, "one-stop-clerk", DAY)] == [1]
    assert tree.posts_in(6, "one-stop-clerk", DAY) == []


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    """Up to a dozen agencies under one root, some of which do "x"."""
    nodes = [node(0, (0,), *(["x"] if draw(st.booleans()) else []))]
    for id in range(1, draw(st.integers(1, 12))):
        above = draw(st.sampled_from(nodes))
        nodes.append(node(id, (*above.path, id), *(["x"] if draw(st.booleans()) else [])))
    return Tree.of(nodes)


@given(trees(), st.data())
@settings(max_examples=100)
def test_no_agency_that_does_it_is_nearer_than_the_one_found(tree: Tree, data: st.DataObject) -> None:
    origin = data.draw(st.sampled_from(list(tree.nodes.values())))
    able = tree.with_function("x", DAY)
    if not able:
        return
    found = tree.nearest("x", origin, DAY)

    def common(other: Node) -> int:
        """The depth of the lowest agency that both are under."""
        return sum(1 for each in tree.ancestors(other) if tree.is_within(origin, each))

    assert "x" in found.functions
    assert common(found) == max(common(each) for each in able)
    assert all(len(found.path) <= len(each.path) for each in able if common(each) == common(found))
