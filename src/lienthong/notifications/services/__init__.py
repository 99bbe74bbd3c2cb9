"""The use cases of messages: telling people, sending what was told, what they have read and what they want to hear."""

from lienthong.notifications.services.preferences import save_preferences
from lienthong.notifications.services.reading import mark_all_read, mark_read
from lienthong.notifications.services.sending import deliver, take_report, take_up, tidy
from lienthong.notifications.services.telling import Recipient, notify

__all__ = [
    "Recipient",
    "deliver",
    "mark_all_read",
    "mark_read",
    "notify",
    "save_preferences",
    "take_report",
    "take_up",
    "tidy",
]
