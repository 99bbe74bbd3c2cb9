"""What the papers of a dossier say: from rows and declarations to the shapes of the forms. Reads, decides nothing."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from lienthong.cases import values
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Dossier, Paper
from lienthong.cases.papers import shapes
from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.data import from_json
from lienthong.foundation.fields.display import Part, Row, display
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
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Component, ResultPaper

_KIND_OF_PLACE = re.compile(r"^(tỉnh|thành phố|thị xã|huyện|quận|phường|xã|thị trấn)\s+(?=\D)", re.IGNORECASE)


def letterhead(agency: Node, day: datetime, *, number: str = "", symbol: str = "") -> Letterhead:
    """The head of a paper of this agency (NĐ 30/2020 App. I.II.2-4); a unit writes under the name of its agency."""
    agencies = tree()
    own = agencies.agency_of(agency)
    issuer, above = (agency, own) if agency.id != own.id else (own, agencies.parent(own))
    return Letterhead(
        parent=above.name if above else "",
        issuer=issuer.name,
        place=place_name(agency.place),
        day=day.date(),
        number=number,
        symbol=symbol,
    )


def place_name(place: str) -> str:
    """The name before a paper's date: without the kind of unit, unless the name is a number (Quận 1)."""
    return _KIND_OF_PLACE.sub("", place)


def signing_capacity(agency: Node, title: str) -> tuple[str, ...]:
    """The lines above a signature (NĐ 30/2020 App. I.II.7): for whom, in whose place, and as what one signs."""
    post = re.sub(r"\s+UBND$", "", title).upper()
    lines = ["TM. ỦY BAN NHÂN DÂN"] if agency.kind == "peoples-committee" else []
    if post.startswith("PHÓ "):
        lines.append(f"KT. {post.removeprefix('PHÓ ')}")
    return (*lines, post)


def _owner(dossier: Dossier) -> Party:
    return Party(
        name=dossier.applicant_name,
        address=dossier.applicant_address,
        phone=dossier.applicant_phone,
        email=dossier.applicant_email,
        identity=dossier.applicant_person_id,
    )


def _form(dossier: Dossier, key: str) -> shapes.Form:
    rule_set = RULE_SET.pinned(dossier.rule_set_id)
    return shapes.Form(number=rule_set.form(key).number, source=rule_set.forms_of)


def _components(dossier: Dossier) -> tuple[shapes.Component, ...]:
    """The components that this application has to have."""
    procedure = PROCEDURE.pinned(dossier.procedure_id)
    return tuple(
        shapes.Component(
            name=component.name,
            originals=component.originals,
            certified=component.certified,
            copies=component.copies,
        )
        for component in values.components_asked(procedure, dossier)
    )


def receipt(dossier: Dossier, paper: Paper, *, receiver: str, link: str, tracking_link: str) -> shapes.Receipt:
    """Form 01, from the reception on. The moment of reception is the dossier's."""
    procedure, agency = PROCEDURE.pinned(dossier.procedure_id), tree()[dossier.reception_id]
    received = dossier.received_at or dossier.submitted_at
    owner = _owner(dossier)
    online = dossier.channel == Dossier.Channel.ONLINE
    return shapes.Receipt(
        form=_form(dossier, "receipt"),
        letterhead=letterhead(agency, received),
        code=dossier.code or "",
        unit=agency.name,
        submitter=owner,
        owner=owner,
        request=procedure.name,
        components=_components(dossier),
        limit=procedure.limit_of(online=online).text,
        received_at=received,
        due_at=dossier.due_at,
        result_at=_("Online, and at %(agency)s") % {"agency": agency.name} if online else agency.name,
        receiver=receiver,
        channel=str(Dossier.Channel(dossier.channel).label),
        form_link=link,
        tracking_link=tracking_link,
    )


