"""What was found of the signatures of files that came, kept with the file: pages show it without looking again.

A file is looked at once by a job and whenever somebody asks. That a certificate was revoked since is asked of the
tables each time, because it touches signatures that nobody has proved the moment of.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lienthong.foundation import clock
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import Scan, StoredFile
from lienthong.foundation.files.services import QUEUE
from lienthong.foundation.ledger.deferring import BEHIND_ALL_ELSE, defer_named
from lienthong.signing.models import Certificate, FileExamination
from lienthong.signing.rules import Level, Verdict
from lienthong.signing.verification import SignatureReport, TimeSource, is_genuine, verify_pdf

EXAMINE_JOB = "signing.examine"


@dataclass(frozen=True, slots=True)
class Examined:
    """A file's signatures as they were found. `reports` are in the order of signing."""

    verdict: Verdict
    reports: tuple[SignatureReport, ...]
    examined_at: datetime


def ask_about(files: Iterable[StoredFile]) -> None:
    """Have the signatures of these files looked at after the commit; only PDF has any that can be."""
    calls = [{"file": each.pk} for each in files if each.format == "pdf"]
    defer_named(EXAMINE_JOB, calls, queue=QUEUE, priority=BEHIND_ALL_ELSE)


def examine(file_id: int, *, again: bool = False) -> Verdict | None:
    """Look at a file's signatures and keep what is found. None for a file that is gone, infected or no PDF; one that
    was looked at stays as it was found, unless `again`."""
    known = FileExamination.objects.filter(file_id=file_id).first()
    if known and not again:
        return Verdict(known.verdict)
    stored = StoredFile.objects.filter(pk=file_id, format="pdf").exclude(scan=Scan.INFECTED).first()
    if stored is None:
        return None
    verdict, reports = _looked_at(stored)
    found = {"verdict": verdict, "signatures": list(map(_kept, reports)), "examined_at": clock.now()}
    if StoredFile.objects.filter(pk=file_id).exists():
        FileExamination.objects.update_or_create(file_id=file_id, defaults=found)
    return verdict


def of_files(file_ids: Sequence[int]) -> dict[int, Examined]:
    """What was found of files, by their ids; those nobody has looked at are missing. Two queries at most."""
    rows = list(FileExamination.objects.filter(file_id__in=file_ids))
    revoked = _revoked({each["serial"] for row in rows for each in row.signatures})
    return {row.file_id: _examined(row, revoked) for row in rows}


def verdict_of(reports: Sequence[SignatureReport]) -> Verdict:
    """What all signatures of a file come to."""
    if not reports:
        return Verdict.UNSIGNED
    if is_genuine(reports):
        return Verdict.GENUINE
    is_whole = (
        all(each.intact and not each.altered_afterwards for each in reports) and reports[-1].covers_whole_document
    )
    is_revoked = any(each.trusted and each.revoked_before_signing for each in reports)
    return Verdict.UNKNOWN if is_whole and not is_revoked else Verdict.BROKEN


def _looked_at(stored: StoredFile) -> tuple[Verdict, list[SignatureReport]]:
    from lienthong.signing.validation import NotReadable  # pyHanko takes a second to import

    with storage.open_content(stored.sha256) as content:
        pdf = content.read()
    try:
        reports = verify_pdf(pdf)
    except NotReadable:
        return Verdict.UNREADABLE, []
    return verdict_of(reports), reports


def _kept(report: SignatureReport) -> dict[str, Any]:
    said = asdict(report) | {"time_source": report.time_source.value}
    del said["revoked_at"]
    return said | {"signed_at": report.signed_at.isoformat() if report.signed_at else None}


def _examined(row: FileExamination, revoked: Mapping[str, datetime]) -> Examined:
    reports = tuple(_report(each, revoked) for each in row.signatures)
    verdict = Verdict(row.verdict)
    return Examined(verdict_of(reports) if verdict is Verdict.GENUINE else verdict, reports, row.examined_at)


def _report(said: Mapping[str, Any], revoked: Mapping[str, datetime]) -> SignatureReport:
    moment = said["signed_at"]
    return SignatureReport(
        **dict(said)
        | {
            "signed_at": datetime.fromisoformat(moment) if moment else None,
            "time_source": TimeSource(said["time_source"]),
            "level": Level(said["level"]),
            "revoked_at": revoked.get(said["serial"]) if said["trusted"] else None,
        }
    )


def _revoked(serials: Iterable[str]) -> dict[str, datetime]:
    wanted = [serial for serial in serials if serial]
    if not wanted:
        return {}
    rows = Certificate.objects.filter(serial__in=wanted).values_list("serial", "revoked_at")
    return {serial: revoked_at for serial, revoked_at in rows if revoked_at}
