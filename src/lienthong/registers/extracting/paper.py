"""What an extract says, as a paper (NĐ 30/2020/NĐ-CP App. I)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import translation

from lienthong.foundation import clock
from lienthong.foundation.fields.display import display
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers import render
from lienthong.foundation.papers.codes import in_groups, site_of, verification_link
from lienthong.foundation.papers.letterheads import letterhead
from lienthong.foundation.papers.said import blocks_of
from lienthong.foundation.papers.shapes import Block, Letterhead, Shape, Signature
from lienthong.foundation.papers.wording import day_in_words, moment_in_words
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper(Shape):
    """Template registers/extract, A4. `opening` and `closing` are sentences around the facts."""

    letterhead: Letterhead
    register: str
    opening: str
    content: tuple[Block, ...]
    closing: str
    signature: Signature
    recipients: tuple[str, ...]
    proof_link: str
    proof_code: str
    proof_site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing:
    """Who issues it, when, under which number, and of which day it tells."""

    agency: Node
    number: int
    symbol: str
    officer: str
    at: datetime
    day: date
    issued_to: str
    verification: str


def paper_of(body: RegisterBody, entry: Entry, fields: Collection[str], by: Issuing) -> bytes:
    """The PDF, not signed yet."""
    link = verification_link(by.verification)
    with translation.override("vi"):  # official papers are Vietnamese, whatever the reader has chosen
        values = body.layout.only(entry.values, fields)
        shown = display(body.fields, values, replace(context(), at=by.day))
        shape = Paper(
            letterhead=letterhead(by.agency, clock.local(by.at), number=str(by.number), symbol=by.symbol),
            register=body.name,
            opening=_opening(body, entry, by),
            content=tuple(block for part in shown for block in blocks_of(part)),
            closing=_closing(entry, by),
            signature=Signature(capacity=("NGƯỜI LẬP TRÍCH LỤC",), name=by.officer),
            recipients=(*([by.issued_to] if by.issued_to else []), "Lưu: VT."),
            proof_link=link,
            proof_code=in_groups(by.verification),
            proof_site=site_of(link, by.verification),
        )
        return render("registers/extract", shape.as_data(), at=by.at)


def _opening(body: RegisterBody, entry: Entry, by: Issuing) -> str:
    to = f" để cấp cho {by.issued_to}" if by.issued_to else ""
    return (
        f"{by.agency.name} trích lục{to} nội dung của {body.singular} mang mã số bản ghi {entry.id} trong cơ sở dữ liệu"
        f" “{body.name}”, theo trạng thái {day_in_words(by.day)}, như sau:"
    )


def _closing(entry: Entry, by: Issuing) -> str:
    since = f"Bản ghi có nội dung này từ {day_in_words(entry.valid_from)}"
    ended = f" và đã chấm dứt từ {day_in_words(entry.valid_until)}" if entry.valid_until else ""
    return (
        f"{since}{ended}. Trích lục được lập từ dữ liệu có đến {moment_in_words(by.at)} và ký số bằng con dấu của cơ"
        " quan quản lý dữ liệu."
    )
