"""PDF files that were written elsewhere: where number, day, signature and seal come; appendices; other programs."""

import io
from datetime import date
from pathlib import Path
from uuid import uuid4

import pypdf
import pytest
from pypdf import PdfWriter

from lienthong.documents.circuit import papers, uploads
from lienthong.documents.circuit.rules import NotPresentable
from lienthong.documents.models import Issue
from lienthong.documents.papers import lay_out
from lienthong.documents.rules.contents import Circulation
from lienthong.documents.services import Upload
from lienthong.documents.services.waiting import put
from lienthong.foundation import clock
from lienthong.signing.services import export_root, verify_pdf
from tests import cast
from tests.documents.conftest import AGENCY, CLERK  # noqa: F401  the fixtures of the folder
from tests.documents.drafted import CHAIR_NAME, DEPUTYS, contents, draft, issued, presented, signed, stored
from tests.foundation.files import samples
from tests.signing.pdfsig import needed, nss, pdfsig

pytestmark = pytest.mark.django_db


def written_elsewhere(**other: object) -> bytes:
    """As a word processor makes it: the layout of the decree, without places that the house knows."""
    writer = PdfWriter(clone_from=io.BytesIO(lay_out(contents(**other), at=clock.now()).pdf))
    for name in ("/Names", "/Dests", "/StructTreeRoot", "/Outlines"):
        writer.root_object.pop(name, None)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def text_of(pdf: bytes) -> str:
    return " ".join("\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages).split())


def content_of(issue: Issue, place: int = 0) -> bytes:
    return papers.content_of(issue.document.files.get(place=place).file)


def test_an_uploaded_file_is_signed_numbered_and_sealed():
    issue = issued(signed(presented(draft(file=stored(written_elsewhere())))))
    assert (issue.document.code, issue.document.signer_name) == ("01/UBND-QLĐT", CHAIR_NAME)
    reports = verify_pdf(content_of(issue))
    assert len(reports) == 2 and all(report.genuine for report in reports), reports


def test_it_says_who_signs_and_in_whose_place():
    (signer,) = uploads.signers_of(written_elsewhere(signer=DEPUTYS))
    assert signer.name == DEPUTYS.name and [power.mark for power in signer.powers] == ["TM.", "KT."]
    assert uploads.symbol_of(written_elsewhere()) == "UBND-QLĐT"


@pytest.mark.parametrize("printed", list(Circulation), ids=str)
def test_it_says_how_far_it_may_go(printed: Circulation):
    assert uploads.circulation_of(written_elsewhere(circulation=printed)) is printed


@pytest.mark.parametrize(
    ("pdf", "why"),
    [
        (lambda: samples.pdf_saying("Một trang không có gì"), "chỗ ký"),
        (lambda: b"%PDF-1.7\nbroken", "Không đọc được"),
        (lambda: written_elsewhere(number="12"), "Số:"),
        (lambda: written_elsewhere(dated=date(2025, 3, 3)), "ngày tháng"),
    ],
)
def test_who_presents_a_file_without_room_is_told_what_to_do(pdf, why: str):
    with pytest.raises(NotPresentable) as refused:
        presented(draft(file=stored(pdf())))
    assert why in str(refused.value) and refused.value.way_out


def test_an_appendix_in_a_file_of_its_own_gets_the_mark_of_the_agency():
    form, appendices = uuid4(), [Upload("phụ lục.pdf", samples.pdf_saying("Biểu số 1"))]
    put(form=form, uploads=appendices, officer=cast.actor(CLERK))
    issue = issued(key=form)
    marked = content_of(issue, 1)
    (report,) = verify_pdf(marked)
    assert report.genuine and report.is_seal and report.reason == "01/UBND-QLĐT"
    file = issue.document.files.get(place=1)
    assert (file.role, file.file.name) == ("appendix", "phụ lục.pdf")


@needed
def test_another_program_accepts_both_signatures_and_refuses_a_tampered_copy(tmp_path: Path):
    pdf = content_of(issued())
    store = nss(tmp_path / "nss", export_root().pem)
    genuine, tampered = tmp_path / "genuine.pdf", tmp_path / "tampered.pdf"
    genuine.write_bytes(pdf)
    spoilt = pdf.replace(b"/V (01)", b"/V (02)")
    tampered.write_bytes(spoilt)
    signatures, _certificates = pdfsig(genuine, store)
    assert signatures == ["Signature is Valid."] * 2
    assert spoilt != pdf and pdfsig(tampered, store)[0] != signatures
    assert not all(report.genuine for report in verify_pdf(spoilt))
