"""What the worker does for files of entries."""

from procrastinate.contrib.django import app

from lienthong.registers.attaching import services
from lienthong.registers.importing.services import QUEUE


@app.periodic(cron="37 20 * * *")  # UTC: 03:37 here
@app.task(name="registers.forget_uploads", queue=QUEUE, queueing_lock="registers.forget_uploads")
def forget_uploads(timestamp: int) -> None:
    services.forget_waiting()
