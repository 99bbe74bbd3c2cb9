"""Packages of records for an archive: what is in them, that they fit their schemas, who has them made, what is kept."""

import io
import zipfile
from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from lxml import etree

from lienthong.documents.models import HandedRecord, Package, Record
from lienthong.documents.records import archiving, destroying
from lienthong.documents.records import keeping as services
from lienthong.documents.records.carrying import NoSuchRecord, NotPossible, NotYours
from lienthong.documents.records.packages import gathering, marking, reading
from lienthong.documents.records.packages import services as packages
from lienthong.documents.records.packages.marking import METS, PREMIS, XLINK
from lienthong.documents.records.packages.services import NoSuchPackage
from lienthong.documents.rules.marks import Mark
from lienthong.foundation import clock
from lienthong.foundation.files import storage
from lienthong.foundation.files.models import Scan, StoredFile
from lienthong.foundation.ledger.queries import timeline
from lienthong.work.subjects import SUBJECTS
from tests import cast
from tests.browsing import queries_of
from tests.cases import dossiers
from tests.cast import client_of
from tests.documents.conftest import CHAIR, CLERK, HANDLER, URBAN
from tests.documents.test_records import ARCHIVIST, document, opened, proposed, put_in, unit

pytestmark = pytest.mark.django_db

GOI = "/ban-lam-viec/van-ban/ho-so/luu-tru/goi/"
NAMES = {"m": METS, "p": PREMIS, "x": XLINK}


def received(count: int = 1, *, first: int = 125, **other: object) -> Record:
    """A record that the archive has, with so many documents that have a file each."""
    record = opened(**other)
    for number in range(count):
        put_in(record, document(file=True, mark=Mark(str(first + number), "SXD-QH")))
    services.close(record_id=record.pk, officer=cast.actor(HANDLER))
    made = archiving.give(unit_id=unit(URBAN), record_ids=[record.pk], officer=cast.actor(HANDLER), key=uuid4())
    archiving.receive(hand_over_id=made.pk, officer=cast.actor(ARCHIVIST))
    record.refresh_from_db()
    return record


def packed(record: Record) -> Package:
    asked = packages.ask(record_id=record.pk, officer=cast.actor(ARCHIVIST), key=uuid4())
    packages.make(asked.pk)
    asked.refresh_from_db()
    return asked


def bytes_of(package: Package) -> bytes:
    assert package.file, package.problem
    with storage.open_content(package.file.sha256) as content:
        return content.read()


def opened_zip(package: Package) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(bytes_of(package)))


def root_of(package: Package, path: str):
    return etree.fromstring(opened_zip(package).read(f"{package.identifier}/{path}"))


# what is in it


def test_a_package_has_the_folders_of_the_standard_and_the_files_as_they_came():
    record = received(2)
    package = packed(record)
    archive = opened_zip(package)
    names = [name.removeprefix(f"{package.identifier}/") for name in archive.namelist()]
    assert package.identifier.startswith("uuid-") and names[0] == "METS.xml"
    assert {
        "metadata/descriptive/record.xml",
        "metadata/descriptive/dc.xml",
        "metadata/preservation/premis.xml",
        "documentation/readme.txt",
        "schemas/mets.xsd",
        "schemas/premis.xsd",
        "representations/rep1/METS.xml",
        "representations/rep1/data/0001/01.pdf",
        "representations/rep1/data/0002/01.pdf",
    } <= set(names)
    stored = StoredFile.objects.get(pk=document_file(record))
    inside = archive.read(f"{package.identifier}/representations/rep1/data/0001/01.pdf")
    assert sha256(inside).hexdigest() == stored.sha256


def document_file(record: Record) -> int:
    item = record.items.order_by("place").first()
    assert item
    return SUBJECTS[item.subject_type].files(item.subject_id)[0].pk


@pytest.mark.parametrize(
    "path",
    [
        "METS.xml",
        "representations/rep1/METS.xml",
        "metadata/preservation/premis.xml",
        "metadata/descriptive/record.xml",
    ],
)
def test_what_describes_it_fits_its_schema(path: str):
    root = root_of(packed(received()), path)
    assert marking.breaches(root) == []
    root.append(etree.Element(f"{{{etree.QName(root).namespace}}}nothing"))
    assert marking.breaches(root) != [], "the schema would have let anything pass"


