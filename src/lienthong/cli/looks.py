"""What `lt doctor` looks at in every installation. Modules add their own in their `health.py`."""

import importlib.metadata
import os
import shutil
import smtplib
import sys
import tomllib
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from lienthong.cli import installation
from lienthong.cli.installation import PACKAGE, home
from lienthong.runtime import catalogues, ports, postgres
from lienthong.runtime.errors import Trouble
from lienthong.runtime.health import Finding, broken, check, fine, worth_a_look
from lienthong.runtime.home import is_private, owner_name
from lienthong.runtime.process import is_root
from lienthong.settings import checks
from lienthong.settings.environment import CHECKOUT, environment

LITTLE_ROOM, TOO_LITTLE_ROOM = 2_000, 200  # MB
CLOCK_TOLERANCE = timedelta(seconds=5)
WORKER_SILENT_AFTER = timedelta(minutes=1)
JOBS_LATE_AFTER = timedelta(minutes=10)
NEWEST_DOSSIERS = 5_000
PATIENCE_WITH_DOSSIERS = timedelta(seconds=3)

examined_port = 8000


def settings_findings() -> list[Finding]:
    module = installation.settings_module()
    if module != installation.PRODUCTION:
        return [fine(f"{module.rpartition('.')[2]}: not for the public")]
    return [
        worth_a_look(f"{fault.setting} {fault.problem}", mend=fault.mend) for fault in checks.warnings_of(environment)
    ] or [fine("fit for production")]


def database_findings() -> list[Finding]:
    version = postgres.check_server(environment.database_url)
    cluster = postgres.existing_cluster_of(home, environment.postgres)
    if cluster is None or environment.database_url != cluster.url():
        return [fine(f"PostgreSQL {version}, the server of LT_DATABASE_URL")]
    account = f", run as {cluster.account.name}" if cluster.account else ""
    why = f", which cannot reach {home.root}" if cluster.account and home.database.is_symlink() else ""
    return [fine(f"{cluster.binaries}, in {cluster.data}{account}{why}")]


@check("Python", needs_settings=False)
def python() -> Finding:
    return fine(f"{sys.version.split()[0]}, {sys.executable}")


@check("Libraries", needs_settings=False)
def libraries() -> Finding:
    """Are the installed ones the ones of the lock file?"""
    lock = CHECKOUT / "uv.lock"
    if not lock.is_file():
        return fine("not a checkout: there is no lock file to compare with")
    locked: dict[str, set[str]] = {}
    for package in tomllib.loads(lock.read_text(encoding="utf-8"))["package"]:
        locked.setdefault(package["name"], set()).add(package.get("version", ""))
    installed = {
        dist.metadata["Name"].lower().replace("_", "-"): dist.version for dist in importlib.metadata.distributions()
    }
    others = sorted(name for name, version in installed.items() if name in locked and version not in locked[name])
    if others:
        shown = ", ".join(others[:5]) + (" …" if len(others) > 5 else "")
        return broken(
            f"{len(others)} are not of the version in uv.lock: {shown}", mend="rm .venv/.lienthong; ./lt doctor"
        )
    return fine(f"{len(installed)}, as uv.lock says")


@check("Folder", needs_settings=False)
def folder() -> list[Finding]:
    root = home.root
    if not root.exists():
        return [worth_a_look(f"{root} does not exist yet.", mend="The first command that needs it makes it.")]
    found = []
    if not os.access(root, os.W_OK | os.X_OK):
        found.append(broken(f"{root} belongs to {owner_name(root)}.", mend=f"Run this as {owner_name(root)}."))
    found += [
        broken(f"Others may read {path}.", mend=f"chmod go-rwx {path}")
        for path in (home.keys, root / "secret")
        if path.exists() and not is_private(path)
    ]
    found += [
        worth_a_look(f"{left} is a database that no installation uses any more.", mend=f"If so: rm -r {left}")
        for left in (postgres.abandoned() if is_root() else [])
    ]
    place = home.database.resolve() if home.database.exists() else root
    room = min(shutil.disk_usage(root).free, shutil.disk_usage(place).free) // 1_000_000
    if room < TOO_LITTLE_ROOM:
        found.append(broken(f"The disk is almost full: {room} MB are left.", mend=f"Make room on the disk of {root}."))
    elif room < LITTLE_ROOM:
        found.append(worth_a_look(f"{room} MB are left on the disk.", mend="Make room before it is full."))
    return found or [fine(f"{room // 1000} GB free")]


@check("Clock", needs_settings=False)
def clock() -> Finding:
    from lienthong.foundation.clock import now

    try:
        ZoneInfo("Asia/Ho_Chi_Minh")
    except ZoneInfoNotFoundError:
        return broken("The time zone Asia/Ho_Chi_Minh is not known here.", mend="apt-get install tzdata")
    present = now()
    if present.timestamp() < Path(__file__).stat().st_mtime:
        return broken(f"It says {present:%d/%m/%Y %H:%M}, before this program was written.", mend="Set it, or run NTP.")
    return fine(f"{present:%d/%m/%Y %H:%M} in Vietnam")


