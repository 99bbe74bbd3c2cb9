"""Entries in force, found by what tells them from others."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.expressions import written
from lienthong.foundation.fields.given import Unfit, raw_of
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.statements import run
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody


class NotFoundSo(DomainError):
    """No entry in force is found so, or more than one."""

    code = "registers.not_found_so"


def columns_of(body: RegisterBody, find: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in which columns, from values of expressions by the keys of fields. Raises NotFoundSo where a value
    is missing or can never stand there."""
    found: dict[str, Any] = {}
    for key, value in find.items():
        field = body.leaves[key].field
        try:
            raw = raw_of(field, value)
            if raw is None:
                raise NotFoundSo(_("“%(label)s” was not said, so no entry can be looked for."), label=field.label)
            stored = field.to_columns(field.parse(raw, context()))
        except (Invalid, Unfit) as wrong:
            raise _none(body, find) from wrong
        found[body.layout.first(key)] = next(iter(stored.values()))
    return found


def one(body: RegisterBody, find: Mapping[str, Any], *, lock: bool = False) -> int:
    """The id of the one entry in force; with `lock` nobody changes it before the transaction is over. Raises
    NotFoundSo."""
    columns = columns_of(body, find)
    conditions = " AND ".join(f"{name} = %s" for name in columns)
    statement = f"SELECT id FROM {body.layout.table} WHERE {conditions} AND valid_until IS NULL ORDER BY id LIMIT 2"
    with run(f"{statement} FOR NO KEY UPDATE" if lock else statement, [*columns.values()]) as cursor:
        ids = [row[0] for row in cursor.fetchall()]
    if len(ids) > 1:
        raise NotFoundSo(
            _("More than one entry of “%(register)s” has %(what)s."), register=body.name, what=_told(body, find)
        )
    if not ids:
        raise _none(body, find)
    return int(ids[0])


def _none(body: RegisterBody, find: Mapping[str, Any]) -> NotFoundSo:
    return NotFoundSo(
        _("No entry in force of “%(register)s” has %(what)s."), register=body.name, what=_told(body, find)
    )


def _told(body: RegisterBody, find: Mapping[str, Any]) -> str:
    """“Số giấy phép” 12/GPXD; of personal data only which field it is."""
    return ", ".join(
        f"“{body.leaves[key].field.label}”" + ("" if key in body.personal else f" {written(value)}")
        for key, value in find.items()
    )
