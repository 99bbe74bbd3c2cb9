"""The pages: the week at the desk, forms, deeds, the public part, hostile input, fixed numbers of queries."""

import re
from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.test import Client
from pypdf import PdfReader

from lienthong.foundation.organisations.models import Absence
from lienthong.foundation.organisations.queries import by_key
from lienthong.meetings import rules, services
from lienthong.meetings.models import Engagement
from lienthong.meetings.rules import Access, Part, State
from tests import cast
from tests.browsing import queries_of
from tests.identity.roles import signed_in
from tests.meetings.conftest import (
    AGENCY,
    CHAIR,
    HEAD,
    KEEPER,
    OTHER_UNIT,
    TUESDAY,
    WEEK,
    at,
    chair,
    deputy,
    entered,
    form,
    published,
    registered,
)

pytestmark = pytest.mark.django_db
PUBLIC_WEEK = f"/lich-cong-tac/{AGENCY}/"
MONTH = f"{WEEK}thang/"


def page(username: str, address: str = WEEK) -> str:
    answer = signed_in(username).get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_table_says_hours_parts_and_what_is_in_the_way():
    entered(content="Họp sáng")
    entered(content="Họp trùng", when=at(9), place="Hội trường")
    entered(content="Chưa rõ giờ", when=rules.when(TUESDAY, part=Part.AFTERNOON), leaders=(deputy(),))
    entered(content="Đi công tác", when=rules.when(TUESDAY, TUESDAY + timedelta(days=1)), leaders=(deputy(),))
    shown = page(KEEPER)
    assert all(words in shown for words in ("Họp sáng", "08:30", "giờ chưa định", "đến 05/03/2025", "Cả ngày"))
    assert shown.count("Đi công tác</a>") == 2, "it stands on both of its days"
    assert "Chủ tịch UBND: trùng giờ với “Họp trùng”, 09:00" in shown
    assert "Phòng họp số 1: trùng giờ với “Đi công tác”" in shown, "another leader, the same place"
    assert "Công bố lịch tuần" in shown and "Công bố lịch tuần" not in page(HEAD)


def test_an_empty_week_says_so():
    assert "Tuần này chưa có lịch" in page(HEAD, f"{WEEK}?tuan=2025-06-02")


def test_a_form_registers_and_leads_to_the_engagement():
    client = signed_in(HEAD)
    assert client.get(f"{WEEK}moi/").status_code == 200
    sent = form()
    answers = [client.post(f"{WEEK}moi/", sent) for _time in range(2)]
    made = Engagement.objects.get()
    assert [answer["Location"] for answer in answers] == [f"{WEEK}{made.pk}/"] * 2
    assert "Chờ duyệt" in page(HEAD, f"{WEEK}{made.pk}/")
    assert "Chờ bạn duyệt" in page(KEEPER) and "Họp giao ban" in page(KEEPER)


def test_what_is_wrong_is_said_and_what_was_typed_stays():
    answer = signed_in(HEAD).post(f"{WEEK}moi/", form(**{"tu-gio": "", "noi-dung": "Họp về đê điều"}))
    assert answer.status_code == 422
    assert "Hãy ghi giờ, hoặc chọn buổi" in answer.content.decode() and "Họp về đê điều" in answer.content.decode()
    assert "checked" in answer.content.decode()


@pytest.mark.parametrize(
    "odd",
    [
        {"ngay": "9999-12-31"},
        {"ngay": "0001-01-01"},
        {"ngay": "²025-03-04"},
        {"tu-gio": "²:00"},
        {"tu-gio": "99:99"},
        {"tu-gio": "08:3\x000"},
        {"lanh-dao": ["9" * 30]},
        {"lanh-dao": ["9" * 18]},
        {"don-vi": "9" * 18},
        {"vi-tri": ["9" * 18]},
        {"co-quan-du": ["9" * 18]},
        {"noi-dung": "\x00\x00"},
        {"den-ngay": "9999-12-31"},
        {"tu-gio": "", "buoi": "x"},
        {"co-quan": "\x00", "ngay": ""},
    ],
)
def test_hostile_forms_are_refused_in_words(odd):
    assert signed_in(HEAD).post(f"{WEEK}moi/", form(**odd)).status_code == 422
    assert not Engagement.objects.exists()


@pytest.mark.parametrize(
    "query", ["tuan=9999-12-31", "tuan=\x00", "co-quan=%00", "lanh-dao=" + "9" * 18, "tim=%00%C2%B2%25_", "xem=%00"]
)
def test_hostile_addresses_do_no_harm(query):
    assert signed_in(HEAD).get(f"{WEEK}?{query}").status_code == 200
    assert signed_in(HEAD).get(f"{MONTH}?{query.replace('tuan', 'thang')}").status_code == 200
    assert Client().get(f"{PUBLIC_WEEK}?{query}").status_code == 200


