"""The part of YAML that declarations are written in: fields, lists, text, numbers, true/false. No anchors, no tags.

Read from the parser's events, so that every value keeps its line, nothing is built that a hostile file could blow up,
and a value means what an official expects: a day stays text until a shape asks for a day, `067` is a code and not
sixty-seven, `no` is a word. Texts are brought to Unicode's composed form (NFC), as Vietnamese is sometimes typed in
pieces.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from ruamel.yaml import YAML, events
from ruamel.yaml.error import MarkedYAMLError

from lienthong.foundation.definitions.rules import Path

DEEPEST = 50
LONGEST_NUMBER = 24
"""Characters. Anything longer is a code and belongs in quotes."""

_NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+(e[-+]?[0-9]{1,2})?)?")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
#: Control characters, halves of characters, and marks that make text read in another order than it is stored.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)
_DOCUMENT_START = re.compile(r"^---[ \t]*(?:#.*)?$\n?", re.MULTILINE)


class Unreadable(Exception):
    """The text is not a declaration's YAML. `line` counts from 1."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
        self.message = message


@dataclass(frozen=True, slots=True)
class Reading:
    """A value and the line (from 1) of every place in it; a field's line is that of its name."""

    value: Any
    lines: Mapping[Path, int]


@dataclass(frozen=True, slots=True)
class Part:
    """One document of a file: its text and the line of the file (from 1) that it begins on."""

    text: str
    first_line: int


@dataclass(slots=True)
class _Frame:
    """A group or list being filled; `name` is the field whose value is expected next."""

    path: Path
    value: dict[str, Any] | list[Any]
    name: str | None = None

    @property
    def wants_name(self) -> bool:
        return isinstance(self.value, dict) and self.name is None


LINE_END = "\n"
#: Text that can stand without quotes on one line, and text that can stand as a block of lines, exactly as it is.
_BARE = re.compile(r"[^\W_]([^\s:#\"'\\{}\[\]&*!|>%@`]|[:#](?=\S)| (?=[^\s#]))*")
_BLOCK = re.compile(r"\S[^\n]*(\n\n*[^\n]*\S[^\n]*)+\n?")

#: What the parser says (a part of its message) and what we say instead; the first that fits.
_PARSER_SAYS = {
    r"'\t' that cannot start": gettext_lazy("Indent with spaces: the tab key is not allowed here."),
    "escape": gettext_lazy("A backslash in double quotes has a meaning of its own: use single quotes."),
    "cannot start any token": gettext_lazy(
        "A character that has a meaning in YAML begins this value: put the value in quotes."
    ),
    "mapping values are not allowed": gettext_lazy(
        "A value that holds “: ” must be in quotes; or the indentation is wrong."
    ),
    "quoted scalar": gettext_lazy("A quote that was opened is not closed."),
    "could not find expected ':'": gettext_lazy("A colon is missing after the name of the field."),
    "flow mapping": gettext_lazy("Inside { } the fields are separated by commas, and the bracket must be closed."),
    "flow sequence": gettext_lazy("Inside [ ] the items are separated by commas, and the bracket must be closed."),
    "block mapping": gettext_lazy("The indentation is wrong: fields of one group begin in the same column."),
    "block collection": gettext_lazy("The indentation is wrong: items of one list begin in the same column."),
}

_Node: TypeAlias = events.MappingStartEvent | events.SequenceStartEvent | events.ScalarEvent


