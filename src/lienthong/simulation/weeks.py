"""The last weeks of a demonstration: what the people of the cast have before them when it opens.

A small run at the counters where somebody of the cast sits, up to the present. It is begun once; one that was killed is
taken up where it stopped, and ends at the moment it was begun for.
"""

from datetime import datetime, timedelta
from pathlib import Path

from lienthong.cases.models import Dossier
from lienthong.foundation import clock
from lienthong.foundation.organisations.queries import tree
from lienthong.identity.definition import CAST
from lienthong.runtime.home import read_json, write_json
from lienthong.simulation import engine
from lienthong.simulation.actors import Tell
from lienthong.simulation.scenario import Scenario

PLAN = "weeks.json"
ONE_STOP = "one-stop"

DAYS = 28
DOSSIERS = 90
EACH_OF_CAST = 5
VISITORS, DAYS_OF_QUEUES = 9, 4
RUSH, PACE = 6.0, 1.7
"""Most of them came of late and lie somewhat long, so that everybody has open work and some of it is late."""
SEED = 1


def play(folder: Path, tell: Tell = lambda done, total, what: None) -> int:
    """Simulate what is missing of them. `folder` keeps what was planned and the figures. Returns how many dossiers
    there are.

    0 where the cast sits at no counter, and where there are dossiers already that are not of these weeks: a province
    that was simulated stays as it is.
    """
    scenario = planned(folder)
    if scenario is None:
        return 0
    engine.run(scenario, folder, tell=tell)  # in this process: others would begin as slowly as the whole takes
    return Dossier.objects.filter(parent=None).count()


def planned(folder: Path) -> Scenario | None:
    """The weeks that were begun, else those up to the present."""
    where = counters()
    if not where:
        return None
    kept = read_json(folder / PLAN).get("until")
    if kept:
        begun = until(datetime.fromisoformat(kept), where)
        if engine.Production(begun, folder).passed():
            return begun
    if Dossier.objects.exists():
        return None
    now = clock.now().replace(microsecond=0)
    folder.mkdir(parents=True, exist_ok=True)
    write_json(folder / PLAN, {"until": now.isoformat()})
    return until(now, where)


def until(moment: datetime, where: tuple[str, ...]) -> Scenario:
    """The weeks that end at a moment."""
    return Scenario(
        seed=SEED,
        start=clock.local(moment).date() - timedelta(days=DAYS - 1),
        days=DAYS,
        dossiers=DOSSIERS,
        counters=where,
        until=clock.local(moment),
        each_of_cast=EACH_OF_CAST,
        visitors=VISITORS,
        rush=RUSH,
        pace=PACE,
        visitors_from=clock.local(moment).date() - timedelta(days=DAYS_OF_QUEUES - 1),
    )


def counters() -> tuple[str, ...]:
    """The one-stop shops at which somebody of the cast sits."""
    held = {held.organisation for each in CAST.all() for officer in each.body.officers for held in officer.posts}
    nodes = [node for key in sorted(held) if (node := tree().by_key(key))]
    return tuple(node.key for node in nodes if ONE_STOP in node.functions)