def test_what_is_not_there_is_not_found():
    client = signed_in(HEAD)
    hidden = entered()
    for number in (hidden.pk, 999_999, 10**30):
        for rest in ("", "duyet/", "sua/", "sao-chep/"):
            assert signed_in(OTHER_UNIT).get(f"{WEEK}{number}/{rest}").status_code == 404
    assert client.post(f"{WEEK}{hidden.pk}/khong-co/").status_code == 404
    assert Client().get("/lich-cong-tac/khong-co/").status_code == 404
    assert Client().get(f"/lich-cong-tac/{AGENCY}-quan-ly-do-thi/").status_code == 404, "a unit has no calendar"


def test_deeds_by_their_pages():
    made, office = registered(), signed_in(KEEPER)
    assert office.get(f"{WEEK}{made.pk}/duyet/").status_code == 200
    office.post(f"{WEEK}{made.pk}/duyet/")
    office.post(f"{WEEK}cong-bo/", {"co-quan": AGENCY, "tuan": "2025-03-05"})
    refused = office.post(f"{WEEK}{made.pk}/hoan/", {"ly-do": ""})
    assert refused.status_code == 422 and "Hãy ghi lý do" in refused.content.decode()
    office.post(f"{WEEK}{made.pk}/hoan/", {"ly-do": "Chờ ý kiến của tỉnh"})
    assert Engagement.objects.get().state == State.POSTPONED
    shown = page(OTHER_UNIT)
    assert "Hoãn" in shown and "Chờ ý kiến của tỉnh" in shown and "Lê Thị Minh Thư" in shown
    key = str(uuid4())
    copies = {office.post(f"{WEEK}{made.pk}/sao-chep/", {"_lan": key})["Location"] for _time in range(2)}
    assert len(copies) == 1 and Engagement.objects.count() == 2


def test_changing_by_the_form_and_being_too_late():
    made, office = entered(), signed_in(KEEPER)
    assert 'value="08:30"' in office.get(f"{WEEK}{made.pk}/sua/").content.decode()
    sent = form(**{"_lan": "0", "tu-gio": "14:00"})
    assert office.post(f"{WEEK}{made.pk}/sua/", sent).status_code == 302
    late = office.post(f"{WEEK}{made.pk}/sua/", form(**{"_lan": "0", "tu-gio": "15:00"}))
    assert late.status_code == 422 and "Có người vừa sửa lịch này" in late.content.decode()
    assert office.post(f"{WEEK}{made.pk}/sua/", form(**{"_lan": "²", "tu-gio": "15:00"})).status_code == 422
    assert signed_in(HEAD).get(f"{WEEK}{made.pk}/sua/").status_code == 404


def test_a_citizen_sees_the_public_part_only():
    entered(access=Access.PUBLIC, content="Tiếp công dân định kỳ", remark="Xe 48A-123.45")
    entered(access=Access.INTERNAL, content="Họp nội bộ")
    entered(access=Access.PRIVATE, content="Việc riêng")
    stranger = Client()
    assert "Tiếp công dân" not in stranger.get(PUBLIC_WEEK).content.decode()
    published()
    shown = stranger.get(PUBLIC_WEEK).content.decode()
    assert "Tiếp công dân định kỳ" in shown and "Chủ tịch UBND Võ Tiến Dũng" in shown
    assert all(words not in shown for words in ("Họp nội bộ", "Việc riêng", "48A", "Phòng Quản lý đô thị"))
    assert by_key(AGENCY).name in stranger.get("/lich-cong-tac/").content.decode()


def test_who_is_away_stands_in_the_week_of_the_agency_and_not_on_the_portal():
    entered(access=Access.PUBLIC)
    published()
    Absence.objects.create(
        post_id=chair(),
        account=cast.account(CHAIR),
        substitute=cast.account(cast.LEADER),
        valid_from=TUESDAY,
        valid_to=TUESDAY,
    )
    words = "Chủ tịch UBND Võ Tiến Dũng vắng đến 04/03/2025; Hoàng Thị Thanh thay"
    shown = page(OTHER_UNIT)
    assert shown.count(words) == 2, "over the day, and at the engagement"
    assert words not in Client().get(PUBLIC_WEEK).content.decode()
    assert "vắng đến 04/03/2025" not in page(KEEPER, f"{WEEK}moi/"), "the form is asked on Monday"
    Absence.objects.update(valid_from=TUESDAY - timedelta(days=1))
    assert "Võ Tiến Dũng (vắng đến 04/03/2025, người thay: Hoàng Thị Thanh)" in page(KEEPER, f"{WEEK}moi/")


