"""Tables of documents."""

from lienthong.documents.models.copies import CopyUse, Posting
from lienthong.documents.models.documents import Document, DocumentFile
from lienthong.documents.models.following import Book, BookFile, MoreTime, Phrase, Urging
from lienthong.documents.models.incoming import Arrival, Note, Task
from lienthong.documents.models.outgoing import Issue, Sending
from lienthong.documents.models.recipients import GroupMember, RecipientGroup
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
from lienthong.documents.models.relations import Relation
from lienthong.documents.models.scans import WaitingFile

__all__ = [
    "Arrival",
    "Book",
    "BookFile",
    "CopyUse",
    "Disposal",
    "DisposedRecord",
    "Document",
    "DocumentFile",
    "GroupMember",
    "HandOver",
    "HandedRecord",
    "Issue",
    "MoreTime",
    "Note",
    "Phrase",
    "Posting",
    "RecipientGroup",
    "Record",
    "RecordItem",
    "RecordLine",
    "RecordList",
    "Relation",
    "Sending",
    "Task",
    "Urging",
    "WaitingFile",
]
