"""Tables of documents."""

from lienthong.documents.models.circuit import SigningRound, SigningTurn
from lienthong.documents.models.copies import CopyUse, Posting
from lienthong.documents.models.copying import OfficialCopy
from lienthong.documents.models.documents import Circulation, Document, DocumentFile, Signature
from lienthong.documents.models.drafts import Draft, DraftOpinion, DraftVersion
from lienthong.documents.models.finding import Findable, SavedSearch
from lienthong.documents.models.following import Book, BookFile, MoreTime, Phrase, Urging
from lienthong.documents.models.incoming import Arrival, Note, Task
from lienthong.documents.models.outgoing import Issue, Sending
from lienthong.documents.models.packages import Package
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
    "Draft",
    "DraftOpinion",
    "DraftVersion",
    "Findable",
    "GroupMember",
    "HandOver",
    "HandedRecord",
    "Issue",
    "MoreTime",
    "Note",
    "OfficialCopy",
    "Package",
    "Phrase",
    "Posting",
    "Publication",
    "RecipientGroup",
    "Record",
    "RecordItem",
    "RecordLine",
    "RecordList",
    "Relation",
    "SavedSearch",
    "Sending",
    "Signature",
    "SigningRound",
    "SigningTurn",
    "Task",
    "Urging",
    "WaitingFile",
]
