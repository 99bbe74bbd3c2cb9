"""Storing: whole or not at all, once for each content, and never lost."""

import io
import os
import signal
import stat
import threading
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import IntegrityError, connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthong.foundation import clock
from lienthong.foundation.files import services, storage, upkeep
from lienthong.foundation.files.errors import ContentMissing, Empty, FileRefused, NameLies, TooLarge, WrongKind
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.rules import Policy
from tests.foundation.files import samples
from tests.foundation.files.conftest import EVERYTHING, _store

Store = Callable[..., StoredFile]


class Officer:
    account_id = 7
    post_id = None


class Endless:
    """A source that never ends, and counts what was read of it."""

    def __init__(self) -> None:
        self.given = 0

    def read(self, size: int, /) -> bytes:
        self.given += size
        return bytes(size)


def contents(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


def later(hours: int) -> Any:
    return clock.at(clock.now() + timedelta(hours=hours))


@pytest.mark.django_db
def test_a_file_is_kept_under_the_digest_of_its_content(store: Store):
    content = samples.pdf()
    with clock.at(clock.now().replace(microsecond=0)):
        stored = store(content, "Đơn.PDF", actor=Officer())
        assert stored.stored_at == clock.now()
    stored.refresh_from_db()
    assert (stored.sha256, stored.size) == (sha256(content).hexdigest(), len(content))
    assert (stored.name, stored.format, stored.account_id, stored.post_id) == ("Đơn.pdf", "pdf", 7, None)
    assert stored.scan == "not-scanned"
    with storage.open_content(stored.sha256) as kept:
        assert kept.read() == content


@pytest.mark.django_db
@pytest.mark.parametrize(
    "as_source",
    [
        bytes,
        io.BytesIO,
        lambda content: SimpleUploadedFile("x.pdf", content),
        lambda content: _temporary_upload(content),
    ],
)
def test_it_comes_as_bytes_or_from_any_open_file(folder: Path, as_source: Callable[[bytes], Any]):
    assert _store(as_source(samples.pdf())).size == len(samples.pdf())


def _temporary_upload(content: bytes) -> TemporaryUploadedFile:
    upload = TemporaryUploadedFile("x.pdf", "application/pdf", len(content), None)
    upload.write(content)
    upload.seek(0)
    return upload


@pytest.mark.django_db
def test_the_same_content_is_kept_once(folder: Path):
    first, second = _store(samples.pdf(), "một.pdf"), _store(samples.pdf(), "hai.pdf")
    assert first.sha256 == second.sha256 and first.id != second.id
    assert contents(folder) == [first.sha256]


@pytest.mark.django_db
def test_only_our_own_account_reads_the_store(folder: Path):
    _store(samples.pdf())
    modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*")}
    assert modes == {0o700, 0o600}


@pytest.mark.usefixtures("committed")
def test_storing_outside_a_transaction_is_refused(store: Store):
    with pytest.raises(transaction.TransactionManagementError):
        services.store(samples.pdf(), name="x.pdf", policy=EVERYTHING, actor=None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "error"),
    [
        (b"", "x.pdf", Empty),
        (b"<html>", "x.pdf", WrongKind),
        (samples.word(), "x.pdf", NameLies),
        (samples.EICAR, "eicar.com", WrongKind),
    ],
)
def test_a_refused_file_leaves_nothing_behind(folder: Path, content: bytes, name: str, error: type[FileRefused]):
    with pytest.raises(error) as refused:
        _store(content, name)
    assert refused.value.way_out
    assert contents(folder) == [] and not StoredFile.objects.exists()


@pytest.mark.django_db
def test_reading_stops_as_soon_as_a_file_is_too_large(folder: Path):
    endless = Endless()
    policy = Policy(kinds=("pdf",), max_bytes=3 * 1024 * 1024)
    with pytest.raises(TooLarge, match=r"3[.,]0\sMB"):
        _store(endless, policy=policy)
    assert endless.given <= policy.max_bytes + 1
    assert contents(folder) == []


