"""The chair of a city, the office that follows for them, and those to whom they give directives."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lienthong.directives import services
from lienthong.directives.models import Directive, Task
from lienthong.directives.services import Order, Said
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key, tree
from tests import cast

CITY, URBAN, FINANCE, WARD = (
    "thanh-pho-gia-nghia",
    "thanh-pho-gia-nghia-quan-ly-do-thi",
    "thanh-pho-gia-nghia-tai-chinh-ke-hoach",
    "thanh-pho-gia-nghia-phuong-nghia-trung",
)
CHAIR, DEPUTY, OFFICE = "dung.chutich", cast.LEADER, "thu.vanthu"
HEAD, HANDLER, OTHER_HANDLER, OTHER_HEAD, WARD_CHAIR = (
    cast.HEAD,
    cast.HANDLER,
    cast.OTHER_HANDLER,
    "hoa.tckh",
    "tam.nghiatrung",
)
CONTENT = "Rà soát, báo cáo tiến độ giải phóng mặt bằng khu dân cư phường Nghĩa Đức"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with cast.on_monday():
        yield


def post(organisation: str, key: str) -> int:
    """The id of a post."""
    found = by_key(organisation).id
    return next(each.id for each in tree().posts.values() if each.organisation_id == found and each.key == key)


def in_days(days: float) -> datetime:
    return clock.now() + timedelta(days=days)


def order(**other: Any) -> Order:
    said: dict[str, Any] = {"content": CONTENT, "lead": by_key(URBAN).id, "due_at": in_days(10)}
    return Order(**{**said, **other})


def given(officer: str = CHAIR, key: Any = None, **other: Any) -> Directive:
    return services.give(
        agency_id=by_key(CITY).id, order=order(**other), officer=cast.actor(officer), key=key or uuid4()
    )


def root(directive: Directive) -> Task:
    return Task.objects.get(directive=directive, parent=None, part="lead")


def with_task(task: Task, officer: str, **other: Any) -> dict[str, Any]:
    """What every deed with a task is told."""
    return {
        "directive_id": task.directive_id,
        "task_id": task.pk,
        "officer": cast.actor(officer),
        "key": uuid4(),
        **other,
    }


def accepted(**other: Any) -> Task:
    task = root(given(**other))
    services.accept(**with_task(task, HEAD))
    return fresh(task)


def reported(task: Task, officer: str = HEAD, **other: Any) -> Task:
    said = Said(words="Đã hoàn thành", product_code="45/BC-QLĐT")
    services.complete(**with_task(task, officer, said=said, **other))
    return fresh(task)


def judged(task: Task, officer: str = OFFICE) -> Task:
    services.judge(**with_task(task, officer, mark="met"))
    return fresh(task)


def part_of(task: Task, officer: str = HEAD, *, whom: services.Whom | None = None, **other: Any) -> Task:
    chosen = whom or services.Whom(by_key(URBAN).id, post(URBAN, "chuyen-vien"))
    services.hand_on(**with_task(task, officer, content="Tổng hợp số liệu", whom=chosen, **other))
    return Task.objects.filter(parent=task).latest("id")


def fresh(task: Task) -> Task:
    return Task.objects.get(pk=task.pk)
