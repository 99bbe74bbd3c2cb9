"""lt up: a whole province on one machine, from nothing to an address to open."""

import os
import signal
import socket
import subprocess
import sys
from contextlib import ExitStack, suppress

import typer

from lienthong.cli import installation, serving, terminal
from lienthong.cli.installation import home
from lienthong.cli.preparation import mark_of
from lienthong.runtime import ports, postgres, process
from lienthong.runtime.errors import Trouble
from lienthong.runtime.home import read_json
from lienthong.runtime.supervisor import Database, Stop, Supervisor
from lienthong.settings.environment import environment

ANYWHERE = {"0.0.0.0", "::"}  # noqa: S104 - only compared with


def run(*, province: str, port: int, host: str, fresh: bool, yes: bool) -> None:
    address = address_of(host, port)
    with home.held("lt up", address), ExitStack() as stack:
        ports.require_free(host, port)
        if fresh:
            installation.province_folder(province or environment.province)
            begin_anew(yes=yes)
        province = province_of(province)
        supervisor = stack.enter_context(Supervisor(terminal.warn))
        terminal.say(f"Liên Thông · {province} · {home.root}")
        identity = start_database(supervisor)
        set_environment(province, address, host)
        prepare(province, identity)
        start_servers(supervisor, host, port)
        welcome(address, host)
        supervisor.watch()
    if supervisor.asked_to_stop:
        terminal.say("Stopped.")


def begin_anew(*, yes: bool) -> None:
    if environment.database_url:
        raise Trouble(
            "--fresh removes only what the program keeps itself, and LT_DATABASE_URL names a server of yours.",
            way_out="Drop and create that database yourself, then run ./lt up.",
        )
    if not home.prepared.exists() and not home.database.exists():
        return
    if not yes:
        if not sys.stdin.isatty():
            raise Trouble(
                "--fresh removes everything in " + str(home.root) + ".", way_out="To do so unasked, add --yes."
            )
        if not typer.confirm(f"Remove the database, files and keys in {home.root}?"):
            raise typer.Exit(1)
    home.erase()


def province_of(wanted: str) -> str:
    """The province to show; an installation that holds one goes on with it."""
    held = read_json(home.prepared).get("province", "")
    name = wanted or held or environment.province
    installation.province_folder(name)
    if held and name != held:
        raise Trouble(
            f"{home.root} holds the province {held}.",
            way_out=f"Begin anew: ./lt up --fresh --province {name}. Or keep both: LT_HOME=/another/folder ./lt up",
        )
    return name


def start_database(supervisor: Supervisor) -> str:
    """Answers what tells this database from any other; "" when that cannot be known."""
    with terminal.step("Database") as step:
        if environment.database_url:
            step.note = f"PostgreSQL {postgres.check_server(environment.database_url)} at LT_DATABASE_URL"
            return ""
        cluster = postgres.cluster_of(home, environment.postgres)
        supervisor.start(Database(cluster, tell=lambda what: step(0, None, what)))
        installation.use_database(cluster.url())
        step.note = str(cluster.binaries)
        return cluster.identity()


def set_environment(province: str, address: str, host: str) -> None:
    """What the processes that we start are to know."""
    own_names = {socket.gethostname(), *own_addresses()} if host in ANYWHERE else {host}
    os.environ.update(
        DJANGO_SETTINGS_MODULE=installation.DEMONSTRATION,
        LT_HOME=str(home.root),
        LT_PROVINCE=province,
        LT_ORIGIN=address,
        LT_HOSTS=",".join(sorted({*environment.host_names, *own_names} - {""})),
        LT_DEMO="1",
    )


def own_addresses() -> list[str]:
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(socket.gethostname(), None)]
    except OSError:
        return []


def prepare(province: str, identity: str) -> None:
    """Everything that must be in place before the servers start; nothing when nothing changed since the last time."""
    mark = mark_of(province, identity)
    if identity and home.demonstration.exists() and read_json(home.prepared).get("fingerprint") == mark:
        return
    command = [sys.executable, "-m", "lienthong.cli.preparation", mark, province]
    preparation = process.start(command, env=os.environ, output=None, own_session=False)
    try:
        code = preparation.wait()
    except Stop:
        end(preparation)
        raise
    if code:
        raise typer.Exit(max(code, 1))


def end(preparation: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C reached it as well, so it is tidying up the terminal; a signal to us alone did not."""
    for number, patience in ((None, 1), (signal.SIGINT, 10), (signal.SIGKILL, 5)):
        if number is not None:
            preparation.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            preparation.wait(patience)
            return


def start_servers(supervisor: Supervisor, host: str, port: int) -> None:
    with terminal.step("Web and worker") as step:
        supervisor.start(serving.web(host, port, workers=1))
        supervisor.begin(serving.worker())  # after the site answers, which is what one waits for
        step.note = f"ready; logs in {home.log('web').parent}"


def welcome(address: str, host: str) -> None:
    accounts = read_json(home.demonstration).get("accounts", [])
    if accounts:
        passwords = {account["password"] for account in accounts}
        columns = ["Name", "Post", "Agency", "User name"] + (["Password"] if len(passwords) > 1 else [])
        keys = ["name", "post", "agency", "username", "password"][: len(columns)]
        terminal.table("Accounts to sign in with", columns, [[account[key] for key in keys] for account in accounts])
        if len(passwords) == 1:
            terminal.say(f"  The password of each: {passwords.pop()}\n")
    if host in ANYWHERE:
        terminal.warn("Everybody on your network can sign in with these accounts.")
    terminal.out.print(f"  Open [bold link={address}]{address}[/] · Ctrl-C stops it\n")


def address_of(host: str, port: int) -> str:
    name = "localhost" if host in ANYWHERE | {"127.0.0.1", "::1", "localhost"} else host
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"
