"""What the worker does for messages: sending them, looking for those that were forgotten."""

from datetime import datetime, timedelta

from procrastinate.contrib.django import app

from lienthong.foundation.ledger.deferring import BackOff
from lienthong.notifications import services
from lienthong.notifications.services.telling import DELIVER_JOB, QUEUE

TRY_AGAIN = BackOff(tries=1000, first=timedelta(seconds=30), longest=timedelta(minutes=30))
"""Until the service itself gives up, which it does by the age of the message."""


@app.task(name=DELIVER_JOB, queue=QUEUE, retry=TRY_AGAIN)
def deliver(*, delivery: int, at: str) -> None:
    services.deliver(delivery, datetime.fromisoformat(at))


@app.periodic(cron="41 * * * *")
@app.task(name="notifications.take_up", queue=QUEUE, queueing_lock="notifications.take_up")
def take_up(timestamp: int) -> None:
    services.take_up()


@app.periodic(cron="47 3 * * *")
@app.task(name="notifications.tidy", queue=QUEUE, queueing_lock="notifications.tidy")
def tidy(timestamp: int) -> None:
    services.tidy()