def test_every_file_is_named_with_its_checksum_and_what_it_is_called():
    package = packed(received(2))
    mets = root_of(package, "representations/rep1/METS.xml")
    files = mets.findall(".//m:file", NAMES)
    archive = opened_zip(package)
    for file in files:
        path = file.find("m:FLocat", NAMES).get(f"{{{XLINK}}}href")
        inside = archive.read(f"{package.identifier}/representations/rep1/{path}")
        assert file.get("CHECKSUM") == sha256(inside).hexdigest() and file.get("SIZE") == str(len(inside))
    assert len(files) == 2
    premis = root_of(package, "metadata/preservation/premis.xml")
    assert [each.text for each in premis.findall(".//p:object/p:originalName", NAMES)].count("công văn.pdf") == 2


def test_what_happened_is_told_from_the_ledger_with_who_did_it():
    package = packed(received())
    premis = root_of(package, "metadata/preservation/premis.xml")
    kinds = [each.text for each in premis.findall(".//p:eventType", NAMES)]
    assert {
        "documents.registered",
        "documents.record_opened",
        "documents.record_filed",
        "documents.record_closed",
        "documents.record_given",
        "documents.record_received",
    } <= set(kinds)
    agents = {
        each.findtext("p:agentIdentifier/p:agentIdentifierValue", None, NAMES): each.findtext(
            "p:agentName", None, NAMES
        )
        for each in premis.findall("p:agent", NAMES)
    }
    linked = {each.text for each in premis.findall(".//p:linkingAgentIdentifierValue", NAMES)}
    assert linked <= agents.keys() and cast.actor(ARCHIVIST).name in agents.values()


def test_the_record_bears_the_names_of_the_decree_and_the_code_of_the_archive():
    record = received()
    package = packed(record)
    described = root_of(package, "metadata/descriptive/record.xml")
    said = {etree.QName(each).localname: each.text for each in described.iterchildren()}
    assert said["Title"] == record.title and said["DocTotal"] == "1" and said["PageTotal"] == "3"
    assert said["ArcFileCode"].endswith(".2025.1.1")
    letter = described.find("{*}Documents/{*}Document")
    assert [letter.findtext(f"{{*}}{name}") for name in ("CodeNumber", "CodeNotation", "IssuedDate")] == [
        "125",
        "SXD-QH",
        "2025-02-27",
    ]


def test_the_same_content_makes_the_same_bytes_and_what_happens_later_another_identifier():
    record = received()
    first = packed(record)
    with clock.at(clock.now() + timedelta(days=3)):
        second = packed(record)
        assert first.key != second.key and bytes_of(first) == bytes_of(second)
        assert first.identifier == second.identifier
        services.freeze(record_id=record.pk, officer=cast.actor(CHAIR), reason="Thanh tra")
        third = packed(record)
    assert third.identifier != first.identifier


def test_dossiers_go_with_their_files():
    dossier, record = dossiers.approved(), opened()
    dossiers.sign(dossier)
    item = services.file(record_id=record.pk, subject=("dossier", dossier.pk), officer=cast.actor(HANDLER))
    Record.objects.filter(pk=record.pk).update(
        stage="handed-over", closed_at=clock.now(), ended_on=clock.today(), documents=1, sheets=1
    )
    package = packed(record)
    names = [name for name in opened_zip(package).namelist() if "/data/0001/" in name]
    assert sorted(name.rpartition(".")[2] for name in names) == ["jpg", "pdf"], "handed in twice, it goes once"
    assert root_of(package, "metadata/descriptive/record.xml").findtext(".//{*}CodeNotation") == item.code


# who, and when


