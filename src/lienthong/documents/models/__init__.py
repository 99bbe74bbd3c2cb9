"""Tables of documents."""

from lienthong.documents.models.documents import Document, DocumentFile
from lienthong.documents.models.incoming import Arrival, Note, Task
from lienthong.documents.models.outgoing import Issue, Sending

__all__ = ["Arrival", "Document", "DocumentFile", "Issue", "Note", "Sending", "Task"]
