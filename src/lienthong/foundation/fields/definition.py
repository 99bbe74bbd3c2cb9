"""What declarations let people be asked: the shape that every field has, and the registry of its types.

Adding a type is adding one class:

    class Plate(Field):
        type: Literal["plate"] = "plate"
        about: ClassVar[str] = "Registration plate of a vehicle"

        def parse(self, raw: Any, context: Context) -> str:
            ...

It can then be declared, filled in, checked, kept, shown, described in JSON Schema and in the reference, because all of
these ask the class. What a type does not say itself it inherits as one line of text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from typing import Annotated, Any, ClassVar, Literal, get_args

from django.db import models
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, BaseModel, ConfigDict, GetJsonSchemaHandler, StringConstraints, model_validator
from pydantic import Field as Attribute
from pydantic_core import PydanticCustomError, core_schema

from lienthong.foundation.fields import formats
from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.expressions import Expression, checked_template
from lienthong.foundation.fields.problems import Invalid, Problem, missing, wrong_kind
from lienthong.foundation.fields.raw import ABSENT, Absent, Posted
from lienthong.foundation.fields.typed import LONGEST, forbidden, is_blank, one_line
from lienthong.foundation.sheets.cells import Cell, as_text

RESERVED = frozenset(
    """
    as break const continue else false for function if import in let loop namespace null package return true var void
    while today applicant row shown
    """.split()  # noqa: SIM905  a list of words reads better than a list of quotes
)
"""What a field may not be called: words of CEL, and names that expressions read beside the data."""

AUTOCOMPLETE = frozenset(
    """
    off name honorific-prefix given-name additional-name family-name nickname organization-title organization
    street-address address-line1 address-line2 address-line3 address-level1 address-level2 address-level3 address-level4
    country country-name postal-code bday bday-day bday-month bday-year sex url tel tel-national email
    """.split()  # noqa: SIM905
)
"""Tokens of HTML's autocomplete that a form of the state may ask the browser to fill."""


_LONGEST_LINE = 255


def _snake_case(key: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", key):
        raise PydanticCustomError(
            "key", "{why}", {"why": _now("may have only small letters without accents, digits and _, like birth_date")}
        )
    if key in RESERVED:
        raise PydanticCustomError(
            "key", "{why}", {"why": _now("“%(key)s” means something else in expressions") % {"key": key}}
        )
    return key


def _autocomplete(token: str) -> str:
    if token not in AUTOCOMPLETE:
        raise PydanticCustomError("autocomplete", "{why}", {"why": _now("is not a token of HTML's autocomplete")})
    return token


def not_empty(items: Any) -> Any:
    """Instead of min_length, which pydantic also complains of when the one item there is does not fit."""
    if not items:
        raise PydanticCustomError("empty", "{why}", {"why": _now("at least one is needed")})
    return items


Key = Annotated[str, StringConstraints(max_length=60), AfterValidator(_snake_case)]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class Control:
    """One of several controls of a field; `part` is the last step of its name. A list to open has `groups` of options,
    each with a label ("" for none). `refreshes`: what the others offer depends on it.

    Controls have no maxlength: a browser would cut off what is pasted without a word.
    """

    part: str
    kind: Literal["text", "lines", "select", "check", "hidden"]
    label: str | Promise
    value: str
    groups: Sequence[Mapping[str, Any]] = ()
    refreshes: bool = False


class Check(Shape):
    """What must hold between a field and others."""

    that: Expression = Attribute(description="Condition (CEL); where it is unknown, as beside an empty field, it holds")
    message: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300)] = Attribute(
        description="What to say beside the field where it does not hold"
    )


