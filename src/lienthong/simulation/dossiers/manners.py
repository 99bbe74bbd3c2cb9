"""How officers and applicants behave: how fast, how often absent, what they decide. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from random import Random

from lienthong.foundation.calendars.rules import Limit
from lienthong.procedures.shapes import Action, Step, StepKind, Verb
from lienthong.simulation.chance import about, dice, one_of

SIDEWAYS = {Verb.REQUEST_SUPPLEMENT: 0.07, Verb.REQUEST_PAYMENT: 0.3, Verb.REFUSE: 0.02, Verb.STOP: 0.012,
            Verb.CONSULT: 0.25}  # fmt: skip
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

SILENT = 0.12
"""Of the consultations in which silence is consent: how many are never answered."""

WEEK_OFF, DAY_OFF = 0.04, 0.03
BACK_EARLY = 0.2
"""Of those who are on leave for a week: how many are back on its Friday."""

WRITES, GIVES, UNDOES = 0.02, 0.01, 0.003
ASKS_TIME = 0.3
CLOSING_IN = 0.1
"""So small a share of a dossier's whole time left makes people ask for more."""
MORE_DAYS = 7
DECIDING = timedelta(minutes=40)
"""How long a new date that was asked for lies before somebody decides on it."""
GRANTS = 0.8
TAKES_OVER = 0.5
PAID_DAYS = 2.0

ANSWER_HOURS = 14.0
"""After how long a question of an applicant is usually answered, nights and days off among it."""
UNANSWERED = 0.1
NEEDS_NO_ANSWER = 0.06

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
    """On leave, or away for a day."""
    return leave_until(seed, officer, day) is not None or dice(seed, "away", officer, day).random() < DAY_OFF


def leave_until(seed: int, officer: str, day: date) -> date | None:
    """When somebody is on leave on the day: until when it was meant to last; it may end a day before."""
    monday = day - timedelta(days=day.weekday())
    rng = dice(seed, "leave", officer, monday)
    if rng.random() >= WEEK_OFF or (rng.random() < BACK_EARLY and day.weekday() >= 4):
        return None
    return monday + timedelta(days=6)


class Deed(Enum):
    """What somebody does with a dossier beside its step."""

    WRITE = "write"
    GIVE = "give"
    UNDO = "undo"
    ASK_TIME = "ask-time"


def deed(seed: int, task: str, *, closing_in: bool) -> Deed | None:
    """Mostly nothing; where a dossier's time is closing in, often to ask for more."""
    thrown = dice(seed, "beside", task).random()
    shares = [(Deed.WRITE, WRITES), (Deed.GIVE, GIVES), (Deed.UNDO, UNDOES)]
    for what, share in [*shares, *([(Deed.ASK_TIME, ASKS_TIME)] if closing_in else [])]:
        thrown -= share
        if thrown < 0:
            return what
    return None


def grants(seed: int, decision: str) -> bool:
    return dice(seed, "grants", decision).random() < GRANTS


def takes_over(seed: int, task: str, day: date, *, due: datetime) -> bool:
    """Whether a colleague looks after what lies with somebody who is away and is due by tomorrow."""
    urgent = due.date() <= day + timedelta(days=1)
    return urgent and dice(seed, "takes over", task, day).random() < TAKES_OVER


def paid_after(seed: int, payment: str) -> timedelta:
    """How long somebody takes to pay; everybody does in the end."""
    days = min(about(dice(seed, "pays", payment), PAID_DAYS, 0.8), LATEST_ANSWER)
    return timedelta(minutes=round(days * 24 * 60))


def answers_after(seed: int, question: str) -> timedelta | None:
    """How long a question lies before it is answered; None when nobody ever does."""
    rng = dice(seed, "answers", question)
    if rng.random() < UNANSWERED:
        return None
    return timedelta(minutes=round(min(about(rng, ANSWER_HOURS, 0.8), 72) * 60))


def is_silent(seed: int, task: str) -> bool:
    return dice(seed, "silent", task).random() < SILENT


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
