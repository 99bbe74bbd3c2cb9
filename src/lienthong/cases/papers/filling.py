"""What the papers of a dossier say: from rows and declarations to their shapes. Reads, decides nothing.

Here is what all papers share, and what applications and results say; the prescribed forms are in `forms`.
"""

import re
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lienthong.cases import values
from lienthong.cases.models import Dossier, Paper
from lienthong.cases.papers import shapes
from lienthong.foundation import clock
from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.data import from_json
from lienthong.foundation.fields.display import Grid, Part, Row, display
from lienthong.foundation.fields.formats import moment
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.shapes import (
    Block,
    Heading,
    Letterhead,
    Line,
    Lines,
    Paragraph,
    Party,
    Signature,
    Table,
)
from lienthong.procedures.shapes import Component, ResultPaper, Verb

_KINDS_OF_PLACE = "tỉnh|thành phố|thị xã|huyện|quận|phường|xã|thị trấn"
_KIND_OF_PLACE = re.compile(rf"^({_KINDS_OF_PLACE})\s+(?=\D)", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(, (?:Phường|Xã|Thị trấn) )([^,\d][^,]*)"
    r"(?:(, (?:Quận|Huyện|Thị xã|Thành phố) )([^,\d][^,]*))?(, (?:Tỉnh|Thành phố) )([^,]+)$"
)
_DONG = re.compile(r"(?<=\d) đ$")
_IN_BRACKETS = re.compile(r"(.+?) \((.+)\)")

NO_BREAK = "\N{NO-BREAK SPACE}"

SHORT_NAME = 22
"""Letters of a name that have room on one line of the letterhead."""

WIDEST_TABLE = 6
"""Columns that a page has room for; the rows of a wider table are set one below the other."""

LONG_SENTENCE = 80
"""Letters from which on the label of a ticked box is a declaration and stands as a sentence of its own."""


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


def owner_of(dossier: Dossier) -> Party:
    return Party(
        name=dossier.applicant_name,
        address=in_sentence(dossier.applicant_address),
        phone=dossier.applicant_phone,
        email=dossier.applicant_email,
        identity=dossier.applicant_person_id,
    )


_APPLICANTS = {"đơn": "NGƯỜI LÀM ĐƠN", "tờ khai": "NGƯỜI KHAI", "giấy đề nghị": "NGƯỜI ĐỀ NGHỊ"}
"""As what an applicant signs, by the first words of the form's name."""


def application(dossier: Dossier, component: Component) -> shapes.Application:
    """What the applicant filled in, as the form that the procedure prescribes."""
    procedure, competent = values.procedure_of(dossier), tree()[dossier.competent_id]
    shown = display(procedure.form, from_json(procedure.form, dossier.data), values.context_of(dossier))
    signs_as = (capacity for first, capacity in _APPLICANTS.items() if component.name.lower().startswith(first))
    return shapes.Application(
        title=component.name.upper(),
        addressee=_addressee(competent),
        content=tuple(block for part in shown for block in _part_blocks(part)),
        place=place_name(competent.place),
        day=clock.local(dossier.submitted_at).date(),
        signature=Signature(capacity=(next(signs_as, "NGƯỜI NỘP HỒ SƠ"),), name=dossier.applicant_name),
        subject=in_sentence(dossier.title),
        form_number=component.form,
        code=dossier.code or dossier.tracking,
        submitted=_submitted(dossier),
    )


def _addressee(agency: Node) -> str:
    """An agency's name with where it is: two provinces have a division of the same name."""
    return agency.name if agency.place in agency.name else f"{agency.name} {agency.place}"


def _submitted(dossier: Dossier) -> str:
    at = moment(dossier.submitted_at)
    match Dossier.Channel(dossier.channel):
        case Dossier.Channel.ONLINE:
            return f"Nộp trực tuyến lúc {at}"
        case Dossier.Channel.DIRECT:
            return f"Nộp trực tiếp tại {tree()[dossier.reception_id].name} lúc {at}"
        case Dossier.Channel.POST:
            return f"Nộp qua dịch vụ bưu chính công ích, đến lúc {at}"


