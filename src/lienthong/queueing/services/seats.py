"""Sitting down at a desk for the day, and leaving it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import Conflict, NotFound
from lienthong.foundation.organisations.models import Organisation
from lienthong.identity.actors import Officer
from lienthong.queueing.models import Call, Seat
from lienthong.queueing.policy import SERVE, require_serve
from lienthong.queueing.queries.places import Shop, shop_for, shop_of


class NotSeated(Conflict):
    code = "queueing.not_seated"


class NoSuchDesk(NotFound):
    code = "queueing.no_such_desk"


class DeskTaken(Conflict):
    code = "queueing.desk_taken"


class StillServing(Conflict):
    code = "queueing.still_serving"


@transaction.atomic
def sit_down(*, officer: Officer, shop_key: str, desk: int, take_over: bool = False) -> Seat:
    """Sit at a desk today, leaving the one before. `take_over`: also when a colleague has not left it.

    Raises NoSuchQueue, NotAllowed, NoSuchDesk, DeskTaken, StillServing.
    """
    shop = shop_for(officer, shop_key, SERVE)
    require_serve(officer, shop.node)
    if desk not in shop.body.by_number:
        raise NoSuchDesk(_("There is no desk %(desk)s."), desk=desk)
    lock_shops(shop.node.id, *_where(officer))
    today = clock.today()
    own = Seat.objects.filter(account_id=officer.account_id).first()
    there = Seat.objects.filter(organisation_id=shop.node.id, desk=desk).select_related("account").first()
    if own and own == there and own.day == today:
        return own
    if there and there.day == today and there.account_id != officer.account_id and not take_over:
        raise DeskTaken(
            _("%(name)s sits at desk %(desk)s."),
            way_out=_("If your colleague has gone, take the desk over."),
            name=there.account.full_name,
            desk=desk,
        )
    if own and own.day == today:
        _nothing_open(own)
    for seat in (own, there):
        if seat:
            Seat.objects.filter(pk=seat.pk).delete()
    return Seat.objects.create(
        organisation_id=shop.node.id, desk=desk, account_id=officer.account_id, day=today, since=clock.now()
    )


@transaction.atomic
def leave_desk(*, officer: Officer) -> None:
    """Leave the own desk; who sits at none does nothing. Raises StillServing."""
    seat = Seat.objects.select_for_update().filter(account_id=officer.account_id).first()
    if seat is None:
        return
    if seat.day == clock.today():
        _nothing_open(seat)
    seat.delete()


def own_seat(officer: Officer) -> tuple[Shop, Seat]:
    """The desk where the officer sits today, locked: what one clerk presses happens one after the other.

    Raises NotSeated, NotAllowed.
    """
    seat = Seat.objects.select_for_update().filter(account_id=officer.account_id, day=clock.today()).first()
    if seat is None:
        raise NotSeated(_("You sit at no desk."), way_out=_("Choose the desk where you sit today."))
    shop = shop_of(seat.organisation_id)
    require_serve(officer, shop.node)
    return shop, seat


def lock_shops(*organisation_ids: int) -> None:
    """Who sits where in these shops changes one after the other; in the order of their ids."""
    list(Organisation.objects.select_for_update(no_key=True).filter(pk__in=organisation_ids).order_by("pk"))


def _where(officer: Officer) -> list[int]:
    return list(Seat.objects.filter(account_id=officer.account_id).values_list("organisation_id", flat=True))


def _nothing_open(seat: Seat) -> None:
    call = Call.objects.filter(
        organisation_id=seat.organisation_id, day=seat.day, desk=seat.desk, ended_at__isnull=True
    ).first()
    if call:
        raise StillServing(
            _("The number %(code)s is still at your desk."),
            way_out=_("Finish it, pass it on or mark it as absent first."),
            code=call.code,
        )
