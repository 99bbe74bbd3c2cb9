"""A declared tree becomes rows: again and again, on any day."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from lienthong.foundation.organisations.definition import OrganisationsBody
from lienthong.foundation.organisations.models import Organisation, Post
from lienthong.foundation.organisations.queries import by_key, tree
from tests.foundation.organisations.conftest import FIRST_DAY, declared

Publish = Callable[..., None]

MONTH = timedelta(days=30)
WARD = {
    "key": "nghia-trung",
    "name": "UBND phường Nghĩa Trung",
    "kind": "peoples-committee",
    "level": "commune",
    "identifier": "H16.31.21",
}


def rows() -> list[dict[str, object]]:
    return list(Organisation.objects.order_by("pk").values()) + list(Post.objects.order_by("pk").values())


def test_patterns_are_filled_in_for_the_organisation_that_takes_them(publish: Publish) -> None:
    publish(declared())
    one_stop = by_key("gia-nghia-van-phong-mot-cua")
    assert one_stop.name == "Bộ phận Một cửa thành phố Gia Nghĩa"
    assert one_stop.identifier == "H16.31.01.02" and one_stop.old_identifier == "002.01.31.H16"
    assert one_stop.level == "district" and one_stop.area == "660"
    assert [above.key for above in tree().ancestors(one_stop)] == [
        "ubnd-tinh",
        "gia-nghia",
        "gia-nghia-van-phong",
        "gia-nghia-van-phong-mot-cua",
    ]


def test_two_places_of_the_same_post_get_keys_of_their_own(publish: Publish) -> None:
    publish(declared())
    posts = Post.objects.filter(organisation__key="gia-nghia").order_by("key").values_list("key", flat=True)
    assert list(posts) == ["chu-tich", "pho-chu-tich", "pho-chu-tich-2"]


def test_publishing_the_same_tree_twice_changes_nothing(publish: Publish) -> None:
    publish(declared())
    before = rows()
    publish(declared(), FIRST_DAY + MONTH)
    assert rows() == before


def test_what_is_no_longer_named_ended_the_day_before_and_is_still_there(publish: Publish) -> None:
    publish(declared(WARD))
    publish(declared(), FIRST_DAY + MONTH)
    ward = by_key("nghia-trung")
    assert ward.valid_to == FIRST_DAY + MONTH - timedelta(days=1)
    assert ward.in_force(ward.valid_to) and not ward.in_force(FIRST_DAY + MONTH)


def test_what_was_ended_on_its_first_day_is_not_ended_before_it_began(publish: Publish) -> None:
    publish(declared(WARD))
    publish(declared(), FIRST_DAY)
    assert by_key("nghia-trung").valid_to == FIRST_DAY


def test_an_organisation_that_is_named_again_goes_on_under_its_old_id(publish: Publish) -> None:
    publish(declared(WARD))
    before = by_key("nghia-trung")
    publish(declared(), FIRST_DAY + MONTH)
    publish(declared(WARD), FIRST_DAY + 2 * MONTH)
    after = by_key("nghia-trung")
    assert after.id == before.id and after.valid_to is None


def test_an_organisation_that_moves_takes_everything_below_it_along(publish: Publish) -> None:
    body = declared()
    publish(body)
    before = by_key("gia-nghia-van-phong-mot-cua")
    moved = body.model_dump()
    committee = moved["organisations"][0]
    department, city = committee["children"]
    committee["children"] = [{**department, "children": [city]}]
    publish(OrganisationsBody.model_validate(moved))
    one_stop, department_now = by_key("gia-nghia-van-phong-mot-cua"), by_key("so-xay-dung")
    assert one_stop.id == before.id
    assert one_stop.path[:2] == department_now.path and len(one_stop.path) == len(before.path) + 1
    below = Organisation.objects.filter(path__within=".".join(map(str, department_now.path)))
    assert set(below.values_list("key", flat=True)) == {
        "so-xay-dung",
        "gia-nghia",
        "gia-nghia-van-phong",
        "gia-nghia-van-phong-mot-cua",
    }


def test_reads_scoped_to_several_subtrees_see_those_and_nothing_else(publish: Publish) -> None:
    publish(declared())
    paths = [".".join(map(str, by_key(key).path)) for key in ("so-xay-dung", "gia-nghia-van-phong")]
    seen = Organisation.objects.filter(path__within_any=paths).values_list("key", flat=True)
    assert set(seen) == {"so-xay-dung", "gia-nghia-van-phong", "gia-nghia-van-phong-mot-cua"}
    assert not Organisation.objects.filter(path__within_any=[]).exists()


def test_a_post_that_is_no_longer_named_ends_and_comes_back(publish: Publish) -> None:
    publish(declared())
    publish(declared(posts=[]), FIRST_DAY + MONTH)
    post = Post.objects.get(organisation__key="ubnd-tinh", key="chu-tich")
    assert post.valid_to == FIRST_DAY + MONTH - timedelta(days=1)
    publish(declared(), FIRST_DAY + 2 * MONTH)
    again = Post.objects.get(organisation__key="ubnd-tinh", key="chu-tich")
    assert again.pk == post.pk and again.valid_to is None


def test_a_new_title_and_new_roles_reach_the_post(publish: Publish) -> None:
    publish(declared())
    publish(declared(posts=[{"key": "chu-tich", "title": "Chủ tịch UBND tỉnh", "roles": ["auditor"]}]))
    post = Post.objects.get(organisation__key="ubnd-tinh", key="chu-tich")
    assert post.title == "Chủ tịch UBND tỉnh" and post.roles == ["auditor"]


@pytest.mark.parametrize("day", [date(2019, 12, 31), date(2020, 1, 1)])
def test_an_organisation_is_there_from_its_first_day_on(publish: Publish, day: date) -> None:
    publish(declared())
    assert by_key("ubnd-tinh").in_force(day) is (day >= FIRST_DAY)


def test_a_successor_takes_over_the_identifier_on_the_day_after(publish: Publish) -> None:
    publish(declared(WARD))
    successor = {**WARD, "key": "nghia-trung-moi", "valid_from": FIRST_DAY + MONTH}
    publish(declared(successor), FIRST_DAY + MONTH)
    holders = Organisation.objects.filter(identifier="H16.31.21").order_by("valid_from")
    assert [(row.key, row.valid_to) for row in holders] == [
        ("nghia-trung", FIRST_DAY + MONTH - timedelta(days=1)),
        ("nghia-trung-moi", None),
    ]
