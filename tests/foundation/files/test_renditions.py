"""PDF/A that is made of what came as something else: what is kept, once, and what is said where there is none."""

import http.server
import io
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import transaction
from openpyxl import Workbook
from PIL import Image
from pypdf import PdfReader

from lienthong.foundation import clock
from lienthong.foundation.files import health, pdfa, renditions, services, storage
from lienthong.foundation.files.models import Rendition, StoredFile
from lienthong.runtime.health import State
from lienthong.signing import services as signing
from tests.foundation.files import conversion, samples
from tests.foundation.files.conversion import office_needed
from tests.foundation.files.scanner import needed
from tests.signing.people import AT, CHAIRMAN, LATER

pytestmark = pytest.mark.django_db
Problem = Rendition.Problem


def kept(content: bytes, format_key: str = "pdf") -> StoredFile:
    with transaction.atomic():
        return services.keep(content, name=f"công văn.{format_key}", format_key=format_key)


def made_of(stored: StoredFile) -> Rendition:
    renditions.make(sha256=stored.sha256, size=stored.size, format_key=stored.format)
    return renditions.of_contents([stored.sha256])[stored.sha256]


def content_of(stored: StoredFile | None) -> bytes:
    assert stored
    with storage.open_content(stored.sha256) as content:
        return content.read()


def read(rendition: Rendition) -> PdfReader:
    pdf = content_of(rendition.file)
    assert pdfa.claim(io.BytesIO(pdf)) == "2b"
    return PdfReader(io.BytesIO(pdf))


# by the machine's own programs


@needed
def test_a_pdf_becomes_pdf_a_that_says_what_it_was_made_of_and_the_original_stays(monkeypatch):
    conversion.real(monkeypatch)
    original = samples.pdf_saying("Kính gửi Ủy ban\n#pagebreak()\nTrang hai")
    stored = kept(original)
    found = made_of(stored)
    pdf = read(found)
    assert len(pdf.pages) == 2 and "Trang hai" in pdf.pages[1].extract_text()
    assert "/OutputIntents" in pdf.trailer["/Root"]
    assert stored.sha256 in pdf.metadata.subject and "tệp gốc" in pdf.metadata.subject
    assert content_of(stored) == original and sha256(original).hexdigest() == found.of
    assert found.program == "OCRmyPDF" and "Ghostscript" in found.version and not found.signed


@needed
def test_what_is_made_of_a_signed_pdf_bears_no_signature_and_the_original_keeps_its_own(monkeypatch):
    conversion.real(monkeypatch)
    signed = signing.sign_pdf(samples.pdf_saying("Quyết định"), signer=CHAIRMAN, reason="Ký ban hành", at=AT)
    stored = kept(signed)
    found = made_of(stored)
    pdf = read(found)
    assert found.signed and "/AcroForm" not in pdf.trailer["/Root"] and "Quyết định" in pdf.pages[0].extract_text()
    with clock.at(LATER):
        assert signing.verify_pdf(content_of(found.file)) == []
        assert signing.is_genuine(signing.verify_pdf(content_of(stored)))


@needed
def test_what_opens_without_a_password_is_converted_and_what_asks_for_one_is_not(monkeypatch):
    conversion.real(monkeypatch)
    assert len(read(made_of(kept(samples.pdf(2, owner_password="x")))).pages) == 2
    assert made_of(kept(samples.pdf(1, password="x"))).problem == Problem.LOCKED


@office_needed
def test_word_becomes_pdf_a(monkeypatch):
    conversion.real(monkeypatch)
    found = made_of(kept(samples.word("Tờ trình về việc rà soát"), "docx"))
    assert "Tờ trình về việc rà soát" in read(found).pages[0].extract_text()
    assert found.program == "LibreOffice" and found.version


@pytest.fixture
def asked() -> Iterator[list[str]]:
    """What a server on this machine is asked for: its address comes first."""
    heard: list[str] = []

    class Listener(http.server.BaseHTTPRequestHandler):
        def parse_request(self) -> bool:
            heard.append(str(self.raw_requestline))
            return False

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    heard.append(f"http://127.0.0.1:{server.server_port}/inside.png")
    yield heard
    server.shutdown()
    server.server_close()


