"""What is wrong with what was typed, in words for the person who typed it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `message` has %(name)s places; it is put into the reader's language when shown.

    `incomplete` marks what is merely not there yet: a draft may be kept with it, and it is not shown while filling in.
    """

    code: str
    message: str | Promise
    params: Mapping[str, Any] = field(default_factory=dict)
    incomplete: bool = False

    def __str__(self) -> str:
        return str(self.message) % self.params


class Invalid(Exception):
    """A raw value that gives no typed value. `problems` are by the path below the field; "" is the field itself."""

    def __init__(self, problems: Mapping[str, Problem]) -> None:
        super().__init__(*problems.values())
        self.problems = dict(problems)

    @classmethod
    def because(cls, code: str, message: str | Promise, **params: Any) -> Self:
        return cls({"": Problem(code, message, params)})


class NotAccepted(DomainError):
    """What was filled in is not right. `errors` are by dotted path, in the order of the form."""

    code = "fields.not_accepted"

    def __init__(self, errors: Mapping[str, Problem]) -> None:
        super().__init__(_("Some answers are missing or not right."), way_out=_("Mend them and send it again."))
        self.errors = errors


def missing(message: str | Promise, label: str) -> Problem:
    """The problem of a required value that is not there: `message` asks for %(label)s."""
    return Problem("required", message, {"label": in_sentence(label)}, incomplete=True)


def wrong_kind() -> Invalid:
    """A program sent a value of the wrong JSON type; a form cannot."""
    return Invalid.because("wrong_kind", _("This is not the kind of value that belongs here."))


def in_sentence(label: str) -> str:
    """A label as it stands inside a sentence: "Họ và tên" is "họ và tên" there, "UBND xã" stays."""
    first = label.split(maxsplit=1)[0] if label.strip() else ""
    return label[:1].lower() + label[1:] if first[1:] == first[1:].lower() else label
