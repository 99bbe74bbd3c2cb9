"""Has anything changed since the last time? Answered from names, sizes and times of files, in a few milliseconds."""

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

IGNORED = ("__pycache__",)
IGNORED_SUFFIXES = (".pyc", ".mo")


def of(places: Iterable[Path], *facts: str) -> str:
    """A name for the state of these files and folders together with some facts."""
    digest = hashlib.sha256("\0".join(facts).encode())
    for place in places:
        for path, size, changed in sorted(_files(place)):
            digest.update(f"\0{path}\0{size}\0{changed}".encode(errors="surrogateescape"))
    return digest.hexdigest()


def _files(place: Path) -> Iterator[tuple[str, int, int]]:
    if place.is_file():
        facts = place.stat()
        yield str(place), facts.st_size, facts.st_mtime_ns
        return
    for base, folders, names in os.walk(place):
        folders[:] = [folder for folder in folders if folder not in IGNORED]
        for name in names:
            if not name.endswith(IGNORED_SUFFIXES):
                facts = Path(base, name).stat()
                yield f"{base}/{name}", facts.st_size, facts.st_mtime_ns
