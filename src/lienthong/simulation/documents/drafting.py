"""Documents that agencies write: drafted by an officer, asked about, checked and signed in turn, numbered and sealed by
the clerk. By the services that the pages call."""

from datetime import timedelta
from functools import partial
from random import Random

from lienthong.documents import policy
from lienthong.documents.circuit import services as circuit
from lienthong.documents.circuit.queries import usual_circuit
from lienthong.documents.circuit.rules import Part
from lienthong.documents.drafts import policy as drafts_policy
from lienthong.documents.drafts import services as drafts
from lienthong.documents.models import Draft, DraftOpinion, SigningTurn
from lienthong.documents.rules.contents import Contents, from_text
from lienthong.documents.rules.sending import Recipient
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.actors import Officer
from lienthong.simulation.chance import dice
from lienthong.simulation.documents import letters
from lienthong.simulation.documents.company import Company
from lienthong.simulation.documents.letters import Letter
from lienthong.simulation.documents.offices import Office, near

ASKED_ABOUT, RETURNED, TAKES_A_DAY = 0.45, 0.12, 0.4
"""How often others are asked, how often it is returned the first time, how often somebody lets it lie for a day."""
MOST_RECIPIENTS = 8
WORKING_HOURS = timedelta(hours=7)
UNDER_WAY = (Draft.State.WRITING, Draft.State.SIGNING, Draft.State.SIGNED)


