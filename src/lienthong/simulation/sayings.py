"""What simulated people write and what there is for them to do, as files of data say it."""

import tomllib
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Any

from lienthong.simulation.chance import pick


class Sayings:
    """A file of data in TOML, read once. Its table `words` has one or several ways of saying each thing."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def _data(self) -> dict[str, Any]:
        return tomllib.loads(self.path.read_text(encoding="utf-8"))

    def data(self) -> dict[str, Any]:
        return self._data

    def words(self, name: str, rng: Random) -> str:
        """One of the ways of saying something."""
        said = self._data["words"][name]
        return str(said if isinstance(said, str) else pick(rng, said))
