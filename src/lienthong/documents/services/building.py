"""A document as such, with the files that it consists of, as it is written for whoever has it first."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from lienthong.documents.models import Document, DocumentFile
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.urgency import Urgency
from lienthong.foundation import rows


class Described(Protocol):
    """What a document says of itself, whether it came in or goes out."""

    @property
    def dated(self) -> date | None: ...
    @property
    def kind(self) -> str: ...
    @property
    def abstract(self) -> str: ...
    @property
    def signer_name(self) -> str: ...
    @property
    def signer_position(self) -> str: ...
    @property
    def urgency(self) -> Urgency: ...
    @property
    def pages(self) -> int | None: ...


def built(
    said: Described,
    *,
    mark: Mark | None,
    issuer_name: str,
    issuer_id: int | None,
    stored: Sequence[tuple[int, bool]],
) -> Document:
    """In two statements. `stored`: the files' ids, the document itself first, each with whether it is a message that
    the others came with."""
    document = Document(
        number=mark.number if mark else "",
        symbol=mark.notation if mark else "",
        compared=mark.compared if mark else "",
        dated=said.dated,
        kind=said.kind,
        abstract=said.abstract.strip(),
        issuer_name=issuer_name.strip(),
        issuer_id=issuer_id,
        signer_name=said.signer_name.strip(),
        signer_position=said.signer_position.strip(),
        urgency=said.urgency,
        pages=said.pages,
    )
    rows.insert([document])
    rows.insert(
        DocumentFile(document=document, file_id=file_id, role=_role(place, is_cover), place=place)
        for place, (file_id, is_cover) in enumerate(stored)
    )
    return document


def _role(place: int, is_cover: bool) -> str:
    if is_cover:
        return DocumentFile.Role.OTHER
    return DocumentFile.Role.APPENDIX if place else DocumentFile.Role.MAIN
