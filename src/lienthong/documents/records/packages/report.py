"""What was found in a package that was looked through."""

from dataclasses import dataclass, field

from django.utils.functional import Promise

from lienthong.foundation.errors import DomainError


class PackageRefused(DomainError):
    """It is not looked through: it is no archive, or one that is made to do harm."""

    code = "documents.package_refused"


@dataclass(frozen=True, slots=True)
class Deviation:
    """Where a package is not as it has to be: `rule` is the number of the requirement, or what was checked; `where` a
    path in the package. What only should be is not `grave`."""

    rule: str
    words: str | Promise
    where: str = ""
    more: str = ""
    grave: bool = True


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that METS names: `sha256` as it is in truth; `claim` is what PREMIS calls its version."""

    path: str
    media_type: str
    size: int
    name: str = ""
    version: str = ""


@dataclass(slots=True)
class Report:
    identifier: str = ""
    title: str = ""
    creator: str = ""
    archive: str = ""
    archive_code: str = ""
    made_at: str = ""
    software: str = ""
    record: dict[str, str] = field(default_factory=dict)
    files: list[HeldFile] = field(default_factory=list)
    events: int = 0
    deviations: list[Deviation] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not any(each.grave for each in self.deviations)

    @property
    def size(self) -> int:
        return sum(file.size for file in self.files)

    def note(self, rule: str, words: str | Promise, where: str = "", more: str = "", *, grave: bool = True) -> None:
        if len(self.deviations) < MOST:
            self.deviations.append(Deviation(rule, words, where, more[:500], grave))


MOST = 500
"""Deviations that are told; who has more has to begin anew."""
