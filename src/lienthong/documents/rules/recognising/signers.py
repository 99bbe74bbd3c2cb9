"""Who signed and as what: the block at the end, its position in capitals, the name below (NĐ 30/2020 App. I.II.7)."""

import re
import unicodedata

from lienthong.documents.rules.recognising.sheet import LIKELY, SURE, UNSURE, Found, Line, Sheet, flat, is_capital

_TITLES = (
    "Phó Thủ tướng", "Thủ tướng", "Thứ trưởng", "Bộ trưởng", "Phó Chủ tịch", "Chủ tịch", "Phó Tổng Giám đốc",
    "Tổng Giám đốc", "Phó Giám đốc", "Giám đốc", "Phó Trưởng phòng", "Trưởng phòng", "Phó Tổng cục trưởng",
    "Tổng cục trưởng", "Phó Chi cục trưởng", "Chi cục trưởng", "Phó Cục trưởng", "Cục trưởng", "Phó Chánh Văn phòng",
    "Chánh Văn phòng", "Phó Chánh Thanh tra", "Chánh Thanh tra", "Phó Trưởng ban", "Trưởng ban", "Phó Hiệu trưởng",
    "Hiệu trưởng", "Phó Viện trưởng", "Viện trưởng", "Phó Bí thư", "Bí thư", "Phó Hạt trưởng", "Hạt trưởng",
    "Phó Vụ trưởng", "Vụ trưởng", "Phó Trưởng Công an", "Trưởng Công an", "Chỉ huy trưởng", "Đội trưởng", "Tổ trưởng",
    "Kế toán trưởng", "Chánh án", "Tổng Thư ký",
)  # fmt: skip
_TITLE = re.compile("|".join(f"(?P<t{place}>{re.escape(flat(title))})" for place, title in enumerate(_TITLES)))
_AUTHORITY = re.compile(r"\b(?:tm|kt|tl|tuq|q)\s*[.,]\s*(?=\w)")
_SIGNED_BY = re.compile(r"(?:ky boi|nguoi ky|signed by)\s*:\s*(?P<name>[^:;,0-9]{4,50})")
_SURNAMES = frozenset(
    re.findall(
        r"\w+",
        "an au bach be bui ca cao chau chu cu cung dam dang danh dao diep dieu dinh do doan doi duong gia giang"
        " giap ha han ho hoang hua huynh kha khong khuat khuong kieu kim la lai lam le lieu lo long lu luc lung"
        " luong luu ly ma mac mai nghiem ngo ngoc nguy nguyen nhan ninh nong ong pham phan phi pho phung quach"
        " quan quang sam son ta tang thach thai than thi thieu tien tiet to ton tong tran trang trieu trinh truong"
        " tu tua ung van vi vo vu vuong y",
    )
)
_DEGREE = re.compile(r"^(?:(?:pgs|gs|ts|ths|bs|bscki{0,2}|bsck|ks|cn|ds|luat su)\s*[.,]\s*)+")
_FAR = 14
"""Lines between a position and the name under it at most: room for a picture and what a scan makes of it."""
_LONGEST_NAME, _LONGEST_POSITION = 50, 100


def signer(sheet: Sheet) -> tuple[Found[str] | None, Found[str] | None]:
    """The name and the position of the first signature below the body."""
    lines = sheet.left
    for place in range(sheet.below, len(lines)):
        found = _position(lines[place])
        if found is None:
            continue
        last, position, is_signing = place, found, _is_signing(lines[place])
        for further in range(place + 1, min(place + 4, len(lines))):  # KT. CHỦ TỊCH / PHÓ CHỦ TỊCH
            if below := _position(lines[further]):
                last, position = further, below
                is_signing = is_signing or _is_signing(lines[further])
        if name := _name_below(lines[last + 1 : last + 1 + _FAR]):
            sure = name.sure if is_signing else min(name.sure, LIKELY)
            return Found(name.value, sure, name.words), position
    return _signed_electronically(lines), None


def _position(line: Line) -> Found[str] | None:
    """A title of a leader in capitals, which may stand behind a line of the recipients."""
    title = None
    for found in _TITLE.finditer(line.flat):
        words = line.text[found.start() : found.end()]
        if is_capital(words) and not (title and title.end() > found.start()):
            title = found
            break
    if title is None:
        return None
    after = line.text[title.end() :].strip(" .,")
    if after and not is_capital(after):
        return None
    begins = _AUTHORITY.search(line.flat[: title.start()])
    start = begins.start() if begins else title.start()
    assert title.lastgroup
    return Found(_TITLES[int(title.lastgroup[1:])][:_LONGEST_POSITION], SURE, line.text[start:].strip())


def _is_signing(line: Line) -> bool:
    """Not the heading of a decision, which names who decides: CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH."""
    return bool(_AUTHORITY.search(line.flat)) or len(line.text) < 30


def _name_below(lines: tuple[Line, ...]) -> Found[str] | None:
    guess = None
    for line in lines:
        if re.match(r"\W*(?:can cu|dieu \d|quyet dinh|xet|phu luc)\b", line.flat) or _position(line):
            break
        signed = _SIGNED_BY.search(line.flat)
        words = line.text[signed.start("name") : signed.end("name")] if signed else line.text
        if found := _name(words):
            return found
        guess = guess or _unusual_name(line.text)
    return guess


def _name(text: str) -> Found[str] | None:
    """A name with a usual surname at the end of a line; recipients may stand before it."""
    tokens = text.strip(" .;,").split()
    first = len(tokens)
    while first > 0 and len(tokens) - first < 5 and _is_part(tokens[first - 1]):
        first -= 1
    for start in range(first, len(tokens) - 1):
        if flat(tokens[start]).strip(".") in _SURNAMES:
            value = " ".join(tokens[start:])
            before = _DEGREE.sub("", flat(" ".join(tokens[:start])) + " ").strip(" -.;,:")
            return Found(_written(value)[:_LONGEST_NAME], SURE if not before else LIKELY, value)
    return None


def _unusual_name(text: str) -> Found[str] | None:
    tokens = text.split()
    if 2 <= len(tokens) <= 4 and all(_is_part(token) and token[1:].islower() for token in tokens):
        return Found(_written(text)[:_LONGEST_NAME], UNSURE, text)
    return None


def _is_part(token: str) -> bool:
    letters = token.replace("'", "").replace("’", "")
    return letters.isalpha() and (letters.isupper() or letters.istitle())


def _written(name: str) -> str:
    if name.isupper():
        name = " ".join(word[:1] + word[1:].lower() for word in name.split())
    return unicodedata.normalize("NFC", name)


def _signed_electronically(lines: tuple[Line, ...]) -> Found[str] | None:
    for line in lines:
        found = _SIGNED_BY.search(line.flat)
        if found and (name := _name(line.text[found.start("name") : found.end("name")])):
            return Found(name.value, LIKELY, line.text)
    return None
