"""What work is about, as rooms tell it to each other: for each type of subject how it is called and dated, who may see
it, where its page is and which files it holds. Business rooms do not import each other; whoever files, cites or packs
something asks here, and whatever is to be filed or cited is registered here by its own room."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise

from lienthong.foundation.files.models import StoredFile
from lienthong.identity.actors import Officer

Ids = Collection[int] | QuerySet[Any, Any]
"""Ids of subjects, or a query that gives them: of many, the database then looks at those alone that matter."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a list says of one. `sheets` is None where nobody has counted; `is_finished`: nobody works on it more."""

    code: str
    kind: str
    title: str
    issuer: str
    dated: date | None
    sheets: int | None
    is_finished: bool


def _no_files(subject_id: int) -> Sequence[StoredFile]:
    return ()


def _kept(subject_id: int) -> list[dict[str, Any]]:
    return []


def _unlimited(ids: Ids) -> set[int]:
    return set()


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """A type of subject. `facts` of many in a fixed number of queries; `seen_by` says which of them somebody may see;
    `view` is the name of its page, which takes the id.

    `files` are those of one, in their order. `erase` lets go of the contents of one in the caller's transaction and
    says what went; without it the room keeps them by its own rules. `limited` are those that are kept from all but
    the posts that are named.
    """

    word: str | Promise
    facts: Callable[[Collection[int]], dict[int, Facts]]
    seen_by: Callable[[Officer, Collection[int]], set[int]]
    view: str
    files: Callable[[int], Sequence[StoredFile]] = _no_files
    erase: Callable[[int], list[dict[str, Any]]] = _kept
    limited: Callable[[Ids], set[int]] = _unlimited


SUBJECTS: dict[str, SubjectKind] = {}
"""By the type of subject, under which work items and the ledger know it too."""


def register(subject_type: str, kind: SubjectKind) -> SubjectKind:
    """Called when the room starts. A type is registered once."""
    if SUBJECTS.setdefault(subject_type, kind) is not kind:
        raise ValueError(f"the type of subject {subject_type!r} is registered already")
    return kind
