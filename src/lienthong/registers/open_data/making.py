"""Seeing what changed, and making the files anew: at most once a day for each data set."""

import hashlib
import logging
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from typing import IO, Any

from django.conf import settings
from django.db import transaction
from django.db.models import prefetch_related_objects
from django.utils import translation

from lienthong.foundation import clock
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.files import services as files
from lienthong.foundation.sheets.writing import MOST_ROWS
from lienthong.foundation.statements import run
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody
from lienthong.registers.exporting.writing import writer
from lienthong.registers.open_data import sets
from lienthong.registers.open_data.models import OpenDataset, OpenFile
from lienthong.registers.open_data.rules import YEAR, Changes
from lienthong.registers.open_data.sets import DataSet

log = logging.getLogger(__name__)

COMPARED = ("csv", "json")
"""Formats whose bytes tell whether the content is another: in a spreadsheet stands when it was made."""


def renew() -> int:
    """Look at every data set that was not looked at today, or is declared anew; forget those that are no more. Says of
    how many there are new files. One that cannot be made keeps no other from being made; it raises at the end."""
    found = sets.published()
    known = dict(OpenDataset.objects.values_list("register", "basis"))
    today = set(
        OpenDataset.objects.filter(looked_at__gte=clock.day_start(clock.today())).values_list("register", flat=True)
    )
    for gone in known.keys() - {each.key for each in found}:
        forget(gone)
    made, failed = 0, None
    for each in found:
        if each.key in today and known[each.key] == each.basis:
            continue
        try:
            made += look(each.key)
        except Exception as error:  # whatever it is, the others are wanted too
            log.exception("the files of the data set %s could not be made", each.key)
            failed = error
    if failed:
        raise failed
    return made


def look(key: str) -> bool:
    """See whether a data set changed since its files were made, and make them anew. Says whether it did; done again it
    does nothing. What a dying process leaves is nothing."""
    data_set, now = sets.find(key), clock.now()
    changes = changes_of(data_set)
    stamp = _stamp(data_set)
    known = OpenDataset.objects.filter(register=key).first()
    if known and known.stamp == stamp:
        OpenDataset.objects.filter(pk=known.pk).update(looked_at=now, days=changes.days if changes else 0)
        return False
    with translation.override(settings.LANGUAGE_CODE), _written(data_set) as (entries, targets):
        return _keep(data_set, targets, entries, changes, stamp, now)


def changes_of(data_set: DataSet) -> Changes | None:
    """When public entries were made, changed, corrected, ended or taken back; None where there never were any. Reads
    the whole register: for work that nobody waits for."""
    table, past = data_set.body.layout.table, data_set.body.layout.past
    conditions, given = data_set.rights.limits()
    public = " AND ".join(["TRUE", *conditions])
    day = "(at AT TIME ZONE %s)::date"
    statement = (
        f"SELECT min({day}), max({day}), count(DISTINCT {day}) FILTER (WHERE {day} > %s::date - {YEAR}) FROM ("
        f"SELECT recorded_at AS at FROM {table} WHERE {public}"
        f" UNION ALL SELECT recorded_at FROM {past} WHERE {public}"
        f" UNION ALL SELECT recorded_until FROM {past} WHERE {public} AND recorded_until IS NOT NULL) changed"
    )
    zone = str(clock.ZONE)
    with run(statement, [zone, zone, zone, zone, clock.today(), *given, *given, *given]) as cursor:
        first, last, days = cursor.fetchone()
    return Changes(first, last, days) if first else None


def _state(body: RegisterBody) -> tuple[Any, ...]:
    """Another after whatever happens to an entry. Moments would not do: what is committed late was recorded early."""
    table, past = body.layout.table, body.layout.past
    with run(f"SELECT count(*), sum(revision), (SELECT count(*) FROM {past}) FROM {table}", []) as cursor:
        return tuple(cursor.fetchone())


