"""Official copies in records of work: how they are named, who may see them, and how their files go."""

from collections.abc import Collection
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from lienthong.documents.copying import queries
from lienthong.documents.copying.services import COPY
from lienthong.documents.copying.wording import FORMS
from lienthong.documents.models import OfficialCopy, RecordItem
from lienthong.documents.records.rules import Stage
from lienthong.foundation import clock
from lienthong.foundation.files import services as files
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.organisations.queries import tree
from lienthong.work import subjects
from lienthong.work.subjects import Facts, Ids, SubjectKind


def _facts(ids: Collection[int]) -> dict[int, Facts]:
    found = OfficialCopy.objects.filter(pk__in=ids).select_related("arrival__document", "issue__document")
    return {each.pk: _facts_of(each) for each in found}


def _facts_of(copy: OfficialCopy) -> Facts:
    with override("vi"):  # lists of records are official papers
        kind = str(FORMS[copy.form].name)
    return Facts(
        code=copy.code,
        kind=kind,
        title=copy.line.document.abstract,
        issuer=tree()[copy.organisation_id].name,
        dated=clock.local(copy.made_at).date(),
        sheets=None,
        is_finished=True,
    )


def _files(copy_id: int) -> list[StoredFile]:
    found = OfficialCopy.objects.select_related("file").get(pk=copy_id)
    return [found.file] if found.file else []


def _limited(ids: Ids) -> set[int]:
    limited = Q(arrival__limited=True) | Q(issue__limited=True)
    return set(OfficialCopy.objects.filter(limited, pk__in=ids).values_list("pk", flat=True))


def _erase(copy_id: int) -> list[dict[str, Any]]:
    return _let_go(OfficialCopy.objects.filter(pk=copy_id))


def let_go_of_copies(copies: QuerySet[OfficialCopy]) -> list[dict[str, Any]]:
    """The files of copies of a document whose records were destroyed all, but for those that lie in a record which is
    kept. The lines of the register stay."""
    kept = RecordItem.objects.filter(subject_type=COPY, subject_id=OuterRef("pk")).exclude(
        record__stage=Stage.DESTROYED
    )
    return _let_go(copies.filter(~Exists(kept)))


def _let_go(copies: QuerySet[OfficialCopy]) -> list[dict[str, Any]]:
    held = [each.file for each in copies.exclude(file=None).select_related("file") if each.file]
    OfficialCopy.objects.filter(file__in=held).update(file=None)
    gone = set(files.discard_unless_held(each.pk for each in held))
    return [{"file": each.pk, "sha256": each.sha256, "size": each.size} for each in held if each.pk in gone]


subjects.register(
    COPY,
    SubjectKind(
        word=_("Official copy"),
        facts=_facts,
        seen_by=queries.seen_by,
        view="copying:copy",
        files=_files,
        erase=_erase,
        limited=_limited,
    ),
)
