"""What all use cases of records share: what they refuse, locking, retention as declared, the ledger, work items."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from lienthong.documents import policy
from lienthong.documents.models import Record, RecordList
from lienthong.documents.records.rules import Stage, file_code, known
from lienthong.foundation import clock, ledger
from lienthong.foundation.errors import Conflict, DomainError, NotAllowed, NotFound
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.actors import Officer
from lienthong.work import services as work

RECORD, RECORD_LIST, HAND_OVER, DISPOSAL = "record", "record-list", "record-hand-over", "record-disposal"
RECORD_READ = "record-read"
"""The types of subjects under which the ledger and work items know them; readings are apart, so that they do not bury
what happened."""
RETENTION_PERIODS = "record-retention-periods"
"""The code list of how long records are kept; `note` is the number of years, empty for ever."""
HAND_OVER_PART, KEEPING_PART = 1, 2
"""Parts of a record that have work items of their own."""
WITHIN = timedelta(days=15)
"""When something without a limit of the law is wanted in the inbox."""
LONGEST_WORDS = 1000


class NoSuchRecord(NotFound):
    code = "documents.no_such_record"


class NotYours(NotAllowed):
    code = "documents.record_not_yours"


class NotPossible(Conflict):
    """The thing has moved on."""

    code = "documents.record_not_possible"


class Missing(DomainError):
    """`errors` by the name of the field."""

    code = "documents.record_incomplete"

    def __init__(self, errors: Mapping[str, Any]) -> None:
        super().__init__(_("Some fields are missing or wrong."))
        self.errors = errors


def no_such_record() -> NoSuchRecord:
    """The same words whether it is not there or not for this person."""
    return NoSuchRecord(_("There is no such record of work, or it is not for you to see."))


def not_yours() -> NotYours:
    return NotYours(_("Your posts do not include this."))


def retention_names() -> dict[str, str]:
    """How long records are kept, as declared: names by codes, in the order of the list."""
    return {item.code: item.name for item in CODE_LIST.current(RETENTION_PERIODS).body.items}


def retention_codes() -> dict[str, str]:
    """Codes by names, as somebody types them."""
    return {known(name): code for code, name in retention_names().items()}


def years_of(retention: str) -> int | None:
    """For how many years; None for ever."""
    found = next(item for item in CODE_LIST.current(RETENTION_PERIODS).body.items if item.code == retention)
    return _years(found.note)


@cache
def _years(note: str) -> int | None:
    return int(note) if note.isascii() and note.isdecimal() else None


def code_of(record: Record) -> str:
    return file_code(tree()[record.organisation_id].identifier, record.year, record.notation)


def shared_title(record: Record) -> str:
    """How the inbox of a desk names it at which not all may see it."""
    return _now("Record limited to posts by name") if record.rights == Record.Rights.NAMED else record.title


def lock(record_id: int) -> Record:
    """Raises NoSuchRecord."""
    found = Record.objects.select_for_update(of=("self",)).filter(pk=record_id).first()
    if found is None:
        raise no_such_record()
    return found


def require_open(record: Record) -> None:
    """Raises NotPossible."""
    if record.stage != Stage.OPEN:
        raise NotPossible(
            _("The record is closed: nothing in it changes any more."),
            way_out=_("The head of the agency can open it again, with a reason."),
        )
    require_not_frozen(record)


def require_not_frozen(record: Record) -> None:
    if record.frozen_for:
        raise NotPossible(_("The record is frozen: %(why)s"), why=record.frozen_for)


def require_words(words: str) -> str:
    """Raises Missing."""
    if not words.strip():
        raise Missing({"words": _("Say why.")})
    return words.strip()[:LONGEST_WORDS]


def put_down(
    event: ledger.EventKind, subject: tuple[str, int], officer: Officer | None, agency_id: int, data: Mapping[str, Any]
) -> None:
    said = {name: value for name, value in data.items() if value not in (None, "", [])}
    ledger.record(event, subject=subject, actor=officer, organisation_id=agency_id, data=said)


def lay_with(
    subject: tuple[str, int],
    *,
    task: str,
    title: str,
    code: str,
    organisation_id: int,
    role: str,
    post_id: int | None = None,
    part: int = 0,
    due_at: datetime | None = None,
) -> None:
    now = clock.now()
    work.open_items(
        [
            work.NewItem(
                subject=subject,
                part_id=part,
                task=task,
                title=title,
                code=code[:60],
                organisation_id=organisation_id,
                role=role,
                post_id=post_id,
                opened_at=now,
                due_at=due_at or now + WITHIN,
            )
        ]
    )


def lay_with_leader(subject: tuple[str, int], agency: Node, *, task: str, title: str) -> None:
    lay_with(subject, task=task, title=title, code="", organisation_id=agency.id, role=policy.LEADER)


def take_off(subject: tuple[str, int], officer: Officer | None, outcome: str, *, part: int = 0) -> None:
    account_id = officer.account_id if officer else None
    work.close_items(subject=subject, parts=[part], at=clock.now(), account_id=account_id, outcome=outcome)


def title_of(found: RecordList) -> str:
    return f"{tree()[found.organisation_id].name}, {found.year}"