@pytest.mark.django_db
def test_a_file_of_exactly_the_limit_is_taken(folder: Path):
    content = samples.pdf()
    assert _store(content, policy=Policy(kinds=("pdf",), max_bytes=len(content)))
    with pytest.raises(TooLarge, match=str(len(content) - 1)):
        _store(content, policy=Policy(kinds=("pdf",), max_bytes=len(content) - 1))


@pytest.mark.usefixtures("committed")
def test_what_is_rolled_back_leaves_a_content_that_the_sweep_removes(folder: Path):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _store(samples.pdf())
        raise ZeroDivisionError
    assert not StoredFile.objects.exists() and not ProcrastinateJob.objects.filter(queue_name="files").exists()
    assert len(contents(folder)) == 1
    assert upkeep.sweep() == 0
    with later(hours=25):
        assert upkeep.check().orphans == 1
        assert upkeep.sweep() == 1
    assert contents(folder) == []


@pytest.mark.django_db
def test_the_sweep_removes_what_was_discarded_and_nothing_else(store: Store):
    kept, discarded = store(samples.pdf(1)), store(samples.pdf(2))
    shared, also = store(samples.pdf(3), "a.pdf"), store(samples.pdf(3), "b.pdf")
    services.discard([discarded.id, shared.id])
    with later(hours=25):
        assert upkeep.sweep() == 1
    for stored in (kept, also):
        storage.open_content(stored.sha256).close()
    with pytest.raises(ContentMissing):
        storage.open_content(discarded.sha256)


@pytest.mark.django_db
def test_the_sweep_removes_drafts_of_dead_processes_and_leaves_strangers_alone(folder: Path):
    _store(samples.pdf())
    (folder / storage.INCOMING / "tmpdraft").write_bytes(b"half")
    (folder / "content" / "README").write_text("put here by the administrator")
    (folder / "content" / "00").mkdir(exist_ok=True)
    (folder / "content" / "00" / "notes.txt").write_text("x")
    with later(hours=25):
        assert upkeep.sweep() == 1
    assert len(contents(folder)) == 3


@pytest.mark.usefixtures("committed")
def test_a_content_that_is_being_stored_again_is_never_swept_away(folder: Path):
    """The content is old and without a row; somebody stores the same again while the sweep is at it."""
    services.discard([_store(samples.pdf()).id])
    stored, done = threading.Event(), threading.Event()

    def store_slowly() -> None:
        try:
            with transaction.atomic():
                _store(samples.pdf())
                stored.set()
                done.wait(10)
        finally:
            connection.close()

    slow = threading.Thread(target=store_slowly)
    slow.start()
    assert stored.wait(10)
    with later(hours=25):
        assert upkeep.sweep() == 0
        done.set()
        slow.join()
        assert upkeep.sweep() == 0
    assert upkeep.check().sound and StoredFile.objects.count() == 1


@pytest.mark.usefixtures("committed")
def test_storing_and_sweeping_at_once_loses_nothing(folder: Path):
    """Four people attach and discard the same three documents while sweeps without mercy go on."""
    samples_at_hand = [samples.pdf(pages) for pages in (1, 2, 3)]
    storing = threading.Event()
    storing.set()

    swept: list[int] = []

    def attach(seed: int) -> None:
        try:
            for turn in range(300):
                if turn > 10 and sum(swept) > 2:
                    break
                stored = _store(samples_at_hand[(turn + seed) % 3])
                if (turn + seed) % 4:
                    services.discard([stored.id])
        finally:
            connection.close()

    def sweep() -> None:
        try:
            with later(hours=25):
                while storing.is_set():
                    swept.append(upkeep.sweep_contents())
        finally:
            connection.close()

    people = [threading.Thread(target=attach, args=[seed]) for seed in range(4)]
    sweeper = threading.Thread(target=sweep)
    for thread in [*people, sweeper]:
        thread.start()
    for person in people:
        person.join()
    storing.clear()
    sweeper.join()
    report = upkeep.check()
    assert report.sound and report.files == StoredFile.objects.count() > 0
    assert sum(swept) > 0


