"""Number and day, filled in when somebody has signed the paper already."""

import io
import re
from datetime import date

import pypdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf.annotations import FreeText
from pypdf.generic import DictionaryObject, NameObject

from lienthong.documents.papers import lay_out
from lienthong.foundation import clock
from lienthong.signing import form_fields, forms, services
from lienthong.signing.models import Authority
from lienthong.signing.pades import NotSignable
from lienthong.signing.services import Stamp
from lienthong.signing.stamps import NoSuchPlace
from tests.documents.sample import DECISION, LETTER
from tests.foundation.papers.reading import opened, words_of
from tests.signing.pdfsig import needed, nss, pdfsig, said_of
from tests.signing.people import AT, CHAIRMAN, COMMITTEE, LATER, paper

pytestmark = pytest.mark.django_db
VALUES = forms.number_and_day("152", date(2026, 3, 5))


def unnumbered(document=DECISION) -> bytes:
    return forms.prepare(lay_out(document.model_copy(update={"number": "", "dated": None}), at=AT).pdf)


def signed_first(pdf: bytes | None = None, **how) -> bytes:
    how = {"stamp": Stamp(place="signer"), "permits_filling": True, **how}
    return services.sign_pdf(pdf or unnumbered(), signer=CHAIRMAN, reason="Ký ban hành", at=AT, **how)


def filled(pdf: bytes | None = None, values=VALUES) -> bytes:
    return forms.fill(pdf or signed_first(), values, at=LATER)


def sealed(pdf: bytes | None = None) -> bytes:
    stamp = Stamp(place="seal")
    return services.sign_pdf(pdf or filled(), signer=COMMITTEE, reason="Phát hành", at=LATER, stamp=stamp)


def reports(pdf: bytes) -> list[services.SignatureReport]:
    with clock.at(LATER):
        return services.verify_pdf(pdf)


def library_says(pdf: bytes, *timestamp_roots: bytes) -> list[bool]:
    """Whether pyHanko alone, with its own rules, relies on each signature."""
    from asn1crypto import x509

    roots = [x509.Certificate.load(bytes(each.certificate)) for each in Authority.objects.filter(level="root")]
    found = []
    for signature in PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures:
        context = ValidationContext(trust_roots=roots, moment=LATER, allow_fetching=False)
        of_time = ValidationContext(trust_roots=[x509.Certificate.load(each) for each in timestamp_roots], moment=LATER)
        found.append(validate_pdf_signature(signature, context, of_time).bottom_line)
    return found


def field(pdf: bytes, name: str) -> DictionaryObject:
    for page in opened(pdf).pages:
        for each in page.get("/Annots", []):
            if each.get_object().get("/T") == name:
                return each.get_object()
    raise AssertionError(f"no field {name}")


def drawn(pdf: bytes, name: str) -> str:
    """What a reader sees in a field."""
    look = field(pdf, name)["/AP"]["/N"]
    writer = pypdf.PdfWriter()
    page = writer.add_blank_page(200, 50)
    page[NameObject("/Resources")] = look["/Resources"].clone(writer)
    content = pypdf.generic.DecodedStreamObject()
    content.set_data(look.get_data())
    page[NameObject("/Contents")] = writer._add_object(content)
    return page.extract_text().strip()


def test_leader_number_and_day_seal_leave_a_document_that_can_be_relied_on():
    person, seal = found = reports(sealed())
    assert person.genuine and seal.genuine and services.is_genuine(found)
    assert person.filled_afterwards and not seal.filled_afterwards


def test_what_was_filled_stands_in_the_head_and_wherever_an_appendix_repeats_it():
    pdf = filled()
    assert [drawn(pdf, name) for name in ("number", "day", "month", "year")] == ["152", "05", "3", "2026"]
    for nth in (1, 2):
        assert drawn(pdf, f"number-{nth}") == "152" and drawn(pdf, f"year-{nth}") == "2026"
    assert field(pdf, "number")["/V"] == "152"


