"""What every test shares: a real PostgreSQL with the declared province and its people, a cut-off outside world."""

import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from hypothesis import settings as hypothesis_settings

from lienthong.runtime.catalogues import compile_stale

hypothesis_settings.register_profile("house", deadline=None, print_blob=True)
hypothesis_settings.load_profile("house")


def pytest_configure() -> None:
    compile_stale()  # the messages people see, from the catalogues as they are now


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: Any
) -> Iterator[None]:
    """The test database holds the library, the province and its cast before the first test.

    It is made for every session that asks for it, also when all tests of the session work on copies (`committed`).
    """
    from tests.cast import settle

    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False, aliases=["default"])
        settle()
        connection.close()
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database of its own in which things are really committed, for tests of several connections or processes.

    It begins as a copy of the test database and is dropped afterwards, so that nothing has to be cleaned up (the ledger
    could not be).
    """
    with django_db_blocker.unblock(), own_copy():
        yield


class own_copy:  # noqa: N801 - reads as a word: with own_copy():
    """Within it, Django's database is a fresh copy of the test database."""

    def __enter__(self) -> str:
        self.origin = connection.settings_dict["NAME"]
        self.name = f"{self.origin}_copy"
        self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')
        self._run(f'CREATE DATABASE "{self.name}" TEMPLATE "{self.origin}"')
        self._use(self.name)
        return self.name

    def __exit__(self, *error: object) -> None:
        self._use(self.origin)
        self._run(f'DROP DATABASE IF EXISTS "{self.name}" WITH (FORCE)')

    def _use(self, name: str) -> None:
        """Go over to another database: what the process remembers of the one before is forgotten."""
        from lienthong.foundation.definitions import queries as definitions
        from lienthong.foundation.organisations.queries import forget_tree

        connection.close()
        connection.settings_dict["NAME"] = name
        definitions.forget()
        forget_tree()

    def _run(self, statement: str) -> None:
        connection.close()
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)


@pytest.fixture(autouse=True)
def cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing outside this machine can be reached."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if host and host not in ("127.0.0.1", "::1", "localhost"):
            raise AssertionError(f"a test wanted to reach {host}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where Chromium is. A test that needs it is skipped by name where there is none."""
    from lienthong.cli import browser

    return browser.find() or pytest.skip("no Chromium: `lt test` says how to install it")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    connection.close()  # in Playwright's loop Django has connections of their own; the old one would stay open unseen
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "yes")  # Playwright's own loop runs in this thread
        started = playwright.chromium.launch(
            executable_path=chromium,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
        )
        yield started
        started.close()


@pytest.fixture
def site(committed: None) -> Iterator[str]:
    """Where the site is served with a database of its own; a room may serve it in another way."""
    from tests.browsing import served

    with served() as address:
        yield address


@pytest.fixture
def visit(browser: Any, site: str) -> Iterator[Any]:
    """Sit down at a desk: `visit(cast.CLERK, "/ban-lam-viec/", viewport=PHONE)`. No script may complain."""
    from tests.browsing import windows

    with windows(browser, site) as open_window:
        yield lambda username, path, **options: open_window(path, username, **options)
