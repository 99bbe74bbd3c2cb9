"""CEL, the Common Expression Language, as declarations use it: conditions, computed values, texts with ${…}.

Expressions stand in declarations only; nothing a visitor types is ever evaluated. What they mean here:

- Every known field has a value; what is not filled in, or not asked, is null. A section, an address or a file is never
  null itself, its members are.
- `==` and `!=` take null as a value. Anything else that meets a null (`>`, `+`, a method) makes the expression unknown,
  and so do a division by zero and an overflow. An unknown condition does not hold; an unknown value stays empty.
  (`a > 1 || b == 'x'` holds when b is 'x', as CEL has it, whatever a is.)
- Whole numbers and decimals do not mix in arithmetic: double(floors) * area.
- A day is its midnight and a moment its wall-clock time in Vietnam; `today` is the day the data is looked at.
- One expression has at most 2,000 characters and goes through lists one inside another never: with the limits on
  data (500 rows, 100,000 characters a text) that bounds the time it can take.
"""

import math
import re
from abc import abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Annotated, Any

import cel
from django.utils.translation import gettext as _
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from lienthong.foundation import clock
from lienthong.foundation.fields import formats
from lienthong.foundation.fields.functions import FUNCTIONS
from lienthong.foundation.fields.references import NotReadable, references, tokens

LONGEST = 2_000

_OF_CEL = frozenset(
    """
    size int uint double string bool has type dyn timestamp duration contains startsWith endsWith matches getFullYear
    getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear getHours getMinutes getSeconds all exists exists_one map
    filter
    """.split()  # noqa: SIM905  a list of words reads better than a list of quotes
)
_CALLS = {name: function.call for name, function in FUNCTIONS.items()}
_SYNTAX = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?([^\n]*)")


class BadExpression(ValueError):
    """An expression cannot be used. Says why, in words for the author of the declaration."""


_ALL: Mapping[str, frozenset[str] | None] = {}


@lru_cache(maxsize=4096)
def compiled(source: str) -> cel.Program:
    """Raises BadExpression."""
    if len(source) > LONGEST:
        raise BadExpression(_("The expression is longer than %(most)s characters.") % {"most": LONGEST})
    try:
        program = cel.compile(source)
        references(source)
    except NotReadable as error:
        raise BadExpression(str(error)) from error
    except ValueError as error:
        raise BadExpression(_where(str(error))) from error
    unknown = [
        f for f in program.functions() if f.isidentifier() and not f.startswith("_") and f not in {*_OF_CEL, *_CALLS}
    ]
    if unknown:
        raise BadExpression(_("There is no function “%(name)s”.") % {"name": unknown[0]})
    return program


def _where(error: str) -> str:
    found = _SYNTAX.search(error)
    if not found:
        return error
    return _("Not an expression, at character %(column)s: %(error)s") % {"column": found[2], "error": found[3]}