def linking(to: str) -> bytes:
    """A Word document with a picture that lies elsewhere."""
    import docx

    document, whole = docx.Document(), io.BytesIO()
    document.add_picture(io.BytesIO(samples.picture("PNG")))
    document.save(whole)
    out = io.BytesIO()
    with zipfile.ZipFile(whole) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name).replace(b"r:embed=", b"r:link=")
            link = f'Target="{to}" TargetMode="External"'.encode()
            after.writestr(name, text.replace(b'Target="media/image1.png"', link))
    return out.getvalue()


@office_needed
def test_what_a_document_shows_from_elsewhere_is_neither_fetched_nor_shown(monkeypatch, asked, tmp_path: Path):
    conversion.real(monkeypatch)
    secret = tmp_path / "secret.png"
    Image.new("RGB", (300, 300), "red").save(secret)
    addresses = (asked[0], secret.as_uri())
    assert [made_of(kept(linking(each), "docx")).problem for each in addresses] == [Problem.TAKES_IN] * 2
    Rendition.objects.all().delete()
    monkeypatch.setattr(renditions.ooxml, "takes_in", lambda document: False)
    for address in addresses:
        pdf = read(made_of(kept(linking(address), "docx")))
        assert not list(pdf.pages[0].images), f"{address}, had it not been found before"
    assert asked[1:] == []


@office_needed
def test_a_template_and_addresses_that_are_only_named_are_no_hindrance(monkeypatch, asked):
    conversion.real(monkeypatch)
    named = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{named}/{kind}" Target="{asked[0]}" TargetMode="External"/>'
        for number, kind in ((901, "attachedTemplate"), (902, "hyperlink"))
    )
    rels = (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{links}</Relationships>'
    )
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(samples.word("Kính gửi"))) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            text = before.read(name)
            if name == "word/settings.xml":
                head, tag, rest = text.partition(b"<w:settings")
                start, close, rest = rest.partition(b">")
                template = f'<w:attachedTemplate xmlns:r="{named}" r:id="rId901"/>'.encode()
                text = head + tag + start + close + template + rest
            after.writestr(name, text)
        after.writestr("word/_rels/settings.xml.rels", rels)
    assert "Kính gửi" in read(made_of(kept(out.getvalue(), "docx"))).pages[0].extract_text()
    assert asked[1:] == []


@office_needed
def test_a_workbook_becomes_pdf_a(monkeypatch):
    conversion.real(monkeypatch)
    book, out = Workbook(), io.BytesIO()
    book.active.append(["Số tiền", 1500000])
    book.save(out)
    found = made_of(kept(out.getvalue(), "xlsx"))
    assert "Số tiền" in read(found).pages[0].extract_text()


# by any program


def test_pdf_a_is_made_of_a_content_once_whoever_has_files_with_it(monkeypatch, tmp_path: Path):
    runs = conversion.instead(monkeypatch, tmp_path / "bin", makes=conversion.pdf_a("Một"))
    first, second = kept(samples.pdf(1)), kept(samples.pdf(1))
    made = made_of(first)
    assert made_of(second).pk == made.pk and made.file_id
    assert not renditions.is_worth_trying(made) and len(runs.read_text()) == 2
    assert StoredFile.objects.count() == 3, "what was made in vain is not kept"


@pytest.mark.parametrize(
    ("does", "makes", "problem"),
    [
        ("exit 3", None, Problem.FAILED),
        ("kill -9 $$", None, Problem.FAILED),
        ("exit 0", None, Problem.FAILED),
        ("", samples.pdf(1), Problem.UNSOUND),
        ("", conversion.pdf_a("Một", "Hai"), Problem.UNSOUND),
        ("", b"%PDF-1.7 nothing", Problem.UNSOUND),
    ],
    ids=["fails", "is killed", "makes nothing", "makes no PDF/A", "makes another number of pages", "makes nonsense"],
)
def test_a_program_that_breaks_leaves_a_reason_and_no_file(monkeypatch, tmp_path: Path, does, makes, problem):
    conversion.instead(monkeypatch, tmp_path / "bin", does, makes=makes)
    found = made_of(kept(samples.pdf(1)))
    assert found.problem == problem and found.file is None and StoredFile.objects.count() == 1


