"""The conversation with the applicant as an officer sees it."""

import uuid
from typing import Any

from lienthong.cases.queries.pages import DossierPage
from lienthong.cases.queries.talk import conversation
from lienthong.cases.rules.talking import LONGEST, MOST_FILES
from lienthong.cases.services import talking
from lienthong.foundation import clock
from lienthong.identity.actors import Officer

MEGABYTE = 1024 * 1024


def talk_context(page: DossierPage, officer: Officer, *, before: int | None = None) -> dict[str, Any]:
    """What was written, and an empty form for who may answer. What they look at is seen by the agency now."""
    dossier = page.dossier
    found = conversation(dossier, by_applicant=False, before=before)
    answers = talking.answering_post(officer, dossier, page.open_visits) is not None
    if answers:
        talking.see(dossier=dossier, messages=found.messages, by_applicant=False)
    closes = talking.closes_at(dossier)
    closed = closes is not None and clock.now() > closes
    return {
        "talk": found,
        "answers": answers,
        "may_write": answers and not closed,
        "reads_here": talking.reads_here(dossier),
        "closed_since": closes if closed else None,
        "unanswered": found.awaits(from_applicant=True),
        "form_key": uuid.uuid4(),
        "longest": LONGEST,
        "most_files": MOST_FILES,
        "file_policy": talking.ACCEPTED,
        "file_limit": talking.ACCEPTED.max_bytes // MEGABYTE,
    }
