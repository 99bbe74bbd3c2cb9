"""What somebody reads personal data of a register for: said once, kept for a working day, put on record each time."""

from datetime import datetime, timedelta
from functools import cache

from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock

KEPT = timedelta(hours=8)
LONGEST = 300
"""Letters of a purpose."""

_SESSION = "register_purposes"

KINDS: dict[str, str | Promise] = {
    "ho-so": _("Handling a dossier"),
    "cap-nhat": _("Keeping the register up to date"),
    "kiem-tra": _("Inspection"),
    "cung-cap": _("Answering a lawful request"),
    "khac": _("Something else"),
}
OF_PROGRAMS: dict[str, str | Promise] = {
    "quay": _("Filling in an application at the counter"),
    "doi-chieu": _("Comparing the answers of a dossier"),
}
"""Purposes that the program states when it tells an officer of an entry."""
NEED_WORDS = frozenset({"ho-so", "kiem-tra", "cung-cap", "khac"})
"""Purposes that do not say enough by themselves: which dossier, whose request."""


def stated(request: HttpRequest, register: str) -> str:
    """What was said for this register within the last hours; "" for nothing."""
    found = request.session.get(_SESSION, {}).get(register)
    if not found or datetime.fromisoformat(found["at"]) < clock.now() - KEPT:
        return ""
    return str(found["purpose"])


def state(request: HttpRequest, register: str, purpose: str) -> None:
    known = request.session.get(_SESSION, {})
    request.session[_SESSION] = {**known, register: {"purpose": purpose, "at": clock.now().isoformat()}}


def worded(kind: str, words: str = "") -> str:
    """As it is put on record."""
    said = str(KINDS.get(kind) or OF_PROGRAMS[kind])
    return f"{said}: {words}" if words else said


def kind_of(purpose: str) -> str:
    """Which kind stands before the words of a purpose that is on record, in the reader's language; "" for none. The
    words themselves may name others than whom the entry is about."""
    said = purpose.partition(":")[0].strip()
    return str(_kinds().get(said, ""))


@cache
def _kinds() -> dict[str, str | Promise]:
    """By what they are called in any language."""
    found: dict[str, str | Promise] = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            found |= {str(label): label for label in (*KINDS.values(), *OF_PROGRAMS.values())}
    return found
