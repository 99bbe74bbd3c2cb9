"""Looking for documents and records among what somebody may see. A fixed handful of statements."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, NamedTuple

from django.db.models import TextChoices
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.documents.finding import keys
from lienthong.documents.finding.extracts import Piece, extract, looked_for
from lienthong.documents.models import Arrival, DocumentFile, Issue, Record
from lienthong.documents.queries.incoming import visible_among
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.records.queries import visible_to as visible_records
from lienthong.foundation import clock
from lienthong.foundation.files.models import FileText
from lienthong.foundation.statements import run
from lienthong.identity.actors import Officer

PAGE = 25
MOST = 2_000
"""Lines of a list that is taken along."""
MOST_NEW = 20
"""So far new lines of a search that is watched are counted."""
READ = 30_000
"""Letters of a file in which an extract is looked for."""


class What(TextChoices):
    """What a line is."""

    INCOMING = "incoming", pgettext_lazy("found", "Incoming document")
    OUTGOING = "outgoing", pgettext_lazy("found", "Outgoing document")
    RECORD = "record", _("Record of work")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: all of it. `had_by`: an organisation with which it lay, or whose own it is."""

    text: str = ""
    what: str = ""
    agency_id: int | None = None
    kind: str = ""
    issuer: str = ""
    had_by: int | None = None
    first: date | None = None
    last: date | None = None

    @property
    def is_empty(self) -> bool:
        return replace(self, text=self.text.strip()) == Wanted()

    @property
    def keys(self) -> list[str]:
        """What every line has to have."""
        return [
            *([keys.what(self.what)] if self.what else []),
            *([keys.agency(self.agency_id)] if self.agency_id else []),
            *([keys.kind(self.kind)] if self.kind else []),
            *([keys.issuer(self.issuer)] if self.issuer.strip() else []),
            *([keys.had_by(self.had_by)] if self.had_by else []),
        ]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list goes on: after this line."""

    day: date
    id: int


@dataclass(frozen=True, slots=True)
class Hit:
    """A line that was found: `line` is the arrival, the issue or the record. `extract` is of its files."""

    what: What
    place: Place
    line: Arrival | Issue | Record
    extract: Sequence[Piece] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of what was found, the newest first; `next` where there is more."""

    hits: list[Hit]
    next: Place | None = None
    last: int = 0
    """`last_line` when it was looked for."""


_FIND = """
    SELECT line.id, line.day, line.arrival_id, line.issue_id, line.record_id
      FROM documents_find(
               CASE WHEN %(text)s = '' THEN NULL ELSE websearch_to_tsquery('simple', lt_fold(%(text)s)) END,
               %(readers)s::text[], %(is_wide)s, %(all_of)s::text[], %(first)s::date, %(last)s::date,
               %(before_day)s::date, %(before_id)s::bigint, NULL, %(today)s::date, %(most)s::integer)
           WITH ORDINALITY found (id, rank)
      JOIN documents_findable line ON line.id = found.id
     ORDER BY found.rank"""
_LAST = "SELECT coalesce(max(id), 0) FROM documents_findable"
_NEW = """
    SELECT wanted.rank, (SELECT count(*) FROM documents_find(
               CASE WHEN wanted.it ->> 'text' = '' THEN NULL
                    ELSE websearch_to_tsquery('simple', lt_fold(wanted.it ->> 'text')) END,
               %(readers)s::text[], %(is_wide)s,
               array(SELECT jsonb_array_elements_text(wanted.it -> 'keys')), (wanted.it ->> 'first')::date,
               (wanted.it ->> 'last')::date, NULL, NULL, (wanted.it ->> 'seen')::bigint, %(today)s::date,
               %(most)s::integer))
      FROM jsonb_array_elements(%(wanted)s::jsonb) WITH ORDINALITY wanted (it, rank)
     ORDER BY wanted.rank"""


