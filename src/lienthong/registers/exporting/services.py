"""Asking for a list as a file, making it, taking it, forgetting it."""

import tempfile
import uuid
from collections.abc import Collection
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from typing import IO

from django.conf import settings
from django.db import DatabaseError, transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import DomainError, NotFound
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.foundation.sheets.writing import MOST_ROWS
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account
from lienthong.identity.queries import actor_of
from lienthong.notifications.services import Recipient, notify
from lienthong.registers import access, events, queries
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody
from lienthong.registers.exporting.models import Export
from lienthong.registers.exporting.writing import has_geometry, writer
from lienthong.registers.looking import Look
from lienthong.registers.notifying import EXPORT_READY

MAKE_JOB, QUEUE = "registers.make_export", "registers"
AT_ONCE = 1_000
"""So many entries are written while the officer waits; more are a job."""
KEPT = timedelta(days=7)
SEEN_EVERY = 2_000
"""Entries after which the page is told how far it is."""
SHORTEST_PURPOSE = 10


class PurposeNeeded(DomainError):
    code = "registers.purpose_needed"


class NothingChosen(DomainError):
    code = "registers.nothing_chosen"


class NoSuchFormat(DomainError):
    code = "registers.no_such_format"


class TooManyForSheet(DomainError):
    code = "registers.too_many_for_sheet"


class NoSuchExport(NotFound):
    code = "registers.no_such_export"


@transaction.atomic
def ask(
    *,
    register: str,
    query: str,
    fields: Collection[str],
    format_key: str,
    purpose: str,
    officer: Officer,
    key: uuid.UUID | None = None,
) -> Export:
    """Have a list, as the query of its address says, written to a file with some fields. Asked again with the same
    `key` it is asked once.

    What somebody may not read is not in it, whatever was asked for. Raises NotAllowed, NothingChosen, NoSuchFormat, and
    PurposeNeeded where personal data is in it and nobody said what for.
    """
    body = queries.register(register)
    rights = access.require(officer, body, to="read")
    if key and (before := Export.objects.filter(key=key, account_id=officer.account_id).first()):
        return before
    fields = fields_of(body, rights, fields)
    if not fields:
        raise NothingChosen(_("No field is chosen."), way_out=_("Tick at least one field."))
    if format_key not in formats_of(body, fields):
        raise NoSuchFormat(_("The list cannot be written in this form."), way_out=_("Choose another form."))
    purpose = purpose.strip()[:500]
    if personal(body, fields) and len(purpose) < SHORTEST_PURPOSE:
        raise PurposeNeeded(
            _("There is personal data in it: say what you need it for."),
            way_out=_("Write a few words, or leave out the personal fields."),
        )
    found, made = Export.objects.get_or_create(
        key=key or uuid.uuid4(),
        defaults={
            "register": register,
            "account_id": officer.account_id,
            "post_id": officer.acting.id,
            "format": format_key,
            "query": query,
            "fields": list(fields),
            "purpose": purpose,
            "asked_at": clock.now(),
        },
    )
    if made:
        _record(found, body, officer)
        defer_named(MAKE_JOB, [{"export": found.pk}], queue=QUEUE)
    return found


def fields_of(body: RegisterBody, rights: access.Rights, chosen: Collection[str]) -> tuple[str, ...]:
    """The fields that may be read, of those chosen, in the order of the form."""
    return tuple(key for key in body.leaves if key in rights.fields and key in chosen)


def formats_of(body: RegisterBody, fields: Collection[str]) -> list[str]:
    with_map = has_geometry(body.leaves[key] for key in fields)
    return [each for each in Export.Format.values if each != Export.Format.GEOJSON or with_map]


def personal(body: RegisterBody, fields: Collection[str]) -> list[str]:
    return [key for key in fields if key in body.personal]


def _record(found: Export, body: RegisterBody, officer: Officer) -> None:
    """What words were looked for may name people: the ledger says that there were some."""
    look = _look(found, body, access.rights_of(officer, body, to="read"))
    data = {
        "register": found.register,
        "format": found.format,
        "fields": found.fields,
        "personal": personal(body, found.fields),
        "narrowed_by": [*look.filters.keys, *(["text"] if look.words else [])],
        "purpose": found.purpose,
    }
    ledger.record(
        events.EXPORTED,
        subject=("register-export", found.pk),
        actor=officer,
        organisation_id=officer.acting.organisation.id,
        data={name: value for name, value in data.items() if value},
    )


