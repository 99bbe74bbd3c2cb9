"""What people may type into each type of field, what becomes of it, and what they are told."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from lienthong.foundation import clock
from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.context import AgencyRef, Context, FileRef
from lienthong.foundation.fields.types.address import Address
from lienthong.foundation.fields.types.identifiers import person_id_facts
from tests.foundation.fields.samples import AFTER_MERGER, CONTEXT, OPTIONS, field, fields


def value(type: str, raw: Any, context: Context = CONTEXT, **attributes: Any) -> Any:
    cleaned = clean(fields(field("it", type, **attributes)), {"it": raw}, context)
    assert cleaned.ok, str(next(iter(cleaned.errors.values())))
    return cleaned.values["it"]


def refusal(type: str, raw: Any, context: Context = CONTEXT, **attributes: Any) -> str:
    """What is said, in Vietnamese; several problems one after the other."""
    cleaned = clean(fields(field("it", type, **attributes)), {"it": raw}, context)
    assert not cleaned.ok, cleaned.values
    return " ".join(str(problem) for problem in cleaned.errors.values())


@pytest.mark.parametrize(
    ("type", "asks"),
    [
        ("text", "Hãy nhập mục it."),
        ("date", "Hãy nhập mục it, ví dụ 15/03/2021."),
        ("code-list", "Hãy chọn mục it."),
        ("file", "Hãy đính kèm mục it."),
        ("boolean", "Hãy đánh dấu vào ô này để tiếp tục."),
    ],
)
@pytest.mark.parametrize("blank", [None, "", "  \n ", "\u200b\u202e"])
def test_what_is_required_is_asked_for_by_its_name(type: str, asks: str, blank: Any) -> None:
    attributes = {"list": "trades"} if type == "code-list" else {}
    assert refusal(type, blank, required=True, **attributes) == asks


def test_a_label_that_begins_with_an_abbreviation_keeps_its_capitals() -> None:
    asked = fields({"key": "it", "type": "text", "label": "UBND xã nơi cư trú", "required": True})
    assert str(clean(asked, {}, CONTEXT).errors["it"]) == "Hãy nhập UBND xã nơi cư trú."


class TestText:
    def test_combining_marks_equal_composed_letters(self) -> None:
        assert value("text", "Nguye\u0302\u0303n Thi\u0323 Hoa\u0300") == "Nguyễn Thị Hoà"

    def test_white_space_and_invisible_characters_are_tidied(self) -> None:
        assert value("text", "\ufeff  Lê\u00a0\t Văn\u200b\u202e Tám\r\n ") == "Lê Văn Tám"

    def test_a_paragraph_keeps_its_lines(self) -> None:
        assert (
            value("paragraph", "Dòng một  \r\n\r\n  thụt vào\rcuối \u2028hết\n\n")
            == "Dòng một\n\n  thụt vào\ncuối\nhết"
        )

    @pytest.mark.parametrize("bad", ["a\x00b", "a\x1b[31m", "a\ud800"])
    def test_control_characters_are_refused_by_their_code(self, bad: str) -> None:
        assert "ký tự không dùng được (U+" in refusal("text", bad)

    def test_what_is_too_long_says_by_how_much(self) -> None:
        assert refusal("text", "a" * 300) == "Tối đa 255 ký tự; bạn đã nhập 300 ký tự."
        assert refusal("paragraph", "a" * 12_000) == "Tối đa 5000 ký tự; bạn đã nhập 12.000 ký tự."
        assert refusal("text", "a", min_length=2) == "Ít nhất 2 ký tự; bạn đã nhập 1 ký tự."

    def test_a_text_that_must_fit_a_pattern_says_what_is_expected(self) -> None:
        asked: dict[str, Any] = {"pattern": r"[A-Z]{2}-[0-9]+", "pattern_message": "Viết như GP-12, 100% chữ hoa."}
        assert value("text", " GP-12 ", **asked) == "GP-12"
        assert refusal("text", "GP-12x", **asked) == "Viết như GP-12, 100% chữ hoa."

    def test_a_pattern_that_would_backtrack_for_ever_answers_at_once(self) -> None:
        asked: dict[str, Any] = {"pattern": "(a+)+", "pattern_message": "Chỉ chữ a.", "max_length": 5000}
        assert refusal("text", "a" * 4_000 + "b", **asked) == "Chỉ chữ a."


class TestNumbers:
    @pytest.mark.parametrize("typed", ["1500", "1.500", "1,500", "1 500", "1500 tầng", "１５００", "+1500"])
    def test_a_whole_number_may_have_its_thousands_set_apart(self, typed: str) -> None:
        assert value("integer", typed, unit="tầng") == 1500

    @pytest.mark.parametrize("typed", ["1.5", "1,5", "3,0", "1.50"])
    def test_a_fraction_is_not_a_whole_number(self, typed: str) -> None:
        assert refusal("integer", typed) == "Hãy viết số nguyên, không có phần lẻ."

    @pytest.mark.parametrize("typed", ["ba", "1.2.3", "1e5", "١٢", "--1", "1.50.000", "0x10"])
    def test_words_are_not_numbers(self, typed: str) -> None:
        assert refusal("integer", typed) == "Hãy viết số bằng chữ số, ví dụ 1.500 hoặc 93,5."

    def test_limits_are_told(self) -> None:
        assert refusal("integer", "51", min=1, max=50) == "Giá trị lớn nhất là 50."
        assert refusal("integer", "0", min=1) == "Giá trị nhỏ nhất là 1."
        assert refusal("integer", "-3") == "Giá trị nhỏ nhất là 0."
        assert refusal("integer", "9" * 60) == "Giá trị lớn nhất là 1.000.000.000.000.000."
        assert value("integer", "−3", min=-5) == -3

    @pytest.mark.parametrize(
        ("typed", "meant"),
        [
            ("93,5", "93.5"),
            ("93.5", "93.5"),
            ("1.500", "1500"),
            ("1,500", "1.5"),
            ("0.125", "0.125"),
            ("1.234.567,25", "1234567.25"),
            ("1,234,567.25", "1234567.25"),
            (",5", "0.5"),
            ("93,5 m2", "93.5"),
            ("93,50", "93.5"),
        ],
    )
    def test_a_decimal_is_read_the_vietnamese_way_and_the_other_where_that_is_clear(
        self, typed: str, meant: str
    ) -> None:
        assert value("decimal", typed, places=3, unit="m²") == Decimal(meant)

    def test_more_digits_than_asked_for_are_refused(self) -> None:
        assert refusal("decimal", "1,234") == "Tối đa 2 chữ số sau dấu phẩy."

    @pytest.mark.parametrize(
        "typed", ["1.500.000", "1,500,000", "1500000", "1.500.000 đ", "1500000 VNĐ", "1.500.000 đồng", "1 500 000₫"]
    )
    def test_money_may_be_typed_as_people_write_it(self, typed: str) -> None:
        assert value("money", typed) == 1_500_000

    @pytest.mark.parametrize("typed", ["1.5", "2 triệu", "1.500,50"])
    def test_money_is_whole_dong_in_digits(self, typed: str) -> None:
        assert refusal("money", typed) == "Hãy viết số tiền bằng chữ số, đơn vị đồng, ví dụ 1.500.000."

    def test_a_program_sends_numbers_as_json(self) -> None:
        assert value("decimal", 93.5) == Decimal("93.5")
        assert value("integer", 3.0) == 3
        assert refusal("integer", True) == "Giá trị này không đúng kiểu dữ liệu của mục."
        assert refusal("decimal", float("nan")) == "Giá trị này không đúng kiểu dữ liệu của mục."
        assert refusal("integer", 10**400) == "Giá trị lớn nhất là 1.000.000.000.000.000."


class TestDays:
    @pytest.mark.parametrize("typed", ["2021-03-05", "5/3/2021", "05-03-2021", "5.3.2021", " 05 / 03 / 2021 "])
    def test_a_day_may_be_typed_in_every_usual_way(self, typed: str) -> None:
        assert value("date", typed) == date(2021, 3, 5)

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("31/02/2021", "Không có ngày 31/02/2021."),
            ("5/3/21", "Hãy viết năm đủ bốn chữ số, ví dụ 15/03/2021."),
            ("hôm qua", "Hãy viết ngày theo dạng ngày/tháng/năm, ví dụ 15/03/2021."),
            ("01/01/1890", "Ngày không được trước 01/01/1900."),
            ("0000-00-00", "Không có ngày 00/00/0000."),
        ],
    )
    def test_what_is_no_day_says_why(self, typed: str, told: str) -> None:
        assert refusal("date", typed) == told

    def test_a_limit_may_be_today(self) -> None:
        assert value("date", "15/3/2021", max="today") == date(2021, 3, 15)
        assert refusal("date", "16/3/2021", max="today") == "Ngày không được sau hôm nay (15/03/2021)."
        assert refusal("date", "14/3/2021", min="today") == "Ngày không được trước hôm nay (15/03/2021)."

    @pytest.mark.parametrize(
        "typed",
        ["2021-03-05T08:30", "08:30 05/03/2021", "5/3/2021 8h30", "2021-03-05T01:30Z", "2021-03-05T08:30:59+07:00"],
    )
    def test_a_moment_is_on_vietnams_clock(self, typed: str) -> None:
        assert value("datetime", typed) == datetime(2021, 3, 5, 8, 30, tzinfo=clock.ZONE)

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("5/3/2021", "Hãy viết cả giờ và ngày, ví dụ 08:30 15/03/2021."),
            ("25:00 5/3/2021", "Không có giờ 25:00."),
            ("08:30 31/2/2021", "Không có ngày 31/2/2021."),
            ("08:30 05/03/1945", "Năm phải từ 1976 đến 2200."),
            ("9999-12-31T23:59-12:00", "Hãy viết"),
        ],
    )
    def test_what_is_no_moment_says_why(self, typed: str, told: str) -> None:
        assert refusal("datetime", typed).startswith(told)


class TestPersonId:
    def test_blanks_and_dots_do_not_count(self) -> None:
        assert value("person-id", " 067 190.000-123 ") == "067190000123"

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("06719000012", "Số định danh cá nhân gồm 12 chữ số; bạn đã nhập 11 chữ số."),
            (
                "245123456",
                "Đây có vẻ là số chứng minh nhân dân cũ gồm 9 chữ số. Hãy nhập số định danh cá nhân gồm 12 chữ số.",
            ),
            ("06719000012a", "Số định danh cá nhân chỉ gồm chữ số."),
            ("003190000123", "Không có số định danh cá nhân nào bắt đầu bằng 003. Hãy kiểm tra lại ba chữ số đầu."),
            (
                "067250000123",
                "Theo chữ số thứ tư đến thứ sáu, đây là số của người sinh năm 2050. Hãy kiểm tra lại các chữ số này.",
            ),
            ("067990000123", "Theo chữ số thứ tư đến thứ sáu, đây là số của người sinh năm 2390."),
        ],
    )
    def test_what_cannot_be_a_number_says_why(self, typed: str, told: str) -> None:
        assert refusal("person-id", typed).startswith(told)

    def test_a_birth_registered_abroad_has_a_country_code(self) -> None:
        assert value("person-id", "205190000123") == "205190000123"

    def test_it_tells_place_year_and_gender(self) -> None:
        facts = person_id_facts("067301000123")
        assert (facts.place, facts.birth_year, facts.gender) == ("067", 2001, "female")

    def test_it_is_personal_data_unless_said_otherwise(self) -> None:
        assert fields(field("it", "person-id"))[0].personal


class TestTaxCode:
    @pytest.mark.parametrize("typed", ["0314409058", " 031 440 9058 "])
    def test_the_check_digit_must_fit(self, typed: str) -> None:
        assert value("tax-code", typed) == "0314409058"
        assert refusal("tax-code", "0314409057").startswith("Mã số thuế này không đúng: các chữ số không khớp nhau.")

    @pytest.mark.parametrize("typed", ["0314409058-002", "0314409058002", "0314409058–002"])
    def test_a_branch_is_kept_with_the_hyphen(self, typed: str) -> None:
        assert value("tax-code", typed) == "0314409058-002"

    def test_its_length_is_told(self) -> None:
        assert (
            refusal("tax-code", "03144090581")
            == "Mã số thuế gồm 10 chữ số, hoặc 13 chữ số đối với đơn vị phụ thuộc; bạn đã nhập 11 chữ số."
        )
        assert "chỉ gồm chữ số" in refusal("tax-code", "MST123")


class TestPhoneAndEmail:
    @pytest.mark.parametrize(
        "typed", ["0912345678", "+84 912 345 678", "84912345678", "0084.912.345.678", "(+84) 0912-345-678"]
    )
    def test_a_mobile_number_is_kept_as_dialled_at_home(self, typed: str) -> None:
        assert value("phone", typed) == "0912345678"

    def test_a_landline_has_eleven_digits(self) -> None:
        assert value("phone", "0261 3543 210") == "02613543210"
        assert refusal("phone", "0261354321").startswith("Số điện thoại cố định gồm 11 chữ số kể cả mã vùng")

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("091234567", "Số điện thoại di động gồm 10 chữ số; bạn đã nhập 9 chữ số."),
            ("912345678", "Số điện thoại ở Việt Nam bắt đầu bằng 0 hoặc +84."),
            ("0112345678", "Ở Việt Nam không có số điện thoại bắt đầu bằng 01."),
            ("+1 202 555 0100", "Số điện thoại chỉ gồm chữ số"),
            ("gọi tôi", "Số điện thoại chỉ gồm chữ số"),
        ],
    )
    def test_what_cannot_be_dialled_says_why(self, typed: str, told: str) -> None:
        assert refusal("phone", typed).startswith(told)

    def test_the_domain_of_an_address_is_in_small_letters(self) -> None:
        assert value("email", " Hoa.Nguyen@Example.COM ") == "Hoa.Nguyen@example.com"

    @pytest.mark.parametrize("typed", ["hoa", "hoa@", "@x.vn", "hoa@x", "a b@x@y.vn"])
    def test_what_is_no_address_shows_one(self, typed: str) -> None:
        assert "ten.ban@example.com" in refusal("email", typed)


class TestChoices:
    def test_only_an_option_can_be_chosen(self) -> None:
        assert value("choice", "repair", options=OPTIONS) == "repair"
        assert refusal("choice", "destroy", options=OPTIONS).startswith("Giá trị này không có trong các lựa chọn.")

    def test_several_are_kept_once_and_in_the_order_of_the_options(self) -> None:
        assert value("choices", ["move", "new", "move"], options=OPTIONS) == ("new", "move")
        assert refusal("choices", ["new", "x"], options=OPTIONS).startswith("Giá trị này không có")

    def test_how_many_may_be_ticked_is_told(self) -> None:
        assert refusal("choices", ["new"], options=OPTIONS, min=2) == "Hãy đánh dấu ít nhất 2 ô."
        assert refusal("choices", ["new", "move"], options=OPTIONS, max=1) == "Chỉ được đánh dấu tối đa 1 ô."

    def test_a_box_that_is_not_ticked_is_no_and_an_unanswered_question_is_nothing(self) -> None:
        assert value("boolean", "") is False
        assert value("boolean", "", look="radio") is None
        assert value("boolean", "false", look="radio") is False
        assert refusal("boolean", "", look="radio", required=True) == "Hãy chọn có hoặc không: mục it."


class TestCodeList:
    @pytest.mark.parametrize("typed", ["4711", "4711 – Bán lẻ lương thực, thực phẩm", "ban le luong thuc, thuc pham"])
    def test_an_item_may_be_given_by_its_code_or_its_whole_name(self, typed: str) -> None:
        assert value("code-list", typed, list="trades") == "4711"

    def test_part_of_a_name_asks_to_choose(self) -> None:
        assert "Hãy chọn một mục trong danh sách" in refusal("code-list", "bán lẻ", list="trades")
        assert "Danh mục không có mục nào giống “xyz”" in refusal("code-list", "xyz", list="trades")

    def test_only_items_of_the_depth_asked_for(self) -> None:
        assert value("code-list", "4711", list="trades", level=2) == "4711"
        assert not clean(fields(field("it", "code-list", list="trades", level=2)), {"it": "G"}, CONTEXT).ok

    def test_an_unknown_list_has_nothing_in_it(self) -> None:
        assert "Danh mục không có mục nào" in refusal("code-list", "4711", list="nowhere")


class TestAddress:
    def test_it_is_a_unit_and_what_comes_below(self) -> None:
        typed = {"province": "67", "unit": "24612", "detail": " 12  Hùng Vương "}
        assert value("address", typed) == Address("24612", "12 Hùng Vương")

    def test_every_part_that_is_missing_is_asked_for_by_itself(self) -> None:
        cleaned = clean(fields(field("it", "address", required=True)), {"it": {"province": "67"}}, CONTEXT)
        assert {path: str(problem) for path, problem in cleaned.errors.items()} == {
            "it.unit": "Hãy chọn xã, phường, thị trấn.",
            "it.detail": "Hãy nhập số nhà, đường, thôn, tổ dân phố.",
        }

    def test_half_an_address_is_not_an_address(self) -> None:
        assert refusal("address", {"unit": "24612", "detail": ""}) == "Hãy nhập số nhà, đường, thôn, tổ dân phố."
        assert refusal("address", {"unit": "", "detail": "12 Hùng Vương"}) == "Hãy chọn xã, phường, thị trấn."

    def test_a_province_alone_is_no_answer_yet(self) -> None:
        assert value("address", {"province": "67", "unit": "", "detail": ""}) is None

    def test_a_district_is_not_a_commune_and_the_other_way_round(self) -> None:
        assert refusal("address", {"unit": "660", "detail": "x"}) == "Hãy chọn xã, phường, thị trấn."
        assert value("address", {"unit": "660"}, level="district", detail=False) == Address("660")
        assert value("address", {"province": "66"}, level="province", detail=False) == Address("66")

    def test_after_another_province_was_chosen_the_commune_must_be_chosen_again(self) -> None:
        assert (
            refusal("address", {"province": "66", "unit": "24612", "detail": "x"}) == "Hãy chọn xã, phường, thị trấn."
        )

    def test_the_order_of_the_day_decides_which_units_there_are(self) -> None:
        typed = {"unit": "24612", "detail": "12 Hùng Vương"}
        assert value("address", typed) == Address("24612", "12 Hùng Vương")
        assert refusal("address", typed, AFTER_MERGER) == "Đơn vị hành chính này không có trong danh mục. Hãy chọn lại."
        merged = {"unit": "24611", "detail": "12 Hùng Vương"}
        (asked,) = fields(field("it", "address"))
        assert asked.show(value("address", merged, AFTER_MERGER), AFTER_MERGER) == (
            "12 Hùng Vương, Phường Bắc Gia Nghĩa, Tỉnh Lâm Đồng"
        )
        assert asked.show(value("address", merged), CONTEXT) == (
            "12 Hùng Vương, Phường Nghĩa Đức, Thành phố Gia Nghĩa, Tỉnh Đắk Nông"
        )


class TestFile:
    def test_it_is_known_by_its_id_and_named_by_the_store(self) -> None:
        assert value("file", {"id": "f1", "name": "giả.pdf"}) == FileRef("f1", "bản vẽ.pdf", 120_000, "pdf")

    def test_a_file_of_nobody_or_of_somebody_else_is_not_there(self) -> None:
        assert refusal("file", {"id": "f9"}) == "Tệp này không còn nữa. Hãy đính kèm lại."
        assert refusal("file", {"id": "f1"}, replace(CONTEXT, files=Context(at=CONTEXT.at).files)).startswith("Tệp này")

    def test_its_kind_and_size_are_limited(self) -> None:
        assert refusal("file", {"id": "f3"}).startswith("Tệp phải thuộc loại: PDF, ")
        assert refusal("file", {"id": "f2"}, max_size=2) == "Tệp nặng 4,8\u00a0MB; chỉ nhận tệp tối đa 2 MB."

    def test_it_has_no_default(self) -> None:
        with pytest.raises(ValidationError, match="không có giá trị mặc định"):
            fields(field("it", "file", default={"id": "f1"}))


class TestYear:
    def test_a_year_has_four_digits_and_no_dots(self) -> None:
        assert value("year", " 2021 ") == value("year", 2021) == value("year", 2021.0) == 2021
        for wrong in ("21", "2.021", "2021,5", "năm nay", "0x7E5"):
            assert refusal("year", wrong) == "Viết năm bằng bốn chữ số, ví dụ 2021."

    def test_it_is_shown_as_it_is_and_kept_within_its_limits(self) -> None:
        (it,) = fields(field("it", "year"))
        assert it.show(2021, CONTEXT) == it.as_typed(2021) == "2021" and it.narrows == "span"
        assert "1800" in refusal("year", "1799") and value("year", "2021", max="this year") == 2021
        assert "2021" in refusal("year", "2022", max="this year")
        with pytest.raises(ValidationError):
            fields(field("it", "year", min=2000, max=1999))


class TestOrganisation:
    def test_it_is_chosen_by_name_or_key_and_kept_with_both(self) -> None:
        for typed in ("so-xay-dung", "Sở Xây dựng", "so xay dung", "so-xay-dung – Sở Xây dựng", {"key": "so-xay-dung"}):
            assert value("organisation", typed) == AgencyRef("so-xay-dung", "Sở Xây dựng")

    def test_units_are_chosen_only_where_that_is_declared(self) -> None:
        assert "Văn phòng" in refusal("organisation", "Văn phòng")
        assert value("organisation", "Văn phòng", units=True) == AgencyRef("van-phong-so", "Văn phòng")

    def test_what_stands_there_already_stays_called_as_it_was(self) -> None:
        before = replace(CONTEXT, agencies={"so-xay-dung": "Sở Xây dựng cũ", "so-dia-chinh": "Sở Địa chính"})
        assert value("organisation", "so-xay-dung – Sở Xây dựng", before) == AgencyRef("so-xay-dung", "Sở Xây dựng cũ")
        assert value("organisation", "so-dia-chinh", before) == AgencyRef("so-dia-chinh", "Sở Địa chính")
        assert "so-dia-chinh" in refusal("organisation", "so-dia-chinh")

    @pytest.mark.parametrize("bad", [5, {"key": 5}, {"name": "Sở Xây dựng"}, ["so-xay-dung"], "Sở", "%s"])
    def test_what_is_none_is_refused(self, bad: Any) -> None:
        cleaned = clean(fields(field("it", "organisation", required=True)), {"it": bad}, CONTEXT)
        assert not cleaned.ok


class TestAddressWithoutItsDetail:
    def test_the_detail_may_be_left_empty_where_that_is_declared(self) -> None:
        assert value("address", {"unit": "24611"}, detail="optional") == Address("24611", "")
        assert value("address", {"unit": "24611", "detail": "thôn 2"}, detail="optional") == Address("24611", "thôn 2")
        assert refusal("address", {"unit": "24611"}, detail=True)
        asked = fields(field("it", "address", detail="optional", required=True))
        assert set(clean(asked, {}, CONTEXT).errors) == {"it.unit"}
        kept = {"": None, "_unit": "24611", "_detail": None}
        assert asked[0].from_columns(kept) == Address("24611", "")
