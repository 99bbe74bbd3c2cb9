"""The office and the leaders after a directive was given: they urge, decide on more time, judge, send back, cancel."""

from datetime import timedelta
from typing import Any

from lienthong.directives import services
from lienthong.directives.models import Entry, MoreTime, Task, Urging
from lienthong.directives.rules import OPEN, Mark, Stage
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.identity.actors import Officer
from lienthong.simulation.chance import dice
from lienthong.simulation.directives import orders
from lienthong.simulation.directives.carrying_out import ASKED_BEFORE
from lienthong.simulation.directives.orders import Fate, Order
from lienthong.simulation.documents.company import Company

URGED_AFTER = (timedelta(days=1), timedelta(days=6))
"""How long after the due day somebody is urged the first and the second time."""
URGED_UNTIL = timedelta(days=14)
RETURNED_AFTER = timedelta(days=2)
CANCELLED_AFTER = 0.5
MARKS = (Mark.GOOD, Mark.MET, Mark.MET)
LATE_MARKS = (Mark.MET, Mark.POOR)


class Following:
    """Those who gave, on one day."""

    def __init__(self, company: Company) -> None:
        self.company, self.today = company, company.day.date

    def wants(self, order: Order, root: Task) -> bool:
        """Whether there is something to do for them, as far as the days tell."""
        if root.stage == Stage.REPORTED:
            returns = order.fate is Fate.RETURNED and self.today < order.again
            return self.today >= (order.reported + RETURNED_AFTER if returns else order.judged)
        if order.fate is Fate.CANCELLED and self.today >= order.share(CANCELLED_AFTER):
            return True
        if order.due is None:
            return False
        asked = order.fate.asks and self.today >= order.due - ASKED_BEFORE
        return asked or order.due < self.today <= order.due + URGED_UNTIL

    def look(self, order: Order, root_id: int) -> None:
        root = Task.objects.select_related("directive").get(pk=root_id)
        directive = root.directive
        office = self.company.holder(self.company.by_agency[directive.organisation_id].clerk.id)
        if office is None:
            return
        try:
            if what := self._act(order, root, office, self.company.holder(directive.giver_id) or office):
                self.company.done[what] += 1
        except DomainError as refused:
            self.company.done[refused.code] += 1

    def _act(self, order: Order, root: Task, office: Officer, giver: Officer) -> str:
        if root.stage == Stage.REPORTED:
            return self._judge(order, root, office)
        if root.stage not in OPEN:
            return ""
        if order.fate is Fate.CANCELLED and self.today >= order.share(CANCELLED_AFTER):
            services.cancel(**self._who(root, giver, "cancel"), reason=orders.words("cancelled", self._rng(order)))
            return "cancelled"
        return self._decide(order, root, giver) or self._urge(order, root, office)

    def _judge(self, order: Order, root: Task, office: Officer) -> str:
        rng = self._rng(order)
        if order.fate is Fate.RETURNED and not self._was_returned(root):
            services.send_back(**self._who(root, office, "send back"), reason=orders.words("returned", rng))
            return "sent back"
        if self.today < order.judged:
            return ""
        is_late = root.due_at is not None and root.finished_at is not None and root.finished_at > root.due_at
        mark = rng.choice(LATE_MARKS if is_late else MARKS)
        words = orders.words("judged_late" if is_late else "judged", rng)
        services.judge(**self._who(root, office, "judge"), mark=mark, words=words)
        return "judged"

    @staticmethod
    def _was_returned(root: Task) -> bool:
        return Entry.objects.filter(task=root, about=Entry.About.RETURNED).exists()

    def _decide(self, order: Order, root: Task, giver: Officer) -> str:
        """The day after it was asked for."""
        asked = MoreTime.objects.filter(task=root, decided_at=None).first()
        if asked is None or clock.local(asked.asked_at).date() >= self.today:
            return ""
        grant = order.fate is Fate.MORE_TIME and asked.wanted_due > clock.now()
        services.decide_more_time(
            request_id=asked.pk,
            officer=giver,
            key=self.company.key("directive time", asked.pk),
            grant=grant,
            words=orders.words("granted" if grant else "refused", self._rng(order)),
        )
        return "more time granted" if grant else "more time refused"

    def _urge(self, order: Order, root: Task, office: Officer) -> str:
        urged = Urging.objects.filter(task=root).count()
        if root.due_at is None or urged >= len(URGED_AFTER) or clock.now() < root.due_at + URGED_AFTER[urged]:
            return ""
        services.urge(task_ids=[root.pk], officer=office, words=orders.words("urged", self._rng(order)))
        return "urged"

    def _rng(self, order: Order) -> Any:
        return dice(self.company.scenario.seed, "follows", order.number, self.today)

    def _who(self, root: Task, officer: Officer, what: str) -> dict[str, Any]:
        key = self.company.key("directive", what, root.pk, self.today)
        return {"directive_id": root.directive_id, "task_id": root.pk, "officer": officer, "key": key}
