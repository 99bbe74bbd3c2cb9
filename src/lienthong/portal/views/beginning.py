"""Before an application: what to have ready, for whom it is, and what comes again from last time."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from lienthong.cases import services
from lienthong.cases.again import earlier_dossier
from lienthong.cases.models import Dossier, Draft
from lienthong.cases.queries.lists import drafts_of
from lienthong.foundation.definitions.queries import DefinitionNotFound
from lienthong.identity.models import Mandate
from lienthong.identity.policy import PersonRequest, signed_in
from lienthong.identity.queries import Actor
from lienthong.identity.representing import represented_by
from lienthong.identity.services.mandate_rows import no_such_mandate
from lienthong.portal.journey import Journey
from lienthong.portal.pages import page
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.queries import groups_of
from lienthong.procedures.shapes import Component, ProcedureBody

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@get_or_post
@signed_in
def begin(request: PersonRequest, key: str) -> HttpResponse:
    """What to have ready; from here an application is begun, or one that was begun is gone on with."""
    try:
        current = PROCEDURE.current(key)
    except DefinitionNotFound as missing:
        raise Http404 from missing
    procedure = current.body
    begun = [draft for draft in drafts_of(request.person) if PROCEDURE.edition(draft.procedure_id).key == key]
    mandates = represented_by(request.person.account_id, key)
    if request.method == "POST":
        as_now = [draft for draft in begun if draft.procedure_id == current.id]
        return redirect(_begun(request, key, as_now, mandates))
    agencies = services.offering(procedure)
    return page(
        request,
        "begin",
        "procedures",
        private=True,
        procedure=procedure,
        agencies=agencies,
        one_agency=agencies[0] if len(agencies) == 1 else None,
        begun=begun,
        papers=_papers_to_have(procedure),
        groups=groups_of(procedure),
        mandates=mandates,
        earlier=earlier_dossier(request.person, key, None) or (mandates and _handed_in_before(request.person, key)),
    )


def _begun(request: PersonRequest, key: str, begun: list[Draft], mandates: list[Mandate]) -> str:
    """Where a draft begins: a new one, or one of the same kind that nobody has touched yet. Only who the person may
    act for counts, anybody else is answered like nobody."""
    chosen = request.POST.get("cho", "")
    mandate = next((each for each in mandates if str(each.pk) == chosen), None)
    if chosen and mandate is None:
        raise no_such_mandate()
    again = bool(request.POST.get("lay-lai"))
    by = mandate.pk if mandate else None
    untouched = (draft for draft in begun if draft.created_at == draft.updated_at and draft.mandate_id == by)
    draft = None if again else next(untouched, None)
    draft = draft or services.start_draft(procedure_key=key, applicant=request.person, mandate_id=by, again=again)
    return Journey(draft, request.person).stops[0].address


def _handed_in_before(person: Actor, key: str) -> Dossier | None:
    """The last one that the person handed in for somebody else."""
    before = Dossier.objects.filter(account_id=person.account_id, procedure_key=key, mandate__isnull=False)
    return before.order_by("-id").first()


def _papers_to_have(procedure: ProcedureBody) -> list[Component]:
    return [component for component in procedure.components if not component.from_form]