class Field(Shape):
    """One thing that is asked. The attributes here are common to all types."""

    type: str
    key: Key = Attribute(description="Name in data and expressions, snake_case; never changes")
    label: Label = Attribute(description="What people see, in Vietnamese")
    hint: str = Attribute("", max_length=500, description="One line under the label: what to write, in which form")
    help: str = Attribute("", max_length=3000, description="Longer explanation, folded away")
    required: bool | Expression = Attribute(
        False, description="true, or the condition (CEL) under which it must be filled in"
    )
    when: Expression | None = Attribute(None, description="Condition (CEL) under which it is asked at all")
    checks: tuple[Check, ...] = Attribute(
        (),
        max_length=10,
        description="What must hold where it is filled in, each as {that: CEL, message: what to say when it does not}",
    )
    default: Any = Attribute(
        None, description="What stands there at first: a value, or ${CEL} such as ${applicant.name} or ${today}"
    )
    width: Literal["short", "medium", "full"] | None = Attribute(
        None, description="How wide the box is; what suits the type unless said"
    )
    autocomplete: Annotated[str, AfterValidator(_autocomplete)] | None = Attribute(
        None,
        description="What the browser may fill in, where the question is about the person at the keyboard (HTML)",
    )
    personal: bool = Attribute(False, description="Personal data: lists leave it out, reading it is recorded")
    reuse: bool = Attribute(
        True, description="Whether a new form of the same kind may begin with what was answered in the last one"
    )

    about: ClassVar[str] = ""
    asks: ClassVar[str | Promise] = _("Enter %(label)s.")
    template: ClassVar[str] = "fields/widgets/input.html"
    input_type: ClassVar[str] = "text"
    input_mode: ClassVar[str] = ""
    frame: ClassVar[Literal["row", "group", "own"]] = "row"
    """Around its control: a label; a legend, where several are one question; or what its own template brings."""
    natural_width: ClassVar[str] = "full"
    refreshes_itself: ClassVar[bool] = False
    """Whether what it offers depends on what was chosen in it."""
    asked: ClassVar[bool] = True
    """Whether people fill it in (a computed value, a section are not filled in themselves)."""
    narrows: ClassVar[Literal["typed", "chosen", "span", ""]] = "typed"
    """How a list of what has the field is narrowed by it: by what is typed, by one of `narrowing`, from one value to
    another, or not at all."""
    longest: ClassVar[int] = LONGEST
    """Characters of it that are looked at, and kept in a draft that is not right yet."""
    members: ClassVar[tuple[str, ...]] = ()
    """Names below the value that expressions can read: address.unit."""

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        names = get_args(cls.model_fields["type"].annotation)
        if names and cls.model_fields["type"].annotation is not str:
            _types[names[0]] = cls

    @model_validator(mode="after")
    def _default_fits(self) -> "Field":
        if isinstance(self.default, str) and "${" in self.default:
            checked_template(self.default)
        elif self.default is not None:
            self.check_default(self.default)
        return self

    def check_default(self, default: Any) -> None:
        """Raise PydanticCustomError for a default that could never be a value. Types that need a lookup accept."""
        try:
            self.parse(default, Context(at=date(2020, 1, 1)))
        except Invalid as error:
            why = "; ".join(str(problem) for problem in error.problems.values())
            raise PydanticCustomError("default", "{why}", {"why": why}) from error

    # the value

    def parse(self, raw: Any, context: Context) -> Any:
        """The typed value of something filled in: text as typed, or JSON as `to_json` gives it. Raises Invalid."""
        text = self.text(raw)
        if len(text) > _LONGEST_LINE:
            raise too_long(_LONGEST_LINE, len(text))
        return text

    def blank(self, raw: Any) -> bool:
        """Whether nothing was filled in."""
        return raw is None or raw == [] or raw == {} or (isinstance(raw, str) and is_blank(raw))

    def nothing(self) -> Any:
        """The value while nothing is filled in."""
        return None

    def missing(self) -> Mapping[str, Problem]:
        """What to say, and where below the field, when nothing was filled in and it must be."""
        return {"": missing(self.asks, self.label)}

    def to_json(self, value: Any) -> Any:
        return value

    def from_json(self, json: Any) -> Any:
        """The typed value that `to_json` made this of. Raises ValueError or TypeError for anything else."""
        if not isinstance(json, str):
            raise TypeError(f"{self.key}: not text")
        return json

    def read_by_expressions(self, value: Any, context: Context) -> Any:
        """The value as expressions see it; `members` of a composite as a mapping, even when nothing is filled in."""
        return value

    def samples(self) -> Iterable[Any]:
        """Values as expressions could see them, on which expressions are tried when they are loaded."""
        return ("text",)

    def possible(self) -> frozenset[str] | None:
        """The only texts that the value can be, for finding conditions that can never hold; None: any."""
        return None

    def lists(self) -> Iterable[str]:
        """Keys of the code lists it needs."""
        return ()

    def registers(self) -> Iterable[str]:
        """Keys of the registers it points to."""
        return ()

    def show(self, value: Any, context: Context) -> str:
        """For people to read, plain text."""
        return str(value)

    def picture(self, value: Any, context: Context) -> SafeString | None:
        """For people to look at, on a page; None where the text says it all."""
        return None

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string"}

    # the table

    def columns(self) -> "Mapping[str, models.Field[Any, Any]]":
        """The columns of a value that has a row of its own, by what stands behind its key in their names ("" for the
        only one). They may be empty, and never depend on limits, which a later version may change."""
        return {"": models.TextField(null=True)}

    def to_columns(self, value: Any) -> Mapping[str, Any]:
        """What stands in its columns."""
        return {"": value}

    def from_columns(self, stored: Mapping[str, Any]) -> Any:
        """The typed value that `to_columns` made this of; None where the columns are empty."""
        return stored[""]

    # the list

    def brief(self, value: Any, context: Context) -> str:
        """For a line of a list."""
        return self.show(value, context)

    def narrowing(self, context: Context) -> Sequence[Mapping[str, Any]]:
        """Where a list is narrowed by what is chosen: groups of options, each with a label ("" for none)."""
        return ()

    def meant(self, wanted: str, context: Context) -> Sequence[Any]:
        """What can stand in its first column where the list is narrowed to this. Raises Invalid."""
        stored = self.to_columns(self.parse(wanted, context))
        return (next(iter(stored.values())),)

    def bound(self, typed: str, context: Context, *, last: bool) -> Any:
        """What stands in its column at the first or the last end of a span. Raises Invalid."""
        return self.meant(typed, context)[0]

    # the spreadsheet

    def cell_parts(self) -> Mapping[str, str]:
        """The columns of a spreadsheet that it is filled from, by the part of its value ("" for the whole), each with
        what people call it. Empty: it is not filled from a spreadsheet."""
        return {"": self.label}

    def from_cells(self, cells: Mapping[str, Sequence[Cell]], context: Context) -> Any:
        """What `parse` reads, from what stands in those columns of a row; a part may have several columns."""
        return self.from_cell(cells[""][0], context)

    def from_cell(self, cell: Cell, context: Context) -> Any:
        return as_text(cell)

    def to_cell(self, value: Any, context: Context) -> Cell:
        """So that `from_cell` reads it again, wherever what is shown to people can be read."""
        return self.show(value, context)

    # the form

    def from_post(self, posted: Posted) -> Any | Absent:
        """What was typed, or ABSENT when the form did not have the field."""
        return posted.values[-1] if posted.values else ABSENT

    def as_typed(self, raw: Any) -> str:
        """What stands in the box: a value as people type it, or what they typed."""
        return "" if raw is None else str(raw)

    def to_post(self, raw: Any, name: str) -> Iterable[tuple[str, str]]:
        """Names and values of hidden inputs that bring the raw value back."""
        return ((name, self.as_typed(raw)),)

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        """What its template needs beside the value in the box."""
        return {}

    # for the types

    def text(self, raw: Any, longest: int = LONGEST) -> str:
        """One clean line of text. Raises Invalid."""
        return one_line(self.readable(raw, longest))

    def readable(self, raw: Any, longest: int = LONGEST) -> str:
        """Text that can be looked at. Raises Invalid for other kinds, huge texts and control characters."""
        if not isinstance(raw, str):
            raise wrong_kind()
        if len(raw) > LONGEST:
            raise too_long(longest, len(raw))
        if bad := forbidden(raw):
            raise Invalid.because(
                "control_character",
                _("The text has a character that cannot be used (%(character)s). Type this part again."),
                character=f"U+{ord(bad):04X}",
            )
        return raw


