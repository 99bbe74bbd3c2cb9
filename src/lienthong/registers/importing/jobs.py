"""What the worker does for imports."""

from procrastinate.contrib.django import app

from lienthong.foundation.ledger.deferring import BackOff
from lienthong.registers.importing import running, services, undoing


@app.task(name=services.CHECK_JOB, queue=services.QUEUE, retry=BackOff())
def check_import(*, importing: int) -> None:
    running.check(importing)


@app.task(name=services.ENTER_JOB, queue=services.QUEUE, retry=BackOff())
def enter_import(*, importing: int) -> None:
    """Goes on where the last one stopped; may run twice."""
    running.enter(importing)


@app.task(name=services.UNDO_JOB, queue=services.QUEUE, retry=BackOff())
def undo_import(*, importing: int) -> None:
    undoing.undo(importing)


@app.periodic(cron="7 20 * * *")  # UTC: 03:07 here
@app.task(name="registers.forget_imports", queue=services.QUEUE, queueing_lock="registers.forget_imports")
def forget_imports(timestamp: int) -> None:
    services.forget_old()
