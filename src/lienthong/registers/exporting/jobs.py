"""What the worker does for exports."""

from procrastinate.contrib.django import app

from lienthong.foundation.ledger.deferring import BackOff
from lienthong.registers.exporting import services


@app.task(name=services.MAKE_JOB, queue=services.QUEUE, retry=BackOff())
def make_export(*, export: int) -> None:
    services.make(export)


@app.periodic(cron="27 20 * * *")  # UTC: 03:27 here
@app.task(name="registers.forget_exports", queue=services.QUEUE, queueing_lock="registers.forget_exports")
def forget_exports(timestamp: int) -> None:
    services.forget_old()