@check("Translations", needs_settings=False)
def translations() -> Finding:
    if stale := catalogues.stale():
        return broken(f"{len(stale)} catalogues are not compiled.", mend="Run any ./lt command as the program's owner.")
    return fine("compiled")


@check("Fonts", needs_settings=False)
def fonts() -> Finding:
    found = [path for kind in ("ttf", "otf", "woff2") for path in PACKAGE.rglob(f"*.{kind}")]
    if not any(path.suffix in {".ttf", ".otf"} for path in found):
        return broken("The fonts of official papers are missing.", mend="git checkout -- src/lienthong")
    return fine(f"{len(found)} files")


@check("Port", needs_settings=False)
def port() -> Finding:
    holder = home.holder()
    if holder is not None and holder.address:
        return fine(f"`{holder.what}` answers at {holder.address} (process {holder.pid})")
    try:
        ports.require_free("127.0.0.1", examined_port, patience=0)
    except Trouble as trouble:
        return worth_a_look(trouble.message, mend=trouble.way_out)
    return fine(f"{examined_port} is free")


@check("User", needs_settings=False)
def user() -> Finding:
    if is_root() and installation.settings_module() == installation.PRODUCTION:
        mend = "Run a real installation as an ordinary user: docs/how-to/run-in-production.md shows how."
        return worth_a_look("This is root.", mend=mend)
    return fine("root; the database runs as an ordinary user" if is_root() else "an ordinary one")


@check("Mail")
def mail() -> Finding:
    server = environment.mail_server
    if server is None:
        return fine(f"written to {home.root / 'mail'}")
    try:
        kind = smtplib.SMTP_SSL if server.security == "tls" else smtplib.SMTP
        with kind(server.host, server.port, timeout=5) as connection:
            connection.noop()
    except (OSError, smtplib.SMTPException) as error:
        return broken(f"{server.host} port {server.port} does not answer: {error}", mend="Check LT_SMTP_URL.")
    return fine(f"{server.host} answers")


@check("Static files")
def static_files() -> Finding:
    from lienthong.cli import preparation

    collected = preparation.collected_mark()
    if not collected:
        return worth_a_look("They are not collected yet.", mend="`lt up` and `lt serve` do it when they start.")
    if collected != preparation.mark_of_static(preparation.static_sources()):
        return worth_a_look("They are of another version.", mend="`lt up` and `lt serve` renew them when they start.")
    return fine("collected")


@check("Tables", needs_database=True)
def tables() -> Finding:
    from lienthong.cli import preparation

    if todo := preparation.missing_migrations():
        return broken(f"{len(todo)} migrations are not applied.", mend="Make a backup, then: lt manage migrate")
    return fine("of this version")


@check("Database clock", needs_database=True)
def database_clock() -> Finding:
    from django.db import connection

    from lienthong.foundation.clock import now

    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
    apart = abs(now() - there)
    if apart > CLOCK_TOLERANCE:
        return broken(f"It is {apart.total_seconds():.0f} s from the one here.", mend="Run NTP on both machines.")
    return fine("the same as here")


@check("Worker", needs_database=True)
def worker() -> list[Finding]:
    from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker

    from lienthong.cli import preparation
    from lienthong.foundation.clock import now

    if preparation.missing_migrations():
        return []
    newest = ProcrastinateWorker.objects.order_by("-last_heartbeat").values_list("last_heartbeat", flat=True).first()
    late = ProcrastinateJob.objects.filter(status="todo", scheduled_at__lt=now() - JOBS_LATE_AFTER).count()
    failed = ProcrastinateJob.objects.filter(status="failed").count()
    found = []
    if newest is None or now() - newest > WORKER_SILENT_AFTER:
        silence = "None is at work" if newest is None else f"Silent since {newest.astimezone(now().tzinfo):%d/%m %H:%M}"
        found.append(worth_a_look(f"{silence}.", mend="It runs with `lt up`; in production start `lt work`."))
    if late:
        found.append(broken(f"{late} jobs wait for more than ten minutes.", mend="Start another `lt work`."))
    if failed:
        found.append(worth_a_look(f"{failed} jobs failed.", mend="Why is in the worker's log; lt manage procrastinate"))
    return found or [fine("at work")]


@check("Dossiers", needs_database=True)
def dossiers() -> list[Finding]:
    """What must hold of all dossiers, asked of the newest within a few seconds."""
    from lienthong.cli import preparation
    from lienthong.simulation import invariants

    if preparation.missing_migrations():
        return []
    try:
        verdicts = invariants.look(newest=NEWEST_DOSSIERS, within=PATIENCE_WITH_DOSSIERS)
    except invariants.TookTooLong:
        return [worth_a_look("The database did not answer in time.", mend="Look again when it is less busy.")]
    found = [
        broken(f"{one.invariant.promise} Not so: {'; '.join(one.offenders[:3])}", mend="Tell those who develop this.")
        for one in verdicts
        if one.offenders
    ]
    return found or [fine(f"{len(verdicts)} promises about the newest are kept")]
