"""A document as such, with the files that it consists of, as it is written for whoever has it first."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from lienthong.documents.models import Document, DocumentFile, Signature
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.urgency import Urgency
from lienthong.documents.services.signatures import CHECK_JOB, QUEUE
from lienthong.foundation import rows
from lienthong.foundation.ledger.deferring import BEHIND_ALL_ELSE, defer_named


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
    @property
    def circulation(self) -> str: ...


def built(
    said: Described,
    *,
    mark: Mark | None,
    issuer_name: str,
    issuer_id: int | None,
    stored: Sequence[tuple[int, bool]],
) -> Document:
    """In three statements. Whether its files are signed is found out by a job, so that nobody waits for it.

    `stored`: the files' ids, the document itself first, each with whether it is a message that the others came with.
    """
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
        circulation=said.circulation,
        signature=Signature.UNCHECKED if stored else Signature.NONE,
    )
    rows.insert([document])
    rows.insert(
        DocumentFile(document=document, file_id=file_id, role=_role(place, is_cover), place=place)
        for place, (file_id, is_cover) in enumerate(stored)
    )
    if stored:
        defer_named(CHECK_JOB, [{"document": document.pk}], queue=QUEUE, priority=BEHIND_ALL_ELSE)
    return document


def _role(place: int, is_cover: bool) -> str:
    if is_cover:
        return DocumentFile.Role.OTHER
    return DocumentFile.Role.APPENDIX if place else DocumentFile.Role.MAIN
