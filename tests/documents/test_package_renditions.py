"""PDF/A in packages of records: beside the originals, said of what it was made, and why some files have none."""

import io
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthong.documents import services as documents
from lienthong.documents.models import Package, Record
from lienthong.documents.records import archiving, destroying, keeping
from lienthong.documents.records.packages import marking, reading
from lienthong.documents.records.packages import services as packages
from lienthong.foundation import clock
from lienthong.foundation.files import pdfa, renditions
from lienthong.foundation.files.models import Rendition, StoredFile
from tests import cast
from tests.browsing import queries_of
from tests.cast import client_of
from tests.documents.conftest import CHAIR, HANDLER, URBAN
from tests.documents.test_packages import GOI, NAMES, bytes_of, opened_zip, packed, received, root_of
from tests.documents.test_records import ARCHIVIST, document, opened, proposed, put_in, unit
from tests.foundation.files import conversion, samples
from tests.foundation.files.conversion import office_needed
from tests.foundation.files.scanner import needed

pytestmark = pytest.mark.django_db

ORIGINAL, RENDITION = "representations/rep1/data/0001/01.pdf", "representations/rep2/data/0001/01.pdf"


def received_with(*uploads: tuple[str, bytes]) -> Record:
    """A record that the archive has, with a document that has these files."""
    record = opened()
    put_in(record, document(uploads=[documents.Upload(name, content) for name, content in uploads]))
    keeping.close(record_id=record.pk, officer=cast.actor(HANDLER))
    made = archiving.give(unit_id=unit(URBAN), record_ids=[record.pk], officer=cast.actor(HANDLER), key=uuid4())
    archiving.receive(hand_over_id=made.pk, officer=cast.actor(ARCHIVIST))
    record.refresh_from_db()
    return record


def premis_of(package: Package):
    return root_of(package, "metadata/preservation/premis.xml")


def described(package: Package, path: str):
    """What PREMIS says of a file."""
    found = [
        each
        for each in premis_of(package).findall("p:object", NAMES)
        if each.findtext("p:objectIdentifier/p:objectIdentifierValue", None, NAMES) == path
    ]
    assert len(found) == 1, path
    return found[0]


def conversions(package: Package) -> list:
    events = premis_of(package).findall("p:event", NAMES)
    return [each for each in events if each.findtext("p:eventType", None, NAMES) == "normalization"]


def looked_through(package: Package) -> reading.Report:
    whole = bytes_of(package)
    return reading.verify(io.BytesIO(whole), len(whole))


def test_pdf_a_lies_in_a_representation_of_its_own_and_the_original_stays_where_it_was(monkeypatch, tmp_path: Path):
    conversion.instead(monkeypatch, tmp_path / "bin")
    package = packed(received())
    archive = opened_zip(package)
    original, made = (archive.read(f"{package.identifier}/{path}") for path in (ORIGINAL, RENDITION))
    assert original == samples.pdf_saying("Công văn") and pdfa.claim(io.BytesIO(made)) == "2b"
    mets = root_of(package, "representations/rep2/METS.xml")
    assert [
        each.get("{https://DILCIS.eu/XML/METS/SIPExtensionMETS}FILEFORMATVERSION")
        for each in mets.findall(".//m:file", NAMES)
    ] == ["2b"]
    uses = [each.get("USE") for each in root_of(package, "METS.xml").findall(".//m:fileGrp", NAMES)]
    assert uses[-2:] == ["Representations/rep1", "Representations/rep2"]
    report = looked_through(package)
    assert report.deviations == [] and [each.path for each in report.files] == [ORIGINAL, RENDITION]
    assert (package.with_pdfa, package.without_pdfa, package.files) == (1, [], 2)


