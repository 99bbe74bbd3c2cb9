"""Fields of every type, values for them, and a small world around them."""

from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from pydantic import TypeAdapter

from lienthong.foundation import clock
from lienthong.foundation.fields.context import AgencyRef, Context, EntryRef, FileRef
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.lists import CodeList, HeldLists, Item
from lienthong.foundation.fields.typed import folded, lines, one_line
from lienthong.foundation.fields.types.address import Address
from lienthong.foundation.fields.types.agencies import AGENCIES, ORGANISATIONS_AND_UNITS
from lienthong.foundation.fields.types.identifiers import PROVINCES, tax_check_digit_fits
from tests.foundation.geometry.shapes import geometries

LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)
FIRST_DAY_WITHOUT = date(2025, 7, 1)

UNITS = CodeList(
    [
        Item("67", "Tỉnh Đắk Nông", valid_to=LAST_DAY_OF_DISTRICTS),
        Item("660", "Thành phố Gia Nghĩa", "67", valid_to=LAST_DAY_OF_DISTRICTS),
        Item("24611", "Phường Nghĩa Đức", "660", valid_to=LAST_DAY_OF_DISTRICTS),
        Item("24612", "Phường Nghĩa Thành", "660", valid_to=LAST_DAY_OF_DISTRICTS),
        Item("661", "Huyện Đăk Glong", "67", valid_to=LAST_DAY_OF_DISTRICTS),
        Item("24616", "Xã Quảng Sơn", "661", valid_to=LAST_DAY_OF_DISTRICTS),
        Item("66", "Tỉnh Đắk Lắk"),
        Item("643", "Thành phố Buôn Ma Thuột", "66", valid_to=LAST_DAY_OF_DISTRICTS),
        Item("24133", "Phường Tân Lập", "643", valid_to=LAST_DAY_OF_DISTRICTS),
        Item("68", "Tỉnh Lâm Đồng"),
        Item("24611", "Phường Bắc Gia Nghĩa", "68", valid_from=FIRST_DAY_WITHOUT),
    ]
)
TRADES = CodeList(
    [
        Item("G", "Bán buôn và bán lẻ"),
        Item("4711", "Bán lẻ lương thực, thực phẩm", "G"),
        Item("4719", "Bán lẻ khác", "G"),
        *(Item(f"9{n:03}", f"Dịch vụ thứ {n}", "G") for n in range(100)),
    ]
)
AGENCY_LIST = CodeList(
    [
        Item("ubnd-tinh", "Ủy ban nhân dân tỉnh"),
        Item("so-xay-dung", "Sở Xây dựng", "ubnd-tinh"),
        Item("so-tai-chinh", "Sở Tài chính", "ubnd-tinh"),
    ]
)
WITH_UNITS = CodeList([*AGENCY_LIST.items, Item("van-phong-so", "Văn phòng", "so-xay-dung")])
STATES = CodeList([Item("01", "Đang hoạt động"), Item("02", "Tạm ngừng")])


class Shelf:
    """The files that were stored so far."""

    files = {
        "f1": FileRef("f1", "bản vẽ.pdf", 120_000, "pdf"),
        "f2": FileRef("f2", "<img src=x onerror=alert(1)>.png", 5_000_000, "image"),
        "f3": FileRef("f3", "bảng.xlsx", 1_000, "xlsx"),
    }

    def find(self, id: str) -> FileRef | None:
        return self.files.get(id)


class Entries:
    """Two registers: parcels, and holders of whom two are called the same. It counts how often it is asked."""

    known = {
        "parcels": [EntryRef(n, f"Tờ {n // 10}, thửa {n}") for n in range(1, 40)],
        "holders": [
            EntryRef(1, "Nguyễn Văn An"),
            EntryRef(2, "Nguyễn Văn An"),
            EntryRef(3, "Trần <b onload='x'>Bình</b>"),
            EntryRef(2**62, "Lê Thị Cúc"),
        ],
    }

    def __init__(self) -> None:
        self.asked: list[Any] = []

    def find(self, register: str, ids: Collection[int]) -> dict[int, EntryRef]:
        self.asked.append((register, set(ids)))
        return {entry.id: entry for entry in self.known.get(register, ()) if entry.id in ids}

    def search(self, register: str, words: str, at_most: int) -> list[EntryRef]:
        self.asked.append((register, words))
        looked_for = folded(words).split()
        known = self.known.get(register, ())
        return [entry for entry in known if all(word in folded(entry.title) for word in looked_for)][:at_most]

    def address(self, register: str) -> str:
        return f"/tim/{register}"


