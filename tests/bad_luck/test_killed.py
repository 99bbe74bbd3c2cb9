"""Whatever is killed at whatever moment: nothing is lost, nothing happens twice, all promises hold after the restart.

The short form of every test run kills each kind of process once. The long form, of the issue:

    LT_TEST_KILLS=100 ./lt test tests/bad_luck/test_killed.py
"""

import os
import random
import threading
import time
import uuid

from tests.bad_luck.stack import KINDS, PATIENCE, Clerk, stack, until, until_settled

KILLS = int(os.environ.get("LT_TEST_KILLS", "4"))
DAYS = 2 + KILLS // 2
DOSSIERS = 10 * DAYS
SIMULATION = ["--days", DAYS, "--dossiers", DOSSIERS, "--seed", 3, "--from", "2025-03-03", "--papers", 1]


def test_nothing_is_lost_and_nothing_happens_twice_though_everything_is_killed(tmp_path):
    with stack(tmp_path / "home", list(map(str, SIMULATION))) as installation:
        installation.prepare()
        before = installation.inside("verdict")
        clerk = Clerk(installation, **installation.inside("clerk"))
        for kind in KINDS[1:]:
            installation.begin(kind)
        keys, stop = [str(uuid.uuid4()) for _ in range(20 + KILLS)], threading.Event()
        client = threading.Thread(target=hand_in_all, args=[clerk, keys, stop])
        client.start()
        try:
            kill(installation)
            until(lambda: installation.simulated, installation, 60 * PATIENCE)
            until(lambda: not client.is_alive(), installation, PATIENCE)
            until_settled(installation)
        finally:
            stop.set()
            client.join()
        verdict = installation.inside("verdict", *keys)
        code, said = installation.cli("ledger", "verify")

    assert verdict["broken"] == {}
    assert code == 0, said
    assert clerk.answered == {key: verdict["handed_in"][key] for key in keys}, "every one answered is there, once"
    assert verdict["dossiers"] == before["dossiers"] + DOSSIERS + len(keys)
    (run,) = (run for number, run in verdict["runs"].items() if number not in before["runs"])
    assert run["parts"] == run["different"] == DAYS * run["a_day"], "each passed once"
    assert verdict["failed_jobs"] == {} and verdict["papers_without_file"] == 0 < verdict["papers"]
    assert verdict["told_twice"] == 0
    assert sum(installation.kills.values()) == KILLS and min(installation.kills.values()) > 0


def kill(installation) -> None:
    """Each kind in turn, at random moments of what it is doing; what is gone is started again at once."""
    while sum(installation.kills.values()) < KILLS:
        kinds = [kind for kind in KINDS if not (kind == "simulation" and installation.simulated)]
        kind = min(kinds, key=lambda one: (installation.kills[one], random.random()))
        end = time.monotonic() + random.uniform(0.5, 3) + (random.uniform(4, 12) if kind == "simulation" else 0)
        while time.monotonic() < end:
            installation.keep()
            time.sleep(0.1)
        installation.kill(kind)
        installation.keep()


def hand_in_all(clerk: Clerk, keys: list[str], stop: threading.Event) -> None:
    """One after another, each twice: the second time is the impatient click, which gives the same dossier."""
    for key in keys:
        for _time in range(2):
            found = clerk.hand_in(key, PATIENCE)
            if found is not None and clerk.answered.setdefault(key, found) != found:
                clerk.answered[key] = -1
        if stop.wait(0.05):
            return
