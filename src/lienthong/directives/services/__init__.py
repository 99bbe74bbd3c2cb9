"""The use cases of directives, the only code that writes their tables."""

from lienthong.directives.services.carrying import (
    EVIDENCE,
    LONGEST_WORDS,
    NoSuchDirective,
    NotTaken,
    NotWithYou,
    Said,
    Upload,
    no_such_directive,
)
from lienthong.directives.services.doing import Whom, accept, complete, hand_on, report
from lienthong.directives.services.giving import MEETING, Order, Source, cancel, give
from lienthong.directives.services.judging import judge, send_back
from lienthong.directives.services.more_time import ask_more_time, decide_more_time
from lienthong.directives.services.urging import urge

__all__ = [
    "EVIDENCE",
    "LONGEST_WORDS",
    "MEETING",
    "NoSuchDirective",
    "NotTaken",
    "NotWithYou",
    "Order",
    "Said",
    "Source",
    "Upload",
    "Whom",
    "accept",
    "ask_more_time",
    "cancel",
    "complete",
    "decide_more_time",
    "give",
    "hand_on",
    "judge",
    "no_such_directive",
    "report",
    "send_back",
    "urge",
]
