"""Opening an entry. Who has read personal data, and what for, is in the ledger."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import ledger
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.ledger.entries import Subject
from lienthong.identity.actors import Officer
from lienthong.registers import access, events, queries
from lienthong.registers.attaching.services import fields_with
from lienthong.registers.definition import RegisterBody
from lienthong.registers.queries import AsOf, Entry, Slice


class PurposeNeeded(DomainError):
    """The entry holds personal data, and it was not said what it is read for."""

    code = "registers.purpose_needed"


@dataclass(frozen=True, slots=True)
class Read:
    """An entry as it was asked for, and every state that it was in or thought to be in, what we know best first."""

    entry: Entry
    slices: Sequence[Slice]
    personal: bool


@transaction.atomic
def read(*, register: str, entry_id: int, officer: Officer, purpose: str = "", as_of: AsOf | None = None) -> Read:
    """An entry with its history, as the officer may read it. `purpose`: what personal data is read for; it is put on
    record, and not asked for where there is none in sight.

    Raises NoSuchEntry and PurposeNeeded.
    """
    body = queries.register(register)
    rights = access.rights_of(officer, body, to="read")
    slices = queries.history(body, rights, entry_id)
    found = queries.entry(body, rights, entry_id, as_of=as_of) if as_of else slices[0].entry
    personal = _holds_personal_data(body, [each.entry for each in slices])
    if personal:
        _put_on_record(register, found, officer, purpose, {})
    return Read(found, slices, personal)


@transaction.atomic
def read_file(*, register: str, entry_id: int, file_id: int, officer: Officer, purpose: str = "") -> StoredFile:
    """A file that an entry has or had, for who may read a field in which it was. `purpose` as in `read`, where all of
    those fields hold personal data.

    Raises NoSuchEntry and PurposeNeeded.
    """
    body = queries.register(register)
    rights = access.rights_of(officer, body, to="read")
    slices = queries.history(body, rights, entry_id)
    keys = fields_with(body, (each.entry.values for each in slices), file_id)
    if not keys:
        raise queries.NoSuchEntry(_("There is no such file, or it is not for you to see."))
    if keys <= set(body.personal):
        _put_on_record(register, slices[0].entry, officer, purpose, {"file": file_id})
    return StoredFile.objects.get(pk=file_id)


@transaction.atomic
def tell(*, register: str, entry: Entry, officer: Officer, purpose: str) -> None:
    """Put on record that an officer was told of personal data of an entry elsewhere than on its card: whether it agrees
    with what somebody says, or what a form was filled in with."""
    _put_on_record(register, entry, officer, purpose, {})


def _put_on_record(register: str, entry: Entry, officer: Officer, purpose: str, data: Mapping[str, Any]) -> None:
    if not purpose:
        raise PurposeNeeded(
            _("This entry holds personal data."), way_out=_("Say what you need it for; it is put on record.")
        )
    ledger.record(
        events.SEEN,
        subject=subject_of_readings(register, entry.id),
        actor=officer,
        organisation_id=entry.organisation_id,
        data={"purpose": purpose, **data},
    )


def subject_of_readings(register: str, entry_id: int) -> Subject:
    """Readings are recorded apart from the entry itself, whose history is shown to whoever may read it."""
    return (f"register-read.{register}", entry_id)


def _holds_personal_data(body: RegisterBody, entries: Iterable[Entry]) -> bool:
    wanted = body.layout.names(body.personal)
    rows = (body.layout.to_row(entry.values) for entry in entries)
    return any(row[name] is not None for row in rows for name in wanted)
