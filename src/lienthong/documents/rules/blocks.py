"""The running content of a document as blocks: what the decree knows and nothing else (NĐ 30/2020 App. I.II.6).

What a block is follows from its words, as it does for whoever reads the paper: “Điều 1. …” is an article, “a) …” a
point, “Căn cứ …;” a legal basis. So an editor needs no marks of its own, and what is pasted falls into place.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated, Literal, TypeAlias

from django.utils.translation import gettext as _
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

MOST_BLOCKS = 3_000
MOST_LETTERS = 300_000
"""Of all blocks together: some hundred pages."""

WIDEST_TABLE = 12
POINTS = "abcdđeghiklmnopqrstuvxy"
"""The letters of points, in the order of the Vietnamese alphabet (App. I.II.6.đ)."""

LEVELS = {"part": "Phần", "chapter": "Chương", "section": "Mục", "subsection": "Tiểu mục"}
ROMAN = "[IVXLC]{1,7}"

_LEVEL = re.compile(rf"(?:(Phần|Chương)\s+({ROMAN})|(Mục|Tiểu mục)\s+([1-9][0-9]?))(?:[.:]\s*(.*))?")
_GROUP = re.compile(r"([IVXL]{1,7})\. (?=\S)")
_ARTICLE = re.compile(r"Điều ([1-9][0-9]{0,2})\. ?")
_CLAUSE = re.compile(r"([1-9][0-9]{0,2})\. (?=\S)")
_POINT = re.compile(rf"([{POINTS}])\) ?")
_BASIS = re.compile(r"Căn cứ\s|Theo đề nghị\s|Xét (?:đề nghị|Tờ trình)\s")
_ENACTS = re.compile(r"(?:QUYẾT ĐỊNH|QUYẾT NGHỊ|CHỈ THỊ|THÔNG BÁO)\s?:")


def clean(text: str) -> str:
    """One line of composed letters: no control characters, none that turn the direction of writing, single spaces."""
    return _written(text).strip(" ")


def _is_written(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")


Words = Annotated[str, AfterValidator(clean)]
"""A line of text for people; may be empty."""


class Value(BaseModel):
    """A plain value that never changes; an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Run(Value):
    """A stretch of letters of one style. Spaces at its ends count: words of two runs may be parted by them."""

    text: str
    bold: bool = False
    italic: bool = False


