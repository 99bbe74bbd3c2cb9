"""What was published when, by whom and what it changed: reads for people, not for running things."""

from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice, pairwise
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db.models import Max
from django.db.models.fields.json import KT

from lienthong.foundation import clock
from lienthong.foundation.definitions import registry, rules, shelf, yaml
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.definitions.registry import Kind
from lienthong.foundation.definitions.rules import Difference, Edition


@dataclass(frozen=True, slots=True)
class KindOverview:
    """A kind, how many things of it are in force, and when one was last published."""

    kind: Kind[Any]
    in_force: int
    last_published: datetime | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A declared thing in a list, by its newest version. `in_force`: on the day that was asked for."""

    key: str
    name: str
    newest: Edition
    in_force: bool


@dataclass(frozen=True, slots=True)
class Version:
    """One published version and what made it differ from the one before; no differences for the first.

    `last_day` is the earlier of its own effective_to and a retirement. Without an author, the operator published it.
    """

    id: int
    version: int
    name: str
    effective_from: date
    last_day: date | None
    published_at: datetime
    author: AbstractBaseUser | None
    approver: AbstractBaseUser | None
    note: str
    file: str
    retired_because: str
    differences: tuple[Difference, ...]


def kinds_overview(at: date | None = None) -> tuple[KindOverview, ...]:
    """Every kind, each after the ones it refers to; one query."""
    day = at or clock.today()
    known = shelf.now()
    last = dict(Definition.objects.values_list("kind").annotate(Max("published_at")))
    return tuple(
        KindOverview(
            kind,
            sum(1 for editions in known.of(kind.key).values() if rules.in_force(editions, day)),
            last.get(kind.key),
        )
        for kind in registry.in_order()
    )


def listed(kind: Kind[Any], *, after: str = "", limit: int = 100, at: date | None = None) -> tuple[Listed, ...]:
    """The things of a kind that were ever published, by key, from the one after `after`; one query."""
    day = at or clock.today()
    known = shelf.now().of(kind.key)
    page = {key: known[key] for key in islice((key for key in sorted(known) if key > after), limit)}
    newest = [editions[0].id for editions in page.values()]
    names = dict(Definition.objects.filter(id__in=newest).values_list("id").annotate(name=KT("body__name")))
    return tuple(
        Listed(key, names[editions[0].id], editions[0], rules.in_force(editions, day) is not None)
        for key, editions in page.items()
    )


def versions(kind: Kind[Any], key: str) -> tuple[Version, ...]:
    """Every version of a thing, newest first; one query."""
    rows = list(
        Definition.objects.filter(kind=kind.key, key=key)
        .select_related("author", "approver", "retirement")
        .order_by("-version")
    )
    changes = {newer.pk: tuple(rules.differences(older.body, newer.body)) for newer, older in pairwise(rows)}
    days = {edition.id: edition.last_day for edition in shelf.now().of(kind.key).get(key, ())}
    return tuple(_version(row, days.get(row.pk), changes.get(row.pk, ())) for row in rows)


def export(definition: Definition) -> str:
    """The declaration as a file of its own, without comments; reading it gives the same body again."""
    return yaml.write(yaml.read(definition.source).value)


def _version(row: Definition, last_day: date | None, differences: tuple[Difference, ...]) -> Version:
    retirement = getattr(row, "retirement", None)
    return Version(
        id=row.pk,
        version=row.version,
        name=row.body["name"],
        effective_from=row.effective_from,
        last_day=last_day,
        published_at=row.published_at,
        author=row.author,
        approver=row.approver,
        note=row.note,
        file=f"{row.folder}/{row.file}",
        retired_because=retirement.reason if retirement else "",
        differences=differences,
    )
