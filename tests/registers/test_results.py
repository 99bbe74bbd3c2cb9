"""Signed results that are written into registers: by themselves, or by somebody where that was refused."""

import uuid
from datetime import date, timedelta
from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import transaction
from django.urls import reverse

from lienthong.cases import services as cases
from lienthong.cases.models import Dossier, Paper
from lienthong.cases.services import entering
from lienthong.foundation import clock
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import by_key, tree
from lienthong.foundation.papers.codes import fresh_verification
from lienthong.procedures.receiving import Outcome
from lienthong.registers import access, queries, services
from lienthong.registers.access import Rights
from lienthong.registers.receiving import services as receiving
from lienthong.registers.receiving.models import Received
from lienthong.work.models import WorkItem
from tests import cast
from tests.browsing import queries_of
from tests.cases import applications, births, dossiers
from tests.registers.conftest import CU_JUT, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.workspace.conftest import desk, text

pytestmark = pytest.mark.django_db

PERMITS = "giay-phep-xay-dung"


def told(dossier: Dossier, key: str = "") -> list[Received]:
    """What the worker does once a result is signed."""
    papers = dossier.papers.filter(kind="result", issued_at__isnull=False)
    for paper in papers.filter(key=key) if key else papers:
        with transaction.atomic():
            entering.enter_result(paper.pk)
    return list(Received.objects.filter(dossier_id=dossier.pk).order_by("id"))


def granted(**changes: Any) -> Dossier:
    dossiers.sign(dossier := dossiers.approved(**changes))
    return Dossier.objects.get(pk=dossier.pk)


def entry_of(row: Received) -> queries.Entry:
    body = queries.register(row.register)
    assert row.entry_id
    return queries.entry(body, Rights(dict.fromkeys(body.leaves)), row.entry_id)


def items(row: Received) -> list[WorkItem]:
    return list(WorkItem.objects.filter(is_open=True, subject_type=receiving.SUBJECT, subject_id=row.pk))


def everything(register: str) -> list[queries.Entry]:
    body = queries.register(register)
    return queries.page(body, Rights(dict.fromkeys(body.leaves)), queries.Filters(ended=True))


