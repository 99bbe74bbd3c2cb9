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
PROPOSED: dict[str, object] = {"register": "Giấy phép xây dựng", "code": "ĐN-12"}
PROPOSAL_APPROVED = message(
    "register-proposal-approved", _("Your proposed change of a register was approved"), REGISTERS, gives=PROPOSED
)
PROPOSAL_REFUSED = message(
    "register-proposal-refused", _("Your proposed change of a register was refused"), REGISTERS, gives=PROPOSED
)
PROPOSAL_RETURNED = message(
    "register-proposal-returned", _("Your proposed change is given back for completion"), REGISTERS, gives=PROPOSED
)
PROPOSAL_CARRIED_OUT = message(
    "register-proposal-carried-out",
    _("Your proposed change of many entries was carried out"),
    REGISTERS,
    gives={**PROPOSED, "done": 240, "total": 250},
)
