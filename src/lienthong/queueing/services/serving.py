"""What a clerk does at a desk. Locks are taken in one order: the own seat, the number, the call."""

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict
from lienthong.identity.actors import Officer
from lienthong.queueing import rules
from lienthong.queueing.models import Call, Seat, Ticket
from lienthong.queueing.queries.places import Shop
from lienthong.queueing.queries.waiting import NoSuchTicket
from lienthong.queueing.services.seats import own_seat


class MovedOn(Conflict):
    """The number is not, or no longer, where the clerk saw it."""

    code = "queueing.moved_on"


class StillCalled(Conflict):
    code = "queueing.still_called"


@transaction.atomic
def call_next(*, officer: Officer, finishing: int | None = None) -> Call | None:
    """Call whoever is next for the own desk; None when nobody waits for it.

    `finishing` is the call that is being served there: it is done with that. Of two clerks at once nobody gets the
    same number: one that a colleague is just taking is passed over. Raises NotSeated, StillCalled, MovedOn.
    """
    shop, seat = own_seat(officer)
    if finishing is not None:
        _finish(_at_desk(seat, finishing))
    _must_be_free(seat)
    ticket = _next(shop, seat)
    return _call(ticket, seat) if ticket else None


@transaction.atomic
def call_number(*, officer: Officer, code: str) -> Call:
    """Call a certain number out of its turn: one that waits, or one that did not come and is here now.

    Raises NotSeated, NoSuchTicket, StillCalled, MovedOn.
    """
    shop, seat = own_seat(officer)
    _must_be_free(seat)
    ticket = _numbered(shop, code)
    if ticket.state not in (Ticket.State.WAITING, Ticket.State.ABSENT):
        raise MovedOn(
            _("The number %(code)s does not wait: %(state)s."), code=ticket.code, state=ticket.get_state_display()
        )
    return _call(ticket, seat)


@transaction.atomic
def call_again(*, officer: Officer, call: int) -> Call:
    """Call the number at the own desk once more. Raises NotSeated, MovedOn."""
    _shop, seat = own_seat(officer)
    row = _at_desk(seat, call)
    row.times, row.last_called_at = row.times + 1, clock.now()
    row.save(update_fields=["times", "last_called_at"])
    return row


@transaction.atomic
def start(*, officer: Officer, call: int) -> Call:
    """The person has come to the desk. Raises NotSeated, MovedOn."""
    _shop, seat = own_seat(officer)
    row = _at_desk(seat, call)
    if row.started_at is None:
        row.started_at = max(clock.now(), row.called_at)  # another machine's clock may be a little behind
        row.save(update_fields=["started_at"])
        Ticket.objects.filter(pk=row.ticket_id, day=row.day).update(state=Ticket.State.SERVING)
    return row


@transaction.atomic
def finish(*, officer: Officer, call: int) -> Call:
    """The person is served. Raises NotSeated, StillCalled when nobody has come yet, MovedOn."""
    _shop, seat = own_seat(officer)
    row = _at_desk(seat, call)
    _finish(row)
    return row


@transaction.atomic
def mark_absent(*, officer: Officer, call: int) -> Call:
    """Nobody came. The number can be called again, or put back into the queue. Raises NotSeated, MovedOn."""
    _shop, seat = own_seat(officer)
    row = _at_desk(seat, call)
    if row.started_at is not None:
        raise MovedOn(_("The number %(code)s is being served."), way_out=_("Finish it instead."), code=row.code)
    _end(row, Call.Outcome.ABSENT)
    _set(row, state=Ticket.State.ABSENT, ended_at=row.ended_at)
    return row


@transaction.atomic
def put_back(*, officer: Officer, code: str) -> Ticket:
    """Undo an absence: the number waits again where it was. Raises NotSeated, NoSuchTicket, MovedOn."""
    shop, _seat = own_seat(officer)
    ticket = _numbered(shop, code)
    if ticket.state == Ticket.State.ABSENT:
        ticket.state, ticket.ended_at = Ticket.State.WAITING, None
        ticket.save(update_fields=["state", "ended_at"])
    elif ticket.state != Ticket.State.WAITING:
        raise MovedOn(
            _("The number %(code)s does not wait: %(state)s."), code=ticket.code, state=ticket.get_state_display()
        )
    return ticket


@transaction.atomic
def pass_on(*, officer: Officer, call: int, to: str) -> Ticket:
    """Send the one at the own desk on: to a group by its letter, or to a desk by its number.

    They keep the time at which they came, so that they do not wait from the end again. Raises NotSeated, MovedOn.
    """
    shop, seat = own_seat(officer)
    row = _at_desk(seat, call)
    group, desk = _destination(shop, seat, row, to)
    _end(row, Call.Outcome.PASSED)
    _set(row, state=Ticket.State.WAITING, group=group, desk=desk)
    return Ticket.objects.get(pk=row.ticket_id, day=row.day)


