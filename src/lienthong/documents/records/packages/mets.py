"""The structure of a package as METS 1.12.1, by E-ARK CSIP 2.2 and SIP 2.2: one METS.xml for the package and one for
each representation. Numbers such as CSIP66 are those of the requirements."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from lxml import etree

from lienthong.documents.records.packages.contents import Content, Organisation
from lienthong.documents.records.packages.describing import DESCRIBED_IN
from lienthong.documents.records.packages.marking import CSIP, METS, SIP, XLINK, element, plain, written
from lienthong.documents.records.packages.premis import moment

SIP_PROFILE = "https://earksip.dilcis.eu/profile/E-ARK-SIP-v2-2-0.xml"
CSIP_PROFILE = "https://earkcsip.dilcis.eu/profile/E-ARK-CSIP-v2-2-0.xml"
CONTENT_KIND = "Hồ sơ công việc (NĐ 30/2020/NĐ-CP)"
NAME = "METS.xml"
XML = "text/xml"


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the package as METS names it: `path` from the folder in which this METS.xml lies."""

    path: str
    media_type: str
    size: int
    sha256: str
    created: datetime
    format_version: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """Metadata that lies beside: what kind it is, in the words of METS."""

    part: Part
    kind: str
    other_kind: str = ""


def package_mets(
    content: Content,
    *,
    descriptive: Sequence[Described],
    preserving: Sequence[Described],
    documentation: Sequence[Part],
    schemas: Sequence[Part],
    representations: Sequence[Part],
) -> bytes:
    root = _root(content, identifier=content.identifier, profile=SIP_PROFILE, label=content.title)
    _header(root, content)
    describing, administering = _metadata(root, descriptive, preserving)
    files = element(root, "fileSec", ID="fileSec")
    _group(files, "Documentation", documentation, "documentation")
    _group(files, "Schemas", schemas, "schemas")
    for each in representations:
        _of_kind(_group(files, f"Representations/{_name(each)}", [each], _name(each)))
    top = _structure(root, content.identifier)
    element(top, "div", ID="div-metadata", LABEL="Metadata", DMDID=describing, ADMID=administering)
    for label, name in (("Documentation", "documentation"), ("Schemas", "schemas")):
        element(element(top, "div", ID=f"div-{name}", LABEL=label), "fptr", FILEID=f"group-{name}")
    for each in representations:
        name = _name(each)
        here = element(top, "div", ID=f"div-{name}", LABEL=f"Representations/{name}")
        pointer = element(here, "mptr", LOCTYPE="URL")
        _linked(pointer, each.path)
        pointer.set(f"{{{XLINK}}}title", f"group-{name}")
    return written(root)


def _name(representation: Part) -> str:
    """rep1 of representations/rep1/METS.xml."""
    return representation.path.split("/")[-2]


def representation_mets(content: Content, folder: str, data: Sequence[Part]) -> bytes:
    """Without metadata of its own: those of the package say it."""
    root = _root(content, identifier=folder.rpartition("/")[2], profile=CSIP_PROFILE, label="")
    _header(root, content, with_people=False)
    if data:
        files = element(root, "fileSec", ID="fileSec")
        _group(files, "Data", data, "data")
    top = _structure(root, root.get("OBJID"))
    element(top, "div", ID="div-metadata", LABEL="Metadata")
    if data:
        element(element(top, "div", ID="div-data", LABEL="Data"), "fptr", FILEID="group-data")
    return written(root)


def _root(content: Content, *, identifier: str, profile: str, label: str) -> Any:
    """CSIP1-CSIP6, SIP1, SIP2."""
    root = etree.Element(f"{{{METS}}}mets", nsmap={None: METS, "xlink": XLINK, "csip": CSIP, "sip": SIP})
    root.set("OBJID", identifier)
    root.set("TYPE", "Mixed")
    root.set("PROFILE", profile)
    if label:
        root.set("LABEL", plain(label))
    _of_kind(root)
    return root


def _of_kind(made: Any) -> None:
    made.set(f"{{{CSIP}}}CONTENTINFORMATIONTYPE", "OTHER")
    made.set(f"{{{CSIP}}}OTHERCONTENTINFORMATIONTYPE", CONTENT_KIND)


