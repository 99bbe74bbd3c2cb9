"""What stands in the registers from the beginning: the files of the library's `register-data`, brought in once by who
keeps the register, through the services of imports. The columns of a file are the keys of fields."""

import csv
from collections.abc import Sequence
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation import clock
from lienthong.foundation.errors import DomainError
from lienthong.registers.definition import RegisterBody
from lienthong.registers.importing import running, services
from lienthong.registers.importing.models import Import
from lienthong.simulation.registers.keepers import Clerk

FOLDER = Path(__file__).parents[2] / "library" / "register-data"

Status = Import.Status
OVER = (Status.DONE, Status.STOPPED, Status.UNDOING, Status.UNDONE)


class NotBroughtIn(DomainError):
    code = "simulation.not_brought_in"


def file_for(register: str) -> Path | None:
    """The file with what stands in a register from the beginning."""
    path = FOLDER / f"{register}.csv"
    return path if path.exists() else None


def bring_in(body: RegisterBody, clerk: Clerk) -> None:
    """Enter what is in the register's file, if it was not entered before; goes on where it was interrupted. Raises
    NotBroughtIn for rows that the register does not accept: the library's files are right or not there."""
    path = file_for(body.key)
    content = path.read_bytes() if path else b""
    brought = Import.objects.filter(register=body.key, sha256=sha256(content).hexdigest()).order_by("id")
    if path is None or brought.filter(status__in=OVER).exists():
        return
    found = brought.filter(account_id=clerk.officer.account_id).first() or services.bring(
        register=body.key, source=content, name=path.name, officer=clerk.officer, organisation_id=clerk.keeper.id
    )
    _go_on(found, clerk, _columns(path), min(body.effective_from, clock.today()))
    if found.status != Status.DONE or found.wrong:
        raise NotBroughtIn(
            _("%(count)s rows of %(file)s were not accepted. %(problem)s"),
            way_out=_("Compare the file with the declaration of its register."),
            count=found.wrong,
            file=path.name,
            problem=found.problem,
        )


def _go_on(found: Import, clerk: Clerk, columns: Sequence[str], since: date) -> None:
    """From the step at which it is to the end; each step is a transaction."""
    own: dict[str, Any] = {"register": found.register, "key": found.key, "officer": clerk.officer}
    if found.status == Status.MAPPING:
        if found.heading_row != 1:
            services.look_again(**own, sheet="", heading_row=1)
        mapping = dict(enumerate(columns))
        services.check(**own, mapping=mapping, existing=Import.Existing.SKIP, valid_from=since)
        found.refresh_from_db()
    if found.status == Status.CHECKING:
        running.check(found.pk)
        found.refresh_from_db()
    if found.status == Status.CHECKED and not found.wrong:
        services.start(**own)
        found.refresh_from_db()
    if found.status == Status.RUNNING:
        running.enter(found.pk)
        found.refresh_from_db()


def _columns(path: Path) -> Sequence[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.reader(file))
