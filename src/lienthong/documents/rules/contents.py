"""What an outgoing document says, as plain values that are kept as JSON, edited in a page and laid out on paper.

A draft may lack anything but its type and issuer: what has to be there before it is signed, `missing` tells.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Literal, Self

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import AfterValidator, Field, ValidationError, ValidationInfo, field_validator, model_validator

from lienthong.documents.rules.blocks import (
    MOST_LETTERS,
    Article,
    Block,
    Blocks,
    Clause,
    Value,
    Words,
    clean,
    from_text,
    text_of,
)
from lienthong.documents.rules.editing import from_html, to_html
from lienthong.documents.rules.kinds import KINDS, LETTER, MINUTES, PERSONAL_LETTER, DocumentKind
from lienthong.documents.rules.marks import LONGEST_SYMBOL
from lienthong.documents.rules.urgency import Urgency
from lienthong.foundation.definitions.rules import Path, Problem, spelled
from lienthong.foundation.definitions.wording import problems
from lienthong.foundation.errors import DomainError

__all__ = [
    "Appendix",
    "Circulation",
    "Contents",
    "NotReadable",
    "Power",
    "Signer",
    "from_html",
    "from_text",
    "missing",
    "to_html",
]

MOST_RECIPIENTS = 200
_Line = Annotated[str, Field(max_length=500), AfterValidator(clean)]
_Lines = Annotated[tuple[_Line, ...], Field(max_length=MOST_RECIPIENTS), AfterValidator(lambda lines: _filled(lines))]


def _filled(lines: Iterable[str]) -> tuple[str, ...]:
    return tuple(filter(None, lines))


_ABOUT = re.compile(r"^\s*(?:về việc|v/v)[\s:]+(?=\S)", re.IGNORECASE)


class Circulation(StrEnum):
    """Chỉ dẫn về phạm vi lưu hành (App. I.III.2.c)."""

    ANY = ""
    RETURN = "XEM XONG TRẢ LẠI"
    INTERNAL = "LƯU HÀNH NỘI BỘ"


class Power(Value):
    """In whose place one signs (App. I.II.7.b): TM. Ủy ban nhân dân, KT. Chủ tịch, TL. Chủ tịch, TUQ. Giám đốc."""

    mark: Literal["TM.", "KT.", "TL.", "TUQ."]
    of: Annotated[str, Field(min_length=1, max_length=150), AfterValidator(clean)]


class Signer(Value):
    """Who signs: the lines of power from the top, the own title, the name without degrees (App. I.II.7).

    `acting` sets “Q.” before the title; `other_title` stands above the name (box 7b).
    """

    powers: tuple[Power, ...] = Field((), max_length=3)
    acting: bool = False
    title: _Line = ""
    name: _Line = ""
    other_title: _Line = ""

    @model_validator(mode="after")
    def _is_in_order(self) -> "Signer":
        marks = [power.mark for power in self.powers]
        if len(set(marks)) < len(marks):
            raise ValueError(_("each mark of power stands once"))
        if "TM." in marks[1:]:
            raise ValueError(_("“TM.” stands on the first line"))
        if self.acting and "KT." in marks:
            raise ValueError(_("who acts as the head (Q.) does not sign for the head (KT.)"))
        return self

    def capacity(self) -> tuple[str, ...]:
        title = f"Q. {self.title}" if self.acting and self.title else self.title
        return _filled([*(f"{power.mark} {power.of}" for power in self.powers), title])


class Appendix(Value):
    """`landscape`: on pages that lie, for wide tables (App. I.I.2)."""

    title: _Line = ""
    blocks: Blocks = ()
    landscape: bool = False


class NotReadable(DomainError):
    """`errors`: what is wrong by field, spelled like appendices[0].title."""

    code = "documents.contents"

    def __init__(self, errors: Mapping[str, str]) -> None:
        super().__init__(gettext_lazy("The document says something that cannot be."))
        self.errors = dict(errors)


class Contents(Value):
    """A document by NĐ 30/2020 App. I. The numbers of the boxes stand at the fields.

    `kind`: a code of administrative-document-kinds. `authority`: who decides, above the grounds of a decision. `place`
    without the kind of unit. `kept_by`: what stands behind “Lưu:” without its dot.
    """

    kind: str
    parent: Annotated[_Line, Field(description="Box 2, above")] = ""
    issuer: Annotated[_Line, Field(description="Box 2")]
    number: Annotated[str, Field(pattern=r"^(?:[1-9][0-9]{0,5}[a-zđ]?)?$", description="Box 3")] = ""
    symbol: Annotated[Words, Field(max_length=LONGEST_SYMBOL, description="Box 3")] = ""
    place: Annotated[_Line, Field(description="Box 4")] = ""
    dated: Annotated[date | None, Field(description="Box 4")] = None
    abstract: Annotated[_Line, Field(description="Box 5")] = ""
    authority: _Line = ""
    addressees: Annotated[_Lines, Field(description="Box 9a")] = ()
    body: Annotated[Blocks, Field(description="Box 6")] = ()
    signer: Annotated[Signer, Field(description="Boxes 7a to 7c")] = Signer()
    second_signer: Annotated[Signer | None, Field(description="On the left, where two sign")] = None
    recipients: Annotated[_Lines, Field(description="Box 9b")] = ()
    kept_by: _Line = "VT"
    urgency: Annotated[Urgency, Field(description="Box 10b")] = Urgency.NORMAL
    circulation: Annotated[Circulation, Field(description="Box 11")] = Circulation.ANY
    drafter: Annotated[Words, Field(max_length=20, description="Box 12")] = ""
    copies: Annotated[int | None, Field(ge=1, le=100_000, description="Box 12")] = None
    address: Annotated[_Line, Field(description="Box 13")] = ""
    appendices: tuple[Appendix, ...] = Field((), max_length=50)

    @classmethod
    def read(cls, stored: Any) -> Self:
        """From what was kept as JSON, or a form says. Raises NotReadable."""
        raw = stored if isinstance(stored, Mapping) else {}
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            found = problems(error, cls, raw)
            raise NotReadable({spelled(each.path): str(each.message) for each in found}) from error

    def as_json(self) -> dict[str, Any]:
        """What a JSON field keeps; `read` gives the same contents."""
        return self.model_dump(mode="json")

    @property
    def described_kind(self) -> DocumentKind:
        return KINDS[self.kind]

    @field_validator("kind")
    @classmethod
    def _is_known(cls, kind: str) -> str:
        if kind not in KINDS:
            raise ValueError(_("is none of the 29 types of administrative documents"))
        return kind

    @field_validator("abstract")
    @classmethod
    def _says_it_once(cls, abstract: str, info: ValidationInfo) -> str:
        """“V/v” stands before the abstract of a letter anyway (App. I.II.5.b)."""
        return _ABOUT.sub("", abstract) if info.data.get("kind") == LETTER else abstract

    @field_validator("issuer")
    @classmethod
    def _is_said(cls, issuer: str) -> str:
        if not issuer:
            raise ValueError(_("must not be empty"))
        return issuer

    @field_validator("recipients")
    @classmethod
    def _leaves_keeping_out(cls, recipients: tuple[str, ...]) -> tuple[str, ...]:
        if any(each.lstrip("- ").casefold().startswith("lưu:") for each in recipients):
            raise ValueError(_("who keeps it (“Lưu:”) has a field of its own"))
        return recipients

    @field_validator("urgency")
    @classmethod
    def _is_decreed(cls, urgency: Urgency) -> Urgency:
        if urgency is Urgency.EXPRESS_AT_A_TIME:
            raise ValueError(_("the decree knows “khẩn”, “thượng khẩn” and “hỏa tốc” (App. I.III.2.b)"))
        return urgency

    @model_validator(mode="after")
    def _can_be_printed(self) -> "Contents":
        if sum(len(text_of(block)) for block in self.all_blocks()) > MOST_LETTERS:
            raise ValueError(_("the text is too long for one document: make files of its appendices"))
        if self.second_signer and not self.described_kind.two_sided:
            raise ValueError(_("two people sign only minutes, contracts and agreements"))
        return self

    def all_blocks(self) -> Iterator[Block]:
        yield from self.body
        for appendix in self.appendices:
            yield from appendix.blocks

    def receivers(self) -> tuple[str, ...]:
        """The lines of “Nơi nhận”, the keeper last."""
        return (*self.recipients, f"Lưu: {self.kept_by}") if self.kept_by else self.recipients


def missing(contents: Contents, *, signed: bool = True) -> list[Problem]:
    """What still has to be written, by field: before the leader signs, or only so that it can be presented."""
    kind = contents.described_kind
    wanted: list[tuple[bool, Path, str | Promise]] = [
        (bool(contents.symbol) or kind.code == PERSONAL_LETTER, ("symbol",), _("the symbol is missing")),
        (bool(contents.place) or kind.code in (MINUTES, PERSONAL_LETTER), ("place",), _("the place is missing")),
        (bool(contents.abstract) or kind.code in _WITHOUT_ABSTRACT, ("abstract",), _("the abstract is missing")),
        (bool(contents.body), ("body",), _("the text is missing")),
        (bool(contents.signer.title), ("signer", "title"), _("the title of the signer is missing")),
        (bool(contents.signer.name), ("signer", "name"), _("the name of the signer is missing")),
    ]
    if kind.code == LETTER:
        wanted.append((bool(contents.addressees), ("addressees",), _("a letter says to whom it goes (“Kính gửi”)")))
    if kind.bases:
        wanted.append((bool(contents.authority), ("authority",), _("who decides is missing, above the grounds")))
    if signed and kind.code != PERSONAL_LETTER:
        wanted += [
            (bool(contents.number), ("number",), _("the number is missing")),
            (contents.dated is not None, ("dated",), _("the date is missing")),
        ]
    return [
        *(Problem(path, message) for there, path, message in wanted if not there),
        *_out_of_order(contents.body, ("body",)),
        *(
            problem
            for index, appendix in enumerate(contents.appendices)
            for problem in _out_of_order(appendix.blocks, ("appendices", index, "blocks"))
        ),
    ]


_WITHOUT_ABSTRACT = ("giay-gioi-thieu", "giay-nghi-phep", "giay-uy-quyen", "phieu-gui", "phieu-chuyen", PERSONAL_LETTER)


def _out_of_order(blocks: Iterable[Block], path: Path) -> Iterator[Problem]:
    """Articles that are not counted one by one, clauses that repeat or skip a number inside theirs."""
    article = clause = 0
    for index, block in enumerate(blocks):
        if isinstance(block, Article):
            if block.number != article + 1:
                yield Problem((*path, index), _("Điều %(number)d follows Điều %(last)d") % _pair(block.number, article))
            article, clause = block.number, 0
        elif isinstance(block, Clause):
            if block.number not in (1, clause + 1):
                yield Problem(
                    (*path, index), _("clause %(number)d follows clause %(last)d") % _pair(block.number, clause)
                )
            clause = block.number


def _pair(number: int, last: int) -> dict[str, int]:
    return {"number": number, "last": last}
