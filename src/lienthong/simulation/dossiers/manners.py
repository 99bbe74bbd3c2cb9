"""How officers and applicants behave: how fast, how often absent, what they decide. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from lienthong.foundation.calendars.rules import Limit
from lienthong.procedures.shapes import Action, Step, StepKind, Verb
from lienthong.simulation.chance import about, dice, one_of

SIDEWAYS = {Verb.REQUEST_SUPPLEMENT: 0.07, Verb.REFUSE: 0.02, Verb.STOP: 0.012, Verb.CONSULT: 0.25}
"""How often an officer does something else than pass the dossier on. Verbs that are neither here nor lead on are not
used of one's own accord."""
BACK = 0.03
SECOND_ANSWER = 0.25

MINUTES = {StepKind.RECEPTION: 11, StepKind.PROCESSING: 30, StepKind.CONSULTATION: 40, StepKind.RETURN: 5}
MINUTES_OF = {Verb.ASSIGN: 4, Verb.APPROVE: 6}
USUAL_SHARE = 0.3
"""Of the limit of a step: how long a dossier usually lies for reasons beside work, as a site visit or an enquiry."""
SHARE_SPREAD = 0.75
WITHOUT_LIMIT = 8.0  # hours

WEEK_OFF, DAY_OFF = 0.04, 0.03
FORGETTING = 0.08
ANSWER_DAYS = 4.0
LATEST_ANSWER = 60  # days


@dataclass(frozen=True, slots=True)
class Handling:
    """What a visit of a step asks of an officer: hours of working time that pass before, minutes of work."""

    hours_before: float
    minutes: float


def handling(step: Step, rng: Random, *, at_the_counter: bool) -> Handling:
    limit = step.limit.usual_working_time.total_seconds() / 3600 if step.limit else WITHOUT_LIMIT
    share = about(rng, USUAL_SHARE, SHARE_SPREAD)
    waits = 0.0 if at_the_counter and step.kind is StepKind.RECEPTION else limit * share
    middle = next((MINUTES_OF[a.does] for a in step.actions if a.does in MINUTES_OF), MINUTES[step.kind])
    return Handling(waits, about(rng, middle, 0.45))


def speed_of(seed: int, officer: str) -> float:
    """How long somebody takes, beside others: 1 is usual."""
    return about(dice(seed, "speed", officer), 1.0, 0.25)


def is_absent(seed: int, officer: str, day: date) -> bool:
    """On leave for a week, or away for a day."""
    monday = day - timedelta(days=day.weekday())
    week = dice(seed, "leave", officer, monday).random() < WEEK_OFF
    return week or dice(seed, "away", officer, day).random() < DAY_OFF


def decide(actions: Sequence[Action], rng: Random) -> Action | None:
    """What an officer does of what is offered, mostly to pass it on. None when nothing of it leads on."""
    leading = [action for action in actions if _leads_on(action)]
    if not leading:
        return None
    weights = {action.key: SIDEWAYS.get(action.does, BACK if action.back else 0.0) for action in actions}
    for action in leading:
        weights[action.key] = SECOND_ANSWER / len(leading)
    weights[leading[0].key] = 1.0
    chosen = one_of(rng, weights)
    return next(action for action in actions if action.key == chosen)


def main_action(actions: Sequence[Action]) -> Action | None:
    return next((action for action in actions if _leads_on(action)), None)


def _leads_on(action: Action) -> bool:
    return not action.back and action.does not in SIDEWAYS and (action.does.moves or action.does in _ENDINGS)


_ENDINGS = (Verb.ANSWER, Verb.RETURN_RESULT)


def answered_after(seed: int, dossier: object, times: int) -> timedelta | None:
    """How long an applicant takes to supplement; None when it is forgotten."""
    rng = dice(seed, "supplement", dossier, times)
    if rng.random() < FORGETTING:
        return None
    days = min(about(rng, ANSWER_DAYS, 0.8), LATEST_ANSWER - 1)
    return timedelta(days=max(1, int(days)), minutes=rng.randint(-300, 300))


def waiting(hours: float) -> Limit | None:
    """As a limit, for counting it by the calendar."""
    hundredths = Decimal(round(hours * 100))
    return Limit.working_hours(hundredths / 100) if hundredths else None
