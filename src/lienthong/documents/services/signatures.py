"""What the signatures of a document's files come to: kept with the document, so that lists and statistics need not ask
its files."""

from collections.abc import Iterable

from lienthong.documents.models import Document, DocumentFile, Signature
from lienthong.foundation import clock
from lienthong.signing import examinations
from lienthong.signing.rules import Verdict

CHECK_JOB, QUEUE = "documents.check_signature", "documents"
AT_ONCE = 200
"""So many that were left over are checked by one run of the job."""

_FOUND = {
    Verdict.GENUINE: Signature.VALID,
    Verdict.UNKNOWN: Signature.UNKNOWN,
    Verdict.BROKEN: Signature.BROKEN,
    Verdict.UNSIGNED: Signature.NONE,
    Verdict.UNREADABLE: Signature.NONE,
}


def check_signature(document_id: int) -> Signature | None:
    """Have the files of a document examined and keep what it comes to. Called again it finds the same; None when it is
    gone."""
    files = DocumentFile.objects.filter(document=document_id, file__format="pdf").exclude(role=DocumentFile.Role.OTHER)
    verdicts = [examinations.examine(each) for each in files.order_by("place").values_list("file_id", flat=True)]
    found = verdict_on(_FOUND[each] for each in verdicts if each)
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
