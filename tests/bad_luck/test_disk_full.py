"""The disk of the files is full while somebody attaches one: nothing half is kept, nothing typed is lost."""

import errno
import os
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest

from lienthong.cases.models import Draft, DraftFile
from lienthong.foundation.files import storage
from lienthong.foundation.files.errors import NoRoom
from lienthong.foundation.files.models import StoredFile
from tests.cases import dossiers
from tests.foundation.files.conftest import folder  # noqa: F401
from tests.portal.conftest import a_photo, an, filled_in, monday, nobody_has_tried_yet, page  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]

FULL = Path("/dev/full")
"""What the kernel makes to be written to in vain: every write says that no space is left."""


class OnFullDisk:
    """A temporary file in the real folder, whose content goes where there is no room."""

    def __init__(self, **where) -> None:
        self.name = NamedTemporaryFile(**where).name  # noqa: SIM115
        self.file = FULL.open("r+b")

    def __enter__(self):
        return self

    def __exit__(self, *error) -> None:
        self.file.close()


@pytest.fixture
def full_disk(monkeypatch):
    if not FULL.exists():
        pytest.skip("this system has no /dev/full")
    monkeypatch.setattr(storage, "NamedTemporaryFile", OnFullDisk)


@pytest.fixture
def full_at_the_last_moment(monkeypatch):
    """The content is written, and then there is no room to keep it for good."""

    def fsync(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(storage.os, "fsync", fsync)


def files_in(place: Path) -> list[Path]:
    return [path for path in place.rglob("*") if path.is_file()]


@pytest.mark.parametrize("trouble", ["full_disk", "full_at_the_last_moment"])
def test_nothing_half_is_kept_and_it_is_said_plainly(trouble, request, folder):  # noqa: F811
    request.getfixturevalue(trouble)
    with pytest.raises(NoRoom) as refused:
        dossiers.stored(name=f"{trouble}.jpg")
    assert refused.value.way_out and refused.value.status == 507
    assert files_in(folder) == [] and not StoredFile.objects.exists()


def test_other_trouble_of_the_disk_is_not_taken_for_it(monkeypatch):
    def broken(**where):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(storage, "NamedTemporaryFile", broken)
    with pytest.raises(OSError, match="Input/output error"):
        dossiers.stored()


def test_who_attaches_a_file_is_told_and_goes_on_with_the_draft_later(an, full_disk, monkeypatch):  # noqa: F811
    draft = filled_in()
    typed = draft.data
    answer = an.post(page("attachments", draft.key), {"tep.ban-ve": a_photo(), "_stay": "1"})
    assert answer.status_code == 422
    assert "không còn chỗ" in answer.content.decode()
    assert not DraftFile.objects.exists() and Draft.objects.get().data == typed

    monkeypatch.undo()  # somebody has made room
    an.post(page("attachments", draft.key), {"tep.ban-ve": a_photo(), "_stay": "1"})
    assert DraftFile.objects.count() == StoredFile.objects.count() == 1