def decode(content: bytes) -> str:
    """The text of a file, lines ended by a line feed. Raises Unreadable when it is not UTF-8 or hides characters."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(line, _("This file is not UTF-8 text: save it again with the encoding UTF-8.")) from None
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if hidden := _HIDDEN.search(text):
        line = text.count("\n", 0, hidden.start()) + 1
        raise Unreadable(line, _hidden(hidden[0]))
    return text


def parts(text: str) -> Iterator[Part]:
    """The documents of a file, which lines of `---` separate; empty ones and lone comments are left out."""
    position, starts = 0, [*(match.span() for match in _DOCUMENT_START.finditer(text)), (len(text), len(text))]
    for start, end in starts:
        part = text[position:start]
        if any(line.strip() and not line.lstrip().startswith("#") for line in part.split("\n")):
            yield Part(part, text.count("\n", 0, position) + 1)
        position = end


def read(text: str, first_line: int = 1) -> Reading:
    """The one value that the text holds; lines are counted from `first_line`. Raises Unreadable."""
    builder = _Builder(first_line)
    try:
        for event in YAML(typ="safe", pure=True).parse(text):
            builder.take(event)
    except MarkedYAMLError as error:
        opened = any(word in str(error.context) for word in ("quoted scalar", "flow", "simple key"))
        mark = (error.context_mark if opened else None) or error.problem_mark
        raise Unreadable((mark.line if mark else 0) + first_line, _wording(error)) from None
    return Reading(builder.value, builder.lines)


def write(value: Mapping[str, Any]) -> str:
    """Text that reads back as the same value, in the order of its fields."""
    return "".join(line + LINE_END for line in _written(value, ""))


class _Builder:
    """Makes a value out of the parser's events, one at a time."""

    def __init__(self, first_line: int) -> None:
        self.value: Any = None
        self._first_line = first_line
        self.lines: dict[Path, int] = {}
        self._open: list[_Frame] = []
        self._documents = 0

    def take(self, event: events.Event) -> None:
        line = event.start_mark.line + self._first_line
        match event:
            case events.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1 or event.version or event.tags:
                    raise Unreadable(line, _("Separate documents by a line that holds only ---."))
            case events.AliasEvent():
                raise Unreadable(line, _("References (&, *) are not allowed here: write it out."))
            case events.MappingStartEvent() | events.SequenceStartEvent() | events.ScalarEvent():
                self._plain_only(event, line)
                self._node(event, line)
            case events.MappingEndEvent() | events.SequenceEndEvent():
                self._open.pop()

    def _plain_only(self, event: _Node, line: int) -> None:
        if event.anchor:
            raise Unreadable(line, _("References (&, *) are not allowed here: write it out."))
        if event.tag:
            raise Unreadable(line, _("Type marks (!) are not allowed here."))

    def _node(self, event: _Node, line: int) -> None:
        if self._open and self._open[-1].wants_name:
            self._begin_field(event, line)
        elif isinstance(event, events.ScalarEvent):
            self._place(_scalar(event, line), line)
        else:
            if len(self._open) >= DEEPEST:
                raise Unreadable(line, _("This is nested too deeply."))
            container: dict[str, Any] | list[Any] = {} if isinstance(event, events.MappingStartEvent) else []
            self._open.append(_Frame(self._place(container, line), container))

    def _begin_field(self, event: _Node, line: int) -> None:
        frame = self._open[-1]
        if not isinstance(event, events.ScalarEvent) or not event.value or "\n" in event.value:
            raise Unreadable(line, _("The name of a field must be one word before the colon."))
        name = _text(event.value, line)
        if name == "<<" and not event.style:
            raise Unreadable(line, _("References (&, *) are not allowed here: write it out."))
        if name in frame.value:
            message = _("“%(name)s” is written twice: the first one is on line %(line)d.")
            raise Unreadable(line, message % {"name": name, "line": self.lines[(*frame.path, name)]})
        frame.name = name
        self.lines[(*frame.path, name)] = line

    def _place(self, value: Any, line: int) -> Path:
        """Put a value where it belongs, and say where that is."""
        if not self._open:
            self.value = value
            self.lines[()] = line
            return ()
        frame = self._open[-1]
        if isinstance(frame.value, list):
            path: Path = (*frame.path, len(frame.value))
            frame.value.append(value)
            self.lines[path] = line
        else:
            assert frame.name is not None
            path = (*frame.path, frame.name)
            frame.value[frame.name] = value
            frame.name = None
        return path


def _scalar(event: events.ScalarEvent, line: int) -> Any:
    """What a single value means: quoted, it is text; bare, it may be nothing, true or false, or a number."""
    value = event.value if event.style else _meaning(event.value)
    if isinstance(value, str):
        return _text(value, line)
    if isinstance(value, int | float) and len(event.value) > LONGEST_NUMBER:
        raise Unreadable(line, _("This number is too long: a code must be in quotes."))
    return value


def _meaning(written: str) -> str | bool | float | None:
    """The value of a bare word: only what looks like a number in every respect is one."""
    if written in _WORDS:
        return _WORDS[written]
    if not _NUMBER.fullmatch(written):
        return written
    return float(written) if "." in written else int(written[: LONGEST_NUMBER + 1])


def _text(written: str, line: int) -> str:
    if hidden := _HIDDEN.search(written):
        raise Unreadable(line, _hidden(hidden[0]))
    return unicodedata.normalize("NFC", written)


def _hidden(character: str) -> str:
    message = _("There is a hidden character here (U+%(code)s): delete it and type the text again.")
    return message % {"code": f"{ord(character):04X}"}


def _wording(error: MarkedYAMLError) -> str:
    """The parser's complaint in words for people who do not know YAML."""
    said = f"{error.context or ''} {error.problem or ''}"
    for part, message in _PARSER_SAYS.items():
        if part in said:
            return str(message)
    return _("This cannot be read: check the indentation, the colons and the quotes here and on the line above.")


def _written(value: Any, indent: str) -> Iterator[str]:
    """The lines of a group or list, each with its indentation."""
    entries = value.items() if isinstance(value, dict) else ((None, item) for item in value)
    for name, inner in entries:
        head = f"{indent}- " if name is None else f"{indent}{_one_line(name)}:"
        if isinstance(inner, dict | list) and inner:
            lines = _written(inner, indent + "  ")
            if name is None:
                yield head + next(lines).lstrip(" ")
            else:
                yield head
            yield from lines
        elif isinstance(inner, str) and _BLOCK.fullmatch(inner):
            yield f"{head.rstrip()} {'|' if inner.endswith(LINE_END) else '|-'}"
            yield from (f"{indent}  {line}" if line else "" for line in inner.removesuffix(LINE_END).split(LINE_END))
        else:
            yield f"{head.rstrip()} {_one_line(inner)}"


def _one_line(value: Any) -> str:
    """A text stands bare where it reads back as text; JSON's way of writing everything else is YAML too."""
    if isinstance(value, str) and _BARE.fullmatch(value) and _meaning(value) == value:
        return value
    if isinstance(value, float):
        written = repr(value)
        return written if "." in written else written.replace("e", ".0e")
    return json.dumps(value, ensure_ascii=False)
