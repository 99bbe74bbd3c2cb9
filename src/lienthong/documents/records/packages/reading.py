"""Looking through a package, ours or another's: what it holds, and everything in which it is not as it has to be."""

from typing import IO, Any

from django.utils.translation import gettext_lazy as _
from lxml import etree

from lienthong.documents.records.packages import archives, checking, marking
from lienthong.documents.records.packages.archives import Archive, Unreadable
from lienthong.documents.records.packages.checking import NAMES, Named
from lienthong.documents.records.packages.marking import PREMIS, RECORD, NotXml
from lienthong.documents.records.packages.report import HeldFile, Report

METS_FILE = "METS.xml"
DEEPEST = 3
"""METS.xml below METS.xml: package, representation, one more."""
_PREMIS = {"p": PREMIS}


def verify(source: IO[bytes], size: int) -> Report:
    """What an archive of `size` bytes holds. Everything in it is read: its digests are compared.

    Raises PackageRefused for what is no archive or made to do harm.
    """
    report = Report()
    with archives.opened(source, size) as archive:
        if not archive.root:
            report.note("CSIPSTR1", _("All files have to lie in one folder."))
        if METS_FILE not in archive:
            report.note("CSIPSTR4", _("There is no METS.xml in the folder of the package."))
            return report
        _Look(archive, report).through()
    return report


