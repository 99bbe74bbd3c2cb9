"""What the examination of an installation says about files and the virus scanner."""

from pathlib import Path

import pytest

from lienthong.foundation.files import health, storage
from lienthong.foundation.files.models import Scan, StoredFile
from lienthong.runtime.health import State
from lienthong.settings.environment import environment
from tests.foundation.files import samples
from tests.foundation.files.conftest import _store

pytestmark = pytest.mark.django_db


def test_a_store_that_keeps_what_it_was_given_is_fine(folder: Path):
    _store(samples.pdf())
    assert health.files().state == State.FINE


def test_a_lost_content_is_broken(folder: Path):
    storage.present().delete(storage.content_name(_store(samples.pdf()).sha256))
    assert health.files().state == State.BROKEN


def test_a_folder_that_cannot_be_written_is_broken(folder: Path):
    folder.write_text("a file where the folder should be")
    assert health.files().state == State.BROKEN


def test_a_scanner_that_is_away_is_broken_and_none_is_fine(folder: Path, monkeypatch: pytest.MonkeyPatch):
    assert health.virus_scanner().state == State.FINE
    monkeypatch.setattr(environment, "clamd_socket", "/nowhere/clamd")
    assert health.virus_scanner().state == State.BROKEN


def test_files_that_wait_for_the_scanner_are_worth_a_look(folder: Path):
    StoredFile.objects.filter(id=_store(samples.pdf()).id).update(scan=Scan.PENDING)
    assert health.virus_scanner().state == State.WORTH_A_LOOK
