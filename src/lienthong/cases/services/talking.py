"""The conversation inside a dossier: the applicant writes to whoever has it in hand, who answers.

A message of the applicant opens one work item with that desk, due by the rule set; it follows the dossier from desk to
desk, and is closed by an answer or by the word that none is needed.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from lienthong.cases import events
from lienthong.cases.models import Dossier, Message, MessageFile, StepVisit
from lienthong.cases.queries import dossier_for, no_such_dossier
from lienthong.cases.queries.own import is_own
from lienthong.cases.rules import Status
from lienthong.cases.rules import talking as rules
from lienthong.cases.services.applying import RECEIVE
from lienthong.cases.services.carrying import CONVERSATION, DOSSIER, calendar_now, lock_dossier
from lienthong.cases.services.handling import NotYourStep, post_for
from lienthong.cases.services.reading import NoSuchFile, put_on_record
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock, rows
from lienthong.foundation.errors import DomainError
from lienthong.foundation.files import services as files_room
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.receiving import Source
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.ledger import services as ledger
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import HeldPost, Officer
from lienthong.identity.queries import Actor
from lienthong.procedures.shapes import Component
from lienthong.settings.environment import environment
from lienthong.work import services as work

ANSWERED, NO_ANSWER = "answered", "no-answer"
"""How a work item of a conversation ends."""

ACCEPTED = Policy(kinds=Component.model_fields["accept"].default, max_bytes=environment.upload_limit_mb * 1024 * 1024)
"""What goes with a message: what a component takes unless its procedure says otherwise."""


class NobodyReads(DomainError):
    code = "cases.nobody_reads"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that is to go with a message."""

    name: str
    content: bytes | Source


@transaction.atomic
def write(
    *,
    dossier_id: int,
    text: str,
    officer: Officer,
    key: uuid.UUID,
    wants_answer: bool = False,
    files: Sequence[Enclosed] = (),
) -> Message:
    """Write to the applicant, which answers what the applicant has written. The same key writes once.

    `wants_answer` puts it among the things the applicant has to do. Raises NoSuchDossier, NotYourStep, NobodyReads,
    FileRefused, and what `rules.talking` refuses.
    """
    if earlier := _written(dossier_id, key, officer):
        return earlier
    enclosed = _store(files, officer)
    handled = lock_dossier(dossier_id)
    if earlier := _written(dossier_id, key, officer):
        return _instead(earlier, enclosed)
    dossier, now = handled.dossier, clock.now()
    post = answering_post(officer, dossier, handled.visits.values())
    if post is None:
        raise NotYourStep(_("No open step of this dossier lies with you."))
    _require_reader(dossier)
    rules.require_open(closes_at(dossier), now=now)
    message = Message(
        dossier=dossier,
        key=key,
        from_applicant=False,
        author_id=officer.account_id,
        post_id=post.id,
        text=rules.readable(text),
        sent_at=now,
        awaits=wants_answer,
    )
    _keep(message, enclosed)
    _close(dossier, officer, ANSWERED)
    ledger.record(
        events.WRITTEN,
        subject=(DOSSIER, dossier_id),
        actor=officer,
        organisation_id=post.organisation.id,
        data=_on_record(message, enclosed),
    )
    return message


@transaction.atomic
def write_back(
    *, dossier_id: int, text: str, applicant: Actor, key: uuid.UUID, files: Sequence[Enclosed] = ()
) -> Message:
    """The applicant writes to whoever has the dossier in hand. The same key writes once.

    Raises NoSuchDossier, FileRefused, and what `rules.talking` refuses, among it TooOften.
    """
    if earlier := _written(dossier_id, key, applicant):
        return earlier
    _own(Dossier.objects.filter(pk=dossier_id).first(), applicant)
    enclosed = _store(files, applicant)
    handled = lock_dossier(dossier_id)
    if earlier := _written(dossier_id, key, applicant):
        return _instead(earlier, enclosed)
    dossier, now = _own(handled.dossier, applicant), clock.now()
    _require_reader(dossier)
    rules.require_open(closes_at(dossier), now=now)
    own = Message.objects.filter(dossier=dossier, from_applicant=True, sent_at__gt=now - rules.STRETCH)
    rules.require_pause(list(own.values_list("sent_at", flat=True)), now=now)
    message = Message(
        dossier=dossier,
        key=key,
        from_applicant=True,
        author_id=applicant.account_id,
        text=rules.readable(text),
        sent_at=now,
        awaits=True,
    )
    _keep(message, enclosed)
    _answered(dossier, from_applicant=False)
    desk = handled.desk
    if dossier.asked_at is None:
        _asked(dossier, now)
        due = calendar_now().add(now, handled.rule_set.answer_within)
        work.open_items([_item(dossier, message, desk, due)])
    ledger.record(
        events.WRITTEN_BACK,
        subject=(DOSSIER, dossier_id),
        actor=applicant,
        organisation_id=desk.organisation_id,
        data=_on_record(message, enclosed),
    )
    return message


@transaction.atomic
def leave_unanswered(*, dossier_id: int, officer: Officer) -> bool:
    """Say that what the applicant wrote needs no answer, such as thanks. Says whether anything waited for one.

    Raises NoSuchDossier, NotYourStep.
    """
    handled = lock_dossier(dossier_id)
    post = answering_post(officer, handled.dossier, handled.visits.values())
    if post is None:
        raise NotYourStep(_("No open step of this dossier lies with you."))
    if handled.dossier.asked_at is None:
        return False
    _close(handled.dossier, officer, NO_ANSWER)
    ledger.record(
        events.LEFT_UNANSWERED,
        subject=(DOSSIER, dossier_id),
        actor=officer,
        organisation_id=post.organisation.id,
        data={},
    )
    return True


