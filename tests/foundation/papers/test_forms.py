"""The papers of the one-stop shop say what their forms ask for."""

import dataclasses

import pytest

from lienthong.cases.papers.shapes import ListedDossier
from lienthong.foundation import papers
from lienthong.foundation.papers.shapes import Table
from tests.foundation.papers.reading import opened, page_sizes, words_of
from tests.foundation.papers.sample import (
    APPLICANT,
    APPLICATION,
    AT,
    CODE,
    OPINION,
    PAPERS,
    RECEIPT,
    REFUSAL,
    RESULT,
    SUPPLEMENT_REQUEST,
)

NATIONAL_TITLE = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")


def printed(template, shape=None) -> str:
    return words_of(papers.render(template, (shape or PAPERS[template]).as_data(), at=AT))


@pytest.mark.parametrize(
    ("template", "size"),
    [
        ("cases/receipt", (148, 210)),
        ("cases/supplement_request", (148, 210)),
        ("cases/refusal", (148, 210)),
        ("cases/result", (210, 297)),
        ("cases/application", (210, 297)),
        ("cases/opinion", (210, 297)),
    ],
)
def test_each_paper_has_its_size_the_national_title_and_room_to_sign(template, size):
    pdf = papers.render(template, PAPERS[template].as_data(), at=AT)
    assert page_sizes(pdf) == {size} and len(opened(pdf).pages) == 1
    assert all(line in words_of(pdf) for line in NATIONAL_TITLE)
    places = set(opened(pdf).named_destinations)
    assert any(name.startswith("stamp-signer-") for name in places)
    if template != "cases/application":
        assert any(name.startswith("stamp-seal-text-") for name in places)


def test_the_receipt_says_all_that_form_01_asks():
    text = printed("cases/receipt")
    for part in (
        "Mẫu số 01",
        "UBND THÀNH PHỐ GIA NGHĨA",
        "Số: 92/BPTNTKQ",
        "Gia Nghĩa, ngày 05 tháng 3 năm 2025",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        f"Mã hồ sơ: {CODE}",
        f"Bộ phận tiếp nhận: {RECEIPT.unit}",
        f"Tiếp nhận hồ sơ của: {APPLICANT.name}",
        APPLICANT.identity,
        "Hình thức nộp: Trực tuyến",
        f"Địa chỉ: {APPLICANT.address}",
        f"Số điện thoại: {APPLICANT.phone}",
        f"Email: {APPLICANT.email}",
        "Chủ hồ sơ: Lê Văn Hai",
        "Địa chỉ chủ hồ sơ: Thôn Nghĩa Tín, xã Quảng Thành",
        f"Nội dung yêu cầu giải quyết: {RECEIPT.request}",
        "Bản chính",
        "Bản chứng thực",
        "Bản photo",
        "3 02 bộ bản vẽ thiết kế xây dựng 2 3",
        "Số lượng hồ sơ: 1 (bộ)",
        "Thời gian giải quyết hồ sơ theo quy định là: 20 ngày làm việc",
        "Thời gian nhận hồ sơ: 08 giờ 30 phút, ngày 05 tháng 3 năm 2025",
        "Thời gian trả kết quả giải quyết hồ sơ: 17 giờ 00 phút, ngày 02 tháng 4 năm 2025",
        "Đăng ký nhận kết quả tại: Trả trực tuyến",
        "Quyển số: 01/2025",
        "Số thứ tự: 0092",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        "Trần Văn Bình",
    ):
        assert part in text, part


def test_the_receipt_names_the_owner_once_when_he_came_himself():
    text = printed("cases/receipt", dataclasses.replace(RECEIPT, owner=APPLICANT))
    assert "Chủ hồ sơ" not in text


def test_a_receipt_without_due_date_leaves_the_dots():
    assert "giải quyết hồ sơ: ....." in printed("cases/receipt", dataclasses.replace(RECEIPT, due_at=None))


def test_a_receipt_for_many_dossiers_carries_their_list():
    listed = tuple(
        ListedDossier(
            content="Chứng thực bản sao",
            unit="UBND phường Nghĩa Thành",
            received="05/3/2025",
            due="06/3/2025",
            limit="01 ngày",
            owner=f"Người thứ {number}",
            sets=2,
        )
        for number in range(40)
    )
    text = printed("cases/receipt", dataclasses.replace(RECEIPT, listed=listed))
    assert "Số lượng hồ sơ nộp cùng lúc: 40" in text and "DANH SÁCH HỒ SƠ NỘP CÙNG LÚC" in text
    assert "Người thứ 39" in text and "06/3/2025" in text and "01 ngày" in text