CONTEXT = Context(
    at=date(2021, 3, 15),
    lists=HeldLists(
        {
            "administrative-units": UNITS,
            "trades": TRADES,
            "states": STATES,
            AGENCIES: AGENCY_LIST,
            ORGANISATIONS_AND_UNITS: WITH_UNITS,
        }
    ),
    files=Shelf(),
    entries=Entries(),
    names={"applicant": {"name": "Nguyễn Thị Hoa", "phone": "0912345678"}},
    province="67",
)
AFTER_MERGER = replace(CONTEXT, at=date(2025, 8, 1), province="68")

OPTIONS = [
    {"value": "new", "label": "Xây dựng mới"},
    {"value": "repair", "label": "Sửa chữa, cải tạo"},
    {"value": "move", "label": "Di dời"},
]

_LIST = TypeAdapter(FieldList)


def field(key: str, type: str, **attributes: Any) -> dict[str, Any]:
    return {"key": key, "type": type, "label": f"Mục {key}", **attributes}


def fields(*declared: dict[str, Any]) -> FieldList:
    return _LIST.validate_python(list(declared))


EVERY_TYPE: dict[str, dict[str, Any]] = {
    "text": {},
    "paragraph": {},
    "integer": {"min": -(10**6), "unit": "tầng"},
    "decimal": {"places": 3, "min": -1000, "max": 10**9, "unit": "m²"},
    "money": {},
    "year": {},
    "date": {},
    "datetime": {},
    "boolean": {},
    "choice": {"options": OPTIONS},
    "choices": {"options": OPTIONS},
    "code-list": {"list": "trades"},
    "person-id": {},
    "tax-code": {},
    "phone": {},
    "email": {},
    "address": {},
    "organisation": {},
    "file": {"accept": ["pdf", "image"]},
    "reference": {"register": "holders"},
    "geometry": {"shapes": ["point", "line", "polygon", "multi-polygon"], "area": True, "length": True},
}
"""Every type that holds one value, with attributes that leave room."""

HOSTILE = [
    "<script>alert(1)</script>",
    "\"><b onload='x'>",
    "{{ 7|add:7 }}",
    "${applicant.name}",
    "%(label)s %s",
    "'; DROP TABLE--",
]


def typed_text(longest: int = 200) -> st.SearchStrategy[str]:
    """What people might type, hostile people too."""
    letters = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=longest)
    vietnamese = st.text("aăâđeêioôơuưyáàảãạấầẩẫậắằẳẵặ \u0301\u0300\u0323\u200b", max_size=longest)
    return st.one_of(letters, vietnamese, st.sampled_from(HOSTILE))


def _tax_codes() -> st.SearchStrategy[str]:
    whole = st.integers(0, 10**9 - 1).map(lambda n: _with_check_digit(f"{n:09}")).filter(bool)
    branch = st.integers(1, 999).map(lambda n: f"-{n:03}")
    return st.builds(lambda code, end: code + end, whole, st.one_of(st.just(""), branch))


def _with_check_digit(digits: str) -> str:
    return next((code for n in range(10) if tax_check_digit_fits(code := f"{digits}{n}")), "")


EARLIEST = datetime(1976, 1, 1, tzinfo=clock.ZONE)

