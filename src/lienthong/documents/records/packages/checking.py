"""What E-ARK CSIP 2.2 and SIP 2.2 ask of a METS.xml beyond its schema; `rule` is the number of the requirement. Pure: a
root in, deviations into the report."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from django.utils.translation import gettext_lazy as _

from lienthong.documents.records.packages.marking import CSIP, METS, XLINK
from lienthong.documents.records.packages.report import Report

NAMES = {"m": METS}
PACKAGE_TYPES = frozenset({"SIP", "AIP", "DIP", "AIU", "AIC"})
SIP_PROFILES = ("https://earksip.dilcis.eu/profile/E-ARK-SIP",)
METADATA_RULES = {"dmdSec": 18, "digiprovMD": 33, "rightsMD": 46}
"""The first number of the requirements of each kind of section; those of its reference follow in the same order."""

MISSING = _("It has to be there and is missing.")
OTHER_VALUE = _("It has another value than it has to have.")


@dataclass(frozen=True, slots=True)
class Named:
    """A file that METS names, by whichever element. `path` is as it is written, decoded."""

    path: str
    size: int | None
    sha256: str
    algorithm: str
    media_type: str
    rule: str
    is_mets: bool = False


def check_root(root: Any, report: Report, where: str, *, is_package: bool) -> None:
    """CSIP1-CSIP16, CSIP117, SIP2, SIP4."""
    for rule, attribute in (("CSIP1", "OBJID"), ("CSIP2", "TYPE"), ("CSIP6", "PROFILE")):
        _want(root.get(attribute), rule, f"mets/@{attribute}", report, where)
    if root.get("TYPE") == "Other":
        _want(root.get(f"{{{CSIP}}}OTHERTYPE"), "CSIP3", "mets/@csip:OTHERTYPE", report, where)
    if root.get(f"{{{CSIP}}}CONTENTINFORMATIONTYPE") == "OTHER":
        other = root.get(f"{{{CSIP}}}OTHERCONTENTINFORMATIONTYPE")
        _want(other, "CSIP5", "mets/@csip:OTHERCONTENTINFORMATIONTYPE", report, where)
    if is_package and not str(root.get("PROFILE", "")).startswith(SIP_PROFILES):
        report.note("SIP2", OTHER_VALUE, where, "mets/@PROFILE", grave=False)
    header = root.find("m:metsHdr", NAMES)
    if header is None:
        report.note("CSIP117", MISSING, where, "mets/metsHdr")
        return
    _want(header.get("CREATEDATE"), "CSIP7", "metsHdr/@CREATEDATE", report, where)
    kind = header.get(f"{{{CSIP}}}OAISPACKAGETYPE")
    if kind not in PACKAGE_TYPES:
        report.note("CSIP9", OTHER_VALUE, where, "metsHdr/@csip:OAISPACKAGETYPE")
    elif is_package and kind != "SIP":
        report.note("SIP4", OTHER_VALUE, where, "metsHdr/@csip:OAISPACKAGETYPE", grave=False)
    _check_software(header, report, where)


def _check_software(header: Any, report: Report, where: str) -> None:
    """Whatever the package was made with, by name and version."""
    made_with = header.xpath("m:agent[@ROLE='CREATOR' and @TYPE='OTHER' and @OTHERTYPE='SOFTWARE']", namespaces=NAMES)
    if not made_with:
        report.note("CSIP10", MISSING, where, "metsHdr/agent[@ROLE='CREATOR'][@OTHERTYPE='SOFTWARE']")
        return
    _want(made_with[0].findtext("m:name", "", NAMES), "CSIP14", "agent/name", report, where)
    notes = [note for note in made_with[0].findall("m:note", NAMES) if note.get(f"{{{CSIP}}}NOTETYPE")]
    if not any(note.get(f"{{{CSIP}}}NOTETYPE") == "SOFTWARE VERSION" and note.text for note in notes):
        report.note("CSIP16", MISSING, where, "agent/note[@csip:NOTETYPE='SOFTWARE VERSION']")


def check_metadata(root: Any, report: Report, where: str) -> None:
    """CSIP17-CSIP57: every section with an id and a reference to a file."""
    if root.find("m:dmdSec", NAMES) is None and where == "METS.xml":
        report.note("CSIP17", MISSING, where, "mets/dmdSec", grave=False)
    for name, first in METADATA_RULES.items():
        for section in root.iterfind(f".//m:{name}", NAMES):
            _want(section.get("ID"), f"CSIP{first}", f"{name}/@ID", report, where)
            if section.find("m:mdRef", NAMES) is None:
                report.note(
                    f"CSIP{first + (3 if name == 'dmdSec' else 2)}", MISSING, where, f"{name}/mdRef", grave=False
                )


def check_files(root: Any, report: Report, where: str, *, is_package: bool) -> None:
    """CSIP58-CSIP72, CSIP113, CSIP114."""
    section = root.find("m:fileSec", NAMES)
    if section is None:
        if is_package:
            report.note("CSIP58", MISSING, where, "mets/fileSec", grave=False)
        return
    _want(section.get("ID"), "CSIP59", "fileSec/@ID", report, where)
    groups = section.findall("m:fileGrp", NAMES)
    if is_package:
        uses = [group.get("USE", "") for group in groups]
        for rule, use in (("CSIP60", "Documentation"), ("CSIP113", "Schemas"), ("CSIP114", "Representations")):
            if not any(each == use or each.startswith(f"{use}/") for each in uses):
                report.note(rule, MISSING, where, f"fileSec/fileGrp[@USE='{use}']", grave=rule == "CSIP114")
    for group in groups:
        _want(group.get("USE"), "CSIP64", "fileGrp/@USE", report, where)
        _want(group.get("ID"), "CSIP65", "fileGrp/@ID", report, where)


def check_structure(root: Any, report: Report, where: str, *, is_package: bool) -> None:
    """CSIP80-CSIP92, CSIP105-CSIP112."""
    maps = root.xpath("m:structMap[@LABEL='CSIP' or @LABEL='CSIP StructMap']", namespaces=NAMES)
    if not maps:
        report.note("CSIP80", MISSING, where, "structMap[@LABEL='CSIP']")
        return
    found = maps[0]
    if found.get("TYPE") != "PHYSICAL":
        report.note("CSIP81", OTHER_VALUE, where, "structMap/@TYPE")
    _want(found.get("ID"), "CSIP83", "structMap/@ID", report, where)
    top = found.find("m:div", NAMES)
    if top is None:
        report.note("CSIP84", MISSING, where, "structMap/div")
        return
    _want(top.get("ID"), "CSIP85", "structMap/div/@ID", report, where)
    if top.get("LABEL") != root.get("OBJID"):
        report.note("CSIP86", OTHER_VALUE, where, "structMap/div/@LABEL", grave=is_package)
    if top.find("m:div[@LABEL='Metadata']", NAMES) is None:
        report.note("CSIP88", MISSING, where, "div[@LABEL='Metadata']")
    for division in top.iterfind("m:div", NAMES):
        _want(division.get("ID"), "CSIP106", "div/@ID", report, where)
        for pointer in division.iterfind("m:mptr", NAMES):
            _want(pointer.get(f"{{{XLINK}}}title"), "CSIP108", "mptr/@xlink:title", report, where)


def _want(value: str | None, rule: str, what: str, report: Report, where: str) -> None:
    if not value:
        report.note(rule, MISSING, where, what)


def named(root: Any, report: Report, where: str) -> Iterator[Named]:
    """The files that a METS.xml names: metadata, files of groups, other METS.xml."""
    for reference in root.iterfind(".//m:mdRef", NAMES):
        if made := _named(reference, reference, "CSIP24", report, where):
            yield made
    for file in root.iterfind(".//m:file", NAMES):
        _want(file.get("ID"), "CSIP67", "file/@ID", report, where)
        places = file.findall("m:FLocat", NAMES)
        if not places:
            report.note("CSIP76", MISSING, where, "file/FLocat")
        for place in places:
            if made := _named(file, place, "CSIP79", report, where):
                yield made
    for pointer in root.iterfind(".//m:mptr", NAMES):
        if made := _named(pointer, pointer, "CSIP110", report, where):
            yield Named(made.path, None, "", "", "", made.rule, is_mets=True)


def _named(described: Any, place: Any, rule: str, report: Report, where: str) -> Named | None:
    if place.get("LOCTYPE") != "URL":
        report.note(rule, OTHER_VALUE, where, "@LOCTYPE")
    path = decoded(place.get(f"{{{XLINK}}}href") or "")
    if not path:
        report.note(rule, MISSING, where, "@xlink:href")
        return None
    if place.tag != f"{{{METS}}}mptr":
        for attribute in ("MIMETYPE", "SIZE", "CREATED", "CHECKSUM", "CHECKSUMTYPE"):
            _want(described.get(attribute), _ATTRIBUTE_RULES[attribute, rule], f"@{attribute}", report, path)
    size = described.get("SIZE", "")
    return Named(
        path=path,
        size=int(size) if size.isascii() and size.isdecimal() and len(size) <= _DIGITS else None,
        sha256=described.get("CHECKSUM", "").lower(),
        algorithm=described.get("CHECKSUMTYPE", ""),
        media_type=described.get("MIMETYPE", ""),
        rule=rule,
    )


_DIGITS = 18
_ATTRIBUTE_RULES = {
    (attribute, place): f"CSIP{first + number}"
    for place, first in (("CSIP24", 26), ("CSIP79", 68))
    for number, attribute in enumerate(("MIMETYPE", "SIZE", "CREATED", "CHECKSUM", "CHECKSUMTYPE"))
}


def decoded(href: str) -> str:
    return unquote(href, errors="replace").removeprefix("file:./").removeprefix("./")
