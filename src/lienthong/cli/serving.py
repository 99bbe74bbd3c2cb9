"""lt serve, lt work, and the two processes as `lt up` runs them."""

import http.client
import os
import sys
from pathlib import Path

from lienthong.cli import installation, terminal
from lienthong.cli.installation import home
from lienthong.runtime import ports, postgres
from lienthong.runtime.errors import Trouble
from lienthong.runtime.supervisor import Database, Program, Supervisor
from lienthong.settings import checks
from lienthong.settings.environment import environment

BLOCKING_THREADS = 4  # a worker's; measured best with one persistent connection each
STOPS_WITHIN = 5  # seconds a web worker gets to finish its requests
LOCAL = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where a server that listens everywhere is asked


def web_command(host: str, port: int, workers: int, tls: tuple[Path, Path] | None = None) -> list[str]:
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--host", host, "--port", str(port)]
    command += ["--workers", str(workers), "--blocking-threads", str(BLOCKING_THREADS), "--log-level", "warning"]
    command += ["--respawn-failed-workers", "--workers-kill-timeout", str(STOPS_WITHIN)]
    if tls:
        command += ["--ssl-certificate", str(tls[0]), "--ssl-keyfile", str(tls[1]), "--ssl-protocol-min", "tls1.2"]
    return [*command, ports.OUR_WEB]


def web(host: str, port: int, *, workers: int, tls: tuple[Path, Path] | None = None) -> Program:
    return Program(
        "web server",
        web_command(host, port, workers, tls),
        {**os.environ, "PYTHONUNBUFFERED": "1"},
        home.log("web"),
        is_ready=lambda: answers(LOCAL.get(host, host), port),
        patience=STOPS_WITHIN + 3,
    )


def worker() -> Program:
    command = [sys.executable, "-m", "lienthong.cli", "work"]
    return Program("worker", command, {**os.environ, "PYTHONUNBUFFERED": "1"}, home.log("worker"), patience=25)


def answers(host: str, port: int) -> bool:
    """Does the site answer? Any answer counts; the first one takes as long as loading the program."""
    connection = http.client.HTTPConnection(host, port, timeout=20)
    try:
        connection.request("HEAD", "/", headers={"Host": "localhost"})
        connection.getresponse()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


def serve(*, host: str, port: int, workers: int, certificate: Path | None, key: Path | None) -> None:
    """With a database server this process becomes the web server; without, it watches over both."""
    if (certificate is None) != (key is None):
        raise Trouble("A certificate and its key come together.", way_out="Give --certificate and --key, or neither.")
    tls = (certificate, key) if certificate and key else None
    module = os.environ.get("DJANGO_SETTINGS_MODULE") or installation.PRODUCTION
    warnings = checks.warnings_of(environment)
    ports.require_free(host, port)
    if environment.database_url:
        postgres.check_server(environment.database_url)
        require_fit(module, warnings)
        os.execv(sys.executable, web_command(host, port, workers, tls))  # noqa: S606
    with home.held("lt serve", environment.origin), Supervisor(terminal.warn) as supervisor:
        cluster = postgres.cluster_of(home, environment.postgres)
        supervisor.start(Database(cluster))
        installation.use_database(cluster.url())
        require_fit(module, warnings)
        supervisor.begin(web(host, port, workers=workers, tls=tls))
        terminal.say(f"Serving at {host} port {port}; logs in {home.log('web').parent}")
        supervisor.watch()


def work(*, concurrency: int) -> None:
    if not environment.database_url:
        url = installation.running_database()
        if url is None:
            raise Trouble(
                f"No database runs in {home.root}.",
                way_out="Start `lt serve` first, or set LT_DATABASE_URL to a server.",
            )
        installation.use_database(url)
    installation.set_up_django(os.environ.get("DJANGO_SETTINGS_MODULE") or installation.PRODUCTION)
    from lienthong.cli import worker as jobs

    jobs.run(concurrency=concurrency)


def require_fit(module: str, warnings: list[checks.Fault]) -> None:
    """Everything that must hold before the public is let in. Raises Trouble or ImproperlyConfigured."""
    installation.set_up_django(module)
    from django.conf import settings
    from django.db import connection

    from lienthong.cli import preparation

    if module == installation.PRODUCTION:
        faults = checks.of_settings({name: getattr(settings, name) for name in dir(settings)})
        if faults:
            raise Trouble(checks.explain(faults))
        for warning in warnings:
            terminal.warn(str(warning))
    missing = preparation.missing_migrations()
    connection.close()
    if missing:
        raise Trouble(
            f"The database lacks {len(missing)} changes of this version of the program.",
            way_out="Make a backup, then: lt manage migrate",
        )
    preparation.collect_static()
