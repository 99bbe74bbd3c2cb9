"""Virus scanners: plug-ins with a registry, their options, and a contract (tests/foundation/files/test_scanners.py)."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import IO, Any, ClassVar, Generic, TypeVar

from pydantic import BaseModel, ConfigDict

from lienthong.foundation.files.models import Scan
from lienthong.settings.environment import environment


@dataclass(frozen=True, slots=True)
class Verdict:
    """CLEAN, INFECTED or NOT_SCANNED; `infection` is the scanner's name for what it found."""

    scan: Scan
    infection: str = ""


class ScannerUnavailable(Exception):
    """The scanner does not answer, or not with a verdict. Try again later."""


class ScannerOptions(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


Options = TypeVar("Options", bound=ScannerOptions)


class Scanner(ABC, Generic[Options]):
    """Looks for viruses in a content. Made anew for every content, so it may keep a connection for one."""

    key: ClassVar[str]
    options_class: ClassVar[type[ScannerOptions]]

    def __init__(self, options: Options) -> None:
        self.options = options

    @abstractmethod
    def scan(self, content: IO[bytes]) -> Verdict:
        """Read the content from its start to its end. Raises ScannerUnavailable, never anything else."""

    @abstractmethod
    def problem(self) -> str:
        """What an administrator must mend, or "" when the scanner is ready. For `lt doctor`."""


scanners: dict[str, type[Scanner[Any]]] = {}


def register(scanner: type[Scanner[Any]]) -> type[Scanner[Any]]:
    if scanners.setdefault(scanner.key, scanner) is not scanner:
        raise ValueError(f"two scanners are called {scanner.key!r}")
    return scanner


@register
class NoScanner(Scanner[ScannerOptions]):
    """The default of an installation without a scanner: says so."""

    key = "none"
    options_class = ScannerOptions

    def scan(self, content: IO[bytes]) -> Verdict:
        return Verdict(Scan.NOT_SCANNED)

    def problem(self) -> str:
        return ""


def present() -> Scanner[Any]:
    """The scanner of this installation."""
    key, options = ("clamav", {"address": environment.clamd_socket}) if environment.clamd_socket else ("none", {})
    scanner = scanners[key]
    return scanner(scanner.options_class.model_validate(options))
