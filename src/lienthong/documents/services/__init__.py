"""The use cases of documents, the only code that writes their tables."""

from lienthong.documents.rules.following import NoMoreTime
from lienthong.documents.rules.journey import NotDirected
from lienthong.documents.services.carrying import NoSuchDocument, NotTaken, no_such_document
from lienthong.documents.services.directing import (
    LONGEST_WORDS,
    Chosen,
    NotWithYou,
    WordsNeeded,
    direct,
    finish,
    give_back,
    take_back,
)
from lienthong.documents.services.issuing import (
    Completed,
    Finished,
    NewIssue,
    NotReachable,
    issue,
    read_issue,
    read_issue_file,
    recall,
)
from lienthong.documents.services.more_time import ask_more_time, decide_more_time
from lienthong.documents.services.phrases import NoPhrase, drop_phrase, keep_phrase
from lienthong.documents.services.presenting import AlreadyPresented, present
from lienthong.documents.services.reading import NoSuchFile, read, read_file
from lienthong.documents.services.receiving import NotWaiting, TakingIn, confirm_recall, send_back, take_in
from lienthong.documents.services.registering import (
    AlreadyRegistered,
    NewDocument,
    NoBook,
    NotComplete,
    NotTheClerk,
    Receiving,
    register,
)
from lienthong.documents.services.secrecy import Secret
from lienthong.documents.services.stamping import NotStamped, stamped_copy
from lienthong.documents.services.urging import urge
from lienthong.documents.services.waiting import ACCEPTED, NoFile, Upload

__all__ = [
    "ACCEPTED",
    "LONGEST_WORDS",
    "AlreadyPresented",
    "AlreadyRegistered",
    "Chosen",
    "Completed",
    "Finished",
    "NewDocument",
    "NewIssue",
    "NoBook",
    "NoFile",
    "NoMoreTime",
    "NoPhrase",
    "NoSuchDocument",
    "NoSuchFile",
    "NotComplete",
    "NotDirected",
    "NotReachable",
    "NotStamped",
    "NotTaken",
    "NotTheClerk",
    "NotWaiting",
    "NotWithYou",
    "Receiving",
    "Secret",
    "TakingIn",
    "Upload",
    "WordsNeeded",
    "ask_more_time",
    "confirm_recall",
    "decide_more_time",
    "direct",
    "drop_phrase",
    "finish",
    "give_back",
    "issue",
    "keep_phrase",
    "no_such_document",
    "present",
    "read",
    "read_file",
    "read_issue",
    "read_issue_file",
    "recall",
    "register",
    "send_back",
    "stamped_copy",
    "take_back",
    "take_in",
    "urge",
]
