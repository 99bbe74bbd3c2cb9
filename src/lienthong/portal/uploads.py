"""Taking the files that come with a page: each is stored and attached, or refused with the reason."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from lienthong.cases import services
from lienthong.cases.models import Draft
from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.problems import Problem
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.stored_files import take_uploads
from lienthong.foundation.files import services as files
from lienthong.foundation.files.errors import FileRefused, RefusedFile
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from lienthong.identity.queries import Actor
from lienthong.procedures.shapes import Component
from lienthong.settings.environment import environment

Upload: TypeAlias = "UploadedFile[Any]"

MEGABYTE = 1024 * 1024
MOST_FILES = 20
"""Files of one component; a paper of more pages than that is one PDF."""


class TooManyFiles(DomainError):
    code = "portal.too_many_files"


def policy_of(component: Component) -> Policy:
    return Policy(kinds=component.accept, max_bytes=environment.upload_limit_mb * MEGABYTE)


def take(uploaded: Sequence[Upload], *, draft: Draft, component: Component, applicant: Actor) -> list[RefusedFile]:
    """Attach what can be taken; says of the rest why not. One refused file does not lose the others."""
    refused = []
    for file in uploaded:
        try:
            _attach(file, draft, component, applicant)
        except (FileRefused, TooManyFiles) as error:
            refused.append(RefusedFile(file.name or "", error))
    return refused


@transaction.atomic
def _attach(file: Upload, draft: Draft, component: Component, applicant: Actor) -> None:
    if draft.files.filter(component=component.key).count() >= MOST_FILES:
        raise TooManyFiles(
            _("A paper may have at most %(most)s files."), way_out=_("Put its pages into one PDF."), most=MOST_FILES
        )
    stored = files.store(file, name=file.name or "", policy=policy_of(component), actor=applicant)
    attached = services.attach(key=draft.key, applicant=applicant, component=component.key, file=stored)
    if attached.file_id != stored.pk:  # the same content is there already
        files.discard([stored.pk])


def take_into_form(fields: FieldList, raw: Raw, files_sent: Mapping[str, Any], applicant: Actor) -> dict[str, Problem]:
    """Store the files of the form's own file fields and put them into `raw`; problems of what was refused, by path."""

    def store(upload: Any, name: str, policy: Policy) -> StoredFile:
        return files.store(upload, name=name, policy=policy, actor=applicant)

    refused = take_uploads(fields, raw, files_sent, store, limit_mb=environment.upload_limit_mb)
    return {
        path: Problem("file", "%(why)s", {"why": RefusedFile(name, why).said}) for path, (name, why) in refused.items()
    }
