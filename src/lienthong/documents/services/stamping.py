"""The stamp ĐẾN on a copy of a document that came in (NĐ 30/2020 art. 22).

What came is kept as it came: its bytes are what signatures were made of. The copy is drawn anew each time it is asked
for and kept nowhere.
"""

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from lienthong.documents.models import Arrival, DocumentFile, Task
from lienthong.documents.queries.incoming import arrival_page
from lienthong.documents.rules.journey import Outcome
from lienthong.documents.services import carrying
from lienthong.documents.services.reading import NoSuchFile, read_file
from lienthong.foundation import papers
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files import pdf_copies, storage
from lienthong.foundation.files.serving import require_harmless
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.work.rules import Part

PLACE = pdf_copies.Place(left=30, top=52, below="Số", subject="V/v")
"""Under number and symbol; of a letter, under what it is about (NĐ 30/2020 App. I)."""

_COPY = "Bản sao có dấu đến. Bản gốc được giữ nguyên trong hệ thống."
_COPY_OF_SIGNED = "Bản sao có dấu đến, không mang chữ ký số. Chữ ký số kiểm tra ở bản gốc, giữ nguyên trong hệ thống."


class NotStamped(DomainError):
    code = "documents.not_stamped"


def stampable(files: Sequence[DocumentFile]) -> DocumentFile | None:
    """The file that gets the stamp: the document itself, where it is a PDF."""
    return next((each for each in files if each.role == DocumentFile.Role.MAIN and each.file.format == "pdf"), None)


def stamped_copy(*, arrival_id: int, officer: Officer) -> tuple[bytes, str]:
    """A PDF and what it is called. On record as the reading of the file is. Raises NoSuchDocument, NoSuchFile,
    NotStamped, and Infected or NotScannedYet."""
    page = arrival_page(officer, arrival_id)
    if page is None:
        raise carrying.no_such_document()
    found = stampable(page.files) if page.arrival.number else None
    if found is None:
        raise NoSuchFile(_("The document has no PDF on which the stamp could stand."))
    stored = read_file(arrival_id=arrival_id, place=found.place, officer=officer)
    require_harmless(stored)
    plain, signed = (drawing(page.arrival, page.tasks, note=note) for note in (_COPY, _COPY_OF_SIGNED))
    with storage.open_content(stored.sha256) as content:
        made = pdf_copies.overlay(content, plain=plain, signed=signed, place=PLACE)
    if made is None:
        raise NotStamped(
            _("The stamp cannot be drawn on this PDF."), way_out=_("Read the original, or stamp a print of it.")
        )
    return made, f"{stored.name.rpartition('.')[0]} - dấu đến {page.arrival.number}"


def drawing(arrival: Arrival, tasks: Sequence[Task], *, note: str) -> bytes:
    """The stamp as a PDF page. Papers are Vietnamese whatever the reader reads."""
    said = {
        "agency": tree()[arrival.organisation_id].name.upper(),
        "number": str(arrival.number),
        "day": f"{arrival.arrived_on:%d/%m/%Y}",
        "to": _handed_to(tasks),
        "record": "",
        "note": note,
    }
    return papers.render("documents/arrival_stamp", said, at=arrival.registered_at or arrival.arrived_at, tags=False)


def _handed_to(tasks: Sequence[Task]) -> str:
    """Who settles it, as far as that is known: the units that lead below whom it was presented to, else that post."""
    first = next((task for task in tasks if task.parent_id is None), None)
    if first is None:
        return ""
    agencies = tree()
    over = {Outcome.RETURNED, Outcome.TAKEN_BACK}
    below = [
        task for task in tasks if task.parent_id == first.pk and task.part == Part.LEAD and task.outcome not in over
    ]
    if below:
        return agencies[below[-1].organisation_id].name
    post = agencies.posts.get(first.post_id) if first.post_id else None
    return post.title if post else agencies[first.organisation_id].name
