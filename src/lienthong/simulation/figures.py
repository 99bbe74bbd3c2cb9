"""What the days came to, kept in a file of the run: one line of JSON for every part of a day.

A line is written before its transaction ends. Of several lines for one part the last counts, so a part that was played
again after a kill counts once.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

FILE = "days.jsonl"


@dataclass(frozen=True, slots=True)
class PartOfDay:
    day: date
    troupe: str
    part: str
    figures: dict[str, Any]


class FiguresFile:
    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE

    def begin_anew(self) -> None:
        self.path.unlink(missing_ok=True)

    def add(self, day: date, troupe: str, part: str, figures: Any) -> None:
        """Append a line; lines of processes that write at once do not mix, since each is one write."""
        line = json.dumps({"day": day.isoformat(), "troupe": troupe, "part": part, "figures": figures})
        with self.path.open("ab", buffering=0) as file:
            file.write(f"{line}\n".encode())

    def read(self) -> list[PartOfDay]:
        found = {(part.day, part.troupe, part.part): part for part in self._lines()}
        return [found[key] for key in sorted(found)]

    def _lines(self) -> Iterator[PartOfDay]:
        if not self.path.exists():
            return
        for line in self.path.read_text(encoding="utf-8").splitlines():
            try:
                kept = json.loads(line)
            except ValueError:  # cut short when the machine went down
                continue
            yield PartOfDay(date.fromisoformat(kept["day"]), kept["troupe"], kept["part"], kept["figures"])
