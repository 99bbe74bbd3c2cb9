"""Sending what was told: each delivery until it is taken or given up, at most once in effect.

A delivery is marked as being sent before the gateway is called. Where a worker dies in between, the next one finds the
mark: it sends again by a gateway that knows repeats by their id, and otherwise says that nobody knows whether it
arrived, rather than sending twice.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.core.cache import cache

from lienthong.foundation import clock, rows
from lienthong.notifications import channels, rules
from lienthong.notifications.definition import ChannelBody
from lienthong.notifications.gateways import Gateway, Outgoing, Refused, Report, Unavailable
from lienthong.notifications.models import Delivery, Notification, Told
from lienthong.notifications.services.telling import defer_deliveries

ON_ITS_WAY = (Delivery.State.WAITING, Delivery.State.SENDING)

PAUSE = 60
"""Seconds for which a gateway that does not answer is left alone, so that no worker waits for it again and again."""

FORGOTTEN_AFTER = timedelta(hours=2)
"""A delivery on its way that nobody has looked after for so long has lost its job; several times the longest wait."""

MOST_TAKEN_UP = 10_000
"""Deliveries that get a new job in one go."""

TOLD_KEPT = timedelta(days=400)

UNKNOWN = "The worker ended while this was being sent; whether it arrived is not known."


def deliver(delivery_id: int, created_at: datetime) -> None:
    """Try to send, if that is still to be done. Raises what hinders the gateway, for another try later."""
    found = rows.fetch(Delivery, "id = %s AND created_at = %s", delivery_id, created_at)
    delivery = found[0] if found else None
    if delivery is None or delivery.state not in ON_ITS_WAY:
        return
    channel = channels.offered().get(delivery.channel)
    gateway = channels.gateway_of(channel) if channel else None
    if channel is None or gateway is None:
        _settle(delivery, Delivery.State.FAILED, error="This channel is no longer offered.")
    elif delivery.state == Delivery.State.SENDING and not gateway.knows_repeats:
        _settle(delivery, Delivery.State.FAILED, error=UNKNOWN)
    elif reason := cache.get(_paused(channel.key)):
        _hindered(delivery, Unavailable(reason))
    elif _begin(delivery):
        _send(delivery, channel, gateway)


def _begin(delivery: Delivery) -> bool:
    """Mark it as being sent; no when somebody else was quicker."""
    same = Delivery.objects.filter(pk=delivery.pk, created_at=delivery.created_at)
    same = same.filter(state=delivery.state, changed_at=delivery.changed_at)
    delivery.state, delivery.changed_at = Delivery.State.SENDING, clock.now()
    delivery.tries += 1
    return bool(same.update(state=delivery.state, changed_at=delivery.changed_at, tries=delivery.tries))


def _send(delivery: Delivery, channel: ChannelBody, gateway: Gateway) -> None:
    try:
        taken = gateway.send(_outgoing(delivery, channel))
    except Refused as refused:
        _settle(delivery, Delivery.State.FAILED, error=str(refused))
    except Exception as error:
        if isinstance(error, Unavailable):
            cache.set(_paused(channel.key), str(error)[:500], PAUSE)
        _hindered(delivery, error)
    else:
        delivery.reference = taken.reference[:200]
        _settle(delivery, Delivery.State.DELIVERED if taken.delivered else Delivery.State.SENT)


def _hindered(delivery: Delivery, error: Exception) -> None:
    """Keep it for another try, which raising asks for, or give it up."""
    why = str(error) if isinstance(error, Unavailable) else f"{type(error).__name__}: {error}"
    if rules.given_up(delivery.created_at, clock.now()):
        _settle(delivery, Delivery.State.FAILED, error=why)
        return
    _settle(delivery, Delivery.State.WAITING, error=why)
    raise error


def _settle(delivery: Delivery, state: Delivery.State, *, error: str = "") -> None:
    delivery.state, delivery.error, delivery.changed_at = state, error.replace("\0", "")[:500], clock.now()
    rows.change(delivery, "state", "error", "changed_at", "tries", "reference", within=["created_at"])


def _outgoing(delivery: Delivery, channel: ChannelBody) -> Outgoing:
    told = rows.fetch(Notification, "id = %s AND created_at = %s", delivery.notification_id, delivery.created_at)[0]
    if channel.full:
        text = told.text if channel.marks else rules.plain(told.text)
    else:
        text = rules.short(told.short, marks=channel.marks)
    return Outgoing(
        id=str(delivery.pk),
        channel=delivery.channel,
        to=delivery.address,
        recipient=told.recipient,
        kind=told.kind,
        title=told.title,
        text=text,
        link=settings.ORIGIN + told.link if told.link else "",
        language=told.language,
        data=told.data,
        at=clock.local(told.created_at),
    )


def _paused(channel: str) -> str:
    return f"notifications:paused:{channel}"


def take_report(*, channel: str, report: Report) -> bool:
    """Write down what a gateway says became of a message it took. Says whether there is such a message.

    A message that was reported as delivered stays so, whatever comes later.
    """
    told = Delivery.objects.filter(channel=channel, reference=report.reference)
    now = clock.now()
    if report.delivered:
        return bool(told.update(state=Delivery.State.DELIVERED, error="", changed_at=now))
    open_still = told.exclude(state=Delivery.State.DELIVERED)
    failed = open_still.update(state=Delivery.State.FAILED, error=report.failed[:500], changed_at=now)
    return bool(failed) or told.exists()


def take_up() -> int:
    """Give deliveries that have lost their job a new one. Returns how many."""
    before = clock.now() - FORGOTTEN_AFTER
    on_their_way = Delivery.objects.filter(state__in=ON_ITS_WAY, changed_at__lt=before)
    forgotten = list(on_their_way.order_by("changed_at")[:MOST_TAKEN_UP])
    defer_deliveries(forgotten)
    return len(forgotten)


def tidy() -> None:
    """Forget keys that nothing will use again."""
    Told.objects.filter(at__lt=clock.now() - TOLD_KEPT).delete()
