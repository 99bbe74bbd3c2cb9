import os
import signal
import stat
import threading
from pathlib import Path

import pytest

from lienthong.runtime.errors import Trouble
from lienthong.runtime.home import Held, Holder, Home, read_json, write_json

HOLD = """
import sys, time
from pathlib import Path
from lienthong.runtime.home import Home
with Home(Path(sys.argv[1])).held("lt up", "http://localhost:8000"):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def other(home, script):
    process = script(HOLD, home.root)
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_one_is_refused_and_told_who_has_the_installation(home, other):
    with pytest.raises(Held) as refusal, home.held("lt up"):
        pass
    assert refusal.value.holder == Holder(other.pid, "lt up", "http://localhost:8000")
    assert str(other.pid) in str(refusal.value) and "http://localhost:8000" in str(refusal.value)


def test_an_installation_is_free_as_soon_as_its_holder_was_killed(home, other):
    other.send_signal(signal.SIGKILL)
    other.wait()
    assert home.holder() is None
    with home.held("lt up"):
        assert home.holder() == Holder(os.getpid(), "lt up", "")


def test_looking_who_holds_an_installation_does_not_keep_others_out(home):
    home.make()
    stop = threading.Event()

    def look():
        while not stop.is_set():
            home.holder()

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        for _ in range(20):
            with home.held("lt plan"):
                pass
    finally:
        stop.set()
        watcher.join()


def test_nobody_holds_an_installation_that_does_not_exist(home):
    assert home.holder() is None


def test_the_secret_is_made_once_and_nobody_else_may_read_it(home):
    secrets = set()
    makers = [threading.Thread(target=lambda: secrets.add(home.secret())) for _ in range(8)]
    for maker in makers:
        maker.start()
    for maker in makers:
        maker.join()
    assert len(secrets) == 1 and len(secrets.pop()) >= 50
    assert stat.S_IMODE((home.root / "secret").stat().st_mode) == 0o600


def test_erasing_removes_what_the_installation_made_and_nothing_else(home):
    home.make()
    home.secret()
    write_json(home.prepared, {"province": "dak_nong"})
    (home.keys / "ca.pem").write_text("key")
    (home.root / "letter.odt").write_text("of somebody")
    (home.root / "tools").mkdir()
    home.erase()
    assert sorted(path.name for path in home.root.iterdir()) == ["letter.odt", "tools"]


def test_erasing_follows_a_database_that_lies_elsewhere(home, open_folder):
    elsewhere = open_folder / "elsewhere"
    (elsewhere / "database").mkdir(parents=True)
    write_json(elsewhere / "home.json", {"home": str(home.root)})
    home.make()
    home.database.symlink_to(elsewhere / "database")
    home.erase()
    assert not elsewhere.exists() and not home.database.is_symlink()


def test_a_note_that_was_cut_short_counts_as_none(tmp_path):
    note = tmp_path / "note.json"
    for text in ("", '{"pid": 1', "[1, 2]", "\0"):
        note.write_text(text)
        assert read_json(note) == {}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_of_somebody_else_is_refused_plainly():
    with pytest.raises(Trouble, match="cannot be made"):
        Home(Path("/proc/lienthong")).make()
