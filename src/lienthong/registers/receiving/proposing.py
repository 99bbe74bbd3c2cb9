"""From what a result said to the raw data of a register's form, with what of it could not be taken."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError
from lienthong.foundation.fields.data import merge, start
from lienthong.foundation.fields.given import Unfit, raw_of
from lienthong.foundation.fields.raw import Raw
from lienthong.foundation.fields.types.entries import Reference
from lienthong.registers import queries
from lienthong.registers.context import context
from lienthong.registers.definition import RegisterBody
from lienthong.registers.receiving.finding import NotFoundSo, one

Why = tuple[str, str]
"""The label of a field, "" for none, and what is wrong with it in words."""


class NotTaken(DomainError):
    """Some of what the result says cannot stand in the register. `whys` say of which fields."""

    code = "registers.result_not_taken"

    def __init__(self, whys: list[Why]) -> None:
        super().__init__(_("Some of what the result says cannot be written into the register."))
        self.whys = whys


@dataclass(frozen=True, slots=True)
class Proposal:
    """`raw` as a form takes it; what could not be taken is left out of it and told in `whys`."""

    raw: Raw
    whys: list[Why] = field(default_factory=list)


def proposal(body: RegisterBody, values: Mapping[str, Any], *, new: bool) -> Proposal:
    """`new`: what the result does not say begins as an empty form does."""
    said: Raw = {}
    whys: list[Why] = []
    for key, value in values.items():
        node = body.leaves.get(key)
        if node is None:
            continue  # the register has changed since the dossier's procedure was declared
        try:
            raw = raw_of(node.field, value)
            if isinstance(node.field, Reference) and raw is not None and "id" not in raw:
                raw = {"id": one(queries.register(node.field.register_key), raw)}
        except (Unfit, NotFoundSo) as why:
            whys.append((node.field.label, str(why)))
            continue
        _put(said, node.path, raw)
    return Proposal(merge(body.fields, start(body.fields, context()), said) if new else said, whys)


def _put(raw: Raw, path: tuple[str, ...], value: Any) -> None:
    for step in path[:-1]:
        raw = raw.setdefault(step, {})
    raw[path[-1]] = value
