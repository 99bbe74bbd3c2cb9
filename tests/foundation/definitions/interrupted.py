"""A process that publishes the folder it is given and stops in the middle, for a test to kill.

It loads just the rooms that publishing needs, so that it starts quickly.
"""

import sys
import time
from pathlib import Path

import django
from django.conf import settings

ROOMS = [
    "lienthong.foundation.definitions",
    "lienthong.foundation.ledger",
    "procrastinate.contrib.django",
    "django.contrib.auth",
    "django.contrib.contenttypes",
]


def set_up() -> None:
    from lienthong.settings import test as house

    kept = {name: getattr(house, name) for name in ("DATABASES", "SECRET_KEY", "USE_TZ", "TIME_ZONE", "LANGUAGE_CODE")}
    settings.configure(INSTALLED_APPS=ROOMS, **kept)
    django.setup()


def publish(folder: Path) -> None:
    from lienthong.foundation.definitions import services
    from lienthong.foundation.definitions.registry import Kind, replaced
    from tests.foundation.definitions.lending import ArchiveBody

    def stop(row: object, body: object) -> None:
        sys.stdout.write("published\n")
        sys.stdout.flush()
        time.sleep(60)

    with replaced(Kind("archive", ArchiveBody, title="archive", materialise=stop)):
        services.apply(services.plan([folder]))


if __name__ == "__main__":
    set_up()
    publish(Path(sys.argv[1]))
