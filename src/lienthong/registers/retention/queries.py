"""Reads of what is over: for those who decide about it, and of what still points to it."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.foundation.statements import run
from lienthong.identity.actors import Officer
from lienthong.registers import access, tables, titles
from lienthong.registers.attaching.models import EntryFile
from lienthong.registers.definition import REGISTER, RegisterBody
from lienthong.registers.retention.models import Appraisal, AppraisedEntry

PAGE = 50
Decision = AppraisedEntry.Decision


class NoSuchAppraisal(NotFound):
    code = "registers.no_such_appraisal"


@dataclass(frozen=True, slots=True)
class Row:
    """An entry on the list. `began` and `ended` are None when it is not there any more; `pointing` counts the entries
    that point to it, which keep it from being erased, and `files` those it has."""

    line: AppraisedEntry
    title: str
    began: date | None
    ended: date | None
    pointing: int
    files: int


@dataclass(frozen=True, slots=True)
class Chosen:
    """Entries of a list, by the ids of their lines: some, or with None all of one decision up to the last that somebody
    has seen."""

    ids: frozenset[int] | None
    decision: str = Decision.OPEN
    up_to: int = 0

    @property
    def condition(self) -> Q:
        return Q(pk__lte=self.up_to, decision=self.decision) if self.ids is None else Q(pk__in=self.ids)


def register_of(appraisal: Appraisal) -> RegisterBody:
    return REGISTER.current(appraisal.register).body


def opened(appraisal_id: int, officer: Officer, *, lock: bool = False) -> tuple[Appraisal, RegisterBody]:
    """A list and its register, for who may approve what becomes of the agency's entries. Raises NoSuchAppraisal."""
    appraisals = Appraisal.objects.select_for_update() if lock else Appraisal.objects
    found = appraisals.filter(pk=appraisal_id).first()
    body = next((each.body for each in REGISTER.all() if found and each.key == found.register), None)
    rights = access.rights_of(officer, body, to="approve") if body else None
    if found is None or body is None or not rights or not _reaches(rights.reach, found.organisation_id):
        raise NoSuchAppraisal(_("There is no such list, or it is not for you to decide about."))
    return found, body


def _reaches(reach: access.Reach, organisation_id: int) -> bool:
    return reach is None or organisation_id in reach


def appraisals_of(officer: Officer) -> QuerySet[Appraisal]:
    """The lists that somebody may decide about, with how much is undecided in each; those with most to do first."""
    reaches: dict[access.Reach, list[str]] = {}
    for published in REGISTER.all():
        if rights := access.rights_of(officer, published.body, to="approve"):
            reaches.setdefault(rights.reach, []).append(published.key)
    theirs = Q(pk__in=[])
    for reach, keys in reaches.items():
        theirs |= Q(register__in=keys) & (Q() if reach is None else Q(organisation_id__in=sorted(reach)))
    undecided = Count("entries", filter=Q(entries__decision=Decision.OPEN))
    return Appraisal.objects.filter(theirs).annotate(undecided=undecided).order_by("-undecided", "register", "pk")


def counts(appraisal: Appraisal) -> dict[str, int]:
    """How many entries there are of each decision."""
    found = appraisal.entries.order_by().values_list("decision").annotate(Count("pk"))
    return {**dict.fromkeys(Decision.values, 0), **dict(found)}


def page(appraisal: Appraisal, decision: str, *, after: int | None = None) -> list[AppraisedEntry]:
    """Lines of one decision, the newest first; one more than a page when there is a next."""
    lines = appraisal.entries.filter(decision=decision).select_related("account")
    if after is not None:
        lines = lines.filter(pk__lt=after)
    return list(lines.order_by("-pk")[: PAGE + 1])


def newest(appraisal: Appraisal, decision: str) -> int:
    """The last line of a decision; 0 for none."""
    ids = appraisal.entries.filter(decision=decision).order_by("-pk").values_list("pk", flat=True)
    return ids.first() or 0


def rows(body: RegisterBody, officer: Officer, lines: Sequence[AppraisedEntry]) -> list[Row]:
    """The lines with what their entries are called, as far as the officer may read it. Four queries, and one for each
    register that points to this one."""
    ids = [line.entry_id for line in lines]
    called = titles.called(body, ids, access.rights_of(officer, body, to="read"))
    days = _days(body, ids)
    pointing: dict[int, int] = {}
    for found in pointing_to(body.layout.table, ids):
        pointing[found.target] = pointing.get(found.target, 0) + 1
    files = EntryFile.objects.filter(register=body.key, entry_id__in=ids).order_by()
    held = dict(files.values_list("entry_id").annotate(Count("file_id", distinct=True)))
    return [
        Row(
            line,
            called.get(line.entry_id, ""),
            began=days[line.entry_id][0] if line.entry_id in days else None,
            ended=days[line.entry_id][1] if line.entry_id in days else None,
            pointing=pointing.get(line.entry_id, 0),
            files=held.get(line.entry_id, 0),
        )
        for line in lines
    ]


def _days(body: RegisterBody, ids: Sequence[int]) -> Mapping[int, tuple[date, date | None]]:
    with run(f"SELECT id, valid_from, valid_until FROM {body.layout.table} WHERE id = ANY(%s)", [list(ids)]) as cursor:
        return {id: (began, ended) for id, began, ended in cursor.fetchall()}


# what points to entries


@dataclass(frozen=True, slots=True)
class Pointing:
    """An entry of a table that points to another one."""

    table: str
    id: int
    target: int


MOST_POINTING = 1000
"""So many that point to one entry are enough to know: it is not erased."""


def pointing_to(table: str, ids: Collection[int]) -> Iterator[Pointing]:
    """The entries that point to any of these, but for those that point to themselves: also by a field that no version
    declares any more, for the database holds on to what it points to."""
    for other, column in tables.pointing_to(table):
        statement = (
            "SELECT found.id, wanted.id FROM unnest(%s::bigint[]) wanted(id)"
            f" CROSS JOIN LATERAL (SELECT id FROM {other} WHERE {column} = wanted.id LIMIT {MOST_POINTING}) found"
        )
        with run(statement, [list(ids)]) as cursor:
            for pointing, target in cursor.fetchall():
                if (other, pointing) != (table, target):
                    yield Pointing(other, pointing, target)


def held_back(table: str, ids: Collection[int]) -> set[int]:
    """Those of the entries that cannot go together with the others, because something that stays points to them."""
    inside: list[Pointing] = []
    held: set[int] = set()
    for each in pointing_to(table, ids):
        if each.table == table and each.id in ids:
            inside.append(each)
        else:
            held.add(each.target)
    while more := {each.target for each in inside if each.id in held} - held:
        held |= more
    return held


# who decides


def decider(body: RegisterBody, organisation_id: int) -> tuple[Node, str] | None:
    """The agency and the role of those who may approve what becomes of an agency's entries: in the agency itself if
    there is anybody, else above it, else wherever the right is for the whole province. None for nobody."""
    today, keeping = clock.today(), tree()[organisation_id]
    for node in [*reversed(tree().ancestors(keeping)), *_of_the_province(body)]:
        for each in body.access:
            fits = not each.function or each.function in node.functions
            far = each.where == "own" and node.id != organisation_id
            above = node.id in keeping.path or each.where == "province"
            if "approve" in each.may and fits and above and not far and tree().posts_in(node.id, each.role, today):
                return node, each.role
    return None


def _of_the_province(body: RegisterBody) -> Iterable[Node]:
    functions = [each.function for each in body.access if each.where == "province" and each.function]
    return [node for function in functions for node in tree().with_function(function, clock.today())]
