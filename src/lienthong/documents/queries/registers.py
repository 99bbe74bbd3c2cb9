"""Which register is read how."""

from lienthong.documents.models import Book
from lienthong.documents.queries.books import INCOMING, Source
from lienthong.documents.queries.outgoing_books import COPIES, OFFICIAL, OUTGOING, POST

SOURCES: dict[Book, Source] = {
    Book.INCOMING: INCOMING,
    Book.SETTLEMENT: INCOMING,
    Book.OUTGOING: OUTGOING,
    Book.POST: POST,
    Book.COPIES: COPIES,
    Book.OFFICIAL: OFFICIAL,
}
