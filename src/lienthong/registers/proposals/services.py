"""The use cases of proposals."""

from lienthong.registers.proposals.deciding import ChangedSinceSeen, OwnProposal, approve, give_back, refuse
from lienthong.registers.proposals.policy import NobodyApproves, NoSuchProposal
from lienthong.registers.proposals.proposing import (
    GoneOn,
    NothingDifferent,
    ReasonNeeded,
    complete,
    propose,
    withdraw,
)
from lienthong.registers.proposals.together import (
    NothingToDo,
    NothingToSet,
    again,
    carry_on,
    choose,
    prepare,
    propose_together,
    send_prepared,
    throw_away,
)

__all__ = [
    "ChangedSinceSeen",
    "GoneOn",
    "NoSuchProposal",
    "NobodyApproves",
    "NothingDifferent",
    "NothingToDo",
    "NothingToSet",
    "OwnProposal",
    "ReasonNeeded",
    "again",
    "approve",
    "carry_on",
    "choose",
    "complete",
    "give_back",
    "prepare",
    "propose",
    "propose_together",
    "refuse",
    "send_prepared",
    "throw_away",
    "withdraw",
]
