"""What somebody has to do, in words and with the one button that leads there."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.cases.queries.todo import Kind, ToDo
from lienthong.portal import progress

_KINDS: dict[Kind, tuple[Promise, str, str, Promise]] = {
    "supplement": (_("Hand in what is missing"), "pause-circle", "portal:supplement", _("Hand it in")),
    "payment": (_("Pay what is asked for"), "cash-coin", "portal:dossier", _("See what is to be paid")),
    "answer": (_("Answer the officer"), "envelope", "portal:talk", _("Read and answer")),
    "result": (_("Take your result"), "award", "portal:dossier", _("To the result")),
}


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do as the list shows it."""

    todo: ToDo
    name: str
    """Of the procedure."""
    what: str | Promise
    icon: str
    address: str
    button: str | Promise

    @classmethod
    def of(cls, todo: ToDo) -> "Task":
        what, icon, view, button = _KINDS[todo.kind]
        address = reverse(view, args=[todo.dossier.pk])
        return cls(todo, progress.title_of(todo.dossier), what, icon, address, button)
