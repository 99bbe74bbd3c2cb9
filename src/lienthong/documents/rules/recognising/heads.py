"""What stands in the head: number and symbol, place and date, whose document it is, how urgent."""

import re
from collections.abc import Sequence
from datetime import date
from difflib import get_close_matches

from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.recognising.sheet import (
    DAY,
    LIKELY,
    SURE,
    UNSURE,
    Found,
    Kind,
    Line,
    Sheet,
    flat,
    is_capital,
    squeezed,
)
from lienthong.documents.rules.urgency import Urgency

_DIGITS = str.maketrans("OoQIl|i", "0001111")
_LETTERS = r"[^\W\d_]"
_SYMBOL = rf"(?:{_LETTERS}|[&.0-9])+(?:\s*[-–—]\s*(?:{_LETTERS}|[&.0-9])+)*"
_NUMBERED = re.compile(
    rf"(?:(?P<said>[S5$][ôốồổỗộoóòỏõọơö06O]{{1,2}}\s*[:;.,]?)|(?P<unsaid>^\W*))\s*"
    rf"(?P<number>[0-9OolI|]{{1,7}}[a-zđ]?)\s*[/\\|]\s*(?:(?P<year>(?:19|20)[0-9]{{2}})\s*/\s*)?(?P<symbol>{_SYMBOL})"
)


def mark(sheet: Sheet, kinds: Sequence[Kind]) -> Found[Mark] | None:
    """The first number with a symbol in the head."""
    for place, text in sheet.joined():
        found = _NUMBERED.search(text)
        if found and _begins(text, found) and (read := _read(found, kinds)):
            value, sure = read
            alone = found.end() <= len(sheet.head[place].text)
            return Found(value, sure if alone else min(sure, LIKELY), found.group().strip())
    return None


def _begins(text: str, found: "re.Match[str]") -> bool:
    """Whether it is the line's own number and not another document that it names."""
    return not re.search(r"\w", text[: found.start()])


def _read(found: "re.Match[str]", kinds: Sequence[Kind]) -> tuple[Mark, float] | None:
    digits = found["number"].translate(_DIGITS) if not found["number"][-1:].isalpha() else _with_letter(found["number"])
    if not re.match(r"[0-9]", digits) or not re.search(r"[0-9]", found["number"]):
        return None
    symbol = re.sub(r"\s*[-–—]\s*", "-", found["symbol"]).strip("-.")
    spelt = _spelt(symbol, kinds)
    if found["unsaid"] is not None and "-" not in spelt:
        return None
    year = f"{found['year']}/" if found["year"] else ""
    value = Mark.read(f"{digits}/{year}{spelt}")
    if value is None or not value.symbol:
        return None
    exact = found["said"] is not None and spelt == symbol and digits == found["number"] and is_capital(symbol[:2])
    return value, SURE if exact else LIKELY if found["said"] else UNSURE


def _with_letter(number: str) -> str:
    """15a stays, 1O and 1l are 10 and 11."""
    last = number[-1]
    return number.translate(_DIGITS) if last in "OolI" else f"{number[:-1].translate(_DIGITS)}{last}"


def _spelt(symbol: str, kinds: Sequence[Kind]) -> str:
    """With the abbreviation of a type as the decree spells it: a scan says QD or TTR."""
    first, dash, rest = symbol.partition("-")
    known = {kind.abbreviation for kind in kinds if kind.abbreviation}
    fitting = [each for each in known if flat(each) == flat(first)]
    if first not in known and len(fitting) == 1:
        first = fitting[0]
    return f"{first}{dash}{rest}"


def dated(sheet: Sheet) -> Found[date] | None:
    """The day of the line of place and date."""
    for words in sheet.days:
        if value := _day(words):
            named = "," in words
            return Found(value, SURE if named else LIKELY, words.strip())
    for _place, text in sheet.joined():
        if len(text) < 80 and not re.search(r"\d/", text) and (value := _day(text)):
            return Found(value, UNSURE, text)
    return None


