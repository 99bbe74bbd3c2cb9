"""The follow-up register of a one-stop shop (sổ theo dõi hồ sơ): the dossiers it received, in their order.

A page is one scan of the index over (reception, received_at, id), from the last row of the page before; it ends after a
page's length, however long the register is. Only a narrow filter over a long period reads more than it shows.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from lienthong.cases.codes import tidy
from lienthong.cases.models import Dossier, Paper, Taker
from lienthong.cases.queries.gates import scope_of
from lienthong.foundation import clock
from lienthong.foundation.errors import NotFound
from lienthong.foundation.files.search import query as words
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.procedures.definition import PROCEDURE

PAGE = 50
ONE_STOP = "one-stop"

_COLUMNS = (
    "code",
    "procedure_id",
    "procedure_key",
    "variant",
    "rule_set_id",
    "title",
    "competent_id",
    "channel",
    "return_way",
    "parcel",
    "applicant_name",
    "applicant_phone",
    "applicant_address",
    "status",
    "received_at",
    "due_at",
    "paused_at",
    "finished_at",
    "returned_at",
)


class NoSuchRegister(NotFound):
    code = "cases.no_such_register"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Which part of a shop's register is wanted: the days of reception (both included), and what narrows it further.

    `field` is the key of a field of procedures, `late` leaves what is or was late, `text` is looked up in code, name
    and title, without accents.
    """

    first_day: date
    last_day: date
    procedure: str = ""
    field: str = ""
    status: int | None = None
    channel: int | None = None
    late: bool = False
    text: str = ""

    @property
    def narrowed(self) -> bool:
        chosen = (self.procedure, self.field, self.late, self.text)
        return any(chosen) or self.status is not None or self.channel is not None


@dataclass(frozen=True, slots=True)
class Place:
    """The last row of a page: the next page begins behind it."""

    received_at: datetime
    id: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the register. `number` is its place in the year's book; empty until its receipt is made. `taker` is
    who took the result at the counter, or the number of the parcel."""

    dossier: Dossier
    number: str
    taker: str = ""


def shops_of(officer: Officer) -> list[Node]:
    """The one-stop shops whose register the officer may see, with those that are no more: first the one the officer is
    at work in, then the own ones."""
    here, below = scope_of(officer)
    own, above = set(here), {int(path.rpartition(".")[2]) for path in below}
    shops = (node for node in tree().nodes.values() if ONE_STOP in node.functions)
    seen = [shop for shop in shops if shop.id in own or not above.isdisjoint(shop.path)]
    at_work = officer.acting.organisation.id
    return sorted(seen, key=lambda shop: (shop.id != at_work, shop.id not in own, shop.path))


def shop_of(officer: Officer, key: str) -> Node:
    """The one-stop shop with that key; the first without one. Raises NoSuchRegister for what is not to be seen."""
    shops = shops_of(officer)
    found = next((shop for shop in shops if shop.key == key or not key), None)
    if found is None:
        raise NoSuchRegister(_("There is no such register, or it is not for you to see."))
    return found


def page_of_register(shop: Node, filters: Filters, *, after: Place | None = None) -> list[Line]:
    """A page, the last received first; one line more than a page when there is a next. One query."""
    dossiers = _narrowed(shop, filters)
    if after:
        behind = Q(received_at__lt=after.received_at) | Q(received_at=after.received_at, id__lt=after.id)
        dossiers = dossiers.filter(behind, received_at__lte=after.received_at)
    return [_line(dossier) for dossier in _numbered(dossiers).order_by("-received_at", "-id")[: PAGE + 1]]


def whole_register(shop: Node, filters: Filters) -> Iterator[Line]:
    """All lines in the order of the book, read in portions: one query, and no more memory than a portion."""
    dossiers = _numbered(_narrowed(shop, filters)).order_by("received_at", "id")
    return map(_line, dossiers.iterator(chunk_size=1000))


def longer_than(shop: Node, filters: Filters, most: int) -> bool:
    """Whether there are more lines than that; counts no further."""
    counted: int = _narrowed(shop, filters).order_by()[: most + 1].count()
    return counted > most


def _numbered(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    receipts = Paper.objects.filter(dossier=OuterRef("pk"), kind="receipt").exclude(number="").order_by("-pk")
    takers = Taker.objects.filter(dossier=OuterRef("pk"))
    return dossiers.only(*_COLUMNS).annotate(
        register_number=Subquery(receipts.values("number")[:1]),
        register_taker=Subquery(takers.values("name")[:1]),
    )


def _line(dossier: Dossier) -> Line:
    number: str | None = getattr(dossier, "register_number")  # noqa: B009 - the annotations of `_numbered`
    taker: str | None = getattr(dossier, "register_taker")  # noqa: B009
    return Line(dossier, number or "", taker or dossier.parcel)


def _narrowed(shop: Node, filters: Filters) -> QuerySet[Dossier]:
    dossiers = Dossier.objects.filter(
        reception_id=shop.id,
        received_at__gte=clock.day_start(filters.first_day),
        received_at__lt=clock.day_start(filters.last_day + timedelta(days=1)),
    )
    if filters.procedure:
        dossiers = dossiers.filter(procedure_key=filters.procedure)
    if filters.field:
        dossiers = dossiers.filter(procedure_key__in=procedures_in(filters.field))
    if filters.status is not None:
        dossiers = dossiers.filter(status=filters.status)
    if filters.channel is not None:
        dossiers = dossiers.filter(channel=filters.channel)
    if filters.late:
        dossiers = dossiers.filter(due_at__lt=Coalesce(F("finished_at"), F("paused_at"), Value(clock.now())))
    if filters.text:
        dossiers = dossiers.filter(Q(code=tidy(filters.text)) | Q(search=words(filters.text)))
    return dossiers


def procedures_in(field: str) -> list[str]:
    """The keys of the procedures in a field."""
    return [published.key for published in PROCEDURE.all() if published.body.field.key == field]
