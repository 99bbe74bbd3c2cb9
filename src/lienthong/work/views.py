"""What pages of several rooms do alike with what is to be done."""

from collections.abc import Callable

from django.contrib import messages
from django.http import QueryDict
from django.utils.translation import ngettext

from lienthong.foundation import asked
from lienthong.foundation.errors import DomainError
from lienthong.identity.policy import OfficerRequest
from lienthong.work.urging import MOST_AT_ONCE, Outcome


def urge_chosen(request: OfficerRequest, urge: Callable[..., Outcome], *, longest: int) -> None:
    """Urge for one task by one press, or for those that were ticked in a list, and say what came of it."""
    given = request.POST
    chosen = [number for text in given.getlist("viec")[: MOST_AT_ONCE + 1] if (number := asked.number(text))]
    words = asked.paragraphs(given, "loi", longest + 1)  # one more: too much is refused, not cut
    try:
        done = urge(task_ids=chosen, officer=request.officer, words=words)
    except DomainError as refused:
        messages.error(request, refused.in_full)
        return
    if done.urged:
        said = ngettext("Urged for %(n)s task.", "Urged for %(n)s tasks.", done.urged)
        messages.success(request, said % {"n": done.urged})
    if done.before:
        said = ngettext("%(n)s task was urged today already.", "%(n)s tasks were urged today already.", done.before)
        messages.info(request, said % {"n": done.before})


def list_of(request: OfficerRequest) -> str:
    """The query of the list from which something was pressed, to come back to it."""
    query = QueryDict(request.POST.get("danh-sach", "")[:500]).urlencode()
    return f"?{query}" if query else ""
