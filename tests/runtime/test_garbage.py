"""The collector of cyclic garbage in a process that serves for months."""

import subprocess
import sys

SERVED = """
import gc, os
os.environ["DJANGO_SETTINGS_MODULE"] = "lienthong.settings.test"
import lienthong.settings.wsgi
cycle = []
cycle.append(cycle)
del cycle
print(gc.get_freeze_count() > 50_000, gc.get_threshold()[0] >= 20_000, gc.isenabled(), gc.collect() > 0)
"""


def test_what_the_web_server_has_loaded_is_never_looked_through_again_and_what_comes_later_is():
    told = subprocess.run([sys.executable, "-c", SERVED], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["True"] * 4
