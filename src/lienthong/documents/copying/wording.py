"""How official copies are called on the screen."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lienthong.documents.copying.queries import latest_of
from lienthong.documents.copying.rules import Form, Way
from lienthong.documents.models import Arrival, Issue, OfficialCopy


@dataclass(frozen=True, slots=True)
class Word:
    """`name` as a title has it; `about` says when this form is right."""

    name: str | Promise
    about: str | Promise


FORMS: dict[str, Word] = {
    Form.TRUE_COPY: Word(
        pgettext_lazy("official copy", "True copy"),
        _("All of an original, or of a document issued by the agency."),
    ),
    Form.COPY_OF_COPY: Word(
        pgettext_lazy("official copy", "Copy of a copy"),
        _("All of a document that came as a true copy."),
    ),
    Form.EXTRACT: Word(
        pgettext_lazy("official copy", "Extract"),
        _("Some pages of a document. It bears no signature of the original."),
    ),
}

WAYS: dict[str, Word] = {
    Way.ELECTRONIC: Word(
        pgettext_lazy("official copy", "Electronic"),
        _("The PDF file gets the mark of the copy and the seal of the agency."),
    ),
    Way.PAPER: Word(
        pgettext_lazy("official copy", "On paper"),
        _("It was signed and sealed by hand: it gets its number and its line in the register."),
    ),
}


def copied_of(line: Arrival | Issue) -> list[tuple[OfficialCopy, str | Promise]]:
    """For the page of a document: its official copies, the newest first, each with its form. One query."""
    return [(each, FORMS[each.form].name) for each in latest_of(line)]
