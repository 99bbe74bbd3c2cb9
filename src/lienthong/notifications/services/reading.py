"""What people have read of what they were told."""

from lienthong.foundation import clock
from lienthong.identity.queries import Actor
from lienthong.notifications import queries
from lienthong.notifications.models import Notification


def mark_read(*, notification_id: int, reader: Actor) -> Notification:
    """One's own message, read now unless it was read before. Raises NoSuchNotification."""
    found = queries.own(reader.account_id, notification_id)
    if found.read_at is None:
        found.read_at = clock.now()
        found.save(update_fields=["read_at"])
    return found


def mark_all_read(*, reader: Actor, up_to: int) -> int:
    """Those up to the one that the person saw as the newest; what came in since stays unread. Returns how many."""
    unread = Notification.objects.filter(account_id=reader.account_id, read_at__isnull=True, pk__lte=up_to)
    return unread.update(read_at=clock.now())
