"""What entries of the ledger are about, in words and with the page of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.cases.codes import tidy
from lienthong.cases.models import Dossier
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.services.handing_over import HAND_OVER
from lienthong.cases.services.reading import DOSSIER_READ
from lienthong.cases.services.register import REGISTER
from lienthong.directives.queries import visible_to as visible_directives
from lienthong.directives.services.carrying import DIRECTIVE
from lienthong.documents.drafts import carrying as drafts
from lienthong.documents.drafts.queries import visible_to as visible_drafts
from lienthong.documents.models import Record
from lienthong.documents.queries.incoming import visible_to
from lienthong.documents.queries.outgoing import issues_for
from lienthong.documents.records import carrying as records
from lienthong.documents.records.packages.services import PACKAGE
from lienthong.documents.records.queries import visible_to as visible_records
from lienthong.documents.services.books import BOOK_FILE
from lienthong.documents.services.carrying import DOCUMENT, code_of
from lienthong.documents.services.issuing import ISSUE
from lienthong.documents.services.issuing import READ as ISSUE_READ
from lienthong.documents.services.reading import READ as DOCUMENT_READ
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.ledger.entries import Subject
from lienthong.identity.actors import MANAGE, Officer
from lienthong.identity.models import Account
from lienthong.identity.services.mandate_rows import MANDATE
from lienthong.meetings.services import ENGAGEMENT
from lienthong.meetings.services import WEEK as CALENDAR_WEEK
from lienthong.registers.proposals.proposing import PROPOSAL
from lienthong.registers.proposals.reading import PROPOSAL_READ
from lienthong.registers.receiving.services import SUBJECT as RESULT
from lienthong.work.subjects import SUBJECTS

ACCOUNT, DEFINITION, FILE = "account", "definition", "file"

WORDS: dict[str, str | Promise] = {
    DOSSIER: _("Dossier"),
    DOSSIER_READ: _("Dossier"),
    ACCOUNT: _("Account"),
    DEFINITION: _("Declaration"),
    FILE: _("File"),
    REGISTER: _("Register of dossiers"),
    MANDATE: _("Mandate"),
    HAND_OVER: _("Hand-over list"),
    RESULT: _("Result for a register"),
    DOCUMENT: _("Incoming document"),
    DOCUMENT_READ: _("Incoming document"),
    ISSUE: _("Outgoing document"),
    ISSUE_READ: _("Outgoing document"),
    BOOK_FILE: _("Register of documents as a file"),
    ENGAGEMENT: _("Engagement"),
    CALENDAR_WEEK: _("Week of a calendar"),
    records.RECORD: _("Record of work"),
    records.RECORD_READ: _("Record of work"),
    records.RECORD_LIST: _("List of records"),
    records.HAND_OVER: _("Hand-over of records"),
    records.DISPOSAL: _("List of disposal"),
    drafts.DRAFT: _("Draft"),
    drafts.DRAFT_READ: _("Draft"),
    DIRECTIVE: _("Directive"),
    PACKAGE: _("Package for an archive"),
    PROPOSAL: _("Proposed change of a register"),
    PROPOSAL_READ: _("Proposed change of a register"),
}


@dataclass(frozen=True, slots=True)
class About:
    """`query` asks for everything about the same; `address` is its own page, where the reader may see it; `limited`: to
    others, so that what was written with an entry is not for the reader either."""

    word: str
    name: str
    query: str
    address: str = ""
    limited: bool = False


def about(subjects: Iterable[Subject], reader: Officer) -> dict[Subject, About]:
    """One query for each type of subject, and one more where it can be limited and some are not seen."""
    known: Mapping[str, Callable[[set[int], Officer], dict[int, tuple[str, str]]]] = {
        DOSSIER: _dossiers,
        DOSSIER_READ: _dossiers,
        ACCOUNT: _accounts,
        DEFINITION: _definitions,
        DOCUMENT: _documents,
        DOCUMENT_READ: _documents,
        ISSUE: _issues,
        ISSUE_READ: _issues,
        records.RECORD: _records,
        records.RECORD_READ: _records,
        drafts.DRAFT: _drafts,
        drafts.DRAFT_READ: _drafts,
        DIRECTIVE: _directives,
    }
    by_reader: dict[Callable[..., dict[int, tuple[str, str]]], set[int]] = {}
    wanted = set(subjects)
    for kind, pk in wanted:
        if kind in known:
            by_reader.setdefault(known[kind], set()).add(pk)
    found = {read: read(ids, reader) for read, ids in by_reader.items()}
    limited = _limited((kind, pk) for kind, pk in wanted if kind in known and pk not in found[known[kind]])
    told = {}
    for kind, pk in wanted:
        name, address = found[known[kind]].get(pk, ("", "")) if kind in known else ("", "")
        is_limited = (kind, pk) in limited
        told[kind, pk] = About(str(WORDS.get(kind, kind)), name or str(pk), f"{kind} {pk}", address, is_limited)
    return told


def _limited(unseen: Iterable[Subject]) -> set[Subject]:
    """Of what the reader does not see, what is limited to posts by name."""
    asked: dict[str, set[int]] = {}
    for kind, pk in unseen:
        asked.setdefault(kind, set()).add(pk)
    return {
        (kind, pk)
        for kind, ids in asked.items()
        for pk in (_limited_records(ids) if kind in _RECORDS else _limited_documents(kind, ids))
    }


_RECORDS = {records.RECORD, records.RECORD_READ}
_DOCUMENTS = {DOCUMENT: DOCUMENT, DOCUMENT_READ: DOCUMENT, ISSUE: ISSUE, ISSUE_READ: ISSUE}


def _limited_records(ids: set[int]) -> set[int]:
    found = Record.objects.filter(pk__in=ids, rights=Record.Rights.NAMED)
    return set(found.values_list("pk", flat=True))


def _limited_documents(kind: str, ids: set[int]) -> set[int]:
    return SUBJECTS[_DOCUMENTS[kind]].limited(ids) if kind in _DOCUMENTS else set()


def _dossiers(ids: set[int], reader: Officer) -> dict[int, tuple[str, str]]:
    """By code. The page refuses whoever may not see the dossier; who never sees one gets no link."""
    sees = {"cases.see", "cases.see-all"} & reader.permissions
    rows = Dossier.objects.filter(pk__in=ids).values_list("pk", "code", "tracking")
    return {
        pk: (code or tracking, reverse("workspace:dossier", args=[pk]) if sees else "") for pk, code, tracking in rows
    }


def _accounts(ids: set[int], reader: Officer) -> dict[int, tuple[str, str]]:
    manages = MANAGE in reader.permissions
    rows = Account.objects.filter(pk__in=ids).values_list("pk", "full_name", "managed")
    return {
        pk: (name, reverse("identity:officer", args=[pk]) if manages and managed else "") for pk, name, managed in rows
    }


def _definitions(ids: set[int], reader: Officer) -> dict[int, tuple[str, str]]:
    sees = "definitions.see" in reader.permissions
    rows = Definition.objects.filter(pk__in=ids).values_list("pk", "kind", "key", "version")
    return {
        pk: (f"{key}, {version}", reverse("workspace:definition", args=[kind, key]) if sees else "")
        for pk, kind, key, version in rows
    }


def _documents(ids: set[int], reader: Officer) -> dict[int, tuple[str, str]]:
    """Of what the reader may not see not even the number is said."""
    seen = visible_to(reader).filter(pk__in=ids)
    return {
        arrival.pk: (code_of(arrival, arrival.document), reverse("documents:arrival", args=[arrival.pk]))
        for arrival in seen.select_related("document")
    }


def _issues(ids: set[int], reader: Officer) -> dict[int, tuple[str, str]]:
    seen = issues_for(reader).filter(pk__in=ids).select_related("document")
    return {issue.pk: (issue.document.code, reverse("documents:issued", args=[issue.pk])) for issue in seen}


def _records(ids: set[int], reader: Officer) -> dict[int, tuple[str, str]]:
    """Of what the reader may not see nothing is said."""
    return {
        record.pk: (records.code_of(record), reverse("records:record", args=[record.pk]))
        for record in visible_records(reader).filter(pk__in=ids)
    }


def _drafts(ids: set[int], reader: Officer) -> dict[int, tuple[str, str]]:
    """Of what the reader may not see nothing is said."""
    return {
        draft.pk: (drafts.named(draft), reverse("drafts:draft", args=[draft.pk]))
        for draft in visible_drafts(reader).filter(pk__in=ids)
    }


def _directives(ids: set[int], reader: Officer) -> dict[int, tuple[str, str]]:
    """Of what the reader may not see nothing is said."""
    return {
        directive.pk: (directive.code, reverse("directives:one", args=[directive.pk]))
        for directive in visible_directives(reader).filter(pk__in=ids)
    }


def of_code(text: str, *, reading: bool) -> Subject | None:
    """The dossier with this code or reference of submission; with `reading` its being read."""
    wanted = tidy(text)
    found = (
        Dossier.objects.filter(code=wanted).values_list("pk", flat=True).first()
        or Dossier.objects.filter(tracking=wanted).values_list("pk", flat=True).first()
    )
    return (DOSSIER_READ if reading else DOSSIER, found) if found else None
