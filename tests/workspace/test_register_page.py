"""The follow-up register of a one-stop shop: who sees which, what it shows, how it is taken along."""

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from openpyxl import load_workbook

from lienthong.cases.models import Dossier
from lienthong.cases.queries import register as queries
from lienthong.cases.rules import Status
from lienthong.cases.services import papers
from lienthong.cases.services import register as services
from lienthong.foundation import clock
from lienthong.foundation.clock import ZONE
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.foundation.papers.reading import letters_of, opened, page_sizes, words_of
from tests.workspace.conftest import desk, messages_on, page, text

pytestmark = pytest.mark.django_db

SHOP = "thanh-pho-gia-nghia-van-phong-mot-cua"
WARD_SHOP = "thanh-pho-gia-nghia-phuong-nghia-trung-mot-cua"


def received(**changes: Any) -> Dossier:
    """Received, and its receipt made as the worker does."""
    dossier = dossiers.received(**changes)
    with transaction.atomic():
        papers.make_receipt(dossier.pk, account_id=None, post_id=None, at=clock.now())
    return dossier


def shown(username: str, query: str = "") -> list[Dossier]:
    answer = desk(username).get(page("register") + query)
    assert answer.status_code == 200
    return [row["dossier"] for row in answer.context["rows"]]


def codes(found: list[Dossier]) -> list[str | None]:
    return [dossier.code for dossier in found]


def test_a_register_is_for_officers_who_see_dossiers_in_its_one_stop_shop():
    received()
    assert Client().get(page("register")).status_code == 302
    assert desk(cast.AN).get(page("register")).status_code == 403
    for address in ("register", "register_spreadsheet", "register_paper"):
        assert desk(cast.HANDLER).get(page(address)).status_code == 404
        assert desk("quantri").get(page(address)).status_code == 404
        assert desk(cast.CLERK).get(page(address) + f"?mot-cua={WARD_SHOP}").status_code == 404
    assert len(shown(cast.CLERK)) == len(shown("kiemsoat", f"?mot-cua={SHOP}")) == 1


def test_the_menu_shows_the_register_to_whom_it_is_for():
    assert page("register") in text(desk(cast.CLERK).get(page("inbox")))
    for username in (cast.HANDLER, "quantri"):
        assert page("register") not in text(desk(username).get(page("inbox")))


def test_somebody_at_two_shops_chooses_and_sees_one_at_a_time():
    received()
    answer = desk(cast.TWO_AGENCIES).get(page("register"))
    assert {shop.key for shop in answer.context["shops"]} == {SHOP, WARD_SHOP}
    assert answer.context["shop"] == cast.actor(cast.TWO_AGENCIES).acting.organisation
    assert len(shown(cast.TWO_AGENCIES, f"?mot-cua={SHOP}")) == 1
    assert shown(cast.TWO_AGENCIES, f"?mot-cua={WARD_SHOP}") == []


def test_only_what_was_received_is_in_the_register_and_each_has_the_next_number():
    dossiers.submitted()
    first, second = received(), received()
    answer = desk(cast.CLERK).get(page("register"))
    assert [(row["number"], row["dossier"].code) for row in answer.context["rows"]] == [
        ("2", second.code),
        ("1", first.code),
    ]


def test_numbers_begin_again_with_the_year_and_never_leave_a_gap():
    received()
    with clock.at(datetime(2026, 1, 5, 9, 0, tzinfo=ZONE)):
        received()
        received()
        answer = desk(cast.CLERK).get(page("register"))
        assert [row["number"] for row in answer.context["rows"]] == ["2", "1"]
        before = desk(cast.CLERK).get(page("register") + "?tu=2025-01-01&den=2025-12-31")
        assert [row["number"] for row in before.context["rows"]] == ["1"]


