"""The catalogue of open data in DCAT-AP 3, judged by a library of graphs."""

import json
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from rdflib import Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic
from rdflib.namespace import DCAT, DCTERMS, FOAF, RDF, SKOS, XSD

from lienthong.foundation import clock
from lienthong.registers import services
from lienthong.registers.open_data import making, rdf
from tests.browsing import queries_of
from tests.registers.conftest import DECLARED, GIA_NGHIA, KEY, officer_of, permit, publish
from tests.registers.test_places import PARCELS, square
from tests.registers.test_places import enter as enter_parcel

SPDX, VCARD = Namespace("http://spdx.org/rdf/terms#"), Namespace("http://www.w3.org/2006/vcard/ns#")
EU = "http://publications.europa.eu/resource/authority/"
KINDS = {"jsonld": ("application/ld+json", "json-ld"), "ttl": ("text/turtle", "turtle"),
         "rdf": ("application/rdf+xml", "xml")}  # fmt: skip
ONE, ONE_OR_NONE, SOME, ANY = (1, 1), (0, 1), (1, 999), (0, 999)

MANDATORY = {
    DCAT.Catalog: {
        DCTERMS.title: SOME, DCTERMS.description: SOME, DCTERMS.publisher: ONE, DCAT.dataset: SOME,
        DCTERMS.license: ONE_OR_NONE, FOAF.homepage: ONE_OR_NONE, DCTERMS.modified: ONE_OR_NONE,
        DCTERMS.spatial: SOME, DCTERMS.language: SOME, DCAT.themeTaxonomy: SOME,
    },
    DCAT.Dataset: {
        DCTERMS.title: SOME, DCTERMS.description: SOME, DCTERMS.publisher: ONE, DCAT.distribution: SOME,
        DCTERMS.identifier: SOME, DCAT.contactPoint: SOME, DCAT.keyword: SOME, DCTERMS.spatial: SOME,
        DCTERMS.accessRights: ONE, DCTERMS.accrualPeriodicity: ONE_OR_NONE, DCTERMS.modified: ONE_OR_NONE,
        DCAT.landingPage: SOME, DCAT.theme: ANY, DCTERMS.conformsTo: SOME,
    },
    DCAT.Distribution: {
        DCAT.accessURL: SOME, DCTERMS.license: ONE, DCTERMS["format"]: ONE, DCAT.mediaType: ONE_OR_NONE,
        DCAT.byteSize: ONE_OR_NONE, SPDX.checksum: ONE_OR_NONE, DCTERMS.title: SOME, DCTERMS.modified: ONE_OR_NONE,
    },
    DCAT.DataService: {
        DCTERMS.title: SOME, DCAT.endpointURL: SOME, DCAT.endpointDescription: SOME, DCAT.servesDataset: SOME,
        DCTERMS.license: ONE_OR_NONE, DCTERMS.accessRights: ONE_OR_NONE,
    },
    FOAF.Agent: {FOAF.name: SOME},
    SPDX.Checksum: {SPDX.algorithm: ONE, SPDX.checksumValue: ONE},
    SKOS.Concept: {SKOS.prefLabel: SOME},
    SKOS.ConceptScheme: {DCTERMS.title: SOME},
}  # fmt: skip
"""How often each property stands: the mandatory and recommended ones of DCAT-AP 3.0 (semiceu.github.io/DCAT-AP)."""

RANGES = {
    DCTERMS.publisher: FOAF.Agent, DCTERMS.creator: FOAF.Agent, DCAT.dataset: DCAT.Dataset,
    DCAT.distribution: DCAT.Distribution, DCAT.service: DCAT.DataService, DCAT.accessService: DCAT.DataService,
    DCAT.servesDataset: DCAT.Dataset, DCTERMS.license: DCTERMS.LicenseDocument, DCTERMS.spatial: DCTERMS.Location,
    DCAT.theme: SKOS.Concept, DCAT.themeTaxonomy: SKOS.ConceptScheme, DCAT.contactPoint: VCARD.Organization,
    SPDX.checksum: SPDX.Checksum, DCTERMS.conformsTo: DCTERMS.Standard, DCTERMS.provenance: DCTERMS.ProvenanceStatement,
}  # fmt: skip
"""Of which class is what they lead to."""


