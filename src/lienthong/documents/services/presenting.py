"""Presenting a document that was registered and not presented yet (NĐ 30/2020 art. 23)."""

from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import policy
from lienthong.documents.models import Arrival
from lienthong.documents.queries.incoming import visible_to
from lienthong.documents.rules.journey import Status
from lienthong.documents.services import carrying
from lienthong.documents.services.registering import NotTheClerk
from lienthong.foundation.errors import Conflict
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.work.rules import Part


class AlreadyPresented(Conflict):
    code = "documents.already_presented"


class NotRegistered(Conflict):
    """It has no number yet, or its sender took it back."""

    code = "documents.not_registered"


@transaction.atomic
def present(*, arrival_id: int, officer: Officer, key: UUID, to: int, words: str = "") -> Arrival:
    """Present it to the holders of the post `to`. Presenting it to them again does nothing more.

    Raises NoSuchDocument, NotTheClerk, NotRegistered, AlreadyPresented, NotTaken.
    """
    if not visible_to(officer).filter(pk=arrival_id).exists():
        raise carrying.no_such_document()
    handled = carrying.lock(arrival_id)
    clerk = policy.post_for(officer, handled.agency)
    if clerk is None:
        raise NotTheClerk(_("You do not register documents of this agency."))
    if handled.arrival.status not in {Status.REGISTERED, Status.ASSIGNED, Status.IN_PROCESS, Status.DONE}:
        raise NotRegistered(_("The document is not registered, or was recalled."))
    first = next((task for task in handled.tasks.values() if task.parent_id is None), None)
    if first and (first.post_id, first.part) == (to, Part.LEAD):
        return handled.arrival
    if first:
        raise AlreadyPresented(_("The document was presented already."), way_out=_("Its page says to whom."))
    carrying.open_first(
        handled.arrival, tree()[handled.agency.id], clerk, officer, to=to, words=words, key=key, now=handled.now
    )
    return handled.arrival
