"""What whoever has a document does with it, each deed on a page of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from lienthong.documents import policy, services
from lienthong.documents.models import Task
from lienthong.documents.queries.incoming import ArrivalPage
from lienthong.documents.views import composing, days
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import named_holders, tree
from lienthong.foundation.organisations.rules import Node, PostNode
from lienthong.identity.policy import OfficerRequest, signed_in_officer

WHOM = "cho-"
"""Before the unit, or the unit and the post, in the names of the boxes that say what each has to do."""


@dataclass(frozen=True, slots=True)
class Deed:
    """A page: its words, what it asks for, and what is done with that."""

    title: str | Promise
    lead: str | Promise
    button: str | Promise
    done: str | Promise
    words: str | Promise
    icon: str
    do: "Callable[[Mapping[str, str], dict[str, Any]], object]"
    asks_whom: bool = False
    asks_day: bool = False
    asks_answer: bool = False
    needs_words: bool = False


def _words(given: Mapping[str, str]) -> str:
    return asked.paragraphs(given, "loi", services.LONGEST_WORDS + 1)  # one more: too much is refused, not cut


def _direct(given: Mapping[str, str], who: dict[str, Any]) -> object:
    chosen: dict[str, list[services.Chosen]] = {"lead": [], "cooperate": [], "know": []}
    for name, value in given.items():
        if name.startswith(WHOM) and value in chosen:
            chosen[value].append(_chosen(name.removeprefix(WHOM)))
    if len(chosen["lead"]) > 1:
        raise services.NotDirected(_("One leads; choose one."))
    due, is_wrong = days.asked_for(given, "han")
    if is_wrong:
        raise services.NotDirected(days.UNREADABLE)
    return services.direct(
        **who,
        words=_words(given),
        lead=next(iter(chosen["lead"]), None),
        cooperate=chosen["cooperate"],
        know=chosen["know"],
        due_at=days.end_of(due),
    )


def _chosen(text: str) -> services.Chosen:
    """“12” is a unit, “12-7” a post in it."""
    unit, dash, post = text.partition("-")
    unit_id, post_id = asked.number(unit), asked.number(post) if dash else None
    if unit_id is None or (dash and post_id is None):
        raise services.NotTaken(_("There is no such post any more."))
    return services.Chosen(unit_id, post_id)


def _finish(given: Mapping[str, str], who: dict[str, Any]) -> object:
    return services.finish(**who, words=_words(given), answer=asked.words(given, "tra-loi", 60))


def _give_back(given: Mapping[str, str], who: dict[str, Any]) -> object:
    return services.give_back(**who, reason=_words(given))


def _take_back(given: Mapping[str, str], who: dict[str, Any]) -> object:
    return services.take_back(**who, reason=_words(given))


def _ask_more_time(given: Mapping[str, str], who: dict[str, Any]) -> object:
    day, is_wrong = days.asked_for(given, "han")
    if is_wrong:
        raise services.NoMoreTime(days.UNREADABLE)
    return services.ask_more_time(**who, until=days.end_of(day), reason=_words(given))


DEEDS = {
    "chuyen": Deed(
        title=_("Hand on with a direction"),
        lead=_("Say who settles it, who helps, who is to know, and until when."),
        button=_("Hand on"),
        done=_("The document was handed on."),
        words=_("Direction"),
        icon="signpost-split",
        do=_direct,
        asks_whom=True,
    ),
    "bao-cao": Deed(
        title=_("Report it settled"),
        lead=_("Whoever handed it on to you sees your report."),
        button=_("Report"),
        done=_("Your report was sent."),
        words=_("What was done"),
        icon="check-circle",
        do=_finish,
        asks_answer=True,
    ),
    "y-kien": Deed(
        title=_("Give your opinion"),
        lead=_("Whoever leads sees it."),
        button=_("Send the opinion"),
        done=_("Your opinion was sent."),
        words=_("Opinion"),
        icon="chat-left-text",
        do=_finish,
        needs_words=True,
    ),
    "da-biet": Deed(
        title=_("Take note"),
        lead=_("It leaves your list."),
        button=_("I have taken note"),
        done=_("It has left your list."),
        words=_("Words"),
        icon="eye",
        do=_finish,
    ),
    "tra-lai": Deed(
        title=_("Give back"),
        lead=_("It is not yours to settle: it goes back to whoever handed it on to you."),
        button=_("Give back"),
        done=_("The document was given back."),
        words=_("Why, and whom it concerns"),
        icon="arrow-return-left",
        do=_give_back,
        needs_words=True,
    ),
    "lay-lai": Deed(
        title=pgettext_lazy("document", "Take back"),
        lead=_("What they and those below them had to do with it ends; what was said stays."),
        button=pgettext_lazy("document", "Take back"),
        done=_("The document was taken back."),
        words=_("Reason"),
        icon="arrow-repeat",
        do=_take_back,
    ),
    "gia-han": Deed(
        title=_("Ask for more time"),
        lead=_("Whoever directed you decides; until then your time limit stays as it is."),
        button=_("Ask for it"),
        done=_("More time was asked for."),
        words=_("Why you need it"),
        icon="hourglass-split",
        do=_ask_more_time,
        asks_day=True,
        needs_words=True,
    ),
    "han-moi": Deed(
        title=_("Set a new day"),
        lead=_("The document came to you from the clerk: you set the day yourself, and the reason is on record."),
        button=_("Set the new day"),
        done=_("The new day is set."),
        words=_("Reason"),
        icon="hourglass-split",
        do=_ask_more_time,
        asks_day=True,
        needs_words=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def do(request: OfficerRequest, arrival_id: int, deed: str, task_id: int) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404
    key = asked.key(request.POST.get("_lan", "")) or uuid4()
    if request.method != "POST":
        return _show(request, arrival_id, DEEDS[deed], task_id, key=key)
    if DEEDS[deed].asks_whom and composing.is_step(request.POST):
        given, told = composing.step(request.POST, request.officer)
        return _show(request, arrival_id, DEEDS[deed], task_id, key=key, given=given, refused=told)
    who = {"arrival_id": arrival_id, "task_id": task_id, "officer": request.officer, "key": key}
    try:
        DEEDS[deed].do(request.POST, who)
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _show(request, arrival_id, DEEDS[deed], task_id, key=key, refused=refused)
    messages.success(request, str(DEEDS[deed].done))
    return redirect("documents:arrival", arrival_id)


def _show(
    request: OfficerRequest,
    arrival_id: int,
    deed: Deed,
    task_id: int,
    *,
    key: UUID,
    given: Mapping[str, str] | None = None,
    refused: DomainError | None = None,
) -> HttpResponse:
    given = request.POST if given is None else given
    page = services.read(arrival_id=arrival_id, officer=request.officer)
    task = next((task for task in page.tasks if task.pk == task_id), None)
    if task is None:
        raise Http404
    context: dict[str, Any] = {
        "arrival": page.arrival,
        "document": page.arrival.document,
        "deed": deed,
        "key": key,
        "refused": refused,
        "given": {name.replace("-", "_").lstrip("_"): value for name, value in given.items()},
        "task": task,
        "most": services.LONGEST_WORDS,
        "title": _now("Document %(code)s") % {"code": page.arrival.document.code or page.arrival.number},
    }
    if deed.asks_whom:
        units = _whom(given, page, task)
        context["units"], context["many"] = composing.found(units, given), len(units) > composing.FEW
        context["phrases"] = composing.phrases(request.officer)
    return render(request, "documents/deed.html", context, status=422 if refused else 200)


def _whom(given: Mapping[str, str], page: ArrivalPage, task: Task) -> list[dict[str, Any]]:
    """To whom it can be handed on: the parts of the agency from the officer's own downwards, and the people in them."""
    agencies, here = tree(), tree()[task.organisation_id]
    units = [unit for unit in policy.units_of(agencies[page.arrival.organisation_id]) if agencies.is_within(unit, here)]
    posts = _posts_by_unit(units)
    holders = named_holders(sorted(post.id for each in posts.values() for post in each))
    found = []
    for unit in units:
        heads = f"{WHOM}{unit.id}" if unit.id != here.id and _is_led(posts[unit.id]) else ""
        people = [
            {"name": name, "label": ", ".join(who for _id, who in holders[post.id]), "title": post.title,
             "chosen": given.get(name, "")}
            for post in posts[unit.id]
            if post.id != task.post_id and holders.get(post.id) and (name := f"{WHOM}{unit.id}-{post.id}")
        ]  # fmt: skip
        if people or heads:
            own = unit.id == here.id
            found.append({"unit": unit, "own": own, "name": heads, "chosen": given.get(heads, ""), "people": people})
    return found


def _posts_by_unit(units: list[Node]) -> dict[int, list[PostNode]]:
    posts: dict[int, list[PostNode]] = {unit.id: [] for unit in units}
    for post in sorted(tree().posts.values(), key=lambda post: post.id):
        if post.organisation_id in posts and post.in_force(clock.today()):
            posts[post.organisation_id].append(post)
    return posts


def _is_led(posts: list[PostNode]) -> bool:
    return any(policy.HEAD in post.roles for post in posts)