@pytest.fixture(autouse=True)
def nobody_has_asked_yet(request):
    if request.node.get_closest_marker("django_db"):
        cache.clear()


@pytest.fixture
def filled(db):
    publish(
        DECLARED + "open_data: {frequency: weekly, licence: cc-by-4.0, keywords: [nhà ở], contact: so@xd.example,"
        " title_en: Building permits, about_en: Permits in force}\n"
    )
    publish(PARCELS)
    handler = officer_of("case-handler", GIA_NGHIA)
    services.enter(register=KEY, raw=permit(), officer=handler)
    enter_parcel(handler, "001", square(0, 0))
    making.renew()


def take(form="jsonld", **headers):
    answer = Client().get(reverse("open_data:catalogue_as", args=[form]), headers=headers)
    assert answer.status_code in (200, 304), answer.content
    return answer


def graph(form="jsonld"):
    return Graph().parse(data=take(form).content, format=KINDS[form][1])


def the(found, subject, name):
    (value,) = found.objects(subject, name)
    return value


def data_set(found, key=KEY):
    (subject,) = found.subjects(DCTERMS.identifier, Literal(key))
    return subject


@pytest.mark.django_db
def test_the_three_forms_say_the_same(filled):
    said = graph("jsonld")
    assert len(said) > 100
    assert isomorphic(said, graph("ttl")) and isomorphic(said, graph("rdf"))


@pytest.mark.django_db
def test_everything_has_what_dcat_ap_makes_mandatory_as_often_as_it_may(filled):
    found, faults = graph(), []
    for kind, properties in MANDATORY.items():
        subjects = set(found.subjects(RDF.type, kind))
        assert subjects, kind
        for subject in subjects:
            for name, (least, most) in properties.items():
                count = len(list(found.objects(subject, name)))
                if not least <= count <= most:
                    faults.append(f"{subject}: {count} times {name}")
    for name, kind in RANGES.items():
        for subject, value in found.subject_objects(name):
            if (value, RDF.type, kind) not in found:
                faults.append(f"{subject}: {name} leads to {value}, which is no {kind}")
    assert faults == []


@pytest.mark.django_db
def test_a_data_set_is_described_in_both_languages_with_what_it_declares(filled):
    found = graph()
    subject = data_set(found)
    assert set(found.objects(subject, DCTERMS.title)) == {
        Literal("Sổ giấy phép xây dựng (thử)", lang="vi"),
        Literal("Building permits", lang="en"),
    }
    assert the(found, subject, DCTERMS.accrualPeriodicity) == URIRef(f"{EU}frequency/WEEKLY")
    assert the(found, subject, DCAT.theme) == URIRef(f"{EU}data-theme/REGI")
    assert the(found, the(found, subject, DCAT.contactPoint), VCARD.hasEmail) == URIRef("mailto:so@xd.example")
    assert the(found, subject, DCTERMS.modified) == Literal("2025-03-03", datatype=XSD.date)
    assert Literal("nhà ở", lang="vi") in set(found.objects(subject, DCAT.keyword))
    licences = {the(found, each, DCTERMS.license) for each in found.objects(subject, DCAT.distribution)}
    assert licences == {URIRef("https://creativecommons.org/licenses/by/4.0/")}
    (catalogue,) = found.subjects(RDF.type, DCAT.Catalog)
    assert {title.language for title in found.objects(catalogue, DCTERMS.title)} == {"vi", "en"}


@pytest.mark.django_db
def test_files_stand_in_it_with_size_and_sum_and_can_be_taken(filled):
    found = graph()
    of_parcels = data_set(found, "thua-dat-thu")
    files = [each for each in found.objects(of_parcels, DCAT.distribution) if (each, DCAT.downloadURL, None) in found]
    assert len(files) == 4
    for file in files:
        address = str(the(found, file, DCAT.downloadURL)).removeprefix("http://localhost:8000")
        taken = Client().get(address)
        content = b"".join(taken.streaming_content)
        assert int(the(found, file, DCAT.byteSize)) == len(content)
        total = str(the(found, the(found, file, SPDX.checksum), SPDX.checksumValue))
        assert taken["ETag"].strip('"').lower() == total.lower()
        assert taken["Content-Type"].startswith(str(the(found, file, DCAT.mediaType)).partition("media-types/")[2])


