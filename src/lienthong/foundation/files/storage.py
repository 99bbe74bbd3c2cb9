"""Where contents lie: under the name of their SHA-256, so that the same content is kept once and any change shows.

    content/3a/3a7f…e1            what was attached, as it was
    previews/3a/3a7f…e1.jpg       its picture for the browser (previews.py)
    .incoming/…                   what is being received; the sweep removes what a dead process left

Everything goes through Django's storage "default", so that an object store can take the folder's place. Its methods
exists, size, save, open, delete, listdir and get_modified_time are used.
"""

import errno
import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from django.core.files import File
from django.core.files.storage import FileSystemStorage, Storage, storages
from django.db import connection
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files.errors import ContentMissing, NoRoom
from lienthong.foundation.statements import run

CONTENTS = "content"
PREVIEWS = "previews"
INCOMING = ".incoming"
logger = logging.getLogger(__name__)

FULL = (errno.ENOSPC, errno.EDQUOT)


class DurableStorage(FileSystemStorage):
    """Files appear whole or not at all, survive a power cut once saved, and only this account reads them.

    A name that is saved again is replaced: names are made from contents, so what replaces is the same.
    """

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return name

    def incoming(self) -> Path:
        """The folder, on the same file system, where files are put together before they get their name."""
        folder = Path(self.location) / INCOMING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return folder

    def adopt(self, draft: IO[bytes], name: str) -> None:
        """Give a file of the incoming folder its name, on the disk for good when this returns."""
        target = Path(self.path(name))
        draft.flush()
        os.fsync(draft.fileno())
        _make_folders(target.parent)
        Path(draft.name).replace(target)
        self.settle(name)

    def settle(self, name: str) -> None:
        """Make sure that a name that was given, by whomever, is on the disk for good."""
        _sync(Path(self.path(name)).parent)

    def _save(self, name: str, content: File[bytes]) -> str:
        with new_draft(self) as draft:
            shutil.copyfileobj(content, draft, 1024 * 1024)
            self.adopt(draft, name)
        return name


@contextmanager
def new_draft(storage: Storage | None = None) -> Iterator[IO[bytes]]:
    """A temporary file, readable by this account only, that is gone afterwards unless the storage adopted it."""
    storage = storage or present()
    folder = storage.incoming() if isinstance(storage, DurableStorage) else None
    with NamedTemporaryFile(dir=folder, delete=False) as draft:
        try:
            yield draft.file
        finally:
            Path(draft.name).unlink(missing_ok=True)


@contextmanager
def told_when_full() -> Iterator[None]:
    """Say plainly that there is no room. Raises NoRoom; whatever was half written is gone when it is raised."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        logger.critical("the disk of the files is full: %s", error)
        raise NoRoom(
            _("There is no room for files at the moment; this file was not kept."),
            way_out=_("Everything else is saved. Attach the file again later."),
        ) from error


def present() -> Storage:
    """The storage of this installation."""
    return storages["default"]


def content_name(sha256: str) -> str:
    return f"{CONTENTS}/{sha256[:2]}/{sha256}"


def preview_name(sha256: str) -> str:
    return f"{PREVIEWS}/{sha256[:2]}/{sha256}.jpg"


def put(draft: IO[bytes], name: str, size: int) -> None:
    """Keep a draft under its name. Of the same content there is one, however many bring it at once."""
    storage, there = present(), has(name, size)
    if isinstance(storage, DurableStorage):
        if there:
            storage.settle(name)  # who put it there may not have come so far
        else:
            storage.adopt(draft, name)
    elif not there:
        draft.seek(0)
        saved = storage.save(name, File(draft))
        if saved != name:  # somebody else was quicker, and the storage does not replace
            storage.delete(saved)


def has(name: str, size: int) -> bool:
    storage = present()
    with suppress(FileNotFoundError):  # removed in between
        return storage.exists(name) and storage.size(name) == size
    return False


def open_content(sha256: str) -> File[bytes]:
    """Raises ContentMissing when the storage has lost it."""
    try:
        return present().open(content_name(sha256))
    except FileNotFoundError:
        raise ContentMissing(
            _("The content of this file is missing from the store."),
            way_out=_("Tell the administrator: it must be brought back from a backup."),
        ) from None


def hold(sha256: str) -> None:
    """Until the end of this transaction nobody removes this content. Holders do not hinder each other."""
    run("SELECT pg_advisory_xact_lock_shared(%s)", [_lock_number(sha256)]).close()


def try_to_own(sha256: str) -> bool:
    """Until the end of this transaction nobody else can begin to hold this content. False when somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock_number(sha256)])
        owned: bool = cursor.fetchone()[0]
    return owned


def _lock_number(sha256: str) -> int:
    return int.from_bytes(bytes.fromhex(sha256[:16]), signed=True)


def _make_folders(folder: Path) -> None:
    if not folder.is_dir():
        _make_folders(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
