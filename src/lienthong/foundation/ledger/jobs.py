"""What the worker does for the ledger and for tables cut by year."""

import logging
from datetime import datetime

from procrastinate import JobContext
from procrastinate.contrib.django import app

from lienthong.foundation import partitions
from lienthong.foundation.ledger import delivery, sealing
from lienthong.foundation.ledger.deferring import BackOff
from lienthong.foundation.ledger.keys import KeyUnusable
from lienthong.foundation.ledger.services import DELIVER_JOB, QUEUE

log = logging.getLogger(__name__)


@app.task(name=DELIVER_JOB, queue=QUEUE, retry=BackOff(), pass_context=True)
def deliver(context: JobContext, *, entry: int, at: str, subscriber: str, held: bool = False) -> None:
    moment, again = datetime.fromisoformat(at), context.job.attempts > 0
    delivery.deliver(entry, moment, subscriber, held=held, tried_before=again)


@app.periodic(cron="* * * * *")
@app.task(name="ledger.seal", queue=QUEUE, queueing_lock="ledger.seal")
def seal(timestamp: int) -> None:
    """A machine without the key leaves it to those that have it; `lt doctor` says when none has."""
    try:
        sealing.seal_now()
    except KeyUnusable as error:
        log.warning("nothing was sealed: %s", error)


@app.periodic(cron="23 1 * * *")
@app.task(name="ledger.ensure_years", queue=QUEUE, queueing_lock="ledger.ensure_years")
def ensure_years(timestamp: int) -> None:
    """For every table of the house that is cut by year, long before the year begins."""
    partitions.ensure_all_years()
