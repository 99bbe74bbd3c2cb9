"""Reading files. Who may see which is for the room they belong to."""

from django.db.models import QuerySet

from lienthong.foundation.files import search
from lienthong.foundation.files.models import StoredFile


def with_words(words: str, among: QuerySet[StoredFile]) -> QuerySet[StoredFile]:
    """Those of the files, which the asking person may see, whose text has all the words, accents or not."""
    return among.filter(text__words=search.query(words))