def test_premis_says_of_what_it_was_made_by_which_program_and_when(monkeypatch, tmp_path: Path):
    conversion.instead(monkeypatch, tmp_path / "bin")
    package = packed(received())
    for path, how, other in ((RENDITION, "has source", ORIGINAL), (ORIGINAL, "is source of", RENDITION)):
        [derived] = [
            each
            for each in described(package, path).findall("p:relationship", NAMES)
            if each.findtext("p:relationshipType", None, NAMES) == "derivation"
        ]
        assert derived.findtext("p:relationshipSubType", None, NAMES) == how
        assert derived.findtext("p:relatedObjectIdentifier/p:relatedObjectIdentifierValue", None, NAMES) == other
    [event] = conversions(package)
    assert event.findtext("p:eventOutcomeInformation/p:eventOutcome", None, NAMES) == "success"
    assert event.findtext("p:linkingAgentIdentifier/p:linkingAgentIdentifierValue", None, NAMES).startswith("OCRmyPDF")
    roles = {
        each.findtext("p:linkingObjectRole", None, NAMES): each.findtext("p:linkingObjectIdentifierValue", None, NAMES)
        for each in event.findall("p:linkingObjectIdentifier", NAMES)
    }
    assert roles == {"source": ORIGINAL, "outcome": RENDITION}
    versions = {
        each.findtext("p:agentName", None, NAMES): each.findtext("p:agentVersion", None, NAMES)
        for each in premis_of(package).findall("p:agent", NAMES)
    }
    assert versions["OCRmyPDF"] == "14.0 (Ghostscript 10.0)"
    assert marking.breaches(premis_of(package)) == []


def test_the_next_package_takes_the_pdf_a_that_there_is(monkeypatch, tmp_path: Path):
    runs = conversion.instead(monkeypatch, tmp_path / "bin")
    record = received()
    first = packed(record)
    with clock.at(clock.now() + timedelta(days=3)):
        second = packed(record)
    assert len(runs.read_text()) == 1 and Rendition.objects.count() == 1
    assert first.identifier == second.identifier and bytes_of(first) == bytes_of(second)


def test_a_package_with_pdf_a_is_another_than_the_one_before_it_was_made(monkeypatch, tmp_path: Path):
    record = received()
    without = packed(record)
    conversion.instead(monkeypatch, tmp_path / "bin")
    assert packed(record).identifier != without.identifier


def test_what_cannot_be_converted_is_named_with_its_reason_and_stops_nothing(monkeypatch, tmp_path: Path):
    conversion.instead(monkeypatch, tmp_path / "bin", "exit 3")
    package = packed(received())
    reason = "chương trình không chuyển đổi được"
    assert (package.with_pdfa, package.without_pdfa) == (0, [{"name": "công văn.pdf", "why": reason}])
    assert f"{package.identifier}/{RENDITION}" not in opened_zip(package).namelist()
    [event] = conversions(package)
    outcome = event.find("p:eventOutcomeInformation", NAMES)
    assert outcome.findtext("p:eventOutcome", None, NAMES) == "fail"
    assert outcome.findtext("p:eventOutcomeDetail/p:eventOutcomeDetailNote", None, NAMES) == reason
    assert reason in described(package, ORIGINAL).findtext(".//p:formatNote", None, NAMES)
    assert reason in opened_zip(package).read(f"{package.identifier}/documentation/readme.txt").decode()
    assert looked_through(package).deviations == []


def test_without_a_program_the_package_says_so_and_nothing_is_tried():
    package = packed(received_with(("tờ trình.docx", samples.word()), ("ảnh.png", samples.picture("PNG"))))
    reasons = {each["name"]: each["why"] for each in package.without_pdfa}
    assert reasons == {
        "tờ trình.docx": "máy chủ không có chương trình lập PDF/A cho loại tệp này",
        "ảnh.png": "loại tệp này không lập bản PDF/A",
    }
    assert conversions(package) == [] and not Rendition.objects.exists()
    assert looked_through(package).deviations == []


def test_a_file_that_is_pdf_a_already_needs_no_other(monkeypatch, tmp_path: Path):
    runs = conversion.instead(monkeypatch, tmp_path / "bin")
    package = packed(received_with(("quyết định.pdf", conversion.pdf_a("Quyết định"))))
    assert (package.with_pdfa, package.without_pdfa, runs.read_text()) == (1, [], "")
    assert not any("/rep2/" in name for name in opened_zip(package).namelist())


def test_a_process_that_dies_goes_on_with_the_pdf_a_that_it_had_made(monkeypatch, tmp_path: Path):
    runs = conversion.instead(monkeypatch, tmp_path / "bin")
    asked = packages.ask(record_id=received().pk, officer=cast.actor(ARCHIVIST), key=uuid4())
    with monkeypatch.context() as dying:
        dying.setattr(packages.writing, "_copy", lambda *rest: (_ for _ in ()).throw(MemoryError))
        with pytest.raises(MemoryError):
            packages.make(asked.pk)
    packages.make(asked.pk)
    asked.refresh_from_db()
    assert asked.file and asked.with_pdfa == 1 and len(runs.read_text()) == 1