def test_it_is_narrowed_by_period_procedure_field_status_channel_and_words():
    early = received()
    with clock.at(cast.MONDAY + timedelta(days=2)):
        late = received(owner__full_name="Trần Thị Bích")
        dossiers.act(late, cast.HEAD, "phan-cong", "phan-cong", post_id=cast.actor(cast.HANDLER).acting.id)
        both = codes([late, early])
        assert codes(shown(cast.CLERK)) == both
        assert codes(shown(cast.CLERK, "?den=2025-03-03")) == [early.code]
        assert codes(shown(cast.CLERK, "?tu=2025-03-04")) == [late.code]
        assert codes(shown(cast.CLERK, "?tu=2025-03-09&den=2025-03-01")) == both  # days the wrong way round
        assert codes(shown(cast.CLERK, f"?thu-tuc={dossiers.PERMIT}")) == both
        assert codes(shown(cast.CLERK, "?thu-tuc=dang-ky-khai-sinh")) == []
        assert codes(shown(cast.CLERK, "?linh-vuc=ho-tich")) == []
        fields = desk(cast.CLERK).get(page("register")).context["fields"]
        mine = queries.PROCEDURE.current(dossiers.PERMIT).body.field.key
        assert mine in dict(fields) and codes(shown(cast.CLERK, f"?linh-vuc={mine}")) == both
        assert codes(shown(cast.CLERK, f"?trang-thai={Status.RECEIVED:d}")) == [early.code]
        assert codes(shown(cast.CLERK, "?kenh=1")) == []
        assert codes(shown(cast.CLERK, "?kenh=2")) == both
        assert codes(shown(cast.CLERK, "?tim=tran+thi+bich")) == [late.code]
        assert codes(shown(cast.CLERK, f"?tim={early.code.lower()}")) == [early.code]
        assert "Không tìm thấy hồ sơ nào" in text(desk(cast.CLERK).get(page("register") + "?tim=khongco"))


def test_late_is_what_is_over_its_day_or_was_settled_after_it_but_not_what_waits():
    dossier, waiting, settled = received(), received(), received()
    now = cast.MONDAY + timedelta(days=200)
    due = cast.MONDAY + timedelta(days=30)
    Dossier.objects.filter(pk__in=[dossier.pk, waiting.pk, settled.pk]).update(due_at=due)
    paused = {"status": Status.SUPPLEMENT, "paused_at": due - timedelta(days=1)}
    Dossier.objects.filter(pk=waiting.pk).update(**paused)
    Dossier.objects.filter(pk=settled.pk).update(status=Status.FINISHED, finished_at=due - timedelta(hours=1))
    with clock.at(now):
        assert codes(shown(cast.CLERK, "?tre=1")) == [dossier.code]


def test_page_follows_page_also_where_many_came_in_the_same_moment(monkeypatch):
    made = [received().code for _n in range(5)]
    monkeypatch.setattr(queries, "PAGE", 2)
    monkeypatch.setattr("lienthong.workspace.views.register.PAGE", 2)
    clerk, found, address = desk(cast.CLERK), [], "?"
    while address:
        answer = clerk.get(page("register") + address)
        found += codes([row["dossier"] for row in answer.context["rows"]])
        address = answer.context["older"]
    assert found == made[::-1]


@pytest.mark.parametrize(
    "query",
    [
        "?truoc=x",
        "?truoc=2025-03-03T00:00:00_1",
        "?tu=0001-01-01",
        "?den=9999-12-31",
        "?tu=x&den=%00",
        "?trang-thai=99",
        "?kenh=9",
        "?linh-vuc=%00",
        "?thu-tuc=%00",
        "?tim=%00",
        "?tim=%21%26%7C",
    ],
)
def test_nothing_in_an_address_breaks_the_register(query):
    received()
    assert desk(cast.CLERK).get(page("register") + query).status_code == 200
    assert desk(cast.CLERK).get(page("register_paper") + query).status_code == 200


