"""What somebody does with a task, each deed on a page of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from lienthong.directives import policy, queries, services
from lienthong.directives.models import Task
from lienthong.directives.rules import Incomplete
from lienthong.directives.services import EVIDENCE, LONGEST_WORDS, Said, Upload, Whom
from lienthong.directives.views.words import MARKS, day_of, end_of, given_of, posts_with_names, refusal
from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.files.errors import FileRefused
from lienthong.foundation.organisations import parts
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.policy import OfficerRequest, signed_in_officer
from lienthong.settings.environment import environment

MOST_WORDS = LONGEST_WORDS + 1
"""One more than there may be: too much is refused, not cut."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A page: its words, what it asks for, and what is done with that. `asks` names the fields besides the words."""

    title: str | Promise
    lead: str | Promise
    done: str | Promise
    icon: str
    do: "Callable[[OfficerRequest, dict[str, Any]], object]"
    words: str | Promise = ""
    needs_words: bool = False
    asks: frozenset[str] = frozenset()


def _words(given: Mapping[str, str]) -> str:
    return asked.paragraphs(given, "loi", MOST_WORDS)


def _said(request: OfficerRequest) -> Said:
    given, errors = request.POST, dict[str, Any]()
    dated = day_of(given, "san-pham-ngay", "dated", errors)
    percent = asked.number(given.get("phan-tram", ""))
    if errors:
        raise Incomplete(errors)
    return Said(
        words=_words(given),
        percent=percent,
        product_code=asked.words(given, "san-pham-so", 60),
        product_dated=dated,
        uploads=[Upload(file.name or "", file) for file in request.FILES.getlist("tep")],
    )


def _due(given: Mapping[str, str]) -> Any:
    errors: dict[str, Any] = {}
    day = day_of(given, "han", "due", errors)
    if errors:
        raise Incomplete(errors)
    return end_of(day)


def _whom(text: str) -> Whom | None:
    """“12” is a unit, “12-7” a post in it."""
    unit, dash, post = text.partition("-")
    unit_id, post_id = asked.number(unit), asked.number(post) if dash else None
    if unit_id is None or (dash and post_id is None):
        return None
    return Whom(unit_id, post_id)


def _hand_on(request: OfficerRequest, who: dict[str, Any]) -> object:
    given = request.POST
    content = _words(given)
    return services.hand_on(**who, content=content, whom=_whom(given.get("cho", "")), due_at=_due(given))


def _accept(request: OfficerRequest, who: dict[str, Any]) -> object:
    return services.accept(**who)


def _report(request: OfficerRequest, who: dict[str, Any]) -> object:
    return services.report(**who, said=_said(request))


def _complete(request: OfficerRequest, who: dict[str, Any]) -> object:
    return services.complete(**who, said=_said(request))


def _judge(request: OfficerRequest, who: dict[str, Any]) -> object:
    return services.judge(**who, mark=request.POST.get("muc-do", ""), words=_words(request.POST))


def _send_back(request: OfficerRequest, who: dict[str, Any]) -> object:
    return services.send_back(**who, reason=_words(request.POST))


def _cancel(request: OfficerRequest, who: dict[str, Any]) -> object:
    return services.cancel(**who, reason=_words(request.POST))


def _ask_more_time(request: OfficerRequest, who: dict[str, Any]) -> object:
    return services.ask_more_time(**who, until=_due(request.POST), reason=_words(request.POST))


