"""What a use case says when it refuses. A page and the API show the same error."""

from typing import Any, ClassVar

from django.utils.functional import Promise


class DomainError(Exception):
    """A refusal in words for people.

    `message` is a translatable text with %(name)s places, filled from `params` when shown, so that the same
    error can be shown in the reader's language. `way_out` says what to do instead, where there is something.
    """

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 422

    def __init__(self, message: str | Promise, *, way_out: str | Promise = "", **params: Any) -> None:
        super().__init__(message)
        self.message = message
        self.params = params
        self._way_out = way_out

    @property
    def way_out(self) -> str:
        return str(self._way_out) % self.params if self._way_out else ""

    @property
    def in_full(self) -> str:
        """What is wrong and the way out, as one text."""
        return f"{self} {self.way_out}".strip()

    def __str__(self) -> str:
        return str(self.message) % self.params


class NotAllowed(DomainError):
    """The actor has no right to do this. The message never says more about the thing than the actor may know."""

    code = "not_allowed"
    status = 403


class NotFound(DomainError):
    """There is no such thing, or the actor may not know that there is."""

    code = "not_found"
    status = 404


class Conflict(DomainError):
    """Somebody else was first, or the thing has moved on."""

    code = "conflict"
    status = 409
