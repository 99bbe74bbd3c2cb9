"""PDF (ISO 32000): begins and ends as one, and its pages can be found."""

from typing import IO, TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.errors import Damaged, Locked

if TYPE_CHECKING:
    from pypdf import PdfReader

_END_WITHIN = 1024
_CROSS_REFERENCES = 500_000


def examine(content: IO[bytes], size: int) -> None:
    from pypdf import PdfReader  # takes a quarter of a second to load, which every start would pay
    from pypdf.errors import DependencyError

    content.seek(max(0, size - _END_WITHIN))
    ending = content.read()
    content.seek(0)
    if content.read(5) != b"%PDF-" or b"%%EOF" not in ending:
        raise _damaged()
    content.seek(0)
    try:
        reader = PdfReader(
            content,
            root_object_recovery_limit=1000,
            xref_stream_maximum_entries=_CROSS_REFERENCES,
        )
        readable = not reader.is_encrypted or bool(reader.decrypt(""))
        if readable and not _has_pages(reader):
            raise _damaged()
    except Damaged:
        raise
    except DependencyError:
        readable = False
    except Exception as error:  # whatever a parser meets in hostile bytes
        raise _damaged() from error
    if not readable:
        raise Locked(
            _("This PDF asks for a password."),
            way_out=_("Print it to a new PDF without a password and attach that one."),
        )


def _has_pages(reader: "PdfReader") -> bool:
    """Asks the root of the page tree for its number of pages: a tree of ten thousand takes long to walk."""
    from pypdf.generic import DictionaryObject, NumberObject

    pages = reader.root_object["/Pages"].get_object()
    count = pages["/Count"].get_object() if isinstance(pages, DictionaryObject) else None
    return isinstance(count, NumberObject) and count > 0


def count(content: IO[bytes]) -> int:
    """How many pages an examined PDF says it has; 1 where it does not say it well."""
    from pypdf import PdfReader

    content.seek(0)
    try:
        found = PdfReader(content).root_object["/Pages"]["/Count"]  # type: ignore[index]
        return max(1, int(found))
    except Exception:  # as above
        return 1


def _damaged() -> Damaged:
    return Damaged(
        _("This PDF is damaged or incomplete."),
        way_out=_("Open it on your device to check it, save or scan it again, and attach the new file."),
    )
