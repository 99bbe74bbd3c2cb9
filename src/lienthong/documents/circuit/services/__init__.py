"""What is done with drafts from presenting them to their issue. The only code that writes rounds and turns."""

from lienthong.documents.circuit.services.carrying import NUMBERING, SIGNING, GoneOn
from lienthong.documents.circuit.services.issuing import Dispatch, issue_signed
from lienthong.documents.circuit.services.presenting import Asked, present
from lienthong.documents.circuit.services.together import begin, choose, of
from lienthong.documents.circuit.services.turning import (
    check,
    give_back,
    read,
    read_file,
    redirect,
    return_draft,
    sign,
    take_back,
)

__all__ = [
    "NUMBERING",
    "SIGNING",
    "Asked",
    "Dispatch",
    "GoneOn",
    "begin",
    "check",
    "choose",
    "give_back",
    "issue_signed",
    "of",
    "present",
    "read",
    "read_file",
    "redirect",
    "return_draft",
    "sign",
    "take_back",
]
