"""Lists taken along as files."""

import csv
import io
import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from lienthong.foundation import clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.files import storage
from lienthong.foundation.ledger.queries import search
from lienthong.notifications.models import Notification
from lienthong.registers import services as entries
from lienthong.registers.exporting import services
from lienthong.registers.exporting.models import Export
from tests import cast
from tests.browsing import queries_of
from tests.let_go import nothing_left_open
from tests.registers.conftest import GIA_NGHIA, KEY, officer_of, permit
from tests.registers.importing import whole

pytestmark = pytest.mark.django_db
PLAIN = ["so", "ngay_cap", "ten", "dia_chi", "dien_tich", "so_tang", "loai", "hang_muc"]


@pytest.fixture
def handler(register):
    return officer_of("case-handler", GIA_NGHIA)


def enter(officer, **other):
    return entries.enter(register=KEY, raw=permit(**other), officer=officer)


def ask(officer, format_key="json", *, query="", fields=PLAIN, purpose="", **more):
    return services.ask(
        register=KEY, query=query, fields=fields, format_key=format_key, purpose=purpose, officer=officer, **more
    )


def content(found):
    services.make(found.pk)
    found.refresh_from_db()
    assert found.file, found.problem
    with storage.open_content(found.file.sha256) as file:
        return file.read()


def objects(found):
    return json.loads(content(found))


def test_json_has_typed_values_and_only_the_fields_that_were_chosen(register, handler):
    enter(handler)
    (one,) = objects(ask(handler))
    assert one["so"] == "15/GPXD" and one["dien_tich"] == 120.5 and one["loai"] == ["moi"]
    assert one["dia_chi"] == {"unit": "24611", "detail": "12 Hùng Vương"} and one["valid_from"] == "2025-03-03"
    assert one["hang_muc"] == [{"ten_hang_muc": "Nhà chính", "muc_dien_tich": 100}] and "so_dinh_danh" not in one
    assert set(objects(ask(handler, fields=["so"]))[0]) == {"id", "valid_from", "valid_until", "so"}


def test_a_spreadsheet_has_numbers_days_and_labels_and_comes_in_again_as_it_was(register, handler):
    enter(handler)
    enter(handler, so="16/GPXD", loai=["moi", "sua"], so_tang=None, hang_muc=[])
    taken = content(ask(handler, "xlsx"))
    sheet = load_workbook(io.BytesIO(taken)).active
    headings = [cell.value for cell in sheet[1]]
    row = dict(zip(headings, [cell.value for cell in sheet[3]], strict=True))
    assert f"{row['Ngày cấp']:%d/%m/%Y %H:%M}" == "03/03/2025 00:00"
    assert row["Diện tích sàn"] == 120.5 and row["Loại"] == "Xây mới"
    assert row["Địa chỉ xây dựng"].startswith("12 Hùng Vương, Phường Nghĩa Đức")
    before = sorted(objects(ask(handler)), key=lambda each: each["so"])
    for each in before:
        entries.end(register=KEY, entry_id=each["id"], revision=1, officer=handler, reason="Thử")
    again = whole(taken, handler)
    assert (again.entered, again.wrong) == (2, 0)
    after = sorted(objects(ask(handler)), key=lambda each: each["so"])
    kept = [key for key in PLAIN if key != "hang_muc"]
    assert [{key: each[key] for key in kept} for each in after] == [{key: each[key] for key in kept} for each in before]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-1", "@x", "\t=x"])
def test_no_text_becomes_a_formula(register, handler, text):
    enter(handler, so=f"{text}/GPXD")
    rows = list(csv.reader(io.StringIO(content(ask(handler, "csv")).decode("utf-8-sig"))))
    assert rows[1][0].lstrip("'").startswith(text.strip()) and (rows[1][0][0] == "'")
    cell = load_workbook(io.BytesIO(content(ask(handler, "xlsx")))).active["A2"]
    assert cell.data_type != "f" and cell.value.startswith(text.strip())


def test_the_list_is_narrowed_sorted_and_of_a_day_as_on_the_page(register, handler):
    with clock.at(clock.now() - timedelta(days=30)):
        old = enter(handler, so="1/GPXD", so_tang=5)
    enter(handler, so="2/GPXD", so_tang=5)
    enter(handler, so="3/GPXD", so_tang=9)
    entries.end(register=KEY, entry_id=old.id, revision=1, officer=handler, reason="Thu hồi")

    def numbers(query):
        return [each["so"] for each in objects(ask(handler, query=query))]

    assert numbers("l.so_tang.tu=5&l.so_tang.den=5") == ["2/GPXD"] and numbers("tim=3/gp") == ["3/GPXD"]
    assert sorted(numbers("het=1")) == ["1/GPXD", "2/GPXD", "3/GPXD"]
    assert numbers(f"ngay={(clock.today() - timedelta(days=3)).isoformat()}") == ["1/GPXD"]
    assert numbers("xep=so_tang") == ["2/GPXD", "3/GPXD"] and numbers("xep=-so_tang") == ["3/GPXD", "2/GPXD"]


