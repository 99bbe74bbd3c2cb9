"""A state under change."""

from dataclasses import replace
from datetime import datetime

from lienthong.cases.rules.state import Closed, Effect, Kept, Opened, OpenStep, State, Status, Terms, Transition
from lienthong.foundation.calendars.rules import Calendar
from lienthong.procedures.shapes import Process, StepKind


class Change:
    """A state under change: collects the effects, keeps the open steps in step with them."""

    def __init__(self, process: Process, terms: Terms, state: State, now: datetime, calendar: Calendar) -> None:
        self.process, self.terms, self.now, self.calendar = process, terms, now, calendar
        self.state = state
        self.effects: list[Effect] = []

    def done(self) -> Transition:
        return Transition(self.state, tuple(self.effects))

    def take(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]

    def open(self, key: str, post: int | None = None, *, start: datetime | None = None) -> None:
        """Open a step. Its time runs from `start`, now when not said."""
        step = self.process.step(key)
        if step.kind is StepKind.RETURN:
            self.take(status=Status.FINISHED, finished=self.now)
        limit = self.terms.reception_limit if step.kind is StepKind.RECEPTION and not step.limit else step.limit
        due = self.calendar.add(start or self.now, limit) if limit else self.state.due
        opened = OpenStep(key, self.now, due, post)
        self.take(open=(*self.state.open, opened))
        self.effects.append(Opened(opened))

    def close(self, step: OpenStep) -> None:
        self.take(open=tuple(other for other in self.state.open if other is not step))
        self.effects.append(Closed(step, late=step.late_at(self.now)))

    def close_all(self) -> None:
        for step in self.state.open:
            self.close(step)

    def keep(self, step: OpenStep, kept: OpenStep) -> None:
        self.take(open=tuple(kept if other is step else other for other in self.state.open))
        self.effects.append(Kept(kept))
