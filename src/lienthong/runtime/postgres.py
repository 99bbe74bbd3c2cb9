"""Where the PostgreSQL of an installation lies and what runs it: its binaries, its user, its folders."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg

from lienthong.runtime import binaries as pg
from lienthong.runtime import process
from lienthong.runtime.binaries import Binaries
from lienthong.runtime.cluster import SOCKET, Cluster, foreign, initialise
from lienthong.runtime.errors import Trouble
from lienthong.runtime.home import Home, identity, owner_name, read_json, write_json
from lienthong.settings.environment import PostgresChoice

SOCKET_PATH_LIMIT = 100  # bytes; the kernels' own limits are 103 (macOS) and 107 (Linux)
PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._- ")
THROWAWAY_PREFIX = "lt-throwaway-"


def cluster_of(home: Home, choice: PostgresChoice) -> Cluster:
    """The cluster of an installation, made when there is none. For the holder of the installation's lock."""
    home.make()
    cluster = planned(home, choice)
    if pg.major_of(cluster.data) is None:
        initialise(cluster)
    return cluster


def planned(home: Home, choice: PostgresChoice, *, throwaway: bool = False) -> Cluster:
    """Everything about the cluster decided and its folders in place; the data may still have to be made."""
    account = account_for(home.database)
    place = database_place(home, account)
    check_data(place, account)
    binaries = pg.choose(choice, place)
    if account is not None and not account.can_run(binaries.postgres):
        binaries = pg.readable_copy(binaries)
    return Cluster(place, socket_folder(home, place, account), home.log("postgres"), binaries, account, throwaway)


def existing_cluster_of(home: Home, choice: PostgresChoice) -> Cluster | None:
    """The cluster of an installation for looking at it; makes nothing. None when there is none."""
    place = home.database.resolve()
    if pg.major_of(place) is None:
        return None
    account = account_for(home.database)
    return Cluster(place, socket_path(home, place, account), home.log("postgres"), pg.choose(choice, place), account)


@contextlib.contextmanager
def throwaway(choice: PostgresChoice, *, durable: bool = False) -> Iterator[tuple[Path, str, Binaries]]:
    """A server in a folder that is removed afterwards: gives the folder, to be used as LT_HOME, its address, its kind.

    `durable` keeps the promises of a real one, for measuring.
    """
    sweep_throwaways()
    with (
        tempfile.TemporaryDirectory(prefix=THROWAWAY_PREFIX, ignore_cleanup_errors=True) as folder,
        contextlib.ExitStack() as stack,
    ):
        home = Home(Path(folder))
        stack.enter_context(home.held("throwaway"))
        if process.is_root():
            home.root.chmod(0o711)  # the user of the server must be able to pass
        cluster = planned(home, choice, throwaway=not durable)
        try:
            initialise(cluster)
            with cluster.running() as url:
                yield home.root, url, cluster.binaries
        finally:
            home.erase()


def sweep_throwaways() -> None:
    """Remove those whose makers were killed before they could."""
    for folder in Path(tempfile.gettempdir()).glob(f"{THROWAWAY_PREFIX}*"):
        home = Home(folder)
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == os.geteuid() and home.lock.exists() and home.holder() is None:
                home.erase()
                shutil.rmtree(folder)


def account_for(database: Path) -> process.Account | None:
    """As whom the server runs: ourselves, or when we are root the owner of the data, else an ordinary user."""
    if not process.is_root():
        return None
    import pwd

    with contextlib.suppress(OSError, KeyError):
        owner = database.stat().st_uid
        if owner != 0:
            return process.Account.of(pwd.getpwuid(owner))
    return process.server_account()


def database_place(home: Home, account: process.Account | None) -> Path:
    """The folder of the data. Below a folder closed to the server's user (as /root) it is a link to an open place."""
    if home.database.is_symlink() or home.database.exists():
        return home.database.resolve()
    if account is None or account.can_run(home.root):
        return home.root.resolve() / "database"
    pg.SHARED.mkdir(parents=True, exist_ok=True, mode=0o755)
    elsewhere = Path(tempfile.mkdtemp(prefix=f"{identity(home.root)}-", dir=pg.SHARED))
    elsewhere.chmod(0o755)
    write_json(elsewhere / "home.json", {"home": str(home.root)})
    home.database.symlink_to(elsewhere / "database")
    return elsewhere / "database"