def test_personal_data_needs_a_purpose_and_stands_in_the_ledger(register, handler):
    enter(handler, chu_dau_tu={"ten": "A", "so_dinh_danh": "067090000001"})
    with pytest.raises(services.PurposeNeeded):
        ask(handler, fields=["so", "so_dinh_danh"])
    found = ask(handler, fields=["so", "so_dinh_danh"], purpose="Đối chiếu theo Công văn 12", query="tim=Xuan")
    assert objects(found) == []
    (recorded,) = search(kind="registers.exported").entries
    assert recorded.data["personal"] == ["so_dinh_danh"] and recorded.data["purpose"] == "Đối chiếu theo Công văn 12"
    assert "Xuan" not in json.dumps(recorded.data), "what was looked for may be somebody's name"


def test_nobody_takes_along_what_they_may_not_read(register, handler):
    enter(handler)
    with pytest.raises(NotAllowed):
        ask(officer_of("one-stop-clerk", GIA_NGHIA))
    seen = services.ask(
        register=KEY, query="", fields=["so", "ten", "so_dinh_danh"], format_key="json", purpose="",
        officer=officer_of("auditor", "ubnd-tinh"),
    )  # fmt: skip
    assert seen.fields == ["so"]


def test_a_map_is_offered_only_where_there_is_a_place(register, handler):
    with pytest.raises(services.NoSuchFormat):
        ask(handler, "geojson")
    with pytest.raises(services.NothingChosen):
        ask(handler, fields=["khong-co"])


def test_asking_twice_asks_once_and_making_twice_makes_once(register, handler):
    enter(handler)
    key = uuid4()
    first, again = ask(handler, key=key), ask(handler, key=key)
    assert first == again and Export.objects.count() == 1
    content(first)
    made = first.file_id
    services.make(first.pk)
    first.refresh_from_db()
    assert first.file_id == made and Notification.objects.filter(kind="register-export-ready").count() == 1


def test_a_short_list_is_there_at_once_and_a_long_one_is_a_job(register, handler, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE", 2)
    for number in range(2):
        enter(handler, so=f"{number}")
    short = ask(handler)
    assert services.make(short.pk, at_once=True)
    assert not Notification.objects.exists(), "who waits for it need not be told"
    enter(handler, so="2")
    long = ask(handler)
    assert not services.make(long.pk, at_once=True)
    long.refresh_from_db()
    assert not long.over
    services.make(long.pk)
    long.refresh_from_db()
    assert long.passed == 3 and Notification.objects.count() == 1


def test_a_spreadsheet_that_stops_half_way_is_closed(register, handler, monkeypatch):
    for number in range(3):
        enter(handler, so=f"{number}")
    with nothing_left_open():
        monkeypatch.setattr(services, "AT_ONCE", 2)
        assert not services.make(ask(handler, "xlsx").pk, at_once=True)
        monkeypatch.setattr(services, "MOST_ROWS", 3)
        long = ask(handler, "xlsx")
        services.make(long.pk)
    long.refresh_from_db()
    assert long.stopped_at and "CSV" in long.problem and long.file is None


def test_files_are_kept_for_a_week(register, handler):
    enter(handler)
    found = ask(handler)
    content(found)
    with clock.at(clock.now() + timedelta(days=7)), pytest.raises(services.NoSuchExport):
        services.file_of(register=KEY, key=found.key, officer=handler)
    with clock.at(clock.now() + timedelta(days=9)):
        assert services.forget_old() == 1
    assert not Export.objects.exists()


def test_whoever_lost_the_post_meanwhile_gets_no_file(register, handler):
    enter(handler)
    found = ask(handler)
    account = cast.account(cast.HANDLER)
    account.is_active = False
    account.save()
    services.make(found.pk)
    found.refresh_from_db()
    assert found.file is None and found.problem


# pages


@pytest.fixture
def desk(register):
    client = Client()
    client.force_login(cast.account(cast.HANDLER))
    return client


def test_the_whole_way_on_the_pages(desk, handler):
    enter(handler, so="15/GPXD")
    enter(handler, so="77/GPXD")
    listed = desk.get(reverse("registers:listing", args=[KEY]) + "?tim=77").content.decode()
    address = reverse("registers:export_ask", args=[KEY]) + "?tim=77"
    assert address in listed
    shown = desk.get(address).content.decode()
    assert "dữ liệu cá nhân" in shown and 'value="so_dinh_danh" checked' not in shown
    wrong = desk.post(address, {"truong": ["so_dinh_danh"], "dang": "csv"})
    assert wrong.status_code == 422 and "data-error-summary" in wrong.content.decode()
    answer = desk.post(address, {"truong": ["so", "ten"], "dang": "csv"})
    assert answer.status_code == 302
    assert "Tải tệp về" in desk.get(answer["Location"]).content.decode()
    saved = desk.get(answer["Location"] + "tep/")
    assert saved["Content-Disposition"].startswith("attachment") and saved["Cache-Control"] == "no-store"
    assert b"".join(saved.streaming_content).decode("utf-8-sig").splitlines()[1].startswith("77/GPXD")


@pytest.mark.parametrize("username", [cast.CLERK, cast.AN, cast.OTHER_HANDLER])
def test_files_are_their_owners(desk, handler, username):
    found = ask(handler)
    client = Client()
    client.force_login(cast.account(username))
    for name in ("export", "export_progress", "export_file"):
        assert client.get(reverse(f"registers:{name}", args=[KEY, found.key])).status_code in (403, 404)


def test_the_page_makes_few_queries(desk, handler):
    address = reverse("registers:export_ask", args=[KEY])
    before = queries_of(lambda: desk.get(address))
    for _time in range(4):
        ask(handler)
    assert queries_of(lambda: desk.get(address)) == before <= 12
