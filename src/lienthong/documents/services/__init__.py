"""The use cases of documents, the only code that writes their tables."""

from lienthong.documents.rules.journey import NotDirected
from lienthong.documents.services.carrying import NoSuchDocument, NotTaken
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
from lienthong.documents.services.presenting import AlreadyPresented, present
from lienthong.documents.services.reading import NoSuchFile, read, read_file
from lienthong.documents.services.registering import (
    AlreadyRegistered,
    NewDocument,
    NoBook,
    NotComplete,
    NotTheClerk,
    Receiving,
    register,
)
from lienthong.documents.services.stamping import NotStamped, stamped_copy
from lienthong.documents.services.waiting import ACCEPTED, NoFile, Refused, Upload

__all__ = [
    "ACCEPTED",
    "LONGEST_WORDS",
    "AlreadyPresented",
    "AlreadyRegistered",
    "Chosen",
    "NewDocument",
    "NoBook",
    "NoFile",
    "NoSuchDocument",
    "NoSuchFile",
    "NotComplete",
    "NotDirected",
    "NotStamped",
    "NotTaken",
    "NotTheClerk",
    "NotWithYou",
    "Receiving",
    "Refused",
    "Upload",
    "WordsNeeded",
    "direct",
    "finish",
    "give_back",
    "present",
    "read",
    "read_file",
    "register",
    "stamped_copy",
    "take_back",
]
