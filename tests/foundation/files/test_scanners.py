"""The contract of every virus scanner, ClamAV's protocol, and what becomes of what was found."""

import io
import shutil
import socket
import socketserver
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from pydantic import ValidationError

from lienthong.foundation.files import scanning, services
from lienthong.foundation.files.clamav import ClamAV, ClamAVOptions
from lienthong.foundation.files.errors import Infected, NotScannedYet
from lienthong.foundation.files.models import Scan, StoredFile
from lienthong.foundation.files.scanning import Scanner, ScannerUnavailable, Verdict
from lienthong.foundation.files.serving import serve
from lienthong.foundation.ledger.queries import timeline
from lienthong.settings.environment import environment
from tests.foundation.files import samples
from tests.foundation.files.conftest import _store


class Daemon(socketserver.ThreadingUnixStreamServer):
    """Speaks as clamd does, finds the test virus and nothing else, and can be told to misbehave."""

    daemon_threads = True
    size_limit = 10_000_000
    answer = b""

    def __init__(self, path: str) -> None:
        super().__init__(path, Conversation)
        self.sizes: list[int] = []


class Conversation(socketserver.StreamRequestHandler):
    server: Daemon

    def handle(self) -> None:
        command = self._until_nul()
        if command == b"zPING":
            self.wfile.write(b"PONG\0")
        elif command == b"zINSTREAM":
            self.wfile.write(self.server.answer or self._scanned())

    def _scanned(self) -> bytes:
        received = b""
        while size := struct.unpack(">I", self.rfile.read(4))[0]:
            received += self.rfile.read(size)
            if len(received) > self.server.size_limit:
                return b"INSTREAM size limit exceeded. ERROR\0"
        self.server.sizes.append(len(received))
        return b"stream: Eicar-Test-Signature FOUND\0" if samples.EICAR in received else b"stream: OK\0"

    def _until_nul(self) -> bytes:
        command = b""
        while (letter := self.rfile.read(1)) not in (b"\0", b""):
            command += letter
        return command


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    with Daemon(str(tmp_path / "clamd.sock")) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield server
        server.shutdown()


def clamav(address: str, patience: float = 5) -> ClamAV:
    return ClamAV(ClamAVOptions(address=address, patience=patience))