def test_only_the_archivist_has_packages_made_of_what_the_archive_has():
    record = received()
    for username in (HANDLER, CHAIR):
        with pytest.raises(NotYours):
            packages.ask(record_id=record.pk, officer=cast.actor(username), key=uuid4())
    with pytest.raises(NoSuchRecord):
        packages.ask(record_id=record.pk + 1000, officer=cast.actor(ARCHIVIST), key=uuid4())
    is_open = opened(notation="09.QLĐT")
    with pytest.raises(NotPossible):
        packages.ask(record_id=is_open.pk, officer=cast.actor(ARCHIVIST), key=uuid4())
    assert not Package.objects.exists()


def test_a_package_is_asked_for_once_and_made_once():
    record, key = received(), uuid4()
    made = [packages.ask(record_id=record.pk, officer=cast.actor(ARCHIVIST), key=each) for each in (key, key, uuid4())]
    assert len({each.pk for each in made}) == 1
    for _ in range(2):
        packages.make(made[0].pk)
    made[0].refresh_from_db()
    assert StoredFile.objects.filter(format="zip").count() == 1 and made[0].passed == made[0].files == 1
    assert packages.ask(record_id=record.pk, officer=cast.actor(ARCHIVIST), key=key).pk == made[0].pk


def test_all_of_a_hand_over_are_asked_for_together():
    record = received()
    hand_over = HandedRecord.objects.get(record=record).hand_over
    made = packages.ask_for_all(hand_over_id=hand_over.pk, officer=cast.actor(ARCHIVIST), key=uuid4())
    assert [each.record_id for each in made] == [record.pk]
    with pytest.raises(NotYours):
        packages.ask_for_all(hand_over_id=hand_over.pk, officer=cast.actor(HANDLER), key=uuid4())


def test_a_process_that_dies_leaves_nothing_and_the_next_makes_it(monkeypatch):
    record = received()
    asked = packages.ask(record_id=record.pk, officer=cast.actor(ARCHIVIST), key=uuid4())
    with monkeypatch.context() as dying:
        dying.setattr(packages.writing, "_copy", lambda *rest: (_ for _ in ()).throw(MemoryError))
        with pytest.raises(MemoryError):
            packages.make(asked.pk)
    asked.refresh_from_db()
    assert not asked.is_over and not StoredFile.objects.filter(format="zip").exists()
    packages.make(asked.pk)
    asked.refresh_from_db()
    assert asked.file


def test_a_file_that_changed_in_the_store_stops_the_package(monkeypatch):
    record = received()
    monkeypatch.setattr(packages, "_opened", lambda file: io.BytesIO(b"x" * file.size))
    package = packed(record)
    assert package.stopped_at and "công văn.pdf" in package.problem and package.file is None


@pytest.mark.parametrize("scan", [Scan.INFECTED, Scan.PENDING])
def test_a_file_that_may_not_be_opened_stops_the_package(scan: str):
    record = received()
    StoredFile.objects.filter(pk=document_file(record)).update(scan=scan)
    package = packed(record)
    assert package.stopped_at and package.problem and package.file is None
    StoredFile.objects.update(scan=Scan.CLEAN)
    assert packed(record).file


def test_files_of_packages_are_kept_for_their_days_and_go_with_the_record():
    record = received(retention="5-nam")
    first = packed(record)
    with clock.at(clock.now() + packages.KEPT - timedelta(hours=1)):
        assert packages.forget_old() == 0
    with clock.at(clock.now() + packages.KEPT + timedelta(hours=1)):
        assert packages.forget_old() == 1
        first.refresh_from_db()
        assert first.file is None and first.forgotten_at and first.identifier
        second = packed(record)
    assert second.file
    with clock.at(clock.now() + timedelta(days=366 * 7)):
        found = proposed(record)
        destroying.approve(disposal_id=found.pk, officer=cast.actor(CHAIR))
        assert destroying.carry_out(found.pk) == 1
    second.refresh_from_db()
    assert second.file is None and not StoredFile.objects.filter(format="zip").exists()


def test_a_document_more_costs_a_fixed_number_of_queries():
    def asked_of(count: int) -> int:
        record = received(count, first=100 * count, notation=f"{count}.QLĐT")
        package = packages.ask(record_id=record.pk, officer=cast.actor(ARCHIVIST), key=uuid4())
        return queries_of(lambda: gathering.content_of(Package.objects.select_related("record").get(pk=package.pk)))

    one, two, three = asked_of(1), asked_of(2), asked_of(3)
    assert two - one == three - two <= 3


