"""Taking a number at the door, and giving it back."""

import secrets
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.numbering import services as numbering
from lienthong.queueing.definition import Group
from lienthong.queueing.models import Call, Ticket
from lienthong.queueing.queries.places import Shop, behind
from lienthong.queueing.queries.waiting import no_such_ticket, ticket_of

CHANNELS = {"kiosk": Ticket.Channel.KIOSK, "poster": Ticket.Channel.PHONE}
"""How a number was taken, by the door it was taken at."""


class NotGiven(DomainError):
    """Numbers are not given now, or not for this."""

    code = "queueing.not_given"


class Full(DomainError):
    code = "queueing.full"


def take(*, door: str, purpose: str, letter: str, priority: str = "", request: UUID) -> Ticket:
    """The next number of a group, taken at the door with that key.

    The same `request` gets the same number again, so that a press that is sent twice takes one.
    Raises NoSuchDoor, NotGiven, Full.
    """
    shop = behind(door, purpose)
    if taken := _taken(request):
        return taken
    group = _group(shop, letter, priority)
    try:
        return _give(shop, group, priority, request, CHANNELS[purpose])
    except IntegrityError:  # the same press at the same moment: the other one has it, and ours was rolled back
        taken = _taken(request)
        if taken is None:
            raise
        return taken


def _taken(request: UUID) -> Ticket | None:
    return Ticket.objects.filter(request=request, day=clock.today()).first()


def _group(shop: Shop, letter: str, priority: str) -> Group:
    if not shop.gives(clock.now()):
        raise NotGiven(
            _("Numbers are not given at this hour."), way_out=_("Come back at the hours that stand at the door.")
        )
    group = shop.body.by_letter.get(letter)
    if group is None or (priority and priority not in shop.body.priority):
        raise NotGiven(_("The queue has changed in the meantime."), way_out=_("Choose once more."))
    return group


@transaction.atomic
def _give(shop: Shop, group: Group, priority: str, request: UUID, channel: Ticket.Channel) -> Ticket:
    now = clock.now()
    number = numbering.take(f"queue of {shop.node.key} {group.letter}", period="day", at=now)
    if group.most_a_day is not None and number > group.most_a_day:
        raise Full(
            _("All %(most)s numbers of today for “%(group)s” are given."),
            way_out=_("Come another day, or hand the application in online."),
            most=group.most_a_day,
            group=group.name,
        )
    return Ticket.objects.create(
        day=now.date(),
        organisation_id=shop.node.id,
        letter=group.letter,
        number=number,
        secret=secrets.token_urlsafe(12),
        request=request,
        channel=channel,
        priority=priority,
        group=group.letter,
        taken_at=now,
    )


@transaction.atomic
def give_back(*, secret: str) -> Ticket:
    """The holder waits no longer. What is over stays as it is. Raises NoSuchTicket."""
    known = ticket_of(secret)
    ticket = Ticket.objects.select_for_update().filter(pk=known.pk, day=known.day).first()
    if ticket is None:
        raise no_such_ticket()
    if ticket.state not in (Ticket.State.WAITING, Ticket.State.CALLED):
        return ticket
    ticket.state, ticket.ended_at = Ticket.State.LEFT, clock.now()
    ticket.save(update_fields=["state", "ended_at"])
    Call.objects.filter(day=ticket.day, ticket_id=ticket.pk, ended_at__isnull=True).update(
        ended_at=ticket.ended_at, outcome=Call.Outcome.LEFT
    )
    return ticket
