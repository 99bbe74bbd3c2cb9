"""What the worker does for queues: closing the days that are over."""

from procrastinate.contrib.django import app

from lienthong.queueing import services


@app.periodic(cron="23 * * * *")
@app.task(name="queueing.close_days", queue="queueing", queueing_lock="queueing.close_days")
def close_days(timestamp: int) -> None:
    services.close_days()
