"""Leaders, heads of units and officers: each takes what lies with them and directs, settles, helps, asks for time, by
the services that the pages call. What happens on a day follows from what the database holds."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from random import Random
from typing import Any

from lienthong.documents import services
from lienthong.documents.models import Arrival, MoreTime, Task
from lienthong.documents.rules.journey import Journey, Status
from lienthong.documents.services import Chosen, carrying
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.actors import Officer
from lienthong.simulation.chance import about, dice
from lienthong.simulation.documents import letters
from lienthong.simulation.documents.company import Company
from lienthong.simulation.documents.offices import Office
from lienthong.work.rules import Part

LEADS_AFTER, HANDS_ON_AFTER, SETTLES_AFTER = 0.4, 0.7, 4.5
"""Working days after which, in the middle, a leader directs, a head of a unit hands on, an officer settles."""
HELPS_AFTER, KNOWS_AFTER = 2.0, 1.5
SPREAD = 0.6
HELPED, TOLD = 0.4, 0.5
"""How often others are to help, or to know."""
GIVEN_BACK, ASKS_TIME, GRANTED = 0.05, 0.25, 0.85
TIME_FOR = (5, 12)
"""Days that a leader gives where the document names none."""
MORE_DAYS = 4
MORNING = timedelta(minutes=20)
WORKING_HOURS = timedelta(hours=7)


@dataclass(frozen=True, slots=True)
class Turn:
    """A task that lies with somebody today."""

    office: Office
    arrival: Arrival
    journey: Journey
    task: Task
    officer: Officer
    rng: Random


class Desks:
    """Everybody who has a document, on one day."""

    def __init__(self, company: Company) -> None:
        self.company, self.day, self.done = company, company.day, company.done
        self.seed = company.scenario.seed

    def plan(self, arrival: Arrival) -> None:
        """Look at a document at some moment of the day, and do what its turn is."""
        name = self._name(arrival)
        rng = dice(self.seed, "looks at", name, self.day.date)
        assert self.day.opening
        moment = self.day.opening + MORNING + WORKING_HOURS * rng.random()
        self.day.at(moment.replace(microsecond=0), f"document {name}", lambda _now: self._look(arrival.pk))

    def _look(self, arrival_id: int) -> None:
        arrival = Arrival.objects.select_related("document").get(pk=arrival_id)
        if arrival.status == Status.RECALLED:
            return
        tasks = list(Task.objects.filter(arrival=arrival).order_by("id"))
        journey = Journey.of(map(carrying.as_rule, tasks))
        for place, task in enumerate(tasks):
            if task.done_at is None and not journey.is_waiting(journey.tasks[task.pk]):
                rng = dice(self.seed, "task", self._name(arrival), place)
                if self._is_time(task, journey, rng):
                    self._take(arrival, journey, task, rng)
                    return  # the tree is another one now
        self._decide_on_time(arrival)

    def _name(self, arrival: Arrival) -> str:
        return f"{tree()[arrival.organisation_id].key} {arrival.year} {arrival.book} {arrival.number}"

    def _is_time(self, task: Task, journey: Journey, rng: Random) -> bool:
        lead = journey.lead_below(task.pk)
        since = lead.done_at if lead and lead.done_at else task.opened_at
        passed = self.company.schedule.apart(clock.local(since).date(), self.day.date)
        return passed >= about(rng, self._usual(task, lead is not None), SPREAD) - 0.5

    def _usual(self, task: Task, is_reported: bool) -> float:
        if is_reported:
            return LEADS_AFTER
        if task.part != Part.LEAD:
            return HELPS_AFTER if task.part == Part.COOPERATE else KNOWS_AFTER
        if task.parent_id is None:
            return LEADS_AFTER
        return SETTLES_AFTER if self._is_handler(task) else HANDS_ON_AFTER

    def _is_handler(self, task: Task) -> bool:
        post = tree().posts.get(task.post_id) if task.post_id else None
        return post is not None and any(post in unit.handlers for unit in self._office_of(task).units)

    def _office_of(self, task: Task) -> Office:
        return self.company.by_agency[task.arrival.organisation_id]

    def _take(self, arrival: Arrival, journey: Journey, task: Task, rng: Random) -> None:
        task.arrival = arrival
        post = self._post_of(task)
        officer = self.company.people.in_post(post) if post else None
        if officer is None:
            self.done["nobody there"] += 1
            return
        turn = Turn(self.company.by_agency[arrival.organisation_id], arrival, journey, task, officer, rng)
        try:
            services.read(arrival_id=arrival.pk, officer=officer)
            self.done[self._act(turn)] += 1
        except DomainError as refused:
            self.done[refused.code] += 1

    def _post_of(self, task: Task) -> PostNode | None:
        if task.post_id:
            return tree().posts.get(task.post_id)
        return next(iter(tree().posts_in(task.organisation_id, task.role, self.day.date)), None)

    def _act(self, turn: Turn) -> str:
        if turn.task.part == Part.KNOW:
            return self._finish(turn, "", "taken note of")
        if turn.task.part == Part.COOPERATE:
            return self._finish(turn, letters.words("opinion", turn.rng), "opinion given")
        if turn.journey.lead_below(turn.task.pk):
            return self._finish(turn, letters.words("accepted", turn.rng), "settled")
        if turn.task.parent_id is None:
            return self._direct(turn)
        if self._is_handler(turn.task):
            return self._settle(turn)
        return self._hand_on(turn)

    # a leader

    def _direct(self, turn: Turn) -> str:
        unit = turn.office.unit_for(letters.unit_of(turn.arrival.document.abstract), turn.arrival.number or 0)
        if unit is None:
            return self._finish(turn, letters.words("report", turn.rng), "settled")
        others = [each for each in turn.office.units if each is not unit]
        turn.rng.shuffle(others)
        helping = others[:1] if turn.rng.random() < HELPED else []
        told = others[1:2] if turn.rng.random() < TOLD else []
        services.direct(
            **self._who(turn, "direct"),
            words=letters.words("directed", turn.rng).format(unit=unit.node.name),
            lead=Chosen(unit.node.id),
            cooperate=[Chosen(each.node.id) for each in helping],
            know=[Chosen(each.node.id) for each in told],
            due_at=turn.task.due_at or self._in_days(turn.rng.randint(*TIME_FOR)),
        )
        return "directed"

    # the head of a unit

    def _hand_on(self, turn: Turn) -> str:
        unit = next((each for each in turn.office.units if each.node.id == turn.task.organisation_id), None)
        if turn.rng.random() < GIVEN_BACK:
            words = letters.words("given_back", turn.rng)
            services.give_back(**self._who(turn, "give back"), reason=words)
            return "given back"
        if unit is None or not unit.handlers:
            return self._finish(turn, letters.words("report", turn.rng), "reported")
        handler = unit.handlers[turn.rng.randrange(len(unit.handlers))]
        services.direct(
            **self._who(turn, "hand on"),
            words=letters.words("handed", turn.rng),
            lead=Chosen(unit.node.id, handler.id),
            due_at=turn.task.due_at,
        )
        return "handed on"

    # an officer

    def _settle(self, turn: Turn) -> str:
        due = turn.task.due_at
        is_close = due is not None and due.date() <= self.day.date + timedelta(days=1) and due > clock.now()
        asked = MoreTime.objects.filter(task=turn.task).exists()
        if is_close and not asked and turn.rng.random() < ASKS_TIME:
            services.ask_more_time(
                **self._who(turn, "ask time"),
                until=self._in_days(MORE_DAYS),
                reason=letters.words("more_time", turn.rng),
            )
            return "more time asked"
        return self._finish(turn, letters.words("report", turn.rng), "reported")

    def _decide_on_time(self, arrival: Arrival) -> None:
        """Whoever directed decides on more time that was asked for."""
        for asked in MoreTime.objects.filter(task__arrival=arrival, decided_at=None).select_related("task__parent"):
            above = asked.task.parent
            post = self._post_of(above) if above else None
            officer = self.company.people.in_post(post) if post else None
            if officer is None or self.company.schedule.apart(clock.local(asked.asked_at).date(), self.day.date) < 1:
                continue
            rng = dice(self.seed, "more time", self._name(arrival), str(asked.asked_at))
            grant = rng.random() < GRANTED and asked.wanted_due > clock.now()
            try:
                services.decide_more_time(
                    request_id=asked.pk,
                    officer=officer,
                    key=self.company.key("decide", asked.pk),
                    grant=grant,
                    until=asked.wanted_due if grant else None,
                    words=letters.words("granted", rng) if grant else "",
                )
                self.done["more time decided"] += 1
            except DomainError as refused:
                self.done[refused.code] += 1

    # what all do

    def _finish(self, turn: Turn, words: str, what: str) -> str:
        services.finish(**self._who(turn, what), words=words)
        return what

    def _who(self, turn: Turn, what: str) -> dict[str, Any]:
        key = self.company.key(what, turn.task.pk, self.day.date)
        return {"arrival_id": turn.arrival.pk, "task_id": turn.task.pk, "officer": turn.officer, "key": key}

    def _in_days(self, days: int) -> datetime:
        return datetime.combine(self.day.date + timedelta(days=days), time(17), clock.ZONE)
