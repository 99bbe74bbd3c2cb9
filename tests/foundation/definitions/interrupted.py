"""A process that publishes the folder it is given and stops in the middle, for a test to kill."""

import sys
import time
from pathlib import Path

import django


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
    django.setup()
    publish(Path(sys.argv[1]))
