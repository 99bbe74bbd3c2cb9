"""Text, paragraphs, e-mail addresses, telephone numbers."""

import re
from collections.abc import Iterable
from typing import Any, ClassVar, Literal, Self

import cel
from django.core.exceptions import ValidationError as DjangoInvalid
from django.core.validators import EmailValidator
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import Field as Attribute
from pydantic import model_validator
from pydantic_core import PydanticCustomError

from lienthong.foundation.fields.context import Context
from lienthong.foundation.fields.definition import Field, too_long
from lienthong.foundation.fields.problems import Invalid
from lienthong.foundation.fields.typed import LONGEST, compact, lines
from lienthong.foundation.sheets.cells import Cell, as_text


class _Written(Field):
    """What text and paragraph share."""

    min_length: int = Attribute(0, ge=0, le=LONGEST, description="Fewest characters")
    max_length: int = Attribute(255, ge=1, le=LONGEST, description="Most characters")

    @model_validator(mode="after")
    def _lengths_fit(self) -> Self:
        if self.min_length > self.max_length:
            raise PydanticCustomError("range", "{why}", {"why": _now("min_length is greater than max_length")})
        return self

    def measured(self, text: str) -> str:
        if len(text) > self.max_length:
            raise too_long(self.max_length, len(text))
        if len(text) < self.min_length:
            raise Invalid.because(
                "too_short",
                _("At least %(least)s characters; you typed %(typed)s."),
                least=self.min_length,
                typed=len(text),
            )
        return text

    def json_schema(self) -> dict[str, Any]:
        shortest = {"minLength": self.min_length} if self.min_length else {}
        return {"type": "string", **shortest, "maxLength": self.max_length}


class Text(_Written):
    type: Literal["text"] = "text"
    pattern: str | None = Attribute(
        None, max_length=500, description="Regular expression that the whole text must fit (RE2 syntax: no look-around)"
    )
    pattern_message: str = Attribute(
        "", max_length=300, description="What to say when it does not; required with pattern"
    )

    about: ClassVar[str] = "One line of text"

    @model_validator(mode="after")
    def _pattern_is_usable(self) -> Self:
        if self.pattern is None:
            return self
        if not self.pattern_message:
            raise PydanticCustomError("pattern", "{why}", {"why": _now("pattern needs a pattern_message for people")})
        try:
            _fits(self.pattern, "")
        except (RuntimeError, ValueError, TypeError) as error:
            raise PydanticCustomError(
                "pattern", "{why}", {"why": _now("pattern is not a regular expression")}
            ) from error
        return self

    def parse(self, raw: Any, context: Context) -> str:
        text = self.measured(self.text(raw, self.max_length))
        if self.pattern is not None and not _fits(self.pattern, text):
            raise Invalid.because("pattern", self.pattern_message.replace("%", "%%"))
        return text

    def json_schema(self) -> dict[str, Any]:
        return super().json_schema() | ({"pattern": f"^(?:{self.pattern})$"} if self.pattern is not None else {})


class Paragraph(_Written):
    type: Literal["paragraph"] = "paragraph"
    max_length: int = Attribute(5_000, ge=1, le=LONGEST, description="Most characters")
    rows: int = Attribute(4, ge=2, le=30, description="Lines of text that the box shows")

    about: ClassVar[str] = "Text of several lines"
    narrows: ClassVar[Literal[""]] = ""
    template: ClassVar[str] = "fields/widgets/textarea.html"

    def parse(self, raw: Any, context: Context) -> str:
        return self.measured(lines(self.readable(raw, self.max_length)))

    def widget(self, raw: Any, context: Context) -> dict[str, Any]:
        return {"rows": self.rows}


class Email(Field):
    """Kept with the domain in small letters; the part before @ belongs to its owner and stays as typed."""

    type: Literal["email"] = "email"

    natural_width: ClassVar[str] = "medium"
    about: ClassVar[str] = "E-mail address"
    input_type: ClassVar[str] = "email"
    input_mode: ClassVar[str] = "email"

    def parse(self, raw: Any, context: Context) -> str:
        text = compact(self.readable(raw, 254))
        if len(text) > 254:
            raise too_long(254, len(text))
        try:
            _email(text)
        except DjangoInvalid as error:
            raise Invalid.because(
                "email", _("This is not an e-mail address. An address looks like ten.ban@example.com.")
            ) from error
        name, _at, domain = text.rpartition("@")
        return f"{name}@{domain.lower()}"

    def samples(self) -> Iterable[str]:
        return ("ten.ban@example.com",)

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "format": "email", "maxLength": 254}


class Phone(Field):
    """Kept as dialled inside Vietnam: 0 and nine digits for a mobile, 02 and nine digits for a landline."""

    type: Literal["phone"] = "phone"

    natural_width: ClassVar[str] = "short"
    about: ClassVar[str] = "Vietnamese telephone number; +84 is accepted and kept as 0"
    input_type: ClassVar[str] = "tel"
    input_mode: ClassVar[str] = "tel"

    def parse(self, raw: Any, context: Context) -> str:
        typed = re.sub(r"[.\-()]", "", compact(self.readable(raw, 30)))
        digits = re.sub(r"^(?:\+|00)840?|^84(?=[0-9]{9,10}$)", "0", typed)
        if not re.fullmatch(r"[0-9]+", digits):
            raise Invalid.because(
                "phone_digits", _("A telephone number has only digits, for example 0912 345 678 or +84 912 345 678.")
            )
        if not re.fullmatch(r"0[35789][0-9]{8}|02[0-9]{9}", digits):
            raise self._unknown(digits)
        return digits

    def from_cell(self, cell: Cell, context: Context) -> str:
        """A spreadsheet that takes it for a number drops the 0 it begins with."""
        typed = as_text(cell)
        return f"0{typed}" if isinstance(cell, int | float) and len(typed) in (9, 10) else typed

    @staticmethod
    def _unknown(digits: str) -> Invalid:
        if not digits.startswith("0"):
            return Invalid.because("phone_start", _("A telephone number in Vietnam begins with 0 or +84."))
        landline = digits.startswith("02")
        wanted = 11 if landline else 10
        if len(digits) != wanted:
            message = (
                _("A landline number has 11 digits with its area code; you typed %(count)s.")
                if landline
                else _("A mobile number has 10 digits; you typed %(count)s.")
            )
            return Invalid.because("phone_length", message, count=len(digits))
        return Invalid.because(
            "phone_start", _("No telephone number in Vietnam begins with %(start)s."), start=digits[:2]
        )

    def samples(self) -> Iterable[str]:
        return ("0912345678",)

    def show(self, value: Any, context: Context) -> str:
        text = str(value)
        return f"{text[:-6]} {text[-6:-3]} {text[-3:]}" if re.fullmatch(r"0[0-9]{9,10}", text) else text

    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^(0[35789][0-9]{8}|02[0-9]{9})$"}


_email = EmailValidator()


def _fits(pattern: str, text: str) -> bool:
    """Matched by CEL's engine, whose time grows only with the length of the text: what visitors type cannot hang it."""
    return bool(_MATCHES.execute({"text": text, "pattern": f"^(?:{pattern})$"}))


_MATCHES = cel.compile("text.matches(pattern)")