def test_a_package_that_meets_another_at_converting_leaves_the_worker_and_is_made_later(monkeypatch, tmp_path: Path):
    runs = conversion.instead(monkeypatch, tmp_path / "bin")
    asked = packages.ask(record_id=received().pk, officer=cast.actor(ARCHIVIST), key=uuid4())
    before = jobs_of(asked)
    with renditions.turn():
        packages.make(asked.pk)
    asked.refresh_from_db()
    assert not asked.is_over and runs.read_text() == ""
    assert jobs_of(asked) == before + 1
    packages.make(asked.pk)
    asked.refresh_from_db()
    assert asked.file and asked.with_pdfa == 1


def jobs_of(package: Package) -> int:
    return ProcrastinateJob.objects.filter(task_name=packages.JOB, args={"package": package.pk}).count()


def test_pdf_a_goes_with_the_record_that_is_destroyed(monkeypatch, tmp_path: Path):
    conversion.instead(monkeypatch, tmp_path / "bin")
    package = packed(received(retention="5-nam"))
    assert Rendition.objects.get().file
    with clock.at(clock.now() + timedelta(days=366 * 7)):
        found = proposed(package.record)
        destroying.approve(disposal_id=found.pk, officer=cast.actor(CHAIR))
        assert destroying.carry_out(found.pk) == 1
    package.refresh_from_db()
    assert not Rendition.objects.exists() and not StoredFile.objects.filter(format__in=("pdf", "zip")).exists()
    assert package.with_pdfa is None and package.without_pdfa == []


def test_a_file_more_costs_no_query_more_to_find_its_pdf_a(monkeypatch, tmp_path: Path):
    from lienthong.documents.records.packages import gathering
    from lienthong.documents.records.packages import renditions as room

    conversion.instead(monkeypatch, tmp_path / "bin")
    contents = [
        gathering.content_of(packed(received(count, first=100 * count, notation=f"{count}.QLĐT"))) for count in (1, 3)
    ]
    for content in contents:
        assert queries_of(lambda content=content: room.added(content)) == 1
        assert queries_of(lambda content=content: room.wanted(content)) == 1


def test_the_page_says_how_many_files_have_pdf_a_and_why_others_have_none(monkeypatch, tmp_path: Path):
    conversion.instead(monkeypatch, tmp_path / "bin")
    package = packed(received_with(("công văn.pdf", samples.pdf(1)), ("ảnh chụp.png", samples.picture("PNG"))))
    page = client_of(ARCHIVIST).get(GOI).content.decode()
    assert "PDF/A: 1 trên 2 tệp" in page and "Chưa có PDF/A: 1 tệp" in page
    assert "ảnh chụp.png" in page and "loại tệp này không lập bản PDF/A" in page
    with clock.at(clock.now() + packages.KEPT + timedelta(hours=1)):
        packages.forget_old()
        assert "ảnh chụp.png" not in client_of(ARCHIVIST).get(GOI).content.decode()
    package.refresh_from_db()
    assert package.without_pdfa == []


@needed
def test_a_package_made_by_the_programs_of_this_machine_is_sound(monkeypatch):
    conversion.real(monkeypatch)
    package = packed(
        received_with(("công văn.pdf", samples.pdf_saying("Công văn")), ("ảnh.png", samples.picture("PNG")))
    )
    made = opened_zip(package).read(f"{package.identifier}/{RENDITION}")
    assert pdfa.claim(io.BytesIO(made)) == renditions.CLAIM
    report = looked_through(package)
    assert report.deviations == [] and [each.version for each in report.files] == ["", "", "PDF/A-2b"]
    assert package.with_pdfa == 1 and [each["name"] for each in package.without_pdfa] == ["ảnh.png"]


@office_needed
def test_word_goes_as_it_came_with_pdf_a_beside_it(monkeypatch):
    conversion.real(monkeypatch)
    package = packed(received_with(("tờ trình.docx", samples.word("Tờ trình"))))
    names = [name for name in opened_zip(package).namelist() if "/data/" in name]
    assert [name.partition("/")[2] for name in names] == ["representations/rep1/data/0001/01.docx", RENDITION]
    assert looked_through(package).deviations == [] and package.with_pdfa == 1
