"""The file of a draft: laid out when it is presented, signed, numbered, sealed.

Its gaps for number and day are made before the first signature and filled after the last (NĐ 30/2020 art. 15-18), so
that every signature stays valid.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lienthong.documents.circuit import uploads
from lienthong.documents.circuit.rules import NotPresentable
from lienthong.documents.models import Circulation, Draft, DraftVersion
from lienthong.documents.papers import lay_out
from lienthong.documents.rules import contents as written
from lienthong.documents.rules.contents import Contents, Signer, missing
from lienthong.documents.rules.kinds import KINDS, PERSONAL_LETTER
from lienthong.foundation.definitions.rules import spelled
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.serving import require_harmless
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import HeldPost, Officer
from lienthong.signing import forms
from lienthong.signing.pictures import stamp_of_seal, stamp_of_signer
from lienthong.signing.services import Seal, sign_pdf
from lienthong.signing.services import Signer as Certified
from lienthong.signing.stamps import of_appendix

CIRCULATIONS = {
    written.Circulation.ANY: Circulation.FREE,
    written.Circulation.RETURN: Circulation.RETURN,
    written.Circulation.INTERNAL: Circulation.INTERNAL,
}
"""By what is printed (NĐ 30/2020 App. I, box 11)."""

PLACES = ("signer", "second-signer")
"""Where in the paper the signers of a document sign, the first one first."""


@dataclass(frozen=True, slots=True)
class Presented:
    """A file that can be signed, and who stands below it."""

    pdf: bytes
    signers: tuple[Signer, ...]


def presented(draft: Draft, version: DraftVersion | None, *, at: datetime) -> Presented:
    """Raises NotPresentable with what to do, PaperTooLarge, NotSignable, and Infected or NotScannedYet for a file."""
    if version is None:
        raise NotPresentable(_("Nothing has been written yet."), way_out=_("Write the document first."))
    if version.contents is not None:
        return _laid(Contents.read(version.contents), at)
    assert version.file is not None
    if version.file.format != "pdf":
        raise NotPresentable(
            _("A Word file cannot be signed."),
            way_out=_("Take its text into the editor, or upload it as a PDF file."),
        )
    require_harmless(version.file)
    pdf = content_of(version.file)
    prepared = uploads.prepared(pdf, has_number=has_number(draft.kind))
    return Presented(forms.prepare(prepared), uploads.signers_of(pdf))


def _laid(contents: Contents, at: datetime) -> Presented:
    blank = contents.model_copy(update={"number": "", "dated": None})
    if wanting := missing(blank, signed=False):
        raise NotPresentable(
            _("The document is not complete."),
            way_out=_("Write what is missing, then present it."),
            missing={spelled(each.path): str(each.message) for each in wanting},
        )
    with override("vi"):  # official papers are Vietnamese, whatever the reader has chosen
        return Presented(forms.prepare(lay_out(blank, at=at).pdf), _signers(blank))


def signers_of(version: DraftVersion) -> tuple[Signer, ...]:
    """Who stands below it, the first one first."""
    if version.contents is not None:
        return _signers(Contents.read(version.contents))
    assert version.file is not None
    return uploads.signers_of(content_of(version.file))


def symbol_of(version: DraftVersion) -> str:
    """The symbol as it is printed: what the number stands before."""
    if version.contents is not None:
        return Contents.read(version.contents).symbol
    assert version.file is not None
    return uploads.symbol_of(content_of(version.file))


def circulation_of(version: DraftVersion) -> Circulation:
    """To whom the document may go further, as it is printed on it."""
    if version.contents is not None:
        return CIRCULATIONS[Contents.read(version.contents).circulation]
    assert version.file is not None
    return CIRCULATIONS[uploads.circulation_of(content_of(version.file))]


def pages_of(pdf: bytes) -> int:
    from pypdf import PdfReader  # takes a quarter of a second to load, which every start would pay

    return len(PdfReader(io.BytesIO(pdf)).pages)


def _signers(contents: Contents) -> tuple[Signer, ...]:
    return (contents.signer, contents.second_signer) if contents.second_signer else (contents.signer,)


def has_number(kind: str) -> bool:
    """A personal letter of a leader has neither number nor seal (NĐ 30/2020 App. III, form 1.10)."""
    return kind != PERSONAL_LETTER


def signed(pdf: bytes, *, draft: Draft, officer: Officer, post: HeldPost, place: int, at: datetime) -> bytes:
    """With the signature of the officer in their own post; number and day may still be filled in. The caller has made
    sure that it is their turn."""
    organisation = sealing(post.organisation)
    signer = Certified(
        account_id=officer.account_id,
        post_id=post.id,
        name=officer.name,
        position=post.title,
        organisation=organisation.name,
        organisation_identifier=organisation.identifier,
    )
    return sign_pdf(
        pdf,
        signer=signer,
        reason=KINDS[draft.kind].name,
        at=at,
        stamp=stamp_of_signer(officer.account_id, place=PLACES[place]),
        permits_filling=has_number(draft.kind),
    )


def numbered_and_sealed(pdf: bytes, *, agency: Node, number: str, code: str, dated: date, at: datetime) -> bytes:
    """With number and day in their gaps, closed by the agency's seal."""
    filled = forms.fill(pdf, _values(pdf, number, dated), at=at)
    return sign_pdf(filled, signer=seal_of(agency), reason=code, at=at, stamp=stamp_of_seal(sealing(agency).id))


def _values(pdf: bytes, number: str, dated: date) -> dict[str, str]:
    """Minutes have no line of the date: what has no gap is not written. The number always is."""
    from lienthong.signing import form_fields, pades  # pyHanko takes a second to import

    gaps = {kind for kind, _field in form_fields.fields_of(pades.opened(pdf).prev)}
    written = forms.number_and_day(number, dated)
    return {name: value for name, value in written.items() if name in gaps or name == "number"}


def marked(pdf: bytes, *, agency: Node, code: str, at: datetime) -> bytes:
    """An appendix in a file of its own: the agency's mark at the top right of its first page, with number and moment
    (App. I.II.8.b)."""
    return sign_pdf(pdf, signer=seal_of(agency), reason=code, at=at, stamp=of_appendix(code, at=at))


def seal_of(agency: Node) -> Seal:
    owner = sealing(agency)
    return Seal(organisation=owner.name, organisation_identifier=owner.identifier)


def sealing(node: Node) -> Node:
    """The organisation itself, or the agency that it is part of."""
    return node if node.identifier else tree().agency_of(node)


def content_of(file: StoredFile) -> bytes:
    with storage.open_content(file.sha256) as content:
        read: bytes = content.read()
    return read


def name_of(draft: Draft) -> str:
    """What the file is called: type and abstract. The strokes of the numbers that an abstract names are no folders."""
    words = f"{KINDS[draft.kind].name if draft.kind in KINDS else ''} {draft.abstract}".strip()
    return f"{words[:120].strip().replace('/', '-') or 'van ban'}.pdf"


def wanting(version: DraftVersion | None) -> Sequence[str]:
    """For the page on which it is presented: what stands against it, without laying it out."""
    if version is None or version.contents is None:
        return ()
    found = missing(Contents.read(version.contents).model_copy(update={"number": "", "dated": None}), signed=False)
    return [str(each.message) for each in found]
