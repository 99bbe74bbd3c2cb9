"""The page of an action as it stands: what it asks, what the officer has filled in, whom there is to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils.translation import gettext as _

from lienthong.cases import services, values
from lienthong.cases.models import Paper
from lienthong.cases.queries.pages import DossierPage
from lienthong.cases.services.papers import draft_result
from lienthong.cases.services.taking import Taking
from lienthong.foundation import asked, clock
from lienthong.foundation.fields import forms
from lienthong.foundation.fields.cleaning import Cleaned, clean
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.data import start, to_json
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.pages import Form, Trouble
from lienthong.foundation.fields.problems import Problem
from lienthong.foundation.fields.stored_files import take_uploads
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.foundation.organisations.queries import named_holders
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.policy import OfficerRequest
from lienthong.procedures.shapes import ResultPaper, Verb
from lienthong.settings.environment import environment
from lienthong.work.queries import Load, loads
from lienthong.workspace import taking
from lienthong.workspace.offers import Offer

PREVIEW = "_preview"
"""Button that shows how the result with this key would look, filled in as the page is, and keeps nothing."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A post that an assignment can choose, who holds it, and how much lies there now."""

    id: int
    title: str
    names: list[str]
    load: Load


def candidates(posts: Sequence[PostNode]) -> list[Candidate]:
    """Posts to choose from, with who holds them and what lies there; those that nobody holds come last."""
    ids = [post.id for post in posts]
    holders, lying = named_holders(ids), loads(ids, now=clock.now())
    found = [
        Candidate(
            post.id, post.title, [name for _account, name in holders.get(post.id, [])], lying.get(post.id, Load())
        )
        for post in posts
    ]
    return sorted(found, key=lambda candidate: not candidate.names)


@dataclass(frozen=True)
class Doing:
    page: DossierPage
    offer: Offer
    asks: Form | None
    results: dict[str, Form]
    reason: str = ""
    post: int | None = None
    refreshed: str | None = None
    """Parts of a form that a change in it changes, as htmx wants them."""
    unfinished: bool = False
    """Whether a button of the form itself was pressed: a row more, what depends on an answer. Nothing is done yet."""
    files_refused: bool = False
    taking: Taking | None = None
    """Who takes the result, where that is asked."""
    parcel: str = ""
    not_right: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with who takes it, or with the number of the parcel."""

    # what the page shows

    @property
    def forms(self) -> list[Form]:
        return [*([self.asks] if self.asks else []), *self.results.values()]

    @property
    def troubles(self) -> list[Trouble]:
        return [trouble for form in self.forms for trouble in form.troubles]

    @property
    def drafted(self) -> list[tuple[ResultPaper, Form]]:
        """The results that are filled in here."""
        return [(self.page.procedure.result(key), form) for key, form in self.results.items()]

    @property
    def to_sign(self) -> list[Paper]:
        """The drafts that an approval signs."""
        if self.offer.action.does is not Verb.APPROVE:
            return []
        return [paper for paper in self.page.papers if paper.state == Paper.State.DRAFT]

    @property
    def takes_a_word(self) -> bool:
        """Whether there is a box for words of the officer's own. An answer is in what is asked for."""
        return self.offer.action.reason_needed or not (self.asks and self.offer.action.does is Verb.ANSWER)

    @property
    def reason_label(self) -> str:
        action = self.offer.action
        match action.does:
            case Verb.REQUEST_SUPPLEMENT:
                return _("What is missing, and what the applicant is to do")
            case Verb.CONSULT:
                return _("What you ask")
            case _ if action.reason_needed:
                return _("Reason")
            case _:
                return _("A word with it (if you like)")

    @property
    def reason_hint(self) -> str:
        match self.offer.action.does:
            case Verb.REQUEST_SUPPLEMENT:
                return _(
                    "Guidance must be complete in one go: name everything that is missing."
                    " The applicant reads these words."
                )
            case Verb.REFUSE | Verb.STOP:
                return _("The applicant reads these words.")
            case _ if self.offer.action.back:
                return _("Whoever gets it back reads these words.")
            case _:
                return ""

    @property
    def consequence(self) -> str:
        """What cannot be undone."""
        match self.offer.action.does:
            case Verb.REFUSE | Verb.STOP:
                return _("This ends the dossier. It cannot be opened again.")
            case Verb.APPROVE:
                return _("The result gets its number and is signed digitally in your name. This cannot be undone.")
            case _ if elsewhere := self._elsewhere():
                return _("What they need is handed on to other agencies for: %(steps)s.") % {"steps": elsewhere}
            case _:
                return ""

    def _elsewhere(self) -> str:
        """The steps for which it opens dossiers at other agencies."""
        steps = (self.page.procedure.process.step(key) for key in self.offer.action.opens)
        return ", ".join(step.name for step in steps if step.dossier)

    def candidates(self) -> list[Candidate]:
        """Whom an assignment can choose."""
        action = self.offer.action
        if action.does is not Verb.ASSIGN or action.to is None:
            return []
        return candidates(services.assignable(self.page.dossier, self.page.procedure.process.step(action.to)))

    # what the service is told

    def given(self) -> dict[str, Any]:
        return {
            "reason": self.reason,
            "post_id": self.post,
            "answers": self.asks.cleaned.raw if self.asks else None,
            "results": {key: form.cleaned.raw for key, form in self.results.items()},
            "taking": self.taking,
            "parcel": self.parcel,
        }

    def preview(self, key: str) -> bytes:
        """The PDF of a result as it would be with what is filled in so far; what is wrong or missing is left out."""
        form = self.results[key]
        paper = Paper(
            dossier=self.page.dossier,
            kind="result",
            key=key,
            data=to_json(form.fields, form.cleaned.values),
            organisation_id=self.offer.visit.organisation_id,
        )
        return draft_result(paper, at=clock.now())


