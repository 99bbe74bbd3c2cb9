"""What the worker does for records: the warning before one is due at the archive, disposals, packages."""

from procrastinate.contrib.django import app

from lienthong.documents.records import archiving, destroying
from lienthong.documents.records.packages import services as packages
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


@app.task(name=packages.JOB, queue=packages.QUEUE, retry=BackOff())
def make_package(*, package: int) -> None:
    """May run twice: it is made once."""
    packages.make(package)


@app.periodic(cron="41 20 * * *")  # UTC: 03:41 here
@app.task(name="documents.forget_packages", queue=packages.QUEUE, queueing_lock="documents.forget_packages")
def forget_packages(timestamp: int) -> None:
    """Files that were kept for their days; they can be made again."""
    packages.forget_old()
