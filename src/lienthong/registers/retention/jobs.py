"""What the worker does when the time of entries is over."""

from procrastinate.contrib.django import app

from lienthong.foundation.ledger.deferring import BackOff
from lienthong.registers.importing.services import QUEUE
from lienthong.registers.retention import erasing, services


@app.periodic(cron="17 21 * * *")  # UTC: 04:17 here
@app.task(name="registers.keep_retention", queue=QUEUE, queueing_lock="registers.keep_retention", retry=BackOff())
def keep_retention(timestamp: int) -> None:
    """Goes on where the last one stopped; may run twice."""
    erasing.erase_due()
    services.look_through()
