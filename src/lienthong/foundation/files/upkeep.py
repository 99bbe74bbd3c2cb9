"""Removing what nobody refers to, and checking that nothing is lost."""

import logging
import random
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256

from django.core.files.storage import Storage
from django.db import transaction

from lienthong.foundation import clock
from lienthong.foundation.files import storage
from lienthong.foundation.files.errors import ContentMissing
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.receiving import PIECE

GRACE = timedelta(hours=24)
"""So long nobody asks why a content has no row. What is being stored is safe even without: `store` holds it."""

KEPT = 1000

log = logging.getLogger(__name__)

_SHA256 = re.compile(r"([0-9a-f]{64})(?:\.jpg)?")


def sweep() -> int:
    """Remove contents and previews without a row, and drafts of dead processes. Returns how many were removed."""
    removed = sweep_contents() + sweep_drafts()
    if removed:
        log.info("the sweep removed %s files that nothing refers to", removed)
    return removed


def sweep_contents() -> int:
    store = storage.present()
    return sum(
        _is_old(store, name) and _remove(store, name, digest)
        for folder in (storage.CONTENTS, storage.PREVIEWS)
        for name, digest in _orphans(store, folder)
    )


def sweep_drafts() -> int:
    """A content that takes a day to arrive is not coming any more."""
    store = storage.present()
    dead = [name for name in _names(store, storage.INCOMING) if _is_old(store, name)]
    for name in dead:
        store.delete(name)
    return len(dead)


@dataclass(slots=True)
class Report:
    """What a check found: ids of files, the first thousand of each sort, and how many contents nothing refers to."""

    files: int = 0
    compared: int = 0
    missing: list[int] = field(default_factory=list)
    altered: list[int] = field(default_factory=list)
    orphans: int = 0

    @property
    def sound(self) -> bool:
        return not self.missing and not self.altered


def check(
    *, sample: float = 1.0, newest: int | None = None, progress: Callable[[int, int], None] | None = None
) -> Report:
    """Look for rows without content, contents that changed, and contents without a row (the sweep's work).

    `sample` is the share of contents, chosen at random, that is read and compared with its digest; of the others only
    the size is compared. With `newest` only so many files are looked at, the latest first. `progress` is told how many
    files were looked at and how many there are.
    """
    report = Report()
    chosen = StoredFile.objects.order_by("-id").only("id", "sha256", "size")[:newest]
    total = chosen.count() if progress else 0
    for stored in chosen.iterator(chunk_size=2000):
        report.files += 1
        if not storage.has(storage.content_name(stored.sha256), stored.size):
            _note(report.missing, stored.id)
        elif random.random() < sample:  # noqa: S311 - nothing secret
            report.compared += 1
            if not _is_true(stored):
                _note(report.altered, stored.id)
        if progress:
            progress(report.files, total)
    store = storage.present()
    report.orphans = sum(_is_old(store, name) for name, _ in _orphans(store, storage.CONTENTS))
    return report


def _is_true(stored: StoredFile) -> bool:
    digest = sha256()
    try:
        with storage.open_content(stored.sha256) as content:
            while piece := content.read(PIECE):
                digest.update(piece)
    except ContentMissing:
        return False
    return digest.hexdigest() == stored.sha256


def _note(ids: list[int], file_id: int) -> None:
    if len(ids) < KEPT:
        ids.append(file_id)


def _remove(store: Storage, name: str, digest: str) -> bool:
    """Unless somebody stores this content at this moment, or has done so since we looked."""
    with transaction.atomic():
        if not storage.try_to_own(digest) or StoredFile.objects.filter(sha256=digest).exists():
            return False
        store.delete(name)
    return True


def _orphans(store: Storage, folder: str) -> Iterator[tuple[str, str]]:
    """Names in a folder whose content no row has, with the digest they are named after."""
    for part in _folders(store, folder):
        named = {
            name: found[1] for name in _names(store, part) if (found := _SHA256.fullmatch(name.rpartition("/")[2]))
        }
        digests = set(named.values())
        used = set(StoredFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
        yield from ((name, digest) for name, digest in named.items() if digest not in used)


def _folders(store: Storage, folder: str) -> list[str]:
    with suppress(FileNotFoundError):
        return [f"{folder}/{name}" for name in sorted(store.listdir(folder)[0])]
    return []


def _names(store: Storage, folder: str) -> list[str]:
    with suppress(FileNotFoundError):
        return [f"{folder}/{name}" for name in sorted(store.listdir(folder)[1])]
    return []


def _is_old(store: Storage, name: str) -> bool:
    with suppress(FileNotFoundError):  # somebody else removed it
        return store.get_modified_time(name) < clock.now() - GRACE
    return False
