"""What agencies wait for from an applicant, in all dossiers together."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db.models import Q

from lienthong.cases.models import PAUSING, Dossier, Message, Paper, StepVisit
from lienthong.cases.queries.own import of_person
from lienthong.cases.rules import Status
from lienthong.cases.services.pausing import supplement_until
from lienthong.cases.services.talking import closes_at
from lienthong.foundation import clock
from lienthong.identity.queries import Actor

MOST = 50
"""So many dossiers are looked at for each kind, the newest."""

Kind = Literal["supplement", "payment", "answer", "result"]


@dataclass(frozen=True, slots=True)
class ToDo:
    """Something to do in a dossier. `due` is None where no time is set; `said` is what the agency asks for."""

    kind: Kind
    dossier: Dossier
    since: datetime
    due: datetime | None = None
    said: str = ""


def todo_of(applicant: Actor) -> list[ToDo]:
    """What waits for this person, in all dossiers that are the person's to see: what has a due moment first, by it,
    then what has waited longest. Five queries."""
    own = of_person(applicant)
    concerned = Dossier.objects.filter(own, status__in=[*PAUSING, Status.FINISHED])
    dossiers = list(concerned.order_by("-id")[:MOST])
    found = [*_paused(dossiers), *_results(dossiers), *_questions(own)]
    return sorted(found, key=lambda each: (each.due is None, each.due or each.since, each.dossier.pk))


def _paused(dossiers: Iterable[Dossier]) -> Iterator[ToDo]:
    paused = {dossier.pk: dossier for dossier in dossiers if dossier.paused_at}
    waiting = StepVisit.objects.filter(dossier__in=list(paused), waiting=True, done_at=None)
    asked = dict(waiting.values_list("dossier_id", "request"))
    for pk, dossier in paused.items():
        assert dossier.paused_at
        if dossier.status == Status.SUPPLEMENT:
            yield ToDo("supplement", dossier, dossier.paused_at, supplement_until(dossier), asked.get(pk, ""))
        else:
            yield ToDo("payment", dossier, dossier.paused_at, said=asked.get(pk, ""))


def _results(dossiers: Iterable[Dossier]) -> Iterator[ToDo]:
    """Where a result is signed and nobody has taken it yet; that of a sub-dossier goes to its dossier."""
    settled = (dossier for dossier in dossiers if dossier.status == Status.FINISHED and not dossier.parent_id)
    finished = {dossier.pk: dossier for dossier in settled}
    ready = Paper.objects.filter(dossier__in=list(finished), kind="result", state=Paper.State.READY)
    for pk in set(ready.values_list("dossier_id", flat=True)):
        since = finished[pk].finished_at
        assert since
        yield ToDo("result", finished[pk], since)


def _questions(own: Q) -> Iterator[ToDo]:
    """What officers want to know, one for each dossier, while it can still be answered."""
    dossiers = Dossier.objects.filter(own).order_by()
    asked = Message.objects.filter(awaits=True, from_applicant=False, dossier__in=dossiers)
    first: dict[int, Message] = {}
    for message in asked.select_related("dossier").order_by("-pk")[:MOST]:
        first[message.dossier_id] = message
    now = clock.now()
    for message in first.values():
        closes = closes_at(message.dossier)
        if closes is None or now <= closes:
            yield ToDo("answer", message.dossier, message.sent_at)
