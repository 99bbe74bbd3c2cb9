"""What an expression gave, as it would have been typed into a field: for data that is made of other data. Pure."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.expressions import written
from lienthong.foundation.fields.types.address import AddressField
from lienthong.foundation.fields.types.agencies import Organisation
from lienthong.foundation.fields.types.choices import Boolean, Choice, Choices
from lienthong.foundation.fields.types.entries import Reference
from lienthong.foundation.fields.types.files import File
from lienthong.foundation.fields.types.geometry import GeometryField
from lienthong.foundation.fields.types.numbers import DecimalNumber, Integer, Money, Year, json_number
from lienthong.foundation.fields.types.structure import Computed, Section, Table
from lienthong.foundation.fields.types.texts import Paragraph, Text
from lienthong.foundation.fields.types.times import Date, DateTime


class Unfit(ValueError):
    """A value of a kind that the field can never hold. Says what the field holds, in words."""


def raw_of(field: Field, value: Any) -> Any:
    """The raw value of a field for a value of an expression; None for nothing. Whether it is right, `clean` says: here
    only its kind is looked at. Raises Unfit.

    A reference takes what tells its entry from others: a mapping from fields of its register to values.
    """
    if value is None or value == "":
        return None
    match field:
        case Table():
            return [_row(field, each) for each in _list(value)]
        case AddressField():
            return _address(field, value)
        case Reference():
            return _entry(value)
        case Organisation():
            return _text(value["key"] if isinstance(value, Mapping) and "key" in value else value)
        case Boolean():
            return _of_kind(value, bool, _("needs true or false"))
        case Choices():
            return [_text(each) for each in _list(value)]
        case Integer() | Money() | Year():
            return _whole(value)
        case DecimalNumber():
            return json_number(round(Decimal(_number(value)), field.places))
        case DateTime():
            return _of_kind(value, datetime, _("needs a day with a time")).isoformat()
        case Date():
            return _day(value).isoformat()
        case Text() | Paragraph():
            return _plain(value)
        case GeometryField():
            return value if isinstance(value, Mapping) else _text(value)
        case File() | Computed() | Section():
            raise Unfit(_("cannot be filled in by an expression"))
        case _:
            return _text(value)


def possible(field: Field, raw: Any) -> bool:
    """Whether a choice has the option; of other fields only their rules can tell."""
    if isinstance(field, Choice):
        return raw is None or raw in field.labels
    if isinstance(field, Choices):
        return all(each in field.labels for each in raw or ())
    return True


def _row(table: Table, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise Unfit(_("needs rows such as people.map(p, {'name': p.full_name})"))
    known = {field.key: field for field in table.fields}
    for key in value:
        if key not in known:
            raise Unfit(_("its rows have no field “%(key)s”") % {"key": key})
    return {key: raw_of(known[key], inner) for key, inner in value.items()}


def _address(field: AddressField, value: Any) -> dict[str, Any] | None:
    if not isinstance(value, Mapping) or "unit" not in value:
        raise Unfit(_("needs an address: one that was asked for, or {'unit': …, 'detail': …}"))
    if value["unit"] is None:
        return None
    unit = {"unit": _text(value["unit"])}
    return {**unit, "detail": _text(value.get("detail") or "")} if field.detail else unit


def _entry(value: Any) -> dict[str, Any] | None:
    if not isinstance(value, Mapping):
        raise Unfit(_("needs what tells the entry from others, such as {'so': land.number}"))
    if value.get("id") is not None:
        return {"id": value["id"]}
    return None if any(inner is None for inner in value.values()) else dict(value)


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list):
        raise Unfit(_("needs a list"))
    return value


def _text(value: Any) -> str:
    return str(_of_kind(value, str, _("needs a text")))


def _plain(value: Any) -> str:
    if isinstance(value, Mapping | list):
        raise Unfit(_("needs one plain value"))
    return written(value)


def _number(value: Any) -> int | Decimal:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Unfit(_("needs a number"))
    return value


def _whole(value: Any) -> int:
    number = _number(value)
    if number != int(number):
        raise Unfit(_("needs a whole number"))
    return int(number)


def _day(value: Any) -> date:
    if isinstance(value, datetime) or not isinstance(value, date):
        raise Unfit(_("needs a day"))
    return value


def _of_kind(value: Any, kind: type, message: str | Promise) -> Any:
    if not isinstance(value, kind):
        raise Unfit(message)
    return value
