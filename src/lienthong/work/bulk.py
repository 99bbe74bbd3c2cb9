"""Doing the same to many subjects: each in a transaction of its own, each once, however often a process dies.

A business room registers what can be done with `doer`, puts the chosen subjects down with `prepare`, settles what is
done to each and calls `begin`. A line's outcome is written in the transaction that did it, so that a line is either
done and marked, or neither; whoever runs the bulk next goes on with the lines that are open.
"""

import logging
import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, DomainError, NotFound
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.foundation.ledger.kinds import event
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.work.models import Bulk, BulkLine
from lienthong.work.services import Subject

MOST = 500
"""Subjects of one bulk."""
AT_ONCE = 20
"""So many are done while the officer waits for the page; more are a job."""
RUN_JOB, QUEUE = "work.run_bulk", "work"
RESCUE = timedelta(minutes=1)
"""After so long a job takes up a small bulk whose request died."""
UNCONFIRMED_FOR, KEPT = timedelta(days=1), timedelta(days=90)
"""How long a bulk is kept that nobody confirmed, and the results of one that was."""

BULK = "bulk"
"""The type of subject under which the ledger knows bulks."""
STARTED = event("work.bulk_started", _("Something was begun for many subjects at once"))
STOP_ASKED = event("work.bulk_stop_asked", _("Something for many subjects was asked to stop"))
TAKEN = event("work.bulk_taken", _("The results of something for many subjects were taken along"))

logger = logging.getLogger(__name__)
Outcome = BulkLine.Outcome


class NoSuchBulk(NotFound):
    code = "work.no_such_bulk"


class NothingChosen(DomainError):
    code = "work.nothing_chosen"


class TooManyChosen(DomainError):
    code = "work.too_many_chosen"


class NoOfficerAnyMore(Conflict):
    code = "work.no_officer_any_more"


Doer = Callable[[Officer, Bulk, BulkLine], object]
"""Does one line, in the caller's transaction. Raises DomainError when it refuses."""

Ender = Callable[[Bulk], object]
"""Called once, in the transaction that finishes a bulk."""

_doers: dict[str, Doer] = {}
_enders: dict[str, Ender] = {}


def ender(name: str) -> Callable[[Ender], Ender]:
    """Register what is done when a bulk with this deed is at its end."""

    def register(function: Ender) -> Ender:
        if _enders.setdefault(name, function) is not function:
            raise ValueError(f"two functions end the bulks called {name!r}")
        return function

    return register


def doer(name: str) -> Callable[[Doer], Doer]:
    """Register what does the lines of bulks with this deed. Keep the name: bulks under way know it."""

    def register(function: Doer) -> Doer:
        if _doers.setdefault(name, function) is not function:
            raise ValueError(f"two functions do the bulks called {name!r}")
        return function

    return register


