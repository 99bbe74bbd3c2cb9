"""What the worker does for registers themselves."""

from procrastinate.contrib.django import app

from lienthong.foundation.ledger.deferring import BackOff
from lienthong.registers import searching


@app.task(name=searching.REWORD_JOB, queue=searching.QUEUE, retry=BackOff())
def reword(*, register: str, entries: list[int]) -> None:
    searching.reword(register, entries)


@app.task(name=searching.REWORD_ALL_JOB, queue=searching.QUEUE, retry=BackOff())
def reword_all(*, register: str) -> None:
    searching.reword_all(register)
