"""What the papers of a dossier say: from rows and declarations to their shapes. Reads, decides nothing.

Here is what applications and results say; the prescribed forms are in `forms`.
"""

import re
from datetime import datetime
from typing import Any

from lienthong.cases import values
from lienthong.cases.models import Dossier, Paper
from lienthong.cases.papers import shapes
from lienthong.foundation import clock
from lienthong.foundation.fields import expressions
from lienthong.foundation.fields.data import from_json
from lienthong.foundation.fields.display import display
from lienthong.foundation.fields.formats import moment
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.codes import in_groups, site_of
from lienthong.foundation.papers.letterheads import in_sentence, letterhead, place_name, signing_capacity
from lienthong.foundation.papers.said import blocks_of
from lienthong.foundation.papers.shapes import Block, Heading, Line, Lines, Paragraph, Party, Signature
from lienthong.procedures.shapes import Component, ResultPaper, Verb

_IN_BRACKETS = re.compile(r"(.+?) \((.+)\)")


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
        content=tuple(block for part in shown for block in blocks_of(part)),
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


def result(dossier: Dossier, paper: Paper, *, signer: str, title: str, day: datetime, proof_link: str) -> shapes.Result:
    """A result as its procedure lays it out. Without a number it is the draft."""
    declared = values.procedure_of(dossier).result(paper.key)
    agency = tree()[paper.organisation_id] if paper.number else _signing_agency(dossier, paper)
    named = _IN_BRACKETS.fullmatch(declared.name)
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
        proof_code=in_groups(paper.verification),
        proof_site=site_of(proof_link, paper.verification),
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
