"""A register as a province would declare it, published for the test, and officers who may do things with it."""

from collections.abc import Iterator
from typing import Any

import pytest

from lienthong.foundation import clock
from lienthong.foundation.definitions import services as definitions
from lienthong.foundation.organisations.queries import by_key
from lienthong.identity.actors import Grant, HeldPost, Officer
from lienthong.registers import queries
from lienthong.registers.definition import RegisterBody
from tests import cast

KEY = "giay-phep-thu"
GIA_NGHIA, CU_JUT = "thanh-pho-gia-nghia-quan-ly-do-thi", "huyen-cu-jut-kinh-te-ha-tang"

DECLARED = """
kind: register
key: giay-phep-thu
name: Sổ giấy phép xây dựng (thử)
effective_from: 2011-01-25
group: quy-hoach-xay-dung
singular: giấy phép xây dựng
keeper: urban-management
fields:
  - {key: so, type: text, label: Số giấy phép, required: true, max_length: 40}
  - {key: ngay_cap, type: date, label: Ngày cấp, required: true}
  - key: chu_dau_tu
    type: section
    label: Chủ đầu tư
    fields:
      - {key: ten, type: text, label: Họ và tên, required: true}
      - {key: so_dinh_danh, type: person-id, label: Số định danh, personal: true}
  - {key: dia_chi, type: address, label: Địa chỉ xây dựng, required: true}
  - {key: dien_tich, type: decimal, label: Diện tích sàn, unit: m²}
  - {key: so_tang, type: integer, label: Số tầng, max: 100}
  - {key: loai, type: choices, label: Loại, options: [{value: moi, label: Xây mới}, {value: sua, label: Sửa chữa}]}
  - key: hang_muc
    type: table
    label: Hạng mục
    fields:
      - {key: ten_hang_muc, type: text, label: Tên}
      - {key: muc_dien_tich, type: decimal, label: Diện tích}
identity: [[so]]
title: [so, ten]
listing:
  columns: [so, ten, dia_chi, ngay_cap]
  sort: -ngay_cap
  filters: [dia_chi, so_tang]
  search: [so, ten]
access:
  - {role: case-handler, function: urban-management, may: [read, write], where: own}
  - {role: agency-leader, may: [read], where: below}
  - {role: auditor, may: [read], where: province, fields: [so, ngay_cap, dia_chi]}
public: [so, ngay_cap, dien_tich]
retention: 20 years
"""


def publish(text: str = DECLARED, **more: Any) -> None:
    plan = definitions.plan_text(text, folder="tests", file="so.yaml")
    assert not plan.problems, "\n".join(map(str, plan.problems))
    definitions.apply(plan, **more)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with cast.on_monday():
        yield


@pytest.fixture
def register(db: None) -> RegisterBody:
    publish()
    return queries.register(KEY)


def officer_of(role: str, agency: str) -> Officer:
    """Somebody who holds one post with that role there."""
    post = HeldPost(1, role, by_key(agency), frozenset({role}), frozenset[Grant]())
    return Officer(cast.account(cast.HANDLER).pk, "Nguyễn Thị Mai", (post,), post)


def permit(**other: Any) -> dict[str, Any]:
    return {
        "so": "15/GPXD",
        "ngay_cap": clock.today().isoformat(),
        "chu_dau_tu": {"ten": "Trần Hưng Đạo", "so_dinh_danh": None},
        "dia_chi": {"unit": "24611", "detail": "12 Hùng Vương"},
        "dien_tich": 120.5,
        "so_tang": 2,
        "loai": ["moi"],
        "hang_muc": [{"ten_hang_muc": "Nhà chính", "muc_dien_tich": 100}],
        **other,
    }
