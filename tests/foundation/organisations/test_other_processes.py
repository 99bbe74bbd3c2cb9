"""What one process publishes another sees a moment later."""

import subprocess
import sys

from django.db import connection

from lienthong.foundation.organisations import queries, services
from tests.foundation.organisations.conftest import clear_the_ground, declared

READER = """
import sys, time
import django
django.setup()
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
from lienthong.foundation.organisations import queries
for line in sys.stdin:
    print(queries.tree().by_key("nghia-trung") is not None, flush=True)
    time.sleep(queries.FRESH_SECONDS)
"""

WARD = {"key": "nghia-trung", "name": "UBND phường", "kind": "peoples-committee", "identifier": "H16.31.21"}


def test_another_process_knows_the_new_tree_after_its_second_of_trust(committed: None) -> None:
    clear_the_ground()
    services.publish_tree(declared())
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(connection.settings_dict["NAME"])],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert reader.stdin and reader.stdout
    try:
        print("look", file=reader.stdin, flush=True)
        assert reader.stdout.readline() == "False\n"
        services.publish_tree(declared(WARD))
        print("look again", file=reader.stdin, flush=True)
        assert reader.stdout.readline() == "True\n"
    finally:
        reader.stdin.close()
        reader.wait(timeout=20)
        queries.forget_tree()
