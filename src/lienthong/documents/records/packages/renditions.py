"""PDF/A beside the files of a package that are none: made before it is written, each once for all packages."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from lienthong.documents.records.packages.contents import (
    Attempt,
    Content,
    PackedDocument,
    PackedFile,
    rendition_path,
)
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files import renditions
from lienthong.foundation.files.kinds import BY_MEDIA_TYPE
from lienthong.foundation.files.models import Rendition

NO_PROGRAM = _("no program on this machine makes PDF/A of this kind of file")
NO_KIND = _("no PDF/A is made of this kind of file")
NOT_TRIED = _("it could not be tried")


def wanted(content: Content) -> list[PackedFile]:
    """Those of which a rendition is to be made now, each content once. One query."""
    able = {file.sha256: file for file in content.files if not file.claim and renditions.are_made_of(_format(file))}
    known = renditions.of_contents(able)
    return [file for sha256, file in able.items() if renditions.is_worth_trying(known.get(sha256))]


def make(files: list[PackedFile], *, passed: Callable[[int], None]) -> None:
    """One after the other, each kept as soon as it is made: who is cut short goes on where it was. What cannot be made
    stops nothing. Raises Busy while another package has its turn."""
    if not files:
        return
    with renditions.turn():
        for number, file in enumerate(files, start=1):
            with suppress(DomainError):  # no room, or the content is missing: what writes the package says so
                renditions.make(sha256=file.sha256, size=file.size, format_key=_format(file))
            passed(number)


def added(content: Content) -> Content:
    """With the renditions that there are, and with why there are no others. One query."""
    known = renditions.of_contents(file.sha256 for file in content.files if not file.claim)
    return replace(content, documents=tuple(_document(each, known) for each in content.documents))


def _document(document: PackedDocument, known: Mapping[str, Rendition]) -> PackedDocument:
    files = tuple(file if file.claim else _file(file, known.get(file.sha256)) for file in document.files)
    return replace(document, files=files)


def _file(file: PackedFile, found: Rendition | None) -> PackedFile:
    if found is None:
        return replace(file, lacks=str(_why_none(_format(file))))
    attempt = Attempt(found.made_at, found.program, found.version, str(found.get_problem_display()), found.signed)
    if found.file is None:
        return replace(file, attempt=attempt, lacks=attempt.problem)
    made = PackedFile(
        path=rendition_path(file.path),
        name=f"{file.name.rpartition('.')[0] or file.name} (PDF-A).pdf",
        media_type="application/pdf",
        size=found.file.size,
        sha256=found.file.sha256,
        stored_at=found.file.stored_at,
        claim=renditions.CLAIM,
    )
    return replace(file, attempt=attempt, rendition=made)


def _why_none(format_key: str) -> object:
    if not renditions.can_be_made_of(format_key):
        return NO_KIND
    return NOT_TRIED if renditions.are_made_of(format_key) else NO_PROGRAM


def _format(file: PackedFile) -> str:
    known = BY_MEDIA_TYPE.get(file.media_type)
    return known.key if known else ""
