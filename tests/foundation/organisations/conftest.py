"""A small province to publish: a committee, its office, two departments, a city with its one-stop shop and a ward."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from django.db import connection

from lienthong.foundation.organisations import queries, services
from lienthong.foundation.organisations.definition import OrganisationsBody
from lienthong.foundation.organisations.models import Organisation, Posting

FIRST_DAY = date(2020, 1, 1)

CITY: dict[str, Any] = {
    "functions": ["district-committee"],
    "posts": [
        {"key": "chu-tich", "title": "Chủ tịch UBND {place}", "roles": ["agency-leader"]},
        {"key": "pho-chu-tich", "title": "Phó Chủ tịch", "roles": ["agency-leader"], "count": 2},
    ],
    "children": [
        {
            "key": "van-phong",
            "name": "Văn phòng HĐND và UBND {place}",
            "kind": "office",
            "identifier": "01",
            "children": [
                {
                    "key": "mot-cua",
                    "name": "Bộ phận Một cửa {place}",
                    "kind": "unit",
                    "identifier": "02",
                    "functions": ["one-stop"],
                    "posts": [{"key": "can-bo", "title": "Cán bộ một cửa", "roles": ["one-stop-clerk"], "count": 2}],
                }
            ],
        }
    ],
}


def declared(*more: dict[str, Any], **changes: Any) -> OrganisationsBody:
    """The province; `more` are further children of the committee, `changes` replace fields of the committee."""
    committee: dict[str, Any] = {
        "key": "ubnd-tinh",
        "name": "UBND tỉnh Đắk Nông",
        "place": "tỉnh Đắk Nông",
        "kind": "peoples-committee",
        "level": "province",
        "identifier": "H16",
        "area": "67",
        "functions": ["province-committee", "one-stop"],
        "posts": [{"key": "chu-tich", "title": "Chủ tịch", "roles": ["agency-leader"]}],
        "children": [
            {
                "key": "so-xay-dung",
                "name": "Sở Xây dựng",
                "kind": "department",
                "identifier": "H16.17",
                "functions": ["construction"],
            },
            {
                "key": "gia-nghia",
                "name": "UBND thành phố Gia Nghĩa",
                "place": "thành phố Gia Nghĩa",
                "kind": "peoples-committee",
                "level": "district",
                "identifier": "H16.31",
                "area": "660",
                "pattern": "city",
            },
            *more,
        ],
    }
    return OrganisationsBody.model_validate(
        {
            "key": "thu",
            "name": "Bộ máy thử",
            "effective_from": FIRST_DAY,
            "patterns": {"city": CITY},
            "organisations": [{**committee, **changes}],
        }
    )


def clear_the_ground() -> None:
    """The tree of the test database, and what hangs on it, would stand in the way of the small one."""
    fields = Organisation._meta.get_fields(include_hidden=True)
    pointing = {field.related_model for field in fields if field.one_to_many}
    with connection.cursor() as cursor:
        for model in (Posting, *(pointing - {Organisation}), Organisation):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")


@pytest.fixture
def publish(db: None) -> Iterator[Callable[..., None]]:
    """Publish a tree on a day; what this process knows of trees is forgotten before and after the test."""

    def publish(body: OrganisationsBody, today: date = FIRST_DAY) -> None:
        services.publish_tree(body, today=today)

    clear_the_ground()
    queries.forget_tree()
    yield publish
    queries.forget_tree()
