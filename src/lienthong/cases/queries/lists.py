"""Lists of dossiers: newest first, by keyset, never counting, never sorting more than a page for each agency."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q

from lienthong.cases.codes import tidy
from lienthong.cases.models import Dossier, Draft
from lienthong.cases.queries.gates import scope_of, visible_to
from lienthong.cases.queries.own import of_person
from lienthong.foundation.fields.typed import folded
from lienthong.foundation.files.search import query as words
from lienthong.identity.actors import Officer
from lienthong.identity.queries import Actor
from lienthong.procedures.definition import PROCEDURE

PAGE = 50

_CONCERNED = """
    SELECT candidate.id
    FROM organisations_organisation agency
    CROSS JOIN LATERAL (
        (SELECT dossier.id FROM cases_dossier dossier
         WHERE dossier.competent_id = agency.id {narrowed}
         ORDER BY dossier.id DESC LIMIT %(limit)s)
        UNION
        (SELECT visit.dossier_id FROM cases_stepvisit visit JOIN cases_dossier dossier ON dossier.id = visit.dossier_id
         WHERE visit.organisation_id = agency.id {narrowed}
         ORDER BY visit.dossier_id DESC LIMIT %(limit)s)
    ) candidate
    WHERE agency.id = ANY(%(here)s) OR agency.path <@ %(below)s::ltree[]
    GROUP BY candidate.id ORDER BY candidate.id DESC LIMIT %(limit)s"""


@dataclass(frozen=True, slots=True)
class Filters:
    """How an officer narrows the list; `text` is looked up in code, reference, name and title, without accents."""

    status: int | None = None
    procedure: str = ""
    text: str = ""


def dossiers_of(officer: Officer, filters: Filters, *, before: int | None = None) -> list[Dossier]:
    """A page of the dossiers an officer may see, the newest first; one more than a page when there is a next.

    `before` is the id of the last row of the page before. Two queries, whatever the number of dossiers and posts.
    """
    if filters.text:
        return _found(officer, filters, before)
    ids = _newest(officer, filters, before)
    rows = Dossier.objects.in_bulk(ids)
    return [rows[pk] for pk in ids if pk in rows]


def _newest(officer: Officer, filters: Filters, before: int | None) -> list[int]:
    """For each agency its newest, of those the newest: index scans of a page's length, no sort of everything."""
    here, below = scope_of(officer)
    conditions = {
        "AND dossier.id < %(before)s": before,
        "AND dossier.status = %(status)s": filters.status,
        "AND dossier.procedure_key = %(procedure)s": filters.procedure or None,
    }
    narrowed = " ".join(condition for condition, value in conditions.items() if value is not None)
    with connection.cursor() as cursor:
        cursor.execute(
            _CONCERNED.format(narrowed=narrowed),
            {
                "here": here,
                "below": below,
                "limit": PAGE + 1,
                "before": before,
                "status": filters.status,
                "procedure": filters.procedure,
            },
        )
        return [row[0] for row in cursor.fetchall()]


def _found(officer: Officer, filters: Filters, before: int | None) -> list[Dossier]:
    """By code when it is one, else by words."""
    dossiers = visible_to(officer)
    code = tidy(filters.text)
    exact = list(dossiers.filter(code=code)[:1]) or list(dossiers.filter(tracking=code)[:1])
    if exact:
        return exact
    dossiers = dossiers.filter(search=words(filters.text))
    if filters.status is not None:
        dossiers = dossiers.filter(status=filters.status)
    if filters.procedure:
        dossiers = dossiers.filter(procedure_key=filters.procedure)
    if before is not None:
        dossiers = dossiers.filter(pk__lt=before)
    return list(dossiers.order_by("-id")[: PAGE + 1])


@dataclass(frozen=True, slots=True)
class OwnFilters:
    """How an applicant narrows the own list; `text` is looked up as officers' is, and in the names of procedures."""

    statuses: tuple[int, ...] = ()
    text: str = ""


def dossiers_of_applicant(
    applicant: Actor, filters: OwnFilters | None = None, *, before: int | None = None
) -> list[Dossier]:
    """The own dossiers of a person and those handed in for it, the newest first; sub-dossiers are told in theirs. Two
    queries."""
    wanted = filters or OwnFilters()
    dossiers = Dossier.objects.filter(of_person(applicant), parent=None)
    if wanted.statuses:
        dossiers = dossiers.filter(status__in=wanted.statuses)
    if wanted.text:
        code = tidy(wanted.text)
        named = Q(procedure_key__in=_procedures_called(wanted.text))
        dossiers = dossiers.filter(Q(search=words(wanted.text)) | Q(code=code) | Q(tracking=code) | named)
    if before is not None:
        dossiers = dossiers.filter(pk__lt=before)
    return list(dossiers.order_by("-id")[: PAGE + 1])


def _procedures_called(text: str) -> list[str]:
    """Keys of the procedures whose name has every word of the text, accents or not."""
    wanted = folded(text).split()
    named = ((each.key, folded(each.body.name)) for each in PROCEDURE.all())
    return [key for key, name in named if wanted and all(word in name for word in wanted)]


def drafts_of(applicant: Actor) -> list[Draft]:
    """Applications that a person has begun, the last touched first."""
    drafts = Draft.objects.filter(account_id=applicant.account_id, dossier=None)
    return list(drafts.select_related("mandate").order_by("-updated_at")[:PAGE])