def test_a_program_that_does_not_end_is_ended(monkeypatch, tmp_path: Path):
    conversion.instead(monkeypatch, tmp_path / "bin", "sleep 600")
    monkeypatch.setattr(renditions, "_LONGEST", 1)
    assert made_of(kept(samples.pdf(1))).problem == Problem.TOO_LONG


def test_what_is_damaged_or_too_large_is_given_to_no_program(monkeypatch, tmp_path: Path):
    runs = conversion.instead(monkeypatch, tmp_path / "bin")
    assert made_of(kept(b"%PDF-1.4\nnothing")).problem == Problem.DAMAGED
    monkeypatch.setattr(renditions, "LARGEST", 100)
    assert made_of(kept(samples.pdf(1))).problem == Problem.TOO_LARGE
    assert runs.read_text() == ""


def test_what_failed_is_tried_again_after_a_day_and_what_is_made_never(monkeypatch, tmp_path: Path):
    conversion.instead(monkeypatch, tmp_path / "bin", "exit 3")
    stored = kept(samples.pdf(1))
    failed = made_of(stored)
    assert not renditions.is_worth_trying(failed)
    with clock.at(clock.now() + renditions.AGAIN_AFTER + timedelta(minutes=1)):
        assert renditions.is_worth_trying(failed)
        conversion.instead(monkeypatch, tmp_path / "bin", makes=conversion.pdf_a("Một"))
        made = made_of(stored)
    assert made.pk == failed.pk and made.file_id and not made.problem
    with clock.at(clock.now() + timedelta(days=900)):
        assert not renditions.is_worth_trying(made)


def test_pdf_a_goes_with_the_last_file_of_its_content(monkeypatch, tmp_path: Path):
    conversion.instead(monkeypatch, tmp_path / "bin", makes=conversion.pdf_a("Một"))
    first, second = kept(samples.pdf(1)), kept(samples.pdf(1))
    made = made_of(first)
    services.discard([first.pk])
    assert renditions.of_contents([made.of]) and StoredFile.objects.filter(pk=made.file_id).exists()
    services.discard([second.pk])
    assert not Rendition.objects.exists() and not StoredFile.objects.exists()


def test_nothing_is_kept_of_a_content_that_went_while_it_was_converted(monkeypatch, tmp_path: Path):
    conversion.instead(monkeypatch, tmp_path / "bin", makes=conversion.pdf_a("Một"))
    stored = kept(samples.pdf(1))
    services.discard([stored.pk])
    renditions.make(sha256=stored.sha256, size=stored.size, format_key="pdf")
    assert not Rendition.objects.exists() and not StoredFile.objects.exists()


def test_the_doctor_says_what_pdf_a_is_made_of_and_misses_nothing_that_nobody_has_to_have(monkeypatch, tmp_path: Path):
    conversion.none(monkeypatch)
    assert health.pdf_a().state == State.FINE and "not installed" in health.pdf_a().what
    conversion.instead(monkeypatch, tmp_path / "bin")
    assert health.pdf_a().state == State.FINE and "Word only with LibreOffice" in health.pdf_a().what


def test_one_package_at_a_time_has_its_turn():
    with renditions.turn(), pytest.raises(renditions.Busy), renditions.turn():
        pass
    with renditions.turn():
        pass


def test_kinds_without_a_program_are_not_made():
    assert not renditions.can_be_made_of("jpeg") and not renditions.are_made_of("eml")
    assert not renditions.can_be_made_of("ods"), "LibreOffice fetches its pictures, whatever it is told"
    assert renditions.can_be_made_of("pdf") and renditions.can_be_made_of("docx")