def evaluate(source: str, names: Mapping[str, Any]) -> Any:
    """The value, or None where it is unknown. Decimals come back as Decimal (at most 9 places), days as date.

    Never raises for data; raises BadExpression for an expression that was not checked when loaded.
    """
    program = compiled(source)
    try:
        return from_cel(run(program, names, members_read(source)))
    except (ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
        return None


def run(program: cel.Program, names: Mapping[str, Any], members: Mapping[str, frozenset[str] | None] = _ALL) -> Any:
    """The bare result, errors raised: for checking an expression on sample data.

    `members` says of each name which of its members are read, so that a form of a hundred fields is not gone through
    for a condition on one; what is not named there is read whole.
    """
    known = {name: to_cel(_read(names, name, members.get(name))) for name in program.variables() if name in names}
    return program.execute(cel.Context(known, _CALLS))


class Parted(Mapping[str, Any]):
    """Names that can give some members of a value without the others."""

    @abstractmethod
    def part(self, name: str, members: frozenset[str]) -> Any:
        """The value with at least these members."""


def _read(names: Mapping[str, Any], name: str, members: frozenset[str] | None) -> Any:
    return names.part(name, members) if members is not None and isinstance(names, Parted) else names[name]


@lru_cache(maxsize=4096)
def members_read(source: str) -> Mapping[str, frozenset[str] | None]:
    """Which members of each name an expression reads; None for a name that it reads whole."""
    found: dict[str, frozenset[str] | None] = {}
    for reference in references(source):
        name, *below = reference.path
        before = found.get(name, frozenset())
        found[name] = before | {below[0]} if below and before is not None else None
    return found


def holds(source: str, names: Mapping[str, Any]) -> bool:
    """Whether a condition is known to be true."""
    return evaluate(source, names) is True


def fails(source: str, names: Mapping[str, Any]) -> bool:
    """Whether a condition is known to be false."""
    return evaluate(source, names) is False


def to_cel(value: Any) -> Any:
    match value:
        case Decimal():
            return float(value)
        case datetime():
            return clock.local(value).replace(tzinfo=UTC)
        case date():
            return datetime.combine(value, time(), UTC)
        case Mapping():
            return {str(key): to_cel(inner) for key, inner in value.items()}
        case list() | tuple():
            return [to_cel(inner) for inner in value]
        case _:
            return value


def from_cel(value: Any) -> Any:
    match value:
        case float():
            return decimal(value)
        case datetime():
            return value.date() if value.time() == time() else value.replace(tzinfo=clock.ZONE)
        case list():
            return [from_cel(inner) for inner in value]
        case dict():
            return {key: from_cel(inner) for key, inner in value.items()}
        case _:
            return value


def decimal(value: float) -> Decimal | None:
    """The decimal that a binary fraction stands for, without its noise; None for what is not a number."""
    if not math.isfinite(value):
        return None
    exact = Decimal(repr(round(value, 9)))
    return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact.normalize()


@dataclass(frozen=True, slots=True)
class Template:
    """A text with ${expressions}. `parts` alternates literal texts and sources, beginning and ending with a text."""

    parts: tuple[str, ...]

    @property
    def sources(self) -> tuple[str, ...]:
        return self.parts[1::2]

    def render(self, names: Mapping[str, Any]) -> str:
        """The text; what is unknown is left out."""
        return "".join(part if n % 2 == 0 else written(evaluate(part, names)) for n, part in enumerate(self.parts))

    def value(self, names: Mapping[str, Any]) -> Any:
        """As `render`, but a template that is nothing except one expression keeps the kind of its value."""
        alone = len(self.parts) == 3 and not self.parts[0] and not self.parts[2]
        return evaluate(self.parts[1], names) if alone else self.render(names)


@lru_cache(maxsize=4096)
def template(text: str) -> Template:
    """Raises BadExpression for ${ without its }, and for an expression that is none."""
    parts = list(_split(text))
    for source in parts[1::2]:
        compiled(source)
    return Template(tuple(parts))


def _split(text: str) -> Iterator[str]:
    rest = text
    while (start := rest.find("${")) >= 0:
        yield rest[:start]
        end = _closing(rest[start + 2 :])
        yield rest[start + 2 : start + 2 + end].strip()
        rest = rest[start + 2 + end + 1 :]
    yield rest


def _closing(source: str) -> int:
    """Where the } is that ends the expression; one inside quotes or a map does not."""
    depth = 0
    for token in tokens(source):
        if token.group() == "}" and depth == 0:
            return token.start()
        depth += {"{": 1, "}": -1}.get(token.group(), 0)
    raise BadExpression(_("“${” has no closing “}”."))


def written(value: Any) -> str:
    """A value of an expression in words for people."""
    match value:
        case None:
            return ""
        case bool():
            return str(_("Yes") if value else _("No"))
        case Decimal():
            return formats.number(value)
        case datetime():
            return formats.moment(value)
        case date():
            return formats.day(value)
        case list():
            return ", ".join(filter(None, map(written, value)))
        case dict():
            return ", ".join(filter(None, map(written, value.values())))
        case _:
            return str(value)


def _checked(source: str) -> str:
    try:
        compiled(source)
    except BadExpression as error:
        raise PydanticCustomError("expression", "{why}", {"why": str(error)}) from error
    return source


def checked_template(text: str) -> str:
    try:
        template(text)
    except BadExpression as error:
        raise PydanticCustomError("expression", "{why}", {"why": str(error)}) from error
    return text


Expression = Annotated[str, AfterValidator(_checked)]
"""CEL text in a declaration: its syntax is checked where it stands, its names by the field list it belongs to."""

TemplateText = Annotated[str, AfterValidator(checked_template)]
"""Text with ${CEL} in a declaration."""
