"""Taking in a content: read in pieces, measured and hashed on the way, never more than allowed."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from typing import IO, Protocol

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files import storage
from lienthong.foundation.files.errors import Empty, TooLarge

PIECE = 1024 * 1024


class Source(Protocol):
    """Anything to read bytes from: an uploaded file, an open file, a response."""

    def read(self, size: int, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Received:
    draft: IO[bytes]
    sha256: str
    size: int


@contextmanager
def receive(source: bytes | Source, max_bytes: int) -> Iterator[Received]:
    """Write a source to a draft of the storage. Stops reading as soon as it is too large.

    Raises TooLarge or Empty.
    """
    reader = BytesIO(source) if isinstance(source, bytes) else source
    digest = sha256()
    size = 0
    with storage.new_draft() as draft:
        while piece := reader.read(min(PIECE, max_bytes - size + 1)):
            size += len(piece)
            if size > max_bytes:
                raise TooLarge(
                    _("This file is larger than %(limit)s."),
                    way_out=_("Make it smaller, for example by scanning with fewer dots per inch, or attach parts."),
                    limit=filesizeformat(max_bytes),
                )
            digest.update(piece)
            draft.write(piece)
        if not size:
            raise Empty(
                _("This file is empty."),
                way_out=_("Open it on your device to check it, save it again and attach that file."),
            )
        draft.flush()
        yield Received(draft, digest.hexdigest(), size)
