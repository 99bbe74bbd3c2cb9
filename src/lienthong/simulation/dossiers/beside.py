"""What officers do with dossiers beside the actions of their steps: everything that a dossier's page offers them.

They write to applicants, give work to each other, take over what lies with somebody who is not there, ask for a new
date and decide on it, take a mistaken acceptance back, and confirm payments.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid5

from django.db import connection

from lienthong.cases import services
from lienthong.cases.models import Dossier, Extension, StepVisit
from lienthong.cases.rules import Status
from lienthong.cases.services import extending, moving
from lienthong.foundation import clock, rows
from lienthong.foundation.organisations.queries import tree
from lienthong.simulation import words
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.dossiers import manners
from lienthong.simulation.dossiers.arrivals import NAMESPACE
from lienthong.simulation.dossiers.doing import Held
from lienthong.simulation.dossiers.manners import Deed

if TYPE_CHECKING:
    from lienthong.simulation.dossiers.desks import AtWork, Desks, Task

BEING_HANDLED = (Status.RECEIVED, Status.PROCESSING)

_TO_DECIDE = """
    SELECT extension.id, extension.dossier_id, item.organisation_id, item.role, item.opened_at, item.due_at,
           dossier.draft_key
      FROM work_workitem item
      JOIN cases_extension extension ON extension.id = item.subject_id
      JOIN cases_dossier dossier ON dossier.id = extension.dossier_id
     WHERE item.is_open AND item.subject_type = 'extension' AND item.organisation_id = ANY(%s)
       AND dossier.draft_key IS NOT NULL
     ORDER BY dossier.draft_key"""
_TO_SETTLE = """
    SELECT item.subject_id, item.part_id, item.organisation_id, item.role, item.post_id, dossier.paused_at,
           dossier.draft_key
      FROM work_workitem item JOIN cases_dossier dossier ON dossier.id = item.subject_id
     WHERE item.is_open AND item.waiting AND item.subject_type = 'dossier' AND item.organisation_id = ANY(%s)
       AND dossier.status = %s AND dossier.draft_key IS NOT NULL
     ORDER BY dossier.draft_key"""


@dataclass(frozen=True, slots=True)
class Decision:
    """A new date that somebody asked for, to be decided on at a desk."""

    extension: int
    dossier: int
    organisation: int
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Payment:
    """A step that waits for a payment."""

    dossier: int
    visit: int
    organisation: int
    role: str
    post: int | None
    name: str


class Beside:
    """Beside the steps, at the desks of one part on one day."""

    def __init__(self, desks: "Desks") -> None:
        self.desks, self.day, self.seed = desks, desks.day, desks.seed

    def plan(self) -> None:
        """What waits from the days before: payments that came in, new dates to be decided on."""
        opening = self.day.opening
        if opening is None or self.desks.closing is None:
            return
        closing = self.desks.closing
        here = self.desks.organisations
        for dossier, visit, organisation, role, post, paused, key in _rows(_TO_SETTLE, here, int(Status.FINANCIAL)):
            payment = Payment(dossier, visit, organisation, role, post, f"{key}:{paused.isoformat()}")
            paid = clock.local(paused) + manners.paid_after(self.seed, payment.name)
            if paid < closing:
                self.day.at(max(paid.replace(microsecond=0), opening), f"f {key}", self._settling(payment))
        for extension, dossier, organisation, role, asked, _due, key in _rows(_TO_DECIDE, here):
            decision = Decision(extension, dossier, organisation, role, f"{key}:{asked.isoformat()}")
            self._lay(decision, max(clock.local(asked) + manners.DECIDING, opening))

    # with a dossier in hand

    def first(self, officer: "AtWork", held: Held, visit: StepVisit, task: "Task") -> bool:
        """What an officer does with a dossier before its step. True when the step is not the officer's any more."""
        asked = f"{task.name}:{tree().posts[task.post].key if task.post else ''}"  # not again when it was given away
        deed = manners.deed(self.seed, asked, closing_in=self._closing_in(held.dossier))
        match deed:
            case Deed.WRITE:
                self._write(officer, held, visit)
            case Deed.ASK_TIME:
                self._ask_time(officer, held, visit)
            case Deed.GIVE:
                return self._give(officer, held, visit)
            case Deed.UNDO:
                return self._undo(held)
        return False

    def _closing_in(self, dossier: Dossier) -> bool:
        """Whether little of the whole time is left, or none."""
        due, received = dossier.due_at, dossier.received_at
        return due is not None and received is not None and due - clock.now() < (due - received) * manners.CLOSING_IN

    def _write(self, officer: "AtWork", held: Held, visit: StepVisit) -> None:
        """To those who applied from an account: it is they who read it there."""
        dossier = held.dossier
        if dossier.channel != Dossier.Channel.ONLINE or dossier.finished_at is not None:
            return
        rng = dice(self.seed, "writes", dossier.draft_key, visit.opened_at)
        key = uuid5(NAMESPACE, f"word {dossier.draft_key} {clock.now().isoformat()}")
        services.write(
            dossier_id=dossier.pk, text=pick(rng, words.TO_APPLICANTS), officer=officer.worker.officer, key=key
        )
        self.desks.actions["write"] += 1

    def _ask_time(self, officer: "AtWork", held: Held, visit: StepVisit) -> None:
        dossier, now = held.dossier, clock.now()
        if not self._can_be_postponed(held):
            return
        assert dossier.due_at is not None
        day = clock.local(max(dossier.due_at, now)).date() + timedelta(days=manners.MORE_DAYS)
        extension = services.ask_extension(
            dossier_id=dossier.pk,
            visit_id=visit.pk,
            officer=officer.worker.officer,
            day=day,
            reason=words.MORE_TIME,
        )
        self.desks.actions["ask-extension"] += 1
        if extension.organisation_id in self.desks.here:
            name = f"{dossier.draft_key}:{now.isoformat()}"
            decision = Decision(extension.pk, dossier.pk, extension.organisation_id, extension.role, name)
            self._lay(decision, now + manners.DECIDING)

    def _can_be_postponed(self, held: Held) -> bool:
        dossier = held.dossier
        return (
            dossier.status in BEING_HANDLED
            and dossier.due_at is not None
            and dossier.apologies < held.rule_set.apologies
            and extending.deciding_step(held.procedure.process) is not None
            and not rows.fetch(Extension, "dossier_id = %s AND decided_at IS NULL", dossier.pk)
        )

    def _give(self, officer: "AtWork", held: Held, visit: StepVisit) -> bool:
        """To a colleague of the same desk who is there."""
        step = held.procedure.process.step(visit.step)
        mine = officer.worker.posts
        posts = {post.id for post in moving.takers(held.dossier, visit, step)} - mine - {visit.post_id}
        there = [other for other in self.desks.at_work if other.worker.posts & posts]
        if not there:
            return False
        colleague = pick(dice(self.seed, "gives", held.dossier.draft_key, visit.opened_at), there)
        post = min(colleague.worker.posts & posts, key=lambda id: tree().posts[id].key)
        self._transfer(officer, held.dossier.pk, visit.pk, post, words.GIVEN)
        self.desks.actions["give"] += 1
        return True

    def take_over(self, task: "Task") -> bool:
        """Somebody of the same desk takes over what is urgent and lies with a person who is not there."""
        if task.post is None or not manners.takes_over(self.seed, task.name, self.day.date, due=task.due):
            return False
        for colleague in self.desks.at_work:
            own = [post for post in colleague.worker.officer.posts if post.organisation.id == task.desk[0]]
            post = next((post.id for post in own if task.desk[1] in post.roles), None)
            if post is not None and post != task.post:
                self._transfer(colleague, task.dossier, task.visit, post, words.TAKEN_OVER)
                self.desks.actions["take-over"] += 1
                return True
        return False

    def _transfer(self, officer: "AtWork", dossier: int, visit: int, post: int, reason: str) -> None:
        changed = services.transfer(
            dossier_id=dossier, visit_id=visit, post_id=post, officer=officer.worker.officer, reason=reason
        )
        self.desks.look_at(changed)

    def _undo(self, held: Held) -> bool:
        """The acceptance is taken back by who may correct, when that person is there."""
        dossier = held.dossier
        if dossier.received_at is None or dossier.status not in BEING_HANDLED or dossier.signed:
            return False
        competent = tree()[dossier.competent_id]
        for other in self.desks.at_work:
            if other.worker.officer.posts_with(moving.CORRECT, competent):
                officer = other.worker.officer
                changed = services.undo_acceptance(dossier_id=dossier.pk, officer=officer, reason=words.UNDONE)
                self.desks.actions["undo-acceptance"] += 1
                self.desks.look_at(changed)
                return True
        return False

    # what is laid before an officer

    def _lay(self, decision: Decision, moment: datetime) -> None:
        if self.desks.closing and moment <= self.desks.closing:
            self.day.at(moment, f"g {decision.name}", lambda at: self._decide(decision))

    def _decide(self, decision: Decision) -> None:
        """Whoever of the desk is there decides; nobody there: it lies until another day."""
        officer = self.somebody(decision.organisation, decision.role, None)
        extension = rows.fetch(Extension, "id = %s AND decided_at IS NULL", decision.extension)
        if officer is None or not extension:
            return
        dossier = rows.fetch(Dossier, "id = %s", decision.dossier)[0]
        due = max(clock.now(), dossier.due_at or clock.now())
        possible = dossier.status in BEING_HANDLED and extension[0].new_due > due
        grant = possible and manners.grants(self.seed, decision.name)
        changed = services.decide_extension(
            extension_id=decision.extension,
            officer=officer.worker.officer,
            grant=grant,
            note="" if grant else words.NO_MORE_TIME,
        )
        self.desks.actions["grant-extension" if grant else "refuse-extension"] += 1
        self.desks.look_at(changed)

    def _settling(self, payment: Payment) -> Callable[[datetime], None]:
        def settle(moment: datetime) -> None:
            officer = self.somebody(payment.organisation, payment.role, payment.post)
            if officer is None:
                return
            changed = services.settle(
                dossier_id=payment.dossier, visit_id=payment.visit, officer=officer.worker.officer, note=words.PAID
            )
            self.desks.actions["settle"] += 1
            self.desks.look_at(changed)

        return settle

    def somebody(self, organisation: int, role: str, post: int | None) -> "AtWork | None":
        """Who is there of a desk, or of the post with which something lies."""
        for officer in self.desks.at_work:
            if post in officer.worker.posts if post is not None else (organisation, role) in officer.worker.desks:
                return officer
        return None


def _rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return list(cursor.fetchall())
