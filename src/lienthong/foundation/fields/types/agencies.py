"""An agency of the state."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, ClassVar, Literal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field as Attribute
from pydantic_core import PydanticCustomError

from lienthong.foundation.fields.context import AgencyRef, Context
from lienthong.foundation.fields.definition import Field
from lienthong.foundation.fields.problems import wrong_kind
from lienthong.foundation.fields.types.choices import CodeListField
from lienthong.foundation.sheets.cells import Cell

AGENCIES, ORGANISATIONS_AND_UNITS = "@agencies", "@organisations"
"""The tree as lists; no declared list can be called so."""


class Organisation(Field):
    """One of the tree of agencies, typed by its name or key and chosen among what fits. It is kept with the name of
    that day: a department that is merged or renamed later stays what it was in what was written before."""

    type: Literal["organisation"] = "organisation"
    units: bool = Attribute(False, description="Whether units of agencies, such as offices, may be chosen as well")

    about: ClassVar[str] = "Agency of the province; kept as its key and its name at the time"
    asks: ClassVar[str | Promise] = _("Choose %(label)s.")
    template: ClassVar[str] = CodeListField.template
    narrows: ClassVar[Literal["chosen"]] = "chosen"
    members: ClassVar[tuple[str, ...]] = ("key", "name")

    def check_default(self, default: Any) -> None:
        raise PydanticCustomError("default", "{why}", {"why": _now("an organisation has no default")})

    @cached_property
    def _chooser(self) -> CodeListField:
        """Chosen as one of a list: of the key alone."""
        known = ORGANISATIONS_AND_UNITS if self.units else AGENCIES
        return CodeListField.model_construct(type="code-list", key=self.key, label=self.label, list=known, level=None)

    def blank(self, raw: Any) -> bool:
        return super().blank(raw.get("key") if isinstance(raw, dict) else raw)

    def parse(self, raw: Any, context: Context) -> AgencyRef:
        typed = raw.get("key") if isinstance(raw, dict) else raw
        if not isinstance(typed, str):
            raise wrong_kind()
        for key in (typed.strip(), typed.split(" – ")[0].strip()):
            if key in context.agencies:
                return AgencyRef(key, context.agencies[key])
        key = self._chooser.parse(typed, context)
        return AgencyRef(key, self._chooser.show(key, context))

    def to_json(self, value: Any) -> dict[str, str]:
        return {"key": value.key, "name": value.name}

    def from_json(self, json: Any) -> AgencyRef:
        return AgencyRef(str(json["key"]), str(json["name"]))

    def read_by_expressions(self, value: Any, context: Context) -> dict[str, Any]:
        return self.to_json(value) if value else dict.fromkeys(self.members)

    def samples(self) -> Iterable[AgencyRef]:
        return (AgencyRef("so-xay-dung", "text"),)

    def show(self, value: Any, context: Context) -> str:
        return str(value.name)

    def json_schema(self) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {"key": {"type": "string"}, "name": {"type": "string", "readOnly": True}},
            "required": ["key"],
            "additionalProperties": False,
        }

    # the table

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": models.TextField(null=True), "_name": models.TextField(null=True)}

    def to_columns(self, value: Any) -> Mapping[str, Any]:
        return {"": value.key, "_name": value.name} if value else {"": None, "_name": None}

    def from_columns(self, stored: Mapping[str, Any]) -> AgencyRef | None:
        return None if stored[""] is None else AgencyRef(stored[""], stored["_name"] or stored[""])

    # the list

    def narrowing(self, context: Context) -> Sequence[Mapping[str, Any]]:
        """Those at the top and directly below: with an agency come all that are below it."""
        known = context.lists.code_list(self._chooser.list, context.at)
        tops = known.below("", context.at)
        items = [item for top in tops for item in (top, *known.below(top.code, context.at))]
        return ({"label": "", "options": [{"value": item.code, "label": item.name} for item in items]},)

    def meant(self, wanted: str, context: Context) -> Sequence[str]:
        return self._chooser.meant(wanted, context)

    # the spreadsheet and the form

    def from_cell(self, cell: Cell, context: Context) -> Any:
        return self._chooser.from_cell(cell, context)

    def as_typed(self, raw: Any) -> str:
        return super().as_typed(raw.get("key") if isinstance(raw, dict) else raw)

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        key = self.as_typed(raw)
        shown = self._chooser.widget(key, context)
        if key not in context.agencies:
            return shown
        kept = f"{key} – {context.agencies[key]}"
        few = shown["few"] or ()
        others = [option for option in few if option["value"] != key]
        return {**shown, "typed": kept, "found": [], "few": [{"value": key, "label": context.agencies[key]}, *others]}


def chosen_agencies(fields: Iterable[Field], values: Mapping[str, Any]) -> Iterator[AgencyRef]:
    """The agencies that stand in data."""
    for field in fields:
        value = values.get(field.key)
        if isinstance(value, AgencyRef):
            yield value
        elif isinstance(value, Mapping):
            yield from chosen_agencies(getattr(field, "fields", ()), value)
        elif isinstance(value, list):
            for row in value:
                yield from chosen_agencies(getattr(field, "fields", ()), row)
