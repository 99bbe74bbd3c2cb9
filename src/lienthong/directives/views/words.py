"""How pages of directives call things, and how they read days and show refusals."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.directives.models import Task
from lienthong.directives.rules import Incomplete, Mark, Stage
from lienthong.directives.services import MEETING
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.work.rules import Part
from lienthong.work.subjects import SUBJECTS

END_OF_DAY = time(17)
"""Until when something is due on its day."""
UNREADABLE = _("Write the day as day/month/year.")

PARTS: dict[Part, str | Promise] = {
    Part.LEAD: pgettext_lazy("directive", "leads"),
    Part.COOPERATE: pgettext_lazy("directive", "co-operates"),
    Part.KNOW: pgettext_lazy("directive", "informed"),
}
STAGES: dict[Stage, tuple[str | Promise, str]] = {
    Stage.GIVEN: (pgettext_lazy("directive", "not accepted yet"), "soon"),
    Stage.UNDER_WAY: (pgettext_lazy("directive", "under way"), "info"),
    Stage.REPORTED: (pgettext_lazy("directive", "waits for evaluation"), "soon"),
    Stage.DONE: (pgettext_lazy("directive", "done"), "ok"),
    Stage.ENDED: (pgettext_lazy("directive", "not needed any more"), "neutral"),
    Stage.CANCELLED: (pgettext_lazy("directive", "cancelled"), "neutral"),
}
"""How each stage is called, and its tone."""
_INFORMED: dict[Stage, tuple[str | Promise, str]] = {
    Stage.GIVEN: (pgettext_lazy("directive", "not seen yet"), "soon"),
    Stage.DONE: (pgettext_lazy("directive", "seen"), "ok"),
}
"""Of who is only informed."""
MARKS: dict[Mark, str | Promise] = {
    Mark.GOOD: pgettext_lazy("directive", "done well"),
    Mark.MET: pgettext_lazy("directive", "done as wanted"),
    Mark.POOR: pgettext_lazy("directive", "done, with shortcomings"),
}
SOURCES: dict[str, str | Promise] = {
    "": pgettext_lazy("directive", "given directly"),
    MEETING: pgettext_lazy("directive", "conclusion of a meeting"),
    "document": pgettext_lazy("directive", "a document"),
}
"""Where a directive can have been said, in words alone."""


def state_of(task: Task) -> tuple[str | Promise, str]:
    stage = Stage(task.stage)
    return (_INFORMED.get(stage) if task.part == Part.KNOW else None) or STAGES[stage]


def source_word(source_type: str) -> str:
    known = SUBJECTS.get(source_type)
    return str(known.word if known else SOURCES.get(source_type, SOURCES[""]))


def day_of(given: Mapping[str, str], name: str, error: str, errors: dict[str, Any]) -> date | None:
    """The day in a field; what is none is put among the errors."""
    text = given.get(name, "").strip()
    found = asked.day(text)
    if text and found is None:
        errors[error] = UNREADABLE
    return found


def end_of(day: date | None) -> datetime | None:
    return datetime.combine(day, END_OF_DAY, clock.ZONE) if day else None


def refusal(error: DomainError) -> dict[str, Any]:
    """For a template: what is wrong by field, or what was refused as a whole."""
    if isinstance(error, Incomplete):
        return {"errors": {name: str(why) for name, why in error.errors.items()}, "refused": None}
    return {"errors": {}, "refused": error}


def given_of(data: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by names that a template can ask for."""
    return {name.replace("-", "_").lstrip("_"): value for name, value in data.items()}


def posts_with_names(posts: Iterable[PostNode]) -> list[tuple[PostNode, str]]:
    """One query."""
    found = list(posts)
    holders = holders_of([post.id for post in found])
    return [(post, ", ".join(name for _id, name in holders.get(post.id, []))) for post in found]


def who_of(task: Task, holders: Mapping[int, list[tuple[int, str]]]) -> tuple[str, str]:
    """Who it lies with and where: the people who hold the post, else the organisation."""
    agencies = tree()
    unit = agencies[task.organisation_id].name
    post = agencies.posts.get(task.post_id) if task.post_id else None
    if post is None:
        return unit, ""
    people = ", ".join(name for _account, name in holders.get(post.id, []))
    return (f"{people} ({post.title})" if people else post.title), unit
