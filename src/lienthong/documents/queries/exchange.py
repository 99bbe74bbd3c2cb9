"""How documents are exchanged: the shares that the plans of the province ask for, counted now from the documents. What
is limited to posts by name is in no figure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet

from lienthong.documents.models import Arrival, Issue, Signature
from lienthong.documents.queries.settlement import Period
from lienthong.documents.rules.journey import Status
from lienthong.foundation.organisations.rules import Node


class Trait(StrEnum):
    """What is counted of documents that went out and were not recalled; the words of addresses."""

    ISSUED = "chua-thu-hoi"
    ELECTRONIC = "dien-tu"
    ONLY_ELECTRONIC = "chi-dien-tu"
    SIGNED = "ky-so"
    PAPER = "ban-giay"


OF_TRAIT: dict[Trait, Q] = {
    Trait.ISSUED: Q(),
    Trait.ELECTRONIC: Q(inside__gt=0),
    Trait.ONLY_ELECTRONIC: Q(inside__gt=0, copies=0),
    Trait.SIGNED: Q(document__signature=Signature.VALID),
    Trait.PAPER: Q(copies__gt=0),
}

SHARES = tuple(trait for trait in Trait if trait is not Trait.ISSUED)
"""Traits that are a share of what was issued."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Documents issued and not recalled, and how many of them have each trait."""

    issued: int = 0
    electronic: int = 0
    only_electronic: int = 0
    signed: int = 0
    paper: int = 0

    def of(self, trait: Trait) -> int:
        return {
            Trait.ISSUED: self.issued,
            Trait.ELECTRONIC: self.electronic,
            Trait.ONLY_ELECTRONIC: self.only_electronic,
            Trait.SIGNED: self.signed,
            Trait.PAPER: self.paper,
        }[trait]

    def share(self, trait: Trait) -> float | None:
        """In per cent; None of nothing."""
        return 100 * self.of(trait) / self.issued if self.issued else None


@dataclass(frozen=True, slots=True)
class Got:
    """Documents registered as incoming and not recalled by their sender."""

    registered: int = 0
    electronic: int = 0
    signed: int = 0


def sent_by(agencies: Iterable[Node], period: Period) -> dict[int, Sent]:
    """One query; an agency that issued nothing is missing."""
    found = _issued(period).filter(organisation_id__in=[node.id for node in agencies])
    return _counted(found, "organisation_id")


def drafted_by(units: Iterable[Node], period: Period) -> dict[int, Sent]:
    """What units drafted. One query; a unit that drafted nothing is missing."""
    return _counted(_issued(period).filter(unit_id__in=[node.id for node in units]), "unit_id")


def _issued(period: Period) -> QuerySet[Issue]:
    first, end = period.moments
    return Issue.objects.filter(issued_at__gte=first, issued_at__lt=end, recalled_at=None, limited=False)


def _counted(found: QuerySet[Issue], by: str) -> dict[int, Sent]:
    counts = {trait.name.lower(): Count("id", filter=condition or None) for trait, condition in OF_TRAIT.items()}
    rows: Iterable[Mapping[str, Any]] = found.order_by().values(by).annotate(**counts)
    return {row[by]: Sent(**{name: count for name, count in row.items() if name != by}) for row in rows}


def got_by(agencies: Iterable[Node], period: Period) -> dict[int, Got]:
    """One query; an agency that registered nothing is missing."""
    rows = (
        Arrival.objects.filter(
            organisation_id__in=[node.id for node in agencies],
            arrived_on__range=(period.first, period.last),
            number__isnull=False,
            limited=False,
        )
        .exclude(status=Status.RECALLED)
        .order_by()
        .values("organisation_id")
        .annotate(
            registered=Count("id"),
            electronic=Count("id", filter=~Q(way=Arrival.Way.PAPER)),
            signed=Count("id", filter=Q(document__signature=Signature.VALID)),
        )
    )
    return {row["organisation_id"]: Got(row["registered"], row["electronic"], row["signed"]) for row in rows}
