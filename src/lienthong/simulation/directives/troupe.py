"""Leaders, their offices and those who carry directives out, as a troupe. One part of the day: all of it goes between
them. Of documents only what earlier days brought is looked at: today's come in another part, at the same time."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial

from lienthong.directives import queries, rules
from lienthong.directives.models import Directive, Task
from lienthong.simulation.actors import Day, Figures, Part
from lienthong.simulation.chance import dice
from lienthong.simulation.directives import orders
from lienthong.simulation.directives.carrying_out import CarryingOut
from lienthong.simulation.directives.following import Following
from lienthong.simulation.directives.giving import Giving
from lienthong.simulation.directives.orders import Order
from lienthong.simulation.documents.company import Company
from lienthong.simulation.documents.troupe import WORKING_HOURS, OfficeTroupe
from lienthong.work.rules import Part as PartOfTask

MORNING = timedelta(minutes=15)


class Directors(OfficeTroupe):
    key = "directives"

    def parts(self) -> Sequence[Part]:
        return [Part("directives")] if self.offices else []

    def play(self, day: Day) -> Figures:
        if day.opening is None:
            return {}
        company = Company.of(self.scenario, self.schedule, day, self.offices)
        giving, following, doing = Giving(company), Following(company), CarryingOut(company)
        days = self.schedule.days
        for number in orders.numbers_on(self.scenario, day.date, days):
            order = orders.order(self.scenario, number, days, day.calendar)
            self._plan(day, f"gives {number}", partial(giving.give, order))
        for order, tasks in self._under_way(day, company):
            for place, task in enumerate(tasks):
                if doing.wants(order, task):
                    self._plan(day, f"task {order.number} {place}", partial(doing.look, order, place, task.pk))
                if task.parent_id is None and task.part == PartOfTask.LEAD and following.wants(order, task):
                    self._plan(day, f"follows {order.number}", partial(following.look, order, task.pk))
        day.run()
        return {"directives": dict(sorted(company.done.items()))}

    def _plan(self, day: Day, what: str, do: Callable[[], None]) -> None:
        """At some moment of the day."""
        assert day.opening
        moment = day.opening + MORNING + (WORKING_HOURS - MORNING) * dice(self.scenario.seed, what, day.date).random()

        def act(_now: datetime) -> None:
            do()

        day.at(moment.replace(microsecond=0), what, act)

    def _under_way(self, day: Day, company: Company) -> list[tuple[Order, list[Task]]]:
        """The directives of the days before that are not at their end, each with its tasks."""
        numbers = {
            company.key("directive", number): number
            for number in orders.numbers_until(self.scenario, day.date, self.schedule.days)
        }
        found: dict[int, list[Task]] = {}
        ended = Task.objects.filter(queries.ROOT_LEAD, stage__in=rules.OVER)
        live = Directive.objects.filter(key__in=numbers).exclude(tasks__in=ended)
        for task in Task.objects.filter(directive__in=live).select_related("directive").order_by("id"):
            found.setdefault(numbers[task.directive.key], []).append(task)
        days, calendar = self.schedule.days, day.calendar
        return [(orders.order(self.scenario, number, days, calendar), found[number]) for number in sorted(found)]
