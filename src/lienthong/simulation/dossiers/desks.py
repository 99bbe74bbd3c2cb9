"""One day at the desks of a part of the province: applicants come, officers take what is most urgent."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import Any

from django.db import connection

from lienthong.cases.models import Dossier, StepVisit
from lienthong.foundation.errors import DomainError
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Step
from lienthong.simulation.actors import Day
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.dossiers import doing, interlinked, manners
from lienthong.simulation.dossiers.beside import Beside
from lienthong.simulation.dossiers.doing import Held
from lienthong.simulation.dossiers.interlinked import GetsPapers
from lienthong.simulation.dossiers.staff import Desk, Worker
from lienthong.simulation.dossiers.talk import Talk

_OPEN = """
    SELECT item.subject_id, item.part_id, item.organisation_id, item.role, item.post_id, item.opened_at, item.due_at,
           visit.step, dossier.draft_key, dossier.procedure_id, dossier.variant, dossier.supplements, dossier.channel
      FROM work_workitem item
      JOIN cases_stepvisit visit ON visit.id = item.part_id AND visit.opened_at = item.opened_at
      JOIN cases_dossier dossier ON dossier.id = item.subject_id
     WHERE item.is_open AND NOT item.waiting AND item.subject_type = 'dossier' AND item.organisation_id = ANY(%s)
       AND item.purpose <> 'know' AND dossier.draft_key IS NOT NULL"""


@dataclass(slots=True)
class Task:
    """A visit of a step that lies with a desk, or with one post. `ripe`: when somebody can begin with it."""

    dossier: int
    visit: int
    desk: Desk
    post: int | None
    due: datetime
    ripe: datetime
    minutes: float
    name: str
    gone: bool = False

    def __lt__(self, other: "Task") -> bool:
        """The more urgent, as the inbox shows them."""
        return (self.due, self.name) < (other.due, other.name)


@dataclass(slots=True)
class AtWork:
    """An officer on this day."""

    worker: Worker
    speed: float
    busy: bool = False
    minutes: float = 0.0


@dataclass(slots=True)
class Tally:
    """What the day came to at one desk."""

    done: int = 0
    late: int = 0
    minutes: float = 0.0
    present: float = 0.0
    queue: int = 0


@dataclass
class Desks:
    """The desks of the organisations of one part, on one day."""

    day: Day
    seed: int
    organisations: list[int]
    workers: list[Worker]
    staffed: frozenset[int]
    tally: dict[Desk, Tally] = field(default_factory=lambda: defaultdict(Tally))
    refusals: Counter[str] = field(default_factory=Counter)
    actions: Counter[str] = field(default_factory=Counter)
    touched: set[int] = field(default_factory=set)
    gets_papers: GetsPapers = lambda _key: True
    pace: float = 1.0

    def __post_init__(self) -> None:
        self.hours = self.day.calendar.day(self.day.date).hours
        self.closing = self.day.calendar.closing(self.day.date)
        self.here = frozenset(self.organisations)
        self.queues: dict[Desk | int, list[Task]] = defaultdict(list)
        self.tasks: dict[int, dict[int, Task]] = defaultdict(dict)
        self.held: dict[int, Held] = {}
        self.beside, self.talk = Beside(self), Talk(self)
        self.at_work = [
            AtWork(worker, manners.speed_of(self.seed, worker.name))
            for worker in self.workers
            if self.hours and not manners.is_absent(self.seed, worker.name, self.day.date)
        ]
        length = sum(_minutes_between(span.opens, span.closes) for span in self.hours)
        for officer in self.at_work:
            for desk in officer.worker.desks:
                self.tally[desk].present += length / len(officer.worker.desks)

    # what lies on the desks

    def take_up(self) -> None:
        """What was left from the days before."""
        with connection.cursor() as cursor:
            cursor.execute(_OPEN, [self.organisations])
            rows = cursor.fetchall()
        for dossier, visit, organisation, role, post, opened, due, step, key, pinned, variant, times, channel in rows:
            declared = PROCEDURE.pinned(pinned).in_variant(variant).process.step(step)
            self._lay(dossier, visit, (organisation, role), post, opened, due, declared, key, times, channel)
        self.beside.plan()
        self.talk.plan()

    def look_at(self, dossier: Dossier) -> None:
        """What has changed in a dossier that somebody has just touched."""
        held = self.held[dossier.pk] = Held.now(dossier)
        self.touched.add(dossier.pk)
        known = self.tasks[dossier.pk]
        steps = held.procedure.process
        live = {v.pk: v for v in held.visits if not v.waiting and not steps.step(v.step).dossier}
        for gone in known.keys() - live.keys():
            known.pop(gone).gone = True
        for visit in live.values():
            if visit.pk in known and known[visit.pk].post != visit.post_id:
                known.pop(visit.pk).gone = True
            if visit.pk not in known and visit.organisation_id in self.here:
                self._lay_visit(held, visit)

    def _lay_visit(self, held: Held, visit: StepVisit) -> None:
        dossier, step = held.dossier, held.procedure.process.step(visit.step)
        due = visit.due_at or visit.opened_at + timedelta(days=30)
        desk = (visit.organisation_id, step.role)
        self._lay(
            dossier.pk, visit.pk, desk, visit.post_id, visit.opened_at, due, step, dossier.draft_key,
            dossier.supplements, dossier.channel,
        )  # fmt: skip

    def _lay(
        self, dossier: int, visit: int, desk: Desk, post: int | None, opened: datetime, due: datetime, step: Step,
        key: Any, times: int, channel: int,
    ) -> None:  # fmt: skip
        if not self.hours or self.closing is None:
            return
        name = f"{key}:{step.key}:{opened.isoformat()}:{times}"
        asked = manners.handling(step, dice(self.seed, "handling", name), at_the_counter=channel == 1)
        limit = manners.waiting(asked.hours_before * self.pace)
        ripe = self.day.calendar.add(opened, limit) if limit else opened
        task = Task(dossier, visit, desk, post, due, ripe, asked.minutes, name)
        self.tasks[dossier][visit] = task
        opening = self.day.calendar.opening(self.day.date)
        assert opening is not None
        if step.silence_is_consent and manners.is_silent(self.seed, name):
            return
        if ripe <= self.closing:
            self.day.at(max(ripe, opening), f"b {name}", lambda moment: self._ripen(task, moment))

    # officers

    def _ripen(self, task: Task, moment: datetime) -> None:
        if task.gone or (self._lies_with_nobody(task) and self.beside.take_over(task)):
            return
        heappush(self.queues[task.desk if task.post is None else task.post], task)
        free = [officer for officer in self.at_work if not officer.busy and self._may(officer.worker, task)]
        if free:
            self._begin(pick(dice(self.seed, "begins", task.name), free), moment)

    def _lies_with_nobody(self, task: Task) -> bool:
        """With one post whose officer is not there today, nor anybody standing in."""
        return task.post is not None and not any(task.post in officer.worker.posts for officer in self.at_work)

    @staticmethod
    def _may(worker: Worker, task: Task) -> bool:
        return task.post in worker.posts if task.post is not None else task.desk in worker.desks

    def _begin(self, officer: AtWork, moment: datetime) -> None:
        """Take the most urgent; what would not be done before closing time stays for another day."""
        task = self._most_urgent(officer.worker)
        if task is None:
            return
        minutes = task.minutes * officer.speed
        done = self._after_work(moment, minutes)
        if done is None:
            heappush(self.queues[task.desk if task.post is None else task.post], task)
            return
        officer.busy = True
        officer.minutes += minutes
        self.tally[task.desk].minutes += minutes
        self.day.at(done, f"a {officer.worker.name}", lambda at: self._finish(officer, task, at))

    def _most_urgent(self, worker: Worker) -> Task | None:
        piles = [self.queues[pile] for pile in (*worker.desks, *worker.posts) if pile in self.queues]
        for pile in piles:
            while pile and pile[0].gone:
                heappop(pile)
        full = [pile for pile in piles if pile]
        return heappop(min(full, key=lambda pile: pile[0])) if full else None

    def _after_work(self, moment: datetime, minutes: float) -> datetime | None:
        """When so many minutes of work are over that begin at a moment; None when the day is over before."""
        left = timedelta(minutes=minutes)
        for span in self.hours:
            opens, closes = (moment.replace(hour=t.hour, minute=t.minute, second=0, microsecond=0)
                             for t in (span.opens, span.closes))  # fmt: skip
            start = max(moment, opens)
            if start >= closes:
                continue
            if start + left <= closes:
                return (start + left).replace(microsecond=0)
            left -= closes - start
        return None

    def _finish(self, officer: AtWork, task: Task, moment: datetime) -> None:
        officer.busy = False
        if not task.gone:
            self._handle(officer, task, moment)
        self._begin(officer, moment)

    def _handle(self, officer: AtWork, task: Task, moment: datetime) -> None:
        held = self.held.get(task.dossier) or self.held.setdefault(task.dossier, Held.read(task.dossier))
        visit = held.visit(task.visit)
        action = doing.decide(held, visit, self.seed) if visit else None
        if visit is None or action is None:
            return
        try:
            if self.beside.first(officer, held, visit, task):
                return
            assignee = doing.assignee(held, action, self.staffed, moment)
            dossier = doing.act(held, visit, action, officer.worker, assignee, self.seed)
        except DomainError as refused:
            self.refusals[refused.code] += 1
            del self.held[task.dossier]
            return
        self.actions[action.does.value] += 1
        self.actions["stand-in"] += task.post in officer.worker.standing_in
        tally = self.tally[task.desk]
        tally.done += 1
        tally.late += moment > task.due
        if action.does.stays:
            task.minutes = task.minutes / 2
            self.tasks[task.dossier].pop(task.visit, None)
        self.look_at(dossier)
        interlinked.follow(self, dossier, action, visit)

    # the end of the day

    def figures(self) -> dict[str, Any]:
        for tasks in self.tasks.values():
            for task in tasks.values():
                if not task.gone:
                    self.tally[task.desk].queue += 1
        return {
            "actions": dict(sorted(self.actions.items())),
            "refusals": dict(sorted(self.refusals.items())),
            "desks": {
                f"{organisation}:{role}": [t.done, t.late, round(t.minutes), round(t.present), t.queue]
                for (organisation, role), t in sorted(self.tally.items())
            },
        }


def _minutes_between(opens: Any, closes: Any) -> float:
    return float((closes.hour - opens.hour) * 60 + closes.minute - opens.minute)
