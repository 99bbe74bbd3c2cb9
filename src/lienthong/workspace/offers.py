"""What an officer can do in a dossier now, and what not yet."""

from dataclasses import dataclass

from lienthong.cases import services
from lienthong.cases.models import StepVisit
from lienthong.cases.queries.pages import DossierPage
from lienthong.cases.services import taking
from lienthong.foundation.errors import DomainError
from lienthong.identity.actors import Officer
from lienthong.procedures.shapes import Action, Step, Verb

_WITH_A_PAGE = frozenset({Verb.ASSIGN, Verb.CONSULT, Verb.APPROVE})
_GRAVE = frozenset({Verb.REFUSE, Verb.STOP})


@dataclass(frozen=True, slots=True)
class Offer:
    """An action of an open step. `hindrance` says why it would be refused as things stand."""

    visit: StepVisit
    step: Step
    action: Action
    hindrance: DomainError | None = None
    asks_taker: bool = False
    asks_parcel: bool = False

    @property
    def has_a_page(self) -> bool:
        """Whether it asks for something or is worth a second look; else its button alone does it."""
        action = self.action
        asks = action.reason_needed or len(action.asks) or action.results or self.asks_taker or self.asks_parcel
        return bool(asks or action.opens or action.does in _WITH_A_PAGE)

    @property
    def is_grave(self) -> bool:
        """Whether it ends the dossier without a result."""
        return self.action.does in _GRAVE


def offers(page: DossierPage, officer: Officer) -> list[Offer]:
    """What the open steps that lie with the officer offer, step by step in declared order."""
    return [
        _offer(page, visit, action)
        for visit in with_officer(page, officer)
        for action in services.offered(page.dossier, visit)
    ]


def _offer(page: DossierPage, visit: StepVisit, action: Action) -> Offer:
    returns = action.does is Verb.RETURN_RESULT
    return Offer(
        visit,
        page.step_of(visit),
        action,
        services.hindrance(page.dossier, page.open_visits, visit, action),
        asks_taker=returns and taking.is_asked(page.dossier),
        asks_parcel=returns and taking.goes_by_post(page.dossier),
    )


def with_officer(page: DossierPage, officer: Officer) -> list[StepVisit]:
    """The open visits that lie with one of the officer's posts."""
    return [visit for visit in page.open_visits if services.post_for(officer, visit, page.step_of(visit))]
