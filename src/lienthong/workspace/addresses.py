"""Where the desk shows what a work item is about."""

from django.urls import reverse

from lienthong.work.models import WorkItem

_PAGES = {
    "dossier": "workspace:dossier",
    "extension": "workspace:extension",
    "conversation": "workspace:talk",
    "incoming-document": "documents:arrival",
    "record": "documents:record",
    "record-list": "documents:record_list_of",
    "record-hand-over": "documents:record_hand_over",
    "record-disposal": "documents:record_disposal",
    "appraisal": "registers:appraisal",
    "register-result": "registers:result",
    "register-proposal": "registers:proposal",
}
"""The page for each type of subject; whoever opens work items of a new type adds its page here."""


def address_of(item: WorkItem) -> str:
    return reverse(_PAGES[item.subject_type], args=[item.subject_id])