@pytest.mark.django_db
def test_every_address_of_ours_in_it_answers(filled):
    found = graph()
    ours = {str(value) for value in found.all_nodes() if str(value).startswith("http://localhost:8000/")}
    paths = {address.removeprefix("http://localhost:8000").partition("#")[0] for address in ours}
    assert len(paths) > 8
    assert {path: code for path in paths if (code := Client().get(path).status_code) != 200} == {}


@pytest.mark.django_db
def test_what_is_not_public_is_not_in_it(filled):
    publish(DECLARED.replace("key: giay-phep-thu", "key: so-kin").replace("public: [so, ngay_cap, dien_tich]", ""))
    for form in KINDS:
        said = take(form).content.decode()
        assert "so-kin" not in said and "so_dinh_danh" not in said and "Trần Hưng Đạo" not in said


@pytest.mark.django_db
def test_a_register_that_was_just_declared_is_in_it_before_its_files_are_made(db):
    publish()
    found = graph()
    (row,) = [str(the(found, each, DCAT.accessURL)) for each in found.objects(data_set(found), DCAT.distribution)]
    assert row.endswith(f"/api/open-data/{KEY}/rows")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        ("text/turtle", "text/turtle"),
        ("application/rdf+xml", "application/rdf+xml"),
        ("application/ld+json", "application/ld+json"),
        ("application/rdf+xml;q=0.4, text/turtle;q=0.9", "text/turtle"),
        ("*/*", "application/ld+json"),
        ("image/png", "application/ld+json"),
    ],
)
def test_who_asks_for_a_form_gets_it(filled, accept, kind):
    answer = Client().get(reverse("open_data:catalogue"), headers={"Accept": accept})
    assert answer["Content-Type"].startswith(kind) and "Accept" in answer["Vary"]
    assert answer["Content-Location"].startswith("/du-lieu-mo/catalog.")


@pytest.mark.django_db
def test_it_is_sent_once_as_long_as_it_is_the_same(filled):
    first = take("ttl")
    assert take("ttl", if_none_match=first["ETag"]).status_code == 304
    with clock.at(clock.now() + timedelta(days=1)):
        services.enter(register=KEY, raw=permit(so="2"), officer=officer_of("case-handler", GIA_NGHIA))
        making.renew()
        assert take("ttl", if_none_match=first["ETag"]).status_code == 200
    assert Client().get("/du-lieu-mo/catalog.exe").status_code == 404


@pytest.mark.django_db
def test_it_makes_as_many_queries_for_many_data_sets_as_for_few(filled):
    few = queries_of(take)
    for number in range(3):
        publish(DECLARED.replace("key: giay-phep-thu", f"key: so-{number}"))
    making.renew()
    assert queries_of(take) == few <= 6


HOSTILE = [
    '"',
    "\\",
    "\n\r\t",
    "</rdf:RDF>",
    "<script>",
    "\x0b\x00",
    "ễ 😀",
    "@en ; a dcat:Catalog .",
    "]]>",
    "'''",
    "\u2028",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_breaks_out_of_its_place(text):
    node = {
        "@id": f"https://x.example/a{text}b",
        "@type": "dcat:Dataset",
        "dct:title": [rdf.Literal(text, "vi"), rdf.Literal(text)],
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": rdf.Literal(text)},
        "dct:license": rdf.Link(f"https://x.example/{text}"),
    }
    graphs = [Graph().parse(data=rdf.jsonld([node]), format="json-ld"), Graph().parse(data=rdf.turtle([node]))]
    assert isomorphic(*graphs) and len(graphs[0]) == 7
    assert {str(each) for each in graphs[0].objects(None, DCTERMS.title)} == {text}
    in_xml = Graph().parse(data=rdf.rdfxml([node]), format="xml")
    assert len(in_xml) == 7


def test_json_ld_is_json():
    said = json.loads(rdf.jsonld([{"@id": "https://x.example/", "dct:title": None, "dcat:dataset": []}]))
    assert said["@graph"] == [{"@id": "https://x.example/"}]
