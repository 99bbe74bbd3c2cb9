"""File fields and the stored files behind them: which may be put into data, which stand in it, taking what was sent."""

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any, TypeAlias

from django.db import transaction
from django.db.models import QuerySet

from lienthong.foundation.fields import forms
from lienthong.foundation.fields.context import FileRef
from lienthong.foundation.fields.field_list import FieldList
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.files.errors import FileRefused
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy

MEGABYTE = 1024 * 1024


class FilesOf:
    """The files that are somebody's to put into data, and those that stand in it already, whoever stored them."""

    def __init__(self, own: QuerySet[StoredFile], there: Collection[str] = ()) -> None:
        self.own, self.there = own, frozenset(there)

    def find(self, id: str) -> FileRef | None:
        if not (id.isascii() and id.isdigit() and len(id) < 19):
            return None
        among = StoredFile.objects.all() if id in self.there else self.own
        file = among.filter(pk=int(id)).first()
        return ref_of(file) if file else None


def stored_by(account_id: int) -> QuerySet[StoredFile]:
    return StoredFile.objects.filter(account_id=account_id)


def ref_of(file: StoredFile) -> FileRef:
    """As a file field holds it."""
    return FileRef(str(file.pk), file.name, file.size, BY_KEY[file.format].kind)


def attached_in(data: Any) -> Iterator[str]:
    """Ids of the files in data stored as JSON, wherever they stand."""
    if isinstance(data, dict):
        if {"id", "name", "size"} <= data.keys():
            yield str(data["id"])
        data = list(data.values())
    if isinstance(data, list):
        for inner in data:
            yield from attached_in(inner)


def refs_in(value: Any) -> Iterator[FileRef]:
    """The files in typed values, wherever they stand."""
    if isinstance(value, FileRef):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from refs_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from refs_in(inner)


def policy_of(declared: File, *, limit_mb: int) -> Policy:
    """What a field takes, on an installation that takes files of so many megabytes."""
    return Policy(kinds=declared.accept, max_bytes=min(declared.max_size or limit_mb, limit_mb) * MEGABYTE)


Store: TypeAlias = Callable[[Any, str, Policy], StoredFile]
"""Stores an upload under a name, in a transaction of its own. Raises FileRefused."""


def take_uploads(
    fields: FieldList, raw: Raw, sent: Mapping[str, Any], store: Store, *, limit_mb: int, prefix: str = ""
) -> dict[str, tuple[str, FileRefused]]:
    """Store the files that came with a form and put each into `raw` where it belongs. What was refused, by path: the
    name of the file and why."""
    refused: dict[str, tuple[str, FileRefused]] = {}
    for path, declared, upload in forms.uploads(fields, sent, prefix=prefix):
        name = upload.name or ""
        try:
            with transaction.atomic():
                stored = store(upload, name, policy_of(declared, limit_mb=limit_mb))
        except FileRefused as refusal:
            refused[path] = name, refusal
        else:
            forms.put(raw, path, {"id": str(stored.pk)})
    return refused