def test_figures_have_the_letters_of_the_lines_they_stand_in():
    pdf = filled()
    for name, font in (("number", "LiberationSerif"), ("day", "LiberationSerif-Italic")):
        fonts = field(pdf, name)["/AP"]["/N"]["/Resources"]["/Font"].values()
        [found] = [each.get_object() for each in fonts]
        assert found["/BaseFont"].partition("+")[2] == font
        assert "/FontFile2" in found["/DescendantFonts"][0]["/FontDescriptor"] or (
            "/FontFile3" in found["/DescendantFonts"][0]["/FontDescriptor"]
        )


def test_filling_only_adds_and_the_first_signature_stays_what_it_was():
    pdf = signed_first()
    assert filled(pdf).startswith(pdf)
    [report] = reports(filled(pdf))
    assert report.genuine and report.filled_afterwards and not report.covers_whole_document


def test_what_is_added_at_any_stage_begins_a_line_of_its_own_as_pdf_a_wants_it():
    laid = lay_out(DECISION.model_copy(update={"number": "", "dated": None}), at=AT).pdf
    assert not laid.endswith(b"\n"), "else this would prove nothing"
    added = (unnumbered(), signed_first(), filled(), sealed(), signed_first(laid))
    for pdf in added:
        assert pdf.startswith(laid) and len(re.findall(rb"%%EOF\n", pdf)) > 1
        assert not re.search(rb"%%EOF(?![\r\n]|\Z)", pdf)


def test_a_field_cannot_be_typed_into_and_says_what_it_is():
    number = field(unnumbered(), "number")
    assert number["/Ff"] == 1 and number["/TU"] == "Số" and "/V" not in number and "/N" in number["/AP"]


def test_a_document_with_a_number_has_nothing_to_fill():
    pdf = lay_out(DECISION, at=AT).pdf
    assert forms.prepare(pdf) == pdf
    with pytest.raises(NoSuchPlace, match="number"):
        forms.fill(pdf, VALUES, at=AT)


def test_fields_are_made_once():
    pdf = unnumbered()
    assert forms.prepare(pdf) == pdf


def test_an_unsigned_paper_in_other_forms_has_no_fields():
    assert forms.prepare(paper()) == paper()


def test_filling_again_with_the_same_changes_nothing_and_with_another_number_is_refused():
    pdf = filled()
    assert forms.fill(pdf, VALUES, at=LATER) == pdf
    with pytest.raises(forms.AlreadyFilled):
        forms.fill(pdf, {**VALUES, "number": "153"}, at=LATER)


def test_what_was_closed_with_its_gaps_empty_stays_empty():
    pdf = sealed(signed_first())
    with pytest.raises(forms.AlreadyFilled):
        filled(pdf)


def test_a_copy_can_be_made_of_a_document_that_was_closed():
    """A further visible signature leaves the others as they are."""
    stamp = services.of_copy(services.CopyForm.TRUE_COPY, COMMITTEE.organisation, at=LATER)
    copy = services.sign_pdf(sealed(), signer=COMMITTEE, reason="", at=LATER, stamp=stamp)
    assert services.is_genuine(reports(copy)) and all(library_says(copy))


def test_a_signature_that_does_not_permit_it_is_broken_by_filling():
    pdf = signed_first(permits_filling=False)
    with pytest.raises(forms.AlreadyFilled):
        filled(pdf)
    forced = forced_fill(pdf, "number", "666")
    assert not reports(forced)[0].genuine and library_says(forced) == [False]


def forced_fill(pdf: bytes, name: str, value: str) -> bytes:
    """A field changed by a program that does not ask."""
    from pyhanko.pdf_utils.generic import pdf_string

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    for _kind, each in form_fields.fields_of(writer.prev):
        if each["/T"] == name:
            each["/V"] = pdf_string(value)
            writer.update_container(each)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_after_the_seal_no_number_can_be_changed():
    forced = forced_fill(sealed(), "number", "666")
    assert not services.is_genuine(reports(forced)) and not reports(forced)[1].genuine
    assert library_says(forced)[1] is False


