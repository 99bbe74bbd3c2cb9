"""What a run came to, asked of the database when it is over and kept as a small file beside the days' figures."""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

from lienthong.foundation import clock
from lienthong.foundation.organisations.definition import ROLE
from lienthong.foundation.organisations.queries import tree
from lienthong.procedures.definition import PROCEDURE
from lienthong.runtime.home import read_json, write_json
from lienthong.simulation.dossiers.staff import PROVINCE, group_of
from lienthong.simulation.figures import FiguresFile
from lienthong.simulation.invariants import Verdict
from lienthong.simulation.scenario import Scenario

FILE = "summary.json"

_COUNTED = """
    SELECT {by}, count(*), count(*) FILTER (WHERE status IN (9, 10)),
           count(*) FILTER (WHERE status IN (9, 10) AND finished_at > due_at),
           count(*) FILTER (WHERE finished_at IS NULL),
           count(*) FILTER (WHERE finished_at IS NULL AND paused_at IS NULL AND due_at < %(end)s),
           coalesce(avg(extract(epoch FROM finished_at - received_at) / 86400) FILTER (WHERE status IN (9, 10)), 0)
      FROM cases_dossier
     WHERE submitted_at >= %(start)s AND submitted_at < %(end)s AND draft_key IS NOT NULL
     GROUP BY 1 ORDER BY 1"""
_STATUSES = """
    SELECT status, count(*) FROM cases_dossier
     WHERE submitted_at >= %(start)s AND submitted_at < %(end)s AND draft_key IS NOT NULL GROUP BY 1 ORDER BY 1"""
_MONTH = "to_char(submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh', 'YYYY-MM')"


@dataclass(frozen=True, slots=True)
class Count:
    """Dossiers of one sort. `open_late`: not finished and due before the end of the run; `days` from reception on."""

    all: int = 0
    finished: int = 0
    late: int = 0
    open: int = 0
    open_late: int = 0
    days: float = 0.0

    @property
    def late_share(self) -> float:
        """Of what is finished or should be."""
        judged = self.finished + self.open_late
        return (self.late + self.open_late) / judged if judged else 0.0

    def with_(self, other: "Count") -> "Count":
        finished = self.finished + other.finished
        days = self.days * self.finished + other.days * other.finished
        return Count(
            all=self.all + other.all,
            finished=finished,
            late=self.late + other.late,
            open=self.open + other.open,
            open_late=self.open_late + other.open_late,
            days=days / finished if finished else 0.0,
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """`desks`: names of organisations by id and of roles by key. `broken`: offenders by the promise they break."""

    start: str
    days: int
    seed: int
    dossiers: int
    changes: list[str]
    seconds: float
    total: Count
    by_procedure: dict[str, Count]
    by_district: dict[str, Count]
    by_month: dict[str, Count]
    statuses: dict[str, int]
    organisations: dict[str, str]
    roles: dict[str, str]
    promises: int
    broken: dict[str, list[str]] = field(default_factory=dict)

    def save(self, folder: Path) -> None:
        write_json(folder / FILE, asdict(self))

    @classmethod
    def read(cls, folder: Path) -> "Summary | None":
        kept = read_json(folder / FILE)
        if not kept:
            return None
        for name in ("by_procedure", "by_district", "by_month"):
            kept[name] = {key: Count(**count) for key, count in kept[name].items()}
        return cls(**{**kept, "total": Count(**kept["total"])})


def measure(scenario: Scenario, folder: Path, *, seconds: float, verdicts: list[Verdict]) -> Summary:
    """The summary of a run; `seconds` that it took, those of earlier parts of it too."""
    span = {"start": clock.day_start(scenario.start), "end": clock.day_start(scenario.end)}
    by_agency = _counted("competent_id", span)
    by_district: dict[str, Count] = {}
    for agency, count in by_agency.items():
        name = _district(int(agency))
        by_district[name] = by_district.get(name, Count()).with_(count)
    total = Count()
    for count in by_district.values():
        total = total.with_(count)
    names = {edition.body.key: edition.body.name for edition in PROCEDURE.all()}
    return Summary(
        start=scenario.start.isoformat(),
        days=scenario.days,
        seed=scenario.seed,
        dossiers=scenario.dossiers,
        changes=list(scenario.changes),
        seconds=seconds,
        total=total,
        by_procedure={names.get(key, key): count for key, count in _counted("procedure_key", span).items()},
        by_district=dict(sorted(by_district.items())),
        by_month=_counted(_MONTH, span),
        statuses={str(status): count for status, count in _rows(_STATUSES, span)},
        organisations={organisation: tree()[int(organisation)].short_name for organisation in sorted(_seen(folder))},
        roles={role.body.key: role.body.name for role in ROLE.all()},
        promises=len(verdicts),
        broken={str(v.invariant.promise): v.offenders for v in verdicts if v.offenders},
    )


def _counted(by: str, span: dict[str, Any]) -> dict[str, Count]:
    return {str(row[0]): _count(*row[1:]) for row in _rows(_COUNTED.format(by=by), span)}


def _count(all: int, finished: int, late: int, open: int, open_late: int, days: Any) -> Count:
    return Count(all, finished, late, open, open_late, float(days))


def _rows(statement: str, span: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, span)
        return list(cursor.fetchall())


def _district(organisation_id: int) -> str:
    node = tree()[organisation_id]
    district = tree().by_key(group_of(node))
    return district.short_name if district else tree()[node.path[0]].short_name if group_of(node) == PROVINCE else ""


def _seen(folder: Path) -> set[str]:
    days = FiguresFile(folder).read()
    desks = {desk.partition(":")[0] for part in days for desk in part.figures.get("desks", ())}
    return desks | {shop for part in days for shop in part.figures.get("queues", ())}
