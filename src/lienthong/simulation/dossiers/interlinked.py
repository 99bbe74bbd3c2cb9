"""What the worker of a real province does in a moment after somebody has acted, where others wait for it: signing what
goes online or into a dossier elsewhere, returning it, telling a dossier that one within it has ended.

It is done at its moment, by the services that the jobs call; the jobs find it done. All else the jobs do when a worker
comes to them, with the clock at its moment (`foundation.ledger.delivery`).
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from lienthong.cases import values
from lienthong.cases.models import Dossier, Paper, ReturnWay, StepVisit
from lienthong.cases.services import papers, returning, subordinate
from lienthong.foundation import clock
from lienthong.foundation.numbering.services import take
from lienthong.foundation.organisations.queries import tree
from lienthong.procedures.shapes import Action, Verb
from lienthong.simulation.dossiers import doing

if TYPE_CHECKING:
    from lienthong.simulation.dossiers.desks import Desks

GetsPapers = Callable[[object], bool]
"""Whether papers are made for the dossier with a key; in large runs most get none."""


def has_sub_dossiers(dossier: Dossier) -> bool:
    return any(step.dossier for step in values.procedure_of(dossier).process.steps)


def follow(desks: "Desks", dossier: Dossier, action: Action | None = None, visit: StepVisit | None = None) -> None:
    """Sign what the next agency needs, return what goes online, lay on desks what was opened there, tell who waits for
    what has ended."""
    goes_online = dossier.return_way == ReturnWay.ONLINE and desks.gets_papers(dossier.draft_key)
    if action and visit and action.does is Verb.APPROVE and (goes_online or has_sub_dossiers(dossier)):
        sign(dossier, visit.pk, desks.gets_papers)
        if goes_online and returning.return_online(dossier_id=dossier.pk):
            dossier = Dossier.objects.get(pk=dossier.pk)
            desks.actions["return-online"] += 1
            desks.look_at(dossier)
    if has_sub_dossiers(dossier):
        subordinate.call_off(dossier_id=dossier.pk)
        for sub in Dossier.objects.filter(parent=dossier).order_by("parent_visit"):
            desks.look_at(sub)
    if dossier.parent_id and subordinate.report(dossier_id=dossier.pk):
        desks.held.pop(dossier.parent_id, None)
        desks.look_at(Dossier.objects.get(pk=dossier.parent_id))


def sign(dossier: Dossier, visit_id: int, gets_papers: GetsPapers) -> None:
    """Sign the results that were approved in a visit; a dossier that gets no papers gets a stand-in for them."""
    visit = StepVisit.objects.get(dossier=dossier, pk=visit_id)
    assert visit.done_by_id and visit.done_post_id
    if gets_papers(dossier.draft_key):
        papers.sign_results(
            dossier.pk,
            dossier.signed,
            account_id=visit.done_by_id,
            post_id=visit.done_post_id,
            organisation_id=visit.organisation_id,
            at=clock.now(),
        )
        return
    for paper in dossier.papers.filter(kind="result", key__in=dossier.signed, state=Paper.State.DRAFT):
        _put_stand_in(paper, visit)


def _put_stand_in(paper: Paper, visit: StepVisit) -> None:
    """A sheet in the place of a signed paper, with a number of a book of its own: those of real papers have no gaps."""
    paper.issued_at = clock.now()
    agency = tree()[visit.organisation_id].key
    paper.number = str(take(f"simulated result:{paper.key}:{agency}", period="year", at=paper.issued_at))
    paper.organisation_id, paper.account_id, paper.post_id = visit.organisation_id, visit.done_by_id, visit.done_post_id
    paper.file = doing.stored(("pdf",), paper.key, None, 0)
    paper.state = Paper.State.READY
    paper.save()
