"""Yes or no, one of a few, several of a few, one of a code list."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, ClassVar, Literal, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, StringConstraints, model_validator
from pydantic import Field as Attribute
from pydantic_core import PydanticCustomError

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field, Label, Shape, not_empty
from lienthong.foundation.fields.lists import CodeList, Item, with_all_below
from lienthong.foundation.fields.problems import Invalid, Problem, wrong_kind
from lienthong.foundation.fields.raw import ABSENT, Absent, Posted
from lienthong.foundation.fields.typed import folded, is_blank, one_line
from lienthong.foundation.sheets.cells import Cell, as_text

_YES = frozenset({"true", "on", "1", "yes", "có"})
_NO = frozenset({"false", "off", "0", "no", "không"})
_MARKS = frozenset({"x", "v", "✓", "✔", "√", "đúng"})
_NO_MARKS = frozenset({"-", "sai", "✗"})


class Boolean(Field):
    """A box that is not ticked is "no"; `look: radio` asks yes or no, and until it is answered there is no value."""

    type: Literal["boolean"] = "boolean"
    look: Literal["checkbox", "radio"] = Attribute(
        "checkbox", description="A box to tick, or yes and no to choose from"
    )

    about: ClassVar[str] = "Yes or no. A required checkbox must be ticked"
    asks: ClassVar[str | Promise] = _("Choose yes or no: %(label)s.")
    narrows: ClassVar[Literal["chosen"]] = "chosen"

    @property
    def template(self) -> str:  # type: ignore[override]
        return "fields/widgets/checkbox.html" if self.look == "checkbox" else "fields/widgets/radios.html"

    @property
    def frame(self) -> Literal["group", "own"]:  # type: ignore[override]
        return "group" if self.look == "radio" else "own"

    def parse(self, raw: Any, context: Context) -> bool:
        if isinstance(raw, bool):
            return raw
        word = self.text(raw, 10).casefold()
        if word in _YES or word in _NO:
            return word in _YES
        raise Invalid.because("not_boolean", _("Choose yes or no."))

    def blank(self, raw: Any) -> bool:
        if self.look == "checkbox" and (raw is False or (isinstance(raw, str) and raw.strip().casefold() in _NO)):
            return True
        return raw is None or (isinstance(raw, str) and is_blank(raw))

    def nothing(self) -> bool | None:
        return False if self.look == "checkbox" else None

    def missing(self) -> Mapping[str, Problem]:
        if self.look == "checkbox":
            return {"": Problem("required", _("Tick this box to go on."), incomplete=True)}
        return super().missing()

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": models.BooleanField(null=True)}

    def from_cell(self, cell: Cell, context: Context) -> Any:
        """Whoever fills in a table marks a yes with an x."""
        typed = as_text(cell).strip().casefold()
        if typed in _MARKS:
            return "true"
        return "false" if typed in _NO_MARKS else typed

    def from_json(self, json: Any) -> bool:
        if not isinstance(json, bool):
            raise TypeError("not true or false")
        return json

    def samples(self) -> Iterable[bool]:
        return (True, False)

    def as_typed(self, raw: Any) -> str:
        if isinstance(raw, bool):
            return "true" if raw else "false"
        return super().as_typed(raw)

    def show(self, value: Any, context: Context) -> str:
        return str(_("Yes") if value else _("No"))

    def narrowing(self, context: Context) -> Sequence[Mapping[str, Any]]:
        return ({"label": "", "options": self.widget("", context)["options"]},)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "boolean"}

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        typed = self.as_typed(raw).casefold()
        chosen = "true" if typed in _YES else "false" if typed in _NO else ""
        return {
            "chosen": [chosen],
            "options": [{"value": "true", "label": str(_("Yes"))}, {"value": "false", "label": str(_("No"))}],
        }


class Option(Shape):
    value: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.\-]*$", max_length=60)] = Attribute(
        description="What is kept and what conditions compare with"
    )
    label: Label = Attribute(description="What people see")
    hint: str = Attribute("", max_length=300, description="One line under the option")


class _OfOptions(Field):
    """What choice and choices share."""

    options: Annotated[tuple[Option, ...], AfterValidator(not_empty)] = Attribute(
        max_length=200, description="value and label of each option"
    )

    asks: ClassVar[str | Promise] = _("Choose %(label)s.")

    @model_validator(mode="after")
    def _options_differ(self) -> Self:
        for attribute in ("value", "label"):
            seen = [getattr(option, attribute) for option in self.options]
            twice = next((each for n, each in enumerate(seen) if each in seen[:n]), None)
            if twice is not None:
                raise PydanticCustomError(
                    "options", "{why}", {"why": _now("“%(each)s” is among the options twice") % {"each": twice}}
                )
        return self

    def known(self, value: Any) -> str:
        if not isinstance(value, str):
            raise wrong_kind()
        if value not in self.labels:
            raise Invalid.because("no_such_option", _("This is not one of the options. Choose one of them."))
        return value

    @cached_property
    def labels(self) -> dict[str, str]:
        return {option.value: option.label for option in self.options}

    @cached_property
    def called(self) -> dict[str, str]:
        """The values by their labels, without regard to case and accents where that leaves no doubt."""
        folds = [folded(option.label) for option in self.options]
        clear = {f: o.value for f, o in zip(folds, self.options, strict=True) if folds.count(f) == 1}
        return clear | {option.label: option.value for option in self.options}

    def value_called(self, typed: str) -> str:
        """The value of what was typed: itself or its label; what is neither stays."""
        line = one_line(typed)
        if line in self.labels:
            return line
        return self.called.get(line) or self.called.get(folded(line), line)

    def possible(self) -> frozenset[str]:
        return frozenset(self.labels)

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        chosen = raw if isinstance(raw, list | tuple) else [raw]
        return {"chosen": chosen, "options": [option.model_dump() for option in self.options]}


class Choice(_OfOptions):
    type: Literal["choice"] = "choice"
    look: Literal["auto", "radio", "select"] = Attribute(
        "auto", description="auto: buttons for up to 6 options, else a list to open"
    )

    about: ClassVar[str] = "One of a few options"
    narrows: ClassVar[Literal["chosen"]] = "chosen"

    @property
    def template(self) -> str:  # type: ignore[override]
        return "fields/widgets/radios.html" if self.frame == "group" else "fields/widgets/select.html"

    @property
    def frame(self) -> Literal["group", "row"]:  # type: ignore[override]
        return "group" if self.look == "radio" or (self.look == "auto" and len(self.options) <= 6) else "row"

    def parse(self, raw: Any, context: Context) -> str:
        return self.known(raw)

    def from_cell(self, cell: Cell, context: Context) -> str:
        return self.value_called(as_text(cell))

    def samples(self) -> Iterable[str]:
        return self.labels

    def show(self, value: Any, context: Context) -> str:
        return self.labels.get(value, str(value))

    def narrowing(self, context: Context) -> Sequence[Mapping[str, Any]]:
        return ({"label": "", "options": [{"value": value, "label": label} for value, label in self.labels.items()]},)

    def json_schema(self) -> dict[str, Any]:
        return {"oneOf": [{"const": option.value, "title": option.label} for option in self.options]}


class Choices(_OfOptions):
    type: Literal["choices"] = "choices"
    min: int = Attribute(0, ge=0, description="Fewest that may be ticked, when any is")
    max: int | None = Attribute(None, ge=1, description="Most that may be ticked")

    about: ClassVar[str] = "Several of a few options, kept in the order of the options"
    asks: ClassVar[str | Promise] = _("Tick at least one: %(label)s.")
    narrows: ClassVar[Literal[""]] = ""
    template: ClassVar[str] = "fields/widgets/checkboxes.html"
    frame: ClassVar[Literal["group"]] = "group"

    @model_validator(mode="after")
    def _numbers_fit(self) -> Self:
        if self.min > len(self.options) or (self.max is not None and self.max < self.min):
            raise PydanticCustomError("range", "{why}", {"why": _now("min and max do not fit the number of options")})
        return self

    def parse(self, raw: Any, context: Context) -> tuple[str, ...]:
        if not isinstance(raw, list | tuple) or len(raw) > 1000:
            raise wrong_kind()
        ticked = {self.known(value) for value in raw}
        if len(ticked) < self.min:
            raise Invalid.because("too_few", _("Tick at least %(least)s."), least=self.min)
        if self.max is not None and len(ticked) > self.max:
            raise Invalid.because("too_many", _("Tick at most %(most)s."), most=self.max)
        return tuple(value for value in self.labels if value in ticked)

    def from_cell(self, cell: Cell, context: Context) -> list[str]:
        """One after the other, with semicolons, bars, new lines, or with commas where no label has one."""
        typed = as_text(cell)
        if not typed.strip():
            return []
        if (whole := self.value_called(typed)) in self.labels:
            return [whole]
        parts = [part for part in re.split(r"[;|\n]", typed) if part.strip()]
        found: list[str] = []
        for part in parts:
            value = self.value_called(part)
            found += [value] if value in self.labels else map(self.value_called, filter(str.strip, part.split(",")))
        return found

    def nothing(self) -> tuple[str, ...]:
        return ()

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        return {"": ArrayField(models.TextField(), null=True)}

    def to_columns(self, value: Any) -> Mapping[str, Any]:
        return {"": list(value) if value else None}

    def from_columns(self, stored: Mapping[str, Any]) -> tuple[str, ...]:
        return tuple(stored[""] or ())

    def to_json(self, value: Any) -> list[str]:
        return list(value)

    def from_json(self, json: Any) -> tuple[str, ...]:
        if not isinstance(json, list) or not all(isinstance(value, str) for value in json):
            raise TypeError("not a list of texts")
        return tuple(json)

    def read_by_expressions(self, value: Any, context: Context) -> list[str]:
        return list(value)

    def samples(self) -> Iterable[list[str]]:
        return ([], list(self.labels))

    def show(self, value: Any, context: Context) -> str:
        return ", ".join(self.labels.get(each, str(each)) for each in value)

    def json_schema(self) -> dict[str, Any]:
        most = {"maxItems": self.max} if self.max is not None else {}
        one = {"oneOf": [{"const": option.value, "title": option.label} for option in self.options]}
        return {"type": "array", "items": one, "uniqueItems": True, "minItems": self.min, **most}

    def from_post(self, posted: Posted) -> Any | Absent:
        """An empty value marks that the form had the boxes, none of them ticked."""
        return [value for value in posted.values if value] if posted.values else ABSENT

    def to_post(self, raw: Any, name: str) -> Iterable[tuple[str, str]]:
        values = raw if isinstance(raw, list | tuple) else []
        return ((name, str(value)) for value in values)


class CodeListField(Field):
    """Few items are a list to open; many are typed: the code, the name, or part of it, from which the matching ones are
    offered (below the box while typing, or after sending the form where there is no JavaScript)."""

    type: Literal["code-list"] = "code-list"
    list: str = Attribute(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", description="Key of the code list")
    level: int | None = Attribute(None, ge=1, le=10, description="Only items at this depth of the list; the tops are 1")

    about: ClassVar[str] = "One item of a code list; kept as its code"
    asks: ClassVar[str | Promise] = _("Choose %(label)s.")
    template: ClassVar[str] = "fields/widgets/code_list.html"
    narrows: ClassVar[Literal["chosen"]] = "chosen"
    opened: ClassVar[int] = 60
    """Most items that are shown as a list to open."""
    offered: ClassVar[int] = 20

    def check_default(self, default: Any) -> None:
        """Lists are not known when a field is declared."""

    def lists(self) -> Iterable[str]:
        return (self.list,)

    def parse(self, raw: Any, context: Context) -> str:
        typed = self.text(raw, 500)
        codes = self._codes(context)
        item = (
            codes.find(typed, context.at)
            or codes.find(typed.split(" – ")[0], context.at)
            or codes.named(typed, context.at)
        )
        if item is not None and self._allowed(item, codes, context):
            return item.code
        if self._found(typed, context):
            raise Invalid.because(
                "unclear", _("“%(typed)s” may mean several items. Choose one of the list."), typed=typed[:100]
            )
        raise Invalid.because(
            "not_in_list", _("Nothing in the list is like “%(typed)s”. Try other words."), typed=typed[:100]
        )

    def from_cell(self, cell: Cell, context: Context) -> str:
        """A spreadsheet takes 01 for a number and keeps 1."""
        typed = as_text(cell).strip()
        if not typed.isdecimal():
            return typed
        codes = self._codes(context)
        if codes.find(typed, context.at):
            return typed
        padded = (typed.zfill(length) for length in range(len(typed) + 1, len(typed) + 6))
        return next((code for code in padded if codes.find(code, context.at)), typed)

    def show(self, value: Any, context: Context) -> str:
        return self._codes(context).name(str(value), context.at)

    def narrowing(self, context: Context) -> Sequence[Mapping[str, Any]]:
        """The items that one chooses from a list to open; of long lists those at the top."""
        items = self._few(context) or self._codes(context).below("", context.at)
        return ({"label": "", "options": [{"value": item.code, "label": item.name} for item in items]},)

    def meant(self, wanted: str, context: Context) -> Sequence[str]:
        """The item and all below it."""
        codes = self._codes(context)
        if codes.find(wanted, context.at) is None:
            raise Invalid.because("no_such_option", _("This is not one of the options. Choose one of them."))
        return with_all_below(wanted, codes, context.at)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "x-code-list": self.list, **({"x-level": self.level} if self.level else {})}

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        few = self._few(context)
        typed = one_line(raw) if isinstance(raw, str) else ""
        item = self._codes(context).find(typed, context.at)
        return {
            "few": [{"value": i.code, "label": i.name} for i in few or ()],
            "chosen": [typed],
            "typed": self._both(item) if item else typed,
            "found": [self._both(i) for i in self._found(typed, context)] if not few and not item else [],
            "searched": not few,
        }

    @staticmethod
    def _both(item: Item) -> str:
        return f"{item.code} – {item.name}"

    def _few(self, context: Context) -> Iterable[Item] | None:
        codes = self._codes(context)
        valid = codes.valid(context.at)
        if len(valid) > self.opened and self.level is None:
            return None
        allowed = [item for item in valid if self._allowed(item, codes, context)] if len(valid) <= 2000 else []
        return allowed if 0 < len(allowed) <= self.opened else None

    def _found(self, typed: str, context: Context) -> Iterable[Item]:
        if len(typed) < 2:
            return ()
        return self._codes(context).search(typed, context.at, limit=self.offered, level=self.level)

    def _allowed(self, item: Item, codes: CodeList, context: Context) -> bool:
        return self.level is None or len(codes.chain(item.code, context.at)) == self.level

    def _codes(self, context: Context) -> CodeList:
        return context.lists.code_list(self.list, context.at)
