"""Tables of documents."""

from lienthong.documents.models.copies import CopyUse, Posting
from lienthong.documents.models.documents import Circulation, Document, DocumentFile, Signature
from lienthong.documents.models.following import Book, BookFile, MoreTime, Phrase, Urging
from lienthong.documents.models.incoming import Arrival, Note, Task
from lienthong.documents.models.outgoing import Issue, Sending
from lienthong.documents.models.publishing import Publication
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
    "Circulation",
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
    "Publication",
    "RecipientGroup",
    "Record",
    "RecordItem",
    "RecordLine",
    "RecordList",
    "Relation",
    "Sending",
    "Signature",
    "Task",
    "Urging",
    "WaitingFile",
]
