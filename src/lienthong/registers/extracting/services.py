"""Issuing extracts, and opening those that were issued."""

import uuid
from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.numbering.services import take
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.papers.codes import fresh_verification
from lienthong.foundation.papers.letterheads import symbol_of
from lienthong.foundation.statements import run
from lienthong.identity.actors import Officer
from lienthong.registers import access, events, queries
from lienthong.registers.access import Rights
from lienthong.registers.definition import RegisterBody
from lienthong.registers.extracting.models import Extract
from lienthong.registers.extracting.paper import Issuing, paper_of
from lienthong.registers.queries import AsOf, Entry
from lienthong.registers.rules import WrongDay
from lienthong.registers.services.reading import PurposeNeeded, subject_of_readings
from lienthong.signing.services import Seal, Stamp, sign_pdf

LONGEST_PURPOSE, LONGEST_NAME = 500, 200

EXTRACT = "register-extract"


class NotIssuer(NotAllowed):
    code = "registers.not_issuer"


class NothingToTell(DomainError):
    code = "registers.nothing_to_tell"


class NoSuchExtract(NotFound):
    code = "registers.no_such_extract"


@transaction.atomic
def issue(
    *,
    register: str,
    entry_id: int,
    fields: Collection[str],
    officer: Officer,
    day: date | None = None,
    purpose: str = "",
    issued_to: str = "",
    key: uuid.UUID | None = None,
) -> Extract:
    """Issue an extract of some fields of an entry as it was on a day (default: today), with the next number of the
    keeping agency and under its seal. Asked again with the same `key` it gives the extract that was issued.

    Only who may write the entry issues in the name of the agency that keeps it. Fields that are not theirs to read are
    left out. Raises NoSuchEntry, NotIssuer, NothingToTell, WrongDay, and PurposeNeeded where personal data stands in it
    and nobody said what for.
    """
    body = queries.register(register)
    run(f"SELECT id FROM {body.layout.table} WHERE id = %s FOR NO KEY UPDATE", [entry_id]).close()
    if key and (before := Extract.objects.filter(key=key, account_id=officer.account_id).first()):
        return before
    told_of = day or clock.today()
    rights = access.rights_of(officer, body, to="read")
    entry = _as_of(body, rights, entry_id, told_of)
    require_issuer(body, officer, entry.organisation_id)
    readable = rights.fields_at(entry.organisation_id)
    told = [each for each in body.leaves if each in fields and each in readable]
    if not told:
        raise NothingToTell(_("No field is chosen."), way_out=_("Tick at least one field."))
    personal = _personal(body, entry, told)
    purpose, issued_to = purpose.strip()[:LONGEST_PURPOSE], issued_to.strip()[:LONGEST_NAME]
    if personal and not purpose:
        raise PurposeNeeded(
            _("There is personal data in it: say what you need it for."),
            way_out=_("Write a few words, or leave out the personal fields."),
        )
    extract = _signed(body, entry, told, officer, told_of, issued_to)
    extract.key, extract.personal, extract.purpose = key or uuid.uuid4(), bool(personal), purpose
    extract.save()
    _record(extract, officer, personal)
    return extract


def require_issuer(body: RegisterBody, officer: Officer, organisation_id: int) -> None:
    """Raises NotIssuer."""
    if not may_issue(body, officer, organisation_id):
        raise NotIssuer(_("Extracts are issued by the agency that keeps the entry."))


def may_issue(body: RegisterBody, officer: Officer, organisation_id: int) -> bool:
    return bool(access.rights_of(officer, body, to="write").fields_at(organisation_id))


def _as_of(body: RegisterBody, rights: Rights, entry_id: int, day: date) -> Entry:
    """The entry as it was on the day, by what is known now; of today also one that ended."""
    today = clock.today()
    if day > today:
        raise WrongDay(_("That day has not come (%(day)s)."), day=f"{day:%d/%m/%Y}")
    return queries.entry(body, rights, entry_id, as_of=AsOf(day, clock.now()) if day < today else None)


def _personal(body: RegisterBody, entry: Entry, told: Collection[str]) -> list[str]:
    """The fields of personal data in which something stands."""
    row = body.layout.to_row(body.layout.only(entry.values, told))
    return [
        key for key in body.personal if key in told and any(row[name] is not None for name in body.layout.names([key]))
    ]