def too_long(most: int, typed: int) -> Invalid:
    return Invalid.because(
        "too_long",
        _("At most %(most)s characters; you typed %(typed)s."),
        most=formats.number(most),
        typed=formats.number(typed),
    )


_types: dict[str, type[Field]] = {}


def types() -> Mapping[str, type[Field]]:
    """Every type of field, by the name declarations use."""
    return dict(sorted(_types.items()))


def _by_type(declared: Any) -> Field:
    if isinstance(declared, Field):
        return declared
    if not isinstance(declared, Mapping):
        raise PydanticCustomError("field", "{why}", {"why": _now("a field is written as key, type, label …")})
    name = declared.get("type")
    found = _types.get(name) if isinstance(name, str) else None
    if found is None:
        near = get_close_matches(str(name), _types, n=1) if name else []
        why = _now("there is no type of field “%(name)s”") % {"name": name} if name else _now("type is missing")
        why += _now("; is it “%(near)s”?") % {"near": near[0]} if near else ""
        raise PydanticCustomError("field_type", "{why}", {"why": why})
    return found.model_validate(dict(declared))


class _ByType:
    """Validates a field with the class of its `type`; errors keep their place below it."""

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(
            _by_type,
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda field, info: field.model_dump(mode=info.mode, exclude_unset=True), info_arg=True
            ),
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        return {
            "type": "object",
            "description": "A field. Its other attributes depend on its type; see the reference of fields.",
            "required": ["type", "key", "label"],
            "properties": {
                "type": {"enum": sorted(_types)},
                "key": {"type": "string", "pattern": "^[a-z][a-z0-9]*(_[a-z0-9]+)*$"},
                "label": {"type": "string"},
            },
        }


AnyField = Annotated[Field, _ByType]
