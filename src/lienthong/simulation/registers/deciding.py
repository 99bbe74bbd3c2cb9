"""What becomes of proposals in one register: officers approve, refuse or give them back; who proposed completes or
withdraws. By the services that the pages of proposals call."""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from random import Random
from uuid import UUID

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.registers import purposes
from lienthong.registers.definition import RegisterBody
from lienthong.registers.proposals import contents, reading
from lienthong.registers.proposals import services as proposals
from lienthong.registers.proposals.models import Proposal
from lienthong.registers.proposals.proposing import PROPOSAL
from lienthong.registers.proposals.reading import Opened
from lienthong.simulation import words
from lienthong.simulation.chance import dice, one_of, pick
from lienthong.simulation.dossiers import manners
from lienthong.simulation.registers.keeping import proposal_key
from lienthong.simulation.registers.neighbours import Known
from lienthong.simulation.registers.schedule import Schedule
from lienthong.simulation.scenario import Scenario
from lienthong.work.models import WorkItem

LONGEST_WAIT = 3  # working days
BECOMES = {"approve": 76, "refuse": 12, "return": 12}
"""Of what was completed once nothing is given back again."""
WITHDRAWN = 0.2
"""Of what was given back: how much is not worth completing."""

State = Proposal.State


class Deciding:
    """The proposals of one register on one day."""

    def __init__(
        self, scenario: Scenario, schedule: Schedule, body: RegisterBody, known: Known, done: "Counter[str]"
    ) -> None:
        self.scenario, self.schedule, self.body, self.known, self.done = scenario, schedule, body, known, done

    def due(self, day: date) -> Iterator[tuple[Proposal, Random]]:
        """Those of this scenario with which somebody deals on the day, each with its dice."""
        open_ones = Proposal.objects.filter(register=self.body.key, state__in=[State.WAITING, State.RETURNED])
        found = {proposal.key: proposal for proposal in open_ones}
        for key in self._keys() if found else ():
            proposal = found.get(key)
            since = (proposal.decided_at or proposal.sent_at) if proposal else None
            if proposal is None or since is None:
                continue
            rng = dice(self.scenario.seed, "proposal", key, proposal.turn, proposal.state)
            if self.schedule.apart(clock.local(since).date(), day) >= rng.randint(1, LONGEST_WAIT):
                yield proposal, rng

    def _keys(self) -> Iterator[UUID]:
        """Of everything that may have been proposed, in the order of the entries."""
        for number in range(self.scenario.entries):
            later = self.schedule.later(self.body.key, number)
            for what in ("fill", *([later.what] if later else ())):
                yield proposal_key(self.scenario, self.body.key, number, what)

    def deal_with(self, proposal: Proposal, rng: Random) -> None:
        returned = proposal.state == State.RETURNED
        officer = self._officer(proposal.account_id, proposal.post_id) if returned else self._approver(proposal, rng)
        if officer is None:
            self.done["proposal: nobody there"] += 1
            return
        try:
            if returned:
                self._complete(proposal, officer, rng)
            else:
                self._decide(proposal, officer, rng)
        except DomainError as refused:
            self.done[f"proposal: {refused.code}"] += 1

    # who may approve

    def _decide(self, proposal: Proposal, officer: Officer, rng: Random) -> None:
        """Opened first, as on the page: that is on record."""
        opened = reading.read(proposal_id=proposal.pk, officer=officer, purpose=purposes.worded("cap-nhat"))
        what = one_of(rng, BECOMES)
        if opened.obstacle:
            self._refuse(proposal, officer, opened.obstacle)
        elif what == "return" and proposal.turn == 1:
            proposals.give_back(proposal_id=proposal.pk, officer=officer, note=pick(rng, words.RETURNED_BECAUSE))
            self.done["give back"] += 1
        elif what == "refuse":
            self._refuse(proposal, officer, pick(rng, words.REFUSED_BECAUSE))
        else:
            self._approve(proposal, officer, opened, pick(rng, words.APPROVED_WITH))

    def _approve(self, proposal: Proposal, officer: Officer, opened: Opened, note: str) -> None:
        revision = opened.entry.revision if opened.entry else None
        try:
            proposals.approve(
                proposal_id=proposal.pk, officer=officer, revision=revision, turn=proposal.turn, note=note
            )
        except DomainError as refused:  # another entry points to it by now, and the like
            self._refuse(proposal, officer, refused.in_full)
            return
        self.done["approve"] += 1
        if proposal.deed == Proposal.Deed.END and proposal.entry_id:
            self.known.drop(self.body.key, proposal.entry_id)

    def _refuse(self, proposal: Proposal, officer: Officer, note: str) -> None:
        proposals.refuse(proposal_id=proposal.pk, officer=officer, note=note)
        self.done["refuse"] += 1

    def _approver(self, proposal: Proposal, rng: Random) -> Officer | None:
        """One of those with whom it lies, of those who are there today; if none is, one who should be."""
        today = clock.today()
        posts = {post.id: post for post in self._posts(proposal, today)}
        held = [
            (self._name(posts[post_id]), post_id, account)
            for post_id, holders in holders_of(sorted(posts), today).items()
            for account, _called in holders[:1]
            if account != proposal.account_id
        ]
        there = [each for each in held if not manners.is_absent(self.scenario.seed, each[0], today)]
        if not held:
            return None
        _name, post_id, account = pick(rng, sorted(there or held))
        return self._officer(account, post_id)

    @staticmethod
    def _posts(proposal: Proposal, today: date) -> Iterator[PostNode]:
        lying = WorkItem.objects.filter(is_open=True, subject_type=PROPOSAL, subject_id=proposal.pk)
        for item in lying.order_by("id"):
            for post in tree().posts_in(item.organisation_id, item.role, today):
                if item.post_id in (None, post.id):
                    yield post

    @staticmethod
    def _name(post: PostNode) -> str:
        return f"{tree()[post.organisation_id].key}/{post.key}"

    @staticmethod
    def _officer(account_id: int, post_id: int) -> Officer | None:
        actor = actor_of(Account.objects.get(pk=account_id), acting_post_id=post_id)
        return actor if isinstance(actor, Officer) else None

    # who proposed

    def _complete(self, proposal: Proposal, officer: Officer, rng: Random) -> None:
        if rng.random() < WITHDRAWN:
            proposals.withdraw(proposal_id=proposal.pk, officer=officer)
            self.done["withdraw"] += 1
            return
        opened = reading.read(proposal_id=proposal.pk, officer=officer, purpose=purposes.worded("cap-nhat"))
        proposals.complete(
            proposal_id=proposal.pk,
            officer=officer,
            day=proposal.day,
            reason=f"{proposal.reason} {words.COMPLETED_BY}",
            raw=contents.raw_of(self.body, proposal.values),
            revision=opened.entry.revision if opened.entry else None,
        )
        self.done["complete"] += 1
