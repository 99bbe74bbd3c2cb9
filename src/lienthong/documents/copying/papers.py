"""The file of an electronic copy. What is copied stays as it is: a copy goes on where the original ends, so that every
signature of the original stays valid and can be checked on the copy."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lienthong.documents.circuit.papers import content_of, seal_of
from lienthong.documents.copying.rules import Form
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files import pdf_copies, storage
from lienthong.foundation.files.formats import pdf
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.serving import require_harmless
from lienthong.foundation.organisations.rules import Node
from lienthong.signing import examinations
from lienthong.signing.rules import Verdict
from lienthong.signing.services import CopyForm, of_copy, sign_pdf

MARKS = {
    Form.TRUE_COPY: CopyForm.TRUE_COPY,
    Form.COPY_OF_COPY: CopyForm.COPY_OF_COPY,
    Form.EXTRACT: CopyForm.EXTRACT,
}


class NotCopied(DomainError):
    """It may not be copied, or cannot be."""

    code = "documents.not_copied"


def page_count(file: StoredFile) -> int:
    with storage.open_content(file.sha256) as content:
        return pdf.count(content)


def require_sound(file: StoredFile) -> None:
    """Raises NotCopied for a file whose signatures are broken or which cannot be read, and Infected or
    NotScannedYet."""
    require_harmless(file)
    examinations.examine(file.pk)
    verdict = examinations.of_files([file.pk])[file.pk].verdict
    if verdict is Verdict.UNREADABLE:
        raise NotCopied(
            _("This PDF cannot be read, or it is protected by a password."),
            way_out=_("Ask for the file without a password, or enter the copy as one on paper."),
        )
    if verdict is Verdict.BROKEN:
        raise NotCopied(
            _("The digital signature of this file is not valid: it is not copied under the seal of an agency."),
            way_out=_("Ask whoever sent it for the original."),
        )


def ready(file: StoredFile, *, pages: tuple[int, ...]) -> bytes:
    """What is sealed: all of the file as it is, or an extract of these pages, which bears no signature any more.
    Raises NotCopied."""
    if not pages:
        return content_of(file)
    with storage.open_content(file.sha256) as content:
        made = pdf_copies.chosen_pages(content, pages)
    if made is None:
        raise NotCopied(
            _("No extract can be made of this PDF."),
            way_out=_("Make a true copy of it, or enter the extract as one on paper."),
        )
    return made


def sealed(prepared: bytes, *, agency: Node, form: Form, pages: str, code: str, at: datetime) -> bytes:
    """With the mark at the top right of the first page, under the seal of the agency (NĐ 30/2020 App. I, part II,
    I.3)."""
    seal = seal_of(agency)
    stamp = of_copy(MARKS[form], seal.organisation, at=at, pages=pages)
    return sign_pdf(prepared, signer=seal, reason=code, at=at, stamp=stamp)
