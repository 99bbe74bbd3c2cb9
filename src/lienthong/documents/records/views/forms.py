"""What the pages of records share: words of states, choices, how refusals are shown, files that are taken along."""

from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.documents.records.carrying import Missing
from lienthong.documents.records.keeping import NotReady
from lienthong.documents.records.rules import Against, Stage
from lienthong.documents.views import refusing
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.foundation.organisations.queries import named_holders, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.foundation.papers import taking

STAGES: dict[str, tuple[str | Promise, str]] = {
    Stage.OPEN: (pgettext_lazy("record", "open"), "info"),
    Stage.CLOSED: (pgettext_lazy("record", "closed"), "ok"),
    Stage.HANDED_OVER: (pgettext_lazy("record", "in the archive"), "ok"),
    Stage.DESTROYED: (pgettext_lazy("record", "destroyed"), "neutral"),
}
"""How each stage is called, and its tone."""

AGAINST: dict[Against, str | Promise] = {
    Against.EMPTY: _("There is no document in it."),
    Against.UNFINISHED: _("These documents are not settled yet."),
    Against.TWICE: _("These documents are in it twice: take one of each out."),
    Against.NO_SHEETS: _("The record is kept five years or longer: say on how many sheets these documents stand."),
    Against.NOT_DESCRIBED: _("The record is kept for ever: these documents have no date or no abstract."),
}


def given_of(data: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by names that a template can ask for."""
    return {name.replace("-", "_"): value for name, value in data.items()}


def chosen_of(given: QueryDict, name: str) -> tuple[int, ...]:
    """The ids that were ticked."""
    found = (asked.number(text) for text in given.getlist(name)[:500])
    return tuple(dict.fromkeys(number for number in found if number is not None))


def refused_into(context: dict[str, Any]) -> AbstractContextManager[None]:
    """What is wrong by field, or the refusal as a whole, for the page that asked."""
    return refusing.refused_into(context, _refusal)


def _refusal(error: DomainError) -> dict[str, Any]:
    if isinstance(error, Missing):
        return {"errors": {name: str(why) for name, why in error.errors.items()}}
    against = error.against if isinstance(error, NotReady) else []
    said = [(AGAINST[what], ", ".join(map(str, places))) for what, places in against]
    return {"refused": error, **({"against": said} if said else {})}


def posts_with_names(posts: Iterable[PostNode]) -> list[tuple[int, str]]:
    """Posts as somebody chooses them: their title, the unit, who holds them. One query."""
    found, agencies = list(posts), tree()
    holders = named_holders([post.id for post in found])
    named = []
    for post in found:
        people = ", ".join(name for _id, name in holders.get(post.id, []))
        place = f"{post.title}, {agencies[post.organisation_id].name}"
        named.append((post.id, f"{people} ({place})" if people else place))
    return named


def stage_of(stage: str) -> dict[str, Any]:
    word, tone = STAGES[stage]
    return {"word": word, "tone": tone}


file_of = taking.file_of
