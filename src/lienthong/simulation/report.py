"""The report of a run: a page that needs nothing else, and its charts as PNG. Of the files of the run alone."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from pathlib import Path
from typing import Any

import typst
from django.template import Context, Engine
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from lienthong.foundation.fields import formats
from lienthong.foundation.papers.text import FONTS
from lienthong.runtime.errors import Trouble
from lienthong.simulation import charts
from lienthong.simulation.charts import Bar, Line, Palette
from lienthong.simulation.figures import FiguresFile, PartOfDay
from lienthong.simulation.measures import Count, Summary

PAGE = "report.html"
BUSIEST = 14
DPI = 160

_SHEET = """
#set page(width: 740pt, height: auto, margin: 10pt, fill: white)
#set text(font: "Liberation Serif", size: 13pt, lang: "vi")
*#sys.inputs.title*
#image(bytes(sys.inputs.svg), format: "svg", width: 720pt)"""


@dataclass(frozen=True, slots=True)
class DeskFigures:
    """A desk over the whole run: what was done, how busy it was, what lay there in the evenings."""

    name: str
    done: int
    late: int
    minutes: float
    present: float
    queue_mean: float
    queue_most: int

    @property
    def utilisation(self) -> float:
        return self.minutes / self.present if self.present else 0.0

    @property
    def late_share(self) -> float:
        return self.late / self.done if self.done else 0.0


@dataclass(frozen=True, slots=True)
class HallFigures:
    """A shop with a queue over the whole run; `waits` and `served` in seconds, one for each person."""

    name: str
    taken: int
    left: int
    waits: list[int]
    served: list[int]

    def waited(self, share: float) -> float:
        """Minutes that at most this share of the people waited less than."""
        return percentile(self.waits, share) / 60

    @property
    def usual_service(self) -> float:
        """Minutes."""
        return percentile(self.served, 0.5) / 60


def percentile(values: Sequence[int], share: float) -> float:
    """The value that so large a share of them lies at or below; 0 of none."""
    return float(sorted(values)[max(0, ceil(share * len(values)) - 1)]) if values else 0.0


