"""The halls of one-stop shops as a troupe: every shop with a queue is a part of the day."""

from collections.abc import Sequence
from functools import cached_property

from lienthong.foundation import clock
from lienthong.identity.actors import Officer
from lienthong.queueing.policy import SERVE
from lienthong.queueing.queries.places import Shop, shops
from lienthong.simulation.actors import Day, Figures, Part, Troupe
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.dossiers import manners, staff
from lienthong.simulation.dossiers.staff import Worker
from lienthong.simulation.queues.hall import Hall
from lienthong.simulation.queues.visitors import visitors


class Halls(Troupe):
    """Where the scenario names counters, only those; nobody comes where it has no visitors."""

    key = "queues"

    def parts(self) -> Sequence[Part]:
        return [Part(shop.key) for shop in self.shops]

    def play(self, day: Day) -> Figures:
        scenario = self.scenario
        if day.opening is None or (scenario.visitors_from and day.date < scenario.visitors_from):
            return {}
        shop = next(shop for shop in self.shops if shop.key == day.part.name)
        coming = visitors(scenario.seed, shop.body, day.date, shop.giving(day.date), scenario.visitors)
        hall = Hall(day, shop, self._clerks(shop, day), coming, scenario.number)
        hall.plan()
        day.run()
        return hall.figures()

    def _clerks(self, shop: Shop, day: Day) -> list[Officer]:
        """Those at work whose counter is here today; whoever belongs to several shops sits in one of them."""
        seed = self.scenario.seed
        there = [worker for worker in self.workers if not manners.is_absent(seed, worker.name, day.date)]
        return [
            worker.officer
            for worker in there
            if pick(dice(seed, "sits", worker.name, day.date), self._shops_of(worker)) == shop.key
        ]

    def _shops_of(self, worker: Worker) -> list[str]:
        return [shop.key for shop in self.shops if worker.officer.may(SERVE, shop.node)]

    # the world, read once in every process

    @cached_property
    def shops(self) -> list[Shop]:
        if not self.scenario.visitors:
            return []
        with clock.at(clock.day_start(self.scenario.start)):
            wanted = self.scenario.counters
            return sorted(
                (shop for shop in shops() if not wanted or shop.node.key in wanted), key=lambda shop: shop.key
            )

    @cached_property
    def workers(self) -> list[Worker]:
        """The clerks of these shops."""
        start = self.scenario.start
        stage = staff.set_stage(start, self.scenario.counters)
        found = staff.workers(stage, start, self.scenario.fewer)
        return [worker for worker in found if self._shops_of(worker)]