@pytest.fixture(scope="module")
def real_daemon(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """ClamAV's own daemon with one signature, where it is installed."""
    program = shutil.which("clamd")
    if not program:
        pytest.skip("ClamAV's daemon is not installed (Debian: clamav-daemon)")
    folder = tmp_path_factory.mktemp("clamd")
    (folder / "test.ndb").write_text(f"Test.EICAR:0:*:{samples.EICAR.hex()}\n")
    address = str(folder / "clamd.sock")
    (folder / "clamd.conf").write_text(f"Foreground yes\nLocalSocket {address}\nDatabaseDirectory {folder}\n")
    with subprocess.Popen([program, "-c", str(folder / "clamd.conf")], stdout=subprocess.DEVNULL) as process:
        deadline = time.monotonic() + 20
        while clamav(address).problem() and time.monotonic() < deadline:
            time.sleep(0.02)
        yield address
        process.terminate()


READY = ["none", "clamav", "clamav, the real daemon"]


@pytest.fixture(params=READY)
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Scanner[Any]:
    if request.param == "none":
        return scanning.NoScanner(scanning.ScannerOptions())
    if request.param == "clamav":
        request.getfixturevalue("daemon")
        return clamav(str(tmp_path / "clamd.sock"))
    return clamav(request.getfixturevalue("real_daemon"))


def test_every_registered_scanner_is_under_contract():
    assert set(scanning.scanners) == {name.partition(",")[0] for name in READY}


def test_contract_a_ready_scanner_has_no_problem(scanner: Scanner[Any]):
    assert scanner.problem() == ""


@pytest.mark.parametrize("content", [b"", b"clean", bytes(3_000_000)])
def test_contract_a_clean_content_is_clean_or_not_scanned(scanner: Scanner[Any], content: bytes):
    verdict = scanner.scan(io.BytesIO(content))
    assert verdict.scan in (Scan.CLEAN, Scan.NOT_SCANNED) and verdict.infection == ""


def test_contract_the_test_virus_is_found_and_named_unless_nothing_is_scanned(scanner: Scanner[Any]):
    content = io.BytesIO(samples.EICAR)
    content.seek(5)  # wherever the content was left
    verdict = scanner.scan(content)
    assert verdict.scan in (Scan.INFECTED, Scan.NOT_SCANNED)
    assert bool(verdict.infection) == (verdict.scan == Scan.INFECTED)


def test_contract_a_scanner_says_what_options_it_has(scanner: Scanner[Any]):
    assert scanner.key in scanning.scanners
    assert scanner.options_class.model_json_schema()["type"] == "object"
    with pytest.raises(ValidationError):
        scanner.options_class.model_validate({"no such option": 1})


def test_two_scanners_cannot_share_a_name():
    class Other(scanning.NoScanner):
        key = "clamav"

    with pytest.raises(ValueError, match="two scanners"):
        scanning.register(Other)


def test_the_whole_content_reaches_the_daemon(daemon: Daemon, tmp_path: Path):
    clamav(str(tmp_path / "clamd.sock")).scan(io.BytesIO(bytes(1_234_567)))
    assert daemon.sizes == [1_234_567]


@pytest.mark.parametrize(
    "answer",
    [
        b"INSTREAM size limit exceeded. ERROR\0",
        b"stream: something ERROR\0",
        b"\0",
        b"stream: OK and more\0",
        b"\xff\0",
    ],
)
def test_an_answer_that_is_no_verdict_means_try_again(daemon: Daemon, tmp_path: Path, answer: bytes):
    daemon.answer = answer
    with pytest.raises(ScannerUnavailable):
        clamav(str(tmp_path / "clamd.sock")).scan(io.BytesIO(bytes(5_000_000)))


def test_a_content_larger_than_the_daemon_takes_means_try_again(daemon: Daemon, tmp_path: Path):
    daemon.size_limit = 100_000
    with pytest.raises(ScannerUnavailable, match=r"size limit|clamd at"):
        clamav(str(tmp_path / "clamd.sock")).scan(io.BytesIO(bytes(30_000_000)))


@pytest.mark.parametrize(
    "address", ["/nowhere/clamd.sock", "unix:/nowhere/clamd.sock", "127.0.0.1:1", "[::1]:1", "nonsense"]
)
def test_a_daemon_that_is_away_is_said_so(address: str):
    scanner = clamav(address)
    with pytest.raises(ScannerUnavailable):
        scanner.scan(io.BytesIO(b"x"))
    assert scanner.problem()


def test_a_daemon_that_never_answers_is_not_waited_for_for_ever():
    with socket.create_server(("127.0.0.1", 0)) as silent:
        scanner = clamav(f"127.0.0.1:{silent.getsockname()[1]}", patience=0.05)
        with pytest.raises(ScannerUnavailable):
            scanner.scan(io.BytesIO(b"x"))


def test_the_daemon_is_spoken_to_over_tcp_as_well():
    class TcpDaemon(socketserver.ThreadingTCPServer):
        daemon_threads = True
        size_limit, answer, sizes = 10_000_000, b"", []

    with TcpDaemon(("127.0.0.1", 0), Conversation) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        scanner = clamav(f"tcp://127.0.0.1:{server.server_address[1]}")
        assert scanner.problem() == ""
        assert scanner.scan(io.BytesIO(samples.EICAR)).scan == Scan.INFECTED
        server.shutdown()


class Fixed(Scanner[scanning.ScannerOptions]):
    """A scanner that says what it is told to say."""

    key = "fixed"
    options_class = scanning.ScannerOptions
    verdict: Verdict | None = None

    def scan(self, content: IO[bytes]) -> Verdict:
        if self.verdict is None:
            raise ScannerUnavailable("away")
        return self.verdict

    def problem(self) -> str:
        return ""


@pytest.fixture
def fixed(monkeypatch: pytest.MonkeyPatch) -> Fixed:
    scanner = Fixed(scanning.ScannerOptions())
    monkeypatch.setattr(scanning, "present", lambda: scanner)
    return scanner


def jobs() -> list[str]:
    return list(ProcrastinateJob.objects.filter(queue_name="files").order_by("id").values_list("task_name", flat=True))


@pytest.mark.django_db
def test_an_installation_names_its_daemon(
    daemon: Daemon, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    monkeypatch.setattr(environment, "clamd_socket", str(tmp_path / "clamd.sock"))
    stored = _store(samples.pdf())
    assert stored.scan == Scan.CLEAN and stored.scanned_at
    assert daemon.sizes == [stored.size]


@pytest.mark.django_db
def test_an_infected_file_is_refused_at_once(folder: Path, fixed: Fixed):
    fixed.verdict = Verdict(Scan.INFECTED, "Win.Test.EICAR_HDB-1")
    with pytest.raises(Infected, match="EICAR") as refused:
        _store(samples.pdf())
    assert refused.value.way_out
    assert not StoredFile.objects.exists() and jobs() == []


@pytest.mark.django_db
def test_a_file_stored_while_the_scanner_is_away_waits_and_is_not_given_out(folder: Path, fixed: Fixed):
    stored = _store(samples.pdf())
    assert stored.scan == Scan.PENDING and jobs() == ["files.scan"]
    with pytest.raises(NotScannedYet):
        serve(stored)
    with pytest.raises(ScannerUnavailable):
        services.scan_again(stored.id)

    fixed.verdict = Verdict(Scan.CLEAN)
    assert services.scan_again(stored.id) == services.scan_again(stored.id) == Scan.CLEAN
    stored.refresh_from_db()
    assert serve(stored).status_code == 200
    assert jobs() == ["files.scan", "files.read"]


@pytest.mark.django_db
def test_a_virus_found_later_is_recorded_and_the_file_is_never_given_out(folder: Path, fixed: Fixed):
    stored = _store(samples.pdf())
    fixed.verdict = Verdict(Scan.INFECTED, "Win.Trojan")
    assert services.scan_again(stored.id) == Scan.INFECTED
    assert services.scan_again(stored.id) == Scan.INFECTED
    stored.refresh_from_db()
    with pytest.raises(Infected, match=r"Win\.Trojan"):
        serve(stored)
    services.read_words(stored.id)
    assert not hasattr(stored, "text")
    (entry,) = timeline(("file", stored.id))
    assert (entry.kind, entry.data) == ("files.found_infected", {"infection": "Win.Trojan"})


@pytest.mark.django_db
def test_a_file_discarded_before_its_scan_is_nothing_to_scan(folder: Path, fixed: Fixed):
    stored = _store(samples.pdf())
    services.discard([stored.id])
    assert services.scan_again(stored.id) is None
    services.read_words(stored.id)


def test_the_scan_is_tried_again_for_days():
    strategy = app.tasks["files.scan"].retry_strategy
    assert strategy is not None and strategy.tries >= 100


@pytest.mark.usefixtures("committed")
def test_a_rolled_back_store_defers_nothing(folder: Path, fixed: Fixed):
    before = jobs()
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        _store(samples.pdf())
        raise ZeroDivisionError
    assert jobs() == before
