"""The calendar in a real browser, on a phone and at the desk."""

from datetime import timedelta

import pytest

from lienthong.meetings import rules, services
from lienthong.meetings.rules import Access, Part, State
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.meetings.conftest import (
    AGENCY,
    CHAIR,
    HEAD,
    KEEPER,
    TUESDAY,
    WEEK,
    at,
    deputy,
    entered,
    new,
    published,
    registered,
)

pytestmark = pytest.mark.browser

THAT_WEEK = "?tuan=2025-03-03"


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    made = entered(access=Access.PUBLIC, others="Đại diện các sở, ngành; UBND các phường, xã trên địa bàn thành phố")
    entered(content="Họp trùng", when=at(9), leaders=(deputy(),))
    entered(access=Access.PUBLIC, content="Đi công tác", when=rules.when(TUESDAY, TUESDAY + timedelta(days=2)))
    entered(access=Access.PRIVATE, content="Việc riêng", when=rules.when(TUESDAY, part=Part.AFTERNOON))
    waiting = registered(content="Làm việc với nhà đầu tư", when=at(14))
    published()
    moved = new(access=Access.PUBLIC, when=at(15))
    services.change(engagement_id=made.pk, new=moved, officer=cast.actor(KEEPER), sequence=0)
    over = entered(access=Access.PUBLIC, content="Khởi công cầu Nghĩa Trung", when=at(7))
    services.end(engagement_id=over.pk, officer=cast.actor(KEEPER), state=State.CANCELLED, reason="Mưa bão")
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for username, path in (
        (KEEPER, WEEK + THAT_WEEK),
        (KEEPER, WEEK),
        (KEEPER, f"{WEEK}thang/?thang=2025-03-03"),
        (HEAD, f"{WEEK}{THAT_WEEK}&xem=toi"),
        (CHAIR, f"{WEEK}?tim=hop"),
        (HEAD, f"{WEEK}?tim=khong-co"),
        (KEEPER, f"{WEEK}moi/"),
        (KEEPER, f"{WEEK}{made.pk}/"),
        (KEEPER, f"{WEEK}{made.pk}/sua/"),
        (KEEPER, f"{WEEK}{waiting.pk}/tu-choi/"),
        (KEEPER, f"{WEEK}{waiting.pk}/"),
        (CHAIR, f"{WEEK}dong-bo/"),
        (KEEPER, "/tai-khoan/vang-mat/lanh-dao/"),
        ("", "/lich-cong-tac/"),
        ("", f"/lich-cong-tac/{AGENCY}/{THAT_WEEK}"),
        ("", f"/lich-cong-tac/{AGENCY}/"),
    ):
        found += faults(visit(username, path, **look))
    assert found == []
