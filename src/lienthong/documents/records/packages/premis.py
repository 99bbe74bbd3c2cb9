"""The preserving metadata of a package as PREMIS 3.0: what there is and how it is proved unchanged, what happened to
it, who did it."""

from datetime import UTC, datetime
from typing import Any

from lxml import etree

from lienthong.documents.records.packages.contents import (
    REPRESENTATION,
    Agent,
    Content,
    Event,
    PackedDocument,
    PackedFile,
)
from lienthong.documents.records.packages.marking import PREMIS, XSI, element, written

HERE = "local"
"""The type of identifiers that hold within the package: paths in it, keys of agents."""
LEDGER = "Liên Thông, sổ cái sự kiện"
CLAIMED = "PDF/A-%s theo khai báo XMP của chính tệp"


def premis_xml(content: Content) -> bytes:
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap={"premis": PREMIS, "xsi": XSI}, version="3.0")
    _record(root, content)
    _representation(root, content)
    for document in content.documents:
        _document(root, document)
        for file in document.files:
            _file(root, document, file)
    for event in content.events:
        _event(root, content, event)
    for agent in (content.software, *content.agents):
        _agent(root, agent)
    return written(root)


def moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def document_id(place: int) -> str:
    return f"document-{place:04}"


def _object(root: Any, kind: str, identifier: str) -> Any:
    made = element(root, "object")
    made.set(f"{{{XSI}}}type", f"premis:{kind}")
    _identified(made, "object", identifier)
    return made


def _identified(parent: Any, what: str, value: str, kind: str = HERE) -> None:
    """An identifier as PREMIS writes it: eventIdentifier with eventIdentifierType and eventIdentifierValue."""
    made = element(parent, f"{what}Identifier")
    element(made, f"{what}IdentifierType", kind)
    element(made, f"{what}IdentifierValue", value)


def _record(root: Any, content: Content) -> None:
    made = _object(root, "intellectualEntity", content.identifier)
    _identified(made, "object", content.code, "FileCode")
    if content.archive_code:
        _identified(made, "object", content.archive_code, "arcFileCode")
    element(made, "originalName", content.title)


def _representation(root: Any, content: Content) -> None:
    _part_of(_object(root, "representation", REPRESENTATION), "represents", content.identifier)


def _document(root: Any, document: PackedDocument) -> None:
    made = _object(root, "intellectualEntity", document_id(document.place))
    if document.code:
        _identified(made, "object", document.code, "số, ký hiệu")
    element(made, "originalName", document.title)


def _file(root: Any, document: PackedDocument, file: PackedFile) -> None:
    made = _object(root, "file", file.path)
    said = element(made, "objectCharacteristics")
    fixity = element(said, "fixity")
    element(fixity, "messageDigestAlgorithm", "SHA-256")
    element(fixity, "messageDigest", file.sha256)
    element(said, "size", file.size)
    form = element(said, "format")
    named = element(form, "formatDesignation")
    element(named, "formatName", file.media_type)
    if file.claim:
        element(named, "formatVersion", f"PDF/A-{file.claim}")
        element(form, "formatNote", CLAIMED % file.claim)
    element(made, "originalName", file.name)
    _part_of(made, "is included in", REPRESENTATION)
    _part_of(made, "is part of", document_id(document.place))


def _part_of(made: Any, how: str, whole: str) -> None:
    related = element(made, "relationship")
    element(related, "relationshipType", "structural")
    element(related, "relationshipSubType", how)
    named = element(related, "relatedObjectIdentifier")
    element(named, "relatedObjectIdentifierType", HERE)
    element(named, "relatedObjectIdentifierValue", whole)


def _event(root: Any, content: Content, event: Event) -> None:
    made = element(root, "event")
    _identified(made, "event", str(event.entry), LEDGER)
    element(made, "eventType", event.kind)
    element(made, "eventDateTime", moment(event.at))
    element(element(made, "eventDetailInformation"), "eventDetail", event.words)
    by = element(made, "linkingAgentIdentifier")
    element(by, "linkingAgentIdentifierType", HERE)
    element(by, "linkingAgentIdentifierValue", event.agent)
    of = element(made, "linkingObjectIdentifier")
    element(of, "linkingObjectIdentifierType", HERE)
    element(
        of,
        "linkingObjectIdentifierValue",
        content.identifier if event.document is None else document_id(event.document),
    )


def _agent(root: Any, agent: Agent) -> None:
    made = element(root, "agent")
    _identified(made, "agent", agent.key)
    element(made, "agentName", agent.name)
    element(made, "agentType", agent.kind)
    if agent.version:
        element(made, "agentVersion", agent.version)