def supplement_request(
    dossier: Dossier, paper: Paper, *, contact: str, link: str, tracking_link: str, within: str
) -> shapes.SupplementRequest:
    """Form 02: what is missing and why, in one go (NĐ 61/2018 art. 15.3)."""
    agency = tree()[paper.organisation_id]
    assert paper.issued_at
    return shapes.SupplementRequest(
        form=_form(dossier, "supplement-request"),
        letterhead=letterhead(agency, paper.issued_at),
        code=dossier.code or dossier.tracking,
        unit=agency.name,
        owner=_owner(dossier),
        request=PROCEDURE.pinned(dossier.procedure_id).name,
        components=(),
        reason=paper.data["reason"],
        contact=contact,
        contact_phone=agency.phone,
        guide=contact,
        within=within,
        form_link=link,
        tracking_link=tracking_link,
    )


def refusal(dossier: Dossier, paper: Paper, *, contact: str, link: str, tracking_link: str) -> shapes.Refusal:
    """Form 03."""
    agency = tree()[paper.organisation_id]
    assert paper.issued_at
    return shapes.Refusal(
        form=_form(dossier, "refusal"),
        letterhead=letterhead(agency, paper.issued_at),
        code=dossier.code or dossier.tracking,
        unit=agency.name,
        owner=_owner(dossier),
        request=PROCEDURE.pinned(dossier.procedure_id).name,
        reason=paper.data["reason"],
        contact=contact,
        contact_phone=agency.phone,
        submitter=dossier.applicant_name,
        refuser=contact,
        form_link=link,
        tracking_link=tracking_link,
    )


def application(dossier: Dossier, component: Component) -> shapes.Application:
    """What the applicant filled in, as the form that the procedure prescribes."""
    procedure = PROCEDURE.pinned(dossier.procedure_id)
    context = values.context_of(dossier)
    shown = display(procedure.form, from_json(procedure.form, dossier.data), context)
    return shapes.Application(
        title=component.name.upper(),
        addressee=tree()[dossier.competent_id].name,
        content=tuple(block for part in shown for block in _part_blocks(part)),
        place=place_name(tree()[dossier.competent_id].place),
        day=dossier.submitted_at.date(),
        signature=Signature(capacity=("NGƯỜI LÀM ĐƠN",), name=dossier.applicant_name),
        subject=dossier.title,
        form_number=component.form,
        code=dossier.code or dossier.tracking,
        submitted=f"Nộp trực tuyến lúc {moment(dossier.submitted_at)}",
    )


def _part_blocks(part: Part) -> Iterator[Block]:
    if part.label:
        yield Heading(text=part.label)
    lines: list[Line] = []
    for item in part.items:
        if isinstance(item, Row):
            lines.append(Line(label=item.label, value=item.text or "–"))
            continue
        if lines:
            yield Lines(lines=tuple(lines))
            lines = []
        yield Table(
            columns=tuple(item.columns),
            rows=tuple(tuple(cell.text if cell else "" for cell in row) for row in item.rows),
            caption=item.label,
        )
    if lines:
        yield Lines(lines=tuple(lines))


def result(dossier: Dossier, paper: Paper, *, signer: str, title: str, day: datetime, proof_link: str) -> shapes.Result:
    """A result as its procedure lays it out. Without a number it is the draft."""
    agency = tree()[paper.organisation_id]
    declared = PROCEDURE.pinned(dossier.procedure_id).result(paper.key)
    return shapes.Result(
        letterhead=letterhead(agency, day, number=paper.number, symbol=declared.number_symbol),
        title=declared.name.upper(),
        content=tuple(result_blocks(dossier, declared, paper.data)),
        signature=Signature(capacity=signing_capacity(agency, title), name=signer),
        recipients=(dossier.applicant_name, "Lưu: VT, hồ sơ."),
        proof_link=proof_link,
        proof_code=paper.verification,
    )


def result_blocks(dossier: Dossier, declared: ResultPaper, filled: dict[str, Any]) -> list[Block]:
    names = values.result_names(PROCEDURE.pinned(dossier.procedure_id), dossier, declared, filled)
    blocks: list[Block] = []
    for block in declared.content:
        if block.heading:
            blocks.append(Heading(text=block.heading))
        elif block.lines:
            said = ((line.label, expressions.evaluate(line.value, names)) for line in block.lines)
            lines = (Line(label=label, value=expressions.written(value)) for label, value in said)
            blocks.append(Lines(lines=tuple(line for line in lines if line.value)))
        elif block.paragraph:
            blocks.append(Paragraph(text=expressions.template(block.paragraph).render(names)))
    return blocks