def begun(page: DossierPage, offer: Offer, request: OfficerRequest) -> Doing:
    """As the page comes up: defaults, and a draft that was made before."""
    context = values.context_for_officer(request.officer)
    drafts = {paper.key: paper.data for paper in page.papers if paper.kind == "result"}

    def form(fields: FieldList, prefix: str, kept: Mapping[str, Any]) -> Form:
        raw = dict(kept) or start(fields, context)
        return _form(fields, clean(fields, raw, context, draft=True), context, prefix)

    action = offer.action
    return Doing(
        page,
        offer,
        asks=form(action.asks, "asks", {}) if len(action.asks) else None,
        results={
            key: form(page.procedure.result(key).fields, _prefix(key), drafts.get(key, {})) for key in action.results
        },
        taking=taking.asked_of(request, page.dossier) if offer.asks_taker else None,
    )


def posted(page: DossierPage, offer: Offer, request: OfficerRequest) -> Doing:
    """As it was sent: with everything that was typed, and its files stored or refused."""
    context = values.context_for_officer(request.officer)
    by_htmx = bool(request.headers.get("HX-Request"))
    refreshed: list[str] = []
    unfinished = refused_any = False

    def form(fields: FieldList, prefix: str) -> Form:
        nonlocal unfinished, refused_any
        taken = forms.take(fields, request.POST, context, prefix=prefix)
        refused = store_uploads(fields, taken.raw, request, prefix)
        draft = taken.action is not None or PREVIEW in request.POST
        cleaned = clean(fields, taken.raw, context, draft=draft)
        made = _form(fields, _with(cleaned, refused), context, prefix)
        refused_any = refused_any or bool(refused)
        unfinished = unfinished or taken.action is not None
        if taken.action and by_htmx:
            refreshed.append(made.refreshed(taken.action))
        return made

    action = offer.action
    asks = form(action.asks, "asks") if len(action.asks) else None
    results = {key: form(page.procedure.result(key).fields, _prefix(key)) for key in action.results}
    return Doing(
        page,
        offer,
        asks=asks,
        results=results,
        reason=asked.paragraphs(request.POST, "reason"),
        post=asked.number(request.POST.get("post", "")),
        refreshed=refreshed[0] if refreshed else None,
        unfinished=unfinished,
        files_refused=refused_any,
        taking=taking.asked_of(request, page.dossier) if offer.asks_taker else None,
        parcel=asked.words(request.POST, "parcel", 40) if offer.asks_parcel else "",
    )


def _prefix(result: str) -> str:
    return f"result-{result}"


def _form(fields: FieldList, cleaned: Cleaned, context: Context, prefix: str) -> Form:
    return Form(fields, cleaned, context, prefix=prefix, refresh=".", upload_limit=environment.upload_limit_mb)


def _with(cleaned: Cleaned, refused: Mapping[str, Problem]) -> Cleaned:
    return replace(cleaned, errors={**cleaned.errors, **refused}) if refused else cleaned


def store_uploads(fields: FieldList, raw: dict[str, Any], request: OfficerRequest, prefix: str) -> dict[str, Problem]:
    """Store what came with the form and put it where it belongs. Says by path which files were refused, and why."""

    def store(upload: Any, name: str, policy: Policy) -> StoredFile:
        return files.store(upload, name=name, policy=policy, actor=request.officer)

    limit = environment.upload_limit_mb
    refused = take_uploads(fields, raw, request.FILES, store, limit_mb=limit, prefix=prefix)
    return {
        path: Problem(why.code, "%(why)s", {"why": f"{name}: {why.in_full}"}) for path, (name, why) in refused.items()
    }
