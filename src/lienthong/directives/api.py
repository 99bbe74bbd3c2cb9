"""Directives for programs: the same services, rights and refusals as the pages have."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja import Field, Header, Query, Router, Schema, Status

from lienthong.directives import queries, services
from lienthong.directives.models import Directive, Task
from lienthong.directives.queries import Cursor, Filters, Tab
from lienthong.directives.rules import Mark, Stage, Standing, standing
from lienthong.directives.services import LONGEST_WORDS
from lienthong.foundation import asked, clock
from lienthong.foundation.errors import NotAllowed
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.actors import Officer
from lienthong.identity.policy import acting_person
from lienthong.work.rules import Part

router = Router(tags=["directives"])


class TaskAnswer(Schema):
    id: int
    parent: int | None = Field(description="Of which task it is a part; none at the root")
    part: Part
    content: str = Field(description="Empty at the root: that of the directive")
    organisation: str = Field(description="Key of the organisation with which it lies")
    stage: Stage
    standing: Standing = Field(description="Against the due day in force; without one nothing is late")
    percent: int
    opened_at: datetime
    due_at: datetime | None
    finished_at: datetime | None = Field(description="When its completion was last reported")
    mark: Mark | None


class DirectiveAnswer(Schema):
    id: int
    code: str
    agency: str = Field(description="Key of the agency whose leader gave it")
    given_at: datetime
    content: str
    product: str
    source_type: str
    source_code: str
    source_title: str


class ListedAnswer(DirectiveAnswer):
    lead: TaskAnswer


class WholeAnswer(DirectiveAnswer):
    tasks: list[TaskAnswer]


class ListAnswer(Schema):
    directives: list[ListedAnswer]
    next: str | None = Field(description="`after` of the next page")


class Report(Schema):
    percent: int = Field(ge=0, le=100)
    words: str = Field(min_length=1, max_length=LONGEST_WORDS)


Words = Annotated[str, Query(max_length=100)]


@router.get("", response=ListAnswer, summary="Directives that may be seen")
def listing(
    request: HttpRequest,
    tab: Tab | None = None,
    lead: Words = "",
    given_from: date | None = None,
    given_to: date | None = None,
    search: Words = "",
    after: Words = "",
) -> ListAnswer:
    """One for each directive, with the task of who leads. `lead` is the key of an organisation."""
    officer, now = _officer(request), clock.now()
    node, place = tree().by_key(lead) if lead else None, asked.placed(after)
    if lead and node is None:
        return ListAnswer(directives=[], next=None)
    filters = Filters(
        tab=tab,
        lead=node.id if node else None,
        first=given_from,
        last=given_to,
        text=asked.words({"search": search}, "search"),
    )
    found = queries.board(officer, filters, now=now, after=Cursor(*place) if place else None)
    shown = found[: queries.PAGE]
    more = asked.place(shown[-1].place, shown[-1].pk) if len(found) > queries.PAGE else None  # type: ignore[attr-defined]
    return ListAnswer(
        directives=[ListedAnswer(**_about(task.directive), lead=_task(task, now)) for task in shown], next=more
    )


@router.get("/{directive_id}", response=WholeAnswer, summary="A directive with all its tasks")
def read(request: HttpRequest, directive_id: int) -> WholeAnswer:
    return _whole(_officer(request), directive_id)


@router.post("/{directive_id}/tasks/{task_id}/progress", response={201: WholeAnswer}, summary="Report progress")
def report(
    request: HttpRequest, directive_id: int, task_id: int, said: Report, idempotency_key: Header[UUID]
) -> Status[WholeAnswer]:
    """The same idempotency key reports once, however often it is sent."""
    officer = _officer(request)
    services.report(
        directive_id=directive_id,
        task_id=task_id,
        officer=officer,
        key=idempotency_key,
        said=services.Said(words=asked.paragraphs({"words": said.words}, "words"), percent=said.percent),
    )
    return Status(201, _whole(officer, directive_id))


def _officer(request: HttpRequest) -> Officer:
    person = acting_person(request)
    if not isinstance(person, Officer):
        raise NotAllowed(_("Directives are for officers."))
    return person


def _whole(officer: Officer, directive_id: int) -> WholeAnswer:
    page, now = queries.page_of(officer, directive_id), clock.now()
    if page is None:
        raise services.no_such_directive()
    return WholeAnswer(**_about(page.directive), tasks=[_task(task, now) for task in page.tasks.values()])


def _about(directive: Directive) -> dict[str, Any]:
    return {
        "id": directive.pk,
        "code": directive.code,
        "agency": tree()[directive.organisation_id].key,
        "given_at": directive.given_at,
        "content": directive.content,
        "product": directive.product,
        "source_type": directive.source_type,
        "source_code": directive.source_code,
        "source_title": directive.source_title,
    }


def _task(task: Task, now: datetime) -> TaskAnswer:
    return TaskAnswer(
        id=task.pk,
        parent=task.parent_id,
        part=Part(task.part),
        content=task.content,
        organisation=tree()[task.organisation_id].key,
        stage=Stage(task.stage),
        standing=standing(task.due_at, task.finished_at, now=now),
        percent=task.percent,
        opened_at=task.opened_at,
        due_at=task.due_at,
        finished_at=task.finished_at,
        mark=Mark(task.mark) if task.mark else None,
    )
