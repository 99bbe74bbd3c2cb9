import signal
import sys
import time

import pytest

from lienthong.runtime.errors import Trouble
from lienthong.runtime.supervisor import Program, Supervisor, rotate

SUPERVISE = """
import os, sys
from pathlib import Path
from lienthong.runtime.supervisor import Program, Supervisor
folder = Path(sys.argv[1])
with Supervisor(lambda text: print("told:", text.splitlines()[0], flush=True)) as supervisor:
    for name in sys.argv[2:]:
        command = [sys.executable, str(folder / f"{name}.py")]
        supervisor.begin(Program(name, command, dict(os.environ), folder / f"{name}.log", patience=1))
    print("started", flush=True)
    supervisor.watch()
print("stopped", flush=True)
"""

WORKS = """
import signal, sys, time
from pathlib import Path
here = Path(__file__)
def stop(*_):
    here.with_suffix(".stopped").touch()
    sys.exit(0)
signal.signal(signal.SIGTERM, stop)
with here.with_suffix(".began").open("a") as began:
    began.write("x")
"""
SLEEPS = "time.sleep(60)"

STUBBORN = """
import signal, time
from pathlib import Path
signal.signal(signal.SIGTERM, signal.SIG_IGN)
Path(__file__).with_suffix(".began").touch()
time.sleep(60)
"""


@pytest.fixture
def supervised(tmp_path, script):
    def run(**programs):
        for name, lines in programs.items():
            (tmp_path / f"{name}.py").write_text(lines)
        process = script(SUPERVISE, tmp_path, *programs)
        assert process.stdout.readline() == "started\n"
        return process

    return run


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_asked_to_stop_it_lets_every_program_end_by_itself(supervised, tmp_path, how):
    process = supervised(web=WORKS + SLEEPS, worker=WORKS + SLEEPS)
    until(lambda: (tmp_path / "web.began").exists() and (tmp_path / "worker.began").exists())
    process.send_signal(how)
    out, _ = process.communicate(timeout=20)
    assert out == "stopped\n" and process.returncode == 0
    assert (tmp_path / "web.stopped").exists() and (tmp_path / "worker.stopped").exists()


def test_a_program_that_crashed_is_started_again_and_that_is_said(supervised, tmp_path):
    crashes_once = "if here.with_suffix('.began').read_text() == 'x':\n    import os\n    os.abort()\n"
    process = supervised(worker=WORKS + crashes_once + SLEEPS)
    assert process.stdout.readline() == "told: The worker stopped (killed by SIGABRT); starting it again in 1 s.\n"
    until(lambda: (tmp_path / "worker.began").read_text() == "xx")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert (tmp_path / "worker.stopped").exists()


def test_a_program_that_does_not_stop_is_killed_after_its_time(supervised, tmp_path):
    process = supervised(stubborn=STUBBORN)
    until(lambda: (tmp_path / "stubborn.began").exists())
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert out == "stopped\n"


def test_a_second_ctrl_c_does_not_wait(supervised, tmp_path):
    process = supervised(stubborn=STUBBORN)
    until(lambda: (tmp_path / "stubborn.began").exists())
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert out == "stopped\n" and process.returncode == 0


def test_what_a_killed_supervisor_had_started_ends_too(supervised, tmp_path):
    if sys.platform != "linux":
        pytest.skip("only Linux ends the children of a killed process")
    process = supervised(worker=WORKS + SLEEPS)
    until(lambda: (tmp_path / "worker.began").exists())
    process.kill()
    until(lambda: (tmp_path / "worker.stopped").exists())


def test_a_program_that_cannot_start_shows_the_end_of_its_log(tmp_path):
    program = Program(
        "web server",
        [sys.executable, "-c", "raise SystemExit('no such table')"],
        {},
        tmp_path / "web.log",
        is_ready=lambda: False,
    )
    with (
        pytest.raises(Trouble, match=r"(?s)web server could not start.*no such table"),
        Supervisor(print) as supervisor,
    ):
        supervisor.start(program)


def test_a_program_that_never_gets_ready_is_given_up(tmp_path):
    program = Program(
        "web server",
        [sys.executable, "-c", "import time; time.sleep(60)"],
        {},
        tmp_path / "web.log",
        is_ready=lambda: False,
        ready_within=0.3,
    )
    with pytest.raises(Trouble, match="did not answer"), Supervisor(print) as supervisor:
        supervisor.start(program)


def test_a_large_log_is_put_aside_once(tmp_path):
    log = tmp_path / "web.log"
    rotate(log)
    log.write_bytes(bytes(10_000_001))
    rotate(log)
    assert not log.exists() and (tmp_path / "web.log.1").exists()
