import os
import signal
import stat
import subprocess
import time
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from lienthong.runtime import binaries, postgres
from lienthong.runtime.cluster import SOCKET
from lienthong.runtime.errors import Trouble
from lienthong.runtime.home import Home, read_json

ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the database as another user")
EXTENSIONS = ("btree_gin", "btree_gist", "citext", "ltree", "pg_trgm", "unaccent")

KEEP_RUNNING = """
import sys, time
from pathlib import Path
from lienthong.runtime import postgres
from lienthong.runtime.home import Home
home = Home(Path(sys.argv[1]))
with home.held("lt up"), postgres.cluster_of(home, "auto").running() as url:
    print(url, flush=True)
    time.sleep(60)
"""


def query(url, statement, *parameters):
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement, parameters)
        return cursor.fetchone() if cursor.description else None


@pytest.fixture
def cluster(home_with_database):
    return postgres.cluster_of(home_with_database, "auto")


def test_what_was_stored_is_there_after_a_restart(cluster):
    with cluster.running() as url:
        query(url, "CREATE TABLE note AS SELECT 'Gia Nghĩa' AS text")
    with cluster.running() as url:
        assert query(url, "SELECT text FROM note") == ("Gia Nghĩa",)


def test_the_program_is_an_ordinary_user_of_its_database(running):
    rights = query(
        running.url(), "SELECT rolsuper, rolcreatedb, rolcreaterole FROM pg_roles WHERE rolname = current_user"
    )
    assert rights == (False, False, False)
    for name in EXTENSIONS:
        query(running.url(), sql.SQL("CREATE EXTENSION {}").format(sql.Identifier(name)))


def test_vietnamese_capitals_become_small_letters(running):
    assert query(running.url(), "SELECT lower('ĐẮK NÔNG')") == ("đắk nông",)
    assert query(running.url(), "SHOW server_encoding") == ("UTF8",)


