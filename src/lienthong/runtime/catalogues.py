"""Compiles message catalogues, .po to .mo, since the repository keeps only the .po."""

import os
from collections.abc import Iterator
from pathlib import Path

from lienthong.runtime.home import unique_beside

PACKAGE = Path(__file__).resolve().parents[1]


def rooms(package: Path = PACKAGE) -> Iterator[Path]:
    """The folders that may hold a `locale`: every module, and every one inside foundation."""
    for base in (package, package / "foundation"):
        with os.scandir(base) as entries:
            yield from sorted(Path(entry.path) for entry in entries if entry.is_dir() and entry.name[0] not in "._")


def stale(package: Path = PACKAGE) -> list[Path]:
    """The .po files that have no up-to-date .mo."""
    return [
        source
        for room in rooms(package)
        if (room / "locale").is_dir()
        for source in sorted((room / "locale").glob("*/LC_MESSAGES/*.po"))
        if not is_compiled(source)
    ]


def is_compiled(source: Path) -> bool:
    try:
        return source.with_suffix(".mo").stat().st_mtime_ns >= source.stat().st_mtime_ns
    except FileNotFoundError:
        return False


def compile_stale(package: Path = PACKAGE) -> list[Path]:
    """Compile what is stale and answer which. Processes that do it at once do no harm: each .mo is replaced whole."""
    sources = stale(package)
    for source in sources:
        compile_catalogue(source)
    return sources


def compile_catalogue(source: Path) -> None:
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    read_from = source.stat()
    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parents[1].name)
    target = source.with_suffix(".mo")
    new = unique_beside(target)
    with new.open("wb") as file:
        write_mo(file, catalogue)
    # The time of the text it was made from: an edit that comes while we compile makes it stale again.
    os.utime(new, ns=(read_from.st_atime_ns, read_from.st_mtime_ns))
    new.replace(target)
