"""Addresses of the desk: where it shows what a work item is about, and numbers that addresses carry."""

from django.urls import reverse

from lienthong.work.models import WorkItem

_PAGES = {"dossier": "workspace:dossier"}
"""The page for each type of subject; whoever opens work items of a new type adds its page here."""


def address_of(item: WorkItem) -> str:
    return reverse(_PAGES[item.subject_type], args=[item.subject_id])


def number(text: str) -> int | None:
    """A number out of an address or a form; None for what is none, or more than an id can be."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else None
