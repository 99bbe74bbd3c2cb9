"""Runs the benchmarks named on the command line, or all, and prints one table for each."""

import importlib
import sys
from pathlib import Path

import django
from rich.console import Console
from rich.table import Table

ORDER = (
    "deadlines",
    "papers",
    "signatures",
    "http",
    "transitions",
    "simulation",
    "pages",
    "mix",
    "registers",
    "registers_http",
    "registers_import",
    "registers_map",
    "documents",
    "system",
)


def main(names: list[str]) -> int:
    django.setup()
    unknown = [name for name in names if name not in ORDER]
    if unknown:
        print(f"No benchmark {', '.join(unknown)}; there are: {', '.join(ORDER)}")
        return 2
    from bench import world

    world.prepare()
    console = Console(width=100)
    for name in names or ORDER:
        module = importlib.import_module(f"bench.{name}")
        about = (module.__doc__ or name).splitlines()[0]
        table = Table(title=about, title_justify="left", title_style="bold", width=100)
        for heading in ("what", "measured", "beside", "unit"):
            table.add_column(heading, justify="left" if heading in ("what", "unit") else "right")
        for what, measured, unit, beside in module.run():
            table.add_row(what, _figure(measured), "" if beside is None else _figure(beside), unit)
        console.print(table)
    return 0


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}" if abs(value) < 10 else f"{value:,.1f}"


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    raise SystemExit(main(sys.argv[1:]))
