"""Who opened a document or a record and which of its files: the access log of each (NĐ 30/2020 App. VI).

It is read off the ledger, in which every reading is; nothing is written for it.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from django.utils import translation
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import policy
from lienthong.documents.copying.queries import of_line
from lienthong.documents.models import Arrival, DocumentFile, Issue, Record
from lienthong.documents.queries.incoming import visible_among
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.records import carrying as records
from lienthong.documents.records import events as record_events
from lienthong.documents.records import policy as records_policy
from lienthong.documents.records.queries import one as one_record
from lienthong.documents.services.carrying import DOCUMENT, no_such_document
from lienthong.documents.services.issuing import ISSUE
from lienthong.documents.services.issuing import READ as ISSUE_READ
from lienthong.documents.services.reading import READ as DOCUMENT_READ
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.ledger.entries import EntryView, Subject
from lienthong.foundation.ledger.queries import search
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.sheets.writing import HEADING, MOMENT, Styled, XlsxWriter
from lienthong.identity.actors import Officer
from lienthong.identity.models import Account

PAGE = 50
MOST = 10_000
"""Lines of a list that is taken along: the newest."""
CHUNK = 1_000

READINGS = {DOCUMENT: DOCUMENT_READ, ISSUE: ISSUE_READ, records.RECORD: records.RECORD_READ}
"""Under which subject the ledger has the readings of each."""

Line = Arrival | Issue | Record


class LogNotYours(NotAllowed):
    code = "documents.access_log_not_yours"


@dataclass(frozen=True, slots=True)
class Log:
    """The log of something. `posts`: only what was read in these is shown; None: all of it."""

    line: Line
    readings: Subject
    posts: frozenset[int] | None

    @property
    def title(self) -> str:
        return self.line.title if isinstance(self.line, Record) else self.line.document.abstract

    @property
    def code(self) -> str:
        return records.code_of(self.line) if isinstance(self.line, Record) else self.line.document.code


@dataclass(frozen=True, slots=True)
class Reading:
    """That somebody opened it at a moment; `file`: this file of it."""

    at: datetime
    who: str
    post: str
    organisation: str
    what: str


def is_open_to(officer: Officer, line: Line) -> bool:
    posts = _shown_to(officer, line)
    return posts is None or bool(posts)


def _shown_to(officer: Officer, line: Line) -> frozenset[int] | None:
    """The posts whose readings somebody may see; None for all.

    The clerks and leaders of the agency see all of it, of a record its archivists and the heads of its unit too;
    whoever leads a part of the agency, what was read there.
    """
    agency = tree()[line.organisation_id]
    if records_policy.is_clerk(officer, agency) or records_policy.leads(officer, agency):
        return None
    if isinstance(line, Record) and (
        records_policy.archives(officer, agency) or officer.may(policy.SEE, tree()[line.unit_id])
    ):
        return None
    led = {unit.id for unit in policy.units_of(agency) if officer.may(policy.SEE, unit)}
    return frozenset(post.id for post in tree().posts.values() if post.organisation_id in led)


def log_of(subject: Subject, officer: Officer) -> Log:
    """Raises NoSuchDocument for what the officer may not see, LogNotYours."""
    kind, pk = subject
    line: Line | None = None
    if kind == DOCUMENT:
        line = visible_among(officer, [pk]).select_related("document").first()
    elif kind == ISSUE:
        line = issues_for(officer).select_related("document").filter(pk=pk).first()
    elif kind == records.RECORD:
        line = one_record(officer, pk)
    if line is None:
        raise no_such_document()
    posts = _shown_to(officer, line)
    if posts is not None and not posts:
        raise LogNotYours(_("Who opened a document is shown to clerks and to those who lead."))
    return Log(line, (READINGS[kind], pk), posts)


def page_of(log: Log, *, before: int | None = None, size: int = PAGE) -> tuple[list[Reading], int | None]:
    """The newest first, and where the next page begins. Four queries."""
    found = search(subject=log.readings, post_ids=log.posts, before=before, size=size)
    return _told(log, found.entries), found.next


def _told(log: Log, entries: Sequence[EntryView]) -> list[Reading]:
    accounts = {entry.account_id for entry in entries if entry.account_id}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "full_name"))
    files: dict[int, str] = {}
    if not isinstance(log.line, Record):
        held = DocumentFile.objects.filter(document_id=log.line.document_id)
        files = dict(held.values_list("file_id", "file__name"))
        files |= dict(of_line(log.line).exclude(file=None).values_list("file_id", "file__name"))
    return [_reading(entry, names, files) for entry in entries]


def _reading(entry: EntryView, names: dict[int, str], files: dict[int, str]) -> Reading:
    agencies = tree()
    post = agencies.posts.get(entry.post_id or 0)
    organisation = agencies.nodes.get(post.organisation_id if post else 0)
    return Reading(
        at=entry.at,
        who=names.get(entry.account_id or 0, ""),
        post=post.title if post else "",
        organisation=organisation.name if organisation else "",
        what=_what(entry, files),
    )


def _what(entry: EntryView, files: dict[int, str]) -> str:
    if "file" in entry.data:
        return files.get(entry.data["file"], _now("a file that is not there any more"))
    if entry.kind == record_events.TAKEN_ALONG.key:
        return _now("list of documents, taken along")
    return _now("its page")


def xlsx(log: Log) -> bytes:
    """The log as a spreadsheet, in the words of official lists."""
    out = BytesIO()
    with (
        translation.override("vi"),
        closing(XlsxWriter(out, sheet="Nhật ký truy cập", widths=[18, 26, 26, 40, 44], filtered=5)) as writer,
    ):
        writer.row(("Thời điểm", "Họ và tên", "Vị trí", "Đơn vị", "Đã mở"), style=HEADING)
        for reading in _whole(log):
            row = (Styled(reading.at, MOMENT), reading.who, reading.post, reading.organisation, reading.what)
            writer.row(row)
    return out.getvalue()


def _whole(log: Log) -> Iterator[Reading]:
    before: int | None = None
    for _portion in range(MOST // CHUNK):
        found, before = page_of(log, before=before, size=CHUNK)
        yield from found
        if before is None:
            return
