"""All data sets as a catalogue in DCAT-AP 3, for the national data portal and others that collect catalogues.

Catalog, Dataset, Distribution, DataService, Agent, with what DCAT-AP 3.0 makes mandatory and most of what it
recommends. Addresses begin with that of the installation, so that they are the same whoever asks.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from lienthong.foundation import clock
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.organisations.queries import province
from lienthong.foundation.organisations.rules import Node
from lienthong.registers.open_data import sets
from lienthong.registers.open_data.models import OpenDataset, OpenFile
from lienthong.registers.open_data.rdf import Description, Link, Literal
from lienthong.registers.open_data.sets import DataSet, Licence
from lienthong.registers.open_data.wording import (
    A_FILE,
    A_LAYER,
    A_SCHEMA,
    ABOUT,
    AN_API,
    FEATURES_SERVICE,
    ROWS_SERVICE,
    THEME_NAMES,
    TITLE,
)

_EU = "http://publications.europa.eu/resource/authority/"
VIETNAMESE = f"{_EU}language/VIE"
PUBLIC = f"{_EU}access-right/PUBLIC"
STABLE = f"{_EU}planned-availability/STABLE"
THEMES = f"{_EU}data-theme"
FREQUENCIES: Mapping[str, str] = {
    "continuous": "CONT",
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly": "MONTHLY",
    "quarterly": "QUARTERLY",
    "half-yearly": "ANNUAL_2",
    "yearly": "ANNUAL",
    "irregular": "IRREG",
}
FILE_TYPES: Mapping[str, str] = {"csv": "CSV", "xlsx": "XLSX", "json": "JSON", "geojson": "GEOJSON"}
PROFILE = "http://data.europa.eu/r5r/"
OGC_FEATURES = "http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core"


def described(found: list[DataSet], known: Mapping[str, OpenDataset]) -> list[Description]:
    """The nodes of the catalogue: itself, what is in it, and who and what these speak of, each once."""
    nodes = [_catalogue(found, known), *_services(found)]
    for each in found:
        nodes += [_data_set(each, known.get(each.key)), *_distributions(each, known.get(each.key))]
    return [*nodes, *_mentioned(found)]


def here(name: str, *rest: str) -> str:
    return f"{settings.ORIGIN}{reverse(f'open_data:{name}', args=rest)}"


def of_data_set(data_set: DataSet) -> str:
    """The address by which it is called in catalogues."""
    return f"{here('one', data_set.key)}#du-lieu"


def licence_address(licence: Licence) -> str:
    return licence.address or f"{here('terms')}#{licence.code}"


def _both(message: str, **given: str) -> list[Literal]:
    """A message of ours in both languages."""
    said = []
    for language in ("vi", "en"):
        with translation.override(language):
            said.append(Literal(_(message) % given, language))
    return said


def _english(text: str) -> list[Literal]:
    return [Literal(text, "en")] if text else []


def _vi(text: str) -> Literal:
    return Literal(text, "vi")


def _moment(at: datetime) -> Literal:
    return Literal(clock.local(at).isoformat(timespec="seconds"), datatype="xsd:dateTime")


def _catalogue(found: list[DataSet], known: Mapping[str, OpenDataset]) -> Description:
    newest = max((each.true_at for each in known.values()), default=None)
    return {
        "@id": f"{here('listing')}#danh-muc",
        "@type": "dcat:Catalog",
        "dct:title": _both(TITLE, province=province().name),
        "dct:description": _both(ABOUT),
        "dct:publisher": Link(_agent(sets.committee())),
        "dct:language": Link(VIETNAMESE),
        "dct:spatial": Link(_place()),
        "dct:license": Link(licence_address(sets.default_licence())),
        "dct:conformsTo": Link(PROFILE),
        "dct:modified": _moment(newest) if newest else None,
        "foaf:homepage": Link(here("listing")),
        "dcat:themeTaxonomy": Link(THEMES),
        "dcat:dataset": [Link(of_data_set(each)) for each in found],
        "dcat:service": [Link(_rows_service()), *([Link(_features_service())] if _with_layers(found) else [])],
    }


def _data_set(data_set: DataSet, known: OpenDataset | None) -> Description:
    said, contact = data_set.declared, data_set.contact
    frequency = FREQUENCIES.get(said.frequency or "")
    legal = [source for source in data_set.body.sources if source.where]
    return {
        "@id": of_data_set(data_set),
        "@type": "dcat:Dataset",
        "dct:identifier": Literal(data_set.key),
        "dct:title": [_vi(data_set.name), *_english(said.title_en)],
        "dct:description": [_vi(data_set.description), *_english(said.about_en)],
        "dct:publisher": Link(_agent(data_set.publisher)),
        "dct:creator": [Link(_agent(agency)) for agency in data_set.agencies],
        "dcat:contactPoint": _contact(data_set.publisher, contact),
        "dcat:keyword": [_vi(word) for word in dict.fromkeys([data_set.group_name, *said.keywords])],
        "dcat:theme": Link(f"{THEMES}/{data_set.theme}") if data_set.theme else None,
        "dct:spatial": Link(_place()),
        "dct:language": Link(VIETNAMESE),
        "dct:accessRights": Link(PUBLIC),
        "dct:accrualPeriodicity": Link(f"{_EU}frequency/{frequency}") if frequency else None,
        "dct:conformsTo": Link(here("schema", data_set.key)),
        "dct:provenance": [
            {"@type": "dct:ProvenanceStatement", "rdfs:label": _vi(f"{each.what}: {each.where}")} for each in legal
        ],
        "dct:modified": Literal(known.last_on.isoformat(), datatype="xsd:date") if known and known.last_on else None,
        "dcat:landingPage": Link(here("one", data_set.key)),
        "dcat:distribution": [Link(each) for each in _distribution_addresses(data_set, known)],
    }


def _contact(agency: Node | None, email: str) -> Description:
    name = agency.name if agency else province().name
    address = Link(f"mailto:{email}") if email else None
    return {"@type": "vcard:Organization", "vcard:fn": _vi(name), "vcard:hasEmail": address}


# what can be taken, and how


def _distribution_addresses(data_set: DataSet, known: OpenDataset | None) -> Iterator[str]:
    for file in _files(known):
        yield f"{here('file', data_set.key, file.format)}#tep"
    yield f"{rows_address(data_set)}#ban-ghi"
    for layer in data_set.layers:
        yield f"{features_address(layer.key)}#lop"


def _files(known: OpenDataset | None) -> list[OpenFile]:
    found = list(known.files.all()) if known else []
    return sorted(found, key=lambda each: sets.FORMATS.index(each.format))


def _distributions(data_set: DataSet, known: OpenDataset | None) -> Iterator[Description]:
    shared: dict[str, Any] = {
        "@type": "dcat:Distribution",
        "dct:license": Link(licence_address(data_set.licence)),
        "dct:language": Link(VIETNAMESE),
        "dcatap:availability": Link(STABLE),
    }
    for file in _files(known):
        there = here("file", data_set.key, file.format)
        yield shared | {
            "@id": f"{there}#tep",
            "dct:title": _both(A_FILE, name=data_set.name, format=file.format.upper()),
            "dcat:accessURL": Link(here("one", data_set.key)),
            "dcat:downloadURL": Link(there),
            "dct:format": Link(f"{_EU}file-type/{FILE_TYPES[file.format]}"),
            "dcat:mediaType": Link(_media(BY_KEY[file.format].media_type)),
            "dcat:byteSize": Literal(str(file.file.size), datatype="xsd:nonNegativeInteger"),
            "dct:modified": _moment(file.made_at),
            "dct:conformsTo": Link(here("schema", data_set.key)) if file.format == "json" else None,
            "spdx:checksum": {
                "@type": "spdx:Checksum",
                "spdx:algorithm": Link("http://spdx.org/rdf/terms#checksumAlgorithm_sha256"),
                "spdx:checksumValue": Literal(file.file.sha256, datatype="xsd:hexBinary"),
            },
        }
    yield shared | {
        "@id": f"{rows_address(data_set)}#ban-ghi",
        "dct:title": _both(AN_API, name=data_set.name),
        "dcat:accessURL": Link(rows_address(data_set)),
        "dcat:accessService": Link(_rows_service()),
        "dct:format": Link(f"{_EU}file-type/JSON"),
        "dcat:mediaType": Link(_media("application/json")),
        "dct:conformsTo": Link(here("schema", data_set.key)),
    }
    for layer in data_set.layers:
        yield shared | {
            "@id": f"{features_address(layer.key)}#lop",
            "dct:title": _both(A_LAYER, name=layer.name),
            "dcat:accessURL": Link(features_address(layer.key)),
            "dcat:accessService": Link(_features_service()),
            "dct:format": Link(f"{_EU}file-type/GEOJSON"),
            "dcat:mediaType": Link(_media("application/geo+json")),
            "dct:conformsTo": Link(OGC_FEATURES),
        }


def _media(kind: str) -> str:
    return f"https://www.iana.org/assignments/media-types/{kind}"


def rows_address(data_set: DataSet) -> str:
    return f"{settings.ORIGIN}/api/open-data/{data_set.key}/rows"


def features_address(layer: str) -> str:
    return f"{settings.ORIGIN}/api/features/collections/{layer}/items"


def _rows_service() -> str:
    return f"{settings.ORIGIN}/api/open-data/#dich-vu"


def _features_service() -> str:
    return f"{settings.ORIGIN}/api/features/#dich-vu"


def _with_layers(found: list[DataSet]) -> list[DataSet]:
    return [each for each in found if each.layers]


def _services(found: list[DataSet]) -> Iterator[Description]:
    shared = {
        "@type": "dcat:DataService",
        "dct:publisher": Link(_agent(sets.committee())),
        "dct:license": Link(licence_address(sets.default_licence())),
        "dct:accessRights": Link(PUBLIC),
    }
    yield shared | {
        "@id": _rows_service(),
        "dct:title": _both(ROWS_SERVICE),
        "dcat:endpointURL": Link(f"{settings.ORIGIN}/api/open-data/"),
        "dcat:endpointDescription": Link(f"{settings.ORIGIN}/api/open-data/openapi.json"),
        "dcat:servesDataset": [Link(of_data_set(each)) for each in found],
    }
    if served := _with_layers(found):
        yield shared | {
            "@id": _features_service(),
            "dct:title": _both(FEATURES_SERVICE),
            "dcat:endpointURL": Link(f"{settings.ORIGIN}/api/features/"),
            "dcat:endpointDescription": Link(f"{settings.ORIGIN}/api/features/openapi.json"),
            "dct:conformsTo": Link(OGC_FEATURES),
            "dcat:servesDataset": [Link(of_data_set(each)) for each in served],
        }


# who and what is spoken of


def _agent(agency: Node | None) -> str:
    return f"{here('listing')}#co-quan-{agency.key if agency else 'tinh'}"


def _place() -> str:
    return f"{here('listing')}#tinh-{province().administrative_code}"


def _mentioned(found: list[DataSet]) -> Iterator[Description]:
    agencies = [sets.committee(), *(each.publisher for each in found), *(a for each in found for a in each.agencies)]
    for address, agency in {_agent(agency): agency for agency in agencies}.items():
        yield {
            "@id": address,
            "@type": "foaf:Agent",
            "foaf:name": _vi(agency.name if agency else province().name),
            "dct:identifier": Literal(agency.identifier) if agency and agency.identifier else None,
        }
    yield {
        "@id": _place(),
        "@type": "dct:Location",
        "skos:prefLabel": _vi(province().name),
        "dct:identifier": Literal(province().administrative_code),
    }
    licences = {licence_address(each.licence): each.licence for each in found}
    own = sets.default_licence()
    for address, licence in (licences | {licence_address(own): own}).items():
        yield {"@id": address, "@type": "dct:LicenseDocument", "rdfs:label": _vi(licence.name)}
    yield {"@id": THEMES, "@type": "skos:ConceptScheme", "dct:title": Literal("Data theme", "en")}
    for theme in sorted({each.theme for each in found if each.theme}):
        yield {
            "@id": f"{THEMES}/{theme}",
            "@type": "skos:Concept",
            "skos:prefLabel": _both(THEME_NAMES.get(theme, theme)),
            "skos:inScheme": Link(THEMES),
        }
    for each in found:
        yield {"@id": here("schema", each.key), "@type": "dct:Standard", "dct:title": _both(A_SCHEMA, name=each.name)}
    yield {
        "@id": OGC_FEATURES,
        "@type": "dct:Standard",
        "dct:title": Literal("OGC API – Features – Part 1: Core", "en"),
    }
    yield {"@id": PROFILE, "@type": "dct:Standard", "dct:title": Literal("DCAT-AP 3.0", "en")}
