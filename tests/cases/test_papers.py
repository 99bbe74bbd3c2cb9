"""The prescribed forms as PDF, made from real dossiers: each says what its form asks for, and is made once."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from lienthong.cases import services
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Component, Dossier, Paper
from lienthong.cases.papers import control, forms
from lienthong.cases.queries.pages import page_of
from lienthong.cases.services import papers
from lienthong.foundation import clock
from lienthong.foundation.clock import ZONE
from lienthong.foundation.files.storage import open_content
from lienthong.foundation.organisations.queries import by_key, tree
from lienthong.foundation.papers import letterheads
from tests import cast
from tests.cases import dossiers
from tests.foundation.papers.reading import letters_of, opened, page_sizes, words_of

pytestmark = pytest.mark.django_db

A5, A4 = (148, 210), (210, 297)
NEW_RULES = "nd-118-2025"


@pytest.fixture(autouse=True)
def monday():
    with cast.on_monday():
        yield


def pdf_of(paper: Paper) -> bytes:
    assert paper.file
    with open_content(paper.file.sha256) as content:
        return bytes(content.read())


def said(pdf: bytes) -> str:
    return words_of(pdf).replace(letterheads.NO_BREAK, " ")


@transaction.atomic
def receipt_for(dossier: Dossier) -> Paper:
    clerk = cast.actor(cast.CLERK)
    made = papers.make_receipt(dossier.pk, account_id=clerk.account_id, post_id=clerk.post_id, at=clock.now())
    assert made
    return made


@transaction.atomic
def made(paper: Paper) -> Paper:
    return papers.make_form(paper.pk)


def issued(dossier: Dossier, kind: str, username: str, **data: Any) -> Paper:
    """A form as the transition puts it on record."""
    officer = cast.actor(username)
    form = RULE_SET.pinned(dossier.rule_set_id).form(kind)
    return Paper.objects.create(
        dossier=dossier,
        kind=kind,
        key="1",
        name=form.name,
        state=Paper.State.ISSUED,
        data=data,
        organisation_id=officer.acting.organisation.id,
        account_id=officer.account_id,
        post_id=officer.post_id,
        issued_at=clock.now(),
        verification="A" * 24,
    )


def under_new_rules(dossier: Dossier) -> Dossier:
    dossier.rule_set_id = RULE_SET.current(NEW_RULES, datetime(2025, 8, 1, tzinfo=ZONE).date()).id
    dossier.save(update_fields=["rule_set"])
    return dossier


def assert_says(pdf: bytes, *parts: str | None) -> None:
    text, letters = said(pdf), letters_of(pdf)
    for part in parts:
        assert part and (part in text or "".join(part.split()) in letters), part


def test_the_receipt_has_every_field_of_form_01_and_its_place_in_the_register():
    dossier = dossiers.received()
    paper = receipt_for(dossier)
    pdf = pdf_of(paper)
    assert page_sizes(pdf) == {A5} and len(opened(pdf).pages) == 1
    assert_says(
        pdf,
        "Mẫu số 01",
        "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
        "Số: 01/BPTNTKQ",
        "Gia Nghĩa, ngày 03 tháng 3 năm 2025",
        f"Mã hồ sơ: {dossier.code}",
        "Tiếp nhận hồ sơ của: Nguyễn Văn An",
        "067085004127",
        "Hình thức nộp: Trực tuyến",
        "Địa chỉ: Số 42",
        "0905412768",
        "Bản chứng thực",
        "2. Số lượng hồ sơ: 1 (bộ)",
        "3. Thời gian giải quyết hồ sơ theo quy định là",
        "4. Thời gian nhận hồ sơ: 08 giờ 30 phút, ngày 03 tháng 3 năm 2025",
        "5. Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút",
        "6. Đăng ký nhận kết quả tại",
        "Quyển số: 2025",
        "Số thứ tự: 1",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Phạm Thị Lan",
        "Kết quả có thể có trước ngày hẹn",
        "4 số cuối của số điện thoại",
    )


def test_the_receipt_names_who_handed_it_in_for_another():
    dossier = dossiers.received(owner__full_name="Lê Văn Hai", owner__person_id="067085004128")
    assert_says(pdf_of(receipt_for(dossier)), "Tiếp nhận hồ sơ của: Nguyễn Văn An", "Chủ hồ sơ: Lê Văn Hai")


def test_a_receipt_is_made_once_and_its_number_with_it():
    dossier = dossiers.received()
    first, again = receipt_for(dossier), receipt_for(dossier)
    assert (first.pk, first.file_id, first.number) == (again.pk, again.file_id, again.number)
    assert receipt_for(dossiers.received()).number == "2"


def test_a_dossier_received_again_gets_a_new_receipt_and_keeps_its_number():
    dossier = dossiers.received()
    first = receipt_for(dossier)
    receipt_for(dossiers.received())
    with clock.at(cast.MONDAY + timedelta(days=1)):
        services.undo_acceptance(dossier_id=dossier.pk, officer=cast.actor(cast.LEADER), reason="Nhầm thủ tục")
        with transaction.atomic():
            assert papers.make_receipt(dossier.pk, account_id=None, post_id=None, at=clock.now()) is None
        dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tiep-nhan")
        second = receipt_for(dossier)
    assert second.pk != first.pk and second.number == first.number == "1"
    assert_says(pdf_of(second), "4. Thời gian nhận hồ sơ: 08 giờ 30 phút, ngày 04 tháng 3 năm 2025")


def test_one_receipt_for_several_dossiers_lists_each_with_its_own_day():
    together = [dossiers.received(), dossiers.received(owner__full_name="Trần Thị Bích")]
    pdf = papers.receipt_of(together, account_id=cast.account(cast.CLERK).pk, at=clock.now())
    assert page_sizes(pdf) == {A5} and len(opened(pdf).pages) == 2
    assert_says(
        pdf,
        "1. Số lượng hồ sơ nộp cùng lúc: 2 (danh sách kèm theo)",
        "DANH SÁCH HỒ SƠ NỘP CÙNG LÚC",
        together[0].code,
        together[1].code,
        "Trần Thị Bích",
        "18/03/2025",
        "Phạm Thị Lan",
    )
    assert "Thành phần hồ sơ nộp gồm" not in said(pdf)


def test_dossiers_that_were_not_received_together_have_no_receipt_together():
    with pytest.raises(papers.NotTogether):
        papers.receipt_of([dossiers.received(), dossiers.submitted()], account_id=None, at=clock.now())
    with pytest.raises(papers.NotTogether):
        papers.receipt_of([], account_id=None, at=clock.now())


def test_a_supplement_request_bears_the_code_of_the_dossier_as_its_number():
    dossier = dossiers.in_hand()
    Component.objects.filter(dossier=dossier, component="ban-ve").update(check_result=Component.Check.WRONG)
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "yeu-cau-bo-sung", reason="Thiếu mặt cắt móng")
    pdf = pdf_of(made(dossier.papers.get(kind="supplement-request")))
    assert page_sizes(pdf) == {A5}
    assert_says(
        pdf, "Mẫu số 02", f"Số: {dossier.code}/HDHS", "Bản vẽ thiết kế xây dựng", "Lý do: Thiếu mặt cắt móng",
        "liên hệ với Trần Thị Mai", "số điện thoại", "NGƯỜI HƯỚNG DẪN",
    )  # fmt: skip


def test_a_refusal_has_a_number_of_its_own_and_both_signatures():
    dossier = dossiers.submitted()
    dossiers.act(dossier, cast.CLERK, "tiep-nhan", "tu-choi", reason="Không thuộc thẩm quyền")
    pdf = pdf_of(made(dossier.papers.get(kind="refusal")))
    assert_says(
        pdf, "Mẫu số 03", "Số: 01/BPTNTKQ", f"Mã hồ sơ: {dossier.tracking}", "Không thuộc thẩm quyền",
        "liên hệ với Phạm Thị Lan", "NGƯỜI NỘP HỒ SƠ", "NGƯỜI TIẾP NHẬN HỒ SƠ",
    )  # fmt: skip


def test_an_apology_says_the_old_day_the_reason_and_the_new_day():
    dossier = dossiers.in_hand()
    paper = issued(
        dossier,
        "apology",
        cast.HEAD,
        reason="Chờ ý kiến phòng cháy",
        old_due="2025-03-18T17:00:00+07:00",
        new_due="2025-03-25T17:00:00+07:00",
    )
    pdf = pdf_of(made(paper))
    assert page_sizes(pdf) == {A5} and len(opened(pdf).pages) == 1
    assert_says(
        pdf,
        "Mẫu số 04",
        "Số: 01/PQLĐT",
        "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ",
        f"Mã hồ sơ: {dossier.code}",
        "Kính gửi: Nguyễn Văn An",
        "Thời gian hẹn trả kết quả: 17 giờ 00 phút, ngày 18 tháng 3 năm 2025",
        "Lý do: Chờ ý kiến phòng cháy",
        "hẹn lại thời gian trả kết quả: 17 giờ 00 phút, ngày 25 tháng 3 năm 2025",
        "TRƯỞNG PHÒNG",
        "Nguyễn Mạnh Hùng",
    )


def test_under_the_new_circular_the_apology_has_its_new_name():
    dossier = under_new_rules(dossiers.in_hand())
    moments = {"old_due": "2025-03-18T17:00:00+07:00", "new_due": "2025-03-25T17:00:00+07:00"}
    pdf = pdf_of(made(issued(dossier, "apology", cast.LEADER, reason="Nhiều hồ sơ", **moments)))
    assert_says(
        pdf, "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT", "Thông tư số 03/2025/TT-VPCP",
        "TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH", "Số: 01/UBND",
    )  # fmt: skip


def test_a_stop_says_where_it_stopped_why_and_what_about_the_fees():
    dossier = under_new_rules(dossiers.in_hand())
    pdf = pdf_of(made(issued(dossier, "stop", cast.HEAD, reason="Người nộp đề nghị dừng", stage="Thẩm định hồ sơ")))
    assert page_sizes(pdf) == {A5} and len(opened(pdf).pages) == 1
    assert_says(
        pdf,
        "Mẫu số 05",
        "Số: 01/TB-PQLĐT",
        "THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ",
        "Bước đang giải quyết: Thẩm định hồ sơ",
        "Thời điểm dừng: 08 giờ 30 phút, ngày 03 tháng 3 năm 2025",
        "với lý do như sau: Người nộp đề nghị dừng",
        "75.000 đồng",
        "Số đã nộp và cách xử lý: .....",
        "TRƯỞNG PHÒNG",
    )


def test_a_form_that_the_circular_does_not_know_is_not_made():
    dossier = dossiers.in_hand()
    paper = issued(under_new_rules(dossier), "stop", cast.HEAD, reason="x", stage="y")
    dossier.rule_set_id = RULE_SET.current("nd-61-2018", cast.MONDAY.date()).id
    dossier.save(update_fields=["rule_set"])
    assert made(paper).file is None


def test_every_form_can_be_checked_and_followed_by_its_codes():
    dossier = dossiers.received()
    paper = receipt_for(dossier)
    shape = forms.receipt(
        dossier, paper, forms.Issued(person="", link="https://a.vn/x", tracking_link="https://a.vn/y")
    )
    assert shape.as_data()["form_link"].startswith("<svg") and shape.as_data()["tracking_link"].startswith("<svg")
    assert_says(pdf_of(paper), "Kiểm tra phiếu", "Tra cứu hồ sơ")


# the control slip


def test_the_control_slip_follows_the_dossier_from_hand_to_hand():
    dossier = dossiers.in_hand()
    with clock.at(cast.MONDAY + timedelta(hours=1)):
        dossiers.act(dossier, cast.HANDLER, "tham-dinh", "lay-y-kien", reason="Nhà có kinh doanh")
        hops = control.hops(page_of(dossier), clock.now())
    who = [(hop.giver.person or hop.giver.agency, hop.receiver.person, hop.result) for hop in hops]
    assert who == [
        ("Nguyễn Văn An", "Phạm Thị Lan", "early"),
        ("Phạm Thị Lan", "Nguyễn Mạnh Hùng", "on-time"),
        ("Nguyễn Mạnh Hùng", "Trần Thị Mai", "open"),
        ("Trần Thị Mai", "", "open"),
    ]
    assert hops[0].giver.agency == control.APPLICANT
    assert hops[3].receiver.agency == tree()[dossiers.visit(dossier, "y-kien-pccc").organisation_id].name


def test_the_control_slip_has_every_field_of_its_form():
    dossier = dossiers.in_hand()
    dossiers.act(dossier, cast.HANDLER, "tham-dinh", "lay-y-kien", reason="Nhà có kinh doanh")
    pdf = papers.control_slip(dossier, at=clock.now())
    assert page_sizes(pdf) == {A4}
    assert_says(
        pdf,
        "Mẫu số 05",
        "PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ",
        f"Mã hồ sơ: {dossier.code}",
        "Kèm theo hồ sơ của: Nguyễn Văn An",
        "Thời gian nhận hồ sơ: 08 giờ 30 phút, ngày 03 tháng 3 năm 2025",
        "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 18 tháng 3 năm 2025",
        "Cơ quan giải quyết hồ sơ: Ủy ban nhân dân thành phố Gia Nghĩa",
        "Cơ quan phối hợp giải quyết hồ sơ: Phòng Cảnh sát",
        "1. Giao: Bộ phận Tiếp nhận và Trả kết quả thành phố Gia Nghĩa, Phạm Thị Lan",
        "2. Nhận: Phòng Quản lý đô thị thành phố Gia Nghĩa, Nguyễn Mạnh Hùng",
        "Người giao",
        "Người nhận",
        "Trước hạn",
        "Đang giải quyết, còn hạn",
        "Ghi chú",
    )


def test_the_control_slip_is_archived_once_with_the_dossier():
    dossier = dossiers.approved()
    dossiers.act(dossier, cast.CLERK, "tra-ket-qua", dossiers.last_action(dossier, "tra-ket-qua"))
    for _time in range(2):
        with transaction.atomic():
            papers.archive_control_slip(dossier.pk, account_id=None, post_id=None, at=clock.now())
    paper = Paper.objects.get(dossier=dossier, kind="control")
    assert (paper.state, paper.number, paper.organisation_id) == (Paper.State.READY, "1", dossier.reception_id)
    assert_says(pdf_of(paper), "Số: 01/BPTNTKQ", "Hoàng Thị Thanh", "Trước hạn")


MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2025, 12, 31), timezones=st.just(ZONE))  # noqa: DTZ001


@given(due=MOMENTS, done=MOMENTS)
def test_what_is_done_is_early_on_time_or_late_and_late_exactly_after_its_moment(due, done):
    found = control.timeliness(due, done)
    assert (found == "late") == (done > due)
    assert found != "early" or done.date() < due.date()
    assert control.timeliness(None, done) == "on-time"


@pytest.mark.parametrize(
    ("organisation", "symbol"),
    [
        ("thanh-pho-gia-nghia-van-phong-mot-cua", "BPTNTKQ"),
        ("trung-tam-hanh-chinh-cong", "TTPVHCC"),
        ("thanh-pho-gia-nghia", "UBND"),
        ("thanh-pho-gia-nghia-quan-ly-do-thi", "PQLĐT"),
    ],
)
def test_each_agency_has_its_symbol_behind_the_number(organisation, symbol):
    assert letterheads.symbol_of(by_key(organisation)) == symbol
