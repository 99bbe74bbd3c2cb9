"""Data shown to be read, and what changed between two states of it."""

from typing import Any

from lxml import html

from lienthong.foundation.fields.cleaning import clean
from lienthong.foundation.fields.display import Grid, Row, diff, display
from lienthong.foundation.fields.pages import display_html
from lienthong.foundation.fields.types.address import Address
from tests.foundation.fields.samples import CONTEXT, OPTIONS, field, fields

ASKED = fields(
    field("kind", "choice", options=OPTIONS),
    field(
        "owner",
        "section",
        fields=[
            field("id", "person-id"),
            field("agreed", "boolean"),
            field("home", "section", fields=[field("at", "address")]),
        ],
    ),
    field("cost", "money"),
    field("area", "decimal", unit="m²"),
    field("begin", "date"),
    field("visit", "datetime"),
    field("wishes", "choices", options=OPTIONS),
    field("plan", "file"),
    field(
        "people",
        "table",
        fields=[field("name", "text"), field("share", "decimal"), field("title", "text", when="row.share > 50.0")],
    ),
    field("hidden", "text", when="kind == 'move'"),
)
FILLED: dict[str, Any] = {
    "kind": "new",
    "owner": {"id": "067190000123", "agreed": "true", "home": {"at": {"unit": "24612", "detail": "12 Hùng Vương"}}},
    "cost": "1.500.000.000",
    "area": "93,50",
    "begin": "2021-03-05",
    "visit": "2021-03-05T08:30",
    "wishes": ["new", "move"],
    "plan": {"id": "f1"},
    "people": [{"name": "An", "share": "60", "title": "Chủ"}, {"name": "Bình", "share": "40"}],
    "hidden": "x",
}


def values(**changed: Any) -> dict[str, Any]:
    cleaned = clean(ASKED, FILLED | changed, CONTEXT)
    assert cleaned.ok
    return cleaned.values


def rows(found: Any) -> dict[str, str]:
    return {item.path: item.text for part in found for item in part.items if isinstance(item, Row)}


def test_everything_is_written_as_people_write_it() -> None:
    shown = display(ASKED, values(), CONTEXT)
    assert rows(shown) == {
        "kind": "Xây dựng mới",
        "owner.id": "067190000123",
        "owner.agreed": "Có",
        "owner.home.at": "12 Hùng Vương, Phường Nghĩa Thành, Thành phố Gia Nghĩa, Tỉnh Đắk Nông",
        "cost": "1.500.000.000 đ",
        "area": "93,5 m²",
        "begin": "05/03/2021",
        "visit": "08:30 05/03/2021",
        "wishes": "Xây dựng mới, Di dời",
        "plan": "bản vẽ.pdf",
    }
    assert [(part.label, part.level) for part in shown] == [("", 1), ("Mục owner", 1), ("Mục home", 2), ("", 1)]
    (grid,) = [item for part in shown for item in part.items if isinstance(item, Grid)]
    assert [[cell.text if cell else None for cell in row] for row in grid.rows] == [
        ["An", "60", "Chủ"],
        ["Bình", "40", None],
    ]


def test_a_phone_number_is_shown_in_groups() -> None:
    asked = fields(field("a", "phone"), field("b", "phone"))
    shown = display(asked, {"a": "0912345678", "b": "02613543210"}, CONTEXT)
    assert rows(shown) == {"a": "0912 345 678", "b": "02613 543 210"}


def test_a_year_has_no_thousands_set_apart_and_a_large_number_has() -> None:
    asked = fields(field("year", "integer"), field("people", "integer", unit="người"))
    assert rows(display(asked, {"year": 2021, "people": 12345}, CONTEXT)) == {"year": "2021", "people": "12.345 người"}


def test_old_data_is_shown_even_where_its_options_and_codes_are_gone() -> None:
    asked = fields(
        field("kind", "choice", options=OPTIONS), field("trade", "code-list", list="trades"), field("at", "address")
    )
    shown = display(asked, {"kind": "gone", "trade": "0000", "at": Address("99999", "x")}, CONTEXT)
    assert rows(shown) == {"kind": "gone", "trade": "0000", "at": "x, 99999"}


def test_what_changed_is_told_field_by_field_in_the_order_of_the_form() -> None:
    after = values(
        kind="move",
        cost="2000000000",
        people=[{"name": "An", "share": "40"}, {"name": "Bình", "share": "60", "title": "Chủ"}, {"name": "Chi"}],
    )
    changes = diff(ASKED, values(), after, CONTEXT)
    assert [(change.label, change.before, change.after) for change in changes] == [
        ("Mục kind", "Xây dựng mới", "Di dời"),
        ("Mục cost", "1.500.000.000 đ", "2.000.000.000 đ"),
        ("Mục people, dòng 1: Mục share", "60", "40"),
        ("Mục people, dòng 1: Mục title", "Chủ", ""),
        ("Mục people, dòng 2: Mục share", "40", "60"),
        ("Mục people, dòng 2: Mục title", "", "Chủ"),
        ("Mục people, dòng 3: Mục name", "", "Chi"),
        ("Mục hidden", "", "x"),
    ]


def test_the_page_has_headings_facts_and_tables_and_links_to_files() -> None:
    shown = display_html(ASKED, values(cost=""), CONTEXT, heading=3, file_url=lambda file: f"/files/{file.id}")
    page = html.fromstring(f"<div>{shown}</div>")
    assert page.xpath("//h3/text()") == ["Mục owner"]
    assert page.xpath("//h4/text()") == ["Mục home"]
    assert page.xpath("//a/@href") == ["/files/f1"]
    assert page.xpath("//caption/text()") == ["Mục people"]
    assert page.xpath("//dt[.='Mục cost']/following-sibling::dd[1]//span[2]/text()") == ["chưa điền"]


def test_lines_of_a_paragraph_stay_lines_and_hostile_text_stays_text() -> None:
    shown = display_html(fields(field("a", "paragraph")), {"a": "một\n<b>hai</b>"}, CONTEXT)
    assert "một<br>&lt;b&gt;hai&lt;/b&gt;" in shown
