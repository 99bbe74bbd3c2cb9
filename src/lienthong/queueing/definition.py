"""What a province declares of the queue of a one-stop shop: groups of business, desks, hours, who goes first."""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, StringConstraints

from lienthong.foundation.calendars.definition import CALENDAR
from lienthong.foundation.definitions.registry import Body, Catalogue, Key, Kind, Problem, Shape, Text
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.organisations.definition import ORGANISATIONS
from lienthong.procedures.definition import PROCEDURE
from lienthong.queueing.rules import Terms

if TYPE_CHECKING:
    from lienthong.foundation.definitions.models import Definition

PRIORITIES = "queue-priority"
"""The code list of the grounds on which somebody goes first."""

ONE_STOP = "one-stop"

Letter = Annotated[str, StringConstraints(pattern="^[A-Z]$")]


class Group(Shape):
    """People who come for the same kind of business; their numbers begin with its letter."""

    letter: Letter = Field(description="What its numbers begin with: A gives A001, A002 …")
    name: Text = Field(description="What people choose at the door")
    about: str = Field("", description="Examples in plain words, under the name")
    fields: tuple[Key, ...] = Field((), description="Fields of procedures (lĩnh vực) that belong here")
    procedures: tuple[Key, ...] = Field((), description="Single procedures that belong here")
    most_a_day: int | None = Field(None, ge=1, le=999, description="How many numbers a day; empty: no limit")
    minutes: int = Field(10, ge=1, le=120, description="How long one person takes, until the day's own times are known")


class Desk(Shape):
    """A place where people are served."""

    number: int = Field(ge=1, le=99)
    name: str = Field("", description="What stands at it beside the number")
    groups: tuple[Letter, ...] = Field(min_length=1, description="Letters of the groups that it serves")


class QueueBody(Body):
    """The queue of one one-stop shop."""

    organisation: str = Field(description="Key of the one-stop shop")
    calendar: Key = Field(description="Working calendar; numbers are given in its hours")
    before_opening: int = Field(15, ge=0, le=120, description="Minutes before opening from which numbers are given")
    before_closing: int = Field(30, ge=0, le=240, description="Minutes before closing from which none are given")
    groups: tuple[Group, ...] = Field(min_length=1, max_length=12)
    desks: tuple[Desk, ...] = Field(min_length=1, max_length=99)
    priority: tuple[str, ...] = Field((), description=f"Who goes first: codes of the list {PRIORITIES}")

    @cached_property
    def by_letter(self) -> dict[str, Group]:
        return {group.letter: group for group in self.groups}

    @cached_property
    def by_number(self) -> dict[int, Desk]:
        return {desk.number: desk for desk in self.desks}

    @property
    def terms(self) -> Terms:
        return Terms(self.before_opening, self.before_closing)


def check_queue(body: QueueBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from _check_organisation(body, catalogue)
    yield from catalogue.refers(CALENDAR, body.calendar, at=("calendar",))
    yield from _twice("groups", "letter", [group.letter for group in body.groups])
    yield from _twice("desks", "number", [desk.number for desk in body.desks])
    yield from _check_desks(body)
    yield from _check_business(body, catalogue)
    grounds = catalogue.get(CODE_LIST, PRIORITIES)
    known = {item.code for item in grounds.items} if grounds else set()
    for place, code in enumerate(body.priority):
        if code not in known:
            message = _("There is no ground “%(text)s” in the list “%(list)s”.")
            yield Problem(("priority", place), message % {"text": code, "list": PRIORITIES})


def _check_organisation(body: QueueBody, catalogue: Catalogue) -> Iterator[Problem]:
    """It is a one-stop shop, and no other queue is of the same."""
    shops = {
        entry.key: ONE_STOP in entry.functions
        for tree in catalogue.all(ORGANISATIONS).values()
        for entry in tree.flat()
    }
    if not shops.get(body.organisation):
        yield Problem(("organisation",), _("“%(text)s” is no one-stop shop.") % {"text": body.organisation})
    for other in catalogue.all(QUEUE).values():
        if other.organisation == body.organisation and other.key != body.key:
            yield Problem(("organisation",), _("The queue “%(text)s” is of the same shop.") % {"text": other.key})


def _twice(part: str, name: str, values: Iterable[str | int]) -> Iterator[Problem]:
    counted: Counter[str | int] = Counter()
    for place, value in enumerate(values):
        counted[value] += 1
        if counted[value] == 2:
            yield Problem((part, place, name), _("“%(text)s” is there twice.") % {"text": value})


def _check_desks(body: QueueBody) -> Iterator[Problem]:
    for place, desk in enumerate(body.desks):
        for letter in desk.groups:
            if letter not in body.by_letter:
                yield Problem(("desks", place, "groups"), _("There is no group “%(text)s”.") % {"text": letter})
    served = {letter for desk in body.desks for letter in desk.groups}
    for place, group in enumerate(body.groups):
        if group.letter not in served:
            yield Problem(("groups", place, "letter"), _("No desk serves this group."))


def _check_business(body: QueueBody, catalogue: Catalogue) -> Iterator[Problem]:
    fields = {procedure.field.key for procedure in catalogue.all(PROCEDURE).values()}
    for place, group in enumerate(body.groups):
        for key in group.procedures:
            yield from catalogue.refers(PROCEDURE, key, at=("groups", place, "procedures"))
        for key in group.fields:
            if key not in fields:
                message = _("No procedure has the field “%(text)s”.") % {"text": key}
                yield Problem(("groups", place, "fields"), message)


def publish_queue(row: "Definition", body: QueueBody) -> None:
    """The shop gets its addresses for kiosk and poster; those it has stay as they are."""
    from lienthong.queueing.services.doors import open_doors

    open_doors(body.organisation)


QUEUE = Kind(
    "queue",
    QueueBody,
    title=gettext_lazy("queue of a one-stop shop"),
    after=("calendar", "code-list", "organisations", "procedure"),
    check=check_queue,
    materialise=publish_queue,
)
