"""The use cases of drafts, the only code that writes their tables."""

from lienthong.documents.drafts.carrying import Missing, NoSuchDraft, NotPossible, NotYours, Overtaken
from lienthong.documents.drafts.services.asking import circulate, close_asking, give_opinion, lapse
from lienthong.documents.drafts.services.opening import NewDraft, open_draft
from lienthong.documents.drafts.services.taking import say_taken
from lienthong.documents.drafts.services.writing import drop, read, reopen, restore, write

__all__ = [
    "Missing",
    "NewDraft",
    "NoSuchDraft",
    "NotPossible",
    "NotYours",
    "Overtaken",
    "circulate",
    "close_asking",
    "drop",
    "give_opinion",
    "lapse",
    "open_draft",
    "read",
    "reopen",
    "restore",
    "say_taken",
    "write",
]