def test_the_week_on_paper_keeps_to_itself_what_is_private():
    entered(content="Họp giao ban")
    entered(content="Đi công tác", when=rules.when(TUESDAY, part=Part.DAY))
    entered(access=Access.PRIVATE, content="Khám sức khỏe", when=at(14))
    answer = signed_in(KEEPER).get(f"{WEEK}tuan.pdf?tuan=2025-03-03")
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    assert "Họp giao ban" in text and "Bận" in text and "Không có lịch" in text
    assert "Khám sức khỏe" not in text
    assert text.index("Đi công tác") < text.index("Họp giao ban"), "what lasts all day stands first"


def test_the_number_of_queries_does_not_grow_with_the_week():
    client, stranger = signed_in(KEEPER), Client()
    addresses = [(client, WEEK), (client, f"{WEEK}?tim=hop"), (stranger, PUBLIC_WEEK), (client, MONTH)]
    entered(access=Access.PUBLIC, content="Họp 0")
    registered(content="Họp 1")
    published()
    before = [queries_of(lambda c=c, a=a: c.get(a)) for c, a in addresses]  # type: ignore[misc]
    for number in range(4):
        entered(access=Access.PUBLIC, content=f"Họp {number}", leaders=(chair(), deputy()))
        registered(content=f"Họp {number}", when=at(10))
    assert [queries_of(lambda c=c, a=a: c.get(a)) for c, a in addresses] == before  # type: ignore[misc]
    assert before[2] <= 7, "the public page is cheap"


def test_everybody_in_the_agency_opens_the_calendar_and_a_citizen_does_not():
    assert signed_in(cast.AN).get(WEEK).status_code == 403
    assert signed_in("quantri").get(WEEK).status_code == 200
    assert services.may_register(cast.actor("quantri"), by_key("ubnd-tinh"))


def cell(shown: str, day: str) -> str:
    """What the month says of a day."""
    cells = re.split(r'<li class="meetings-cell', shown)
    return next(each for each in cells if f'datetime="{day}"' in each)


def test_the_month_shows_its_days_marks_today_and_leads_to_the_day():
    entered(content="Họp giao ban")
    entered(content="Đi công tác", when=rules.when(TUESDAY, TUESDAY + timedelta(days=1)), leaders=(deputy(),))
    shown = page(KEEPER, MONTH)
    tuesday, monday = cell(shown, "2025-03-04"), cell(shown, "2025-03-03")
    assert tuesday.index("Đi công tác") < tuesday.index("Họp giao ban"), "what lasts all day stands first"
    assert "Đi công tác" in cell(shown, "2025-03-05") and "Đi công tác" not in cell(shown, "2025-03-06")
    assert "meetings-now" in monday and shown.count("meetings-now") == 1
    assert "tuan=2025-03-04#ngay-2025-03-04" in tuesday
    assert 'id="ngay-2025-03-04"' in page(KEEPER, f"{WEEK}?tuan=2025-03-04")
    assert "thang=2025-02-01" in shown and "thang=2025-04-01" in shown
    assert "Tháng này chưa có lịch" in page(KEEPER, f"{MONTH}?thang=2025-07-31")


def test_of_a_long_day_the_month_says_how_many_more_there_are():
    for number in range(6):
        entered(content=f"Họp {number}", when=at(8 + number))
    tuesday = cell(page(KEEPER, MONTH), "2025-03-04")
    assert "Họp 2" in tuesday and "Họp 3" not in tuesday and "và 3 lịch khác" in tuesday


def test_the_month_is_narrowed_and_keeps_to_itself_what_is_private():
    entered(content="Họp của chủ tịch")
    entered(content="Họp của phó chủ tịch", leaders=(deputy(),))
    entered(access=Access.PRIVATE, content="Khám sức khỏe", when=at(14))
    published()
    narrowed = page(KEEPER, f"{MONTH}?lanh-dao={deputy()}")
    assert "Họp của phó chủ tịch" in narrowed and "Họp của chủ tịch" not in narrowed
    others = page(OTHER_UNIT, MONTH)
    assert "bận" in others and "Khám sức khỏe" not in others
    answer = signed_in(KEEPER).get(f"{WEEK}thang.pdf?thang=2025-03-15")
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(answer.content)).pages).split())
    assert "THÁNG 3 NĂM 2025" in text and "Họp của chủ tịch" in text and "Bận" in text
    assert "Khám sức khỏe" not in text
