"""The only code that writes work items. Business modules call it inside their own transactions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from lienthong.foundation import rows
from lienthong.foundation.statements import run
from lienthong.work.models import WorkItem
from lienthong.work.rules import Part

ACT, COOPERATE, KNOW = WorkItem.Purpose.ACT, WorkItem.Purpose.COOPERATE, WorkItem.Purpose.KNOW
PURPOSES = {Part.LEAD: ACT, Part.COOPERATE: COOPERATE, Part.KNOW: KNOW}

Subject = tuple[str, int]
"""What an item is about: a type and an id, such as ("dossier", 12)."""


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item to be opened. With a post it lies with that post only, else with all of the role in the organisation.
    `limited`: not all of them may see the subject, and title and code do not tell of it."""

    subject: Subject
    part_id: int
    task: str
    title: str
    code: str
    organisation_id: int
    role: str
    opened_at: datetime
    due_at: datetime
    post_id: int | None = None
    purpose: str = ACT
    limited: bool = False


def open_items(items: Sequence[NewItem]) -> None:
    """Open items, in one statement."""
    rows.insert(
        WorkItem(
            subject_type=item.subject[0],
            subject_id=item.subject[1],
            part_id=item.part_id,
            purpose=item.purpose,
            task=item.task[:200],
            title=item.title[:500],
            code=item.code,
            limited=item.limited,
            organisation_id=item.organisation_id,
            role=item.role,
            post_id=item.post_id,
            opened_at=item.opened_at,
            due_at=item.due_at,
        )
        for item in items
    )


def name_shared(
    *, subject_type: str, ids: Collection[int], title: str, code: str, limited: bool, part_id: int | None = None
) -> None:
    """Name the items of these subjects, or of one part of each, otherwise where they lie with all of a role: so that
    they tell nothing any more of what was limited meanwhile, or tell it again."""
    items = WorkItem.objects.filter(subject_type=subject_type, subject_id__in=ids, post=None)
    if part_id is not None:
        items = items.filter(part_id=part_id)
    items.update(title=title[:500], code=code[:60], limited=limited)


_CLOSE = """
    UPDATE work_workitem SET is_open = FALSE, done_at = %s, done_by_id = %s, outcome = %s
    WHERE is_open AND subject_type = %s AND subject_id = %s AND part_id = ANY(%s::bigint[])"""


def close_items(*, subject: Subject, parts: Sequence[int], at: datetime, account_id: int | None, outcome: str) -> int:
    """Close the open items of these parts, in one statement. Returns how many there were.

    The caller holds the lock on the subject, so that no two of these meet on one item.
    """
    with run(_CLOSE, [at, account_id, outcome, *subject, list(parts)]) as cursor:
        closed: int = cursor.rowcount
    return closed


def hand_over(*, subject: Subject, part_id: int, post_id: int) -> int:
    """Lay the open items of a part with another post. They keep their due moment."""
    return WorkItem.objects.filter(
        is_open=True, subject_type=subject[0], subject_id=subject[1], part_id=part_id
    ).update(post_id=post_id)


def lay_with(*, subject: Subject, organisation_id: int, role: str, post_id: int | None) -> int:
    """Lay all open items of a subject with another desk. They keep their due moment. Returns how many there were."""
    items = WorkItem.objects.filter(is_open=True, subject_type=subject[0], subject_id=subject[1])
    return items.update(organisation_id=organisation_id, role=role, post_id=post_id)


def wait(*, subject: Subject, part_id: int, waiting: bool) -> int:
    """Say of the open items of a part whether somebody else must do something first. They keep their due moment."""
    return WorkItem.objects.filter(
        is_open=True, subject_type=subject[0], subject_id=subject[1], part_id=part_id
    ).update(waiting=waiting)


def postpone(*, subject: Subject, part_id: int, due_at: datetime, waiting: bool) -> int:
    """Give the open items of a part another due moment, and say whether they wait for somebody outside."""
    return WorkItem.objects.filter(
        is_open=True, subject_type=subject[0], subject_id=subject[1], part_id=part_id
    ).update(due_at=due_at, waiting=waiting)