def test_the_page_costs_the_same_however_long_the_register_is():
    client = desk(cast.CLERK)
    received()
    few = queries_of(lambda: client.get(page("register")))
    for _n in range(3):
        received()
    assert queries_of(lambda: client.get(page("register"))) == few <= 7
    assert len(shown(cast.CLERK)) == 4


def test_the_spreadsheet_has_the_columns_of_the_form_real_dates_and_no_formulas():
    dossier = received(owner__full_name="=HYPERLINK(1)")
    answer = desk(cast.CLERK).get(page("register_spreadsheet"))
    assert "attachment" in answer["Content-Disposition"] and answer["Cache-Control"] == "no-store"
    sheet = load_workbook(io.BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    rows = list(sheet.iter_rows())
    assert "từ ngày 01/01/2025 đến ngày 03/03/2025" in rows[1][0].value
    assert [cell.value for cell in rows[3]] == list(services.register.COLUMNS)
    line = rows[4]
    assert (line[0].value, line[1].value) == (1, dossier.code)
    assert (line[4].value, line[4].data_type) == ("=HYPERLINK(1)", "s")
    assert line[5].value.endswith("; 0905412768")
    assert str(line[7].value) == "2025-03-03 08:30:00" and line[7].number_format == "dd/mm/yyyy hh:mm"
    assert (line[9].value, line[10].value, line[12].value) == (None, "Trực tiếp", "Được tiếp nhận")
    assert len(rows) == 5


def test_the_book_is_printed_across_with_all_columns_numbered_pages_and_two_signatures():
    first, second = received(), received(owner__full_name="Trần Thị Bích")
    pdf = b"".join(desk(cast.CLERK).get(page("register_paper")))
    assert page_sizes(pdf) == {(297, 210)} and len(opened(pdf).pages) == 1
    said, letters = words_of(pdf), letters_of(pdf)
    for part in (
        "Mẫu số 06",
        "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
        "SỔ THEO DÕI HỒ SƠ",
        "từ ngày 01/01/2025 đến ngày 03/03/2025",
        "Cộng: 2 hồ sơ",
        "Trang 1 / 1",
        "NGƯỜI LẬP SỔ",
        "Phạm Thị Lan",
        "PHỤ TRÁCH BỘ PHẬN",
        "08:30 03/03/2025",
    ):
        assert part in said, part
    for column in services.register.COLUMNS:
        assert "".join(column.split()) in letters, column
    assert letters.index(str(first.code)) < letters.index(str(second.code))


def test_a_narrowed_book_says_so():
    received()
    pdf = b"".join(desk(cast.CLERK).get(page("register_paper") + f"?tre=1&thu-tuc={dossiers.PERMIT}&kenh=2&tim=nguyen"))
    said = words_of(pdf)
    assert "chỉ hồ sơ quá hạn" in said and "hình thức nộp Trực tuyến" in said and "Không có hồ sơ nào." in said


def test_who_takes_the_register_along_is_on_record():
    received()
    for address in ("register_spreadsheet", "register_paper"):
        answer = desk(cast.CLERK).get(page(address) + "?tu=2025-03-01&den=2025-03-31")
        assert b"".join(answer)
    entries = timeline((services.REGISTER, by_key(SHOP).id))
    assert [entry.data["how"] for entry in entries] == ["xlsx", "pdf"]
    assert entries[0].data["from"] == "2025-03-01" and entries[0].account_id == cast.account(cast.CLERK).pk


def test_a_register_too_long_for_one_file_is_refused_with_a_way_out(monkeypatch):
    received()
    received()
    monkeypatch.setattr(services, "MOST_ROWS", {"xlsx": 1, "pdf": 1})
    for address in ("register_spreadsheet", "register_paper"):
        answer = desk(cast.CLERK).get(page(address) + "?tu=2025-03-01", follow=True)
        assert "khoảng thời gian ngắn hơn" in messages_on(answer)
        assert answer.context["filters"].first_day == date(2025, 3, 1)
    assert timeline((services.REGISTER, by_key(SHOP).id)) == []
