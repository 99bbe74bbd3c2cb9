"""What a province declares of documents: the books in which agencies number what comes in and what goes out, and the
phrases that directions are often given in, the text with which a document of some type begins."""

from collections.abc import Iterable, Iterator
from typing import Literal, Self

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import Field, field_validator, model_validator

from lienthong.documents.copying.rules import Form
from lienthong.documents.rules.blocks import Block, from_text
from lienthong.documents.rules.kinds import KINDS
from lienthong.foundation.definitions.registry import Body, Catalogue, Kind, Problem, Text
from lienthong.foundation.fields.code_lists import CODE_LIST
from lienthong.foundation.organisations.definition import ORGANISATIONS
from lienthong.foundation.organisations.rules import Node

DOCUMENT_KINDS = "administrative-document-kinds"
"""The code list of the types of administrative documents (NĐ 30/2020 art. 7)."""

COPY_FORMS = tuple(each.value for each in Form)

Direction = Literal["incoming", "outgoing", "copies"]


class DocumentBookBody(Body):
    """A series of numbers that starts again every year: of an agency's incoming documents, of its outgoing ones, of the
    official copies that it makes, or of some types of them. Whether there is one series for all or one for each type
    the head of the agency decides (NĐ 30/2020 art. 15), so it is declared. Copies have one for all their forms
    (App. I, part II, II.1.c) unless something else is declared."""

    direction: Direction
    agencies: tuple[str, ...] = Field((), description="Keys of the agencies that keep it; empty: all others")
    kinds: tuple[str, ...] = Field(
        (), description=f"Types it is for, codes of {DOCUMENT_KINDS}, of copies SY, SL, TrS; empty: all others"
    )

    def fits(self, agency: Node, kind: str) -> bool:
        return (not self.agencies or agency.key in self.agencies) and (not self.kinds or kind in self.kinds)

    def numbers(self, agency: Node) -> str:
        """The number book of one agency."""
        return f"documents:{agency.key}:{self.key}"


def _unknown_agencies(keys: Iterable[str], catalogue: Catalogue) -> Iterator[Problem]:
    known = {placed.key for each in catalogue.all(ORGANISATIONS).values() for placed in each.flat()}
    for number, key in enumerate(keys):
        if key not in known:
            yield Problem(("agencies", number), _("no organisation “%(key)s”") % {"key": key})


