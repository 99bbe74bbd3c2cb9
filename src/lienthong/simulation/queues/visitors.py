"""Who comes to a one-stop shop on a day, for what, and how patient they are. Pure: each follows from its number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lienthong.queueing.definition import Group, QueueBody
from lienthong.simulation.chance import about, dice, pick
from lienthong.simulation.dossiers.arrivals import MONTHS, WEEKDAYS

EARLY = 0.35
"""Of those of a stretch of hours: how many come in its first fifth, as people do."""
PRIORITY, PHONE = 0.07, 0.3
PATIENCE = 75.0  # minutes
ABSENT = 0.04

SERVICE_SPREAD = 0.45


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who takes a number. `minutes` of service, `walk` to the desk; leaves when not called in `patience`."""

    number: int
    moment: datetime
    group: Group
    priority: str
    phone: bool
    patience: timedelta
    walk: timedelta
    minutes: float
    comes: bool


def visitors(
    seed: int, body: QueueBody, day: date, stretches: Sequence[tuple[datetime, datetime]], usual: int
) -> list[Visitor]:
    """Those of a working day, `usual` of them on an average one. `stretches` are when numbers are given."""
    busy = WEEKDAYS[day.weekday()] * MONTHS[day.month - 1]
    count = round(about(dice(seed, "visitors", body.key, day), usual * max(busy, 0.6), 0.15)) if stretches else 0
    return sorted(
        (_visitor(seed, body, day, stretches, number) for number in range(count)), key=lambda visitor: visitor.moment
    )


def _visitor(
    seed: int, body: QueueBody, day: date, stretches: Sequence[tuple[datetime, datetime]], number: int
) -> Visitor:
    rng = dice(seed, "visitor", body.key, day, number)
    first, last = stretches[0] if rng.random() < 0.6 else stretches[-1]
    share = rng.random() * 0.2 if rng.random() < EARLY else rng.random()
    group = pick(rng, body.groups)
    priority = pick(rng, body.priority) if body.priority and rng.random() < PRIORITY else ""
    return Visitor(
        number=number,
        moment=(first + (last - first) * share).replace(microsecond=0),
        group=group,
        priority=priority,
        phone=rng.random() < PHONE,
        patience=timedelta(minutes=about(rng, PATIENCE, 0.5)),
        walk=timedelta(seconds=rng.randint(15, 70)),
        minutes=about(rng, group.minutes, SERVICE_SPREAD),
        comes=rng.random() >= ABSENT,
    )
