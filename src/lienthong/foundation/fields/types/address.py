"""An address in Vietnam: an administrative unit and what comes below it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import Field as Attribute

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Control, Field, too_long
from lienthong.foundation.fields.lists import CodeList, Item, with_all_below
from lienthong.foundation.fields.places import place_named
from lienthong.foundation.fields.problems import Invalid, Problem, in_sentence, wrong_kind
from lienthong.foundation.fields.raw import ABSENT, Absent, Posted
from lienthong.foundation.fields.typed import one_line
from lienthong.foundation.sheets.cells import Cell, as_text

LONGEST_DETAIL = 255

_CODE_LENGTH = {"province": 2, "district": 3, "commune": 5}
"""Units are told apart by the length of their code: QĐ 124/2004/QĐ-TTg, and QĐ 19/2025/QĐ-TTg for two tiers."""


@dataclass(frozen=True, slots=True)
class Address:
    """`unit` is the code of the lowest administrative unit; its names come from the code list at the day asked for."""

    unit: str
    detail: str = ""


def _option(item: Item) -> dict[str, str]:
    return {"value": item.code, "label": item.name}


class AddressField(Field):
    """One list to open for the province and one for the unit in it, grouped by district where there are districts: it
    works without JavaScript, in the three-tier order and, after 1 July 2025, in the two-tier one. Which applies is in
    the days of validity of the code list, not here."""

    type: Literal["address"] = "address"
    level: Literal["province", "district", "commune"] = Attribute(
        "commune", description="Which administrative unit is asked for"
    )
    detail: bool | Literal["optional"] = Attribute(
        True, description="Whether house number, street, village are asked too; optional: they may be left empty"
    )
    detail_label: str = Attribute(
        "", max_length=100, description="Label of the detail; house number, street, village unless said"
    )
    list: str = Attribute("administrative-units", description="Key of the code list of administrative units")

    narrows: ClassVar[Literal["chosen"]] = "chosen"
    about: ClassVar[str] = "Administrative unit, and house number, street or village"
    asks: ClassVar[str | Promise] = _("Enter %(label)s.")
    template: ClassVar[str] = "fields/widgets/address.html"
    frame: ClassVar[Literal["own"]] = "own"
    refreshes_itself: ClassVar[bool] = True
    members: ClassVar[tuple[str, ...]] = ("unit", "detail", "text")

    def check_default(self, default: Any) -> None:
        """Units are not known when a field is declared."""

    def lists(self) -> Iterable[str]:
        return (self.list,)

    def blank(self, raw: Any) -> bool:
        """A province alone is blank: it stands there before anybody typed. Not so where a province is asked for."""
        if not isinstance(raw, dict):
            return raw is None or raw == ""
        asked = ("unit", "detail", "province") if self.level == "province" else ("unit", "detail")
        return all(super(AddressField, self).blank(raw.get(part)) for part in asked)

    def missing(self) -> Mapping[str, Problem]:
        parts = {self._unit_part: Problem("required", self._choose_unit, incomplete=True)}
        if self.detail is True:
            parts["detail"] = self._no_detail()
        return parts

    def parse(self, raw: Any, context: Context) -> Address:
        if not isinstance(raw, dict):
            raise wrong_kind()
        problems: dict[str, Problem] = {}
        unit = self._part(problems, self._unit_part, lambda: self._unit(raw, context))
        detail = self._part(problems, "detail", lambda: self._detail(raw)) if self.detail else ""
        if problems:
            raise Invalid(problems)
        return Address(unit, detail)

    @staticmethod
    def _part(problems: dict[str, Problem], name: str, read: Any) -> str:
        try:
            return str(read())
        except Invalid as error:
            problems[name] = error.problems[""]
            return ""

    def _unit(self, raw: Mapping[str, Any], context: Context) -> str:
        given = raw.get("unit") or (raw.get("province") if self.level == "province" else None)
        if super().blank(given):
            raise Invalid({"": Problem("required", self._choose_unit, incomplete=True)})
        code = self.text(given, 20)
        units = self._units(context)
        item = units.find(code, context.at)
        if item is None:
            raise Invalid.because("no_such_unit", _("This unit is not in the list. Choose it again."))
        if self._elsewhere(raw, units.chain(code, context.at)):
            raise Invalid({"": Problem("required", self._choose_unit, incomplete=True)})
        if not self._low_enough(item, context):
            raise Invalid({"": Problem("unit_level", self._choose_unit)})
        return item.code

    @staticmethod
    def _elsewhere(raw: Mapping[str, Any], chain: Sequence[Item]) -> bool:
        """Whether another province was chosen after the unit: then the unit is still to be chosen."""
        province = raw.get("province")
        return isinstance(province, str) and province != "" and province not in {item.code for item in chain}

    def _detail(self, raw: Mapping[str, Any]) -> str:
        given = raw.get("detail")
        if super().blank(given):
            if self.detail == "optional":
                return ""
            raise Invalid({"": self._no_detail()})
        text = self.text(given, LONGEST_DETAIL)
        if len(text) > LONGEST_DETAIL:
            raise too_long(LONGEST_DETAIL, len(text))
        return text

    def _no_detail(self) -> Problem:
        return Problem("required", _("Enter %(label)s."), {"label": in_sentence(self._detail_label)}, incomplete=True)

    @property
    def _detail_label(self) -> str:
        return self.detail_label or str(_("House number, street, village"))

    @property
    def _unit_part(self) -> str:
        return "province" if self.level == "province" else "unit"

    @property
    def _choose_unit(self) -> str | Promise:
        match self.level:
            case "province":
                return _("Choose the province.")
            case "district":
                return _("Choose the district.")
            case "commune":
                return _("Choose the commune or ward.")

    def cell_parts(self) -> Mapping[str, str]:
        """The unit may stand in one column, as code or names, or in several: commune, district, province."""
        unit = {"unit": f"{self._unit_label} ({self.label})"}
        return {**unit, **({"detail": f"{self._detail_label} ({self.label})"} if self.detail else {})}

    def from_cells(self, cells: Mapping[str, Sequence[Cell]], context: Context) -> dict[str, str]:
        """Where no column has the detail, it is what stands before the names of units: 12 Hùng Vương, Phường …"""
        written = [one_line(as_text(cell)) for cell in cells.get("unit", ())]
        unit, before = self._unit_of([text for text in written if text], context)
        detail = [as_text(cell) for cell in cells.get("detail", ())] or [before]
        return {"unit": unit, **({"detail": ", ".join(filter(None, detail))} if self.detail else {})}

    def _unit_of(self, written: Sequence[str], context: Context) -> tuple[str, str]:
        """The code of what was written, or what was written; and what stands before the names."""
        units = self._units(context)
        for text in written:
            code = text.zfill(_CODE_LENGTH[self.level]) if text.isdecimal() else text.partition(" ")[0]
            if (item := units.find(code, context.at)) and self._low_enough(item, context):
                return item.code, ""
        parts = [part.strip() for text in written for part in text.split(",") if part.strip()]
        found, before = place_named(units, context.at, parts, digits=_CODE_LENGTH[self.level], near=context.province)
        return (found.code, ", ".join(parts[:before])) if found else (", ".join(parts), "")

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        """The unit can be looked for by itself, with all that lies in a district or province."""
        unit = {"_unit": models.TextField(null=True)}
        return {**unit, **({"_detail": models.TextField(null=True)} if self.detail else {})}

    def to_columns(self, value: Any) -> Mapping[str, Any]:
        unit = {"_unit": value.unit if value else None}
        return {**unit, **({"_detail": value.detail if value else None} if self.detail else {})}

    def from_columns(self, stored: Mapping[str, Any]) -> Address | None:
        return None if stored["_unit"] is None else Address(stored["_unit"], stored.get("_detail") or "")

    def to_json(self, value: Any) -> dict[str, str]:
        return {"unit": value.unit, **({"detail": value.detail} if self.detail else {})}

    def from_json(self, json: Any) -> Address:
        return Address(str(json["unit"]), str(json.get("detail", "")))

    def read_by_expressions(self, value: Any, context: Context) -> dict[str, Any]:
        if value is None:
            return dict.fromkeys(self.members)
        return {"unit": value.unit, "detail": value.detail or None, "text": self.show(value, context)}

    def samples(self) -> Iterable[Address]:
        return (Address("24611", "12 Hùng Vương"),)

    def show(self, value: Any, context: Context) -> str:
        """12 Hùng Vương, Phường Nghĩa Thành, Thành phố Gia Nghĩa, Tỉnh Đắk Nông."""
        units = self._units(context)
        chain = [item.name for item in units.chain(value.unit, context.at)] or [units.name(value.unit, context.at)]
        return ", ".join(filter(None, [value.detail, *chain]))

    def brief(self, value: Any, context: Context) -> str:
        """Without the province where it is this one."""
        units = self._units(context)
        chain = [item for item in units.chain(value.unit, context.at) if item.code != context.province]
        names = [item.name for item in chain] or [units.name(value.unit, context.at)]
        return ", ".join(filter(None, [value.detail, *names]))

    def narrowing(self, context: Context) -> Sequence[Mapping[str, Any]]:
        """The units of this province, those of a district below it."""
        units = self._units(context)
        tops = (units.below(context.province, context.at) if context.province else ()) or units.below("", context.at)
        alone = [item for item in tops if not units.below(item.code, context.at)]
        parted = ((item, units.below(item.code, context.at)) for item in tops)
        return [
            *([{"label": "", "options": [_option(item) for item in alone]}] if alone else []),
            *({"label": i.name, "options": [_option(i), *map(_option, lower)]} for i, lower in parted if lower),
        ]

    def meant(self, wanted: str, context: Context) -> Sequence[str]:
        """The unit and all below it."""
        units = self._units(context)
        if units.find(wanted, context.at) is None:
            raise Invalid.because("no_such_unit", _("This unit is not in the list. Choose it again."))
        return with_all_below(wanted, units, context.at)

    def json_schema(self) -> dict[str, Any]:
        detail = {"detail": {"type": "string", "maxLength": LONGEST_DETAIL}} if self.detail else {}
        return {
            "type": "object",
            "properties": {"unit": {"type": "string", "x-code-list": self.list, "x-level": self.level}, **detail},
            "required": ["unit", *(detail if self.detail is True else ())],
            "additionalProperties": False,
        }

    def from_post(self, posted: Posted) -> Any | Absent:
        parts = {
            name: posted.at([name]).values[-1] for name in ("province", "unit", "detail") if posted.at([name]).values
        }
        return parts or ABSENT

    def as_typed(self, raw: Any) -> str:
        return ""

    def to_post(self, raw: Any, name: str) -> Iterable[tuple[str, str]]:
        parts = raw if isinstance(raw, dict) else {}
        return ((f"{name}.{part}", str(value)) for part, value in parts.items() if isinstance(value, str))

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        parts = {
            name: value for name, value in (raw if isinstance(raw, dict) else {}).items() if isinstance(value, str)
        }
        units = self._units(context)
        provinces = [item for item in units.below("", context.at) if len(item.code) == _CODE_LENGTH["province"]]
        province = self._province(parts, provinces, units, context)
        controls = [self._province_control(province, provinces)] if provinces or self.level == "province" else []
        if self.level != "province":
            groups = self._groups(province, units, context) if province or not provinces else []
            controls.append(Control("unit", "select", self._unit_label, parts.get("unit", ""), groups))
        if self.detail:
            controls.append(Control("detail", "text", self._detail_label, parts.get("detail", "")))
        return {"controls": controls}

    def _province_control(self, province: str, provinces: Sequence[Item]) -> Control:
        """Not worth a question where there is only one."""
        options = [_option(item) for item in provinces]
        kind: Literal["select", "hidden"] = "hidden" if len(provinces) == 1 and self.level != "province" else "select"
        return Control(
            "province", kind, _("Province or city"), province, [{"label": "", "options": options}], refreshes=True
        )

    @property
    def _unit_label(self) -> str | Promise:
        return _("District, town or city") if self.level == "district" else _("Commune, ward or township")

    def _province(self, parts: Mapping[str, str], provinces: Sequence[Item], units: CodeList, context: Context) -> str:
        """The one typed, else the one of the unit, else that of the installation, else the only one there is."""
        chain = units.chain(parts.get("unit", ""), context.at)
        candidates = (parts.get("province", ""), chain[-1].code if chain else "", context.province)
        known = {item.code for item in provinces}
        return next((code for code in candidates if code in known), provinces[0].code if len(provinces) == 1 else "")

    def _groups(self, province: str, units: CodeList, context: Context) -> Sequence[dict[str, Any]]:
        """The units asked for, below the province; those below a district under its name."""
        groups: dict[str, list[dict[str, str]]] = {}
        for item in units.below(province, context.at):
            lower = units.below(item.code, context.at) if self.level == "commune" else ()
            if lower:
                groups[item.name] = [_option(each) for each in lower]
            elif self._low_enough(item, context):
                groups.setdefault("", []).append(_option(item))
        return [{"label": label, "options": options} for label, options in groups.items()]

    def _low_enough(self, item: Item, context: Context) -> bool:
        """Whether it is a unit of the level asked for; a commune is also what is lowest in the list."""
        return len(item.code) == _CODE_LENGTH[self.level]

    def _units(self, context: Context) -> CodeList:
        return context.lists.code_list(self.list, context.at)
