"""A description in RDF, written as JSON-LD, Turtle and RDF/XML. Pure.

A description is a list of nodes as JSON-LD writes them: mappings with `@id` (none: a blank node), `@type` and
properties by their prefixed names; what stands in them is a `Link`, a `Literal`, a node, or a list of these. Not
written by a library of graphs, which is slow where all that is wanted is text; tests have one read all three forms and
compare.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import quote

from lxml import etree

PREFIXES: Mapping[str, str] = {
    "adms": "http://www.w3.org/ns/adms#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcatap": "http://data.europa.eu/r5r/",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


@dataclass(frozen=True, slots=True)
class Link:
    """Another thing, by its address."""

    to: str


@dataclass(frozen=True, slots=True)
class Literal:
    """A text in a language, or a value of a datatype (prefixed name); without either a plain text."""

    text: str
    language: str = ""
    datatype: str = ""


Description: TypeAlias = Mapping[str, Any]


def address(text: str) -> str:
    """As an IRI may be written: what may not stand in one is escaped."""
    return re.sub(r'[\x00-\x20<>"{}|^`\\\x7f]', lambda found: quote(found[0]), text)


def _values(node: Description) -> Iterator[tuple[str, list[Any]]]:
    """The properties that say something, each with what it says."""
    for name, value in node.items():
        found = list(value) if isinstance(value, list | tuple) else [value]
        if not name.startswith("@") and (found := [each for each in found if each is not None]):
            yield name, found


def _types(node: Description) -> Sequence[str]:
    types = node.get("@type", ())
    return (types,) if isinstance(types, str) else types


# JSON-LD


def jsonld(nodes: Iterable[Description]) -> bytes:
    found = {"@context": PREFIXES, "@graph": [_json_node(node) for node in nodes]}
    return json.dumps(found, ensure_ascii=False, indent=1).encode()


def _json_node(node: Description) -> dict[str, Any]:
    own: dict[str, Any] = {"@id": address(node["@id"])} if "@id" in node else {}
    own |= {"@type": list(_types(node))} if _types(node) else {}
    return own | {name: [_json_value(value) for value in values] for name, values in _values(node)}


def _json_value(value: Any) -> dict[str, Any]:
    match value:
        case Link(to):
            return {"@id": address(to)}
        case Literal(text, language, datatype):
            said = {"@language": language} if language else {"@type": datatype} if datatype else {}
            return {"@value": text, **said}
    return _json_node(value)


# Turtle


def turtle(nodes: Iterable[Description]) -> bytes:
    lines = [f"@prefix {prefix}: <{there}> ." for prefix, there in PREFIXES.items()]
    for node in nodes:
        lines += ["", f"<{address(node['@id'])}> {_turtle_body(node, 1)} ."]
    return ("\n".join(lines) + "\n").encode()


def _turtle_body(node: Description, depth: int) -> str:
    said = [f"a {', '.join(_types(node))}"] if _types(node) else []
    said += [f"{name} {', '.join(_turtle_value(each, depth) for each in values)}" for name, values in _values(node)]
    return f" ;\n{'  ' * depth}".join(said)


def _turtle_value(value: Any, depth: int) -> str:
    match value:
        case Link(to):
            return f"<{address(to)}>"
        case Literal(text, language, datatype):
            # The escapes of JSON are among those of Turtle.
            said = f"@{language}" if language else f"^^{datatype}" if datatype else ""
            return json.dumps(text, ensure_ascii=False) + said
    inner = "  " * depth
    return f"[\n{inner}  {_turtle_body(value, depth + 1)}\n{inner}]"


# RDF/XML


_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def rdfxml(nodes: Iterable[Description]) -> bytes:
    root = etree.Element(f"{{{RDF}}}RDF", nsmap={"rdf": RDF, **PREFIXES})
    for node in nodes:
        _xml_node(root, node)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True))


def _xml_node(above: Any, node: Description) -> None:
    element = etree.SubElement(above, f"{{{RDF}}}Description")
    if "@id" in node:
        element.set(f"{{{RDF}}}about", address(node["@id"]))
    for each in _types(node):
        etree.SubElement(element, f"{{{RDF}}}type").set(f"{{{RDF}}}resource", _full(each))
    for name, values in _values(node):
        prefix, _colon, local = name.partition(":")
        for value in values:
            _xml_value(etree.SubElement(element, f"{{{PREFIXES[prefix]}}}{local}"), value)


def _xml_value(element: Any, value: Any) -> None:
    match value:
        case Link(to):
            element.set(f"{{{RDF}}}resource", address(to))
        case Literal(text, language, datatype):
            element.text = _NOT_XML.sub("", text)
            if language:
                element.set("{http://www.w3.org/XML/1998/namespace}lang", language)
            elif datatype:
                element.set(f"{{{RDF}}}datatype", _full(datatype))
        case _:
            _xml_node(element, value)


def _full(name: str) -> str:
    prefix, _colon, local = name.partition(":")
    return f"{PREFIXES[prefix]}{local}"