def _day(words: str) -> date | None:
    found = DAY.search(flat(words))
    if not found:
        return None
    day, month, year = (int(re.sub(r"\s", "", part).translate(_DIGITS)) for part in found.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


# whose document it is

_AGENCY = re.compile(
    r"(?:ubnd|uy ban|hdnd|hoi dong|so|bo|ban|van phong|chi cuc|cuc|tong cuc|phong|trung tam|cong an|cong ty"
    r"|tong cong ty|tap doan|ngan hang|truong|benh vien|thanh tra|toa an|vien|kho bac|bao hiem|chinh phu"
    r"|thu tuong|tinh uy|huyen uy|thanh uy|thi uy|dang uy|dang bo|chi bo|lien doan|mat tran|ub mttq|ubmttq"
    r"|hoi|doan|hat|dai|to|doi|quy|hop tac xa|doanh nghiep|quoc hoi|cum)\b"
)
_UNFINISHED = re.compile(
    r"(?:.*\b(?:va|cac|cua|ve|tai|thuoc|-)|van phong|so|bo|ban|chi cuc|cuc|phong|trung tam|cong an|cong ty|truong"
    r"|ban quan ly|ban chi dao|hoi dong|thanh tra|toa an|hoi|uy ban|uy ban nhan dan|hoi dong nhan dan)"
)
_NOT_AN_AGENCY = re.compile(r"\W*(?:v\s*/\s*v\b|trang\b|page\b|[\d\W]+$|sao y|du thao|ban sao)")
_AFTER_THE_AGENCY = re.compile(r"\W*(?:[s5][o06]\s*[:;.,]|so\s+\d|\d+\s*/|v\s*/\s*v\b)")
_SHORT = (("ubnd", "uy ban nhan dan"), ("hdnd", "hoi dong nhan dan"), ("tp", "thanh pho"), ("mttq", "mat tran to quoc"))
_MOST_LINES = 6


def issuers(sheet: Sheet, agencies: Sequence[str]) -> tuple[Found[str] | None, Found[str] | None]:
    """The agency that issues it and the one printed over it."""
    lines = [line.text for line in _above_the_number(sheet)]
    groups: list[list[str]] = []
    for text in lines:
        if groups and not (_AGENCY.match(flat(text)) and not _UNFINISHED.fullmatch(flat(groups[-1][-1]))):
            groups[-1].append(text)
        elif groups or _AGENCY.match(flat(text)):
            groups.append([text])
    if not groups and lines:
        return Found(_written(" ".join(lines[-2:])), UNSURE, " ".join(lines[-2:])), None
    found = [_named(" ".join(group), agencies) for group in groups[-2:]]
    return (found[-1] if found else None), (found[0] if len(found) > 1 else None)


def _above_the_number(sheet: Sheet) -> list[Line]:
    lines: list[Line] = []
    for line in sheet.head:
        if _AFTER_THE_AGENCY.match(line.flat):
            break
        if urgency_of(line.text) is None and not _NOT_AN_AGENCY.match(line.flat) and is_capital(line.text):
            lines.append(line)
        elif lines and not is_capital(line.text) and not _AGENCY.match(line.flat):
            break
    return lines[:_MOST_LINES]


def _named(words: str, agencies: Sequence[str]) -> Found[str]:
    """As the agency is called here, where it is one of ours, else as names are written."""
    known = {_full(name): name for name in agencies}
    wanted = _full(words)
    if wanted in known:
        return Found(known[wanted], SURE, words)
    if close := get_close_matches(wanted[:120], known, n=1, cutoff=0.9):
        return Found(known[close[0]], LIKELY, words)
    return Found(_written(words), UNSURE, words)


def _full(name: str) -> str:
    plain = " ".join(re.sub(r"[\W_]+", " ", flat(name)).split())
    for short, long in _SHORT:
        plain = re.sub(rf"\b{short}\b", long, plain)
    return plain.replace(" ", "")


_KEPT = {"UBND", "HĐND", "MTTQ", "BHXH", "TNHH", "MTV", "CP", "VNPT", "BQLDA", "KBNN", "TP", "TP.", "II", "III", "IV"}
_CAPITAL_AFTER = {"bo", "so", "phong", "cuc", "ban", "va", "-", "–"}
_PLACES = {"tỉnh", "huyện", "xã", "phường", "phố", "trấn", "quận"}


def _written(words: str) -> str:
    """Names of agencies are printed in capitals; here as they are written in a sentence (NĐ 30/2020 App. II): the first
    letter, what a ministry or department is for, names of places."""
    said, place, before = [], False, ""
    for word in words.split():
        plain = flat(word)
        place = (place or before.lower() in _PLACES) and plain not in {"va", "thi", "tran", "pho", "hoi"}
        if word in _KEPT or word.isdigit():
            said.append(word)
        elif not before or flat(before) in _CAPITAL_AFTER or place:
            said.append(word[:1].upper() + word[1:].lower())
        else:
            said.append(word.lower())
        before = word
    return " ".join(said)[:200]


# how urgent

_URGENCIES = {
    "hoatochengio": Urgency.EXPRESS_AT_A_TIME,
    "hoatoc": Urgency.EXPRESS,
    "thuongkhan": Urgency.VERY_URGENT,
    "khan": Urgency.URGENT,
}


def urgency(sheet: Sheet) -> Found[Urgency] | None:
    """The stamp, a line of its own anywhere in the head."""
    for line in sheet.head:
        if value := urgency_of(line.text):
            return Found(value, SURE, line.text)
    return None


def urgency_of(text: str) -> Urgency | None:
    words = squeezed(text[:40])
    if not is_capital(text):
        return None
    begun = (value for name, value in _URGENCIES.items() if len(name) > 4 and words.startswith(name))
    return _URGENCIES.get(words) or next(begun, None)
