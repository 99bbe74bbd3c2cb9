"""What a document says of itself, read from the text of its pages: a suggestion for whoever registers it.

The text comes from a PDF, from Word or from the recognition of letters on a scan: accents may be missing, a 0 may be
an O, the two columns of the head (NĐ 30/2020 App. I) may stand beside each other, one after the other, or mixed. So
everything is looked for by how it looks, and each finding says how sure it is and from which words it was read. Never
raises.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.recognising import heads, signers, subjects
from lienthong.documents.rules.recognising.sheet import Found, Kind, Sheet
from lienthong.documents.rules.urgency import Urgency

__all__ = ["Found", "Kind", "Recognised", "recognise"]


@dataclass(frozen=True, slots=True)
class Recognised:
    """What was found; None where nothing was. `parent` is the agency printed over the issuer."""

    mark: Found[Mark] | None = None
    dated: Found[date] | None = None
    kind: Found[str] | None = None
    abstract: Found[str] | None = None
    issuer: Found[str] | None = None
    parent: Found[str] | None = None
    signer_name: Found[str] | None = None
    signer_position: Found[str] | None = None
    urgency: Found[Urgency] | None = None


def recognise(text: str, *, kinds: Sequence[Kind], agencies: Iterable[str] = ()) -> Recognised:
    """`kinds`: the types of documents; `agencies`: names as they are to be written, which the issuer's is given when it
    is one of them."""
    sheet = Sheet.of(text)
    mark = heads.mark(sheet, kinds)
    issuer, parent = heads.issuers(sheet, list(agencies))
    kind = subjects.kind(sheet, mark, kinds)
    signer, position = signers.signer(sheet)
    return Recognised(
        mark=mark,
        dated=heads.dated(sheet),
        kind=kind,
        abstract=subjects.abstract(sheet, kind, kinds),
        issuer=issuer,
        parent=parent,
        signer_name=signer,
        signer_position=position,
        urgency=heads.urgency(sheet),
    )
