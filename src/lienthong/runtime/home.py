"""LT_HOME: the folder of everything an installation keeps.

lock           held while the installation runs or a command writes; says who holds it and where it answers
secret         key of a demonstration installation (mode 600); production brings its own in LT_SECRET
database       PostgreSQL's cluster, or a link to it when its user cannot reach this folder
run            PostgreSQL's socket (mode 700)
keys           signing keys and certificates (mode 700)
files          uploaded and issued files
mail           e-mail that was written here because no mail server is set
static         what browsers load, collected
log            one file for each process
prepared.json  what `lt up` last prepared, so that an unchanged one starts at once
"""

import contextlib
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import stat
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lienthong.runtime.errors import Trouble

OURS = (
    *("secret", "database", "run", "keys", "files", "mail", "messages", "simulation", "static", "log"),
    *("prepared.json", "demonstration.json"),
)


@dataclass(frozen=True)
class Holder:
    """Who holds an installation: a process, what it was started as, and the address it answers at ("" for none)."""

    pid: int
    what: str
    address: str


class Held(Trouble):
    def __init__(self, home: Path, holder: Holder) -> None:
        self.holder = holder
        place = f", at {holder.address}" if holder.address else ""
        super().__init__(
            f"`{holder.what}` already runs on {home} (process {holder.pid}{place}).",
            way_out=f"Use that one, stop it with Ctrl-C there or `kill {holder.pid}`, or give this one a folder of its "
            "own: LT_HOME=/another/folder",
        )


@dataclass(frozen=True)
class Home:
    root: Path

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def database(self) -> Path:
        return self.root / "database"

    @property
    def keys(self) -> Path:
        return self.root / "keys"

    @property
    def static(self) -> Path:
        return self.root / "static"

    @property
    def prepared(self) -> Path:
        return self.root / "prepared.json"

    @property
    def demonstration(self) -> Path:
        """The accounts that `lt up` made, for showing them again; its presence marks a demonstration installation."""
        return self.root / "demonstration.json"

    def log(self, process: str) -> Path:
        return self.root / "log" / f"{process}.log"

    def make(self) -> None:
        """Make the folders that are missing."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            for name, mode in (("log", 0o755), ("keys", 0o700), ("files", 0o750), ("mail", 0o750)):
                (self.root / name).mkdir(mode=mode, exist_ok=True)
        except OSError as error:
            raise Trouble(
                f"{error.filename} cannot be made: {error.strerror}.",
                way_out="LT_HOME must be a folder that you may write to.",
            ) from error

    @contextlib.contextmanager
    def held(self, what: str, address: str = "") -> Iterator[None]:
        """Hold the installation for this process alone. The kernel lets go when the process ends, however it ends.

        Raises Held when another process holds it.
        """
        self.make()
        try:
            descriptor = os.open(self.lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise Trouble(
                f"{self.lock} cannot be written: {error.strerror}.",
                way_out=f"Run this as {owner_name(self.root)}, the owner of {self.root}, or set LT_HOME.",
            ) from error
        try:
            if not locked_soon(descriptor):
                raise Held(self.root, self.noted_holder())
            note = json.dumps({"pid": os.getpid(), "what": what, "address": address}).encode()
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, note, 0)
            yield
        finally:
            os.close(descriptor)

    def holder(self) -> Holder | None:
        """Who holds this installation now; None when nobody does."""
        try:
            with self.lock.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                except BlockingIOError:
                    return self.noted_holder()
        except OSError:
            return None
        return None

    def noted_holder(self) -> Holder:
        note = read_json(self.lock)
        return Holder(note.get("pid", 0), note.get("what", "another process"), note.get("address", ""))

    def secret(self) -> str:
        """The key of a demonstration installation, made at its first use. Two that start at once get the same one."""
        path = self.root / "secret"
        if not path.exists():
            self.root.mkdir(parents=True, exist_ok=True)
            new = unique_beside(path)
            write_private(new, secrets.token_urlsafe(64))
            with contextlib.suppress(FileExistsError):
                os.link(new, path)
            new.unlink()
        try:
            return path.read_text().strip()
        except PermissionError as error:
            raise Trouble(
                f"{path} belongs to {owner_name(path)}.", way_out=f"Run this as {owner_name(path)}, or set LT_HOME."
            ) from error

    def erase(self) -> None:
        """Remove everything the installation keeps, and nothing that it did not make."""
        for name in OURS:
            path = self.root / name
            if path.is_symlink():
                elsewhere = path.resolve()
                ours = read_json(elsewhere.parent / "home.json").get("home") == str(self.root)
                shutil.rmtree(elsewhere.parent if ours else elsewhere, ignore_errors=True)
                path.unlink()
            elif path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)


def locked_soon(descriptor: int) -> bool:
    """Take the lock; somebody who only looks whether it is held lets go within an instant."""
    for _ in range(10):
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.02)
        else:
            return True
    return False


def identity(path: Path) -> str:
    """A short name for a folder, the same for every way to write its path."""
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def owner_name(path: Path) -> str:
    try:
        return path.owner()
    except (KeyError, OSError):
        return "another user"


def is_private(path: Path) -> bool:
    """Can nobody but the owner read or write it?"""
    return not path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)


def read_json(path: Path) -> dict[str, Any]:
    """What a small file of ours says; nothing when it is missing or was cut short."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Replace a small file, so that a reader sees the old one or the whole new one."""
    new = unique_beside(path)
    new.write_text(json.dumps(content, ensure_ascii=False, indent=1), encoding="utf-8")
    new.replace(path)


def unique_beside(path: Path) -> Path:
    """A name for writing a file that takes the place of `path` once it is whole."""
    return path.with_name(f"{path.name}.{os.getpid()}-{threading.get_ident()}")


def write_private(path: Path, text: str) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