def _destination(shop: Shop, seat: Seat, row: Call, to: str) -> tuple[str, int | None]:
    if to in shop.body.by_letter and to != row.group:
        return to, None
    desk = shop.body.by_number.get(int(to)) if to.isascii() and to.isdigit() and len(to) < 3 else None
    if desk is None or desk.number == seat.desk:
        raise MovedOn(_("There is no such group or desk to pass to."), way_out=_("Choose another one."))
    return (row.group if row.group in desk.groups else desk.groups[0]), desk.number


def _next(shop: Shop, seat: Seat) -> Ticket | None:
    """The first that no colleague is taking just now. The database locks one row; the order is that of the rules."""
    desk = shop.body.by_number.get(seat.desk)
    if desk is None:
        return None
    staffed = set(Seat.objects.filter(organisation_id=shop.node.id, day=seat.day).values_list("desk", flat=True))
    here = rules.OpenDesk(desk.number, frozenset(desk.groups))
    waiting = Ticket.objects.filter(organisation_id=shop.node.id, day=seat.day, state=Ticket.State.WAITING)
    left = {each.pk: each.as_waiting for each in waiting.filter(Q(group__in=desk.groups) | Q(desk=desk.number))}
    while (wanted := rules.next_for(here, left.values(), staffed)) is not None:
        locked = waiting.select_for_update(skip_locked=True).filter(pk=wanted.id).first()
        if locked and rules.may_take(here, locked.as_waiting, staffed):
            return locked
        del left[wanted.id]
    return None


def _call(ticket: Ticket, seat: Seat) -> Call:
    now = clock.now()
    ticket.state, ticket.called_at, ticket.ended_at = Ticket.State.CALLED, ticket.called_at or now, None
    ticket.save(update_fields=["state", "called_at", "ended_at"])
    return Call.objects.create(
        day=ticket.day,
        organisation_id=ticket.organisation_id,
        ticket_id=ticket.pk,
        letter=ticket.letter,
        number=ticket.number,
        group=ticket.group,
        desk=seat.desk,
        account_id=seat.account_id,
        called_at=now,
        last_called_at=now,
    )


def _open_at(seat: Seat) -> Call | None:
    return Call.objects.filter(
        organisation_id=seat.organisation_id, day=seat.day, desk=seat.desk, ended_at__isnull=True
    ).first()


def _must_be_free(seat: Seat) -> None:
    call = _open_at(seat)
    if call is None:
        return
    if call.started_at is None:
        raise StillCalled(
            _("The number %(code)s is being called at your desk."),
            way_out=_("Begin with it when the person is here, or mark it as absent."),
            code=call.code,
        )
    raise StillCalled(
        _("The number %(code)s is being served at your desk."), way_out=_("Finish it first."), code=call.code
    )


def _at_desk(seat: Seat, id: int) -> Call:
    """The open call of that id at the desk, its number and itself locked. Raises MovedOn."""
    seen = _open_at(seat)
    if seen is None or seen.pk != id:
        raise MovedOn(_("This number is no longer at your desk."), way_out=_("See below what is there now."))
    list(Ticket.objects.select_for_update().filter(pk=seen.ticket_id, day=seen.day))
    call = Call.objects.select_for_update().filter(pk=id, day=seat.day, ended_at__isnull=True).first()
    if call is None:
        raise MovedOn(_("This number is no longer at your desk."), way_out=_("See below what is there now."))
    return call


def _finish(call: Call) -> None:
    if call.started_at is None:
        raise StillCalled(
            _("The number %(code)s is being called at your desk."),
            way_out=_("Begin with it when the person is here, or mark it as absent."),
            code=call.code,
        )
    _end(call, Call.Outcome.DONE)
    _set(call, state=Ticket.State.DONE, ended_at=call.ended_at)


def _end(call: Call, outcome: Call.Outcome) -> None:
    call.ended_at, call.outcome = clock.now(), outcome
    call.save(update_fields=["ended_at", "outcome"])


def _set(call: Call, **changes: object) -> None:
    Ticket.objects.filter(pk=call.ticket_id, day=call.day).update(**changes)


def _numbered(shop: Shop, text: str) -> Ticket:
    """Today's number that somebody typed, locked. Raises NoSuchTicket."""
    code = rules.read_code(text)
    here = Ticket.objects.select_for_update().filter(organisation_id=shop.node.id, day=clock.today())
    ticket = here.filter(letter=code[0], number=code[1]).first() if code else None
    if ticket is None:
        raise NoSuchTicket(_("Nobody has the number “%(code)s” today."), code=" ".join(text[:20].split()))
    return ticket
