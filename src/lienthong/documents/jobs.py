"""What the worker does for documents."""

from procrastinate.contrib.django import app

from lienthong.documents.circuit import services as circuit  # noqa: F401  makes known what signs several at once
from lienthong.documents.records.jobs import destroy_records, forget_packages, make_package, warn_of_records
from lienthong.documents.services import books, signatures, waiting
from lienthong.foundation.files.services import QUEUE
from lienthong.foundation.ledger.deferring import BackOff

__all__ = [
    "check_signature",
    "check_signatures_left",
    "destroy_records",
    "forget_books",
    "forget_packages",
    "forget_waiting_files",
    "make_book",
    "make_package",
    "warn_of_records",
]


@app.task(name=books.MAKE_JOB, queue=books.QUEUE, retry=BackOff())
def make_book(*, book_file: int) -> None:
    books.make_book(book_file)


@app.periodic(cron="33 20 * * *")  # UTC: 03:33 here
@app.task(name="documents.forget_books", queue=books.QUEUE, queueing_lock="documents.forget_books")
def forget_books(timestamp: int) -> None:
    """Files that were kept for their days."""
    books.forget_books()


@app.periodic(cron="52 20 * * *")  # UTC: 03:52 here
@app.task(name="documents.forget_waiting_files", queue=QUEUE, queueing_lock="documents.forget_waiting_files")
def forget_waiting_files(timestamp: int) -> None:
    waiting.forget_old()


@app.task(name=signatures.CHECK_JOB, queue=signatures.QUEUE, retry=BackOff())
def check_signature(*, document: int) -> None:
    signatures.check_signature(document)


@app.periodic(cron="12 21 * * *")  # UTC: 04:12 here
@app.task(
    name="documents.check_signatures_left", queue=signatures.QUEUE, queueing_lock="documents.check_signatures_left"
)
def check_signatures_left(timestamp: int) -> None:
    """Documents that came before signatures were checked, or whose check failed for good."""
    signatures.check_left_over()
