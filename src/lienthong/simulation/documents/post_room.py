"""The clerks: they register what comes from outside and take in what other agencies sent."""

from datetime import datetime, time, timedelta
from io import BytesIO
from random import Random

from lienthong.documents import services
from lienthong.documents.models import Arrival
from lienthong.documents.papers.laying_out import lay_out
from lienthong.documents.rules.contents import Signer
from lienthong.documents.rules.marks import Mark
from lienthong.documents.services import NewDocument, Receiving, TakingIn, Upload
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.simulation import people as names
from lienthong.simulation.chance import dice, pick
from lienthong.simulation.documents import letters
from lienthong.simulation.documents.company import Company
from lienthong.simulation.documents.letters import Letter
from lienthong.simulation.documents.offices import Office, near
from lienthong.simulation.dossiers.staff import places_of
from lienthong.simulation.papers import gets_papers

SENT_BACK = 0.03
MOST_RECIPIENTS = 12
TAKEN_IN_WITHIN = timedelta(hours=3)
WAYS = (Arrival.Way.PAPER, Arrival.Way.ELECTRONIC, Arrival.Way.ELECTRONIC, Arrival.Way.MAIL)


class PostRoom:
    """The clerks of all offices on one day."""

    def __init__(self, company: Company) -> None:
        self.company, self.scenario, self.day, self.done = company, company.scenario, company.day, company.done

    def comes(self, letter: Letter) -> None:
        """A letter from outside, at one of the offices."""
        rng = dice(self.scenario.seed, "letter comes", letter.number)
        try:
            self._register(letter, near(rng, self.company.offices), rng)
        except DomainError as refused:
            self.done[refused.code] += 1

    def _register(self, letter: Letter, office: Office, rng: Random) -> None:
        clerk = self.company.people.in_post(office.clerk)
        if clerk is None:
            self.done["nobody at the desk"] += 1
            return
        signer = self._signer_outside(letter, office, rng)
        due = datetime.combine(letter.due_on, time(17), clock.ZONE) if letter.due_on else None
        services.register(
            agency_id=office.agency.id,
            document=NewDocument(
                mark=Mark(str(letter.code), letter.symbol),
                dated=letter.day - timedelta(days=rng.randint(0, 3)),
                kind=letters.KIND,
                abstract=letter.abstract,
                issuer_name=letter.issuer,
                signer_name=signer.name,
                signer_position=signer.title,
                urgency=letter.urgency,
                pages=1,
            ),
            officer=clerk,
            key=self.company.key("register", letter.number),
            receiving=Receiving(
                way=pick(rng, WAYS),
                arrived_at=clock.now() - timedelta(minutes=rng.randint(5, 90)),
                due_at=due,
                present_to=office.leaders[0].id,
                words=letters.words("presented", rng),
            ),
            uploads=self._scan(letter, office, signer),
        )
        self.done["registered"] += 1

    def _signer_outside(self, letter: Letter, office: Office, rng: Random) -> Signer:
        person = names.person(rng, places_of(office.agency, self.scenario.start)[0], letter.day, ages=(35, 58))
        return letters.signer_of(pick(rng, ("Giám đốc", "Phó Giám đốc", "Trưởng ban")), person.name)

    def _scan(self, letter: Letter, office: Office, signer: Signer) -> list[Upload]:
        if not gets_papers(self.scenario, f"letter {letter.number}"):
            return []
        said = letters.contents(letter, to=[office.agency.name], signer=signer)
        pdf = lay_out(said, at=clock.now()).pdf
        return [Upload(f"{letter.code}-{letter.symbol}.pdf", BytesIO(pdf))]

    # what others of the province sent

    def plan_taking_in(self, arrival: Arrival) -> None:
        """Taken in within hours, at the latest the next day somebody is at the desk."""
        rng = dice(self.scenario.seed, "takes in", arrival.document.code, arrival.organisation_id)
        moment = max(clock.now(), self.day.opening or clock.now()) + TAKEN_IN_WITHIN * rng.random()
        self.day.at(
            moment.replace(microsecond=0),
            f"arrival {arrival.organisation_id} {arrival.document.code}",
            lambda _now: self._take_in(arrival, rng),
        )

    def _take_in(self, arrival: Arrival, rng: Random) -> None:
        office = self.company.by_agency.get(arrival.organisation_id)
        clerk = self.company.people.in_post(office.clerk) if office else None
        if office is None or clerk is None:
            return
        try:
            if rng.random() < SENT_BACK:
                services.send_back(arrival_id=arrival.pk, officer=clerk, reason=letters.words("sent_back", rng))
                self.done["sent back"] += 1
                return
            taking = TakingIn(
                due_at=arrival.due_at if arrival.due_at and arrival.due_at > clock.now() else None,
                present_to=office.leaders[0].id,
                words=letters.words("presented", rng),
            )
            services.take_in(
                arrival_id=arrival.pk, officer=clerk, key=self.company.key("take in", arrival.pk), taking=taking
            )
            self.done["taken in"] += 1
        except DomainError as refused:
            self.done[refused.code] += 1
