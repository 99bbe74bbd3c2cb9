"""An agency that gets documents, and the people through whose hands they go."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lienthong.documents import services
from lienthong.documents.models import Arrival
from lienthong.documents.rules.marks import Mark
from lienthong.documents.services import NewDocument
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import by_key, tree
from tests import cast
from tests.foundation.files import conversion

AGENCY, URBAN, FINANCE = (
    "thanh-pho-gia-nghia",
    "thanh-pho-gia-nghia-quan-ly-do-thi",
    "thanh-pho-gia-nghia-tai-chinh-ke-hoach",
)
CLERK, CHAIR, HEAD, HANDLER = "thu.vanthu", "dung.chutich", cast.HEAD, cast.HANDLER
OTHER_HEAD = "hoa.tckh"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with cast.on_monday():
        yield


@pytest.fixture(autouse=True)
def no_renditions(monkeypatch: pytest.MonkeyPatch) -> None:
    """Packages are the same on every machine; tests of PDF/A say by which program it is made."""
    conversion.none(monkeypatch)


def letter(**other: Any) -> NewDocument:
    said: dict[str, Any] = {
        "mark": Mark("125", "SXD-QH"),
        "dated": date(2025, 2, 27),
        "kind": "cong-van",
        "abstract": "Về việc rà soát quy hoạch chi tiết khu dân cư phường Nghĩa Đức",
        "issuer_name": "Sở Xây dựng",
    }
    return NewDocument(**{**said, **other})


def post(agency: str, key: str) -> int:
    """The id of a post."""
    organisation = by_key(agency).id
    return next(each.id for each in tree().posts.values() if each.organisation_id == organisation and each.key == key)


def chair() -> int:
    return post(AGENCY, "chu-tich")


def registered(**other: Any) -> Arrival:
    return services.register(
        agency_id=by_key(AGENCY).id, document=letter(**other), officer=cast.actor(CLERK), key=uuid4()
    )


def presented(**other: Any) -> Arrival:
    return services.register(
        agency_id=by_key(AGENCY).id,
        document=letter(**other),
        officer=cast.actor(CLERK),
        key=uuid4(),
        receiving=services.Receiving(present_to=chair(), words="Kính trình Chủ tịch"),
    )


def in_days(days: int) -> datetime:
    return clock.now() + timedelta(days=days)
