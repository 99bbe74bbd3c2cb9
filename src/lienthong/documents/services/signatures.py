"""What is found when the signatures of a document's files are checked: kept with the document, so that pages and
statistics need not check again."""

from collections.abc import Iterable

from lienthong.documents.models import Document, DocumentFile, Signature
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import StoredFile
from lienthong.signing.services import SignatureReport, is_genuine, verify_pdf

CHECK_JOB, QUEUE = "documents.check_signature", "documents"
AT_ONCE = 200
"""So many that were left over are checked by one run of the job."""


def check_signature(document_id: int) -> Signature | None:
    """Check the files of a document and keep what was found. Called again it finds the same; None when it is gone."""
    files = DocumentFile.objects.filter(document=document_id).exclude(role=DocumentFile.Role.OTHER)
    stored = [each.file for each in files.select_related("file").order_by("place")]
    found = verdict_on(_found_in(each) for each in stored if each.format == "pdf")
    changed = Document.objects.filter(pk=document_id).update(signature=found, signature_checked_at=clock.now())
    return found if changed else None


def check_left_over() -> int:
    """Those that no job has checked, the newest first. How many there were."""
    left = Document.objects.filter(signature=Signature.UNCHECKED).order_by("-id").values_list("pk", flat=True)
    ids = list(left[:AT_ONCE])
    for pk in ids:
        check_signature(pk)
    return len(ids)


def verdict_on(found: Iterable[Signature]) -> Signature:
    """A document is signed when one of its files is, an appendix being signed with the document (App. I); a signature
    that is broken tells more than one that is good."""
    verdicts = set(found)
    order = (Signature.BROKEN, Signature.VALID, Signature.UNKNOWN)
    return next((each for each in order if each in verdicts), Signature.NONE)


def _found_in(stored: StoredFile) -> Signature:
    try:
        with storage.open_content(stored.sha256) as content:
            reports = verify_pdf(content.read())
    except DomainError:
        return Signature.NONE
    return verdict_of(reports)


def verdict_of(reports: list[SignatureReport]) -> Signature:
    if not reports:
        return Signature.NONE
    if is_genuine(reports):
        return Signature.VALID
    sound = all(each.intact and not each.altered_afterwards for each in reports)
    return Signature.UNKNOWN if sound and not any(each.trusted for each in reports) else Signature.BROKEN
