"""The confirmation an applicant has at once: that the application arrived, when, and how to follow it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils import translation

from lienthong.cases.queries.pages import DossierPage
from lienthong.cases.services.papers import tracking_link
from lienthong.foundation.papers import render
from lienthong.foundation.papers.letterheads import letterhead
from lienthong.foundation.papers.shapes import Letterhead, Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmation(Shape):
    """Template portal/confirmation, A5. Not form 01: that one is issued when the dossier is received."""

    letterhead: Letterhead
    reference: str
    applicant: str
    request: str
    subject: str
    agency: str
    submitted_at: datetime
    papers: tuple[str, ...]
    reception_limit: str
    tracking_link: str
    tracking_address: str


def confirmation(page: DossierPage) -> bytes:
    """The PDF of a dossier's confirmation; the same dossier gives the same bytes."""
    dossier = page.dossier
    link = tracking_link(dossier)
    shape = Confirmation(
        letterhead=letterhead(page.reception, dossier.submitted_at),
        reference=dossier.tracking,
        applicant=dossier.applicant_name,
        request=page.procedure.full_name,
        subject=dossier.title,
        agency=page.competent.name,
        submitted_at=dossier.submitted_at,
        papers=tuple(f"{asked.declared.name} ({len(asked.files)} tệp)" for asked in page.asked if asked.files),
        reception_limit=page.rule_set.reception_limit.text,
        tracking_link=link,
        tracking_address=link.partition("?")[0],
    )
    with translation.override("vi"):  # official papers are Vietnamese, whatever the reader has chosen
        return render("portal/confirmation", shape.as_data(), at=dossier.submitted_at)
