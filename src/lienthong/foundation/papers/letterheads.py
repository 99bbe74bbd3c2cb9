"""Whose paper it is: its head, the symbol of its number, the lines above a signature, places and amounts in a text."""

import re
import unicodedata
from datetime import datetime

from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.shapes import Letterhead

_KINDS_OF_PLACE = "tỉnh|thành phố|thị xã|huyện|quận|phường|xã|thị trấn"
_KIND_OF_PLACE = re.compile(rf"^({_KINDS_OF_PLACE})\s+(?=\D)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(, (?:Phường|Xã|Thị trấn) )([^,\d][^,]*)"
    r"(?:(, (?:Quận|Huyện|Thị xã|Thành phố) )([^,\d][^,]*))?(, (?:Tỉnh|Thành phố) )([^,]+)$"
)
_DONG = re.compile(r"(?<=\d) đ$")

NO_BREAK = "\N{NO-BREAK SPACE}"

SHORT_NAME = 22
"""Letters of a name that have room on one line of the letterhead."""


def letterhead(agency: Node, day: datetime, *, number: str = "", symbol: str = "") -> Letterhead:
    """The head of a paper of this agency (NĐ 30/2020 App. I.II.2-4)."""
    issuer, above = _issuer(agency)
    return Letterhead(
        parent=_unbroken(_above(above), place_name(above.place)) if above else "",
        issuer=_below(issuer, above),
        place=place_name(agency.place),
        day=day.date(),
        number=number,
        symbol=symbol,
    )


def _issuer(agency: Node) -> tuple[Node, Node | None]:
    """In whose name a paper is issued, and the agency that is printed over it.

    A people's committee writes under its own name alone, and so does an agency that belongs to a ministry. A division
    writes under the name of its agency; so does a one-stop shop, under that of the committee it receives for. Other
    units issue nothing: their agency does.
    """
    agencies = tree()
    own = agencies.agency_of(agency)
    if own.kind == "office" and (committee := agencies.parent(own)) and agency.id != own.id:
        own = committee
    if agency.kind == "unit" and "one-stop" not in agency.functions:
        agency = own
    if agency.id != own.id:
        return agency, own
    return own, None if own.kind in {"peoples-committee", "agency"} else agencies.parent(own)


def symbol_of(agency: Node) -> str:
    """The abbreviation behind the number of a paper (NĐ 30/2020 App. I.II.3): BPTNTKQ for Bộ phận Tiếp nhận và Trả kết
    quả, UBND for a people's committee."""
    issuer, _parent = _issuer(agency)
    name = issuer.name.removesuffix(f" {issuer.place}").removesuffix(" tỉnh")
    words = (word for word in re.findall(r"\w+", name) if word.lower() != "và")
    return "".join(unicodedata.normalize("NFD", word[0])[0].upper() for word in words)


def _above(agency: Node) -> str:
    """An agency's name over that of its division: common words short, and where it is."""
    name = agency.name.replace("Ủy ban nhân dân", "UBND")
    return name if name.endswith(agency.place) else f"{name} {agency.place}"


def _below(issuer: Node, above: Node | None) -> str:
    """The issuer's own name; where it is need not be said twice. Broken in two, a short one breaks after its kind:
    PHÒNG / TÀI CHÍNH - KẾ HOẠCH."""
    name = issuer.name.removesuffix(f" {above.place}") if above else issuer.name
    _kind, _space, own = name.partition(" ")
    short = issuer.kind == "division" and len(own) <= SHORT_NAME
    return _unbroken(name, own if short else place_name(issuer.place))


def _unbroken(name: str, part: str) -> str:
    return name.replace(part, part.replace(" ", NO_BREAK)) if part else name


def place_name(place: str) -> str:
    """The name before a paper's date: without the kind of unit, unless the name is a number (Quận 1)."""
    return _KIND_OF_PLACE.sub("", place)


def in_sentence(text: str) -> str:
    """A value as it stands in the text of a paper: the kinds of administrative units small (NĐ 30/2020 App. II.III.1),
    đồng written out."""
    units = _ADDRESS.sub(lambda found: "".join(_small(part) for part in found.groups(default="")), text)
    return _DONG.sub(" đồng", units)


def _small(part: str) -> str:
    return part.lower() if part.startswith(", ") else part


def signing_capacity(agency: Node, title: str) -> tuple[str, ...]:
    """The lines above a signature (NĐ 30/2020 App. I.II.7): for whom, in whose place, and as what one signs."""
    post = re.sub(r"\s+UBND$", "", title).upper()
    lines = ["TM. ỦY BAN NHÂN DÂN"] if agency.kind == "peoples-committee" else []
    if post.startswith("PHÓ "):
        lines.append(f"KT. {post.removeprefix('PHÓ ')}")
    return tuple(filter(None, (*lines, post)))
