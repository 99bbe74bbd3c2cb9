"""Reads of what is published. Compiled bodies are kept for ever; see shelf.py for what is looked up again."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.db.models import CharField, Func
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError

from lienthong.foundation import clock
from lienthong.foundation.definitions import rules, shelf
from lienthong.foundation.definitions.models import Definition
from lienthong.foundation.errors import NotFound

if TYPE_CHECKING:
    from lienthong.foundation.definitions.registry import Body, Kind

B = TypeVar("B", bound="Body")
B_co = TypeVar("B_co", bound="Body", covariant=True)


@dataclass(frozen=True, slots=True)
class Published(Generic[B_co]):
    """One published version. `id` is what running things pin."""

    id: int
    kind: str
    key: str
    version: int
    effective_from: date
    effective_to: date | None
    body: B_co

    @property
    def name(self) -> str:
        return self.body.name


@dataclass(frozen=True, slots=True)
class Standing:
    """The newest version of a declared thing, as it was written and whether it still counts.

    `source_digest`: sha256 of the text it was read from. `ended`: its last day is past. `retired`: somebody ended it
    otherwise than by its own effective_to.
    """

    id: int
    kind: str
    key: str
    version: int
    body: Mapping[str, Any]
    checksum: str
    source_digest: str
    folder: str
    file: str
    ended: bool
    retired: bool

    @property
    def name(self) -> str:
        return str(self.body["name"])


class DefinitionNotFound(NotFound):
    code = "definitions.not_found"


class Misfit(RuntimeError):
    """A published body no longer fits the shape of its kind: the program lost the compatibility it owes."""


class _Digest(Func):
    """sha256 of a text by PostgreSQL's own function; Django's needs the pgcrypto extension."""

    template = "encode(sha256(convert_to(%(expressions)s, 'UTF8')), 'hex')"
    output_field = CharField()


_compiled: dict[int, Published[Any]] = {}


def current(kind: "Kind[B]", key: str, at: date | None = None) -> Published[B]:
    """The version in force on the day (default: today). Raises DefinitionNotFound."""
    editions = shelf.now().of(kind.key).get(key, ())
    day = at or clock.today()
    if edition := rules.in_force(editions, day):
        return _edition(kind, edition.id)
    if not editions:
        raise DefinitionNotFound(_("There is no %(kind)s “%(key)s”."), kind=kind.title, key=key)
    raise DefinitionNotFound(
        _("The %(kind)s “%(key)s” is not in force on %(day)s."), kind=kind.title, key=key, day=f"{day:%d/%m/%Y}"
    )


def all_current(kind: "Kind[B]", at: date | None = None) -> tuple[Published[B], ...]:
    """Everything of the kind in force on the day (default: today), by key."""
    return _editions(kind, shelf.now().in_force(kind.key, at or clock.today()))


def newest(kind: "Kind[B]", *, leave_out: Collection[str] = (), at: date | None = None) -> tuple[Published[B], ...]:
    """The last published version of everything of the kind that has not ended by the day (default: today), by key.

    The keys left out are not even compiled: they may be about to be replaced because they no longer fit.
    """
    day = at or clock.today()
    known = shelf.now().of(kind.key)
    last = (known[key][0] for key in sorted(known) if key not in leave_out)
    return _editions(kind, [edition.id for edition in last if edition.last_day is None or edition.last_day >= day])


def edition(kind: "Kind[B]", id: int) -> Published[B]:
    """Exactly that version. Raises DefinitionNotFound when there is none of this kind with the id."""
    return _edition(kind, id)


def history(kind: "Kind[B]", key: str) -> tuple[Published[B], ...]:
    """Every version, newest first; empty when the key was never published."""
    return _editions(kind, [edition.id for edition in shelf.now().of(kind.key).get(key, ())])


def standing(at: date | None = None) -> tuple[Standing, ...]:
    """The newest version of everything, by kind and key; one query whatever their number."""
    day = at or clock.today()
    fields = ("id", "kind", "key", "version", "body", "checksum", "source_digest", "folder", "file")
    rows = (
        Definition.objects.annotate(source_digest=_Digest("source"))
        .order_by("kind", "key", "-version")
        .distinct("kind", "key")
        .values("effective_to", "retirement__last_day", *fields)
    )
    found = []
    for row in rows.iterator():
        effective_to, retired_on = row.pop("effective_to"), row.pop("retirement__last_day")
        last_day = min((each for each in (effective_to, retired_on) if each), default=None)
        found.append(Standing(**row, ended=last_day is not None and last_day < day, retired=retired_on is not None))
    return tuple(found)


def newest_row(kind: "Kind[Any]", key: str) -> Definition:
    """The row of the last published version. Raises DefinitionNotFound."""
    row = Definition.objects.filter(kind=kind.key, key=key).order_by("-version").first()
    if row is None:
        raise DefinitionNotFound(_("There is no %(kind)s “%(key)s”."), kind=kind.title, key=key)
    return row


def forget() -> None:
    """Know nothing: for tests that empty the tables under us."""
    shelf.forget()
    _compiled.clear()


def _edition(kind: "Kind[B]", id: int) -> Published[B]:
    return _editions(kind, [id])[0]


def _editions(kind: "Kind[B]", ids: Sequence[int]) -> tuple[Published[B], ...]:
    unknown = [id for id in ids if id not in _compiled]
    if unknown:
        _compile(kind, Definition.objects.filter(id__in=unknown))
    found = [_compiled.get(id) for id in ids]
    if any(each is None or each.kind != kind.key for each in found):
        raise DefinitionNotFound(_("There is no such version of a %(kind)s."), kind=kind.title)
    return tuple(each for each in found if each)


def _compile(kind: "Kind[B]", rows: Iterable[Definition]) -> None:
    for row in rows:
        if row.kind != kind.key:
            continue
        try:
            body = kind.model.model_validate(row.body)
        except ValidationError as error:
            raise Misfit(
                f"{row.kind} {row.key} version {row.version} was published and no longer fits {kind.model.__name__}: "
                "a model may only grow by fields with a default"
            ) from error
        _compiled[row.pk] = Published(
            row.pk, row.kind, row.key, row.version, row.effective_from, row.effective_to, body
        )
