"""What the worker does for accounts."""

from procrastinate.contrib.django import app

from lienthong.identity.services.upkeep import tidy


@app.periodic(cron="13 3 * * *")
@app.task(name="identity.tidy", queue="identity", queueing_lock="identity.tidy")
def sweep(timestamp: int) -> None:
    tidy()
