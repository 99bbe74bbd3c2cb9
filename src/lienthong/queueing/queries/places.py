"""The shops that have a queue, their desks today, and the addresses at which their numbers are taken."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.calendars.queries import calendar_of
from lienthong.foundation.calendars.rules import Hours
from lienthong.foundation.definitions.registry import Published
from lienthong.foundation.errors import NotFound
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer, Permission
from lienthong.procedures.queries import LEVELS, published
from lienthong.procedures.shapes import ProcedureBody
from lienthong.queueing import rules
from lienthong.queueing.definition import PRIORITIES, QUEUE, Desk, Group, QueueBody
from lienthong.queueing.models import Door, Seat


class NoSuchQueue(NotFound):
    code = "queueing.no_such_queue"


class NoSuchDoor(NotFound):
    code = "queueing.no_such_door"


@dataclass(frozen=True, slots=True)
class Shop:
    """A one-stop shop with its queue as it is declared for the day."""

    body: QueueBody
    node: Node

    @property
    def key(self) -> str:
        return self.body.key

    @property
    def name(self) -> str:
        return self.node.name

    def group_name(self, letter: str) -> str:
        """The letter itself for a group that is declared no more."""
        group = self.body.by_letter.get(letter)
        return group.name if group else letter

    def hours(self, day: date) -> Hours:
        return calendar_of(self.body.calendar, day).day(day).hours

    def giving(self, day: date) -> list[tuple[datetime, datetime]]:
        """When numbers are given on that day."""
        return rules.giving(self.hours(day), day, self.body.terms)

    def gives(self, now: datetime) -> bool:
        return rules.is_given(self.giving(now.date()), now)


def shops() -> list[Shop]:
    """Every shop with a queue today: those of the province, of districts, of communes, each by name. No query."""
    found = (_shop(edition) for edition in QUEUE.all())
    return sorted((shop for shop in found if shop), key=lambda shop: (LEVELS.index(shop.node.level), shop.name))


def _shop(edition: Published[QueueBody]) -> Shop | None:
    """None while the shop itself is not there (any more)."""
    node = tree().by_key(edition.body.organisation)
    if node is None or not node.in_force(clock.today()):
        return None
    return Shop(edition.body, node)


def shop(key: str) -> Shop:
    """Raises NoSuchQueue."""
    return _only([each for each in shops() if each.key == key])


def shop_of(organisation_id: int) -> Shop:
    """The one of that organisation. Raises NoSuchQueue."""
    return _only([each for each in shops() if each.node.id == organisation_id])


def _only(found: Sequence[Shop]) -> Shop:
    if not found:
        raise NoSuchQueue(_("There is no such queue."))
    return found[0]


def shops_of(officer: Officer, *permissions: Permission) -> list[Shop]:
    """Those in which the officer has one of the permissions."""
    return [each for each in shops() if any(officer.may(permission, each.node) for permission in permissions)]


def shop_for(officer: Officer, key: str, *permissions: Permission) -> Shop:
    """The shop of that key where the officer has one of the permissions. Raises NoSuchQueue."""
    return _only([each for each in shops_of(officer, *permissions) if each.key == key])


def behind(key: str, purpose: str) -> Shop:
    """The shop that a secret address leads into. Raises NoSuchDoor. One query."""
    door = Door.objects.filter(key=key, purpose=purpose).first()
    if door is None:
        raise NoSuchDoor(
            _("Numbers are not given at this address."),
            way_out=_("Scan the poster at the entrance of the one-stop shop again."),
        )
    return shop_of(door.organisation_id)


def doors_of(organisation_id: int) -> dict[str, Door]:
    """By purpose. One query."""
    return {door.purpose: door for door in Door.objects.filter(organisation_id=organisation_id)}


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for going first, in words."""

    code: str
    name: str
    note: str


def grounds(shop: Shop) -> list[Ground]:
    """Those that the shop has declared, in its order. No query."""
    if not shop.body.priority:
        return []
    known = {item.code: item for item in CODE_LIST.current(PRIORITIES).body.items}
    return [Ground(code, known[code].name, known[code].note) for code in shop.body.priority if code in known]


def ground_name(code: str) -> str:
    """Also of a ground that the shop declares no more; the code where nobody knows it."""
    named = (item.name for item in CODE_LIST.current(PRIORITIES).body.items if item.code == code)
    return next(named, code)


def procedures_of(group: Group) -> list[ProcedureBody]:
    """The procedures in force that belong to a group. No query."""
    return [
        procedure
        for procedure in published()
        if procedure.field.key in group.fields or procedure.key in group.procedures
    ]


@dataclass(frozen=True, slots=True)
class Place:
    """A desk, and who sits there today."""

    desk: Desk
    account_id: int | None = None
    clerk: str = ""
    since: datetime | None = None


def places(shop: Shop) -> list[Place]:
    """The desks of a shop by number. One query."""
    seats = {
        seat.desk: seat
        for seat in Seat.objects.filter(organisation_id=shop.node.id, day=clock.today()).select_related("account")
    }
    return [
        Place(desk, seat.account_id, seat.account.full_name, seat.since)
        if (seat := seats.get(desk.number))
        else Place(desk)
        for desk in sorted(shop.body.desks, key=lambda desk: desk.number)
    ]
