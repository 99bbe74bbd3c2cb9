"""Labels for the covers of dossiers."""

from collections.abc import Callable, Iterable

from lienthong.cases.models import Dossier
from lienthong.cases.papers import shapes
from lienthong.cases.values import procedure_of
from lienthong.foundation.fields.formats import moment
from lienthong.foundation.organisations.queries import tree
from lienthong.foundation.papers.letterheads import in_sentence

PER_SHEET = 24
"""Labels of 70 × 37 mm on a sheet of A4: three beside each other, eight rows."""

LONGEST_TITLE = 110


def labels(dossiers: Iterable[Dossier], *, skip: int, link_of: Callable[[Dossier], str]) -> shapes.Labels:
    """`skip` labels of the first sheet were used before."""
    return shapes.Labels(labels=tuple(_label(dossier, link_of(dossier)) for dossier in dossiers), skip=skip)


def _label(dossier: Dossier, link: str) -> shapes.Label:
    title = in_sentence(dossier.title) or procedure_of(dossier).full_name
    return shapes.Label(
        code=dossier.code or dossier.tracking,
        title=_short(title),
        owner=_short(dossier.applicant_name, 60),
        due=moment(dossier.due_at) if dossier.due_at else "",
        agency=tree()[dossier.competent_id].short_name,
        code_link=link,
    )


def _short(text: str, longest: int = LONGEST_TITLE) -> str:
    """Cut between words: a label has four lines."""
    if len(text) <= longest:
        return text
    return f"{text[:longest].rpartition(' ')[0] or text[:longest]} …"