DEEDS = {
    "tiep-nhan": Deed(
        title=pgettext_lazy("directive", "Accept the task"),
        lead=_("You say that you have it and set to work."),
        done=_("The task was accepted."),
        icon="check-lg",
        do=_accept,
    ),
    "giao-viec": Deed(
        title=_("Hand a part on"),
        lead=_("To a unit or somebody of your own. You answer for the whole, and say when the part is done."),
        done=_("The part was handed on."),
        icon="signpost-split",
        do=_hand_on,
        words=pgettext_lazy("directive", "What is to be done"),
        needs_words=True,
        asks=frozenset({"whom", "due"}),
    ),
    "tien-do": Deed(
        title=_("Report progress"),
        lead=_("Whoever gave you the task sees it."),
        done=_("Your progress was reported."),
        icon="graph-up",
        do=_report,
        words=pgettext_lazy("directive", "What was done"),
        asks=frozenset({"percent", "files"}),
    ),
    "hoan-thanh": Deed(
        title=_("Report completion"),
        lead=_("Whoever gave you the task says then whether it is done. This moment counts for the due day."),
        done=_("Completion was reported."),
        icon="check-circle",
        do=_complete,
        words=pgettext_lazy("directive", "What was done"),
        asks=frozenset({"product", "files"}),
    ),
    "da-biet": Deed(
        title=_("Take note"),
        lead=pgettext_lazy("directive", "It leaves your list."),
        done=pgettext_lazy("directive", "It has left your list."),
        icon="eye",
        do=_complete,
        words=pgettext_lazy("directive", "Words with it"),
    ),
    "danh-gia": Deed(
        title=pgettext_lazy("directive", "Evaluate"),
        lead=_("You say that the task is done, and how well. With it ends what others still had to do."),
        done=_("The task is done."),
        icon="clipboard-check",
        do=_judge,
        words=pgettext_lazy("directive", "Words with it"),
        asks=frozenset({"mark"}),
    ),
    "tra-lai": Deed(
        title=_("Return the report"),
        lead=_("The task is not done yet: it goes back to whoever has it, with the due day it had."),
        done=_("The report was returned."),
        icon="arrow-return-left",
        do=_send_back,
        words=_("What is missing"),
        needs_words=True,
    ),
    "thu-hoi": Deed(
        title=pgettext_lazy("directive", "Cancel the task"),
        lead=_("It ends with all its parts; those who have them are told."),
        done=_("The task was cancelled."),
        icon="x-lg",
        do=_cancel,
        words=_("Reason"),
        needs_words=True,
    ),
    "gia-han": Deed(
        title=_("Ask for more time"),
        lead=_("Whoever gave you the task decides; until then the due day stays as it is."),
        done=_("More time was asked for."),
        icon="hourglass-split",
        do=_ask_more_time,
        words=_("Why you need it"),
        needs_words=True,
        asks=frozenset({"new-due"}),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def do(request: OfficerRequest, directive_id: int, deed: str, task_id: int) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    context: dict[str, Any] = {"errors": {}, "refused": None, "key": key}
    if request.method == "POST":
        who = {"directive_id": directive_id, "task_id": task_id, "officer": request.officer, "key": key}
        try:
            DEEDS[deed].do(request, who)
        except (NotAllowed, NotFound):
            raise
        except FileRefused as refused:
            context["errors"] = {"files": refused.in_full}
        except DomainError as refused:
            context |= refusal(refused)
        else:
            messages.success(request, str(DEEDS[deed].done))
            return redirect("directives:one", directive_id)
    return _show(request, directive_id, DEEDS[deed], task_id, context)


def _show(
    request: OfficerRequest, directive_id: int, deed: Deed, task_id: int, context: dict[str, Any]
) -> HttpResponse:
    page = queries.page_of(request.officer, directive_id)
    if page is None or task_id not in page.tasks:
        raise services.no_such_directive()
    task = page.tasks[task_id]
    context |= {
        "directive": page.directive,
        "task": task,
        "content": task.content or page.directive.content,
        "deed": deed,
        "given": given_of(request.POST),
        "mine": policy.has(request.officer, task),
        "most": LONGEST_WORDS,
        "marks": MARKS.items(),
        "accept": ",".join(EVIDENCE.endings),
        "kinds_of_files": EVIDENCE.words,
        "limit_mb": environment.upload_limit_mb,
    }
    if "whom" in deed.asks:
        context["units"] = _units(task)
    status = 422 if context["errors"] or context["refused"] else 200
    return render(request, "directives/deed.html", context, status=status)


def _units(task: Task) -> list[dict[str, Any]]:
    """To whom parts are handed on: units by those who lead them, and the people in them."""
    units = policy.below(task)
    people: dict[int, list[dict[str, str]]] = {}
    for post, names in posts_with_names(policy.posts_of(units)):
        if names and post.id != task.post_id:
            place = {"value": f"{post.organisation_id}-{post.id}", "label": f"{names} ({post.title})"}
            people.setdefault(post.organisation_id, []).append(place)
    own = tree()[task.organisation_id]
    return [
        {
            "name": unit.name,
            "heads": str(unit.id) if unit.id != own.id and parts.led_by(unit) else "",
            "people": people.get(unit.id, []),
        }
        for unit in units
        if people.get(unit.id) or (unit.id != own.id and parts.led_by(unit))
    ]
