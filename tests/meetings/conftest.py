"""The calendar of the city, the people who have to do with it, and engagements of the week after the frozen Monday."""

from collections.abc import Iterator
from datetime import date, time
from typing import Any
from uuid import uuid4

import pytest

from lienthong.foundation.organisations.queries import by_key, tree
from lienthong.meetings import rules, services
from lienthong.meetings.models import Engagement
from lienthong.meetings.rules import When
from lienthong.meetings.services import NewEngagement
from tests import cast

AGENCY, URBAN, OFFICE = (
    "thanh-pho-gia-nghia",
    "thanh-pho-gia-nghia-quan-ly-do-thi",
    "thanh-pho-gia-nghia-van-phong",
)
KEEPER, CHAIR, DEPUTY, HEAD, HANDLER = "thu.vanthu", "dung.chutich", cast.LEADER, cast.HEAD, cast.HANDLER
OTHER_UNIT, ELSEWHERE = "hoa.tckh", "dat.condau"

TUESDAY = date(2025, 3, 4)
WEEK = "/ban-lam-viec/lich-cong-tac/"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with cast.on_monday():
        yield


def post(agency: str, key: str) -> int:
    """The id of a post."""
    organisation = by_key(agency).id
    return next(each.id for each in tree().posts.values() if each.organisation_id == organisation and each.key == key)


def chair() -> int:
    return post(AGENCY, "chu-tich")


def deputy() -> int:
    return post(AGENCY, "pho-chu-tich")


def at(hour: int, minute: int = 0, *, day: date = TUESDAY, until: time | None = None) -> When:
    return rules.when(day, begins=time(hour, minute), ends=until)


def new(**other: Any) -> NewEngagement:
    said: dict[str, Any] = {
        "when": at(8, 30),
        "content": "Họp rà soát quy hoạch khu dân cư Nghĩa Đức",
        "unit_id": by_key(URBAN).id,
        "leaders": (chair(),),
        "place": "Phòng họp số 1",
    }
    return NewEngagement(**{**said, **other})


def registered(by: str = HEAD, **other: Any) -> Engagement:
    return services.register(agency_id=by_key(AGENCY).id, new=new(**other), officer=cast.actor(by), key=uuid4())


def entered(**other: Any) -> Engagement:
    """By the office, which asks nobody."""
    return registered(KEEPER, **other)


def published(day: date = TUESDAY, by: str = KEEPER) -> None:
    services.publish(agency_id=by_key(AGENCY).id, day=day, officer=cast.actor(by))


def form(**other: Any) -> dict[str, Any]:
    """What a browser sends."""
    return {
        "_lan": str(uuid4()),
        "co-quan": AGENCY,
        "ngay": "2025-03-04",
        "tu-gio": "08:30",
        "noi-dung": "Họp giao ban",
        "lanh-dao": [str(chair())],
        "don-vi": str(by_key(URBAN).id),
        "muc": "internal",
        **other,
    }