@pytest.mark.usefixtures("committed")
def test_many_at_once_store_the_same_content(folder: Path):
    def attach() -> None:
        try:
            _store(samples.pdf())
        finally:
            connection.close()

    people = [threading.Thread(target=attach) for _ in range(6)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert StoredFile.objects.count() == 6
    assert len(contents(folder)) == 1 and upkeep.check().sound


@pytest.mark.django_db
def test_a_content_broken_in_the_store_is_replaced_when_it_comes_again(folder: Path):
    stored = _store(samples.pdf())
    (folder / storage.content_name(stored.sha256)).write_bytes(b"cut")
    _store(samples.pdf())
    assert upkeep.check().sound


@pytest.mark.django_db
def test_the_check_names_what_is_lost_and_what_has_changed(store: Store):
    good, lost, changed, cut = (store(samples.pdf(pages)) for pages in (1, 2, 3, 4))
    present = storage.present()
    present.delete(storage.content_name(lost.sha256))
    replace(changed, b"x" * changed.size)
    replace(cut, b"x")
    report = upkeep.check()
    assert not report.sound
    assert (sorted(report.missing), report.altered) == ([lost.id, cut.id], [changed.id])
    assert (report.files, report.compared) == (4, 2)
    assert upkeep.check(sample=0).altered == []
    with pytest.raises(ContentMissing) as missing:
        storage.open_content(lost.sha256)
    assert missing.value.way_out and good


def replace(stored: StoredFile, content: bytes) -> None:
    name = storage.content_name(stored.sha256)
    storage.present().delete(name)
    storage.present().save(name, io.BytesIO(content))


class Breaking:
    """A source that ends the process in the middle."""

    def __init__(self) -> None:
        self.pieces = [b"%PDF-1.7"]

    def read(self, size: int, /) -> bytes:
        return self.pieces.pop() if self.pieces else die()


def die(*_args: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def store_and_die(moment: str) -> None:
    """In a process of its own, with a connection of its own: the parent's stays open and is not ours to close."""
    parents = connection.connection
    connection.connection = None
    if moment == "saving":
        os.fsync = die
    with transaction.atomic():
        _store(Breaking() if moment == "reading" else samples.pdf())
        die(parents)


@pytest.mark.usefixtures("committed")
@pytest.mark.parametrize("moment", ["reading", "saving", "before the commit"])
def test_a_process_that_dies_while_storing_leaves_at_most_rubbish_for_the_sweep(folder: Path, moment: str):
    child = os.fork()
    if not child:
        try:
            store_and_die(moment)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert not StoredFile.objects.exists()
    assert len(contents(folder)) == 1
    with later(hours=25):
        assert upkeep.sweep() == 1
    assert contents(folder) == []


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [{"sha256": "x" * 64}, {"size": 0}, {"scan": "perhaps"}])
def test_the_database_refuses_rows_that_cannot_be(folder: Path, wrong: dict[str, Any]):
    stored = _store(samples.pdf())
    with pytest.raises(IntegrityError), transaction.atomic():
        StoredFile.objects.filter(id=stored.id).update(**wrong)


@pytest.mark.django_db
def test_what_the_house_makes_is_kept_as_it_is():
    kept = services.keep(b"PK\x03\x04 anything", name="ban/sao:1.zip", format_key="zip")
    assert (kept.format, kept.name, kept.account_id) == ("zip", "sao_1.zip", None)
    assert storage.open_content(kept.sha256).read() == b"PK\x03\x04 anything"
    with pytest.raises(Empty):
        services.keep(b"", name="leer.zip", format_key="zip")


def test_what_the_house_makes_is_kept_only_in_a_transaction(committed: None):
    with pytest.raises(transaction.TransactionManagementError):
        services.keep(b"PK", name="a.zip", format_key="zip")