def test_the_request_for_a_supplement_says_all_that_form_02_asks():
    text = printed("cases/supplement_request")
    for part in (
        "Mẫu số 02",
        "Số: 07/HDHS",
        "PHIẾU YÊU CẦU BỔ SUNG, HOÀN THIỆN HỒ SƠ",
        f"Hồ sơ của: {APPLICANT.name}",
        f"Nội dung yêu cầu giải quyết: {SUPPLEMENT_REQUEST.request}",
        f"Địa chỉ: {APPLICANT.address}",
        f"Số điện thoại: {APPLICANT.phone}",
        f"Email: {APPLICANT.email}",
        "1 Bản sao một trong những giấy tờ chứng minh quyền sử dụng đất 1",
        f"Lý do: {SUPPLEMENT_REQUEST.reason}",
        "Thời hạn bổ sung, hoàn thiện: 30 ngày",
        "liên hệ với bà H'Lan Niê, số điện thoại 0261 3543 210",
        "NGƯỜI HƯỚNG DẪN",
        "Trần Văn Bình",
    ):
        assert part in text, part


def test_a_request_without_components_has_no_empty_table():
    text = printed("cases/supplement_request", dataclasses.replace(SUPPLEMENT_REQUEST, components=()))
    assert "Bản chính" not in text


def test_the_refusal_says_all_that_form_03_asks():
    text = printed("cases/refusal")
    for part in (
        "Mẫu số 03",
        "PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ",
        f"Tiếp nhận hồ sơ của: {APPLICANT.name}",
        f"Địa chỉ: {APPLICANT.address}",
        f"Email: {APPLICANT.email}",
        f"Nội dung yêu cầu giải quyết: {REFUSAL.request}",
        "thông báo không tiếp nhận, giải quyết hồ sơ này với lý do cụ thể như sau",
        "Công trình được miễn giấy phép xây dựng. Thửa đất không thuộc địa bàn thành phố.",
        "liên hệ với bà H'Lan Niê",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
    ):
        assert part in text, part


def test_a_result_is_laid_out_from_its_blocks():
    text = printed("cases/result")
    for part in (
        "TỈNH ĐẮK NÔNG",
        "THÀNH PHỐ GIA NGHĨA",
        "Số: 12/GPXD",
        "GIẤY PHÉP XÂY DỰNG",
        "Căn cứ Luật Xây dựng ngày 18 tháng 6 năm 2014; Xét đơn của bà Nguyễn Thị Hường.",
        "CẤP PHÉP:",
        "Diện tích xây dựng: 120,5 m²",
        "Các tầng",
        "118,0",
        "Quá thời hạn thì phải gia hạn.",
        "Nơi nhận: - Như trên; - Lưu: VT, QLĐT.",
        "TM. ỦY BAN NHÂN DÂN KT. CHỦ TỊCH PHÓ CHỦ TỊCH",
        "Lê Hoàng Nam",
        "7F3A-9C1E-2B",
    ):
        assert part in text, part


def test_a_draft_without_number_leaves_room_for_it():
    draft = dataclasses.replace(RESULT, letterhead=dataclasses.replace(RESULT.letterhead, number=""))
    assert "Số: /GPXD" in printed("cases/result", draft)


def test_an_application_shows_labels_values_and_who_made_it():
    text = printed("cases/application")
    for part in (
        "Mẫu số 01",
        "ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP XÂY DỰNG",
        "Kính gửi: Ủy ban nhân dân thành phố Gia Nghĩa",
        "Họ và tên",
        APPLICANT.name,
        "Số CCCD",
        "Để xe",
        "Gia Nghĩa, ngày 05 tháng 3 năm 2025",
        "NGƯỜI LÀM ĐƠN",
        f"Mã hồ sơ: {CODE}",
        APPLICATION.submitted,
    ):
        assert part in text, part


def test_an_opinion_is_a_letter_that_says_what_it_answers():
    text = printed("cases/opinion")
    for part in (
        "Số: 05/PC07-CTPC",
        "V/v góp ý về phòng cháy",
        "Kính gửi: - UBND thành phố Gia Nghĩa; - Phòng Quản lý đô thị.",
        f"Trả lời {OPINION.answers} về hồ sơ {OPINION.request} của {APPLICANT.name}",
        CODE,
        "Ý kiến: Thống nhất, có điều kiện",
        "Bố trí lối thoát nạn thứ hai từ tầng 3.",
        "TRƯỞNG PHÒNG",
        "Y Thuyên Niê",
    ):
        assert part in text, part


def test_a_table_with_a_short_row_is_refused_before_it_is_printed():
    with pytest.raises(ValueError, match="one text for each column"):
        Table(columns=("Tầng", "Công năng"), rows=(("1",),))