class _Look:
    def __init__(self, archive: Archive, report: Report) -> None:
        self.archive, self.report = archive, report
        self.digests: dict[str, str] = {}
        self.seen, self.opened = {METS_FILE}, {METS_FILE}
        self.held: dict[str, Named] = {}
        self.names: dict[str, tuple[str, str]] = {}

    def through(self) -> None:
        root = self._root(METS_FILE)
        if root is None:
            return
        self._tell(root)
        self._mets(root, METS_FILE, 1)
        for path in sorted(set(self.archive.paths) - self.seen):
            self.report.note("CSIPSTR16", _("No METS.xml names this file."), path)
        described = {path: self._root(path) for path in self.held if self._is_metadata(path)}
        for path, found in described.items():
            if found is not None and found.tag == f"{{{PREMIS}}}premis":
                self._premis(found, path)
            elif found is not None and found.tag == f"{{{RECORD}}}Record":
                self._record(found)
        self._files()

    def _is_metadata(self, path: str) -> bool:
        return self.held[path].rule == "CSIP24" and path.endswith(".xml") and path in self.archive

    def _root(self, path: str) -> Any:
        """The root of an XML file that fits its schema, or at least is XML."""
        try:
            root = marking.read(self.archive.text(path))
        except Unreadable as error:
            self.report.note("ZIP", _("The file cannot be read."), path, str(error))
            return None
        except NotXml as error:
            self.report.note("XML", _("The file is no XML that may be read."), path, str(error))
            return None
        for breach in marking.breaches(root):
            self.report.note("XSD", _("It does not fit its schema."), path, breach)
        return root

    def _tell(self, root: Any) -> None:
        """What the package says of itself."""
        told = self.report
        told.identifier, told.title = root.get("OBJID", ""), root.get("LABEL", "")
        if self.archive.root and told.identifier and self.archive.root != told.identifier:
            told.note("CSIPSTR3", _("The folder is called otherwise than the package."), self.archive.root, grave=False)
        header = root.find("m:metsHdr", NAMES)
        if header is None:
            return
        told.made_at = header.get("CREATEDATE", "")
        for agent in header.iterfind("m:agent", NAMES):
            name, role = agent.findtext("m:name", "", NAMES), agent.get("ROLE")
            if agent.get("OTHERTYPE") == "SOFTWARE":
                versions = (note.text or "" for note in agent.iterfind("m:note", NAMES))
                told.software = " ".join(filter(None, (name, *versions)))
            elif role in ("ARCHIVIST", "CREATOR"):
                told.creator = told.creator or name
            elif role == "PRESERVATION":
                told.archive = name
        for other in header.iterfind("m:altRecordID[@TYPE='REFERENCECODE']", NAMES):
            told.archive_code = other.text or ""

    def _mets(self, root: Any, where: str, depth: int) -> None:
        is_package = where == METS_FILE
        if root.tag != f"{{{marking.METS}}}mets":
            self.report.note("CSIP1000", _("The root is not mets."), where)
            return
        checking.check_root(root, self.report, where, is_package=is_package)
        checking.check_metadata(root, self.report, where)
        checking.check_files(root, self.report, where, is_package=is_package)
        checking.check_structure(root, self.report, where, is_package=is_package)
        folder = where.rpartition("/")[0]
        for named in list(checking.named(root, self.report, where)):
            path = archives.below(folder, named.path)
            if path is None:
                self.report.note(named.rule, _("It leads out of the package."), where, named.path)
            elif named.is_mets:
                self._deeper(path, depth)
            else:
                self._compare(path, named)

    def _deeper(self, path: str, depth: int) -> None:
        """The METS.xml of a representation. Each is read once, however they name each other."""
        if path not in self.archive:
            self.report.note("CSIP110", _("It is named and is not there."), path)
        elif path in self.digests and depth < DEEPEST and path not in self.opened:
            self.opened.add(path)
            root = self._root(path)
            if root is not None:
                self._mets(root, path, depth + 1)
        elif path not in self.digests:
            self.report.note("CSIP108", _("A METS.xml is pointed to that no group of files names."), path)

    def _compare(self, path: str, named: Named) -> None:
        """That a file is there, of its size and digest."""
        self.seen.add(path)
        if path not in self.archive:
            self.report.note(named.rule, _("It is named and is not there."), path)
            return
        self.held.setdefault(path, named)
        if named.size is not None and named.size != self.archive.size(path):
            self.report.note("SIZE", _("Its size is another than METS says."), path)
        digest = self._digest(path)
        if digest and named.algorithm != "SHA-256":
            self.report.note(
                "CHECKSUM", _("Its checksum is of another kind than SHA-256; it was not compared."), path, grave=False
            )
        elif digest and digest != named.sha256:
            self.report.note("CHECKSUM", _("Its content is another than METS says: the checksum differs."), path)

    def _digest(self, path: str) -> str:
        if path not in self.digests:
            self.digests[path] = ""
            try:
                self.digests[path] = self.archive.digest(path)
            except Unreadable as error:
                self.report.note("ZIP", _("The file cannot be read."), path, str(error))
        return self.digests[path]

    def _premis(self, root: Any, where: str) -> None:
        """PREMIS says the same of each file, and knows each object that it names."""
        objects = set()
        for each in root.iterfind("p:object", _PREMIS):
            ids = [found.text or "" for found in each.iterfind("p:objectIdentifier/p:objectIdentifierValue", _PREMIS)]
            objects.update(ids)
            algorithm = each.findtext(".//p:messageDigestAlgorithm", "", _PREMIS)
            digest = each.findtext(".//p:messageDigest", "", _PREMIS).lower()
            path = next((name for name in ids if name in self.archive), "")
            if algorithm == "SHA-256" and path and self._digest(path) not in ("", digest):
                self.report.note("PREMIS", _("PREMIS gives another checksum."), path)
            if path and path in self.held:
                self._name(path, each)
        if self.report.identifier and self.report.identifier not in objects:
            self.report.note("PREMIS", _("PREMIS does not describe the package by its identifier."), where, grave=False)
        links = root.iterfind("p:event/p:linkingObjectIdentifier/p:linkingObjectIdentifierValue", _PREMIS)
        if any((link.text or "") not in objects for link in links):
            self.report.note("PREMIS", _("An event is about an object that PREMIS does not describe."), where)
        self.report.events += len(root.findall("p:event", _PREMIS))

    def _name(self, path: str, each: Any) -> None:
        version = each.findtext(".//p:formatDesignation/p:formatVersion", "", _PREMIS)
        self.names[path] = (each.findtext("p:originalName", "", _PREMIS), version)

    def _record(self, root: Any) -> None:
        """The metadata of NĐ 30/2020 App. VI, as somebody reads them."""
        for child in root.iterchildren(tag=etree.Element):
            if len(child) == 0:
                self.report.record[etree.QName(child).localname] = child.text or ""

    def _files(self) -> None:
        for path, named in self.held.items():
            if named.rule == "CSIP79" and "/data/" in f"/{path}":
                name, version = self.names.get(path, ("", ""))
                self.report.files.append(HeldFile(path, named.media_type, self.archive.size(path), name, version))