# pages


def test_from_the_hand_over_to_the_saved_file():
    record = received()
    hand_over = HandedRecord.objects.get(record=record).hand_over
    archivist = client_of(ARCHIVIST)
    page = archivist.get(f"/ban-lam-viec/van-ban/ho-so/nop-luu/{hand_over.pk}/").content.decode()
    assert 'id="pack"' in page
    sent = {"_lan": str(uuid4()), "ban-giao": hand_over.pk}
    for _ in range(2):
        answer = archivist.post(f"{GOI}lap/", sent, follow=True)
    assert "1 gói" in answer.content.decode() and Package.objects.count() == 1
    package = Package.objects.get()
    assert archivist.get(f"{GOI}{package.key}/tai/").status_code == 404, "it is not made yet"
    packages.make(package.pk)
    package.refresh_from_db()
    assert f"{GOI}{package.key}/tai/" in archivist.get(GOI).content.decode()
    answer = archivist.get(f"{GOI}{package.key}/tai/")
    assert b"".join(answer.streaming_content) == bytes_of(package)
    assert answer["Content-Disposition"].startswith(f'attachment; filename="{package.identifier}.zip"')
    kinds = [entry.kind for entry in timeline((packages.PACKAGE, package.pk))]
    assert kinds == ["documents.record_package_asked", "documents.record_package_taken"]


def test_strangers_neither_see_nor_take_nor_ask():
    package = packed(record := received())
    for username in (HANDLER, CHAIR, CLERK):
        client = client_of(username)
        assert client.get(GOI).status_code == 403
        assert client.get(f"{GOI}{package.key}/tai/").status_code == 403
        assert client.post(f"{GOI}lap/", {"ho-so": record.pk}).status_code == 403
        assert 'id="pack"' not in client.get(f"/ban-lam-viec/van-ban/ho-so/{record.pk}/").content.decode()
    with pytest.raises(NoSuchPackage):
        packages.take(key=package.key, officer=cast.actor(HANDLER))
    assert Package.objects.count() == 1


@pytest.mark.parametrize("odd", ["", "²", "9" * 30, "\0", "-1", "1 OR 1=1"])
def test_odd_words_in_addresses_and_forms_are_refused_and_never_an_error(odd: str):
    archivist = client_of(ARCHIVIST)
    assert archivist.get(GOI, {"ho-so": odd, "ban-giao": odd}).status_code == 200
    assert archivist.post(f"{GOI}lap/", {"ho-so": odd, "_lan": odd}).status_code == 404


def test_the_list_takes_as_many_queries_for_many_as_for_one():
    packed(received())
    archivist = client_of(ARCHIVIST)
    one = queries_of(lambda: archivist.get(GOI))
    for number in range(2, 5):
        packed(received(first=200 + number, notation=f"0{number}.QLĐT"))
    assert queries_of(lambda: archivist.get(GOI)) == one


def test_a_package_is_looked_through_on_its_page():
    package = packed(received())
    whole = bytes_of(package)
    page = looked_through(whole)
    assert "Gói hợp lệ" in page and "công văn.pdf" in page and package.identifier in page
    broken = whole.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    assert broken != whole
    page = looked_through(broken)
    assert "Gói không hợp lệ" in page
    assert "Đây không phải tệp nén" in looked_through(b"not an archive", status=422)
    assert "Hãy chọn gói" in client_of(ARCHIVIST).post(f"{GOI}kiem-tra/").content.decode()


def looked_through(content: bytes, status: int = 200) -> str:
    sent = {"tep": SimpleUploadedFile("goi.zip", content)}
    answer = client_of(ARCHIVIST).post(f"{GOI}kiem-tra/", sent)
    assert answer.status_code == status
    return answer.content.decode()


def test_what_the_house_makes_has_nothing_to_be_corrected():
    whole = bytes_of(packed(received(2)))
    report = reading.verify(io.BytesIO(whole), len(whole))
    assert report.deviations == [] and report.is_sound and len(report.files) == 2
