"""Where the desk shows what a work item is about."""

from django.urls import reverse

from lienthong.work.models import WorkItem

_PAGES = {
    "dossier": "workspace:dossier",
    "extension": "workspace:extension",
    "conversation": "workspace:talk",
    "incoming-document": "documents:arrival",
    "outgoing-document": "documents:issued",
    "kept-copy": "documents:copy_use",
    "more-time": "documents:more_time",
    "draft-signing": "circuit:signing",
    "draft-numbering": "circuit:issue",
    "draft": "drafts:draft",
    "draft-opinion": "drafts:opinion",
    "directive": "directives:one",
    "directive-more-time": "directives:more_time",
    "engagement": "meetings:engagement",
    "record": "records:record",
    "record-list": "records:list_of",
    "record-hand-over": "records:hand_over",
    "record-disposal": "records:disposal",
    "appraisal": "registers:appraisal",
    "register-result": "registers:result",
    "register-proposal": "registers:proposal",
}
"""The page for each type of subject; whoever opens work items of a new type adds its page here."""


def address_of(item: WorkItem) -> str:
    return reverse(_PAGES[item.subject_type], args=[item.subject_id])
