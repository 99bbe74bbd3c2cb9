"""Why a file is refused or cannot be given, in words for people."""

from dataclasses import dataclass

from lienthong.foundation.errors import Conflict, DomainError, NotFound


class FileRefused(DomainError):
    """The file is not taken. The subclasses say why."""

    code = "files.refused"


class TooLarge(FileRefused):
    code = "files.too_large"
    status = 413


class Empty(FileRefused):
    code = "files.empty"


class WrongKind(FileRefused):
    """The content is of a kind that this place does not take, or of none that is known."""

    code = "files.wrong_kind"


class NameLies(FileRefused):
    """The name says one kind and the content is another."""

    code = "files.name_lies"


class Damaged(FileRefused):
    """The content begins like its kind and cannot be read."""

    code = "files.damaged"


class Unsafe(FileRefused):
    """The content is made to harm or to deceive: bombs, macros, two kinds in one."""

    code = "files.unsafe"


class Locked(FileRefused):
    """A password is needed to read it."""

    code = "files.locked"


class Infected(FileRefused):
    code = "files.infected"


class NoRoom(FileRefused):
    """The disk is full: what was sent is not kept, what was there before is whole."""

    code = "files.no_room"
    status = 507


class NotScannedYet(Conflict):
    code = "files.not_scanned_yet"


class ContentMissing(NotFound):
    code = "files.content_missing"


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """One of several files that was not taken, and why."""

    name: str
    why: DomainError

    @property
    def said(self) -> str:
        return self.why.in_full if self.name in str(self.why) else f"“{self.name}”: {self.why.in_full}"
