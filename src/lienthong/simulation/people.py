"""Plausible people of a province: names, numbers, telephones and addresses that fit together. Pure."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, timedelta
from random import Random
from typing import Literal

from lienthong.foundation.fields.lists import CodeList
from lienthong.foundation.fields.types.identifiers import PROVINCES, tax_check_digit_fits
from lienthong.simulation.chance import one_of, pick

Gender = Literal["male", "female"]

KINH, EDE, MNONG, TAY, NUNG, HMONG = "01", "12", "20", "02", "07", "08"
_PEOPLES = {KINH: 70, MNONG: 9, NUNG: 6, TAY: 6, HMONG: 5, EDE: 4}
"""About how the people of the southern Central Highlands are made up."""

_FAMILIES = {
    "Nguyễn": 38, "Trần": 12, "Lê": 10, "Phạm": 7, "Hoàng": 5, "Huỳnh": 3, "Phan": 5, "Vũ": 4, "Võ": 3, "Đặng": 2.5,
    "Bùi": 2.5, "Đỗ": 2, "Hồ": 1.5, "Ngô": 1.5, "Dương": 1.2, "Lý": 0.6, "Đinh": 1, "Trương": 1, "Mai": 0.6, "Cao": 0.6,
}  # fmt: skip
_FAMILIES_OF = {
    TAY: ("Hoàng", "Nông", "Lý", "Bế", "Hà"),
    NUNG: ("Nông", "Lương", "Hoàng", "Triệu", "Lăng"),
    HMONG: ("Giàng", "Vàng", "Thào", "Sùng", "Lầu"),
}
_CLANS = {EDE: ("Niê", "Mlô", "Kbuôr", "Byă", "Êban", "Knul"), MNONG: ("Bkrông", "Rơ Yam", "Bon Krông", "Nđu", "Rlưk")}
_MIDDLES = {
    "male": ("Văn", "Đức", "Minh", "Quốc", "Hữu", "Công", "Xuân", "Thanh", "Ngọc", "Anh", "Gia"),
    "female": ("Thị", "Thị", "Thị", "Thị Ngọc", "Thị Thanh", "Thị Kim", "Ngọc", "Thùy", "Thu", "Bảo"),
}
_GIVEN = {
    "male": ("An", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hòa", "Hùng", "Huy", "Khang", "Khánh", "Kiên", "Lâm",
             "Long", "Mạnh", "Nam", "Nghĩa", "Phong", "Phúc", "Quân", "Quang", "Sơn", "Tâm", "Thắng", "Thành", "Tiến",
             "Toàn", "Trung", "Tuấn", "Việt", "Vinh"),
    "female": ("Anh", "Bích", "Chi", "Dung", "Giang", "Hà", "Hằng", "Hạnh", "Hiền", "Hoa", "Hồng", "Hương", "Huyền",
               "Lan", "Liên", "Linh", "Loan", "Mai", "My", "Nga", "Ngân", "Nhung", "Oanh", "Phương", "Quyên", "Tâm",
               "Thảo", "Thu", "Trang", "Trinh", "Tuyết", "Vy", "Yến"),
}  # fmt: skip
_GIVEN_OF_THE_HIGHLANDS = {
    "male": ("Tuân", "Blơ", "Khăm", "Wơn", "Djhang", "Thịn", "Jút", "Nguyên"),
    "female": ("Linh", "Mai", "Bơm", "Nga", "Yuôn", "Ruê", "Lan", "Thảo"),
}
_MOBILE = ("032", "033", "034", "035", "036", "037", "038", "039", "070", "076", "077", "078", "079", "081", "082",
           "083", "084", "085", "086", "088", "089", "090", "091", "093", "094", "096", "097", "098")  # fmt: skip
_STREETS = ("Hùng Vương", "Trần Hưng Đạo", "Lê Duẩn", "Nguyễn Tất Thành", "Quang Trung", "Tôn Đức Thắng", "23 tháng 3",
            "Lý Thường Kiệt", "Phan Bội Châu", "Điểu Ong", "N'Trang Lơng", "Võ Thị Sáu")  # fmt: skip
_HAMLETS = ("Thôn", "Bon", "Buôn")
_BUSINESSES = (
    "CÀ PHÊ",
    "TẠP HÓA",
    "NÔNG SẢN",
    "VẬT LIỆU XÂY DỰNG",
    "ĂN UỐNG",
    "SỬA CHỮA XE MÁY",
    "MAY MẶC",
    "THUỐC BVTV",
)
_PROPER = ("NÂM NUNG", "TÀ ĐÙNG", "ĐẮK MÂM", "LIÊNG NUNG", "GIA NGHĨA", "BÌNH MINH", "PHÚ LỘC", "AN PHÁT", "THÀNH CÔNG",
           "HOÀNG GIA", "MINH TÂM", "ĐẠI NGÀN")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """A commune, with the line of units that ends an address."""

    unit: str
    name: str
    above: str
    province: str


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    gender: Gender
    born: date
    person_id: str
    ethnicity: str
    phone: str
    email: str
    place: Place
    detail: str

    @property
    def address(self) -> str:
        return ", ".join(filter(None, (self.detail, self.place.name, self.place.above)))


def places_below(units: CodeList, code: str, day: date) -> tuple[Place, ...]:
    """The communes below a unit, that unit itself when it is one, in the order of their codes."""
    below = units.below(code, day)
    if below:
        return tuple(place for item in below for place in places_below(units, item.code, day))
    chain = units.chain(code, day)
    if not chain:
        return ()
    return (Place(code, chain[0].name, ", ".join(item.name for item in chain[1:]), chain[-1].code),)


def person(
    rng: Random, place: Place, on: date, *, ages: tuple[int, int] = (18, 72), gender: Gender | None = None
) -> Person:
    """Somebody who lives in the place and is of that age on the day."""
    gender = gender or ("male" if rng.random() < 0.5 else "female")
    ethnicity = one_of(rng, _PEOPLES)
    name = _name(rng, ethnicity, gender)
    born = on - timedelta(days=rng.randint(ages[0] * 365 + 20, ages[1] * 365 + 300))
    phone = pick(rng, _MOBILE) + f"{rng.randrange(10**7):07}"
    email = f"{ascii_of(name)}.{rng.randrange(1000)}@thu.example" if rng.random() < 0.6 else ""
    return Person(
        name=name,
        gender=gender,
        born=born,
        person_id=person_id(rng, place.province, born, gender),
        ethnicity=ethnicity,
        phone=phone,
        email=email,
        place=place,
        detail=detail(rng, place),
    )


def people_of(name: str) -> str:
    """The people (dân tộc) that somebody's name speaks of."""
    return next((code for code, clans in _CLANS.items() if name.endswith(clans)), KINH)


