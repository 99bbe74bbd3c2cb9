"""Opening a document as an officer: allowed by the way it took, and on record."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.documents import events
from lienthong.documents.models import Task
from lienthong.documents.queries.incoming import ArrivalPage, arrival_page
from lienthong.documents.rules.journey import Status
from lienthong.documents.services import carrying
from lienthong.foundation import clock, ledger, rows
from lienthong.foundation.errors import NotFound
from lienthong.foundation.files.models import StoredFile
from lienthong.identity.actors import Officer

READ = "incoming-document-read"
"""Readings are on record under a subject of their own, so that they do not bury what happened to the document."""


class NoSuchFile(NotFound):
    code = "documents.no_such_file"


@transaction.atomic
def read(*, arrival_id: int, officer: Officer) -> ArrivalPage:
    """The page of a document. Whoever has it to settle has seen it from then on. Raises NoSuchDocument."""
    page = _page(arrival_id, officer)
    now = clock.now()
    fresh = [task for task in page.tasks if _is_new_to(officer, task)]
    for task in fresh:
        task.seen_at, task.seen_by_id = now, officer.account_id
        rows.change(task, "seen_at", "seen_by")
    if fresh:
        handled = carrying.lock(arrival_id)
        carrying.settle(handled, now=handled.now)
        page.arrival.status = handled.arrival.status
    _put_on_record(arrival_id, officer, {})
    return page


@transaction.atomic
def read_file(*, arrival_id: int, place: int, officer: Officer) -> StoredFile:
    """A file of a document that its sender has not recalled. On record. Raises NoSuchDocument, NoSuchFile."""
    page = _page(arrival_id, officer)
    found = next((each.file for each in page.files if each.place == place), None)
    if found is None or page.arrival.status == Status.RECALLED:
        raise NoSuchFile(_("The document has no such file."))
    _put_on_record(arrival_id, officer, {"file": found.pk})
    return found


def _page(arrival_id: int, officer: Officer) -> ArrivalPage:
    page = arrival_page(officer, arrival_id)
    if page is None:
        raise carrying.no_such_document()
    return page


def _is_new_to(officer: Officer, task: Task) -> bool:
    return task.seen_at is None and task.done_at is None and carrying.holds(officer, task) is not None


def _put_on_record(arrival_id: int, officer: Officer, data: dict[str, int]) -> None:
    ledger.record(
        events.SEEN,
        subject=(READ, arrival_id),
        actor=officer,
        organisation_id=officer.acting.organisation.id,
        data=data,
    )
