"""What `lt doctor` says about files."""

from lienthong.foundation.files import recognition, renditions, scanning, storage, upkeep
from lienthong.foundation.files.models import Scan, StoredFile
from lienthong.runtime.health import Finding, broken, check, fine, worth_a_look

_LATEST = 500


@check("Files", needs_database=True)
def files() -> Finding:
    """Whether new contents can be kept and the latest are there; `upkeep.check` looks at all of them."""
    try:
        with storage.new_draft() as draft:
            draft.write(b"examined")
    except OSError as error:
        return broken(f"Nothing can be stored: {error}.", mend="Give this account the right to write there, and room.")
    report = upkeep.check(sample=0.1, newest=_LATEST)
    if not report.sound:
        return broken(
            f"Of the latest {report.files} files {len(report.missing)} have no content, {len(report.altered)} another.",
            mend="Bring the store back from its backup.",
        )
    return fine(f"The latest {report.files} files are there.")


@check("Virus scanner", needs_database=True)
def virus_scanner() -> Finding:
    waiting = StoredFile.objects.filter(scan=Scan.PENDING).count()
    problem = scanning.present().problem()
    if problem:
        return broken(
            f"{problem}; {waiting} files wait for it and cannot be opened.",
            mend="Start clamd, or correct LT_CLAMD_SOCKET.",
        )
    if waiting:
        return worth_a_look(f"{waiting} files wait to be scanned.", mend="The worker scans them; is it running?")
    return fine("answers" if scanning.present().key != "none" else "none is installed: files are not scanned")


@check("Letters on scans")
def letters_on_scans() -> Finding:
    found = recognition.programs()
    if found.reads("pdf"):
        return fine("read in Vietnamese")
    if found.tesseract and not found.speaks:
        return worth_a_look("Tesseract has no Vietnamese.", mend="apt install tesseract-ocr-vie")
    if found.tesseract:
        return worth_a_look("read on pictures, not on PDF.", mend="apt install ocrmypdf")
    return fine("not read: ocrmypdf and tesseract-ocr-vie are not installed")


@check("PDF/A")
def pdf_a() -> Finding:
    """Whether packages for an archive can have PDF/A of what came as something else. LibreOffice is nobody's duty."""
    found = renditions.programs()
    if not found.pdf.path:
        return fine("not made: ocrmypdf is not installed")
    of_what = "PDF, Word and Excel" if found.office.path else "PDF; of Word only with LibreOffice"
    return fine(f"made of {of_what}")
