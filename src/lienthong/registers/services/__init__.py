"""The use cases of registers: entering, changing, correcting and ending entries, and reading them."""

from lienthong.registers.holding import StillReferred
from lienthong.registers.services.reading import PurposeNeeded, Read, read, read_file
from lienthong.registers.services.viewing import ViewNotKept, forget_view, save_view
from lienthong.registers.services.writing import (
    AlreadyThere,
    ChangedMeanwhile,
    NotKeeper,
    change,
    correct,
    end,
    enter,
)

__all__ = [
    "AlreadyThere",
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
    "save_view",
]