class Drafting:
    """The drafts of all offices on one day."""

    def __init__(self, company: Company) -> None:
        self.company, self.day, self.done = company, company.day, company.done
        self.seed = company.scenario.seed

    def begin(self, letter: Letter) -> None:
        """An officer of some office begins to write it."""
        rng = dice(self.seed, "drafts", letter.number)
        writing = [office for office in self.company.offices if any(unit.handlers for unit in office.units)]
        if not writing:
            return
        office = near(rng, writing)
        unit = office.unit_for(letter.unit, letter.number)
        drafter = (*unit.handlers, unit.head)[0] if unit else None
        officer = self.company.people.in_post(drafter) if drafter else None
        if officer is None or drafter is None:
            self.done["nobody to draft"] += 1
            return
        try:
            draft = self._opened(letter, office, drafter, officer, rng)
            if rng.random() < ASKED_ABOUT:
                self._ask(draft, office, officer, rng)
            self.done["drafted"] += 1
        except DomainError as refused:
            self.done[refused.code] += 1

    def _opened(self, letter: Letter, office: Office, drafter: PostNode, officer: Officer, rng: Random) -> Draft:
        to = self._recipients(office, rng)
        draft = drafts.open_draft(
            new=drafts.NewDraft(
                post_id=drafter.id,
                agency_id=office.agency.id,
                kind=letters.KIND,
                abstract=letter.abstract.removeprefix("Về việc "),
                signer=office.leaders[-1].id,
            ),
            officer=officer,
            key=self.company.key("draft", letter.number),
        )
        begun = draft.versions.get(number=1)
        said = Contents.read(begun.contents).model_copy(
            update={
                "addressees": tuple(each.name for each in to),
                "body": from_text(letters.text_of(letter)),
                "recipients": ("Như trên",),
                "urgency": letter.urgency,
            }
        )
        drafts.write(
            draft_id=draft.pk,
            officer=officer,
            key=self.company.key("write", letter.number),
            base=1,
            contents=said,
            recipients=to,
        )
        return draft

    def _recipients(self, office: Office, rng: Random) -> list[Recipient]:
        others = [node for node in policy.can_be_sent_to() if node.id != office.agency.id]
        near = [node for node in others if node.id in self.company.by_agency]
        some = rng.sample(others, min(len(others), rng.randint(1, MOST_RECIPIENTS)))
        return [Recipient(node.name, node.id) for node in dict.fromkeys((*near[:1], *some))]

    def _ask(self, draft: Draft, office: Office, officer: Officer, rng: Random) -> None:
        """Units in which somebody is."""
        within = {unit.node.id for unit in office.units}
        units = [each for each in drafts_policy.desks_for(draft)[0][1] if each.desk[0] in within]
        if units:
            asked = rng.sample(units, min(len(units), rng.randint(1, 2)))
            drafts.circulate(
                draft_id=draft.pk,
                desks=[each.key for each in asked],
                question=letters.words("question", rng),
                due_at=None,
                officer=officer,
            )

    # every day

    def plan(self, draft: Draft) -> None:
        """Somebody looks at a draft at some moments of the day, and does what their turn is."""
        rng = dice(self.seed, "looks at draft", self._name(draft), self.day.date)
        assert self.day.opening
        for _look in range(3):
            moment = self.day.opening + WORKING_HOURS * rng.random()
            self.day.at(moment.replace(microsecond=0), f"draft {self._name(draft)}", partial(self._look, draft.pk))

    @staticmethod
    def _name(draft: Draft) -> str:
        """The same whatever else the scenario changes."""
        return f"{draft.opened_at:%Y-%m-%d %H:%M:%S} {draft.abstract}"

    def _look(self, draft_id: int, _now: object) -> None:
        draft = Draft.objects.get(pk=draft_id)
        rng = dice(self.seed, "draft", self._name(draft), draft.latest, draft.state, str(clock.now()))
        if rng.random() < TAKES_A_DAY:
            return
        try:
            match draft.state:
                case Draft.State.WRITING:
                    self._write_on(draft, rng)
                case Draft.State.SIGNING:
                    self._take_turn(draft, rng)
                case Draft.State.SIGNED:
                    self._issue(draft, rng)
        except DomainError as refused:
            self.done[refused.code] += 1

    def _write_on(self, draft: Draft, rng: Random) -> None:
        """Opinions are waited for; what was returned is mended; then it is presented."""
        if opinion := draft.opinions.filter(given_at=None).order_by("id").first():
            self._give(opinion, rng)
            return
        officer = self.company.holder(draft.post_id)
        if officer is None:
            return
        last = draft.versions.get(number=draft.latest)
        said = Contents.read(last.contents)
        rounds = draft.rounds.count()
        if draft.latest < rounds + 2:
            mended = f"{letters.words('mended', rng)}\n"
            said = said.model_copy(update={"body": (*from_text(mended), *said.body)})
            last = drafts.write(
                draft_id=draft.pk,
                officer=officer,
                key=self.company.key("mend", draft.key, rounds),
                base=draft.latest,
                contents=said,
                words=letters.words("mended_because", rng),
            )
        stations = usual_circuit(draft, [said.signer])
        circuit.present(
            draft_id=draft.pk,
            asked=[circuit.Asked(each.place, each.part, each.desk[2]) for each in stations if each.desk[2]],
            officer=officer,
            key=self.company.key("present", draft.key, rounds),
            words=letters.words("presented", rng),
            version=last.number,
        )
        self.done["presented"] += 1

    def _give(self, opinion: DraftOpinion, rng: Random) -> None:
        desk = tree().posts_in(opinion.organisation_id, opinion.role, self.day.date)
        officer = self.company.holder(opinion.post_id or (desk[0].id if desk else None))
        if officer is None:
            return
        agrees = rng.random() < 0.6
        drafts.give_opinion(
            opinion_id=opinion.pk,
            verdict=DraftOpinion.Verdict.AGREED if agrees else DraftOpinion.Verdict.REMARKS,
            words="" if agrees else letters.words("opinion", rng),
            officer=officer,
        )
        self.done["opinion on a draft"] += 1

    def _take_turn(self, draft: Draft, rng: Random) -> None:
        turn = SigningTurn.objects.filter(draft=draft, outcome="", opened_at__isnull=False).order_by("id").first()
        officer = self.company.holder(turn.post_id) if turn else None
        if turn is None or officer is None:
            return
        if turn.round == 1 and rng.random() < RETURNED:
            circuit.return_draft(turn_id=turn.pk, officer=officer, words=letters.words("returned", rng))
            self.done["draft returned"] += 1
        elif turn.part == Part.CHECK:
            circuit.check(turn_id=turn.pk, officer=officer)
            self.done["checked"] += 1
        else:
            circuit.sign(turn_id=turn.pk, officer=officer)
            self.done["signed"] += 1

    def _issue(self, draft: Draft, rng: Random) -> None:
        clerk = self.company.people.in_post(self.company.by_agency[draft.organisation_id].clerk)
        if clerk is None:
            return
        recipients = [Recipient(each["name"], each["organisation_id"], each["copies"]) for each in draft.recipients]
        circuit.issue_signed(
            draft_id=draft.pk,
            dispatch=circuit.Dispatch(dated=clock.today(), recipients=recipients),
            officer=clerk,
            key=self.company.key("issue", draft.key),
        )
        self.done["issued"] += 1
