"""The conversation of a dossier as its applicant sees it, on the dossier's page and on its own."""

import uuid
from collections.abc import Iterable
from typing import Any

from lienthong.cases.models import Dossier, StepVisit
from lienthong.cases.queries.talk import conversation
from lienthong.cases.rules.talking import LONGEST, MOST_FILES, Lying, desk_in_hand
from lienthong.cases.services import talking
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.portal.uploads import MEGABYTE


def shown(dossier: Dossier, open_visits: Iterable[StepVisit], *, before: int | None = None) -> dict[str, Any]:
    """What was written, an empty form where something may be written, and who reads it. What is shown is seen now."""
    found = conversation(dossier, by_applicant=True, before=before)
    talking.see(dossier=dossier, messages=found.messages, by_applicant=True)
    closes = talking.closes_at(dossier)
    closed = closes is not None and clock.now() > closes
    return {
        "talk": found,
        "may_write": not closed and talking.reads_here(dossier),
        "closed_since": closes if closed else None,
        "in_hand": _in_hand(dossier, open_visits),
        "asked": found.awaits(from_applicant=False),
        "form_key": uuid.uuid4(),
        "longest": LONGEST,
        "most_files": MOST_FILES,
        "file_policy": talking.ACCEPTED,
        "file_limit": talking.ACCEPTED.max_bytes // MEGABYTE,
    }


def _in_hand(dossier: Dossier, open_visits: Iterable[StepVisit]) -> str:
    lying = [Lying(visit.step, visit.organisation_id, visit.post_id) for visit in open_visits]
    process = procedure_of(dossier).process
    return tree()[desk_in_hand(process, lying, reception_id=dossier.reception_id).organisation_id].name
