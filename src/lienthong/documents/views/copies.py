"""The use of kept copies: asking for it, and the page of one use, where it is decided, handed out and taken back."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from lienthong.documents import policy, queries, services
from lienthong.documents.models import CopyUse
from lienthong.documents.rules.copies import Stage, stage_of
from lienthong.documents.services import copies
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer

COPY_STAGES: dict[Stage, tuple[str | Promise, str]] = {
    Stage.ASKED: (pgettext_lazy("kept copy", "asked for"), "soon"),
    Stage.REFUSED: (pgettext_lazy("kept copy", "refused"), "late"),
    Stage.PERMITTED: (pgettext_lazy("kept copy", "permitted"), "info"),
    Stage.HANDED: (pgettext_lazy("kept copy", "handed out"), "soon"),
    Stage.RETURNED: (pgettext_lazy("kept copy", "given back"), "ok"),
}
"""How each is called, and its tone."""

_DONE: dict[str, str | Promise] = {
    "permit": _("The use of the copy was permitted."),
    "refuse": _("The use of the copy was refused; who asked is told."),
    "hand-out": _("It was put down that the copy is handed out."),
    "take-back": _("It was put down that the copy is back."),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def ask(request: OfficerRequest, issue_id: int) -> HttpResponse:
    page = queries.issue_page(request.officer, issue_id)
    if page is None:
        raise services.no_such_document()
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    errors: dict[str, object] = {}
    wanted = copies.CopyWanted(
        user=asked.words(request.POST, "nguoi-dung") if request.method == "POST" else request.officer.name,
        purpose=asked.words(request.POST, "muc-dich", 500),
        permitter=asked.number(request.POST.get("nguoi-cho-phep", "")),
    )
    if request.method == "POST":
        try:
            made = copies.ask_for_copy(issue_id=issue_id, wanted=wanted, officer=request.officer, key=key)
        except services.NotComplete as refused:
            errors = refused.errors
        else:
            messages.success(request, _now("Your request was sent."))
            return redirect("documents:copy_use", made.pk)
    posts = policy.presented_to(tree()[page.issue.organisation_id])
    holders = holders_of([post.id for post in posts])
    context = {
        "issue": page.issue,
        "document": page.issue.document,
        "posts": [(post, ", ".join(name for _id, name in holders.get(post.id, []))) for post in posts],
        "given": wanted,
        "errors": errors,
        "key": key,
    }
    return render(request, "documents/copy_ask.html", context, status=422 if errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def use(request: OfficerRequest, use_id: int) -> HttpResponse:
    refused: DomainError | None = None
    if request.method == "POST":
        deed = request.POST.get("viec", "")
        try:
            _do(request, use_id, deed)
        except services.NotComplete as error:
            refused = DomainError(str(error.errors["words"]))
        except (NotAllowed, NotFound):
            raise
        except DomainError as error:
            refused = error
        else:
            messages.success(request, str(_DONE[deed]))
            return redirect("documents:copy_use", use_id)
    found = copies.read_copy_use(use_id=use_id, officer=request.officer)
    stage = stage_of(permitted=found.permitted, handed_on=found.handed_on, returned_on=found.returned_on)
    word, tone = COPY_STAGES[stage]
    context = {
        "use": found,
        "issue": found.issue,
        "document": found.issue.document,
        "stage": stage.value,
        "word": word,
        "tone": tone,
        "refused": refused,
        "permitter": _named(found.permitter_id),
        "asked_post": tree().posts.get(found.asked_post_id),
        "decides": stage is Stage.ASKED and found.permitter_id in request.officer.post_ids,
        "clerk": policy.post_for(request.officer, tree()[found.organisation_id]) is not None,
        "words": asked.paragraphs(request.POST, "loi", 500),
    }
    return render(request, "documents/copy_use.html", context, status=422 if refused else 200)


def _do(request: OfficerRequest, use_id: int, deed: str) -> CopyUse:
    """Raises NoSuchDocument for a deed that is none."""
    officer, words = request.officer, asked.paragraphs(request.POST, "loi", 500)
    match deed:
        case "permit" | "refuse":
            return copies.decide_on_copy(use_id=use_id, permit=deed == "permit", words=words, officer=officer)
        case "hand-out":
            return copies.hand_out_copy(use_id=use_id, remark=words, officer=officer)
        case "take-back":
            return copies.take_copy_back(use_id=use_id, officer=officer)
        case _:
            raise services.no_such_document()


def _named(post_id: int) -> str:
    post = tree().posts.get(post_id)
    names = ", ".join(name for _id, name in holders_of([post_id]).get(post_id, []))
    return ", ".join(filter(None, (names, post.title if post else "")))
