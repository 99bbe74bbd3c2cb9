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
from lienthong.documents.services.reading import NoSuchFile, read, read_file
from lienthong.documents.services.registering import (
    AlreadyRegistered,
    NewDocument,
    NoBook,
    NotComplete,
    NotTheClerk,
    Receiving,
    Upload,
    register,
)

__all__ = [
    "LONGEST_WORDS",
    "AlreadyRegistered",
    "Chosen",
    "NewDocument",
    "NoBook",
    "NoSuchDocument",
    "NoSuchFile",
    "NotComplete",
    "NotDirected",
    "NotTaken",
    "NotTheClerk",
    "NotWithYou",
    "Receiving",
    "Upload",
    "WordsNeeded",
    "direct",
    "finish",
    "give_back",
    "read",
    "read_file",
    "register",
    "take_back",
]
