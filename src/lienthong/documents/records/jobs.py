"""What the worker does for records: the warning before one is due at the archive, and carrying out disposals."""

from procrastinate.contrib.django import app

from lienthong.documents.records import archiving, destroying
from lienthong.foundation.ledger.deferring import BackOff


@app.periodic(cron="50 22 * * *")  # UTC: 05:50 here
@app.task(name="documents.warn_of_records", queue=destroying.QUEUE, queueing_lock="documents.warn_of_records")
def warn_of_records(timestamp: int) -> None:
    """Each record is laid with whoever makes it once; may run twice."""
    archiving.warn()


@app.task(name=destroying.JOB, queue=destroying.QUEUE, retry=BackOff())
def destroy_records(*, disposal: int) -> None:
    """May run twice: each record goes once."""
    destroying.carry_out(disposal)
