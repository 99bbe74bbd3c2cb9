"""lt check-package: look through a package of records, however large."""

from pathlib import Path
from typing import Annotated

import typer

from lienthong.cli import terminal
from lienthong.cli.app import PRODUCTION, app

File = Annotated[
    Path, typer.Argument(metavar="FILE", help="A package as a zip file.", exists=True, dir_okay=False, readable=True)
]


@app.command("check-package", rich_help_panel=PRODUCTION)
def check_package(file: File) -> None:
    """Look through a package of records for an archive.

    Compares every file with its checksum, METS and PREMIS with their schemas.
    Needs no database and unpacks nothing.
    """
    from lienthong.cli import installation

    installation.set_up_django()
    from django.utils import translation

    from lienthong.documents.records.packages import reading
    from lienthong.documents.records.packages.report import PackageRefused

    with translation.override("en"), file.open("rb") as source:
        try:
            report = reading.verify(source, file.stat().st_size)
        except PackageRefused as refused:
            terminal.fail(str(refused), refused.way_out)
            raise typer.Exit(1) from None
        for each in report.deviations:
            level = "" if each.grave else " (advice)"
            terminal.say(" ".join(filter(None, (each.rule + level, str(each.words), each.where, each.more))))
        sound = "sound" if report.is_sound else "not sound"
        terminal.say(f"{report.identifier or file.name}: {len(report.files)} files, {report.events} events, {sound}.")
    raise typer.Exit(0 if report.is_sound else 1)
