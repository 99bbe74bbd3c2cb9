"""The preserving metadata of a package as PREMIS 3.0: what there is and how it is proved unchanged, what happened to
it, who did it."""

from datetime import UTC, datetime
from typing import Any

from lxml import etree

from lienthong.documents.records.packages.contents import (
    RENDITIONS,
    REPRESENTATION,
    Agent,
    Attempt,
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
LACKING = "Không có bản PDF/A: %s"
CONVERSION = "chuyển sang PDF/A"
"""The type of identifiers of conversions: each has that of the file of which PDF/A was to be made."""
ONLY_ORIGINAL = "Chữ ký số chỉ có trong tệp gốc; bản PDF/A không mang chữ ký."


def premis_xml(content: Content) -> bytes:
    root = etree.Element(f"{{{PREMIS}}}premis", nsmap={"premis": PREMIS, "xsi": XSI}, version="3.0")
    _record(root, content)
    _representation(root, content, REPRESENTATION)
    if content.renditions:
        _representation(root, content, RENDITIONS)
    for document in content.documents:
        _document(root, document)
        for file in document.files:
            _original(root, document, file)
            if file.rendition:
                _rendition(root, document, file, file.rendition)
    for event in content.events:
        _event(root, content, event)
    attempted = [(file, file.attempt) for file in content.files if file.attempt]
    for file, attempt in attempted:
        _conversion(root, file, attempt)
    programs = {_program(attempt).key: _program(attempt) for _file, attempt in attempted}
    for agent in (content.software, *content.agents, *programs.values()):
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


def _representation(root: Any, content: Content, folder: str) -> None:
    made = _object(root, "representation", folder)
    _related(made, "structural", "represents", content.identifier)
    if folder == RENDITIONS:
        _related(made, "derivation", "has source", REPRESENTATION)


def _document(root: Any, document: PackedDocument) -> None:
    made = _object(root, "intellectualEntity", document_id(document.place))
    if document.code:
        _identified(made, "object", document.code, "số, ký hiệu")
    element(made, "originalName", document.title)


def _original(root: Any, document: PackedDocument, file: PackedFile) -> None:
    made = _file(root, document, file, REPRESENTATION)
    if file.rendition:
        _related(made, "derivation", "is source of", file.rendition.path, conversion=file.path)


def _rendition(root: Any, document: PackedDocument, original: PackedFile, rendition: PackedFile) -> None:
    made = _file(root, document, rendition, RENDITIONS)
    _related(made, "derivation", "has source", original.path, conversion=original.path)


def _file(root: Any, document: PackedDocument, file: PackedFile, folder: str) -> Any:
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
    if file.lacks:
        element(form, "formatNote", LACKING % file.lacks)
    element(made, "originalName", file.name)
    _related(made, "structural", "is included in", folder)
    _related(made, "structural", "is part of", document_id(document.place))
    return made


def _related(made: Any, kind: str, how: str, other: str, *, conversion: str = "") -> None:
    """To another object; `conversion` names the event that came between, where there was one."""
    related = element(made, "relationship")
    element(related, "relationshipType", kind)
    element(related, "relationshipSubType", how)
    named = element(related, "relatedObjectIdentifier")
    element(named, "relatedObjectIdentifierType", HERE)
    element(named, "relatedObjectIdentifierValue", other)
    if conversion:
        between = element(related, "relatedEventIdentifier")
        element(between, "relatedEventIdentifierType", CONVERSION)
        element(between, "relatedEventIdentifierValue", conversion)


def _event(root: Any, content: Content, event: Event) -> None:
    made = element(root, "event")
    _identified(made, "event", str(event.entry), LEDGER)
    element(made, "eventType", event.kind)
    element(made, "eventDateTime", moment(event.at))
    element(element(made, "eventDetailInformation"), "eventDetail", event.words)
    _linked(made, "Agent", event.agent)
    _linked(made, "Object", content.identifier if event.document is None else document_id(event.document))


def _conversion(root: Any, file: PackedFile, attempt: Attempt) -> None:
    """`normalization`, as the Library of Congress calls it: into a format that archives keep."""
    made = element(root, "event")
    _identified(made, "event", file.path, CONVERSION)
    element(made, "eventType", "normalization")
    element(made, "eventDateTime", moment(attempt.at))
    element(element(made, "eventDetailInformation"), "eventDetail", f"PDF/A-2b, {attempt.program} {attempt.version}")
    outcome = element(made, "eventOutcomeInformation")
    element(outcome, "eventOutcome", "success" if file.rendition else "fail")
    if note := attempt.problem or (ONLY_ORIGINAL if attempt.signed else ""):
        element(element(outcome, "eventOutcomeDetail"), "eventOutcomeDetailNote", note)
    _linked(made, "Agent", _program(attempt).key)
    _linked(made, "Object", file.path, role="source")
    if file.rendition:
        _linked(made, "Object", file.rendition.path, role="outcome")


def _linked(event: Any, what: str, value: str, *, role: str = "") -> None:
    made = element(event, f"linking{what}Identifier")
    element(made, f"linking{what}IdentifierType", HERE)
    element(made, f"linking{what}IdentifierValue", value)
    if role:
        element(made, f"linking{what}Role", role)


def _program(attempt: Attempt) -> Agent:
    return Agent(f"{attempt.program} {attempt.version}", attempt.program, "software", attempt.version)


def _agent(root: Any, agent: Agent) -> None:
    made = element(root, "agent")
    _identified(made, "agent", agent.key)
    element(made, "agentName", agent.name)
    element(made, "agentType", agent.kind)
    if agent.version:
        element(made, "agentVersion", agent.version)
