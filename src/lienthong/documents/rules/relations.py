"""What a document does to one that was issued before: amends, replaces, cancels, corrects it (NĐ 30/2020 art. 18)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.documents.rules.kinds import LETTER
from lienthong.documents.rules.sending import Recipient


class How(StrEnum):
    AMENDS = "amends"
    REPLACES = "replaces"
    CANCELS = "cancels"
    CORRECTS = "corrects"


ENDING = frozenset({How.REPLACES, How.CANCELS})
"""After these the earlier document is not in force any more."""

SAME_FORM = frozenset({How.AMENDS, How.REPLACES})

MOST_RELATIONS = 20


@dataclass(frozen=True, slots=True)
class Earlier:
    """A document that was issued before; `ended`: another has replaced or cancelled it already."""

    code: str
    kind: str
    dated: date
    recalled: bool = False
    ended: bool = False


def wrong_with_relation(how: How, earlier: Earlier, *, kind: str, dated: date) -> str | Promise | None:
    """Wrong content is amended or replaced by a document of the same form; a wrong form or procedure is corrected by an
    official letter (NĐ 30/2020 art. 18)."""
    if earlier.ended:
        return _said(_("%(code)s was replaced or cancelled already."), earlier)
    if earlier.recalled and how is not How.REPLACES:
        return _said(_("%(code)s was recalled: it can only be replaced."), earlier)
    if how in SAME_FORM and kind != earlier.kind:
        return _said(_("%(code)s is amended or replaced by a document of the same type."), earlier)
    if how is How.CORRECTS and kind != LETTER:
        return _said(_("%(code)s is corrected by an official letter (công văn)."), earlier)
    if dated < earlier.dated:
        return _said(_("This document is dated before %(code)s."), earlier)
    return None


def _said(words: Promise | str, earlier: Earlier) -> str:
    return str(words) % {"code": earlier.code}


def with_those_before(chosen: Sequence[Recipient], before: Iterable[Recipient]) -> list[Recipient]:
    """Who got the earlier document gets this one; who was chosen, as they were chosen."""
    called = {each.called for each in chosen}
    added = {each.called: each for each in before if each.called not in called}
    return [*chosen, *added.values()]
