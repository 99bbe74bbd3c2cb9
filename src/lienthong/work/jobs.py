"""What the worker does for work items: the morning's reminders, and what is done to many subjects at once."""

from datetime import date, time

from procrastinate.contrib.django import app

from lienthong.foundation import clock
from lienthong.foundation.ledger.deferring import BackOff
from lienthong.work import bulk, reminders
from lienthong.work.bulk import run

FROM = time(7, 30)
"""Not before this, by Vietnam's clock."""


@app.periodic(cron="*/10 0-1 * * *")  # UTC: 07:00 to 08:50 here. A machine that is switched on later still reminds
@app.task(name="work.plan_reminders", queue=reminders.QUEUE, queueing_lock="work.plan_reminders")
def plan_reminders(timestamp: int) -> None:
    """Once each working morning, at half past seven or as soon after it as there is a worker."""
    now = clock.now()
    if now.time() >= FROM:
        reminders.plan(now.date())


@app.task(name=reminders.SEND_JOB, queue=reminders.QUEUE, retry=BackOff())
def send_reminder(*, account: int, day: str) -> None:
    reminders.send(account, date.fromisoformat(day))


@app.task(name=bulk.RUN_JOB, queue=bulk.QUEUE, retry=BackOff())
def run_bulk(*, bulk: int) -> None:
    """Go on with what was confirmed for many subjects. May run twice: each line is done once."""
    run(bulk)


@app.periodic(cron="40 19 * * *")  # UTC: 02:40 here
@app.task(name="work.forget_bulks", queue=bulk.QUEUE, queueing_lock="work.forget_bulks")
def forget_bulks(timestamp: int) -> None:
    """Selections that nobody confirmed, and results older than 90 days."""
    bulk.forget()
