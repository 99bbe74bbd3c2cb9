"""Things that other rooms point to by type and id: how each kind is called, what is known of it, who may see it.

A room registers its kinds when it starts; rooms that do not know each other meet here.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.functional import Promise

from lienthong.identity.actors import Officer


@dataclass(frozen=True, slots=True)
class Facts:
    """What a list says of one. `sheets` is None where nobody has counted."""

    code: str
    kind: str
    title: str
    issuer: str
    dated: date | None
    sheets: int | None
    is_finished: bool


@dataclass(frozen=True, slots=True)
class SubjectKind:
    """`facts` of many in a fixed number of queries; `seen_by` says which of them somebody may see; `view` is its
    page."""

    word: str | Promise
    facts: Callable[[Collection[int]], dict[int, Facts]]
    seen_by: Callable[[Officer, Collection[int]], set[int]]
    view: str


SUBJECTS: dict[str, SubjectKind] = {}
"""By the type of subject, under which work items and the ledger know it too."""

Kind = TypeVar("Kind", bound=SubjectKind)


def register(subject_type: str, kind: Kind) -> Kind:
    """Make a kind of subject known, once."""
    if SUBJECTS.setdefault(subject_type, kind) is not kind:
        raise ValueError(f"two kinds of subjects are called {subject_type!r}")
    return kind
