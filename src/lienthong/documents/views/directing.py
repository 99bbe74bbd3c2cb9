"""What whoever has a document does with it, each deed on a page of its own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
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
from lienthong.documents.queries.incoming import ArrivalPage
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import DomainError, NotAllowed, NotFound
from lienthong.foundation.organisations.queries import holders_of, tree
from lienthong.foundation.organisations.rules import PostNode
from lienthong.identity.policy import OfficerRequest, signed_in_officer

END_OF_DAY = time(17)


@dataclass(frozen=True, slots=True)
class Deed:
    title: str | Promise
    lead: str | Promise
    button: str | Promise
    done: str | Promise
    words: str | Promise
    icon: str
    asks_whom: bool = False
    asks_answer: bool = False
    needs_words: bool = False


DIRECT = Deed(
    _("Hand on with a direction"),
    _("Say who settles it, who helps, who is to know, and until when."),
    _("Hand on"),
    _("The document was handed on."),
    _("Direction"),
    "signpost-split",
    asks_whom=True,
)
FINISH = Deed(
    _("Report it settled"),
    _("Whoever handed it on to you sees your report."),
    _("Report"),
    _("Your report was sent."),
    _("What was done"),
    "check-circle",
    asks_answer=True,
)
SAY = Deed(
    _("Give your opinion"),
    _("Whoever leads sees it."),
    _("Send the opinion"),
    _("Your opinion was sent."),
    _("Opinion"),
    "chat-left-text",
    needs_words=True,
)
KNOW = Deed(
    _("Take note"), _("It leaves your list."), _("I have taken note"), _("It has left your list."), _("Words"), "eye"
)
BACK = Deed(
    _("Give back"),
    _("It is not yours to settle: it goes back to whoever handed it on to you."),
    _("Give back"),
    _("The document was given back."),
    _("Why, and whom it concerns"),
    "arrow-return-left",
    needs_words=True,
)
TAKE = Deed(
    pgettext_lazy("document", "Take back"),
    _("What they and those below them had to do with it ends; what was said stays."),
    pgettext_lazy("document", "Take back"),
    _("The document was taken back."),
    _("Reason"),
    "arrow-repeat",
)
DEEDS = {"chuyen": DIRECT, "bao-cao": FINISH, "y-kien": SAY, "da-biet": KNOW, "tra-lai": BACK, "lay-lai": TAKE}


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in_officer
def do(request: OfficerRequest, arrival_id: int, deed: str, task_id: int) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404
    page = services.read(arrival_id=arrival_id, officer=request.officer)
    if task_id not in {task.pk for task in page.tasks}:
        raise Http404
    if request.method != "POST":
        return _show(request, page, DEEDS[deed], task_id, key=uuid4())
    given, key = request.POST, _key(request.POST.get("_lan", ""))
    try:
        _DOING[deed](
            given,
            {"arrival_id": arrival_id, "task_id": task_id, "officer": request.officer, "key": key},
        )
    except (NotAllowed, NotFound):
        raise
    except DomainError as refused:
        return _show(request, page, DEEDS[deed], task_id, key=key, refused=refused)
    messages.success(request, str(DEEDS[deed].done))
    return redirect("documents:arrival", arrival_id)


def _direct(given: Mapping[str, str], who: dict[str, Any]) -> None:
    chosen: dict[str, list[services.Chosen]] = {"lead": [], "cooperate": [], "know": []}
    for name, value in given.items():
        if name.startswith("cho-") and value in chosen:
            chosen[value].append(_chosen(name.removeprefix("cho-")))
    if len(chosen["lead"]) > 1:
        raise services.NotDirected(_("One leads; choose one."))
    day = asked.day(given.get("han", ""))
    if given.get("han", "").strip() and day is None:
        raise services.NotDirected(_("Write the day as day/month/year."))
    services.direct(
        **who,
        words=given.get("loi", ""),
        lead=chosen["lead"][0] if chosen["lead"] else None,
        cooperate=chosen["cooperate"],
        know=chosen["know"],
        due_at=datetime.combine(day, END_OF_DAY, clock.ZONE) if day else None,
    )


def _chosen(text: str) -> services.Chosen:
    """“12” is a unit, “12-7” a post in it."""
    unit, _dash, post = text.partition("-")
    if not unit.isdigit() or (post and not post.isdigit()):
        raise services.NotTaken(_("There is no such post any more."))
    return services.Chosen(int(unit), int(post) if post else None)


def _finish(given: Mapping[str, str], who: dict[str, Any]) -> None:
    services.finish(**who, words=given.get("loi", ""), answer=asked.words(given, "tra-loi", 60))


_DOING: dict[str, Callable[[Mapping[str, str], dict[str, Any]], None]] = {
    "chuyen": _direct,
    "bao-cao": _finish,
    "y-kien": _finish,
    "da-biet": _finish,
    "tra-lai": lambda given, who: _ignore(services.give_back(**who, reason=given.get("loi", ""))),
    "lay-lai": lambda given, who: _ignore(services.take_back(**who, reason=given.get("loi", ""))),
}


def _ignore(_handled: object) -> None:
    """What a service returns that the page reads anew."""


def _key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


def _show(
    request: OfficerRequest,
    page: ArrivalPage,
    deed: Deed,
    task_id: int,
    *,
    key: UUID,
    refused: DomainError | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {
        "page": page,
        "arrival": page.arrival,
        "document": page.arrival.document,
        "deed": deed,
        "key": key,
        "refused": refused,
        "given": {name.replace("-", "_"): value for name, value in request.POST.items()},
        "most": services.LONGEST_WORDS,
        "title": _now("Document %(code)s") % {"code": page.arrival.document.code or page.arrival.number},
    }
    if deed.asks_whom:
        context["units"] = _whom(request, page, task_id)
    return render(request, "documents/deed.html", context, status=422 if refused else 200)


def _whom(request: OfficerRequest, page: ArrivalPage, task_id: int) -> list[dict[str, Any]]:
    """To whom it can be handed on: the units of the agency and the people in the officer's own, with what they have."""
    agencies, today = tree(), clock.today()
    task = next(task for task in page.tasks if task.pk == task_id)
    here = agencies[task.organisation_id]
    agency = agencies[page.arrival.organisation_id]
    units = [unit for unit in policy.units_of(agency) if agencies.is_within(unit, here)]
    posts: dict[int, list[PostNode]] = {unit.id: [] for unit in units}
    for post in agencies.posts.values():
        if post.organisation_id in posts and post.in_force(today):
            posts[post.organisation_id].append(post)
    holders = holders_of(sorted(p.id for each in posts.values() for p in each))
    given, found = request.POST, []
    for unit in units:
        people = [
            {
                "name": f"cho-{unit.id}-{post.id}",
                "label": ", ".join(name for _id, name in holders.get(post.id, [])) or _now("vacant"),
                "title": post.title,
                "chosen": given.get(f"cho-{unit.id}-{post.id}", ""),
            }
            for post in sorted(posts[unit.id], key=lambda post: post.id)
            if post.id != task.post_id and holders.get(post.id)
        ]
        heads = unit.id != here.id and any(policy.HEAD in post.roles for post in posts[unit.id])
        if people or heads:
            found.append(
                {
                    "unit": unit,
                    "own": unit.id == here.id,
                    "name": f"cho-{unit.id}" if heads else "",
                    "chosen": given.get(f"cho-{unit.id}", ""),
                    "people": people,
                }
            )
    return found