def check(body: DocumentBookBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from _unknown_agencies(body.agencies, catalogue)
    if body.direction == "copies":
        yield from _unknown_forms(body.kinds)
    else:
        yield from _unknown_kinds(body.kinds, catalogue)


def _unknown_forms(codes: Iterable[str]) -> Iterator[Problem]:
    for number, code in enumerate(codes):
        if code not in COPY_FORMS:
            yield Problem(("kinds", number), _("“%(code)s” is no form of copies: SY, SL or TrS") % {"code": code})


def _unknown_kinds(codes: Iterable[str], catalogue: Catalogue) -> Iterator[Problem]:
    yield from catalogue.refers(CODE_LIST, DOCUMENT_KINDS, at=("kinds",))
    kinds = catalogue.get(CODE_LIST, DOCUMENT_KINDS)
    for number, code in enumerate(codes):
        if kinds and code not in {item.code for item in kinds.items}:
            message = _("no code “%(code)s” in the list %(list)s") % {"code": code, "list": DOCUMENT_KINDS}
            yield Problem(("kinds", number), message)


DOCUMENT_BOOK = Kind(
    "document-book",
    DocumentBookBody,
    title=gettext_lazy("book of documents"),
    after=("code-list", "organisations"),
    check=check,
)


def kind_names() -> dict[str, str]:
    """The types of documents by code, in the order of the list."""
    return {item.code: item.name for item in CODE_LIST.current(DOCUMENT_KINDS).body.items}


def book_for(direction: Direction, agency: Node, kind: str) -> DocumentBookBody | None:
    """The book that a document of an agency is numbered in: the one that says most exactly that it is for it."""
    fitting = [
        each.body for each in DOCUMENT_BOOK.all() if each.body.direction == direction and each.body.fits(agency, kind)
    ]
    return max(fitting, key=lambda body: (bool(body.agencies), bool(body.kinds), body.key), default=None)


class DirectionPhrasesBody(Body):
    """Phrases that leaders often direct with; every officer may choose one and finish it. Own ones are kept beside."""

    phrases: tuple[str, ...] = Field(
        min_length=1, description="In the order of the list; “…” where something is filled in"
    )


DIRECTION_PHRASES = Kind("direction-phrases", DirectionPhrasesBody, title=gettext_lazy("phrases of directions"))


def declared_phrases() -> list[str]:
    """Those of all declarations in force, each once."""
    return list(dict.fromkeys(phrase for each in DIRECTION_PHRASES.all() for phrase in each.body.phrases))


class RecipientGroupBody(Body):
    """Agencies to which documents often go together. Whoever has no document clerk in this system is left out."""

    level: Literal["central", "province", "district", "commune"] | None = Field(None, description="All of a level")
    kinds: tuple[str, ...] = Field((), description="Of that level only these kinds of organisations; empty: all")
    below_sender: bool = Field(False, description="Of that level only those below the agency that sends")
    agencies: tuple[str, ...] = Field((), description="Keys of agencies that are in it besides")

    @model_validator(mode="after")
    def _has_members(self) -> Self:
        if not self.level and not self.agencies:
            raise ValueError(_("names neither a level nor agencies"))
        return self

    def holds(self, node: Node, sender: Node) -> bool:
        if node.key in self.agencies:
            return True
        near = not self.below_sender or sender.id in node.path
        return node.level == self.level and (not self.kinds or node.kind in self.kinds) and near


def check_group(body: RecipientGroupBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from _unknown_agencies(body.agencies, catalogue)


RECIPIENT_GROUP = Kind(
    "recipient-group",
    RecipientGroupBody,
    title=gettext_lazy("group of recipients"),
    after=("organisations",),
    check=check_group,
)


class PublicationBody(Body):
    """Which issued documents are made public on the portal, and in which section of it."""

    section: Literal["legal", "directives"] = Field(description="Section of the portal")
    kinds: tuple[str, ...] = Field(min_length=1, description=f"Types, codes of {DOCUMENT_KINDS}")
    agencies: tuple[str, ...] = Field((), description="Keys of the agencies whose documents they are; empty: all")
    required: bool = Field(False, description="They must be made public, unless their circulation is limited")
    within: int = Field(2, ge=0, le=60, description="Working days from the issue until when they are public")

    def fits(self, agency: Node, kind: str) -> bool:
        return kind in self.kinds and (not self.agencies or agency.key in self.agencies)


def check_publication(body: PublicationBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from _unknown_agencies(body.agencies, catalogue)
    yield from _unknown_kinds(body.kinds, catalogue)


PUBLICATION = Kind(
    "document-publication",
    PublicationBody,
    title=gettext_lazy("rule of publication"),
    after=("code-list", "organisations"),
    check=check_publication,
)


def publication_for(agency: Node, kind: str) -> PublicationBody | None:
    """The rule by which documents of an agency are made public: its own before that of all, one that must before one
    that may."""
    fitting = [each.body for each in PUBLICATION.all() if each.body.fits(agency, kind)]
    return max(fitting, key=lambda body: (bool(body.agencies), body.required, body.key), default=None)


class DocumentTemplateBody(Body):
    """With what a document of a type begins, after the forms of NĐ 30/2020 App. III: somebody writes on from there."""

    document: str = Field(description=f"Type it is for, code of {DOCUMENT_KINDS}")
    agencies: tuple[str, ...] = Field((), description="Keys of the agencies that begin with it; empty: all others")
    abstract: str = Field("", description="How the abstract begins: Về việc …")
    authority: str = Field("", description="Who decides, above the grounds")
    addressees: tuple[Text, ...] = Field((), description="Whom “Kính gửi” names")
    body: Text = Field(description="A paragraph a line: “Điều 1. …”, “a) …”, “Căn cứ …;” are what they say; **bold**")
    recipients: tuple[Text, ...] = Field((), description="“Nơi nhận” without “Lưu”")
    kept_by: str = Field("VT", description="What stands behind “Lưu:”")

    @field_validator("document")
    @classmethod
    def _has_a_layout(cls, document: str) -> str:
        if document not in KINDS:
            raise ValueError(_("is none of the 29 types of administrative documents"))
        return document

    def blocks(self) -> tuple[Block, ...]:
        return from_text(self.body)


def check_template(body: DocumentTemplateBody, catalogue: Catalogue) -> Iterator[Problem]:
    yield from _unknown_agencies(body.agencies, catalogue)


DOCUMENT_TEMPLATE = Kind(
    "document-template",
    DocumentTemplateBody,
    title=gettext_lazy("template of documents"),
    after=("organisations",),
    check=check_template,
)


def template_for(agency: Node, kind: str) -> DocumentTemplateBody | None:
    """With what an agency begins a document of a type: its own template before that of all."""
    fitting = [
        each.body
        for each in DOCUMENT_TEMPLATE.all()
        if each.body.document == kind and (not each.body.agencies or agency.key in each.body.agencies)
    ]
    return max(fitting, key=lambda body: (bool(body.agencies), body.key), default=None)
