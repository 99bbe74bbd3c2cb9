"""What the forms share with which a document goes out: whom it goes to and the files that wait in the form, put
together by buttons that send nothing yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import QueryDict

from lienthong.documents.models import WaitingFile
from lienthong.documents.services import Upload, waiting
from lienthong.documents.services.waiting import ATTACHED
from lienthong.documents.views.recipients import DEEDS, Group, Picked, picked
from lienthong.foundation import asked
from lienthong.foundation.files.errors import RefusedFile
from lienthong.foundation.organisations.rules import Node
from lienthong.identity.policy import OfficerRequest
from lienthong.settings.environment import environment

TAKE_OUT = "_bo"


@dataclass(frozen=True, slots=True)
class Gathered:
    """`only`: the button that was pressed changes what is gathered and nothing else."""

    form: UUID
    to: Picked
    files: Sequence[WaitingFile]
    refused_files: Sequence[RefusedFile] = ()
    only: bool = False

    @property
    def context(self) -> dict[str, Any]:
        """For documents/parts/to_whom.html and documents/parts/waiting_files.html."""
        return {
            "key": self.form,
            "to": self.to,
            "files": self.files,
            "refused_files": [each.said for each in self.refused_files],
            "accept": ",".join(ATTACHED.endings),
            "kinds_of_files": ATTACHED.words,
            "limit_mb": environment.upload_limit_mb,
        }


def form_of(request: OfficerRequest) -> UUID | None:
    """The key that the form was shown with."""
    return asked.key(request.POST.get("_lan", ""))


def gathered(
    request: OfficerRequest, *, form: UUID, agency: Node, given: QueryDict, offered: Sequence[Group] = ()
) -> Gathered:
    """What is gathered in a form that is sent, or is shown for the first time with what is `given`."""
    refused: list[RefusedFile] = []
    if request.method == "POST":
        uploads = [Upload(file.name or "", file) for file in request.FILES.getlist("tep")]
        refused = waiting.put(form=form, uploads=uploads, officer=request.officer, taken=ATTACHED)
        if (taken_out := asked.number(given.get(TAKE_OUT, ""))) is not None:
            waiting.take_out(form=form, waiting_id=taken_out, officer=request.officer)
    return Gathered(
        form,
        picked(given, agency, request.officer, offered),
        waiting.of_form(form=form, officer=request.officer),
        refused,
        only=request.method == "POST" and not {TAKE_OUT, *DEEDS}.isdisjoint(given),
    )
