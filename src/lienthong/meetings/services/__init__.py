"""The use cases of the working calendar."""

from lienthong.meetings.services.arranging import ReasonNeeded, approve, end, may_end, publish
from lienthong.meetings.services.carrying import (
    ENGAGEMENT,
    WEEK,
    Missing,
    MovedOn,
    NewEngagement,
    NoSuchEngagement,
    no_such_engagement,
)
from lienthong.meetings.services.feeds import make_feed, revoke_feed
from lienthong.meetings.services.registering import (
    NotYours,
    change,
    copy,
    may_change,
    may_copy,
    may_register,
    register,
    units_for,
)

__all__ = [
    "ENGAGEMENT",
    "WEEK",
    "Missing",
    "MovedOn",
    "NewEngagement",
    "NoSuchEngagement",
    "NotYours",
    "ReasonNeeded",
    "approve",
    "change",
    "copy",
    "end",
    "make_feed",
    "may_change",
    "may_copy",
    "may_end",
    "may_register",
    "no_such_engagement",
    "publish",
    "register",
    "revoke_feed",
    "units_for",
]