@dataclass(frozen=True, slots=True)
class Chosen:
    """A subject that was chosen. `part_id` says which part of it, where that is known."""

    subject: Subject
    part_id: int
    code: str
    title: str
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Progress:
    """How many lines came to which outcome."""

    counts: Mapping[str, int]

    def of(self, outcome: str) -> int:
        return self.counts.get(outcome, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def passed(self) -> int:
        return self.total - self.of(Outcome.OPEN)


@transaction.atomic
def prepare(
    *,
    officer: Officer,
    deed: str,
    name: str,
    chosen: Sequence[Chosen],
    given: Mapping[str, Any] | None = None,
    most: int = MOST,
) -> Bulk:
    """Put down what was chosen, to be confirmed. A subject that was chosen twice is there once.

    Raises NothingChosen, TooManyChosen.
    """
    once = {(*each.subject, each.part_id): each for each in chosen}
    if not once:
        raise NothingChosen(_("Nothing is chosen."), way_out=_("Tick the rows first, then press the button."))
    if len(once) > most:
        raise too_many(most)
    bulk = Bulk.objects.create(
        account_id=officer.account_id,
        post_id=officer.acting.id,
        deed=deed,
        name=name[:200],
        given=dict(given or {}),
        prepared_at=clock.now(),
    )
    BulkLine.objects.bulk_create(
        BulkLine(
            bulk=bulk,
            subject_type=each.subject[0],
            subject_id=each.subject[1],
            part_id=each.part_id,
            code=each.code[:60],
            title=each.title[:500],
            given=dict(each.given),
        )
        for each in once.values()
    )
    return bulk


def too_many(most: int = MOST) -> TooManyChosen:
    return TooManyChosen(
        _("At most %(most)s can be done at once."), way_out=_("Choose fewer, and do the rest afterwards."), most=most
    )


def bulk_of(key: uuid.UUID, officer: Officer, *, lock: bool = False) -> Bulk:
    """The one gate to a bulk: only to one's own. Raises NoSuchBulk."""
    bulks = Bulk.objects.select_for_update() if lock else Bulk.objects.all()
    bulk = bulks.filter(key=key, account_id=officer.account_id).first()
    if bulk is None:
        raise no_such_bulk()
    return bulk


def no_such_bulk() -> NoSuchBulk:
    return NoSuchBulk(
        _("There is no such selection any more."),
        way_out=_("What was not confirmed is kept for a day, results for 90 days."),
    )


def begin(bulk: Bulk, *, officer: Officer, settled: Mapping[int, Mapping[str, Any] | str]) -> None:
    """Confirm a locked bulk that was prepared: from now on it is done.

    `settled` says by line what is done to it, or in words why nothing is; other lines are dropped. A job is enqueued
    in any case; a small bulk is also run by who confirms it, and the job then finds nothing left to do.
    """
    bulk.started_at = clock.now()
    bulk.save(update_fields=["started_at", "given"])
    bulk.lines.exclude(pk__in=settled.keys()).delete()
    lines = list(bulk.lines.order_by("id"))
    for line in lines:
        match settled[line.pk]:
            case str(why):
                line.outcome, line.message, line.done_at = Outcome.REFUSED, why, bulk.started_at
            case given:
                line.given = dict(given)
    BulkLine.objects.bulk_update(lines, ["given", "outcome", "message", "done_at"])
    count = sum(line.outcome == Outcome.OPEN for line in lines)
    ledger.record(
        STARTED,
        subject=(BULK, bulk.pk),
        actor=officer,
        organisation_id=officer.acting.organisation.id,
        data={"deed": bulk.deed, "name": bulk.name, "lines": count},
    )
    later = bulk.started_at + RESCUE if count <= AT_ONCE else None
    defer_named(RUN_JOB, [{"bulk": bulk.pk}], queue=QUEUE, not_before=later)


@transaction.atomic
def stop(*, key: uuid.UUID, officer: Officer) -> Bulk:
    """Leave out what is not done yet. What was done stays done; asked twice, it is asked once."""
    bulk = bulk_of(key, officer, lock=True)
    if bulk.started_at and not bulk.finished_at and not bulk.stop_asked_at:
        bulk.stop_asked_at = clock.now()
        bulk.save(update_fields=["stop_asked_at"])
        organisation_id = officer.acting.organisation.id
        ledger.record(
            STOP_ASKED,
            subject=(BULK, bulk.pk),
            actor=officer,
            organisation_id=organisation_id,
            data={"name": bulk.name},
        )
    return bulk


def run(bulk_id: int) -> None:
    """Do the open lines, one after the other, until none is left or the officer stops it. Two may run the same bulk."""
    while _next(bulk_id):
        pass


@transaction.atomic
def _next(bulk_id: int) -> bool:
    """Do one line that is open and in nobody else's hands. False when there is none."""
    bulk = Bulk.objects.filter(pk=bulk_id, started_at__isnull=False, finished_at=None).first()
    if bulk is None:
        return False
    line = BulkLine.objects.select_for_update(skip_locked=True).filter(bulk_id=bulk_id, outcome=Outcome.OPEN)
    found = line.order_by("id").first()
    if found is None:
        _finish(bulk)
        return False
    if bulk.stop_asked_at:
        _leave_rest(bulk_id)
        return True
    _do(bulk, found)
    return True


def _do(bulk: Bulk, line: BulkLine) -> None:
    try:
        with transaction.atomic():
            _doers[bulk.deed](_officer(bulk), bulk, line)
    except DatabaseError:
        raise  # nothing is said of the line: the job is tried again
    except DomainError as refused:
        gone_on = isinstance(refused, (Conflict, NotFound))
        close(line, Outcome.CHANGED if gone_on else Outcome.REFUSED, refused.in_full)
    except Exception:  # a mistake of ours in one line does not keep the others
        logger.exception("line %s of the bulk %s failed", line.pk, bulk.pk)
        close(line, Outcome.FAILED, str(_("Something went wrong in the system. Nothing was done to this one.")))
    else:
        close(line, Outcome.DONE)


def close(line: BulkLine, outcome: Outcome, message: str = "") -> None:
    """Say what came of a line, in the transaction that did it."""
    line.outcome, line.message, line.done_at = outcome, message, clock.now()
    line.save(update_fields=["outcome", "message", "done_at"])


def _officer(bulk: Bulk) -> Officer:
    """Who confirmed it, with the posts held now. Raises NoOfficerAnyMore."""
    account = Account.objects.filter(pk=bulk.account_id, is_active=True).first()
    actor = actor_of(account, acting_post_id=bulk.post_id) if account else None
    if not isinstance(actor, Officer):
        raise NoOfficerAnyMore(_("Whoever started this holds no post any more."))
    return actor


def _leave_rest(bulk_id: int) -> None:
    """Lines in the hands of another process are left to it."""
    rest = BulkLine.objects.select_for_update(skip_locked=True).filter(bulk_id=bulk_id, outcome=Outcome.OPEN)
    ids = list(rest.values_list("pk", flat=True))
    BulkLine.objects.filter(pk__in=ids).update(outcome=Outcome.STOPPED, done_at=clock.now())


def _finish(bulk: Bulk) -> None:
    """Unless somebody else still has a line of it, who then finishes it."""
    still = BulkLine.objects.filter(bulk=OuterRef("pk"), outcome=Outcome.OPEN)
    finished = Bulk.objects.filter(~Exists(still), pk=bulk.pk, finished_at=None).update(finished_at=clock.now())
    if finished and bulk.deed in _enders:
        _enders[bulk.deed](bulk)


def progress(bulk: Bulk) -> Progress:
    return Progress(Counter(bulk.lines.values_list("outcome", flat=True)))


def under_way(officer: Officer) -> list[Bulk]:
    """What runs for the officer now, with how many lines there are and how many are passed."""
    passed = Count("lines", filter=~Q(lines__outcome=Outcome.OPEN))
    running = Bulk.objects.filter(account_id=officer.account_id, started_at__isnull=False, finished_at=None)
    return list(running.annotate(total=Count("lines"), passed=passed).order_by("-id")[:5])


def latest(officer: Officer, most: int = 50) -> list[Bulk]:
    """What the officer has begun lately, the last first, with how many lines there are and how many were done."""
    done = Count("lines", filter=Q(lines__outcome=Outcome.DONE))
    begun = Bulk.objects.filter(account_id=officer.account_id, started_at__isnull=False)
    return list(begun.annotate(total=Count("lines"), done=done).order_by("-id")[:most])


@transaction.atomic
def taken(bulk: Bulk, *, officer: Officer, how: str) -> list[BulkLine]:
    """The lines of a bulk to be taken along as a file, which is put on record: titles may name people."""
    ledger.record(
        TAKEN,
        subject=(BULK, bulk.pk),
        actor=officer,
        organisation_id=officer.acting.organisation.id,
        data={"how": how, "name": bulk.name},
    )
    return list(bulk.lines.order_by("id"))


def forget() -> int:
    """Delete what nobody confirmed, and results that are old. Says how many bulks."""
    now = clock.now()
    old = Q(started_at=None, prepared_at__lt=now - UNCONFIRMED_FOR) | Q(finished_at__lt=now - KEPT)
    _rows, deleted = Bulk.objects.filter(old, prepared_at__lt=now - UNCONFIRMED_FOR).delete()
    return deleted.get("work.Bulk", 0)
