"""The use cases of dossiers: what applicants do, what officers do, the papers that follow."""

from lienthong.cases.services.applying import (
    HandedIn,
    attach,
    detach,
    discard_draft,
    draft_of,
    offering,
    open_dossier,
    save_draft,
    start_draft,
    start_supplement,
    submit_draft,
    submit_supplement,
    supplement,
    withdraw,
)
from lienthong.cases.services.handling import act, assignable, check_component, lapse, offered, post_for
from lienthong.cases.services.reading import read_dossier

__all__ = [
    "HandedIn",
    "act",
    "assignable",
    "attach",
    "check_component",
    "detach",
    "discard_draft",
    "draft_of",
    "lapse",
    "offered",
    "offering",
    "open_dossier",
    "post_for",
    "read_dossier",
    "save_draft",
    "start_draft",
    "start_supplement",
    "submit_draft",
    "submit_supplement",
    "supplement",
    "withdraw",
]
