"""What the worker does for open data."""

from procrastinate.contrib.django import app

from lienthong.foundation.ledger.deferring import BEHIND_ALL_ELSE, BackOff
from lienthong.registers.open_data import making

RENEW_JOB = "registers.renew_open_data"


@app.periodic(cron="*/10 * * * *")
@app.task(
    name=RENEW_JOB,
    queue="registers",
    lock=RENEW_JOB,
    queueing_lock=RENEW_JOB,
    priority=BEHIND_ALL_ELSE,
    retry=BackOff(),
)
def renew_open_data(timestamp: int) -> None:
    """Often, so that a new register need not wait for the night; each is looked at once a day all the same."""
    making.renew()
