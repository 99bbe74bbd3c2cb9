"""What a declaration of fields is refused for, and where it says so."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ValidationError

from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.field_list import FieldList, Knows
from lienthong.foundation.fields.trials import check
from tests.foundation.fields.samples import CONTEXT, OPTIONS, field, fields


class Procedure(BaseModel):
    form: FieldList = FieldList()
    result: Annotated[FieldList, Knows({"form": None, "dossier": {"code": "text"}})] = FieldList()


def complaints(*declared: dict[str, Any]) -> list[tuple[tuple[str | int, ...], str]]:
    with pytest.raises(ValidationError) as refused:
        Procedure.model_validate({"form": list(declared)})
    return [(error["loc"], error["msg"]) for error in refused.value.errors()]


KIND = field("kind", "choice", options=OPTIONS)


@pytest.mark.parametrize(
    ("declared", "place", "why"),
    [
        (field("a", "txt"), (), "không có kiểu trường “txt”; có phải “text”?"),
        ({"key": "a", "label": "A"}, (), "thiếu type (kiểu trường)"),
        ("text", (), "một trường phải được viết gồm key, type, label …"),
        (field("birthDate", "text"), ("key",), "chỉ được gồm chữ thường không dấu, chữ số và dấu _, ví dụ birth_date"),
        (field("today", "text"), ("key",), "“today” đã có nghĩa khác trong biểu thức"),
        (field("a", "text", autocomplete="birthday"), ("autocomplete",), "không phải là từ khóa autocomplete của HTML"),
        (field("a", "text", when="b ="), ("when",), "Không phải là biểu thức, sai ở ký tự thứ 3"),
        (field("a", "text", min_length=9, max_length=2), (), "min_length lớn hơn max_length"),
        (field("a", "text", pattern="(", pattern_message="x"), (), "pattern không phải là biểu thức chính quy"),
        (field("a", "text", pattern="a"), (), "có pattern thì phải có pattern_message để báo cho người dùng"),
        (field("a", "text", default="${x"), (), "“${” thiếu dấu đóng “}”."),
        (field("a", "integer", min=3, max=2), (), "min lớn hơn max"),
        (field("a", "integer", default="ba"), (), "Hãy viết số bằng chữ số, ví dụ 1.500 hoặc 93,5."),
        (field("a", "decimal", places=6, max=10**12), (), "min và max có nhiều chữ số hơn mức lưu được chính xác"),
        (field("a", "date", min="2021-02-01", max="2021-01-01"), (), "min đứng sau max"),
        (field("a", "date", min="tomorrow"), ("min",), "phải là today, hoặc một ngày viết như 2021-01-31"),
        (field("a", "choice", options=[*OPTIONS, OPTIONS[0]]), (), "“new” xuất hiện hai lần trong các lựa chọn"),
        (field("a", "choices", options=OPTIONS, min=4), (), "min và max không phù hợp với số lựa chọn"),
        (
            field("a", "table", fields=[field("b", "table", fields=[field("c", "text")])]),
            (),
            "bảng chỉ gồm các trường đơn",
        ),
        (field("a", "table", min_rows=3, max_rows=2, fields=[field("b", "text")]), (), "min_rows lớn hơn max_rows"),
        (
            field("a", "table", max_rows=500, fields=[field(f"b{n}", "text") for n in range(11)]),
            (),
            "số dòng nhân số trường lớn hơn 5000",
        ),
        (
            field("a", "section", required=True, fields=[field("b", "text")]),
            (),
            "hãy đặt bắt buộc cho các trường bên trong",
        ),
        (field("a", "section", fields=[field("b", "x-y")]), ("fields", 0), "không có kiểu trường “x-y”"),
        (field("a", "computed", value="1", required=True), (), "giá trị tự tính không đặt bắt buộc"),
    ],
)
def test_a_field_that_cannot_be_is_refused_at_its_place(declared: Any, place: tuple[Any, ...], why: str) -> None:
    ((found, said),) = complaints(declared)
    assert found == ("form", 0, *place)
    assert why in said


@pytest.mark.parametrize(
    ("declared", "place", "why"),
    [
        (field("b", "text", when="knd == 'new'"), ("when",), "không có trường “knd”"),
        (
            field("b", "text", required="kind == 'nwe'"),
            ("required",),
            "“kind” không thể là “nwe”; chỉ có thể là: move, new, repair",
        ),
        (field("b", "text", when="kind in ['new', 'old']"), ("when",), "“kind” không thể là “old”"),
        (
            field("b", "text", when="kind != ''"),
            ("when",),
            "“kind” không bao giờ là chuỗi rỗng; trường chưa điền là null",
        ),
        (field("b", "text", when="place != null"), ("when",), "“place” không bao giờ là null; hãy so sánh một trong"),
        (field("b", "text", when="place.street != null"), ("when",), "không có trường “place.street”"),
        (field("b", "text", when="people.exists(p, p.agee > 1)"), ("when",), "không có trường “people[].agee”"),
        (field("b", "text", when="row.age > 1"), ("when",), "row chỉ dùng được trong các trường của một bảng"),
        (field("b", "text", when="floors + 1"), ("when",), "điều kiện phải cho kết quả đúng hoặc sai"),
        (field("b", "computed", value="floors * area"), ("value",), "các giá trị không cùng kiểu"),
        (field("b", "text", when="kind == 'move' && floors > 'x'"), ("when",), "các giá trị không cùng kiểu"),
        (field("b", "text", default="${applicant.nam}"), ("default",), "không có trường “applicant.nam”"),
        (field("b", "text", when="b == 'x'"), (), "các trường này phụ thuộc vòng tròn vào nhau: b ← b"),
        (field("kind", "text"), ("key",), "đã có một trường “kind” khác"),
    ],
)
def test_an_expression_that_does_not_fit_its_list_is_refused_at_its_place(
    declared: dict[str, Any], place: tuple[Any, ...], why: str
) -> None:
    beside = [
        KIND,
        field("floors", "integer"),
        field("area", "decimal"),
        field("place", "address"),
        field("people", "table", fields=[field("age", "integer")]),
    ]
    ((found, said),) = complaints(*beside, declared)
    assert found == ("form", 5, *place)
    assert why in said


def test_every_mistake_of_a_list_is_told_at_once() -> None:
    found = complaints(
        field("a", "text", when="x == 1"), field("s", "section", fields=[field("b", "text", when="y == 1")])
    )
    assert [place for place, _why in found] == [("form", 0, "when"), ("form", 1, "fields", 0, "when")]


def test_two_fields_may_not_wait_for_each_other() -> None:
    ((_place, why),) = complaints(field("a", "text", when="b == 'x'"), field("b", "text", when="a == 'x'"))
    assert "phụ thuộc vòng tròn" in why


def test_two_fields_may_each_be_required_without_the_other() -> None:
    assert fields(field("a", "phone", required="b == null"), field("b", "email", required="a == null"))


def test_a_row_may_not_read_its_whole_table() -> None:
    rows = field("people", "table", fields=[field("age", "integer", when="size(people) > 1")])
    ((_place, why),) = complaints(rows)
    assert "phụ thuộc vòng tròn" in why


def test_results_may_read_what_their_kind_says_they_know() -> None:
    declared = {"result": [field("a", "text", default="${form.owner.name}, ${dossier.code}")]}
    assert len(Procedure.model_validate(declared).result) == 1
    with pytest.raises(ValidationError, match=r"dossier\.number"):
        Procedure.model_validate({"result": [field("a", "text", default="${dossier.number}")]})


def test_a_list_is_written_out_as_it_was_declared() -> None:
    declared = {"form": [KIND, field("s", "section", fields=[field("b", "decimal", max=3)])]}
    read = Procedure.model_validate(declared)
    assert Procedure.model_validate(read.model_dump(mode="json", exclude_unset=True)) == read
    assert Procedure.model_validate({"form": read.form}).form is read.form


def test_expressions_outside_the_list_can_be_checked_against_it() -> None:
    asked = fields(KIND, field("floors", "integer"))
    assert not list(check(asked, "'Nhà ' + kind"))
    assert list(check(asked, "'Nhà ' + knd")) == ["không có trường “knd”"]
    assert "không cùng kiểu" in next(iter(check(asked, "'Nhà ' + floors")))
    assert list(check(asked, "kind", condition=True)) == ["điều kiện phải cho kết quả đúng hoặc sai"]
    assert "sai ở ký tự" in next(iter(check(asked, "kind ==")))


def test_a_text_may_be_read_as_a_number_where_it_is_one() -> None:
    asked = fields(field("year", "text"), field("old", "boolean", when="int(year) < 2000"))
    assert clean(asked, {"year": "1999"}, CONTEXT).asked == {"year", "old"}
    assert clean(asked, {"year": "năm ngoái"}, CONTEXT).asked == {"year"}


def test_the_code_lists_that_are_needed_are_named_with_their_places() -> None:
    asked = fields(field("s", "section", fields=[field("trade", "code-list", list="trades")]), field("home", "address"))
    assert dict(asked.lists()) == {(0, "fields", 0, "list"): "trades", (1, "list"): "administrative-units"}


def test_the_json_schema_of_a_kind_with_fields_can_be_made() -> None:
    assert "person-id" in str(Procedure.model_json_schema())
