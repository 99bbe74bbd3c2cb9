"""Those who got a directive: they accept, hand parts on, report how far it is, ask for more time, report it done."""

from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Any

from lienthong.directives import services
from lienthong.directives.models import Entry, MoreTime, Task
from lienthong.directives.rules import OPEN, Mark, Stage
from lienthong.directives.services import Said, Whom
from lienthong.documents.models import Issue
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.simulation.chance import dice
from lienthong.simulation.directives import evidence, orders
from lienthong.simulation.directives.orders import Order
from lienthong.simulation.documents.company import Company
from lienthong.simulation.documents.offices import HANDLER
from lienthong.work.rules import Part

STEPS = ((0.35, 30, "begun"), (0.7, 70, "halfway"))
"""After what part of the time somebody reports, how many percent, in which words."""
NEAR = 5
"""By how many percent at most a report differs from that."""
HELPED_AFTER, PART_DONE_AFTER = 0.6, 0.75
ASKED_BEFORE = timedelta(days=2)
MORE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Turn:
    """A task that lies with somebody today."""

    order: Order
    task: Task
    officer: Officer
    rng: Random


class CarryingOut:
    """Everybody who has a task, on one day."""

    def __init__(self, company: Company) -> None:
        self.company, self.today = company, company.day.date

    def wants(self, order: Order, task: Task) -> bool:
        """Whether there is something to do for whoever has a task, as far as the days tell."""
        if task.stage not in OPEN:
            return False
        if task.stage == Stage.GIVEN:
            return self.today > order.given if task.part == Part.KNOW else self.today >= order.accepted
        if task.part == Part.COOPERATE or task.parent_id:
            return self.today >= order.share(HELPED_AFTER if task.part == Part.COOPERATE else PART_DONE_AFTER)
        reports = any(task.percent < percent - NEAR and self.today >= order.share(at) for at, percent, _words in STEPS)
        return reports or self._may_ask(order) or self.today >= order.share(PART_DONE_AFTER)

    def look(self, order: Order, place: int, task_id: int) -> None:
        """`place` is that of the task among those of the directive."""
        task = Task.objects.select_related("directive").get(pk=task_id)
        officer = self._officer(task) if task.stage in OPEN else None
        if officer is None:
            return
        rng = dice(self.company.scenario.seed, "directive", order.number, place, self.today)
        try:
            if what := self._act(Turn(order, task, officer, rng)):
                self.company.done[what] += 1
        except DomainError as refused:
            self.company.done[refused.code] += 1

    def _officer(self, task: Task) -> Officer | None:
        if task.post_id:
            return self.company.holder(task.post_id)
        posts = tree().posts_in(task.organisation_id, task.role, self.today)
        return next(filter(None, (self.company.holder(post.id) for post in posts)), None)

    def _act(self, turn: Turn) -> str:
        task = turn.task
        if task.part == Part.KNOW:
            return self._complete(turn, Said(), "taken note of")
        if task.stage == Stage.GIVEN:
            return self._accept(turn)
        if task.part == Part.COOPERATE:
            return self._complete(turn, Said(words=orders.words("helped", turn.rng)), "helped")
        return self._do_part(turn) if task.parent_id else self._lead(turn)

    def _accept(self, turn: Turn) -> str:
        services.accept(**self._who(turn, "accept"))
        leads = turn.task.parent_id is None and turn.task.part == Part.LEAD
        if leads and turn.order.hands_on and (whom := self._whom(turn)):
            services.hand_on(**self._who(turn, "hand on"), content=orders.words("handed", turn.rng), whom=whom)
            return "handed on"
        return "accepted"

    def _whom(self, turn: Turn) -> Whom | None:
        """An officer of the unit; in an agency the unit whose business it is."""
        lies = turn.task.organisation_id
        if office := self.company.by_agency.get(lies):
            unit = office.unit_for(
                turn.order.said["cites" if "cites" in turn.order.said else "lead"], turn.order.number
            )
            return Whom(unit.node.id) if unit else None
        handlers = [post for post in tree().posts_in(lies, HANDLER, self.today) if self.company.holder(post.id)]
        return Whom(lies, turn.rng.choice(handlers).id) if handlers else None

    def _do_part(self, turn: Turn) -> str:
        words = orders.words("part_done", turn.rng)
        return self._complete(turn, self._report(turn, words), "part done")

    # who leads

    def _lead(self, turn: Turn) -> str:
        parts = list(Task.objects.filter(parent=turn.task).order_by("id"))
        for part in parts:
            if part.stage == Stage.REPORTED:
                services.judge(**self._who(turn, "judge", part), mark=Mark.MET, words=orders.words("judged", turn.rng))
                return "part judged"
        if self._is_finished(turn) and not any(part.stage in OPEN for part in parts):
            return self._finish(turn)
        if what := self._ask(turn):
            return what
        for share, percent, words in reversed(STEPS):
            if self.today >= turn.order.share(share) and turn.task.percent < percent - NEAR:
                said = Said(words=orders.words(words, turn.rng), percent=percent + turn.rng.choice((-NEAR, 0, NEAR)))
                services.report(**self._who(turn, "report"), said=said)
                return "progress reported"
        return ""

    def _is_finished(self, turn: Turn) -> bool:
        return self.today >= (turn.order.again if self._was_reported(turn) else turn.order.reported)

    def _was_reported(self, turn: Turn) -> bool:
        return Entry.objects.filter(task=turn.task, about=Entry.About.COMPLETED).exists()

    def _finish(self, turn: Turn) -> str:
        words = orders.words("done_again" if self._was_reported(turn) else "done", turn.rng)
        if issue := self._issued(turn):
            said = Said(words=words, product_code=issue.document.code, product_dated=issue.document.dated)
        else:
            said = self._report(turn, words)
        return self._complete(turn, said, "reported as done")

    def _issued(self, turn: Turn) -> Issue | None:
        """A document that the agency issued meanwhile, on a day before today, and that is what was wanted."""
        if not (said := turn.order.said.get("cites")):
            return None
        agency = tree().agency_of(tree()[turn.task.organisation_id])
        issued = Issue.objects.filter(
            organisation_id=agency.id, document__abstract__contains=said,
            issued_at__gte=turn.task.opened_at, issued_at__lt=clock.day_start(self.today),
        )  # fmt: skip
        return issued.select_related("document").order_by("-issued_at").first()

    def _report(self, turn: Turn, words: str) -> Said:
        body = orders.words("report", turn.rng)
        return Said(words=words, uploads=[evidence.report(turn.task, turn.officer, body, clock.now())])

    def _ask(self, turn: Turn) -> str:
        due = turn.task.due_at
        if not self._may_ask(turn.order) or due is None or due <= clock.now():
            return ""
        if MoreTime.objects.filter(task=turn.task).exists():
            return ""
        services.ask_more_time(**self._who(turn, "ask"), until=due + MORE, reason=orders.words("more_time", turn.rng))
        return "more time asked"

    def _may_ask(self, order: Order) -> bool:
        return order.fate.asks and order.due is not None and order.due - ASKED_BEFORE <= self.today <= order.due

    # what all do

    def _complete(self, turn: Turn, said: Said, what: str) -> str:
        services.complete(**self._who(turn, what), said=said)
        return what

    def _who(self, turn: Turn, what: str, task: Task | None = None) -> dict[str, Any]:
        """The key of the press; `task` is a part of the one that lies with them."""
        task = task or turn.task
        key = self.company.key("task", what, task.pk, self.today)
        return {"directive_id": task.directive_id, "task_id": task.pk, "officer": turn.officer, "key": key}
