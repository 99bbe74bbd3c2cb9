"""A process beside others in which parts of simulated days are played.

It begins from nothing, not as a fork: the threads that make papers do not survive one, and a paper would never end. So
nothing here may ask for Django before it is set up.
"""

import os
import threading
from datetime import date
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING

from lienthong.simulation.scenario import Scenario

if TYPE_CHECKING:
    from lienthong.simulation.actors import Part
    from lienthong.simulation.engine import Production


class _Of:
    """What this process plays."""

    production: "Production"


def take(scenario: Scenario, folder: Path, database: str) -> None:
    """Make this process ready; it ends when the one that began it was killed, and what is half done is rolled back."""
    import django

    django.setup()
    from django.db import connection

    from lienthong.simulation.engine import Production

    connection.settings_dict["NAME"] = database
    _Of.production = Production(scenario, folder)
    threading.Thread(target=_leave_with, args=[os.getppid()], daemon=True).start()


def play(day: date, troupe: str, part: "Part") -> None:
    _Of.production.play(day, troupe, part)


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        sleep(1)
    os._exit(1)
