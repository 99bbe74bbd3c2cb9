"""What the clerk does with an incoming document: registers it under a number, presents it (NĐ 30/2020 art. 21-23)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events, policy
from lienthong.documents.definition import book_for
from lienthong.documents.models import Arrival
from lienthong.documents.queries import duplicates
from lienthong.documents.queries.incoming import Alike
from lienthong.documents.rules.journey import Status
from lienthong.documents.rules.marks import Mark
from lienthong.documents.rules.urgency import Urgency
from lienthong.documents.services.building import built
from lienthong.documents.services.carrying import open_first, put_registered_on_record, record
from lienthong.documents.services.secrecy import refuse_secrets
from lienthong.documents.services.waiting import ACCEPTED, Upload, handed_over
from lienthong.foundation import clock, rows
from lienthong.foundation.errors import Conflict, DomainError, NotAllowed
from lienthong.foundation.files import services as files
from lienthong.foundation.numbering.services import take
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import HeldPost, Officer


class NotTheClerk(NotAllowed):
    code = "documents.not_the_clerk"


class NoBook(DomainError):
    code = "documents.no_book"


class NotComplete(DomainError):
    """`errors` by the name of the field."""

    code = "documents.not_complete"

    def __init__(self, errors: dict[str, object]) -> None:
        super().__init__(_("Some fields are missing or wrong."))
        self.errors = errors


class AlreadyRegistered(Conflict):
    """`arrivals` are those that look like the same document; none where what there is is limited to others."""

    code = "documents.already_registered"

    def __init__(self, alike: Alike) -> None:
        self.arrivals, self.hidden = list(alike.seen), alike.hidden
        if not alike.seen:
            super().__init__(
                _("The agency seems to have registered this document already. It is limited to posts by name."),
                way_out=_("Ask the leader of the agency. If yours is another document, register it all the same."),
            )
        else:
            super().__init__(
                _("The agency seems to have registered this document already, under the number %(number)s."),
                way_out=_("Look at it. If yours is another document, register it all the same."),
                number=alike.seen[0].number,
            )


@dataclass(frozen=True, slots=True)
class NewDocument:
    """What a document that came in says of itself."""

    mark: Mark | None
    dated: date | None
    kind: str
    abstract: str
    issuer_name: str
    issuer_id: int | None = None
    signer_name: str = ""
    signer_position: str = ""
    urgency: Urgency = Urgency.NORMAL
    pages: int | None = None
    circulation: str = ""


@dataclass(frozen=True, slots=True)
class Receiving:
    """How it came: `arrived_at` aware, `present_to` the post of whom it is shown to first; `limited`: nobody else sees
    it but who registers it and whom it is handed to, until more posts are named."""

    way: str = Arrival.Way.PAPER
    arrived_at: datetime | None = None
    due_at: datetime | None = None
    remark: str = ""
    present_to: int | None = None
    words: str = ""
    limited: bool = False


@transaction.atomic
def register(
    *,
    agency_id: int,
    document: NewDocument,
    officer: Officer,
    key: UUID,
    receiving: Receiving | None = None,
    uploads: Sequence[Upload] = (),
    another: bool = False,
) -> Arrival:
    """Enter a document in the agency's register of incoming documents and give it the next number; present it where
    said to whom. The same key registers once. Its files are those that wait in the form of this key, then `uploads`:
    the document itself first. `another`: it is another document, though one like it is there.

    Raises NotTheClerk, NotComplete, Secret, NoBook, AlreadyRegistered, FileRefused, NotTaken.
    """
    agency, post = clerk_of(agency_id, officer)
    if earlier := Arrival.objects.filter(key=key, organisation_id=agency.id).first():
        return earlier
    now, receiving = clock.now(), receiving or Receiving()
    arrived_at = receiving.arrived_at or now
    _require_complete(document, receiving, now)
    symbol = document.mark.notation if document.mark else ""
    refuse_secrets(symbol=symbol, abstract=document.abstract)
    if not another and (found := duplicates(agency.id, document, officer)):
        raise AlreadyRegistered(found)
    stored = handed_over(key, officer)
    sent = [files.store(each.content, name=each.name, policy=ACCEPTED, actor=officer) for each in uploads]
    stored += [(each.pk, each.format == "eml" and bool(stored)) for each in sent]
    try:
        with transaction.atomic():
            arrival = _kept(agency, document, stored, receiving, key, arrived_at=arrived_at)
            entered(arrival, agency, officer, now=now)
            rows.insert([arrival])
    except IntegrityError:
        earlier = Arrival.objects.filter(key=key, organisation_id=agency.id).first()
        if earlier is None:
            raise
        return earlier
    put_registered_on_record(arrival, officer)
    if arrival.limited:
        arrival.readers.set([post.id])
        record(events.LIMITED, arrival, officer, {"given": [post.id]})
    if receiving.present_to:
        open_first(arrival, agency, post, officer, to=receiving.present_to, words=receiving.words, key=key, now=now)
    return arrival


def _kept(
    agency: Node,
    new: NewDocument,
    stored: Sequence[tuple[int, bool]],
    receiving: Receiving,
    key: UUID,
    *,
    arrived_at: datetime,
) -> Arrival:
    document = built(new, mark=new.mark, issuer_name=new.issuer_name, issuer_id=new.issuer_id, stored=stored)
    return Arrival(
        key=key,
        document=document,
        organisation_id=agency.id,
        way=receiving.way,
        arrived_at=arrived_at,
        arrived_on=clock.local(arrived_at).date(),
        due_at=receiving.due_at,
        remark=receiving.remark.strip(),
        limited=receiving.limited,
    )


def entered(arrival: Arrival, agency: Node, officer: Officer, *, now: datetime) -> None:
    """Give it the next number of the agency's book, before it is written. Raises NoBook."""
    book = book_for("incoming", agency, arrival.document.kind)
    if book is None:
        raise NoBook(
            _("%(agency)s has no book of incoming documents."),
            way_out=_("The administrator can declare one."),
            agency=agency.name,
        )
    arrival.book, arrival.year = book.key, clock.local(now).year
    arrival.number = take(book.numbers(agency), period="year", at=now)
    arrival.status, arrival.registered_at, arrival.registered_by_id = Status.REGISTERED, now, officer.account_id


def _require_complete(new: NewDocument, receiving: Receiving, now: datetime) -> None:
    errors: dict[str, object] = {}
    if not new.abstract.strip():
        errors["abstract"] = _("Say what it is about, as the document does (trích yếu).")
    if not new.issuer_name.strip():
        errors["issuer"] = _("Say which agency or organisation it is from.")
    if new.dated and new.dated > clock.local(now).date():
        errors["dated"] = _("The document is dated on a day that has not come.")
    if receiving.arrived_at and receiving.arrived_at > now:
        errors["arrived"] = _("It cannot have arrived at a moment that has not come.")
    if new.dated and receiving.arrived_at and new.dated > clock.local(receiving.arrived_at).date():
        errors["arrived"] = _("It arrived before the day it is dated.")
    if receiving.due_at and receiving.due_at <= now:
        errors["due"] = _("The time limit lies in the past.")
    if errors:
        raise NotComplete(errors)


def clerk_of(agency_id: int, officer: Officer) -> tuple[Node, HeldPost]:
    """The agency, and the post by which the officer is its document clerk. Raises NotTheClerk."""
    agency = tree().nodes.get(agency_id)
    post = policy.post_for(officer, agency) if agency else None
    if agency is None or post is None:
        raise NotTheClerk(_("You do not register documents of this agency."))
    return agency, post
