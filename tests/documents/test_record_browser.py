"""Records in a real browser, on a phone and at the desk."""

from datetime import date, timedelta

import pytest

from lienthong.documents.records import archiving
from lienthong.documents.rules.marks import Mark
from lienthong.foundation import clock
from tests import cast
from tests.browsing import DESK, PHONE, Visit, faults
from tests.documents.conftest import CHAIR, CLERK, HANDLER, HEAD
from tests.documents.test_limited_records import limited
from tests.documents.test_records import (
    ARCHIVIST,
    approved,
    document,
    drafted,
    given,
    line,
    opened,
    proposed,
    put_in,
    short,
)

pytestmark = pytest.mark.browser

RECORDS = "/ban-lam-viec/van-ban/ho-so/"


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_axe_finds_nothing_and_nothing_sticks_out(visit: Visit, viewport: dict[str, int], scheme: str):
    lists = approved(line(), line("02.QLĐT", title="Hồ sơ cấp giấy phép xây dựng nhà ở riêng lẻ trên địa bàn"))
    next_year = drafted(line(), year=2026)
    record, arrival = opened(notation="09.QLĐT"), document()
    put_in(record, arrival)
    put_in(record, document(mark=Mark("9", "BC-STC"), settled=False, pages=None))
    hand_over = given(short("10.QLĐT", arrival, retention="10-nam"))
    over = short("11.QLĐT", arrival)
    with clock.at(clock.now() + timedelta(days=1200)):
        disposal = proposed(over)
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for username, path in (
        (HANDLER, ""),
        (HANDLER, "?tim=khong-co"),
        (HANDLER, f"{record.pk}/"),
        (HANDLER, f"{record.pk}/ket-thuc/"),
        (HANDLER, f"{record.pk}/van-ban/{record.items.earliest('pk').pk}/"),
        (HANDLER, f"mo/?dong={lists.lines.earliest('pk').pk}"),
        (HEAD, "mo/"),
        (HANDLER, f"dua-vao/incoming-document/{arrival.pk}/"),
        (CLERK, "danh-muc/"),
        (CLERK, "danh-muc/?nam=2026"),
        (CLERK, "danh-muc/?nam=2027"),
        (CLERK, f"danh-muc/{next_year.pk}/dong/"),
        (CLERK, f"danh-muc/{next_year.pk}/dan/"),
        (HEAD, "nop-luu/"),
        (ARCHIVIST, "luu-tru/"),
        (ARCHIVIST, f"nop-luu/{hand_over.pk}/"),
        (ARCHIVIST, "nop-luu/thong-ke/"),
        (ARCHIVIST, "nop-luu/thong-ke/?nam=2026"),
        (ARCHIVIST, "tieu-huy/"),
        (CHAIR, f"tieu-huy/{disposal.pk}/"),
    ):
        found += faults(visit(username, RECORDS + path, **look))
    assert found == []


@pytest.mark.parametrize(("viewport", "scheme"), [(PHONE, "dark"), (DESK, "light")])
def test_what_is_limited_is_told_by_its_code_in_sound_pages(visit: Visit, viewport: dict[str, int], scheme: str):
    record = limited()
    archiving.ask_to_keep(
        record_id=record.pk, officer=cast.actor(HANDLER), until=date(2027, 3, 3), reason="Còn xác minh"
    )
    hand_over = given(limited(notation="10.QLĐT", another=document(mark=Mark("9", "SXD"))))
    look = {"viewport": viewport, "color_scheme": scheme}
    found: list[str] = []
    for path in ("luu-tru/", f"luu-tru/giu-lai/{record.pk}/", f"nop-luu/{hand_over.pk}/"):
        window = visit(ARCHIVIST, RECORDS + path, **look)
        found += faults(window)
        assert window.get_by_text("Hồ sơ hạn chế").first.is_visible()
    assert found == []
