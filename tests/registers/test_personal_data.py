"""What people are told about the registers in which they are named."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from lienthong.foundation import clock
from lienthong.identity.models import Person
from lienthong.personal.sources import all_sources
from lienthong.registers import purposes, queries, services
from lienthong.registers.personal_data import named_by
from lienthong.registers.personal_readings import readings_of
from tests import cast
from tests.browsing import queries_of
from tests.portal.conftest import browser_of
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.workspace.conftest import text

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


# on the page


def shown(confirmed=True, address="register_readings"):
    told(confirmed)
    return browser_of(cast.AN).get(reverse(f"portal:{address}"))


def read(entry, officer, purpose="Giải quyết hồ sơ: của bà Lê Thị Hoa"):
    return services.read(register=KEY, entry_id=entry.id, officer=officer, purpose=purpose)


def test_people_see_on_a_page_which_agency_read_entries_about_them_when_and_what_for(handler):
    mine, other = named(handler), named(handler, "17/GPXD", OTHER)
    rows = [{"ten_hang_muc": "Nhà", "nguoi_lam": NUMBER, "muc_dien_tich": 1}, {"ten_hang_muc": "Kho"}]
    worked = named(handler, "18/GPXD", OTHER, hang_muc=rows)
    officer = cast.actor(cast.HANDLER)
    read(mine, officer), read(mine, officer), read(other, officer)
    read(worked, officer, "vì ông Nguyễn Văn Mười hỏi")
    page = shown()
    first, second = page.context["readings"].rows
    assert (first.entry_id, first.times, first.purpose) == (worked.id, 1, "Mục đích khác, có lưu trong nhật ký")
    assert (second.entry_id, second.times, second.purpose) == (mine.id, 2, "Giải quyết hồ sơ")
    assert second.agency == "Phòng Quản lý đô thị thành phố Gia Nghĩa" and second.post in text(page)
    assert "2 lần" in text(page) and second.register in text(page)
    for secret in ("Lê Thị Hoa", "Nguyễn Văn Mười", officer.name):
        assert secret not in text(page)
    overview = shown(address="my_data")
    assert len(overview.context["in_registers"].rows) == 2 and reverse("portal:register_readings") in text(overview)


def test_only_whose_number_was_confirmed_and_only_of_registers_that_tell(handler):
    read(named(handler), handler)
    unknown = shown(confirmed=False)
    assert not unknown.context["readings"].rows and "chưa được xác nhận" in text(unknown)
    assert shown().context["readings"].rows
    assert not browser_of(cast.BICH).get(reverse("portal:register_readings")).context["readings"].rows
    publish(IN_ROWS + "told: false\n")
    assert not shown().context["readings"].rows
    assert Client().get(reverse("portal:register_readings")).status_code == 302


def test_readings_come_page_by_page_at_a_fixed_price(handler):
    first = named(handler)
    read(first, handler)
    price = queries_of(shown)
    entries = [named(handler, f"{number}/GPXD") for number in range(30, 50)]
    for number, entry in enumerate([*entries, *entries, *entries]):
        with clock.at(clock.now() + timedelta(days=1, minutes=number)):
            read(entry, handler)
    assert queries_of(shown) == price
    account, seen, before = cast.account(cast.AN).pk, [], None
    while True:
        found = readings_of(account, before=before, size=25)
        seen += [each.entry_id for each in found.rows]
        if found.next is None:
            break
        before = found.next
    ids = [entry.id for entry in entries]
    assert seen == [*ids[::-1] * 3, first.id]
    an = browser_of(cast.AN)
    older = an.get(reverse("portal:register_readings") + f"?truoc={shown().context['readings'].next}")
    assert len(older.context["readings"].rows) == 11
    for odd in ("x", "-1", "²", "9" * 40, "%00"):
        assert an.get(reverse("portal:register_readings") + f"?truoc={odd}").status_code == 200


def test_who_is_named_is_found_by_indexes_also_in_the_rows_of_tables(handler):
    body = queries.register(KEY)
    assert body.naming == {"so_dinh_danh": (), "hang_muc": ("nguoi_lam",)}
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        for condition, value in named_by(body, NUMBER).values():
            cursor.execute(f"EXPLAIN SELECT id FROM {body.layout.table} WHERE {condition}", [value])
            plan = " ".join(line for (line,) in cursor.fetchall())
            assert f"{body.layout.table}_names_" in plan, plan


def test_the_kind_of_a_purpose_is_told_in_the_readers_language_and_never_its_words():
    with translation.override("vi"):
        said = purposes.worded("ho-so", "của bà Lê Thị Hoa")
        counted = purposes.worded("quay", "Cấp giấy phép xây dựng")
        assert (purposes.kind_of(said), purposes.kind_of(counted)) == (
            "Giải quyết hồ sơ",
            "Nhập hồ sơ tại quầy một cửa",
        )
    with translation.override("en"):
        assert purposes.kind_of(said) == "Handling a dossier"
    assert purposes.kind_of("vì ông Mười: hỏi") == purposes.kind_of("") == ""


def test_of_many_entries_it_costs_the_same(handler):
    named(handler)
    few = queries_of(told)
    for number in range(30, 50):
        named(handler, f"{number}/GPXD")
    with clock.at(clock.now() + timedelta(days=1)):
        assert queries_of(told) == few