def _stamp(data_set: DataSet) -> str:
    """Of all that the files are made of: the declarations, code lists, and what happened here and in the registers
    whose entries are named in it."""
    bodies = {data_set.key: data_set.body} | {key: each.body for key, each in data_set.named_in_it.items()}
    lists = {key for field in data_set.fields for key in field.lists()}
    parts = [
        data_set.basis,
        sorted(data_set.formats),
        sorted((key, repr(_state(body))) for key, body in bodies.items()),
        sorted((key, CODE_LIST.current(key).id) for key in lists if CODE_LIST.history(key)),
    ]
    return hashlib.sha256(repr(parts).encode()).hexdigest()


@contextmanager
def _written(data_set: DataSet) -> Iterator[tuple[int, dict[str, IO[bytes]]]]:
    """How many entries there are, and all of them in each format. One pass: so every format tells of the same moment. A
    spreadsheet is left out where it could not hold them."""
    with ExitStack() as stack:
        targets: dict[str, IO[bytes]] = {key: stack.enter_context(tempfile.TemporaryFile()) for key in data_set.formats}
        entries = _write(data_set, targets)
        yield entries, targets


def _write(data_set: DataSet, targets: dict[str, IO[bytes]]) -> int:
    """Says how many entries there are. Of a target that is left out nothing is in `targets` any more. However it ends,
    every writer is closed before its target is."""
    known, entries = context(), 0
    with ExitStack() as stack:
        writers = {
            key: stack.enter_context(closing(writer(key, target, data_set.body, data_set.keys, known)))
            for key, target in targets.items()
        }
        for entries, entry in enumerate(data_set.entries(), start=1):
            if entries == MOST_ROWS and "xlsx" in writers:
                del writers["xlsx"], targets["xlsx"]
            for out in writers.values():
                out.entry(entry)
    return entries


@transaction.atomic
def _keep(
    data_set: DataSet,
    targets: Mapping[str, IO[bytes]],
    entries: int,
    changes: Changes | None,
    stamp: str,
    now: datetime,
) -> bool:
    """Put the files in the place of those before, unless they say the same."""
    said = {
        "basis": data_set.basis,
        "stamp": stamp,
        "looked_at": now,
        "true_at": now,
        "entries": entries,
        "first_on": changes.first if changes else None,
        "last_on": changes.last if changes else None,
        "days": changes.days if changes else 0,
    }
    OpenDataset.objects.get_or_create(register=data_set.key, defaults=said)
    known = OpenDataset.objects.select_for_update().get(register=data_set.key)
    before = {each.format: each for each in known.files.select_related("file")}
    for name, value in said.items():
        setattr(known, name, value)
    known.save()
    if before.keys() == targets.keys() and all(_digest(targets[key]) == before[key].file.sha256 for key in COMPARED):
        return False
    OpenFile.objects.filter(dataset=known).delete()
    files.discard([each.file_id for each in before.values()])
    for key, target in targets.items():
        target.seek(0)
        stored = files.keep(target, name=f"{data_set.key}.{key}", format_key=key)
        OpenFile.objects.create(dataset=known, format=key, file=stored, made_at=now)
    return True


def _digest(target: IO[bytes]) -> str:
    target.seek(0)
    return hashlib.file_digest(target, "sha256").hexdigest()  # type: ignore[arg-type]


@transaction.atomic
def forget(key: str) -> None:
    """Of what is public no more nothing is kept."""
    found = OpenDataset.objects.select_for_update().filter(register=key).first()
    if found is None:
        return
    held = list(found.files.values_list("file_id", flat=True))
    found.delete()
    files.discard(held)


def known_of(data_set: DataSet) -> OpenDataset | None:
    """What is known of it, with its files; None while nothing is, or what is there was made by other declarations,
    which may have made public what no longer is."""
    found = OpenDataset.objects.filter(register=data_set.key, basis=data_set.basis).first()
    if found:
        prefetch_related_objects([found], "files__file")
    return found


def all_known(*, with_files: bool = True) -> dict[str, OpenDataset]:
    """By register; the same as `known_of` for each, in one query, with files in three."""
    valid = {each.key: each.basis for each in sets.published()}
    found = OpenDataset.objects.prefetch_related(*(["files__file"] if with_files else []))
    return {each.register: each for each in found if valid.get(each.register) == each.basis}
