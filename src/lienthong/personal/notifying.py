"""What people are told about their own data."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.clock import ZONE
from lienthong.notifications.kinds import group, message

OWN_DATA = group("own-data", _("Your own data"))
COPY_READY = message(
    "data-copy-ready",
    _("The copy of your data is ready"),
    OWN_DATA,
    gives={"until": datetime(2025, 3, 31, 8, 30, tzinfo=ZONE)},
)