def _part_blocks(part: Part) -> Iterator[Block]:
    if part.label:
        yield Heading(text=part.label)
    lines: list[Line] = []
    for item in part.items:
        if isinstance(item, Row) and not _is_pledge(item):
            lines.append(Line(label=item.label, value=in_sentence(item.text) or "–"))
        elif isinstance(item, Grid) and not item.rows:
            lines.append(Line(label=item.label, value="–"))
        else:
            yield from _taken(lines)
            if isinstance(item, Row):
                yield Paragraph(text=item.label)
            else:
                yield from _grid_blocks(item, alone=not part.label)
    yield from _taken(lines)


def _taken(lines: list[Line]) -> Iterator[Block]:
    """What was gathered so far, as one block; begins anew."""
    if lines:
        yield Lines(lines=tuple(lines))
        lines.clear()


def _is_pledge(row: Row) -> bool:
    return row.type == "boolean" and len(row.label) >= LONG_SENTENCE and row.text == expressions.written(True)


def _grid_blocks(grid: Grid, *, alone: bool) -> Iterator[Block]:
    """A table; `alone` when it stands under no heading, so that its own label is one."""
    if len(grid.columns) > WIDEST_TABLE:
        for number, row in enumerate(grid.rows, start=1):
            yield Heading(text=f"{grid.label} ({number})" if len(grid.rows) > 1 else grid.label)
            cells = (cell for cell in row if cell)
            yield Lines(lines=tuple(Line(label=cell.label, value=in_sentence(cell.text) or "–") for cell in cells))
        return
    if alone:
        yield Heading(text=grid.label)
    numeric = (all(cell and cell.numeric for cell in column) for column in zip(*grid.rows, strict=True))
    yield Table(
        columns=tuple(grid.columns),
        rows=tuple(tuple(cell.text if cell else "" for cell in row) for row in grid.rows),
        caption="" if alone else grid.label,
        figures=tuple(number for number, is_numeric in enumerate(numeric) if is_numeric),
    )


def result(dossier: Dossier, paper: Paper, *, signer: str, title: str, day: datetime, proof_link: str) -> shapes.Result:
    """A result as its procedure lays it out. Without a number it is the draft."""
    declared = values.procedure_of(dossier).result(paper.key)
    agency = tree()[paper.organisation_id] if paper.number else _signing_agency(dossier, paper)
    named = _IN_BRACKETS.fullmatch(declared.name)
    code = paper.verification
    return shapes.Result(
        letterhead=letterhead(
            agency,
            day,
            number=paper.number if declared.number_symbol else "",
            symbol=declared.number_symbol.replace("{year}", f"{clock.local(day):%Y}"),
        ),
        title=(named[1] if named else declared.name).upper(),
        subject=f"({named[2][0].upper()}{named[2][1:]})" if named else "",
        content=tuple(result_blocks(dossier, declared, paper.data)),
        signature=Signature(capacity=signing_capacity(agency, title), name=signer),
        recipients=(dossier.applicant_name, "Lưu: VT, hồ sơ."),
        proof_link=proof_link,
        proof_code=" ".join(code[start : start + 4] for start in range(0, len(code), 4)),
        proof_site=proof_link.partition("://")[2].removesuffix(f"/{code}/"),
    )


def _signing_agency(dossier: Dossier, paper: Paper) -> Node:
    """Where a draft will be signed: the first step after the one that drafts it which approves."""
    agencies, steps = tree(), values.procedure_of(dossier).process.steps
    drafting = next(n for n, step in enumerate(steps) if any(paper.key in action.results for action in step.actions))
    for step in steps[drafting:]:
        if any(action.does is Verb.APPROVE for action in step.actions):
            return agencies.nearest(step.at, agencies[dossier.competent_id], clock.today())
    return agencies[paper.organisation_id]


def result_blocks(dossier: Dossier, declared: ResultPaper, filled: dict[str, Any]) -> list[Block]:
    names = values.result_names(values.procedure_of(dossier), dossier, declared, filled)
    blocks: list[Block] = []
    for block in declared.content:
        if block.heading:
            blocks.append(Heading(text=block.heading))
        elif block.lines:
            said = ((line.label, expressions.evaluate(line.value, names)) for line in block.lines)
            lines = (Line(label=label, value=in_sentence(expressions.written(value))) for label, value in said)
            blocks.append(Lines(lines=tuple(line for line in lines if line.value)))
        elif block.paragraph:
            blocks.append(Paragraph(text=in_sentence(expressions.template(block.paragraph).render(names))))
    return [block for block in blocks if not isinstance(block, Lines) or block.lines]