def _signed(body: RegisterBody, entry: Entry, told: list[str], officer: Officer, day: date, issued_to: str) -> Extract:
    """The extract with its number and its signed file; not saved yet."""
    now, agency, verification = clock.now(), tree()[entry.organisation_id], fresh_verification()
    symbol = f"TL-{symbol_of(agency)}"
    number = take(f"extracts:{agency.key}", period="year", at=now)
    by = Issuing(
        agency=agency,
        number=number,
        symbol=symbol,
        officer=officer.name,
        at=now,
        day=day,
        issued_to=issued_to,
        verification=verification,
    )
    pdf = sign_pdf(
        paper_of(body, entry, told, by), signer=_seal(agency), reason=f"Trích lục {number}/{symbol}", at=now,
        stamp=Stamp(place="seal"),
    )  # fmt: skip
    year = clock.local(now).year
    return Extract(
        register=body.key,
        entry_id=entry.id,
        revision=entry.revision,
        organisation_id=agency.id,
        year=year,
        number=number,
        symbol=symbol,
        account_id=officer.account_id,
        post_id=officer.acting.id,
        issued_at=now,
        day=day,
        fields=told,
        issued_to=issued_to,
        verification=verification,
        file=files.keep(pdf, name=f"Trích lục {number}-{year}.pdf", format_key="pdf"),
    )


def _seal(agency: Node) -> Seal:
    """Of the agency, or of that which it is part of."""
    sealing = agency if agency.identifier else tree().agency_of(agency)
    return Seal(organisation=sealing.name, organisation_identifier=sealing.identifier)


def _record(extract: Extract, officer: Officer, personal: list[str]) -> None:
    data = {
        "register": extract.register,
        "entry": extract.entry_id,
        "number": extract.called,
        "day": extract.day.isoformat(),
        "fields": extract.fields,
        "personal": personal,
        "purpose": extract.purpose,
    }
    ledger.record(
        events.EXTRACTED,
        subject=(EXTRACT, extract.pk),
        actor=officer,
        organisation_id=extract.organisation_id,
        data={name: value for name, value in data.items() if value},
    )
    if personal:
        _read(extract, officer, extract.purpose)


def _read(extract: Extract, officer: Officer, purpose: str) -> None:
    ledger.record(
        events.SEEN,
        subject=subject_of_readings(extract.register, extract.entry_id),
        actor=officer,
        organisation_id=extract.organisation_id,
        data={"purpose": purpose},
    )


@transaction.atomic
def open_extract(
    *, register: str, entry_id: int, key: uuid.UUID, officer: Officer, purpose: str = ""
) -> tuple[Extract, StoredFile]:
    """The signed file again, for whoever may read all that stands in it. `purpose`: as for reading an entry.

    Raises NoSuchExtract and PurposeNeeded.
    """
    body = queries.register(register)
    rights = access.rights_of(officer, body, to="read")
    found = Extract.objects.select_related("file").filter(register=register, entry_id=entry_id, key=key).first()
    if found is None or found.file is None or not set(found.fields) <= rights.fields_at(found.organisation_id):
        raise NoSuchExtract(_("There is no such extract, or it is not for you to see."))
    if found.personal:
        if not purpose:
            raise PurposeNeeded(
                _("There is personal data in it."), way_out=_("Say what you need it for; it is put on record.")
            )
        _read(found, officer, purpose)
    return found, found.file


def let_go_with(register: str, entry_ids: Collection[int]) -> dict[int, list[str]]:
    """Erase what extracts told of entries that are being erased, in the caller's transaction, which has locked these:
    of each stays its head alone (number, date, by whom) and that it was erased. The numbers of each entry's."""
    issued = Extract.objects.filter(register=register, entry_id__in=entry_ids, erased_at=None).select_for_update()
    found = list(issued.order_by("pk"))
    Extract.objects.filter(pk__in=[each.pk for each in found]).update(
        file=None, fields=[], issued_to="", purpose="", erased_at=clock.now()
    )
    numbers: dict[int, list[str]] = {}
    files.discard_unless_held(each.file_id for each in found if each.file_id is not None)
    for each in found:
        numbers.setdefault(each.entry_id, []).append(each.called)
    return numbers
