"""The use cases of registers: entering, changing, correcting and ending entries, and reading them."""

from lienthong.registers.holding import StillReferred
from lienthong.registers.services.reading import PurposeNeeded, Read, read, read_file
from lienthong.registers.services.viewing import ViewNotKept, forget_view, save_view
from lienthong.registers.services.writing import (
    DIRECTLY,
    AlreadyThere,
    ApprovalNeeded,
    Approved,
    ChangedMeanwhile,
    NotKeeper,
    change,
    correct,
    end,
    enter,
    require_no_approval,
)

__all__ = [
    "DIRECTLY",
    "AlreadyThere",
    "ApprovalNeeded",
    "Approved",
    "ChangedMeanwhile",
    "NotKeeper",
    "PurposeNeeded",
    "Read",
    "StillReferred",
    "ViewNotKept",
    "change",
    "correct",
    "end",
    "enter",
    "forget_view",
    "read",
    "read_file",
    "require_no_approval",
    "save_view",
]
