"""What this room holds about a person."""

from lienthong.foundation import clock
from lienthong.notifications.models import Delivery, Notification
from lienthong.personal.sources import Part, holds


@holds("thong-bao")
def notifications(account_id: int) -> Part:
    """What the person was told, and by which ways."""
    told = list(Notification.objects.filter(account_id=account_id).order_by("pk"))
    ways: dict[int, list[dict[str, str]]] = {}
    for each in Delivery.objects.filter(notification_id__in=[row.pk for row in told]).order_by("pk"):
        sent = {"kenh": each.channel, "den": each.address, "trang_thai": each.get_state_display()}
        ways.setdefault(each.notification_id, []).append(sent)
    return Part(
        [
            {
                "luc": clock.local(row.created_at),
                "tieu_de": row.title,
                "noi_dung": row.text,
                "da_doc": clock.local(row.read_at) if row.read_at else None,
                "da_gui": ways.get(row.pk, []),
            }
            for row in told
        ]
    )
