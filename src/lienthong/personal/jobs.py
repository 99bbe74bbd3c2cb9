"""What the worker does: making copies, forgetting old ones."""

from datetime import datetime

from procrastinate.contrib.django import app

from lienthong.foundation.ledger.deferring import BackOff
from lienthong.personal import services


@app.task(name=services.MAKE_JOB, queue=services.QUEUE, retry=BackOff())
def make_copy(*, account: int, asked_at: str) -> None:
    services.make_copy(account, datetime.fromisoformat(asked_at))


@app.periodic(cron="17 3 * * *")
@app.task(name="personal.forget_old", queue=services.QUEUE, queueing_lock="personal.forget_old")
def forget_old(timestamp: int) -> None:
    services.forget_old()
