"""The one-stop shops of a province as a troupe: parts of its day, and what happens in each."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from lienthong.cases import rules
from lienthong.cases.models import Dossier
from lienthong.cases.services import handling, lapse, pausing
from lienthong.cases.services.applying import RECEIVE
from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.calendars.rules import Calendar
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.code_lists import PUBLISHED
from lienthong.foundation.organisations.queries import by_key, province, tree
from lienthong.identity.actors import Citizen
from lienthong.identity.models import Account
from lienthong.identity.queries import UNITS, Actor
from lienthong.procedures.definition import PROCEDURE
from lienthong.simulation import people
from lienthong.simulation.actors import Day, Figures, Part, Tell, Troupe
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.dossiers import doing, interlinked, manners, staff
from lienthong.simulation.dossiers.absences import settle_leave
from lienthong.simulation.dossiers.arrivals import LATEST_WITHDRAWAL, ONLINE, Arrival, Arrivals
from lienthong.simulation.dossiers.desks import Desks
from lienthong.simulation.dossiers.staff import Stage, Worker
from lienthong.simulation.papers import gets_papers, leave_out, newest_job

SHARED = "shared"
DOSSIERS_OF_ONE = 4
"""How many applications somebody with an account makes in a run."""

_PAUSED = """
    SELECT id, draft_key, paused_at, supplements, coalesce(account_id, entered_by_id), reception_id FROM cases_dossier
     WHERE competent_id = ANY(%s) AND status = %s AND paused_at >= %s AND draft_key IS NOT NULL"""
_OWN = """
    SELECT draft_key, id, coalesce(account_id, entered_by_id) FROM cases_dossier
     WHERE draft_key = ANY(%s) AND finished_at IS NULL"""


class OneStopShops(Troupe):
    key = "dossiers"

    def prepare(self, tell: Tell) -> None:
        start = self.scenario.start
        staff.fill_posts(self.stage, self.scenario.seed, start, tell)
        staff.settle_citizens(self.scenario.seed, self.places, self.population, start, tell)

    def parts(self) -> Sequence[Part]:
        """The districts beside each other; what works for several of them when they are done."""
        busiest = sorted(self.stage.groups, key=lambda group: (-self._weight(group), group))
        return [*map(Part, busiest), Part(SHARED, alone=True)]

    def _weight(self, group: str) -> float:
        return sum(offer.weight for offer in self.stage.offers if offer.group == group)

    def play(self, day: Day) -> Figures:
        before = newest_job()
        group = None if day.part.name == SHARED else day.part.name
        organisations = self.stage.organisations(group)
        here = frozenset(organisations)
        workers = [worker for worker in self.workers if here & {desk[0] for desk in worker.desks}]
        there, moved = settle_leave(day, self.scenario.seed, [self._only(worker, here) for worker in workers])
        desks = Desks(day, self.scenario.seed, organisations, there, self.staffed)
        desks.actions.update(moved)
        desks.gets_papers, desks.pace = partial(gets_papers, self.scenario), self.scenario.pace
        if group is None:
            self._let_time_pass(day, desks)
        desks.take_up()
        arrived = Applicants(self, day, desks).plan(group) if group else 0
        day.run()
        leave_out(desks.touched, self.scenario, day.date, since=before)
        return {**desks.figures(), "arrived": arrived}

    def arrivals_of(self, group: str, day: Day) -> list[Arrival]:
        there = (arrival for arrival in self.arrivals.on(day.date) if arrival.offer.group == group)
        return [arrival for arrival in there if not self.scenario.is_past(arrival.moment)]

    @staticmethod
    def _only(worker: Worker, here: frozenset[int]) -> Worker:
        """The officer with the desks of this part: whoever sits in several parts has a day in each."""
        desks = frozenset(desk for desk in worker.desks if desk[0] in here)
        posts = frozenset(post for post in worker.posts if tree().posts[post].organisation_id in here)
        return Worker(worker.officer, worker.name, posts, desks)

    def _let_time_pass(self, day: Day, desks: Desks) -> None:
        """What the worker does every few minutes: what waited in vain for an answer or a supplement is closed."""
        opening = day.opening
        if opening is None:
            return
        with clock.at(opening):
            for dossier_id, visit_id in handling.overdue_consultations(opening):
                if lapse(dossier_id=dossier_id, visit_id=visit_id):
                    desks.actions["lapse"] += 1
            for dossier_id in pausing.overdue_supplements(opening):
                if pausing.expire(dossier_id=dossier_id):
                    desks.actions["expire"] += 1
                    interlinked.follow(desks, Dossier.objects.get(pk=dossier_id))

    # the world, read once in every process

    @cached_property
    def calendar(self) -> Calendar:
        return calendar_of(province().calendar)

    @cached_property
    def stage(self) -> Stage:
        return staff.set_stage(self.scenario.start, self.scenario.counters)

    @cached_property
    def arrivals(self) -> Arrivals:
        cast = sorted(staff.cast_citizens()) if self.scenario.each_of_cast else ()
        return Arrivals(self.scenario, self.calendar, self.stage.offers, cast)

    @cached_property
    def places(self) -> tuple[people.Place, ...]:
        units = PUBLISHED.code_list(UNITS, self.scenario.start)
        return people.places_below(units, province().administrative_code, self.scenario.start)

    @property
    def population(self) -> int:
        """How many have an account: at least one in every commune."""
        each = round(self.scenario.dossiers * ONLINE / DOSSIERS_OF_ONE / len(self.places))
        return len(self.places) * max(1, each)

    @cached_property
    def workers(self) -> list[Worker]:
        return staff.workers(self.stage, self.scenario.start, self.scenario.fewer)

    @cached_property
    def staffed(self) -> frozenset[int]:
        return frozenset(post for worker in self.workers for post in worker.posts)

    @cached_property
    def accounts(self) -> dict[str, Citizen]:
        """Those who apply online, by user name."""
        own = Q(username__startswith=f"dan.{self.scenario.seed}.") | Q(username__in=self.arrivals.cast)
        rows = Account.objects.filter(own)
        return {name: Citizen(id, full) for id, name, full in rows.values_list("id", "username", "full_name")}

    @cached_property
    def officers(self) -> dict[int, Actor]:
        return {worker.officer.account_id: worker.officer for worker in self.workers}


class Applicants:
    """Those who come on a day to a part of the province."""

    def __init__(self, shops: OneStopShops, day: Day, desks: Desks) -> None:
        self.shops, self.day, self.desks = shops, day, desks
        self.seed = shops.scenario.seed

    def plan(self, group: str) -> int:
        """Plan their coming. Returns how many hand something in."""
        arrivals = self.shops.arrivals_of(group, self.day)
        for arrival in arrivals:
            self.day.at(arrival.moment, f"c {arrival.serial}", lambda at, arrival=arrival: self._apply(arrival))  # type: ignore[misc]
        self._plan_supplements(group)
        self._plan_withdrawals(group)
        self._plan_questions(group)
        return len(arrivals)

    def _apply(self, arrival: Arrival) -> None:
        person, actor = self._who(arrival)
        if actor is None:
            self.desks.refusals["nobody at the counter"] += 1
            return
        dossier = doing.apply(self.shops.scenario, arrival, person, actor)
        if dossier is None:
            self.desks.refusals["application"] += 1
            return
        self.desks.actions["submit"] += 1
        self.desks.look_at(dossier)

    def _who(self, arrival: Arrival) -> tuple[people.Person, Actor | None]:
        """The person, and who hands it in: the person online, a clerk at the counter."""
        start, places = self.shops.scenario.start, self.shops.places
        rng = dice(self.seed, "who", arrival.serial)
        if arrival.cast:
            return staff.of_cast(staff.cast_citizens()[arrival.cast], places), self.shops.accounts[arrival.cast]
        if arrival.online:
            at = places.index(arrival.place)
            number = at + len(places) * rng.randrange(self.shops.population // len(places))
            person = staff.citizen(self.seed, number, arrival.place, start)
            return person, self.shops.accounts[staff.username(self.seed, number)]
        person = people.person(rng, arrival.place, self.day.date)
        reception = self._reception_of(arrival)
        clerks = [each.worker for each in self.desks.at_work if reception in {d[0] for d in each.worker.desks}]
        clerks = clerks or [worker for worker in self.desks.workers if reception in {d[0] for d in worker.desks}]
        return person, pick(rng, clerks).officer if clerks else None

    def _reception_of(self, arrival: Arrival) -> int:
        procedure = PROCEDURE.current(arrival.offer.procedure).body
        return staff.reception_of(procedure, by_key(arrival.offer.competent), self.day.date).id

    def _plan_supplements(self, group: str) -> None:
        competent = self._competent_in(group)
        since = clock.day_start(self.day.date) - timedelta(days=manners.LATEST_ANSWER)
        paused = self._rows(_PAUSED, competent, int(rules.Status.SUPPLEMENT), since)
        for dossier, key, since, times, account, reception in paused:
            after = manners.answered_after(self.seed, key, times)
            moment = clock.local(since) + after if after else None
            if moment and moment.date() == self.day.date:
                bringing = self._supplement(dossier, self._whoever_takes(account, reception))
                self.day.at(moment.replace(microsecond=0), f"d {key}", bringing)

    def _whoever_takes(self, account_id: int, reception_id: int) -> int:
        """Who comes to a counter comes to that of the agency whose dossier it is: a dossier that another one opened
        was entered by a clerk of elsewhere."""
        counter, officers = tree()[reception_id], [worker.officer for worker in self.desks.workers]
        known = {officer.account_id for officer in officers if officer.posts_with(RECEIVE, counter)}
        from_elsewhere = account_id in self.shops.officers and account_id not in known
        return min(known) if from_elsewhere and known else account_id

    def _supplement(self, dossier_id: int, account_id: int) -> Any:
        def bring(moment: datetime) -> None:
            self._by_applicant("supplement", account_id, lambda who: doing.supplement(dossier_id, who, self.seed))

        return bring

    def _plan_withdrawals(self, group: str) -> None:
        """Those who applied some days ago and think better of it today."""
        for key, moment, dossier, account in self._earlier(group, lambda arrival: arrival.withdrawn_after):
            self.day.at(moment, f"e {key}", self._withdraw(dossier, account))

    def _plan_questions(self, group: str) -> None:
        """Those who applied some days ago and want to know today how far it is."""
        for key, moment, dossier, account in self._earlier(group, lambda arrival: arrival.asks_after):
            self.day.at(moment, f"h {key}", partial(self._ask, dossier, key, Citizen(account, "")))

    def _ask(self, dossier_id: int, key: UUID, applicant: Citizen, moment: datetime) -> None:
        self.desks.talk.ask(dossier_id, key, applicant)

    def _earlier(self, group: str, after: Callable[[Arrival], int | None]) -> Iterator[tuple[UUID, datetime, int, int]]:
        """The open dossiers of those who do something today, so many days after they applied: key, moment, dossier,
        account."""
        wanted = {
            arrival.key(self.shops.scenario): arrival
            for days in range(1, LATEST_WITHDRAWAL + 1)
            for arrival in self.shops.arrivals.on(self.day.date - timedelta(days=days))
            if after(arrival) == days and arrival.offer.group == group
        }
        for key, dossier, account in self._rows(_OWN, list(wanted)) if wanted else ():
            yield key, datetime.combine(self.day.date, wanted[key].moment.time(), clock.ZONE), dossier, account

    def _withdraw(self, dossier_id: int, account_id: int) -> Any:
        def take_back(moment: datetime) -> None:
            self._by_applicant("withdraw", account_id, lambda who: doing.withdraw(dossier_id, who, self.seed))

        return take_back

    def _by_applicant(self, what: str, account_id: int, do: Any) -> None:
        """Whoever has no account comes to the counter: the clerk does it in their name."""
        actor = self.shops.officers.get(account_id) or Citizen(account_id, "")
        try:
            dossier: Dossier = do(actor)
        except DomainError as refused:
            self.desks.refusals[refused.code] += 1
            return
        self.desks.actions[what] += 1
        self.desks.look_at(dossier)
        interlinked.follow(self.desks, dossier)

    def _competent_in(self, group: str) -> list[int]:
        """The agencies that settle dossiers here, those too to which only other agencies hand something in."""
        offered = {by_key(offer.competent).id for offer in self.shops.stage.offers if offer.group == group}
        return sorted(offered | set(self.shops.stage.organisations(group)))

    @staticmethod
    def _rows(statement: str, *parameters: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(f"{statement} ORDER BY draft_key", parameters)
            return list(cursor.fetchall())