class _Form(HTMLParser):
    """What a browser would send of the form of an entry."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, str] = {}
        self.inside, self.select, self.area = False, "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.inside = had.get("id") == "entry"
        elif not self.inside:
            return
        elif tag == "input" and had.get("name"):
            if had.get("type") not in ("radio", "checkbox") or "checked" in had:
                self.sent[had["name"]] = had.get("value", "")
        elif tag == "select":
            self.select = had.get("name", "")
        elif tag == "option" and "selected" in had:
            self.sent[self.select] = had.get("value", "")
        elif tag == "textarea":
            self.area = had.get("name", "")
            self.sent[self.area] = ""

    def handle_endtag(self, tag: str) -> None:
        self.area = "" if tag == "textarea" else self.area
        self.inside = self.inside and tag != "form"

    def handle_data(self, data: str) -> None:
        if self.area:
            self.sent[self.area] += data.removeprefix("\n")


def on_form(answer: Any, **filled: str) -> dict[str, str]:
    form = _Form()
    form.feed(text(answer))
    return form.sent | filled


# by themselves


def test_a_signed_permit_is_in_the_register_of_the_unit_beside_who_signed_it():
    dossier = granted()
    (row,) = told(dossier)
    entry = entry_of(row)
    assert entry.organisation_id == by_key(GIA_NGHIA).id and entry.valid_from == cast.MONDAY.date()
    flat = queries.register(PERMITS).layout.flat(entry.values)
    assert flat["so_giay_phep"] == "01/GPXD" and flat["ngay_cap"] == cast.MONDAY.date()
    assert flat["co_quan_cap"] == by_key(dossiers.GIA_NGHIA).name
    assert (flat["dia_diem"].unit, flat["dia_diem"].detail) == ("24617", "12 Trần Hưng Đạo")
    assert flat["ten_chu_dau_tu"] == "Nguyễn Văn An" and flat["so_dinh_danh"] == "067085004127"
    assert (flat["so_tang"], str(flat["tong_dien_tich"]), flat["cap_cong_trinh"]) == (2, "155", "Cấp IV")
    assert flat["loai_cong_trinh"] == "nha-o-rieng-le" and flat["ma_so_thue"] is None
    assert not items(row) and row.proposed == {} and row.done_by is None


def test_told_again_it_is_there_once():
    dossier = granted()
    assert told(dossier) == told(dossier) and len(everything(PERMITS)) == 1


def test_the_ledger_names_nobody_but_the_dossier_and_the_paper():
    dossier = granted()
    (row,) = told(dossier)
    (made,) = timeline((f"register.{PERMITS}", row.entry_id))
    assert made.account_id is None and made.organisation_id == by_key(GIA_NGHIA).id
    assert made.data["dossier"] == dossier.code and made.data["number"] == "01/GPXD"
    assert made.data["paper"].startswith("Giấy phép xây dựng")


def test_the_card_leads_to_the_dossier_for_who_may_see_it_and_the_dossier_to_the_entry():
    dossier = granted()
    (row,) = told(dossier)
    handler = desk(cast.HANDLER)
    handler.post(reverse("registers:purpose", args=[PERMITS]), {"viec": "cap-nhat", "noi-dung": ""})
    card, of_dossier = (
        reverse("registers:card", args=[PERMITS, row.entry_id]),
        reverse("workspace:dossier", args=[dossier.pk]),
    )
    shown = text(handler.get(card))
    assert f'href="{of_dossier}"' in shown and dossier.code in shown
    assert f'href="{card}"' in text(handler.get(of_dossier))
    auditor = desk("kiemsoat")
    auditor.post(reverse("registers:purpose", args=[PERMITS]), {"viec": "kiem-tra", "noi-dung": "Kế hoạch 12"})
    assert dossier.code in text(auditor.get(card))


def test_a_dossier_s_page_costs_the_same_however_much_stands_in_the_register():
    dossier = granted()
    told(dossier)
    handler = desk(cast.HANDLER)
    page = reverse("workspace:dossier", args=[dossier.pk])
    before = queries_of(lambda: handler.get(page))
    told(granted())
    assert queries_of(lambda: handler.get(page)) == before


# births, residence, households, companies: as the province declares them


def test_a_birth_is_entered_at_the_commune_and_the_child_s_residence_waits_for_the_head_of_the_household():
    dossier, residence, _insurance = births.passed_on()
    (birth,) = told(dossier)
    entry = entry_of(birth)
    flat = queries.register("khai-sinh").layout.flat(entry.values)
    assert tree()[entry.organisation_id].key == f"{births.NGHIA_TRUNG}-tu-phap-ho-tich"
    assert (flat["so"], flat["noi_dang_ky"], flat["so_dinh_danh"]) == ("01/2025", "24617", "067325005536")
    assert (flat["ho_ten"], flat["nam_sinh_me"], flat["quan_he"]) == ("Vũ Hà My", 1995, "Mẹ")
    assert (flat["loai_dang_ky"], flat["truong_hop"], flat["giay_chung_sinh"]) == (
        "dung-han",
        "thong-thuong",
        "chung-sinh",
    )
    assert flat["nguoi_ky"].startswith("Lương Văn Tâm, ")
    births.settled(residence, returned=False)
    dossiers.sign(Dossier.objects.get(pk=residence.pk))
    (waiting,) = told(residence)
    assert waiting.waits and waiting.problems[0][0] == "Chủ hộ" and "036092007745" not in str(waiting.problems)
    (item,) = items(waiting)
    assert (tree()[item.organisation_id].key, item.role) == (f"{births.NGHIA_TRUNG}-cong-an", "case-handler")
    assert item.code == Dossier.objects.get(pk=residence.pk).code and item.due_at > clock.now()


def paper_of(dossier: Dossier, key: str, agency: str, **data: Any) -> Paper:
    """A result as signing leaves it, of a procedure whose steps this test does not go through."""
    return Paper.objects.create(
        dossier=dossier,
        kind="result",
        key=key,
        name="Giấy chứng nhận",
        number="1",
        state=Paper.State.ISSUED,
        data=data,
        organisation_id=by_key(agency).id,
        account=cast.account(cast.LEADER),
        issued_at=clock.now(),
        verification=fresh_verification(),
    )


def handed_in(procedure: str, agency: str, raw: dict[str, Any], papers: tuple[str, ...]) -> Dossier:
    file = dossiers.stored(cast.BICH)
    return cases.open_dossier(
        procedure_key=procedure,
        competent_key=agency,
        raw=raw,
        actor=cast.actor(cast.BICH),
        idempotency_key=uuid.uuid4(),
        files=[cases.HandedIn(key, file.pk, file.name) for key in papers],
    )


HOUSEHOLD: dict[str, Any] = {
    "owner": {
        "full_name": "Trần Thị Bích", "gender": "2", "birth_date": "02/11/1992", "ethnicity": "01", "nationality": "VN",
        "paper_type": "cccd", "person_id": "067192003856", "paper_date": "20/9/2021", "paper_place": "Cục Cảnh sát",
        "permanent_address": "Số 15, tổ dân phố 7, phường Nghĩa Tân", "phone": "0368 215 947",
        "contact_address": "Số 15, tổ dân phố 7, phường Nghĩa Tân",
    },
    "business": {"name": "Hộ kinh doanh Bích Trần", "seat": {"unit": "24615", "detail": "Số 15, tổ dân phố 7"}},
    "lines": [{"line": "1410"}, {"line": "4771", "main": "on", "detail": "Quần áo trẻ em"}],
    "capital": {"amount": "80.000.000"},
    "tax": {"employees": "2"},
    "founders": {"kind": "household", "members": [
        {"full_name": "Trần Văn Tư", "birth_date": "1/1/1990", "gender": "1", "nationality": "VN", "ethnicity": "01",
         "permanent_address": "Phường Nghĩa Tân", "person_id": "067090003851", "paper": "20/9/2021, Cục Cảnh sát"}]},
    "pledge": {"truthful": "on", "seat_lawful": "on"},
}  # fmt: skip


def test_a_household_business_is_entered_with_its_lines_and_members():
    papers = ("giay-to-ca-nhan", "bien-ban-hop", "uy-quyen-chu-ho")
    dossier = handed_in("dang-ky-ho-kinh-doanh", f"{dossiers.GIA_NGHIA}-tai-chinh-ke-hoach", HOUSEHOLD, papers)
    paper_of(
        dossier,
        "giay-chung-nhan",
        f"{dossiers.GIA_NGHIA}-tai-chinh-ke-hoach",
        registration_code="6400123456",
        first_registered="2025-03-03",
    )
    (row,) = told(dossier)
    assert not row.waits, row.problems
    flat = queries.register("ho-kinh-doanh").layout.flat(entry_of(row).values)
    assert (flat["so_dang_ky"], flat["nganh_chinh"], flat["chu_the"]) == ("6400123456", "4771", "ho-gia-dinh")
    assert [line["nganh_ma"] for line in flat["nganh_khac"]] == ["1410"]
    assert [member["tv_so_dinh_danh"] for member in flat["thanh_vien"]] == ["067090003851"]
    assert flat["trang_thai"] == "hoat-dong", "what the result does not say begins as an empty form does"


def test_a_company_is_entered_with_its_owner_and_representatives():
    papers = ("dieu-le", "giay-to-dai-dien", "giay-to-chu-so-huu", "mau-dau")
    key = "thanh-lap-cong-ty-tnhh-mot-thanh-vien"
    dossier = handed_in(key, "phong-dang-ky-kinh-doanh", applications.COMPANY, papers)
    paper_of(
        dossier,
        "giay-chung-nhan",
        "phong-dang-ky-kinh-doanh",
        enterprise_code="0100109106",
        first_registered="2025-03-03",
    )
    (row,) = told(dossier)
    assert not row.waits, row.problems
    flat = queries.register("doanh-nghiep").layout.flat(entry_of(row).values)
    assert (flat["ma_so"], flat["nganh_chinh"], flat["khu_cong_nghiep"]) == ("0100109106", "1410", None)
    assert flat["nguoi_dai_dien"] == "Trần Thị Bích" and flat["dai_dien"][0]["dd_so_dinh_danh"] == "067192003856"
    assert flat["thanh_vien"][0]["tv_von_gop"] == 800_000_000 and flat["von_dieu_le"] == 800_000_000


# what is refused waits for somebody


def taken() -> dict[str, Any]:
    """An entry that somebody has made by hand for the same permit."""
    return {
        "so_giay_phep": "01/GPXD",
        "co_quan_cap": by_key(dossiers.GIA_NGHIA).name,
        "ngay_cap": cast.MONDAY.date().isoformat(),
        "chu_dau_tu": {"ten_chu_dau_tu": "Nguyễn Văn An"},
        "cong_trinh": {
            "dia_diem": {"unit": "24617", "detail": "12 Trần Hưng Đạo"},
            "loai_cong_trinh": "nha-o-rieng-le",
        },
    }


def by_hand() -> queries.Entry:
    return services.enter(register=PERMITS, raw=taken(), officer=cast.actor(cast.HANDLER))


@pytest.fixture
def waiting() -> Received:
    dossier = granted()
    by_hand()
    (row,) = told(dossier)
    return row


def test_what_is_there_already_waits_with_all_that_was_said(waiting):
    assert waiting.waits and len(everything(PERMITS)) == 1
    assert waiting.proposed["so_giay_phep"] == "01/GPXD" and waiting.proposed["cong_trinh"]["so_tang"] == 2
    (item,) = items(waiting)
    assert item.organisation_id == by_key(GIA_NGHIA).id and item.role == "case-handler"
    assert [told(Dossier.objects.get(pk=waiting.dossier_id))[0].pk, len(items(waiting))] == [waiting.pk, 1]


def test_it_is_completed_in_the_ordinary_form_and_settled_by_that(waiting):
    handler = desk(cast.HANDLER)
    page = reverse("registers:result", args=[waiting.pk])
    assert page in text(handler.get(reverse("workspace:inbox")))
    assert page in text(handler.get(reverse("workspace:dossier", args=[waiting.dossier_id])))
    shown = handler.get(page)
    address = reverse("registers:enter", args=[PERMITS]) + f"?ket-qua={waiting.pk}"
    assert address in text(shown) and "Nguyễn Văn An" in text(shown)
    form = handler.get(address)
    sent = on_form(form, so_giay_phep="01A/GPXD")
    assert sent["cong_trinh.so_tang"] == "2" and sent["chu_dau_tu.ten_chu_dau_tu"] == "Nguyễn Văn An"
    saved = handler.post(address, sent)
    assert saved.status_code == 302, text(saved)
    waiting.refresh_from_db()
    assert waiting.done_by == cast.account(cast.HANDLER) and not items(waiting) and waiting.proposed == {}
    entry = entry_of(waiting)
    assert queries.register(PERMITS).layout.flat(entry.values)["so_giay_phep"] == "01A/GPXD"
    assert "hồ sơ" in entry.origin
    again = handler.post(address, sent)
    assert again["Location"] == page and len(everything(PERMITS)) == 2, "sent twice it is entered once"
    kinds = [each.kind for each in timeline((receiving.SUBJECT, waiting.pk))]
    assert kinds[0] == "registers.result_waits" and "registers.result_read" in kinds
    assert kinds[-1] == "registers.result_settled"


def test_it_can_settle_on_an_entry_that_is_there(waiting):
    (there,) = everything(PERMITS)
    handler = desk(cast.HANDLER)
    chosen = handler.post(reverse("registers:result", args=[waiting.pk]), {"ban_ghi.id": str(there.id)})
    assert chosen.status_code == 302
    assert (
        chosen["Location"] == reverse("registers:edit", args=[PERMITS, there.id, "thay-doi"]) + f"?ket-qua={waiting.pk}"
    )
    handler.post(reverse("registers:purpose", args=[PERMITS]), {"viec": "cap-nhat", "noi-dung": ""})
    sent = on_form(handler.get(chosen["Location"]))
    assert sent["cong_trinh.so_tang"] == "2", "the form has what the result says over what stood there"
    assert handler.post(chosen["Location"], sent).status_code == 302
    (now,) = everything(PERMITS)
    waiting.refresh_from_db()
    assert now.revision == 2 and waiting.entry_id == now.id and not items(waiting)


def test_nothing_is_written_only_with_a_reason(waiting):
    handler = desk(cast.HANDLER)
    address = reverse("registers:set_aside", args=[waiting.pk])
    handler.post(address, {"ly-do": " "})
    waiting.refresh_from_db()
    assert waiting.waits
    handler.post(address, {"ly-do": "Đã ghi bằng tay."})
    waiting.refresh_from_db()
    assert waiting.note == "Đã ghi bằng tay." and not items(waiting) and waiting.proposed == {}
    assert "Đã ghi bằng tay." in text(handler.get(reverse("registers:result", args=[waiting.pk])))


def test_whoever_may_not_write_there_does_not_see_it(waiting):
    page = reverse("registers:result", args=[waiting.pk])
    for username in (cast.CLERK, cast.LEADER, "nam.tckh", "kiemsoat"):
        assert desk(username).get(page).status_code == 404, username
    assert desk(cast.HANDLER).get(reverse("registers:result", args=[10**9])).status_code == 404
    wrong = reverse("registers:enter", args=["ho-kinh-doanh"]) + f"?ket-qua={waiting.pk}"
    assert desk("nam.tckh").get(wrong).status_code == 404
    with pytest.raises(receiving.NoSuchResult):
        receiving.set_aside(received_id=waiting.pk, officer=officer_of("case-handler", CU_JUT), note="Không")


def test_a_form_that_is_refused_leaves_it_waiting(waiting):
    handler = desk(cast.HANDLER)
    address = reverse("registers:enter", args=[PERMITS]) + f"?ket-qua={waiting.pk}"
    refused = handler.post(address, on_form(handler.get(address)))
    assert refused.status_code == 409
    waiting.refresh_from_db()
    assert waiting.waits and len(items(waiting)) == 1 and waiting.entry_id is None


# changes and ends


def outcome(does: str, find: dict[str, Any], values: dict[str, Any] | None = None, **more: Any) -> Outcome:
    return Outcome(
        request=more.pop("request", uuid.uuid4()),
        register=KEY,
        does=does,  # type: ignore[arg-type]
        find=find,
        values=values or {},
        since=more.pop("since", cast.MONDAY.date()),
        dossier_id=7,
        dossier_code="000.00.31.H16-250303-0007",
        paper_id=9,
        paper="Quyết định thu hồi",
        number="3/QĐ",
        organisation_id=by_key(more.pop("agency", dossiers.GIA_NGHIA)).id,
    )


@pytest.fixture
def permits() -> queries.Entry:
    publish()
    handler = officer_of("case-handler", GIA_NGHIA)
    since = cast.MONDAY.date() - timedelta(days=30)
    return services.enter(register=KEY, raw=permit(), officer=handler, valid_from=since)


def test_a_result_changes_the_entry_that_it_names(permits):
    row = receiving.receive(outcome("change", {"so": "15/GPXD"}, {"so_tang": 4}))
    entry = entry_of(row)
    assert (entry.id, entry.revision, entry.values["so_tang"], entry.values["dien_tich"]) == (
        permits.id,
        2,
        4,
        permits.values["dien_tich"],
    )
    (_first, changed) = timeline((f"register.{KEY}", permits.id))
    assert changed.data["dossier"] == "000.00.31.H16-250303-0007" and "3/QĐ" in changed.data["reason"]


def test_a_result_ends_the_entry_that_it_names_from_its_day(permits):
    row = receiving.receive(outcome("end", {"so": "15/GPXD"}, since=date(2025, 2, 20)))
    assert entry_of(row).valid_until == date(2025, 2, 20)
    again = receiving.receive(outcome("end", {"so": "15/GPXD"}))
    assert again.waits and "15/GPXD" in again.problems[0][1], "one that has ended is not found"


def test_an_entry_that_another_agency_keeps_is_not_touched(permits):
    row = receiving.receive(outcome("end", {"so": "15/GPXD"}, agency="huyen-cu-jut"))
    body = queries.register(KEY)
    there = queries.entry(body, Rights(dict.fromkeys(body.leaves)), permits.id)
    assert row.waits and there.valid_until is None
    assert row.organisation_id == by_key(GIA_NGHIA).id and items(row)[0].organisation_id == by_key(GIA_NGHIA).id


def test_who_keeps_an_entry_ends_it_from_the_result_that_waits(permits):
    row = receiving.receive(outcome("end", {"so": "15/GPXD"}, agency="huyen-cu-jut"))
    handler = desk(cast.HANDLER)
    address = reverse("registers:edit", args=[KEY, permits.id, "ket-thuc"]) + f"?ket-qua={row.pk}"
    assert address in text(handler.get(reverse("registers:result", args=[row.pk])))
    sent = on_form(handler.get(address))
    reason = "Quyết định thu hồi số 3/QĐ"
    assert reason in text(handler.get(address))
    assert handler.post(address, {**sent, "_ly-do": reason}).status_code == 302
    row.refresh_from_db()
    assert not row.waits and not items(row) and entry_of(row).valid_until == cast.MONDAY.date()


def test_a_value_that_was_not_said_is_a_reason_and_no_crash(permits):
    row = receiving.receive(outcome("change", {"so": None}, {"so_tang": 4}))
    assert row.waits and "Số giấy phép" in row.problems[0][1]
    row = receiving.receive(outcome("change", {"so": "15/GPXD"}, {"so_tang": "hai", "loai": ["moi"]}))
    assert row.waits and [label for label, _why in row.problems] == ["Số tầng"]
    row = receiving.receive(outcome("enter", {}, {"so": "x'; DROP TABLE", "so_tang": 500}))
    assert row.waits and {"Ngày cấp", "Số tầng"} <= {label for label, _why in row.problems}


def test_the_keeper_is_at_the_place_of_who_decided(permits):
    body = queries.register(KEY)

    def near(key: str) -> str:
        found = receiving.keeper_near(body, by_key(key))
        return found.key if found else ""

    assert near(GIA_NGHIA) == GIA_NGHIA and near(dossiers.GIA_NGHIA) == GIA_NGHIA
    assert near(births.NGHIA_TRUNG) == GIA_NGHIA, "of the district above"
    assert near("huyen-cu-jut") == CU_JUT, "never of the district beside it"
    assert near("phong-dang-ky-kinh-doanh") == "", "no agency of the province's level keeps it"


def test_nothing_is_lost_where_nobody_keeps_the_register(permits):
    row = receiving.receive(outcome("enter", {}, {"so": "1"}, agency="phong-dang-ky-kinh-doanh"))
    assert row.waits and row.proposed["so"] == "1" and len(items(row)) == 1


def test_a_machine_has_the_rights_of_the_agency_it_writes_for_and_of_no_other(permits):
    body = queries.register(KEY)
    automatic = access.Automatic(by_key(CU_JUT).id, {})
    with pytest.raises(queries.NoSuchEntry):
        services.end(register=KEY, entry_id=permits.id, revision=1, officer=automatic, reason="")
    assert access.rights_of(automatic, body, to="write").reach == frozenset({by_key(CU_JUT).id})
