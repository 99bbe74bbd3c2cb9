"""What officers are told about registers."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.clock import ZONE
from lienthong.notifications.kinds import group, message

REGISTERS = group("registers", _("Sector databases"))
EXPORT_READY = message(
    "register-export-ready",
    _("A list of a sector database is ready as a file"),
    REGISTERS,
    gives={"register": "Giấy phép xây dựng", "until": datetime(2025, 3, 31, 8, 30, tzinfo=ZONE)},
)
