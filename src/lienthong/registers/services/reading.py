"""Opening an entry. Who has read personal data, and what for, is in the ledger."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import ledger
from lienthong.foundation.errors import DomainError
from lienthong.foundation.ledger.entries import Subject
from lienthong.identity.actors import Officer
from lienthong.registers import access, events, queries
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
    if personal and not purpose:
        raise PurposeNeeded(
            _("This entry holds personal data."), way_out=_("Say what you need it for; it is put on record.")
        )
    if personal:
        ledger.record(
            events.SEEN,
            subject=subject_of_readings(register, entry_id),
            actor=officer,
            organisation_id=found.organisation_id,
            data={"purpose": purpose},
        )
    return Read(found, slices, personal)


def subject_of_readings(register: str, entry_id: int) -> Subject:
    """Readings are recorded apart from the entry itself, whose history is shown to whoever may read it."""
    return (f"register-read.{register}", entry_id)


def _holds_personal_data(body: RegisterBody, entries: Iterable[Entry]) -> bool:
    wanted = body.layout.names(body.personal)
    rows = (body.layout.to_row(entry.values) for entry in entries)
    return any(row[name] is not None for row in rows for name in wanted)
