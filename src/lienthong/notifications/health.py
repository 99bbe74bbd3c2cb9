"""What `lt doctor` says about messages."""

from datetime import timedelta

from django.conf import settings

from lienthong.foundation import clock
from lienthong.notifications import channels, kinds
from lienthong.notifications.definition import TEMPLATE
from lienthong.notifications.models import Delivery
from lienthong.notifications.services.sending import ON_ITS_WAY
from lienthong.runtime.health import Finding, check, fine, worth_a_look

_SENT_WITHIN = timedelta(hours=1)
_LOOKED_BACK = timedelta(days=7)
_MOST_COUNTED = 100


@check("Messages", needs_database=True)
def messages() -> list[Finding]:
    """Whether gateways are set up, and whether what was told goes out."""
    found = [*_wordings(), *_gateways(), *_waiting(), *_failed()]
    return found or [fine("go out.")]


def _wordings() -> list[Finding]:
    worded = {each.key for each in TEMPLATE.all()}
    missing = [kind.key for kind in kinds.all_kinds() if kind.key not in worded]
    if not missing:
        return []
    return [worth_a_look(f"Nobody is told: {', '.join(missing)}.", mend="Declare a message-template of that key.")]


def _gateways() -> list[Finding]:
    found = []
    for channel in channels.offered().values():
        gateway, uses = channels.gateway_of(channel), channel.gateway.uses
        if gateway is None:
            found.append(worth_a_look(f"{channel.key}: no gateway {uses} is installed.", mend="Declare another."))
        elif lacking := gateway.lacks():
            found.append(worth_a_look(f"{channel.key}: {lacking}.", mend="Set it for every web and worker process."))
        elif uses == "file" and not settings.DEMO:
            where = f"LT_HOME/messages/{channel.key}"
            found.append(
                worth_a_look(f"{channel.key}: messages are only written to {where}.", mend="Declare its gateway.")
            )
    return found


def _waiting() -> list[Finding]:
    late = Delivery.objects.filter(state__in=ON_ITS_WAY, created_at__lt=clock.now() - _SENT_WITHIN)
    found = late.order_by("changed_at").first()
    if found is None:
        return []
    since = f"{clock.local(found.created_at):%d/%m/%Y %H:%M}"
    return [
        worth_a_look(
            f"{found.channel}: messages wait since {since} ({found.error or 'nobody has tried to send them'}).",
            mend="Is `lt work` running, and does the gateway answer?",
        )
    ]


def _failed() -> list[Finding]:
    since = clock.now() - _LOOKED_BACK
    failed = Delivery.objects.filter(state=Delivery.State.FAILED, created_at__gte=since)[:_MOST_COUNTED]
    number = len(failed)
    if not number:
        return []
    shown = f"{number} or more" if number == _MOST_COUNTED else str(number)
    return [worth_a_look(f"{shown} could not be delivered in seven days; one of them: {failed[0].error}")]
