"""What the worker does for signatures."""

from procrastinate.contrib.django import app

from lienthong.foundation.files.services import QUEUE
from lienthong.foundation.ledger.deferring import BackOff
from lienthong.signing import examinations


@app.task(name=examinations.EXAMINE_JOB, queue=QUEUE, retry=BackOff(tries=5))
def examine(*, file: int) -> None:
    examinations.examine(file)