def test_nobody_reaches_the_server_but_through_its_private_folder(running):
    assert query(running.url(), "SHOW listen_addresses") == ("",)
    assert stat.S_IMODE(running.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(running.data.stat().st_mode) == 0o700


@ROOT_ONLY
def test_root_runs_the_server_as_an_ordinary_user(running):
    owner = running.data.stat().st_uid
    assert owner != 0 and (running.sockets / SOCKET).stat().st_uid == owner
    number = (running.data / "postmaster.pid").read_text().split()[0]
    user = subprocess.run(["ps", "-o", "uid=", "-p", number], capture_output=True, text=True, check=True)
    assert int(user.stdout) == owner


def test_a_server_ends_with_the_process_that_started_it_and_nothing_committed_is_lost(home_with_database, script):
    parent = script(KEEP_RUNNING, home_with_database.root)
    url = parent.stdout.readline().strip()
    query(url, "CREATE TABLE note AS SELECT 1 AS number")
    seen = postgres.existing_cluster_of(home_with_database, "auto")
    assert seen.answers() and seen.url() == url
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    with postgres.cluster_of(home_with_database, "auto").running() as url:
        assert query(url, "SELECT number FROM note") == (1,)


def test_everything_killed_at_once_while_it_works_is_recovered(home_with_database, script):
    parent = script(KEEP_RUNNING, home_with_database.root)
    url = parent.stdout.readline().strip()
    query(url, "CREATE TABLE note AS SELECT 1 AS number")
    busy = script(
        "import psycopg, sys\n"
        "connection = psycopg.connect(sys.argv[1])\n"
        "print('at work', flush=True)\n"
        "connection.execute('SELECT count(*) FROM generate_series(1, 1000000000)')",
        url,
    )
    busy.stdout.readline()
    time.sleep(0.2)
    postmaster = int((home_with_database.database / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    with postgres.cluster_of(home_with_database, "auto").running() as url:
        assert query(url, "SELECT number FROM note") == (1,)


def test_a_process_number_left_behind_does_not_keep_the_server_from_starting(cluster, script):
    other = script("import time; time.sleep(60)")
    for note in ("", "not a number", f"{other.pid}\n/somewhere\n1\n5432\n"):
        (cluster.data / "postmaster.pid").write_text(note)
        with cluster.running() as url:
            assert query(url, "SELECT 1") == (1,)
    assert other.poll() is None


@pytest.mark.parametrize("name", ["với, dấu cách và 100% \"'=?@#", "x" * 120])
def test_an_installation_may_lie_in_a_folder_of_any_name(home_with_database, name):
    home = Home(home_with_database.root.rename(home_with_database.root.with_name(name)))
    with home.held("test"):
        cluster = postgres.cluster_of(home, "auto")
        with cluster.running() as url:
            assert query(url, "SELECT 1") == (1,)
        cluster.sockets.rmdir()


def test_an_interrupted_making_leaves_nothing_half_made(home):
    home.make()
    (home.root / "database.new" / "base").mkdir(parents=True)
    (home.root / "database.new" / "PG_VERSION").write_text("15")
    with postgres.cluster_of(home, "auto").running() as url:
        assert query(url, "SELECT 1") == (1,)
    assert not (home.root / "database.new").exists()


def test_a_folder_that_is_not_ours_is_left_alone(home):
    home.make()
    home.database.mkdir()
    (home.database / "thesis.odt").write_text("chapter one")
    with pytest.raises(Trouble, match="did not make"):
        postgres.cluster_of(home, "auto")
    assert (home.database / "thesis.odt").read_text() == "chapter one"


def test_a_damaged_database_is_called_damaged(cluster, home_with_database):
    (cluster.data / "global" / "pg_control").unlink()
    with pytest.raises(Trouble, match=r"damaged.*control file"):
        postgres.cluster_of(home_with_database, "auto")


def test_a_database_with_a_broken_inside_is_called_damaged(cluster):
    control = cluster.data / "global" / "pg_control"
    control.write_bytes(bytes(len(control.read_bytes())))
    with pytest.raises(Trouble, match="damaged"), cluster.running():
        pass


def test_a_database_is_run_by_the_version_that_made_it_or_not_at_all(home):
    (home.database / "global").mkdir(parents=True)
    (home.database / "global" / "pg_control").touch()
    (home.database / "PG_VERSION").write_text("9")
    with pytest.raises(Trouble, match="made by PostgreSQL 9"):
        postgres.cluster_of(home, "auto")


def test_a_database_is_run_by_the_version_that_made_it_even_if_another_is_preferred(home, monkeypatch):
    newer, older = binaries.Binaries(home.root, 18, "system"), binaries.Binaries(home.root, 16, "embedded")
    monkeypatch.setattr(binaries, "available", lambda choice: [newer, older] if choice == "auto" else [newer])
    home.database.mkdir(parents=True)
    assert binaries.choose("auto", home.database) == newer
    (home.database / "PG_VERSION").write_text("16\n")
    assert binaries.choose("auto", home.database) == older
    with pytest.raises(Trouble, match="leave LT_POSTGRES empty"):
        binaries.choose("system", home.database)


def test_a_thrown_away_server_leaves_nothing(script):
    with postgres.throwaway("auto") as (folder, url, _):
        assert query(url, "SHOW fsync") == ("off",)
        query(url, "CREATE DATABASE test_it")
    assert not folder.exists()


def test_what_a_killed_test_run_left_is_swept_up(script):
    lines = (
        "import time\nfrom lienthong.runtime import postgres\n"
        "with postgres.throwaway('auto') as (folder, url, kind):\n    print(folder, flush=True)\n    time.sleep(60)"
    )
    run = script(lines)
    folder = Path(run.stdout.readline().strip())
    run.send_signal(signal.SIGKILL)
    run.wait()
    for _ in range(100):  # the server that was left takes a moment to end
        postgres.sweep_throwaways()
        if not folder.exists():
            break
        time.sleep(0.05)
    assert not folder.exists()


def test_a_server_that_does_not_answer_is_named_with_a_way_out():
    with pytest.raises(Trouble, match="does not answer"):
        postgres.check_server("postgresql://nobody@/x?host=/nowhere")
    with pytest.raises(Trouble, match="cannot be understood"):
        postgres.check_server("postgresql://x?nonsense=1")


@ROOT_ONLY
def test_data_that_root_restored_is_given_back_to_its_user(cluster, home_with_database):
    for base, folders, files in os.walk(cluster.data):
        for name in (".", *folders, *files):
            os.chown(Path(base) / name, 0, 0)
    with postgres.cluster_of(home_with_database, "auto").running() as url:
        assert query(url, "SELECT 1") == (1,)


@ROOT_ONLY
def test_below_a_closed_folder_the_database_lies_in_an_open_one(open_folder, monkeypatch):
    shared = open_folder / "shared"
    monkeypatch.setattr(binaries, "SHARED", shared)
    closed = open_folder / "closed"
    closed.mkdir(mode=0o700)
    home = Home(closed / "home")
    with postgres.cluster_of(home, "auto").running() as url:
        assert query(url, "SELECT 1") == (1,)
    assert home.database.is_symlink() and home.database.resolve().is_relative_to(shared)
    assert read_json(home.database.resolve().parent / "home.json") == {"home": str(home.root)}
    assert postgres.abandoned() == []
    elsewhere = home.database.resolve().parent
    home.database.unlink()
    assert postgres.abandoned() == [elsewhere]


@ROOT_ONLY
def test_an_embedded_server_below_a_closed_folder_is_copied_to_an_open_one(open_folder, monkeypatch):
    found = binaries.available("embedded")
    if not found:
        pytest.skip("no embedded PostgreSQL on this machine")
    monkeypatch.setattr(binaries, "SHARED", open_folder / "shared")
    copy = binaries.readable_copy(found[0])
    again = binaries.readable_copy(found[0])
    assert copy == again and copy.folder.is_relative_to(open_folder)
    account = postgres.account_for(open_folder / "none")
    assert account.can_run(copy.postgres) and account.can_run(copy.initdb)
    answer = subprocess.run([copy.initdb, "--version"], capture_output=True, text=True, check=True)
    assert "PostgreSQL" in answer.stdout
