"""Publishing and retiring: the only code that writes definitions.

Who may publish is decided by who calls: an operator at the command line, an officer with the permission in the
workspace. Both leave their name.
"""

import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.definitions import queries, registry, shelf
from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.models import Definition, Retirement
from lienthong.foundation.definitions.planning import Change, Plan, plan, plan_text
from lienthong.foundation.definitions.registry import Kind
from lienthong.foundation.errors import Conflict, DomainError

__all__ = ["apply", "plan", "plan_text", "retire"]

PUBLISHED = ledger.event("definitions.published", _("A declaration was published"))
RETIRED = ledger.event("definitions.retired", _("A declaration was retired"))

PUBLISHING = zlib.crc32(b"lienthong.definitions")


class Unsound(DomainError):
    code = "definitions.unsound"


class Losing(DomainError):
    code = "definitions.losing"


class PublishedMeanwhile(Conflict):
    code = "definitions.published_meanwhile"


class AlreadyEnded(Conflict):
    code = "definitions.already_ended"


class InThePast(DomainError):
    code = "definitions.in_the_past"


class StillUsed(DomainError):
    code = "definitions.still_used"


def apply(
    plan: Plan,
    *,
    author: ledger.Actor | None = None,
    approver: ledger.Actor | None = None,
    note: str = "",
    allow_loss: bool = False,
) -> list[Definition]:
    """Publish what the plan would, all of it or nothing; what is published already is not published again.

    Raises Unsound for a plan with problems, Losing for one that would lose something unless that is allowed, and
    PublishedMeanwhile when anything was published or retired since the plan was made: what it was checked against is no
    longer what stands. Without an author, the operator publishes.
    """
    if plan.problems:
        raise Unsound(
            _("The declarations have %(count)d problems; the first: %(first)s"),
            way_out=_("Correct them and plan again."),
            count=len(plan.problems),
            first=plan.problems[0],
        )
    changes = plan.publishes
    if not changes:
        return []
    if plan.losses and not allow_loss:
        raise Losing(
            _("This would lose something: %(first)s"),
            way_out=_("If that is meant, publish it with --allow-loss."),
            first=plan.losses[0],
        )
    for kind in {change.kind.key: change.kind for change in changes}.values():
        if kind.prepare:
            kind.prepare([change.body for change in changes if change.kind is kind])
    return _publish(plan, changes, author, approver, note)


@transaction.atomic
def _publish(
    plan: Plan,
    changes: tuple[Change, ...],
    author: ledger.Actor | None,
    approver: ledger.Actor | None,
    note: str,
) -> list[Definition]:
    lock_publishing()
    if shelf.stamp() != plan.stamp:
        if _all_published(changes):
            return []
        raise PublishedMeanwhile(
            _("Something was published or retired after this plan was made."), way_out=_("Plan again.")
        )
    rows = [_row(change, author, approver, note) for change in changes]
    for row in rows:
        row.save(
            force_insert=True
        )  # bulk_create would send bodies inside an array, quoted once more, and take several times as long
    shelf.changed()
    for change, row in zip(changes, rows, strict=True):
        if change.kind.materialise:
            change.kind.materialise(row, change.body)
        approved_by = {"approver": approver.account_id} if approver else {}
        _record(PUBLISHED, row, author, {"checksum": row.checksum, "note": note, **approved_by})
    return rows


@transaction.atomic
def retire(
    kind: Kind[Any], key: str, *, reason: str, last_day: date | None = None, author: ledger.Actor | None = None
) -> Retirement:
    """End a declared thing after `last_day` (default: today). What runs on a version of it goes on undisturbed.

    Asked again with the same day it does nothing. Raises DefinitionNotFound, InThePast, AlreadyEnded, and StillUsed
    when other declarations refer to it.
    """
    day = last_day or clock.today()
    lock_publishing()
    row = queries.newest_row(kind, key)
    retired = Retirement.objects.filter(definition=row).first()
    if retired and retired.last_day == day:
        return retired
    what = {"kind": kind.title, "key": key}
    if day < clock.today():
        raise InThePast(_("The %(kind)s “%(key)s” has been in force until today; it cannot end earlier."), **what)
    end = retired.last_day if retired else row.effective_to
    if end and (retired or end <= day):
        raise AlreadyEnded(
            _("The %(kind)s “%(key)s” has an end already: %(day)s."),
            way_out=_("To change it, publish a new version."),
            day=f"{end:%d/%m/%Y}",
            **what,
        )
    if problem := next(_left_without(kind, key), None):
        raise StillUsed(
            _("The %(kind)s “%(key)s” is still used: %(problem)s"),
            way_out=_("First change what refers to it."),
            problem=problem,
            **what,
        )
    retirement = Retirement.objects.create(
        definition=row,
        last_day=day,
        retired_at=clock.now(),
        author_id=author.account_id if author else None,
        reason=reason,
    )
    shelf.changed()
    _record(RETIRED, row, author, {"last_day": day.isoformat(), "reason": reason})
    return retirement


def lock_publishing() -> None:
    """One publication or retirement at a time, until the transaction ends; so ids come in the order of commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PUBLISHING])


def _row(change: Change, author: ledger.Actor | None, approver: ledger.Actor | None, note: str) -> Definition:
    source = change.document.source
    return Definition(
        kind=change.kind.key,
        key=change.key,
        version=change.version,
        body=change.document.raw,
        checksum=change.checksum,
        effective_from=change.body.effective_from,
        effective_to=change.body.effective_to,
        published_at=clock.now(),
        author_id=author.account_id if author else None,
        approver_id=approver.account_id if approver else None,
        note=note,
        folder=source.folder,
        file=source.file,
        source=source.text,
    )


def _all_published(changes: tuple[Change, ...]) -> bool:
    """Whether somebody has published just this in the meantime: the same plan, applied twice."""
    standing = {(each.kind, each.key): each.checksum for each in queries.standing()}
    return all(standing.get((change.kind.key, change.key)) == change.checksum for change in changes)


def _record(event: ledger.EventKind, row: Definition, author: ledger.Actor | None, data: Mapping[str, Any]) -> None:
    about = {"kind": row.kind, "key": row.key, "version": row.version}
    ledger.record(event, subject=("definition", row.pk), actor=author, organisation_id=None, data={**about, **data})


def _left_without(kind: Kind[Any], key: str) -> Iterator[str]:
    """The problems that other declarations would have without it, and do not have with it."""
    now, then = Catalogue(), Catalogue(without={(kind.key, key)})
    for other in registry.in_order():
        if other.check is None or (kind is not other and kind.key not in other.after):
            continue
        for published in queries.newest(other, leave_out={key} if kind is other else ()):
            had = {(problem.path, str(problem.message)) for problem in other.check(published.body, now)}
            for problem in other.check(published.body, then):
                if (problem.path, str(problem.message)) not in had:
                    yield f"{other.title} {published.key}: {problem.message}"
