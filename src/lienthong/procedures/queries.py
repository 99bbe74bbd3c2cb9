"""The catalogue of procedures in force: all of them, and those that answer a search. In memory, without a query."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.finding import Index
from lienthong.procedures.shapes import ProcedureBody, ProcedureField

LEVELS = ("province", "district", "commune")
SUBJECTS = ("citizen", "business", "organisation", "foreigner")


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; "" for everything."""

    field: str = ""
    level: str = ""
    subject: str = ""

    def takes(self, procedure: ProcedureBody) -> bool:
        return (
            self.field in ("", procedure.field.key)
            and self.level in ("", procedure.level)
            and (not self.subject or self.subject in procedure.subjects)
        )


@dataclass(frozen=True, slots=True)
class FieldOfLaw:
    """A field (lĩnh vực) with its procedures, by name."""

    field: ProcedureField
    procedures: tuple[ProcedureBody, ...]


def published() -> list[ProcedureBody]:
    """The procedures in force today, by name."""
    return list(_catalogue().by_name)


def search(text: str = "", filters: Filters | None = None) -> list[ProcedureBody]:
    """The procedures that answer the text, the likeliest first; without words all of them, by name."""
    catalogue = _catalogue()
    wanted = filters or Filters()
    if not any(letter.isalnum() for letter in text):
        return [procedure for procedure in catalogue.by_name if wanted.takes(procedure)]
    found = (catalogue.by_key[key] for key in catalogue.index.find(text))
    return [procedure for procedure in found if wanted.takes(procedure)]


def fields() -> list[FieldOfLaw]:
    """The fields that have procedures, those with most first."""
    return list(_catalogue().fields)


def counts(of: Callable[[ProcedureBody], Sequence[str]]) -> Counter[str]:
    """How many procedures have each value, for filters that say so."""
    return Counter(value for procedure in _catalogue().by_name for value in of(procedure))


def parts_of(procedure: ProcedureBody) -> list[ProcedureBody]:
    """The procedures of other agencies that an application for this one is handed on to, each once."""
    known = _catalogue().by_key
    keys = dict.fromkeys(step.dossier.procedure for step in procedure.process.steps if step.dossier)
    return [known[key] for key in keys if key in known]


def groups_of(procedure: ProcedureBody) -> list[ProcedureBody]:
    """The interlinked procedures that hand something on to this one, by name."""
    return [other for other in _catalogue().by_name if procedure in parts_of(other)]


@dataclass(frozen=True)
class _Catalogue:
    by_key: dict[str, ProcedureBody]
    by_name: tuple[ProcedureBody, ...]
    fields: tuple[FieldOfLaw, ...]
    index: Index


def _catalogue() -> _Catalogue:
    """Made anew when other versions are in force, and kept until then."""
    return _of_editions(tuple(edition.id for edition in PROCEDURE.all()))


@lru_cache(maxsize=2)
def _of_editions(ids: tuple[int, ...]) -> _Catalogue:
    bodies = [PROCEDURE.pinned(id) for id in ids]
    by_name = tuple(sorted(bodies, key=lambda body: body.name))
    grouped: dict[str, list[ProcedureBody]] = {}
    for body in by_name:
        grouped.setdefault(body.field.key, []).append(body)
    fields = sorted(grouped.values(), key=lambda group: (-len(group), group[0].field.name))
    return _Catalogue(
        by_key={body.key: body for body in bodies},
        by_name=by_name,
        fields=tuple(FieldOfLaw(group[0].field, tuple(group)) for group in fields),
        index=Index(bodies),
    )
