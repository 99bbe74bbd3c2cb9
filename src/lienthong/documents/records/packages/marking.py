"""Writing and reading the XML of packages: the same bytes for the same content, nothing from outside let in."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from lxml import etree

METS = "http://www.loc.gov/METS/"
XLINK = "http://www.w3.org/1999/xlink"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
CSIP = "https://DILCIS.eu/XML/METS/CSIPExtensionMETS"
SIP = "https://DILCIS.eu/XML/METS/SIPExtensionMETS"
PREMIS = "http://www.loc.gov/premis/v3"
RECORD = "urn:lienthong:nd30-2020:record:1"
OAI_DC = "http://www.openarchives.org/OAI/2.0/oai_dc/"
DC = "http://purl.org/dc/elements/1.1/"

SCHEMAS = Path(__file__).parent / "schemas"
_OF_NAMESPACE = {
    METS: "mets.xsd",
    PREMIS: "premis.xsd",
    RECORD: "record.xsd",
    CSIP: "DILCISExtensionMETS.xsd",
    SIP: "DILCISExtensionSIPMETS.xsd",
}


_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class NotXml(ValueError):
    """What was given is not XML that is read here: it says why."""


def element(parent: Any, name: str, text: object = None, **attributes: object) -> Any:
    """An element below another, in its namespace. `text` and attributes that are None or empty are left out."""
    made = etree.SubElement(parent, f"{{{etree.QName(parent).namespace}}}{name}")
    return filled(made, text, attributes)


def filled(made: Any, text: object, attributes: Mapping[str, object]) -> Any:
    for key, value in attributes.items():
        if value not in (None, ""):
            made.set(key, plain(str(value)))
    if text not in (None, ""):
        made.text = plain(str(text))
    return made


def plain(text: str) -> str:
    """Without what XML cannot carry."""
    return _NOT_XML.sub("", text)


def written(root: Any) -> bytes:
    etree.indent(root)
    made: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    return made + b"\n"


def read(content: bytes) -> Any:
    """The root. A document type is refused: with it come entities that grow without end or fetch files.

    Raises NotXml.
    """
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise NotXml("it has a document type, by which entities come in")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise NotXml(error.msg or "it is not XML") from error
    if root.getroottree().docinfo.doctype:  # written in an encoding in which it was not seen above
        raise NotXml("it has a document type, by which entities come in")
    return root


def breaches(root: Any) -> list[str]:
    """What the schema of its namespace finds wrong, with the line; nothing where there is no schema for it."""
    name = _OF_NAMESPACE.get(etree.QName(root).namespace or "")
    if name is None:
        return []
    schema = _schema()
    with _one_at_a_time:  # what was found is kept in the schema
        if schema.validate(root):
            return []
        return [f"{error.line}: {error.message}"[:500] for error in list(schema.error_log)[:20]]


_one_at_a_time = Lock()


class _Here(etree.Resolver):  # type: ignore[misc]
    """Schemas name each other by addresses of the web; they are read from here, whatever they name."""

    def resolve(self, system_url: str, public_id: str, context: Any) -> Any:
        return self.resolve_filename(str(SCHEMAS / system_url.rpartition("/")[2]), context)


@cache
def _schema() -> Any:
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Here())
    root = etree.Element("{http://www.w3.org/2001/XMLSchema}schema")
    for namespace, name in _OF_NAMESPACE.items():
        element(root, "import", namespace=namespace, schemaLocation=name)
    return etree.XMLSchema(etree.fromstring(etree.tostring(root), parser))
