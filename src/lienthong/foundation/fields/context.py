"""What fields need to know of the world around the data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from lienthong.foundation.fields.lists import NO_LISTS, CodeLists


@dataclass(frozen=True, slots=True)
class FileRef:
    """A stored file, as a file field holds it. `size` in bytes; `kind` as the files room names kinds (pdf, image …)."""

    id: str
    name: str
    size: int = 0
    kind: str = ""


class StoredFiles(Protocol):
    """Which stored files this person may put into this data. Whoever makes the context decides; fields only ask."""

    def find(self, id: str) -> FileRef | None:
        """The file, or None when there is none or it is not theirs to use."""
        ...


class NoFiles:
    def find(self, id: str) -> FileRef | None:
        return None


@dataclass(frozen=True, slots=True)
class Context:
    """`at` is the day the data is looked at: `today` in expressions, and the day on which code lists must be valid.

    `names` are what expressions may read beside the data, above all `applicant`. `province` is the administrative code
    of the province that addresses begin with.
    """

    at: date
    lists: CodeLists = NO_LISTS
    files: StoredFiles = field(default_factory=NoFiles)
    names: Mapping[str, Any] = field(default_factory=dict)
    province: str = ""
