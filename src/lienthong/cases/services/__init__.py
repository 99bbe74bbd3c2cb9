"""The use cases of dossiers: what applicants do, what officers do, the papers that follow."""

from lienthong.cases.services import bulk
from lienthong.cases.services.applying import HandedIn, open_dossier, submit_draft
from lienthong.cases.services.drafting import attach, detach, discard_draft, draft_of, offering, save_draft, start_draft
from lienthong.cases.services.extending import ask_extension, decide_extension
from lienthong.cases.services.fetching import Fetched, fetch
from lienthong.cases.services.handling import (
    act,
    assignable,
    check_component,
    done_already,
    hindrance,
    lapse,
    offered,
    post_for,
    require_post,
)
from lienthong.cases.services.moving import takers, transfer, undo_acceptance
from lienthong.cases.services.pausing import settle
from lienthong.cases.services.reading import read_dossier, read_file, read_paper
from lienthong.cases.services.returning import Return
from lienthong.cases.services.supplementing import start_supplement, submit_supplement, supplement, withdraw
from lienthong.cases.services.taking import Taking
from lienthong.cases.services.talking import leave_unanswered, read_enclosed, write, write_back

__all__ = [
    "Fetched",
    "HandedIn",
    "Return",
    "Taking",
    "act",
    "ask_extension",
    "assignable",
    "attach",
    "bulk",
    "check_component",
    "decide_extension",
    "detach",
    "discard_draft",
    "done_already",
    "draft_of",
    "fetch",
    "hindrance",
    "lapse",
    "leave_unanswered",
    "offered",
    "offering",
    "open_dossier",
    "post_for",
    "read_dossier",
    "read_enclosed",
    "read_file",
    "read_paper",
    "require_post",
    "save_draft",
    "settle",
    "start_draft",
    "start_supplement",
    "submit_draft",
    "submit_supplement",
    "supplement",
    "takers",
    "transfer",
    "undo_acceptance",
    "withdraw",
    "write",
    "write_back",
]
