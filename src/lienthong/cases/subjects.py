"""Dossiers as other rooms file and cite them."""

from collections.abc import Collection

from django.utils.translation import gettext_lazy as _

from lienthong.cases.models import Component, Dossier, Paper
from lienthong.cases.queries.gates import visible_to
from lienthong.cases.queries.pages import page_of
from lienthong.cases.services.carrying import DOSSIER
from lienthong.cases.values import procedure_of
from lienthong.foundation import clock
from lienthong.foundation.fields.stored_files import attached_in
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.work import subjects
from lienthong.work.subjects import Facts, SubjectKind


def _facts(ids: Collection[int]) -> dict[int, Facts]:
    return {dossier.pk: _facts_of(dossier) for dossier in Dossier.objects.filter(pk__in=ids)}


def _facts_of(dossier: Dossier) -> Facts:
    """The title is what the dossier says of itself; who applies is not repeated elsewhere."""
    procedure = procedure_of(dossier).name
    return Facts(
        code=dossier.code or dossier.tracking,
        kind=procedure,
        title=dossier.title or procedure,
        issuer=tree()[dossier.competent_id].name,
        dated=clock.local(dossier.received_at or dossier.submitted_at).date(),
        sheets=None,
        is_finished=dossier.finished_at is not None,
    )


def _seen_by(officer: Officer, ids: Collection[int]) -> set[int]:
    return set(visible_to(officer).filter(pk__in=ids).order_by().values_list("pk", flat=True))


def _files(dossier_id: int) -> list[StoredFile]:
    """What was handed in and its signed copies, what is attached to answers, what was issued; each once."""
    page = page_of(Dossier.objects.get(pk=dossier_id))
    found = [file for component in page.components for file in _of_component(component)]
    found += _attached([page.dossier.data, *(visit.answers for visit in page.visits)])
    found += [paper.file for paper in page.papers if paper.state == Paper.State.READY and paper.file]
    return list({file.pk: file for file in found}.values())


def _of_component(component: Component) -> list[StoredFile]:
    digitised = getattr(component, "digitised", None)
    return [component.file, digitised.signed_copy] if digitised and digitised.signed_copy else [component.file]


def _attached(answers: list[object]) -> list[StoredFile]:
    ids = sorted({int(each) for each in attached_in(answers)})
    return list(StoredFile.objects.filter(pk__in=ids).order_by("pk")) if ids else []


subjects.register(
    DOSSIER,
    SubjectKind(  # without `erase`: how long its files are kept is for its procedure, not for a record that holds it
        word=_("Dossier of an administrative procedure"),
        facts=_facts,
        seen_by=_seen_by,
        view="workspace:dossier",
        files=_files,
    ),
)
