"""What people are told about the registers in which they are named."""

from datetime import timedelta

import pytest

from lienthong.foundation import clock
from lienthong.identity.models import Person
from lienthong.personal.sources import all_sources
from lienthong.registers import services
from tests import cast
from tests.browsing import queries_of
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish

pytestmark = pytest.mark.django_db

NUMBER, OTHER = "067085012345", "067085054321"
IN_ROWS = DECLARED.replace(
    "      - {key: muc_dien_tich,",
    "      - {key: nguoi_lam, type: person-id, label: Số định danh người làm}\n      - {key: muc_dien_tich,",
)


@pytest.fixture
def handler(db):
    publish(IN_ROWS)
    return officer_of("case-handler", GIA_NGHIA)


def named(handler, so="15/GPXD", number=NUMBER, **other):
    person = {"ten": "Trần Hưng Đạo", "so_dinh_danh": number}
    return services.enter(register=KEY, raw=permit(so=so, chu_dau_tu=person, **other), officer=handler)


def told(confirmed=True):
    account = cast.account(cast.AN)
    clerk = cast.actor(cast.CLERK)
    by = {"confirmed_at": clock.now(), "confirmed_by_id": clerk.account_id, "confirmed_post_id": clerk.post_id}
    confirmation = by if confirmed else dict.fromkeys(by)
    Person.objects.update_or_create(account=account, defaults={"person_id": NUMBER, **confirmation})
    source = dict(all_sources())["co-so-du-lieu"]
    return source(account.pk)


def test_people_are_told_in_which_entries_their_number_stands_and_who_has_read_them(handler):
    mine, ended = named(handler), named(handler, "16/GPXD")
    named(handler, "17/GPXD", OTHER)
    rows = [{"ten_hang_muc": "Nhà", "nguoi_lam": NUMBER, "muc_dien_tich": 1}, {"ten_hang_muc": "Kho"}]
    worked = named(handler, "18/GPXD", None, hang_muc=rows)
    services.end(register=KEY, entry_id=ended.id, revision=1, officer=handler, reason="Thu hồi giấy phép")
    services.read(register=KEY, entry_id=mine.id, officer=handler, purpose="Hồ sơ H16.2025.0012 của bà Lê Thị Hoa")
    (register,) = told().data
    assert register["co_so_du_lieu"] == "Sổ giấy phép xây dựng (thử)"
    held = {each["so_ban_ghi"]: each for each in register["ban_ghi"]}
    assert held.keys() == {mine.id, ended.id, worked.id}
    assert held[mine.id]["so_dinh_danh_nam_o"] == ["Số định danh"]
    assert held[worked.id]["so_dinh_danh_nam_o"] == ["Hạng mục"]
    assert held[ended.id]["den_ngay"] == clock.today() and held[mine.id]["den_ngay"] is None
    (reading,) = register["ai_da_xem"]
    assert reading["so_ban_ghi"] == mine.id and "Lê Thị Hoa" not in str(register), "purposes may name others"


def test_nobody_is_told_by_a_number_that_they_only_typed(handler):
    named(handler)
    assert told(confirmed=False).data == []
    assert told().data


def test_a_register_may_tell_nothing(handler):
    named(handler)
    publish(IN_ROWS + "told: false\n")
    assert told().data == []


def test_of_many_entries_it_costs_the_same(handler):
    named(handler)
    few = queries_of(told)
    for number in range(30, 50):
        named(handler, f"{number}/GPXD")
    with clock.at(clock.now() + timedelta(days=1)):
        assert queries_of(told) == few
