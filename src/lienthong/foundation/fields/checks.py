"""What fields need that somebody else declares."""

from collections.abc import Iterator

from lienthong.foundation.definitions.catalogue import Catalogue
from lienthong.foundation.definitions.rules import Path, Problem
from lienthong.foundation.fields.code_lists import check_lists
from lienthong.foundation.fields.entries import check_registers
from lienthong.foundation.fields.field_list import FieldList


def check_fields(fields: FieldList, catalogue: Catalogue, at: Path, *, anybody: bool = False) -> Iterator[Problem]:
    """Problems for code lists and registers that fields need and nobody declared; `at` is where the field list stands
    in its body, `anybody` says that people fill it in who are no officers.

    For the `check` of every kind whose body has fields; such a kind comes `after` code-list and register.
    """
    yield from check_lists(fields, catalogue, at)
    yield from check_registers(fields, catalogue, at, anybody=anybody)