def with_another_text(pdf: bytes) -> bytes:
    """The content of a page exchanged by an update behind the signature."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    page = writer.prev.find_page_for_modification(0)[0].get_object()
    content = page["/Contents"]
    stream = content[0] if hasattr(content, "append") else content
    stream._data = b"q Q"
    stream._encoded_data = None
    writer.update_container(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_a_note(pdf: bytes) -> bytes:
    writer = pypdf.PdfWriter(fileobj=io.BytesIO(pdf), incremental=True)
    writer.add_annotation(0, FreeText(text="Số: 1", rect=(50, 700, 120, 720)))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def with_a_larger_field(pdf: bytes) -> bytes:
    """A field moved over the text: filled, it would cover what was signed."""
    from pyhanko.pdf_utils.generic import ArrayObject, FloatObject

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    _kind, each = next(form_fields.fields_of(writer.prev))
    each["/Rect"] = ArrayObject(FloatObject(side) for side in (50, 50, 500, 700))
    writer.update_container(each)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize("change", [with_another_text, with_a_note, with_a_larger_field])
@pytest.mark.parametrize("make", [signed_first, filled, sealed])
def test_any_other_change_is_found_by_us_and_by_the_library(make, change):
    changed = change(make())
    assert not any(each.genuine for each in reports(changed))
    assert not any(library_says(changed))


def test_the_library_alone_relies_on_every_stage():
    for pdf in (signed_first(), filled(), sealed()):
        assert all(library_says(pdf))


@needed
class TestPdfsig:
    @pytest.fixture
    def store(self, tmp_path) -> str:
        with clock.at(AT):
            return nss(tmp_path / "nss", services.export_root().pem)

    def test_every_stage_is_valid_and_the_seal_covers_all(self, tmp_path, store):
        for pdf in (signed_first(), filled(), sealed()):
            path = tmp_path / "paper.pdf"
            path.write_bytes(pdf)
            assert set(pdfsig(path, store)[0]) == {"Signature is Valid."}
        assert said_of(path, store).rstrip().split("\n")[-4:].count("  - Total document signed") == 1

    def test_a_changed_byte_breaks_it_and_an_update_is_no_longer_covered(self, tmp_path, store):
        path = tmp_path / "paper.pdf"
        broken = bytearray(filled())
        broken[2000] ^= 1
        path.write_bytes(broken)
        assert "Signature is Valid." not in pdfsig(path, store)[0]
        path.write_bytes(with_a_note(sealed()))
        assert "  - Total document signed" not in said_of(path, store).split("\n")


@pytest.mark.parametrize("pdf", [b"", b"no pdf", b"%PDF-1.7\n%%EOF"])
def test_what_is_no_pdf_is_neither_prepared_nor_filled(pdf):
    for use in (lambda: forms.prepare(pdf), lambda: forms.fill(pdf, VALUES, at=AT)):
        with pytest.raises(NotSignable):
            use()


@pytest.mark.parametrize("number", ["1", "152", "12a", "123456đ"])
def test_numbers_of_every_length_fit_their_gap(number):
    pdf = filled(unnumbered(LETTER), forms.number_and_day(number, date(2026, 1, 5)))
    assert drawn(pdf, "number") == number.zfill(2) and drawn(pdf, "month") == "01"
    left, _bottom, right, _top = (float(each) for each in field(pdf, "number")["/Rect"])
    assert [round(float(each), 1) for each in field(pdf, "number")["/AP"]["/N"]["/BBox"]][2] == round(right - left, 1)


def test_a_document_without_a_number_still_reads_as_a_draft():
    text = words_of(unnumbered())
    assert "Số: /QĐ-UBND" in text and "ngày tháng năm" in text
