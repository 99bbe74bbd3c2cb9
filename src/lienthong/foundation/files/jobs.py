"""What the worker does for files."""

from datetime import timedelta

from procrastinate.contrib.django import app

from lienthong.foundation.files import services, upkeep
from lienthong.foundation.ledger.deferring import BackOff

_UNTIL_THE_SCANNER_IS_BACK = BackOff(tries=200, first=timedelta(seconds=10), longest=timedelta(hours=1))  # a week


@app.task(name=services.SCAN_JOB, queue=services.QUEUE, retry=_UNTIL_THE_SCANNER_IS_BACK)
def scan(*, file: int) -> None:
    services.scan_again(file)


@app.task(name=services.READ_JOB, queue=services.QUEUE, retry=BackOff(tries=5))
def read(*, file: int) -> None:
    services.read_words(file)


@app.periodic(cron="47 2 * * *")
@app.task(name="files.sweep", queue=services.QUEUE, queueing_lock="files.sweep")
def sweep(timestamp: int) -> None:
    upkeep.sweep()