def _header(root: Any, content: Content, *, with_people: bool = True) -> None:
    """CSIP7-CSIP16 and CSIP117; SIP3, SIP4, SIP7, SIP9-SIP31."""
    at = moment(content.made_at)
    made = element(root, "metsHdr", CREATEDATE=at, LASTMODDATE=at, RECORDSTATUS="NEW")
    made.set(f"{{{CSIP}}}OAISPACKAGETYPE", "SIP")
    software = element(made, "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    element(software, "name", content.software.name)
    _note(software, content.software.version, "SOFTWARE VERSION")
    if not with_people:
        return
    _organisation(made, "ARCHIVIST", content.creator)
    _organisation(made, "CREATOR", content.creator)
    _organisation(made, "PRESERVATION", content.archive)
    if content.archive_code:
        element(made, "altRecordID", content.archive_code, TYPE="REFERENCECODE")


def _organisation(header: Any, role: str, who: Organisation) -> None:
    made = element(header, "agent", ROLE=role, TYPE="ORGANIZATION")
    element(made, "name", who.name)
    if who.code:
        _note(made, who.code, "IDENTIFICATIONCODE")


def _note(agent: Any, text: str, kind: str) -> None:
    element(agent, "note", text).set(f"{{{CSIP}}}NOTETYPE", kind)


def _metadata(root: Any, descriptive: Iterable[Described], preserving: Iterable[Described]) -> tuple[str, str]:
    """CSIP17-CSIP44. The ids of the sections, as the structure names them."""
    describing, administering = [], []
    for number, each in enumerate(descriptive, start=1):
        describing.append(f"dmd-{number}")
        section = element(root, "dmdSec", ID=describing[-1], CREATED=moment(each.part.created), STATUS="CURRENT")
        _reference(section, each)
    administrative = element(root, "amdSec", ID="amd")
    for number, each in enumerate(preserving, start=1):
        administering.append(f"digiprov-{number}")
        section = element(
            administrative, "digiprovMD", ID=administering[-1], CREATED=moment(each.part.created), STATUS="CURRENT"
        )
        _reference(section, each)
    return " ".join(describing), " ".join(administering)


def _reference(section: Any, each: Described) -> None:
    made = element(
        section,
        "mdRef",
        LOCTYPE="URL",
        MDTYPE=each.kind,
        OTHERMDTYPE=each.other_kind,
        MIMETYPE=each.part.media_type,
        SIZE=each.part.size,
        CREATED=moment(each.part.created),
        CHECKSUM=each.part.sha256,
        CHECKSUMTYPE="SHA-256",
    )
    _linked(made, each.part.path)


def _group(files: Any, use: str, parts: Iterable[Part], name: str) -> Any:
    """CSIP60-CSIP79, SIP32, SIP33."""
    group = element(files, "fileGrp", ID=f"group-{name}", USE=use)
    for number, part in enumerate(parts, start=1):
        made = element(
            group,
            "file",
            ID=f"file-{name}-{number}",
            MIMETYPE=part.media_type,
            SIZE=part.size,
            CREATED=moment(part.created),
            CHECKSUM=part.sha256,
            CHECKSUMTYPE="SHA-256",
        )
        if part.format_version:
            made.set(f"{{{SIP}}}FILEFORMATNAME", "PDF/A")
            made.set(f"{{{SIP}}}FILEFORMATVERSION", part.format_version)
        _linked(element(made, "FLocat", LOCTYPE="URL"), part.path)
    return group


def _linked(made: Any, path: str) -> None:
    made.set(f"{{{XLINK}}}type", "simple")
    made.set(f"{{{XLINK}}}href", quote(path))


def _structure(root: Any, identifier: str) -> Any:
    """CSIP80-CSIP86."""
    made = element(root, "structMap", ID="structMap", TYPE="PHYSICAL", LABEL="CSIP")
    return element(made, "div", ID="div-package", LABEL=identifier)


def record_described(part: Part) -> Described:
    return Described(part, "OTHER", DESCRIBED_IN)
