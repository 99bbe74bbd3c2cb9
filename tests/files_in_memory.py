"""Where the files of tests lie."""

from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import InMemoryStorage


class FilesInMemory(InMemoryStorage):
    """Django's, but whoever opens a file to read it has it alone, as with every storage that a province would use.

    Django's gives the same object to all. Requests that are served at the same time then read from one position, and
    the server puts the end of the request that shows a file upon the file itself: whoever closes the file in a later
    request closes the database connection of that one.
    """

    def _open(self, name: str, mode: str = "rb") -> File[Any]:
        shared: Any = super()._open(name, mode)
        return ContentFile(shared.file.getvalue(), name=name) if mode == "rb" else shared
