"""What a command needs of the installation before it can begin: settings, a database that answers, Django."""

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

from lienthong.runtime import postgres, process
from lienthong.runtime.errors import Trouble
from lienthong.runtime.home import Home
from lienthong.settings.environment import CHECKOUT, environment

PRODUCTION = "lienthong.settings.production"
DEMONSTRATION = "lienthong.settings.demo"
PACKAGE = Path(__file__).resolve().parents[1]
LIBRARY = PACKAGE / "library"
PATIENCE = 30.0  # seconds for an installation that is just starting to have its database up

home = Home(environment.home)


def settings_module() -> str:
    """Production where somebody has set it up, else the demonstration of `lt up`."""
    is_production = environment.secret or environment.origin or environment.hosts
    return os.environ.get("DJANGO_SETTINGS_MODULE") or (PRODUCTION if is_production else DEMONSTRATION)


def use_database(url: str) -> None:
    """For the settings that are not read yet, and for the programs that we start."""
    os.environ["LT_DATABASE_URL"] = environment.database_url = url


def set_up_django(module: str | None = None) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = module or settings_module()
    process.leave_out_terminal_toolkits()
    import django

    django.setup()


@contextlib.contextmanager
def database(what: str) -> Iterator[None]:
    """A database that answers: the configured server, the one that runs in LT_HOME, or that one for a while."""
    if environment.database_url:
        postgres.check_server(environment.database_url)
        yield
    elif (url := running_database()) is not None:
        use_database(url)
        yield
    else:
        with home.held(what), postgres.cluster_of(home, environment.postgres).running() as url:
            use_database(url)
            yield


def running_database() -> str | None:
    """The address of the database that runs in LT_HOME; waits for one that is just starting."""
    began = time.monotonic()
    while True:
        cluster = postgres.existing_cluster_of(home, environment.postgres)
        if cluster is not None and cluster.answers():
            return cluster.url()
        if home.holder() is None or time.monotonic() - began > PATIENCE:
            return None
        time.sleep(0.2)


@contextlib.contextmanager
def ready(what: str) -> Iterator[None]:
    """Settings, a database and Django, for a command that works with what is stored."""
    with database(what):
        set_up_django()
        yield


def province_folder(name: str) -> Path:
    """The declarations of a province: one that comes with the program by its name, or any folder by its path."""
    shipped = PACKAGE / "provinces" / name
    if shipped.is_dir() and name not in {"", ".", ".."}:
        return shipped
    folder = Path(name).expanduser().absolute()
    if folder.is_dir():
        return folder
    known = ", ".join(sorted(path.name for path in (PACKAGE / "provinces").iterdir() if path.is_dir()))
    raise Trouble(f"There is no province {name!r}.", way_out=f"Name one of: {known}; or give the path of a folder.")


def checkout() -> Path:
    """The folder with the tests and the lock file. Raises Trouble in an installation that is not a checkout."""
    if not (CHECKOUT / "pyproject.toml").is_file():
        raise Trouble(
            "This command works in a checkout of the repository only.", way_out="Clone it and use ./lt there."
        )
    return CHECKOUT
