"""When the two sides of a dossier may write to each other, what, and with whom it lies to answer. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy as _

from lienthong.cases.rules.state import Status
from lienthong.foundation.errors import Conflict, DomainError
from lienthong.foundation.fields.typed import forbidden, is_blank, lines
from lienthong.procedures.shapes import Process, StepKind

LONGEST = 4000
"""Characters of a message."""

MOST_FILES = 5
"""Files that go with one message."""

AT_ONCE, STRETCH = 5, timedelta(minutes=10)
"""An applicant writes at most so often within so long."""

AFTER_THE_END = timedelta(days=30)
"""So long after its end a dossier can still be asked about."""


class NothingWritten(DomainError):
    code = "cases.nothing_written"


class TooLong(DomainError):
    code = "cases.message_too_long"


class TooManyFiles(DomainError):
    code = "cases.too_many_files"


class TooOften(DomainError):
    code = "cases.too_often"
    status = 429


class TalkClosed(Conflict):
    code = "cases.talk_closed"


@dataclass(frozen=True, slots=True)
class Desk:
    """With whom something lies: one post, or every post of the organisation that has the role."""

    organisation_id: int
    role: str
    post_id: int | None = None


@dataclass(frozen=True, slots=True)
class Lying:
    """An open step, and with whom it lies."""

    step: str
    organisation_id: int
    post_id: int | None


def desk_in_hand(process: Process, open_steps: Iterable[Lying], *, reception_id: int) -> Desk:
    """Who has a dossier in hand: whoever has the open step of the main path, else the reception.

    A consulted agency gives an opinion to an agency; it does not speak with the applicant.
    """
    for lying in open_steps:
        step = process.step(lying.step)
        if step.kind is not StepKind.CONSULTATION:
            return Desk(lying.organisation_id, step.role, lying.post_id)
    return Desk(reception_id, process.first.role)


def closes_at(status: Status, *, finished: datetime | None, returned: datetime | None) -> datetime | None:
    """When nothing can be written about a dossier any more; None while it has not ended."""
    ended = returned or finished
    return ended + AFTER_THE_END if status.ended and ended else None


def require_open(closes: datetime | None, *, now: datetime) -> None:
    """Raises TalkClosed."""
    if closes is not None and now > closes:
        raise TalkClosed(
            _("This dossier ended more than %(days)s days ago; nothing more can be written about it."),
            way_out=_("Ask at the one-stop shop."),
            days=AFTER_THE_END.days,
        )


def require_pause(sent: Sequence[datetime], *, now: datetime) -> None:
    """Raises TooOften when an applicant who wrote at these moments has to wait before writing again."""
    recent = sorted(moment for moment in sent if now - moment < STRETCH)
    if len(recent) >= AT_ONCE:
        minutes = -(-int((recent[-AT_ONCE] + STRETCH - now).total_seconds()) // 60)
        raise TooOften(
            _("You have written %(times)s messages in the last minutes."),
            way_out=_("Wait %(minutes)s minutes, then send what you have typed."),
            times=len(recent),
            minutes=max(minutes, 1),
        )


def readable(text: str) -> str:
    """A message as it is kept: ends of lines made one, nothing invisible. Raises NothingWritten, TooLong."""
    written = lines("".join(letter for letter in text if not forbidden(letter)))
    if is_blank(written):
        raise NothingWritten(_("Write your message first."))
    if len(written) > LONGEST:
        raise TooLong(
            _("A message has at most %(most)s characters; this one has %(length)s."),
            way_out=_("Shorten it, or send a second one."),
            most=LONGEST,
            length=len(written),
        )
    return written


def require_few(files: int) -> None:
    """Raises TooManyFiles."""
    if files > MOST_FILES:
        raise TooManyFiles(
            _("At most %(most)s files go with a message."), way_out=_("Put pages into one PDF."), most=MOST_FILES
        )
