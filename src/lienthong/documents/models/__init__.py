"""Tables of documents."""

from lienthong.documents.models.circuit import SigningRound, SigningTurn
from lienthong.documents.models.documents import Document, DocumentFile
from lienthong.documents.models.drafts import Draft, DraftOpinion, DraftVersion
from lienthong.documents.models.finding import Findable, SavedSearch
from lienthong.documents.models.following import Book, BookFile, MoreTime, Phrase, Urging
from lienthong.documents.models.incoming import Arrival, Note, Task
from lienthong.documents.models.outgoing import Issue, Sending
from lienthong.documents.models.packages import Package
from lienthong.documents.models.records import (
    Disposal,
    DisposedRecord,
    HandedRecord,
    HandOver,
    Record,
    RecordItem,
    RecordLine,
    RecordList,
)
from lienthong.documents.models.scans import WaitingFile

__all__ = [
    "Arrival",
    "Book",
    "BookFile",
    "Disposal",
    "DisposedRecord",
    "Document",
    "DocumentFile",
    "Draft",
    "DraftOpinion",
    "DraftVersion",
    "Findable",
    "HandOver",
    "HandedRecord",
    "Issue",
    "MoreTime",
    "Note",
    "Package",
    "Phrase",
    "Record",
    "RecordItem",
    "RecordLine",
    "RecordList",
    "SavedSearch",
    "Sending",
    "SigningRound",
    "SigningTurn",
    "Task",
    "Urging",
    "WaitingFile",
]
