"""Tables of documents."""

from lienthong.documents.models.documents import Document, DocumentFile
from lienthong.documents.models.incoming import Arrival, Note, Task
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

__all__ = [
    "Arrival",
    "Disposal",
    "DisposedRecord",
    "Document",
    "DocumentFile",
    "HandOver",
    "HandedRecord",
    "Note",
    "Record",
    "RecordItem",
    "RecordLine",
    "RecordList",
    "Task",
]
