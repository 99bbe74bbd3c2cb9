"""What the worker does for documents."""

from procrastinate.contrib.django import app

from lienthong.documents.services import waiting
from lienthong.foundation.files.services import QUEUE


@app.periodic(cron="52 20 * * *")  # UTC: 03:52 here
@app.task(name="documents.forget_waiting_files", queue=QUEUE, queueing_lock="documents.forget_waiting_files")
def forget_waiting_files(timestamp: int) -> None:
    waiting.forget_old()
