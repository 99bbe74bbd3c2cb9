"""The end of a day: nobody waits over night."""

from datetime import date

from django.db import transaction

from lienthong.foundation import clock
from lienthong.queueing import rules
from lienthong.queueing.models import Call, Seat, Ticket
from lienthong.queueing.queries.places import NoSuchQueue, shop_of


def close_days() -> int:
    """Close what is open of every day that is over. Returns how many numbers were closed."""
    opened = Ticket.objects.filter(state__in=Ticket.OPEN).values_list("organisation_id", "day").distinct()
    over = [(organisation, day) for organisation, day in opened if _is_over(organisation, day)]
    return sum(close_day(organisation_id=organisation, day=day) for organisation, day in over)


def _is_over(organisation_id: int, day: date) -> bool:
    if day < clock.today():
        return True
    try:
        hours = shop_of(organisation_id).hours(day)
    except NoSuchQueue:
        return True
    return rules.is_over(day, hours, clock.now())


@transaction.atomic
def close_day(*, organisation_id: int, day: date) -> int:
    """Close the day of one shop: who was at a desk counts as served, who was called as absent, who waits as not called.
    Asked again it does nothing. Returns how many numbers were closed."""
    now = clock.now()
    list(Seat.objects.select_for_update().filter(organisation_id=organisation_id, day=day).order_by("pk"))
    open_ones = Ticket.objects.filter(organisation_id=organisation_id, day=day, state__in=Ticket.OPEN)
    tickets = list(open_ones.select_for_update().order_by("pk"))
    Call.objects.filter(organisation_id=organisation_id, day=day, ended_at__isnull=True).update(
        ended_at=now, outcome=Call.Outcome.CLOSED
    )
    becomes = {
        Ticket.State.WAITING: Ticket.State.UNSERVED,
        Ticket.State.CALLED: Ticket.State.ABSENT,
        Ticket.State.SERVING: Ticket.State.DONE,
    }
    for before, after in becomes.items():
        ids = [ticket.pk for ticket in tickets if ticket.state == before]
        Ticket.objects.filter(day=day, pk__in=ids).update(state=after, ended_at=now)
    return len(tickets)
