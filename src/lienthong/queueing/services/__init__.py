"""Everything that changes a queue."""

from lienthong.queueing.services.closing import close_day, close_days
from lienthong.queueing.services.doors import change_door, open_doors
from lienthong.queueing.services.seats import DeskTaken, NoSuchDesk, NotSeated, StillServing, leave_desk, sit_down
from lienthong.queueing.services.serving import (
    MovedOn,
    StillCalled,
    call_again,
    call_next,
    call_number,
    finish,
    mark_absent,
    pass_on,
    put_back,
    start,
)
from lienthong.queueing.services.taking import Full, NotGiven, give_back, take

__all__ = [
    "DeskTaken",
    "Full",
    "MovedOn",
    "NoSuchDesk",
    "NotGiven",
    "NotSeated",
    "StillCalled",
    "StillServing",
    "call_again",
    "call_next",
    "call_number",
    "change_door",
    "close_day",
    "close_days",
    "finish",
    "give_back",
    "leave_desk",
    "mark_absent",
    "open_doors",
    "pass_on",
    "put_back",
    "sit_down",
    "start",
    "take",
]
