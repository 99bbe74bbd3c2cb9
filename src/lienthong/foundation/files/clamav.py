"""The ClamAV daemon (clamd), spoken to as clamd(8) describes: INSTREAM over its socket."""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from pydantic import Field

from lienthong.foundation.files.models import Scan
from lienthong.foundation.files.scanning import Scanner, ScannerOptions, ScannerUnavailable, Verdict, register

_PIECE = 256 * 1024
_ANSWER_LIMIT = 4096


class ClamAVOptions(ScannerOptions):
    address: str = Field(
        min_length=1, description="Path of clamd's local socket, or host:port (an IPv6 address in brackets)."
    )
    patience: float = Field(30.0, gt=0, description="Seconds to wait for each answer.")


@register
class ClamAV(Scanner[ClamAVOptions]):
    key = "clamav"
    options_class = ClamAVOptions

    def scan(self, content: IO[bytes]) -> Verdict:
        content.seek(0)
        with self._daemon() as daemon:
            try:
                daemon.sendall(b"zINSTREAM\0")
                while piece := content.read(_PIECE):
                    daemon.sendall(struct.pack(">I", len(piece)) + piece)
                daemon.sendall(struct.pack(">I", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it stops listening at its own size limit, and its answer says so
            return _verdict(_answer(daemon))

    def problem(self) -> str:
        try:
            with self._daemon() as daemon:
                daemon.sendall(b"zPING\0")
                answer = _answer(daemon)
        except ScannerUnavailable as error:
            return str(error)
        return "" if answer == "PONG" else f"clamd answers {answer!r} to PING"

    @contextmanager
    def _daemon(self) -> Iterator[socket.socket]:
        address = self.options.address
        try:
            with self._connect(address) as daemon:
                yield daemon
        except OSError as error:
            raise ScannerUnavailable(f"clamd at {address}: {error}") from error

    def _connect(self, address: str) -> socket.socket:
        path = address.removeprefix("unix:")
        if "/" in path and not address.startswith("tcp:"):
            daemon = socket.socket(socket.AF_UNIX)
            daemon.settimeout(self.options.patience)
            try:
                daemon.connect(path)
            except BaseException:
                daemon.close()
                raise
            return daemon
        host, colon, port = address.removeprefix("tcp://").rpartition(":")
        if not colon or not port.isdigit():
            raise ScannerUnavailable(f"{address!r} is neither a path nor host:port of clamd")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=self.options.patience)


def _answer(daemon: socket.socket) -> str:
    """One answer, which clamd ends with a NUL or by closing."""
    received = b""
    while b"\0" not in received and len(received) < _ANSWER_LIMIT:
        piece = daemon.recv(_ANSWER_LIMIT)
        if not piece:
            break
        received += piece
    return received.partition(b"\0")[0].decode(errors="replace").strip()


def _verdict(answer: str) -> Verdict:
    """ "stream: OK", "stream: Win.Test.EICAR_HDB-1 FOUND", or an error."""
    result = answer.removeprefix("stream: ")
    if result == "OK":
        return Verdict(Scan.CLEAN)
    if result.endswith(" FOUND"):
        return Verdict(Scan.INFECTED, result.removesuffix(" FOUND")[:200])
    raise ScannerUnavailable(f"clamd gives no verdict: {answer!r}")