def make(export_id: int, *, at_once: bool = False) -> bool:
    """Write the file, unless it is written. `at_once`: only where it is short, while somebody waits. Says whether it is
    there; what a dying process leaves is nothing."""
    found = Export.objects.filter(pk=export_id, made_at=None, stopped_at=None).first()
    if found is None:
        return True
    with tempfile.TemporaryFile() as target, translation.override(settings.LANGUAGE_CODE):
        try:
            written = _write(found, target, AT_ONCE if at_once else None)
        except DatabaseError:
            raise  # the job is tried again
        except DomainError as refused:
            stopped = {"stopped_at": clock.now(), "problem": refused.in_full}
            Export.objects.filter(pk=found.pk, made_at=None).update(**stopped)
            return True
        if written is None:
            return False
        target.seek(0)
        _keep(found.pk, target, written, tell=not at_once)
    return True


def _write(found: Export, target: IO[bytes], most: int | None) -> int | None:
    """How many entries were written; None when there are more than `most`."""
    body = queries.register(found.register)
    rights = access.require(_officer(found), body, to="read")
    look = _look(found, body, rights)
    keys = fields_of(body, rights, found.fields)
    entries = queries.every(body, rights, look.filters, sort=look.sort, as_of=look.as_of)
    limit = MOST_ROWS - 1 if found.format == Export.Format.XLSX else None
    number = 0
    with closing(writer(found.format, target, body, keys, look.context)) as out:
        for number, entry in enumerate(entries if most is None else islice(entries, most + 1), start=1):
            if most is not None and number > most:
                return None
            if limit and number > limit:
                raise TooManyForSheet(
                    _("A spreadsheet holds no more than %(most)s rows."),
                    way_out=_("Take it as CSV."),
                    most=f"{limit:,}",
                )
            out.entry(entry)
            if most is None and number % SEEN_EVERY == 0:
                Export.objects.filter(pk=found.pk).update(passed=number)
    return number


def _look(found: Export, body: RegisterBody, rights: access.Rights) -> Look:
    return Look(body, rights, QueryDict(found.query), context(), clock.local(found.asked_at).date())


@transaction.atomic
def _keep(export_id: int, target: IO[bytes], written: int, *, tell: bool) -> None:
    found = Export.objects.select_for_update().get(pk=export_id)
    if found.made_at:  # somebody else was quicker
        return
    name = f"{queries.register(found.register).name} {clock.now():%Y-%m-%d %H%M}.{found.format}"
    found.file = files.keep(target, name=name, format_key=found.format)
    found.made_at, found.passed = clock.now(), written
    found.save(update_fields=["file", "made_at", "passed"])
    if tell:
        notify(
            kind=EXPORT_READY,
            to=Recipient(found.account_id),
            subject=("register-export", found.pk),
            key=str(found.key),
            context={"register": queries.register(found.register).name, "until": kept_until(found)},
            link=reverse("registers:export", args=[found.register, found.key]),
        )


def kept_until(found: Export) -> datetime:
    assert found.made_at
    return found.made_at + KEPT


def export_of(*, register: str, key: uuid.UUID, officer: Officer) -> Export:
    """The one gate to an export: only to one's own, while one may read the register. Raises NoSuchExport and
    NotAllowed."""
    access.require(officer, queries.register(register), to="read")
    exports = Export.objects.select_related("file")
    found = exports.filter(key=key, register=register, account_id=officer.account_id).first()
    if found is None:
        raise NoSuchExport(_("There is no such file any more, or it is not yours."))
    return found


def exports_of(*, register: str, officer: Officer, most: int = 10) -> list[Export]:
    """One's own whose days are not over, the last first."""
    young = Export.objects.filter(asked_at__gte=clock.now() - KEPT)
    return list(young.filter(account_id=officer.account_id, register=register).order_by("-id")[:most])


def file_of(*, register: str, key: uuid.UUID, officer: Officer) -> StoredFile:
    """Raises NoSuchExport while it is not made, and when its days are over."""
    found = export_of(register=register, key=key, officer=officer)
    if found.file is None or clock.now() >= kept_until(found):
        raise NoSuchExport(_("There is no such file any more, or it is not yours."), way_out=_("Have it made again."))
    return found.file


def forget_old() -> int:
    """Delete what lies longer than its days. Says how many."""
    old = list(Export.objects.filter(asked_at__lt=clock.now() - KEPT - timedelta(days=1)).values_list("pk", flat=True))
    return sum(_forget(each) for each in old)


@transaction.atomic
def _forget(export_id: int) -> bool:
    found = Export.objects.select_for_update().filter(pk=export_id).first()
    if found is None:
        return False
    file_id = found.file_id
    found.delete()
    if file_id:
        files.discard([file_id])
    return True


def _officer(found: Export) -> Officer:
    """Who asked, with the posts held now."""
    account = Account.objects.filter(pk=found.account_id, is_active=True).first()
    actor = actor_of(account, acting_post_id=found.post_id) if account else None
    if not isinstance(actor, Officer):
        raise NoSuchExport(_("Whoever began this holds no post any more."))
    return actor
