"""The commands as a person types them: what they show, and what they say when something is in the way."""

import os
import re
import socket
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from lienthong.cli import commands
from lienthong.runtime.home import Home, write_json


def lt(*arguments, home, width=80, **environment):
    own = {name: value for name, value in os.environ.items() if not name.startswith("LT_")}
    env = {**own, "LT_HOME": str(home), "COLUMNS": str(width), **environment}
    env.pop("DJANGO_SETTINGS_MODULE", None)
    command = [sys.executable, "-m", "lienthong.cli", *map(str, arguments)]
    return subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)


def test_help_names_every_command_in_its_panel_and_fits_a_terminal(tmp_path):
    shown = lt("--help", home=tmp_path).stdout
    order = [
        "Everyday",
        "up",
        "doctor",
        "Declarations",
        "plan",
        "apply",
        "Production",
        "serve",
        "work",
        "administrator",
        "manage",
        "ledger",
    ]
    order += ["Development", "test", "lint", "messages", "bench", "simulate"]
    places = [re.search(rf"[│─] {word} ", shown).start() for word in order]
    assert places == sorted(places)
    assert all(len(line) <= 80 for line in shown.splitlines())
    assert "\x1b" not in shown


def test_every_command_explains_itself_within_a_terminal(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    for command in (
        "up",
        "doctor",
        "plan",
        "apply",
        "serve",
        "work",
        "administrator",
        "ledger",
        "test",
        "lint",
        "messages",
    ):
        shown = CliRunner().invoke(commands(), [command, "--help"], prog_name="lt")
        assert shown.exit_code == 0 and f"Usage: lt {command}" in shown.output
        assert all(len(line) <= 80 for line in shown.output.splitlines())


def test_a_second_up_is_refused_politely(tmp_path):
    with Home(tmp_path).held("lt up", "http://localhost:8000"):
        done = lt("up", home=tmp_path)
    assert done.returncode == 1
    assert "already runs" in done.stderr and "http://localhost:8000" in done.stderr and "LT_HOME=" in done.stderr


def test_a_port_in_use_is_said_plainly_before_anything_is_made(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        done = lt("up", "--port", port, home=tmp_path)
    assert done.returncode == 1
    assert f"Port {port} is in use by " in done.stderr and str(os.getpid()) in done.stderr
    assert f"--port {port + 1}" in done.stderr
    assert not (tmp_path / "database").exists()


def test_an_unknown_province_is_refused_with_the_known_ones(tmp_path):
    done = lt("up", "--province", "atlantis", home=tmp_path)
    assert done.returncode == 1 and "no province 'atlantis'" in done.stderr and "dak_nong" in done.stderr


def test_an_installation_keeps_its_province(tmp_path):
    write_json(Home(tmp_path).prepared, {"province": "dak_lak", "fingerprint": ""})
    other = tmp_path / "declarations"
    other.mkdir()
    done = lt("up", "--province", other, home=tmp_path)
    assert done.returncode == 1 and "holds the province dak_lak" in done.stderr and "--fresh" in done.stderr


def test_fresh_removes_nothing_unasked_without_a_terminal(tmp_path):
    write_json(Home(tmp_path).prepared, {"province": "dak_nong"})
    done = lt("up", "--fresh", home=tmp_path)
    assert done.returncode == 1 and "--yes" in done.stderr
    assert Home(tmp_path).prepared.exists()


def test_fresh_never_touches_a_server_of_somebody_else(tmp_path):
    done = lt("up", "--fresh", "--yes", home=tmp_path, LT_DATABASE_URL="postgresql://x@/y?host=/nowhere")
    assert done.returncode == 1 and "server of yours" in done.stderr


@pytest.mark.parametrize("url", ["postgresql://x@/y?host=/nowhere", "postgresql://x@127.0.0.1:1/y"])
def test_a_database_that_does_not_answer_is_said_plainly(tmp_path, url):
    done = lt("plan", tmp_path, home=tmp_path, LT_DATABASE_URL=url)
    assert done.returncode == 1 and "does not answer" in done.stderr and "Traceback" not in done.stderr


def test_production_does_not_begin_to_serve_while_it_is_not_safe(tmp_path):
    done = lt("serve", "--port", 1, home=tmp_path, LT_DATABASE_URL="postgresql://x@/y?host=/nowhere")
    assert done.returncode == 1 and "Traceback" not in done.stderr


def test_a_worker_without_a_database_says_what_to_start(tmp_path):
    done = lt("work", home=tmp_path)
    assert done.returncode == 1 and "lt serve" in done.stderr


def test_a_command_that_does_not_exist_is_refused(tmp_path):
    done = lt("fly", home=tmp_path)
    assert done.returncode == 2 and "fly" in done.stderr


def test_the_doctor_looks_at_a_machine_where_nothing_was_begun(tmp_path):
    done = lt("doctor", home=tmp_path / "none", width=72)
    assert "There is none yet" in done.stdout and "./lt up" in done.stdout
    assert all(len(line) <= 72 for line in done.stdout.splitlines()[1:])
    assert not (tmp_path / "none" / "database").exists()


def test_the_doctor_names_each_reason_why_production_may_not_start(tmp_path):
    done = lt("doctor", home=tmp_path, LT_ORIGIN="http://example.vn")
    assert done.returncode == 1
    for name in ("LT_SECRET", "LT_ORIGIN", "LT_HOSTS"):
        assert name in done.stdout
