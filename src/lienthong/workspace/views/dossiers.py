"""Dossiers at the desk: the list, the page of one, and what can be done in its open steps."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lienthong.cases import services, values
from lienthong.cases.definition import RULE_SET
from lienthong.cases.models import Dossier, Paper, StepVisit
from lienthong.cases.queries.lists import PAGE, Filters, dossiers_of
from lienthong.cases.queries.pages import DossierPage, dossier_page
from lienthong.cases.rules import Status
from lienthong.cases.services.papers import draft_result
from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.context import Context, FileRef
from lienthong.foundation.fields.data import from_json, start
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.pages import Form, display_html
from lienthong.foundation.files import services as files
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.files.serving import serve
from lienthong.foundation.ledger.queries import timeline
from lienthong.foundation.organisations.queries import holders_of, province, tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.procedures.definition import PROCEDURE
from lienthong.procedures.shapes import Action, Step, Verb
from lienthong.settings.environment import environment
from lienthong.workspace.addresses import number
from lienthong.workspace.events import described


@signed_in_officer
def listing(request: OfficerRequest) -> HttpResponse:
    """What the officer may see, the newest first; searched without accents."""
    status = request.GET.get("trang-thai", "")
    filters = Filters(
        status=int(status) if status in {str(int(each)) for each in Status} else None,
        procedure=request.GET.get("thu-tuc", "")[:100],
        text=request.GET.get("tim", "").strip()[:200],
    )
    found = dossiers_of(request.officer, filters, before=number(request.GET.get("truoc", "")))
    page = found[:PAGE]
    query = request.GET.copy()
    if len(found) > PAGE:
        query["truoc"] = str(page[-1].pk)
    return render(
        request,
        "workspace/dossiers.html",
        {
            "rows": [_list_row(dossier) for dossier in page],
            "statuses": _statuses(),
            "filters": filters,
            "procedures": [(each.key, each.body.name) for each in PROCEDURE.all()],
            "older": f"?{query.urlencode()}" if len(found) > PAGE else "",
        },
    )


def _list_row(dossier: Dossier) -> dict[str, Any]:
    return {
        "dossier": dossier,
        "agency": tree()[dossier.competent_id].short_name,
        "procedure": PROCEDURE.pinned(dossier.procedure_id).name,
        "status": RULE_SET.pinned(dossier.rule_set_id).status_name(dossier.status),
    }


def _statuses() -> list[tuple[int, str]]:
    """The statuses in the words of the rule set in force."""
    rule_set = RULE_SET.current(province().rule_set_on(clock.today())).body
    return [(status.code, status.name) for status in rule_set.statuses]


@dataclass(frozen=True)
class Offer:
    """An action that the officer may take in an open step. Without questions it is done by its button alone."""

    visit: StepVisit
    step: Step
    action: Action

    @property
    def asks_something(self) -> bool:
        action = self.action
        return bool(action.reason_needed or len(action.asks) or action.results or action.does in _WITH_A_PAGE)

    @property
    def is_grave(self) -> bool:
        return self.action.does in {Verb.REFUSE, Verb.STOP}


_WITH_A_PAGE = {Verb.ASSIGN, Verb.CONSULT}


def _offers(page: DossierPage, officer: Officer) -> list[Offer]:
    """What the officer may do now, step by step in declared order."""
    found = []
    for visit in page.open_visits:
        step = page.step_of(visit)
        if services.post_for(officer, visit, step):
            found += [Offer(visit, step, action) for action in services.offered(page.dossier, visit)]
    return found


@signed_in_officer
def dossier(request: OfficerRequest, dossier_id: int) -> HttpResponse:
    page = services.read_dossier(dossier_id=dossier_id, actor=request.officer)
    return render(request, "workspace/dossier.html", _dossier_context(page, request.officer))


def _dossier_context(page: DossierPage, officer: Officer) -> dict[str, Any]:
    offers = _offers(page, officer)
    return {
        "page": page,
        "dossier": page.dossier,
        "offers": offers,
        "mine": {offer.visit.pk for offer in offers},
        "visits": [_visit_row(page, visit) for visit in page.visits],
        "application": _shown(page, page.procedure.form, page.dossier.data),
        "channel": Dossier.Channel(page.dossier.channel).label,
        "history": described(timeline(("dossier", page.dossier.pk)), page),
        "drafts": [paper for paper in page.papers if paper.state == Paper.State.DRAFT],
        "issued": [paper for paper in page.papers if paper.state != Paper.State.DRAFT],
    }


def _shown(page: DossierPage, fields: FieldList, data: Mapping[str, Any]) -> str:
    """Stored data as HTML, with its files as links."""
    context = values.context_of(page.dossier)

    def address(file: FileRef) -> str:
        return reverse("workspace:file", args=[page.dossier.pk, int(file.id)])

    return display_html(fields, from_json(fields, data), context, heading=3, file_url=address)


def _visit_row(page: DossierPage, visit: StepVisit) -> dict[str, Any]:
    step = page.step_of(visit)
    action = step.action(visit.action)
    return {
        "visit": visit,
        "step": step,
        "agency": page.agency_of(visit),
        "action": action.name if action else "",
        "answers_html": _shown(page, action.asks, visit.answers) if action and visit.answers else "",
        "holder": visit.post.title if visit.post else "",
    }


# doing


@signed_in_officer
def act(request: OfficerRequest, dossier_id: int, visit_id: int, action: str) -> HttpResponse:
    """The page of an action, with what it asks; and doing it."""
    page = dossier_page(request.officer, dossier_id)
    visit = next((visit for visit in page.open_visits if visit.pk == visit_id), None)
    declared = page.step_of(visit).action(action) if visit else None
    if request.method != "POST":
        if visit is None or declared is None:
            messages.warning(request, _("This step is not open any more."))
            return redirect("workspace:dossier", dossier_id)
        return _show(request, _Doing.begun(page, visit, declared, request.officer))
    if visit is None or declared is None:
        return _done_or_told(request, page, visit_id, action, {})
    doing = _Doing.posted(page, visit, declared, request)
    if doing.refreshed is not None:
        return HttpResponse(doing.refreshed)
    if doing.only_changed:
        return _show(request, doing)
    return _done_or_told(request, page, visit_id, action, doing.given(request), doing)


def _done_or_told(
    request: OfficerRequest,
    page: DossierPage,
    visit_id: int,
    action: str,
    given: Mapping[str, Any],
    doing: "_Doing | None" = None,
) -> HttpResponse:
    """Do it, or show the page again with what is wrong; nothing that was typed is lost."""
    try:
        services.act(dossier_id=page.dossier.pk, visit_id=visit_id, action=action, officer=request.officer, **given)
    except values.NotAccepted as refused:
        if doing is None:
            raise
        return _show(request, doing, refused)
    except DomainError as refused:
        if doing is None or refused.status == 409:
            messages.error(request, f"{refused} {refused.way_out}".strip())
            return redirect("workspace:dossier", page.dossier.pk)
        return _show(request, doing, refused)
    messages.success(request, _("Done: %(action)s.") % {"action": doing.action.name if doing else action})
    return redirect("workspace:dossier", page.dossier.pk)


def _show(request: OfficerRequest, doing: "_Doing", refused: DomainError | None = None) -> HttpResponse:
    return render(
        request,
        "workspace/act.html",
        {"doing": doing, "page": doing.page, "dossier": doing.page.dossier, "refused": refused},
        status=refused.status if refused else 200,
    )


@dataclass(frozen=True)
class _Doing:
    """The page of an action as it stands: what the officer has filled in, and the people to choose from."""

    page: DossierPage
    visit: StepVisit
    action: Action
    officer: Officer
    asks: Form | None
    results: dict[str, Form]
    reason: str = ""
    post: str = ""
    refreshed: str | None = None
    only_changed: bool = False

    @classmethod
    def begun(cls, page: DossierPage, visit: StepVisit, action: Action, officer: Officer) -> "_Doing":
        context = values.context_for_officer(officer)
        drafts = {paper.key: paper.data for paper in page.papers if paper.kind == "result"}

        def form(fields: FieldList, prefix: str, kept: Mapping[str, Any]) -> Form:
            raw = dict(kept) or start(fields, context)
            return _form(fields, clean(fields, raw, context, draft=True), context, prefix)

        asks = form(action.asks, "asks", {}) if len(action.asks) else None
        results = {
            key: form(page.procedure.result(key).fields, f"result-{key}", drafts.get(key, {})) for key in action.results
        }
        return cls(page, visit, action, officer, asks, results)

    @classmethod
    def posted(cls, page: DossierPage, visit: StepVisit, action: Action, request: OfficerRequest) -> "_Doing":
        context = values.context_for_officer(request.officer)
        refreshed: list[str] = []
        changed: list[bool] = []

        def form(fields: FieldList, prefix: str) -> Form:
            taken = forms.take(fields, request.POST, context, prefix=prefix)
            _store_uploads(fields, taken.raw, request, prefix)
            made = _form(fields, clean(fields, taken.raw, context, draft=taken.action is not None), context, prefix)
            if taken.action:
                changed.append(True)
                if request.headers.get("HX-Request"):
                    refreshed.append(made.refreshed(taken.action))
            return made

        asks = form(action.asks, "asks") if len(action.asks) else None
        results = {key: form(page.procedure.result(key).fields, f"result-{key}") for key in action.results}
        return cls(
            page=page,
            visit=visit,
            action=action,
            officer=request.officer,
            asks=asks,
            results=results,
            reason=request.POST.get("reason", "")[:5000],
            post=request.POST.get("post", ""),
            refreshed=refreshed[0] if refreshed else None,
            only_changed=bool(changed),
        )

    def given(self, request: OfficerRequest) -> dict[str, Any]:
        """What the service is told."""
        return {
            "reason": self.reason,
            "post_id": number(self.post),
            "answers": self.asks.cleaned.raw if self.asks else None,
            "results": {key: form.cleaned.raw for key, form in self.results.items()},
        }

    @property
    def step(self) -> Step:
        return self.page.step_of(self.visit)

    @property
    def forms(self) -> list[Form]:
        return [*([self.asks] if self.asks else []), *self.results.values()]

    @property
    def reason_wanted(self) -> bool:
        """Whether there is a box for a word; it must be filled in where the action needs a reason."""
        return self.action.reason_needed or self.action.does in {Verb.CONSULT, Verb.ASSIGN, Verb.FORWARD}

    def people(self) -> list[dict[str, Any]]:
        """The posts that an assignment can choose, with who holds them; those that nobody holds last."""
        if self.action.does is not Verb.ASSIGN or self.action.to is None:
            return []
        posts = services.assignable(self.page.dossier, self.page.procedure.process.step(self.action.to))
        holders = holders_of([post.id for post in posts])
        rows = []
        for post in posts:
            names = [name for _account, name in holders.get(post.id, [])]
            rows.append({"id": post.id, "title": post.title, "names": names})
        return sorted(rows, key=lambda row: not row["names"])


def _form(fields: FieldList, cleaned: Cleaned, context: Context, prefix: str) -> Form:
    return Form(fields, cleaned, context, prefix=prefix, refresh=".", upload_limit=environment.upload_limit_mb)


def _store_uploads(fields: FieldList, raw: dict[str, Any], request: OfficerRequest, prefix: str) -> None:
    """Store what came with the form and put it where it belongs. A file that is refused is told beside its field."""
    for path, field, upload in forms.uploads(fields, request.FILES, prefix=prefix):
        megabytes = field.max_size or environment.upload_limit_mb
        policy = Policy(kinds=set(field.accept), max_bytes=megabytes * 1024 * 1024)
        with transaction.atomic():
            stored = files.store(upload, name=upload.name, policy=policy, actor=request.officer)
        forms.put(raw, path, {"id": str(stored.pk)})


# files


@signed_in_officer
def file(request: OfficerRequest, dossier_id: int, file_id: int) -> HttpResponseBase:
    found = dossier_page(request.officer, dossier_id).file(file_id)
    if found is None:
        raise Http404
    return serve(found, as_attachment="tai" in request.GET)


@signed_in_officer
def paper(request: OfficerRequest, dossier_id: int, paper_id: int) -> HttpResponseBase:
    """A paper that was issued; of a result that is drafted, how it would look."""
    page = dossier_page(request.officer, dossier_id)
    found = next((paper for paper in page.papers if paper.pk == paper_id), None)
    if found is None:
        raise Http404
    if found.file:
        return serve(found.file, as_attachment="tai" in request.GET)
    if found.state == Paper.State.DRAFT:
        return HttpResponse(draft_result(found, at=clock.now()), content_type="application/pdf")
    messages.info(request, _("This paper is being made; try again in a moment."))
    return redirect("workspace:dossier", dossier_id)


@require_POST
@signed_in_officer
def check(request: OfficerRequest, dossier_id: int, component_id: int) -> HttpResponse:
    services.check_component(
        dossier_id=dossier_id,
        component_id=component_id,
        result=request.POST.get("result", ""),
        officer=request.officer,
    )
    return redirect("workspace:dossier", dossier_id)
