"""The pages of a register: list, card, forms, kept views; who sees what, and what is put on record."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.registers import services
from lienthong.registers.models import SavedView
from tests import cast
from tests.browsing import queries_of
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.workspace.conftest import desk, messages_on, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("register")]

WITH_PERSON = {"chu_dau_tu": {"ten": "Trần Hưng Đạo", "so_dinh_danh": "067085012345"}}


def at(name: str, *rest: object) -> str:
    return reverse(f"registers:{name}", args=[KEY, *rest])


def entered(**other):
    return services.enter(register=KEY, raw=permit(**other), officer=officer_of("case-handler", GIA_NGHIA))


def on_form(answer, **filled):
    """What the browser would send: all that stands in the form, and what is filled in."""
    form = answer.content.decode().split('id="entry"')[1].split("</form>")[0]
    there = dict(re.findall(r'name="([^"]+)"[^>]*? value="([^"]*)"', form))
    return {name: value for name, value in there.items() if name != "_action"} | filled


FORM = {
    "so": "21/GPXD",
    "ngay_cap": "2025-03-03",
    "chu_dau_tu.ten": "Lê Thị Hoa",
    "chu_dau_tu.so_dinh_danh": "",
    "dia_chi.unit": "24611",
    "dia_chi.detail": "12 Hùng Vương",
    "dien_tich": "120,5",
    "so_tang": "2",
}


def test_registers_are_shown_by_their_sector_database_to_those_who_may_read_them():
    shown = desk(cast.HANDLER).get(reverse("registers:overview"))
    assert "Sổ giấy phép xây dựng (thử)" in text(shown) and at("listing") in shown.content.decode()
    assert Client().get(reverse("registers:overview")).status_code == 302
    nobody = desk("quantri")
    assert "thử" not in text(nobody.get(reverse("registers:overview")))
    for address in (at("listing"), at("enter"), at("card", 1), at("edit", 1, "thay-doi"), at("purpose")):
        assert nobody.get(address).status_code == 404, address
    assert desk(cast.AN).get(at("listing")).status_code == 403
    assert desk(cast.HANDLER).get(reverse("registers:listing", args=["khong-co"])).status_code == 404


def test_a_list_is_narrowed_sorted_and_paged_at_a_fixed_price():
    for number in range(60):
        entered(so=f"{number:02d}/GPXD", so_tang=number % 5, ngay_cap=f"2025-02-{1 + number % 28:02d}")
    officer = desk(cast.HANDLER)
    first = officer.get(at("listing"))
    assert len(first.context["rows"]) == 50
    following = officer.get(at("listing") + first.context["older"])
    assert len(following.context["rows"]) == 10
    numbers = [row["cells"][0]["text"] for answer in (first, following) for row in answer.context["rows"]]
    assert len(set(numbers)) == 60
    assert officer.get(at("listing") + following.context["newest"]).context["rows"][0] == first.context["rows"][0]
    narrow = "?tim=gpxd+07&l.so_tang.tu=1&l.so_tang.den=3&l.dia_chi=660"
    found = officer.get(at("listing") + narrow)
    assert [row["cells"][0]["text"] for row in found.context["rows"]] == ["07/GPXD"]
    counts = [queries_of(lambda q=query: officer.get(at("listing") + q)) for query in ("", narrow, "?xep=so_tang")]
    assert counts[0] == counts[2] <= 12 and counts[1] <= counts[0] + 1, "rare words are looked for twice"
    other = officer.get(at("listing") + "?xep=so_tang&cot=so&cot=so_tang")
    assert [row["cells"][1]["text"] for row in other.context["rows"]][:13] == ["0"] * 12 + ["1"]


def test_a_list_is_narrowed_to_a_district_with_all_below_it():
    entered()
    officer = desk(cast.HANDLER)
    (unit,) = (box for box in officer.get(at("listing")).context["look"].boxes if box.field.key == "dia_chi")
    districts = {group["label"]: group["options"][0]["value"] for group in unit.groups}
    found = {
        name: len(officer.get(at("listing") + f"?l.dia_chi={code}").context["rows"]) for name, code in districts.items()
    }
    assert {name for name, many in found.items() if many} == {"Thành phố Gia Nghĩa"} and len(found) > 5


@pytest.mark.parametrize(
    "query",
    [
        "?sau=%5B1%5D",
        "?sau=%5B%22x%22%2C%22y%22%5D",
        "?sau=%5B%22%5Cu0000%22%2C1%5D&xep=dia_chi",
        "?sau=[null,99999999999999999999999]",
        "?xep=ten",
        "?xep=-khong-co",
        "?cot=so_dinh_danh&cot=hang_muc",
        "?l.so_tang.tu=nhieu",
        "?l.so_tang.tu=99999999999999999999",
        "?l.dia_chi=99999",
        "?l.so_dinh_danh=067085012345",
        "?ngay=9999-12-31&biet=0001-01-01",
        "?tim=%00%25_",
    ],
)
def test_an_odd_address_shows_a_list(query):
    entered(**WITH_PERSON)
    answer = desk(cast.HANDLER).get(at("listing") + query)
    assert answer.status_code == 200
    assert "067085012345" not in answer.content.decode().replace(query, "").replace("l.so_dinh_danh=067085012345", "")


def test_what_narrows_wrongly_says_so_and_narrows_nothing():
    entered()
    answer = desk(cast.HANDLER).get(at("listing") + "?l.so_tang.tu=nhieu")
    assert "Nhập số bằng chữ số" in text(answer) or "chữ số" in text(answer)
    assert len(answer.context["rows"]) == 1


def test_personal_data_is_read_for_a_purpose_and_that_is_on_record():
    entry = entered(**WITH_PERSON)
    officer = desk(cast.HANDLER)
    asked = officer.get(at("card", entry.id))
    assert asked.status_code == 302 and asked.url.startswith(at("purpose"))
    assert "067085012345" not in officer.get(at("listing")).content.decode()
    unsaid = officer.post(asked.url, {"viec": "ho-so", "noi-dung": ""})
    assert unsaid.status_code == 422 and not timeline((f"register-read.{KEY}", entry.id))
    said = officer.post(at("purpose"), {"viec": "ho-so", "noi-dung": "H16.2025.0012", "ve": at("card", entry.id)})
    assert said.url == at("card", entry.id)
    card = officer.get(said.url)
    assert "067085012345" in card.content.decode() and "H16.2025.0012" in text(card)
    (reading,) = timeline((f"register-read.{KEY}", entry.id))
    assert "H16.2025.0012" in reading.data["purpose"]
    with clock.at(clock.now() + timedelta(hours=9)):
        assert officer.get(at("card", entry.id)).status_code == 302


def test_the_way_back_leads_nowhere_else():
    officer = desk(cast.HANDLER)
    for there in ("https://example.com/", "//example.com", "/dang-nhap/", at("listing").replace(KEY, "khac")):
        assert officer.post(at("purpose"), {"viec": "cap-nhat", "ve": there}).url == at("listing")


def test_an_entry_is_made_changed_corrected_and_ended_on_its_pages():
    officer = desk(cast.HANDLER)
    form = officer.get(at("enter"))
    empty = officer.post(at("enter"), on_form(form))
    assert empty.status_code == 422 and "Số giấy phép" in text(empty)
    filled = on_form(form, **FORM)
    made = officer.post(at("enter"), filled)
    assert made.status_code == 302
    assert officer.post(at("enter"), filled).url == made.url, "sent twice it is the same entry"
    entry_id = int(made.url.rstrip("/").rsplit("/", 1)[1])
    twin = officer.post(at("enter"), on_form(officer.get(at("enter")), **FORM))
    assert twin.status_code == 409 and "đã có bản ghi này" in text(twin)

    change = on_form(officer.get(at("edit", entry_id, "thay-doi")), **{**FORM, "so_tang": "3"})
    assert officer.post(at("edit", entry_id, "thay-doi"), change).status_code == 302
    card = text(officer.get(at("card", entry_id)))
    assert "Số tầng" in card and "Lê Thị Hoa" in card
    correct = on_form(officer.get(at("edit", entry_id, "dinh-chinh")), **{**FORM, "so_tang": "4"})
    assert officer.post(at("edit", entry_id, "dinh-chinh"), correct).status_code == 422, "without a reason"
    assert officer.post(at("edit", entry_id, "dinh-chinh"), {**correct, "_ly-do": "Nhầm"}).status_code == 302
    end = on_form(officer.get(at("edit", entry_id, "ket-thuc")))
    assert officer.post(at("edit", entry_id, "ket-thuc"), {**end, "_ly-do": "Thu hồi"}).status_code == 302
    ended = officer.get(at("card", entry_id))
    assert [told.what for told in ended.context["history"]] == [
        "Một bản ghi của sổ đã chấm dứt",
        "Một bản ghi của sổ đã được đính chính",
        "Một bản ghi của sổ đã thay đổi",
        "Một bản ghi được đưa vào sổ",
    ] or [len(told.changes) for told in ended.context["history"]] == [0, 1, 1, 0]
    assert not officer.get(at("listing")).context["rows"]
    assert len(officer.get(at("listing") + "?het=1").context["rows"]) == 1


def test_who_comes_second_sees_what_is_different_and_decides():
    with clock.at(clock.now() - timedelta(days=30)):
        entry = entered()
    officer = desk(cast.HANDLER)
    form = on_form(officer.get(at("edit", entry.id, "thay-doi")), **{**FORM, "so": "15/GPXD", "so_tang": "7"})
    services.change(
        register=KEY,
        entry_id=entry.id,
        revision=1,
        raw={"so_tang": 5},
        officer=officer_of("case-handler", GIA_NGHIA),
    )
    told = officer.post(at("edit", entry.id, "thay-doi"), form)
    assert told.status_code == 409
    assert [(c.before, c.after) for c in told.context["sheet"].meanwhile if c.label == "Số tầng"] == [("5", "7")]
    again = officer.post(at("edit", entry.id, "thay-doi"), on_form(told, **{**FORM, "so": "15/GPXD", "so_tang": "7"}))
    assert again.status_code == 302
    assert "7" in text(officer.get(at("card", entry.id)))


def test_an_entry_is_shown_as_it_was():
    with clock.at(clock.now() - timedelta(days=30)):
        entry = entered(so_tang=2)
    services.change(
        register=KEY,
        entry_id=entry.id,
        revision=1,
        raw={"so_tang": 5},
        officer=officer_of("case-handler", GIA_NGHIA),
    )
    officer, past = desk(cast.HANDLER), (clock.today() - timedelta(days=3)).isoformat()
    then = officer.get(at("card", entry.id) + f"?ngay={past}")
    assert then.context["entry"].values["so_tang"] == 2 and not then.context["may_write"]
    assert officer.get(at("card", entry.id)).context["entry"].values["so_tang"] == 5
    rows = officer.get(at("listing") + f"?ngay={past}&cot=so_tang").context["rows"]
    assert [row["cells"][0]["text"] for row in rows] == ["2"]
    assert officer.get(at("card", entry.id) + "?ngay=2001-01-01").status_code == 404


def test_a_view_is_kept_by_name_for_who_kept_it():
    officer = desk(cast.HANDLER)
    officer.post(at("save_view"), {"ten": "Nhà cao", "query": "?l.so_tang.tu=5&sau=%5Bnull%2C3%5D"})
    page = officer.get(at("listing") + "?l.so_tang.tu=5")
    assert [each["current"] for each in page.context["views"]] == [True]
    officer.post(at("save_view"), {"ten": "nhà cao", "query": "?l.so_tang.tu=6"})
    (view,) = SavedView.objects.all()
    assert view.query == "l.so_tang.tu=6"
    officer.post(at("save_view"), {"ten": " ", "query": "?l.so_tang.tu=6"})
    assert "Hãy đặt tên" in messages_on(officer.get(at("listing")))
    desk(cast.TWO_AGENCIES).post(at("forget_view", view.pk))
    assert SavedView.objects.filter(pk=view.pk).exists()
    officer.post(at("forget_view", view.pk))
    assert not SavedView.objects.exists()


def test_text_stays_text():
    nasty = "<script>alert(1)</script>"
    entry = entered(so=nasty, chu_dau_tu={"ten": nasty, "so_dinh_danh": None})
    officer = desk(cast.HANDLER)
    for address in (at("listing"), at("card", entry.id), at("edit", entry.id, "thay-doi")):
        assert nasty not in officer.get(address).content.decode()


def test_a_field_that_is_personal_is_no_column(db):
    with pytest.raises(AssertionError, match="so_dinh_danh"):
        publish(DECLARED.replace("columns: [so, ten", "columns: [so, so_dinh_danh, ten"))