class _Row(NamedTuple):
    id: int
    day: date
    arrival: int | None
    issue: int | None
    record: int | None

    @property
    def what(self) -> What:
        return What.INCOMING if self.arrival else What.OUTGOING if self.issue else What.RECORD

    @property
    def of(self) -> int:
        """The id of what it is."""
        return self.arrival or self.issue or self.record or 0


def find(officer: Officer, wanted: Wanted, *, after: Place | None = None, size: int = PAGE) -> Found:
    """A page of what fits, the newest first. At most six queries, however many lines there are."""
    text = _text(wanted)
    values = {
        **_seen_by(officer),
        "text": text,
        "all_of": wanted.keys,
        "first": wanted.first,
        "last": wanted.last,
        "before_day": after.day if after else None,
        "before_id": after.id if after else None,
        "most": size + 1,
    }
    with run(_FIND, values, planned_for_values=True) as cursor:
        rows = [_Row(*row) for row in cursor.fetchall()]
    shown = rows[:size]
    more = Place(shown[-1].day, shown[-1].id) if len(rows) > size else None
    return Found(_hits(officer, shown, text), more, last_line())


def last_line() -> int:
    """The last line that there is, whoever may see it: what comes later is new."""
    with run(_LAST, ()) as cursor:
        last: int = cursor.fetchone()[0]
    return last


def _text(wanted: Wanted) -> str:
    """What nothing can be looked for by, such as a lone dash, is found nowhere."""
    return wanted.text.replace("\0", "").strip()


def _seen_by(officer: Officer) -> dict[str, Any]:
    readers = keys.readers_of(officer)
    return {"readers": readers, "is_wide": len(readers) > keys.MANY, "today": clock.today()}


def _hits(officer: Officer, rows: Sequence[_Row], text: str) -> list[Hit]:
    lines: dict[tuple[What, int], Arrival | Issue | Record] = {
        (What.INCOMING, line.pk): line
        for line in visible_among(officer, [row.arrival for row in rows if row.arrival]).select_related("document")
    }
    issues = issues_for(officer).filter(pk__in=[row.issue for row in rows if row.issue])
    lines |= {(What.OUTGOING, line.pk): line for line in issues.select_related("document")}
    records = visible_records(officer).filter(pk__in=[row.record for row in rows if row.record])
    lines |= {(What.RECORD, line.pk): line for line in records}
    said = _extracts({line.document_id for line in lines.values() if not isinstance(line, Record)}, text)
    return [
        Hit(row.what, Place(row.day, row.id), line, () if isinstance(line, Record) else said.get(line.document_id, ()))
        for row in rows
        if (line := lines.get((row.what, row.of)))
    ]


def _extracts(documents: Iterable[int], text: str) -> dict[int, list[Piece]]:
    """Of the first file of each document in which one of the words stands. One query."""
    wanted = looked_for(text)
    if not wanted:
        return {}
    files = DocumentFile.objects.filter(document_id__in=documents).order_by("document_id", "place")
    texts = FileText.objects.filter(file_id__in=files.values("file_id")).annotate(beginning=Left("text", READ))
    read: Mapping[int, str] = dict(texts.values_list("file_id", "beginning"))
    found: dict[int, list[Piece]] = {}
    for document, file in files.values_list("document_id", "file_id"):
        if document not in found and (pieces := extract(read.get(file, ""), text)):
            found[document] = pieces
    return found


def new_since(officer: Officer, searches: Sequence[tuple[Wanted, int]]) -> list[int]:
    """For each search, how many lines came after the one that was the last then; MOST_NEW + 1 for more. One query."""
    if not searches:
        return []
    asked = [
        {
            "text": _text(wanted),
            "keys": wanted.keys,
            "first": wanted.first and wanted.first.isoformat(),
            "last": wanted.last and wanted.last.isoformat(),
            "seen": seen,
        }
        for wanted, seen in searches
    ]
    values = {**_seen_by(officer), "wanted": json.dumps(asked), "most": MOST_NEW + 1}
    with run(_NEW, values, planned_for_values=True) as cursor:
        return [count for _rank, count in cursor.fetchall()]