VALUES: dict[str, st.SearchStrategy[Any]] = {
    "text": typed_text().map(one_line).filter(lambda text: 0 < len(text) <= 255),
    "paragraph": st.lists(typed_text(50), max_size=4)
    .map("\n".join)
    .map(lines)
    .filter(lambda text: 0 < len(text) <= 5000),
    "integer": st.integers(-(10**6), 10**15),
    "decimal": st.decimals(-1000, 10**9, places=3),
    "money": st.integers(0, 10**15),
    "year": st.integers(1800, 2200),
    "date": st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    "datetime": st.integers(0, 118_000_000).map(lambda minutes: EARLIEST + timedelta(minutes=minutes)),
    "boolean": st.booleans(),
    "choice": st.sampled_from([option["value"] for option in OPTIONS]),
    "choices": st.sets(st.sampled_from([option["value"] for option in OPTIONS])).map(
        lambda chosen: tuple(option["value"] for option in OPTIONS if option["value"] in chosen)
    ),
    "code-list": st.sampled_from([item.code for item in TRADES.items]),
    "person-id": st.builds(
        lambda place, year, rest: f"{place}{year}{rest:06}",
        st.sampled_from(sorted(PROVINCES)),
        st.one_of(st.integers(0, 99).map(lambda y: f"1{y:02}"), st.integers(0, 21).map(lambda y: f"2{y:02}")),
        st.integers(0, 999_999),
    ),
    "tax-code": _tax_codes(),
    "phone": st.one_of(
        st.builds("0{}{:08}".format, st.sampled_from("35789"), st.integers(0, 10**8 - 1)),
        st.integers(0, 10**9 - 1).map("02{:09}".format),
    ),
    "email": st.builds("{}.{}@{}.vn".format, *[st.text("abcxyz0189", min_size=1, max_size=9)] * 3),
    "address": st.builds(
        Address,
        st.sampled_from(["24611", "24612", "24616", "24133"]),
        typed_text(60).map(one_line).filter(lambda text: bool(text)),
    ),
    "organisation": st.sampled_from([AgencyRef(item.code, item.name) for item in AGENCY_LIST.items]),
    "file": st.sampled_from([Shelf.files["f1"], Shelf.files["f2"]]),
    "reference": st.sampled_from(Entries.known["holders"]),
    "geometry": geometries(),
}

EVERYTHING = fields(
    *(field(type.replace("-", "_"), type, **attributes) for type, attributes in EVERY_TYPE.items()),
    field("yes_or_no", "boolean", look="radio"),
    field("state", "code-list", list="states"),
    field("many", "choice", options=[{"value": f"o{n}", "label": f"Lựa chọn {n}"} for n in range(9)]),
    field(
        "owner",
        "section",
        fields=[
            field("name", "text"),
            field("born", "date"),
            field("inner", "section", fields=[field("note", "paragraph")]),
        ],
    ),
    field(
        "people",
        "table",
        row_label="Thành viên",
        fields=[
            field("name", "text"),
            field("share", "decimal"),
            field("represents", "boolean"),
            field("title", "text", when="row.represents"),
            field("doubled", "computed", value="row.share * 2.0"),
        ],
    ),
    field("total", "computed", value="sum(people.map(p, p.share))", unit="%"),
    field("when_new", "text", when="choice == 'new'"),
)

HOUSE = fields(
    field("kind", "choice", options=OPTIONS, required=True, hint="Chọn một loại", help="Giải thích dài"),
    field("permit", "text", when="kind == 'repair'", required=True),
    field("home", "address", required=True),
    field("trade", "code-list", list="trades"),
    field(
        "people",
        "table",
        row_label="Thành viên",
        max_rows=3,
        fields=[field("name", "text"), field("boss", "boolean"), field("title", "text", when="row.boss")],
    ),
    field("bosses", "computed", value="size(people.filter(p, p.boss))"),
    field("plan", "file", max_size=5),
)
"""A form whose parts depend on each other."""

LAND = fields(
    field("parcel", "reference", register="parcels"),
    field("neighbours", "table", row_label="Thửa liền kề", fields=[field("next", "reference", register="parcels")]),
    field("on", "computed", value="parcel.title"),
)
"""A form that points to entries of registers."""


def _maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


def whole_data() -> st.SearchStrategy[dict[str, Any]]:
    """Typed data for EVERYTHING, before conditions and computed values."""
    row = st.fixed_dictionaries(
        {
            "name": VALUES["text"],
            "share": _maybe(st.decimals(0, 100, places=2)),
            "represents": st.booleans(),
            "title": _maybe(VALUES["text"]),
        }
    )
    inner = st.fixed_dictionaries({"note": _maybe(VALUES["paragraph"])})
    owner = st.fixed_dictionaries({"name": _maybe(VALUES["text"]), "born": _maybe(VALUES["date"]), "inner": inner})
    return st.fixed_dictionaries(
        {
            **{type.replace("-", "_"): _maybe(values) for type, values in VALUES.items()},
            "yes_or_no": _maybe(st.booleans()),
            "state": _maybe(st.sampled_from(["01", "02"])),
            "many": _maybe(st.sampled_from([f"o{n}" for n in range(9)])),
            "owner": owner,
            "people": st.lists(row, max_size=3),
            "when_new": _maybe(VALUES["text"]),
        }
    )