@dataclass(frozen=True)
class Run:
    """What is known of a run: its summary and its days."""

    summary: Summary
    days: list[PartOfDay]

    @classmethod
    def read(cls, folder: Path) -> "Run":
        summary = Summary.read(folder)
        if summary is None:
            raise Trouble(f"{folder} holds no finished simulation.", way_out="Run it to its end first.")
        return cls(summary, FiguresFile(folder).read())

    @property
    def start(self) -> date:
        return date.fromisoformat(self.summary.start)

    def by_week(self, of: Callable[[PartOfDay], float]) -> list[float]:
        sums = [0.0] * max(1, -(-self.summary.days // 7))
        for part in self.days:
            sums[(part.day - self.start).days // 7] += of(part)
        return sums

    def backlog(self) -> list[float]:
        """What lay on all desks in the evening of the last working day of each week."""
        by_day: dict[date, float] = defaultdict(float)
        for part in self.days:
            by_day[part.day] += sum(desk[4] for desk in part.figures.get("desks", {}).values())
        weeks = [0.0] * max(1, -(-self.summary.days // 7))
        for day in sorted(by_day):
            if by_day[day]:
                weeks[(day - self.start).days // 7] = by_day[day]
        return weeks

    def desks(self) -> dict[str, DeskFigures]:
        found: dict[str, list[list[float]]] = defaultdict(list)
        for part in self.days:
            for desk, figures in part.figures.get("desks", {}).items():
                found[desk].append(figures)
        return {desk: self._desk(desk, days) for desk, days in found.items()}

    def halls(self) -> list[HallFigures]:
        """The shops in which people waited, the longest waits first."""
        found: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for part in self.days:
            for shop, figures in part.figures.get("queues", {}).items():
                found[shop].append(figures)
        halls = [
            HallFigures(
                name=self.summary.organisations.get(shop, shop),
                taken=sum(day.get("take-number", 0) for day in days),
                left=sum(day.get("give-back", 0) + day.get("not-called", 0) for day in days),
                waits=[seconds for day in days for seconds in day["waits"]],
                served=[seconds for day in days for seconds in day["served"]],
            )
            for shop, days in found.items()
        ]
        return sorted((hall for hall in halls if hall.taken), key=lambda hall: (-hall.waited(0.95), hall.name))

    def _desk(self, desk: str, days: list[list[float]]) -> DeskFigures:
        organisation, _colon, role = desk.partition(":")
        done, late, minutes, present, _queue = (sum(column) for column in zip(*days, strict=True))
        queues = [int(day[4]) for day in days]
        place = self.summary.organisations.get(organisation, organisation)
        name = f"{place} – {self.summary.roles.get(role, role)}"
        return DeskFigures(name, int(done), int(late), minutes, present, sum(queues) / len(queues), max(queues))


def write(folder: Path, *, before: Path | None = None) -> Path:
    """Write the page and the pictures of a run into its folder; beside a run `before` a change when there is one."""
    run = Run.read(folder)
    base = Run.read(before) if before else None
    for name, (title, draw) in _drawings(run, base).items():
        (folder / f"{name}.png").write_bytes(_png(title, draw(charts.PRINTED)))
    page = folder / PAGE
    page.write_text(_page(run, base), encoding="utf-8")
    return page


Draw = Callable[[Palette], str]


def _drawings(run: Run, base: Run | None) -> dict[str, tuple[str, Draw]]:
    """The charts by the names of their files, each with its title."""
    weeks = [f"{run.start + timedelta(days=7 * n):%d/%m}" for n in range(len(run.backlog()))]
    flow = [
        Line(_("Handed in"), run.by_week(lambda part: part.figures.get("arrived", 0))),
        Line(_("Results returned"), run.by_week(lambda part: _actions(part, "return-result")), "second"),
    ]
    backlog = [Line(_("Lying on desks"), run.backlog())]
    late = [Line(_("Share late"), _late_by_month(run), "third")]
    if base:
        backlog.append(Line(_("Without the change"), base.backlog(), "before", dashed=True))
        late.append(Line(_("Without the change"), _late_by_month(base), "before", dashed=True))
    months = [f"{month[5:]}/{month[:4]}" for month in run.summary.by_month]
    busy = _busiest(run, base)
    return {
        "flow": (_("Dossiers by week"), lambda p: charts.lines(_("Dossiers by week"), weeks, flow, p, written=_whole)),
        "backlog": (_("Work waiting"), lambda p: charts.lines(_("Work waiting"), weeks, backlog, p, written=_whole)),
        "late": (_("Late by month"), lambda p: charts.lines(_("Late by month"), months, late, p, written=_percent)),
        "desks": (_("Busiest desks"), lambda p: charts.bars(_("Busiest desks"), busy, p, written=_percent)),
    }


def _actions(part: PartOfDay, name: str) -> float:
    return float(part.figures.get("actions", {}).get(name, 0))


def _late_by_month(run: Run) -> list[float]:
    return [count.late_share for count in run.summary.by_month.values()]


def _busiest(run: Run, base: Run | None) -> list[Bar]:
    before = base.desks() if base else {}
    desks = sorted(run.desks().items(), key=lambda one: (-one[1].utilisation, one[0]))[:BUSIEST]
    return [Bar(desk.name, desk.utilisation, before[key].utilisation if key in before else None) for key, desk in desks]


def _page(run: Run, base: Run | None) -> str:
    engine = Engine(
        dirs=[str(Path(__file__).parent / "templates")], builtins=["django.templatetags.i18n"], autoescape=True
    )
    worst = sorted(run.desks().values(), key=lambda desk: (-desk.queue_mean, desk.name))[:BUSIEST]
    context = {
        "run": run.summary,
        "first_day": f"{run.start:%d/%m/%Y}",
        "last_day": f"{run.start + timedelta(days=run.summary.days - 1):%d/%m/%Y}",
        "figures": list(_headline(run.summary, base.summary if base else None)),
        "charts": [(title, draw(charts.ON_PAGE)) for title, draw in _drawings(run, base).values()],
        "tables": [
            (_("By procedure"), _rows(run.summary.by_procedure, base.summary.by_procedure if base else {})),
            (_("By district"), _rows(run.summary.by_district, base.summary.by_district if base else {})),
        ],
        "desks": [
            (d.name, _whole(d.done), _percent(d.late_share), _percent(d.utilisation), _one(d.queue_mean), d.queue_most)
            for d in worst
        ],
        "halls": [
            (h.name, _whole(h.taken), _one(h.waited(0.5)), _one(h.waited(0.95)), _one(h.usual_service), _whole(h.left))
            for h in run.halls()
        ],
        "compared": base is not None,
        "speed": _one(run.summary.total.all / run.summary.seconds) if run.summary.seconds else "",
    }
    return engine.get_template("simulation/report.html").render(Context(context))


def _headline(now: Summary, before: Summary | None) -> Iterable[tuple[str, str, str]]:
    """What one wants to know first: name, figure, and the figure without the change."""
    asked: tuple[tuple[str, Callable[[Count], str]], ...] = (
        (_("Handed in"), lambda count: _whole(count.all)),
        (_("Finished"), lambda count: _whole(count.finished)),
        (_("Share late"), lambda count: _percent(count.late_share)),
        (_("Days until the result"), lambda count: _one(count.days)),
        (_("Still open"), lambda count: _whole(count.open)),
    )
    for name, figure in asked:
        yield name, figure(now.total), figure(before.total) if before else ""


def _rows(counts: dict[str, Count], before: dict[str, Count]) -> list[tuple[Any, ...]]:
    return [
        (
            name,
            _whole(count.all),
            _whole(count.finished),
            _one(count.days),
            _percent(count.late_share),
            _percent(before[name].late_share) if name in before else "",
        )
        for name, count in counts.items()
    ]


def _whole(value: float) -> str:
    return formats.number(round(value))


def _one(value: float) -> str:
    return number_format(round(value, 1), decimal_pos=1)


def _percent(value: float) -> str:
    return f"{number_format(round(value * 100, 1), decimal_pos=1)} %"


def _png(title: str, svg: str) -> bytes:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
    compiler = typst.Compiler(font_paths=fonts)
    made = compiler.compile(input=_SHEET.encode(), format="png", ppi=DPI, sys_inputs={"svg": svg, "title": title})
    assert isinstance(made, bytes)
    return made