def check_data(place: Path, account: process.Account | None) -> None:
    """Say plainly when the data cannot be used, before PostgreSQL says it in its own words."""
    if not place.exists():
        return
    if not place.is_dir():
        raise Trouble(f"{place} should be the folder of the database, and is something else.", way_out="Move it away.")
    if account is None and place.stat().st_uid != os.geteuid():
        owner = owner_name(place)
        raise Trouble(
            f"The database in {place} belongs to {owner}.", way_out=f"Run this as {owner}, or as root, or set LT_HOME."
        )
    try:
        content = list(place.iterdir())
    except OSError as error:
        raise Trouble(f"{place} cannot be read: {error.strerror}.", way_out="Run this as its owner.") from error
    if content and pg.major_of(place) is None:
        raise foreign(place)
    if content and not (place / "global" / "pg_control").exists():
        raise Trouble(
            f"The database in {place} is damaged: its control file is missing.",
            way_out="Restore it from a backup. A demonstration can be begun anew: ./lt up --fresh",
        )
    if account is not None and place.stat().st_uid != account.uid:
        give(place, account)
    if place.stat().st_mode & 0o077:
        place.chmod(0o700)


def socket_path(home: Home, place: Path, account: process.Account | None) -> Path:
    """A folder for the socket whose name every part of PostgreSQL understands: short, and of plain characters."""
    beside = place.parent / "run"
    if len(os.fsencode(beside / SOCKET)) <= SOCKET_PATH_LIMIT and PLAIN.issuperset(str(beside)):
        return beside
    uid = account.uid if account else os.geteuid()
    return Path(f"/tmp/lienthong-{uid}-{identity(home.root)}")  # noqa: S108 - its owner and mode are checked


def socket_folder(home: Home, place: Path, account: process.Account | None) -> Path:
    folder = socket_path(home, place, account)
    uid = account.uid if account else os.geteuid()
    with contextlib.suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        if account is not None:
            os.chown(folder, account.uid, account.gid)
    facts = folder.lstat()
    if folder.is_symlink() or not folder.is_dir() or facts.st_uid not in {uid, os.geteuid()}:
        raise Trouble(f"{folder} is in the way: it should be a private folder of ours.", way_out="Remove it.")
    if account is not None and facts.st_uid != uid:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)
    return folder


def give(folder: Path, account: process.Account) -> None:
    """Make the server's user the owner of everything below; links are not followed."""
    os.chown(folder, account.uid, account.gid)
    for base, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(base) / name, account.uid, account.gid, follow_symlinks=False)


def check_server(url: str) -> int:
    """The major version of a server that an administrator gave us. Raises Trouble when it cannot be used."""
    try:
        with psycopg.connect(url, connect_timeout=10) as connection:
            version = connection.info.server_version // 10000
    except psycopg.OperationalError as error:
        raise Trouble(
            f"The database of LT_DATABASE_URL does not answer: {str(error).strip()}",
            way_out="Is the server running, the address right, and may this user sign in?",
        ) from error
    except psycopg.ProgrammingError as error:
        raise Trouble(
            f"LT_DATABASE_URL cannot be understood: {error}",
            way_out="It looks like postgresql://user:password@host:5432/name",
        ) from error
    if version < pg.FLOOR:
        raise Trouble(f"The database server is PostgreSQL {version}.", way_out="Version 15 or newer is needed.")
    return version


def abandoned() -> list[Path]:
    """Databases below the shared folder whose LT_HOME is gone or uses another one now."""
    left = []
    for note in pg.SHARED.glob("*/home.json"):
        home = read_json(note).get("home", "")
        if (Path(home) / "database").resolve() != note.parent / "database":
            left.append(note.parent)
    return left