def tidied(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same words in as few runs as possible, with single spaces and none at the ends.

    Every space is in the style of the letter before it: a bold one cannot be told from another.
    """
    kept: list[tuple[list[str], tuple[bool, bool]]] = []
    for run in runs:
        text, style = _written(run.text), (run.bold, run.italic)
        if kept and text.startswith(" ") and not kept[-1][0][-1].endswith(" "):
            kept[-1][0].append(" ")
        text = text.lstrip(" ")
        if text and kept and kept[-1][1] == style:
            kept[-1][0].append(text)
        elif text:
            kept.append(([text], style))
    written = [(unicodedata.normalize("NFC", "".join(parts)), style) for parts, style in kept]
    if written:
        written[-1] = (written[-1][0].rstrip(" "), written[-1][1])
    return tuple(Run(text=text, bold=bold, italic=italic) for text, (bold, italic) in written)


def _written(text: str) -> str:
    """Composed letters and single spaces, also at the ends."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isprintable() and "  " not in composed:
        return composed
    kept = (" " if each.isspace() else each for each in composed if each.isspace() or _is_written(each))
    return re.sub(" +", " ", unicodedata.normalize("NFC", "".join(kept)))


Runs = Annotated[tuple[Run, ...], AfterValidator(tidied)]


def words_of(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)


def plain(text: str) -> tuple[Run, ...]:
    return tidied([Run(text=text)])


class Paragraph(Value):
    kind: Literal["paragraph"] = "paragraph"
    runs: Runs


class Basis(Value):
    """A legal basis (căn cứ), set in italics whatever its runs say; “;” and the last “.” are set by the layout."""

    kind: Literal["basis"] = "basis"
    text: Words


class Centred(Value):
    """A line of its own in the middle in bold: “QUYẾT ĐỊNH:”."""

    kind: Literal["centred"] = "centred"
    text: Words


class Level(Value):
    """Phần, chương, mục, tiểu mục: word and number on one line, the title in capitals below it."""

    kind: Literal["part", "chapter", "section", "subsection"]
    number: str = Field(pattern=rf"^(?:{ROMAN}|[1-9][0-9]?)$")
    title: Words = ""

    @model_validator(mode="after")
    def _is_counted_as_decreed(self) -> "Level":
        roman = self.kind in ("part", "chapter")
        if roman is self.number.isdigit():
            raise ValueError(
                _("parts and chapters have Roman numerals, sections and subsections Arabic ones (App. I.II.6.đ)")
            )
        return self

    @property
    def label(self) -> str:
        return f"{LEVELS[self.kind]} {self.number}"


class Group(Value):
    """A numbered heading of a document without articles: “I. NHỮNG KẾT QUẢ” (App. I.V.6.b)."""

    kind: Literal["group"] = "group"
    number: str = Field(pattern=r"^[IVXL]{1,7}$")
    title: Words


class Article(Value):
    """Điều: all of it in bold is a title."""

    kind: Literal["article"] = "article"
    number: int = Field(ge=1, le=999)
    runs: Runs = ()


class Clause(Value):
    """Khoản: all of it in bold is a title."""

    kind: Literal["clause"] = "clause"
    number: int = Field(ge=1, le=999)
    runs: Runs


class Point(Value):
    """Điểm."""

    kind: Literal["point"] = "point"
    letter: str = Field(pattern=f"^[{POINTS}]$")
    runs: Runs


class Table(Value):
    """A ruled table of plain texts; every row has one for each of `columns`."""

    kind: Literal["table"] = "table"
    columns: tuple[Words, ...] = Field(min_length=1, max_length=WIDEST_TABLE)
    rows: tuple[tuple[Words, ...], ...] = ()

    @model_validator(mode="after")
    def _is_a_rectangle(self) -> "Table":
        if any(len(row) != len(self.columns) for row in self.rows):
            raise ValueError(_("every row of a table has one cell for each column"))
        return self


Block: TypeAlias = Annotated[
    Paragraph | Basis | Centred | Level | Group | Article | Clause | Point | Table, Field(discriminator="kind")
]


def text_of(block: Block) -> str:
    """The words of a block as they stand on the paper."""
    match block:
        case Basis() | Centred():
            return block.text
        case Level():
            return f"{block.label}. {block.title}".removesuffix(". ")
        case Group():
            return f"{block.number}. {block.title}"
        case Article():
            return f"Điều {block.number}. {words_of(block.runs)}".rstrip()
        case Clause():
            return f"{block.number}. {words_of(block.runs)}"
        case Point():
            return f"{block.letter}) {words_of(block.runs)}"
        case Table():
            return "\n".join(" | ".join(row) for row in (block.columns, *block.rows))
        case Paragraph():
            return words_of(block.runs)


def recognised(blocks: Iterable[Block]) -> tuple[Block, ...]:
    """Every block as what its words say it is; without empty ones."""
    return tuple(known for each in blocks if (known := _recognised(each)) is not None)


def _recognised(block: Block) -> Block | None:
    if isinstance(block, Table):
        return block if any(map(any, (block.columns, *block.rows))) else None
    return read_block(_runs_of(block), _heading_of(block))


Blocks = Annotated[tuple[Block, ...], Field(max_length=MOST_BLOCKS), AfterValidator(recognised)]


def from_text(text: str) -> tuple[Block, ...]:
    """A block for each line that is not empty, **in bold** where stars enclose it: so bodies are declared."""
    found = (read_block([_declared(line.strip())], None) for line in text.splitlines())
    return tuple(each for each in found if each is not None)


def _declared(line: str) -> Run:
    bold = len(line) > 4 and line.startswith("**") and line.endswith("**")
    return Run(text=line[2:-2] if bold else line, bold=bold)


Heading: TypeAlias = Literal["centred", "group"] | None


def read_block(runs: Iterable[Run], heading: Heading) -> Block | None:
    """What a paragraph of these runs is; None where it says nothing. `heading`: how an editor marked it."""
    runs = tidied(runs)
    text = words_of(runs)
    if not text:
        return None
    if level := _LEVEL.fullmatch(text):
        return _level(level)
    if heading:
        runs = tuple(run.model_copy(update={"bold": True}) for run in runs)
    if (group := _GROUP.match(text)) and (text.isupper() or all(run.bold for run in runs)):
        return Group(number=group[1], title=text[group.end() :])
    if article := _ARTICLE.match(text):
        return Article(number=int(article[1]), runs=_after(runs, article.end()))
    if heading == "centred" or _ENACTS.fullmatch(text):
        return Centred(text=text)
    if clause := _CLAUSE.match(text):
        return Clause(number=int(clause[1]), runs=_after(runs, clause.end()))
    if (point := _POINT.match(text)) and text[point.end() :]:
        return Point(letter=point[1], runs=_after(runs, point.end()))
    if _BASIS.match(text) and (text.endswith(";") or all(run.italic for run in runs)):
        return Basis(text=text)
    return Paragraph(runs=tidied(runs))


def _level(found: re.Match[str]) -> Level:
    word = found[1] or found[3]
    kind = next(kind for kind, name in LEVELS.items() if name == word)
    return Level.model_validate({"kind": kind, "number": found[2] or found[4], "title": found[5] or ""})


def _after(runs: Iterable[Run], letters: int) -> tuple[Run, ...]:
    """The runs without their first letters."""
    rest = []
    for run in runs:
        rest.append(run.model_copy(update={"text": run.text[letters:]}))
        letters = max(0, letters - len(run.text))
    return tidied(rest)


def _heading_of(block: Block) -> Heading:
    match block:
        case Centred() | Level():
            return "centred"
        case Group():
            return "group"
        case _:
            return None


def _runs_of(block: Block) -> tuple[Run, ...]:
    """A block as one paragraph; a basis in italics."""
    match block:
        case Paragraph():
            return block.runs
        case Basis():
            return tidied([Run(text=block.text, italic=True)])
        case Article():
            return _numbered(f"Điều {block.number}. ", block.runs)
        case Clause():
            return _numbered(f"{block.number}. ", block.runs)
        case Point():
            return _numbered(f"{block.letter}) ", block.runs)
        case Group():
            return tidied([Run(text=text_of(block), bold=True)])
        case _:
            return plain(text_of(block))


def _numbered(number: str, runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The number in the style of what follows, so that no run is cut where it need not be."""
    style = {"bold": runs[0].bold, "italic": runs[0].italic} if runs else {}
    return tidied([Run(text=number, **style), *runs])
