"""Tables of documents."""

from lienthong.documents.models.documents import Document, DocumentFile
from lienthong.documents.models.following import Book, BookFile, MoreTime, Phrase, Urging
from lienthong.documents.models.incoming import Arrival, Note, Task
from lienthong.documents.models.outgoing import Issue, Sending

__all__ = [
    "Arrival",
    "Book",
    "BookFile",
    "Document",
    "DocumentFile",
    "Issue",
    "MoreTime",
    "Note",
    "Phrase",
    "Sending",
    "Task",
    "Urging",
]
