"""Tables of documents."""

from lienthong.documents.models.documents import Document, DocumentFile
from lienthong.documents.models.incoming import Arrival, Note, Task
from lienthong.documents.models.scans import WaitingFile

__all__ = ["Arrival", "Document", "DocumentFile", "Note", "Task", "WaitingFile"]
