"""What agencies hold about an applicant, and who has read it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Sum

from lienthong.cases import events
from lienthong.cases.models import Component, Dossier, Draft
from lienthong.cases.queries.own import of_account, of_person
from lienthong.cases.services.reading import DOSSIER_READ
from lienthong.foundation import clock
from lienthong.foundation.ledger.entries import EntryView
from lienthong.foundation.ledger.queries import about_any
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.models import Account
from lienthong.identity.queries import Actor
from lienthong.procedures.definition import PROCEDURE

MOST_DOSSIERS = 1000
"""The readings of so many of a person's dossiers are looked through, the newest."""
PAGE = 50


@dataclass(frozen=True, slots=True)
class Holding:
    """What one agency holds. `size` in bytes, of the files that were handed in."""

    agency: Node
    dossiers: int
    files: int
    size: int


def held_by_agencies(applicant: Actor) -> list[Holding]:
    """By the name of the agency. Two queries, over the dossiers of the person alone: those of a business that it
    represents are not about it."""
    own = Dossier.objects.filter(of_account(applicant)).order_by()
    dossiers = dict(own.values_list("competent_id").annotate(Count("pk")))
    handed_in = Component.objects.filter(dossier__in=own).order_by()
    files = {
        competent: (number, size)
        for competent, number, size in handed_in.values_list("dossier__competent_id").annotate(
            Count("pk"), Sum("file__size")
        )
    }
    held = [Holding(tree()[pk], number, *files.get(pk, (0, 0))) for pk, number in dossiers.items()]
    return sorted(held, key=lambda each: each.agency.name)


def begun(applicant: Actor) -> int:
    """How many applications the person has begun and not handed in."""
    return Draft.objects.filter(account_id=applicant.account_id, dossier=None).count()


@dataclass(frozen=True, slots=True)
class Reading:
    """That an officer looked into a dossier on a day: once or several times, and at how many of its files."""

    first: datetime
    last: datetime
    who: str
    post: str
    agency: str
    dossier_id: int
    code: str
    procedure: str
    files: int
    opened: bool
    account_id: int | None

    @property
    def office(self) -> str:
        return ", ".join(filter(None, (self.post, self.agency)))


@dataclass(frozen=True, slots=True)
class Readings:
    """A page, newest first. `next` is where the following one begins."""

    rows: list[Reading]
    next: int | None


def readings_of(applicant: Actor, *, before: int | None = None, size: int = PAGE) -> Readings:
    """Who has read the dossiers that are the person's to see, newest first. Five queries, whatever was read how
    often."""
    own = Dossier.objects.filter(of_person(applicant)).order_by("-pk")[:MOST_DOSSIERS]
    dossiers = {each.pk: each for each in own.only("pk", "code", "tracking", "procedure_id")}
    page = about_any(DOSSIER_READ, dossiers, before=before, size=size)
    seen = [entry for entry in page.entries if entry.kind == events.SEEN.key]
    accounts = {entry.account_id for entry in seen if entry.account_id is not None}
    names = dict(Account.objects.filter(pk__in=accounts).values_list("pk", "full_name"))
    return Readings(_together(_reading(entry, dossiers[entry.subject[1]], names) for entry in seen), page.next)


def _reading(entry: EntryView, dossier: Dossier, names: dict[int, str]) -> Reading:
    post, node = tree().posts.get(entry.post_id or 0), tree().nodes.get(entry.organisation_id or 0)
    at_file = bool({"file", "paper"} & entry.data.keys())
    return Reading(
        first=entry.at,
        last=entry.at,
        who=names.get(entry.account_id or 0, ""),
        post=post.title if post else "",
        agency=node.name if node else "",
        dossier_id=dossier.pk,
        code=dossier.code or dossier.tracking,
        procedure=PROCEDURE.edition(dossier.procedure_id).name,
        files=int(at_file),
        opened=not at_file,
        account_id=entry.account_id,
    )


def _together(readings: Iterable[Reading]) -> list[Reading]:
    """What one officer read of one dossier on one day, with nothing in between, is one line."""
    rows: list[Reading] = []
    for each in readings:
        if rows and _same(rows[-1], each):
            rows[-1] = replace(
                rows[-1], first=each.first, files=rows[-1].files + each.files, opened=rows[-1].opened or each.opened
            )
        else:
            rows.append(each)
    return rows


def _same(one: Reading, other: Reading) -> bool:
    day = clock.local(one.first).date() == clock.local(other.first).date()
    return day and (one.account_id, one.post, one.dossier_id) == (other.account_id, other.post, other.dossier_id)