def see(*, dossier: Dossier, messages: Iterable[Message], by_applicant: bool) -> int:
    """That one side has seen what the other wrote; nothing is written where nothing is new. Says how many were new."""
    new = [message.pk for message in messages if message.from_applicant != by_applicant and message.read_at is None]
    if not new:
        return 0
    unread = Message.objects.filter(dossier=dossier, pk__in=new, sent_at__gte=dossier.submitted_at, read_at=None)
    return unread.update(read_at=clock.now())


@transaction.atomic
def read_enclosed(*, dossier_id: int, enclosed_id: int, actor: Actor) -> StoredFile:
    """A file that went with a message, for whom may see the dossier. On record as the dossier itself is.

    Raises NoSuchDossier, NoSuchFile.
    """
    dossier = dossier_for(actor, dossier_id)
    found = MessageFile.objects.select_related("file").filter(dossier=dossier, pk=enclosed_id).first()
    if found is None:
        raise NoSuchFile(_("The dossier has no such file."))
    put_on_record(dossier, actor, {"file": found.file_id})
    return found.file


# who may


def answering_post(officer: Officer, dossier: Dossier, open_visits: Iterable[StepVisit]) -> HeldPost | None:
    """The post in which an officer may answer: of an open step, else of the reception that took the dossier in."""
    process = procedure_of(dossier).process
    for visit in open_visits:
        if post := post_for(officer, visit, process.step(visit.step)):
            return post
    return next(iter(officer.posts_with(RECEIVE, tree()[dossier.reception_id])), None)


def reads_here(dossier: Dossier) -> bool:
    """Whether the applicant has an account to read in. Who came to the counter may have none."""
    return dossier.account_id is not None


def _require_reader(dossier: Dossier) -> None:
    if not reads_here(dossier):
        raise NobodyReads(
            _("The applicant has no account here and cannot read a message."),
            way_out=_("Call, or send a letter."),
        )


def closes_at(dossier: Dossier) -> datetime | None:
    """When nothing can be written any more; None while the dossier has not ended."""
    status = Status(dossier.status)
    return rules.closes_at(status, finished=dossier.finished_at, returned=dossier.returned_at)


def _own(dossier: Dossier | None, applicant: Actor) -> Dossier:
    if dossier is None or not is_own(applicant, dossier):
        raise no_such_dossier()
    return dossier


# keeping


def _written(dossier_id: int, key: uuid.UUID, author: Actor) -> Message | None:
    return Message.objects.filter(dossier_id=dossier_id, key=key, author_id=author.account_id).first()


def _store(files: Sequence[Enclosed], actor: Actor) -> list[StoredFile]:
    """Before the dossier is locked: a scan may take seconds."""
    rules.require_few(len(files))
    return [files_room.store(file.content, name=file.name, policy=ACCEPTED, actor=actor) for file in files]


def _instead(earlier: Message, enclosed: Iterable[StoredFile]) -> Message:
    """The message that a second submit finds there; what it brought again is not kept."""
    files_room.discard([file.pk for file in enclosed])
    return earlier


def _keep(message: Message, enclosed: Iterable[StoredFile]) -> None:
    rows.insert([message])
    rows.insert(
        MessageFile(dossier_id=message.dossier_id, message_id=message.pk, file=file, name=file.name)
        for file in enclosed
    )


def _asked(dossier: Dossier, at: datetime | None) -> None:
    dossier.asked_at = at
    rows.change(dossier, "asked_at")


def _answered(dossier: Dossier, *, from_applicant: bool) -> None:
    """What one side wrote waits for the other no more, which has seen it."""
    of_one_side = Message.objects.filter(dossier=dossier, from_applicant=from_applicant)
    of_one_side.filter(read_at=None).update(read_at=clock.now())
    of_one_side.filter(awaits=True).update(awaits=False)


def _close(dossier: Dossier, officer: Officer, outcome: str) -> None:
    _answered(dossier, from_applicant=True)
    if dossier.asked_at is None:
        return
    _asked(dossier, None)
    work.close_items(
        subject=(CONVERSATION, dossier.pk),
        parts=[0],
        at=clock.now(),
        account_id=officer.account_id,
        outcome=outcome,
    )


def _item(dossier: Dossier, message: Message, desk: rules.Desk, due: datetime) -> work.NewItem:
    with translation.override(settings.LANGUAGE_CODE):  # officers read it, whatever language the applicant has chosen
        task = _("Answer the applicant")
    return work.NewItem(
        subject=(CONVERSATION, dossier.pk),
        part_id=0,
        task=task,
        title=f"{dossier.title} – {dossier.applicant_name}" if dossier.title else dossier.applicant_name,
        code=dossier.code or dossier.tracking,
        organisation_id=desk.organisation_id,
        role=desk.role,
        post_id=desk.post_id,
        opened_at=message.sent_at,
        due_at=due,
    )


def _on_record(message: Message, enclosed: Sequence[StoredFile]) -> dict[str, int]:
    """That something was written, and how much; never what."""
    return {"message": message.pk, "characters": len(message.text), "files": len(enclosed)}
