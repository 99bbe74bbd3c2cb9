"""Asking for the copy, making it, taking it, forgetting it."""

from datetime import datetime, timedelta
from tempfile import TemporaryFile

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import NotFound
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.deferring import defer_named
from lienthong.identity.queries import Actor
from lienthong.notifications.services import Recipient, notify
from lienthong.personal import archive
from lienthong.personal.models import DataCopy
from lienthong.personal.notifying import COPY_READY
from lienthong.personal.sources import all_sources

MAKE_JOB, QUEUE = "personal.make_copy", "files"
ACCOUNT = "account"
"""The type of subject under which the ledger knows accounts."""

KEPT = timedelta(days=7)
AGAIN_AFTER = timedelta(hours=1)
"""Within it, asking again gives the copy that is there: it would hold the same."""
GIVEN_UP = timedelta(days=1)
"""A copy that is not made by then has lost its job; asking again makes a new one."""

COPY_ASKED = ledger.event("personal.copy_asked", _("A person asked for a copy of their data"))
COPY_TAKEN = ledger.event("personal.copy_taken", _("A person took the copy of their data"))


class NoSuchCopy(NotFound):
    code = "personal.no_such_copy"


def copy_of(actor: Actor) -> DataCopy | None:
    """The copy that is being made or lies ready; None for none, or when its days are over."""
    found = DataCopy.objects.select_related("file").filter(account_id=actor.account_id).first()
    now = clock.now()
    if found is None or (found.made_at and now >= kept_until(found)):
        return None
    return None if found.made_at is None and now - found.asked_at >= GIVEN_UP else found


def kept_until(copy: DataCopy) -> datetime:
    assert copy.made_at
    return copy.made_at + KEPT


@transaction.atomic
def ask_for_copy(*, actor: Actor) -> DataCopy:
    """Have a copy made. While one is being made, or was just made, that one stays: asking twice asks once."""
    now = clock.now()
    copy, begun = DataCopy.objects.get_or_create(account_id=actor.account_id, defaults={"asked_at": now})
    copy = DataCopy.objects.select_for_update().get(pk=copy.pk)
    if not begun and _stays(copy, now):
        return copy
    _forget_file(copy)
    copy.asked_at = now
    copy.save(update_fields=["asked_at"])
    ledger.record(COPY_ASKED, subject=(ACCOUNT, actor.account_id), actor=actor, organisation_id=None, data={})
    defer_named(MAKE_JOB, [{"account": actor.account_id, "asked_at": now.isoformat()}], queue=QUEUE)
    return copy


def _stays(copy: DataCopy, now: datetime) -> bool:
    if copy.made_at is None:
        return now - copy.asked_at < GIVEN_UP
    return now - copy.made_at < AGAIN_AFTER


def make_copy(account_id: int, asked_at: datetime) -> bool:
    """Make the copy that was asked for then, unless it is made or was asked for anew. Says whether it did.

    What a dying process leaves is nothing: the file belongs to the copy or is not there.
    """
    wanted = DataCopy.objects.filter(account_id=account_id, asked_at=asked_at, made_at=None)
    if not wanted.exists():
        return False
    with TemporaryFile() as target, translation.override(settings.LANGUAGE_CODE):
        archive.write(target, account_id, all_sources())
        target.seek(0)
        with transaction.atomic():
            copy = wanted.select_for_update().first()
            if copy is None:
                return False
            copy.file = files.keep(target, name=f"du-lieu-cua-toi-{clock.today():%Y-%m-%d}.zip", format_key="zip")
            copy.made_at = clock.now()
            copy.save(update_fields=["file", "made_at"])
            notify(
                kind=COPY_READY,
                to=Recipient(account_id),
                subject=(ACCOUNT, account_id),
                key=f"{account_id}:{asked_at.isoformat()}",
                context={"until": kept_until(copy)},
                link=reverse("portal:my_data"),
            )
    return True


@transaction.atomic
def take_copy(*, actor: Actor) -> StoredFile:
    """The file of one's own copy, on record. Raises NoSuchCopy."""
    copy = copy_of(actor)
    if copy is None or copy.file is None:
        raise NoSuchCopy(_("There is no copy of your data any more."), way_out=_("Ask for a new one."))
    ledger.record(COPY_TAKEN, subject=(ACCOUNT, actor.account_id), actor=actor, organisation_id=None, data={})
    return copy.file


def forget_old() -> int:
    """Remove the copies whose days are over. Returns how many."""
    old = list(DataCopy.objects.filter(made_at__lte=clock.now() - KEPT).values_list("pk", flat=True))
    return sum(_forget(pk) for pk in old)


@transaction.atomic
def _forget(copy_id: int) -> bool:
    old = DataCopy.objects.select_for_update().filter(pk=copy_id, made_at__lte=clock.now() - KEPT).first()
    if old is None:
        return False
    _forget_file(old)
    old.delete()
    return True


def _forget_file(copy: DataCopy) -> None:
    file_id = copy.file_id
    if file_id is None:
        return
    copy.file = copy.made_at = None
    copy.save(update_fields=["file", "made_at"])
    files.discard([file_id])
