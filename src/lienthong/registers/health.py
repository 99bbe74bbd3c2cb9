"""What `lt doctor` says about registers."""

from lienthong.foundation import clock
from lienthong.registers.retention import erasing, tidying
from lienthong.registers.retention.models import Appraisal
from lienthong.registers.retention.services import SUBJECT
from lienthong.runtime.health import Finding, check, fine, worth_a_look
from lienthong.work.models import WorkItem


@check("Retention of registers", needs_database=True)
def retention() -> Finding | list[Finding]:
    """Whether somebody decides about what is over, and whether what may go has gone."""
    undecided = Appraisal.objects.filter(due_at__isnull=False)
    lying = WorkItem.objects.filter(is_open=True, subject_type=SUBJECT).values("subject_id")
    found = []
    if nobody := sorted(set(undecided.exclude(pk__in=lying).values_list("register", flat=True))):
        found.append(
            worth_a_look(
                f"Entries of {_named(nobody)} are over their time, and nobody may decide about them.",
                mend="Give somebody there a post with a role that the register lets approve.",
            )
        )
    if late := erasing.overdue():
        found.append(
            worth_a_look(
                f"{late} entries should have been erased and are there still.",
                mend="Something may point to them: their list says so. Else, is the worker running?",
            )
        )
    if gone := [each for each in tidying.left_out() if each.may_go]:
        fields = _named([f"{each.register.key}.{each.key}" for each in gone])
        found.append(worth_a_look(f"Fields that were left out may go: {fields}.", mend="lt registers tidy"))
    return found or fine(f"Looked at on {clock.today():%d/%m/%Y}: nothing is kept for longer than was declared.")


def _named(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