def newborn(rng: Random, place: Place, on: date) -> Person:
    """A child of some weeks."""
    child = person(rng, place, on, ages=(0, 1))
    born = on - timedelta(days=min(int(rng.expovariate(1 / 18)) + 1, 300))
    return replace(child, born=born, person_id=person_id(rng, place.province, born, child.gender), phone="", email="")


def _name(rng: Random, ethnicity: str, gender: Gender) -> str:
    if ethnicity in _CLANS:
        given = pick(rng, _GIVEN_OF_THE_HIGHLANDS[gender])
        first = "Y " if gender == "male" else "H'"
        return f"{first}{given} {pick(rng, _CLANS[ethnicity])}"
    family = pick(rng, _FAMILIES_OF[ethnicity]) if ethnicity in _FAMILIES_OF else one_of(rng, _FAMILIES)
    return " ".join([family, *given_names(rng, gender)])


def given_names(rng: Random, gender: Gender) -> tuple[str, str]:
    """What follows a family's name."""
    return pick(rng, _MIDDLES[gender]), pick(rng, _GIVEN[gender])


def person_id(rng: Random, province: str, born: date, gender: Gender) -> str:
    """Three digits for the place of birth, one for century and gender, two for the year, six others (NĐ 137/2015 art.
    13). Most were born in the province."""
    place = f"0{province}" if rng.random() < 0.7 else pick(rng, sorted(PROVINCES))
    place = place if place in PROVINCES else min(PROVINCES)
    century = (born.year // 100 - 19) * 2 + (gender == "female")
    return f"{place}{century}{born.year % 100:02}{rng.randrange(1, 10**6):06}"


def tax_code(rng: Random) -> str:
    """Ten digits that agree with each other."""
    while True:
        first = f"64{rng.randrange(10**7):07}"
        for last in range(10):
            if tax_check_digit_fits(f"{first}{last}"):
                return f"{first}{last}"


def detail(rng: Random, place: Place) -> str:
    """House and street in a town, hamlet elsewhere."""
    if place.name.startswith("Xã"):
        return f"{pick(rng, _HAMLETS)} {rng.randint(1, 14)}"
    if rng.random() < 0.5:
        return f"Số {rng.randint(1, 320)}, tổ dân phố {rng.randint(1, 12)}"
    return f"Số {rng.randint(1, 480)}, đường {pick(rng, _STREETS)}"


def business_name(rng: Random, *, company: bool) -> str:
    """HỘ KINH DOANH CÀ PHÊ NÂM NUNG, or a company of one member."""
    kind = "CÔNG TY TNHH MỘT THÀNH VIÊN" if company else "HỘ KINH DOANH"
    return f"{kind} {pick(rng, _BUSINESSES)} {pick(rng, _PROPER)} {rng.randint(2, 99)}"


def ascii_of(name: str) -> str:
    """trang.vu of Vũ Thùy Trang."""
    plain = unicodedata.normalize("NFD", name.lower().replace("đ", "d"))
    words = "".join(letter for letter in plain if letter.isascii() and (letter.isalnum() or letter == " ")).split()
    return ".".join((words[-1], words[0])) if len(words) > 1 else words[0]


def titled(place: Place) -> str:
    """UBND phường Nghĩa Trung."""
    return f"UBND {place.name[0].lower()}{place.name[1:]}"
