"""What anybody may ask: how far a dossier is, given its code and the end of the phone number; if a paper is genuine."""

from dataclasses import dataclass

from lienthong.cases.codes import tidy
from lienthong.cases.models import Dossier, Paper
from lienthong.cases.queries.pages import DossierPage, page_of
from lienthong.cases.values import procedure_of

PHONE_DIGITS = 4


def tracked(code: str, phone_end: str) -> DossierPage | None:
    """The progress of a dossier. None for an unknown code as for wrong digits: nobody learns which codes exist."""
    wanted = tidy(code)
    if not wanted or len(phone_end) != PHONE_DIGITS or not phone_end.isdecimal():
        return None
    dossier = Dossier.objects.filter(code=wanted).first() or Dossier.objects.filter(tracking=wanted).first()
    if dossier is None or not dossier.applicant_phone.endswith(phone_end):
        return None
    return page_of(dossier)


@dataclass(frozen=True, slots=True)
class Genuine:
    """A paper that was issued here, and how much of it anybody may know."""

    paper: Paper
    procedure: str


def paper_by_verification(verification: str) -> Genuine | None:
    """The paper whose QR code carries this. None when none does, or it has not been issued yet."""
    papers = Paper.objects.select_related("file", "dossier").exclude(state=Paper.State.DRAFT)
    paper = papers.filter(verification=tidy(verification)).first()
    if paper is None:
        return None
    return Genuine(paper, procedure_of(paper.dossier).name)
