"""Copies of PDF: drawn on, or their first pages."""

import io

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, FloatObject, NameObject, NumberObject

from lienthong.foundation.files import pdf_copies
from lienthong.foundation.files.pdf_copies import Place
from tests.foundation.files import samples

PLAIN, SIGNED = (
    samples.pdf_saying(f"#set page(width: 50mm, height: 20mm, margin: 1mm, fill: none)\n{words}")
    for words in ("DRAWNPLAIN", "DRAWNSIGNED")
)
HEAD = """#set page(paper: "a4", margin: 20mm)
#grid(columns: (1fr, 1fr), [UBND TỈNH \\ Số: 15/QĐ-UBND \\ V/v rà soát \\ quy hoạch], [CỘNG HÒA])"""


def drawn(pdf: bytes, place: Place = Place(left=30, top=50)) -> PdfReader | None:  # noqa: B008 - frozen
    made = pdf_copies.overlay(io.BytesIO(pdf), plain=PLAIN, signed=SIGNED, place=place)
    return PdfReader(io.BytesIO(made)) if made else None


def height(reader: PdfReader, words: str) -> float:
    """In mm from the top of the first page."""
    found: list[float] = []

    def note(text: str, cm: list[float], tm: list[float], font: object, size: float) -> None:
        if words in text:
            found.append(tm[4] * cm[1] + tm[5] * cm[3] + cm[5])

    reader.pages[0].extract_text(visitor_text=note)
    return (float(reader.pages[0].mediabox.top) - found[0]) * 25.4 / 72


def test_the_drawing_stands_on_the_first_page_of_the_copy_only():
    made = drawn(samples.pdf(3))
    assert made and len(made.pages) == 3
    assert "DRAWNPLAIN" in made.pages[0].extract_text() and "DRAWN" not in made.pages[1].extract_text()
    assert 50 < height(made, "DRAWNPLAIN") < 60


def test_it_goes_under_the_number_or_under_what_a_letter_is_about():
    pdf = samples.pdf_saying(HEAD)
    under_number, under_subject = Place(30, 200, "Số"), Place(30, 200, "Số", "V/v")
    heights = []
    for place in (under_number, under_subject):
        made = drawn(pdf, place)
        assert made
        heights.append((height(made, "DRAWNPLAIN"), height(made, "Số"), height(made, "quy")))
    assert heights[0][1] < heights[0][0] and heights[1][2] < heights[1][0]
    assert heights[0][0] < heights[1][0] < 80


def with_signature(pdf: bytes) -> bytes:
    """A PDF with a signature field that shows something."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    look = PdfReader(io.BytesIO(samples.pdf_saying("#set page(width: 40mm, height: 20mm, margin: 1mm)\nLOOKOFIT")))
    form = writer._add_object(_as_form(look, writer))
    widget = DictionaryObject(
        {
            NameObject("/Type"): NameObject("/Annot"),
            NameObject("/Subtype"): NameObject("/Widget"),
            NameObject("/FT"): NameObject("/Sig"),
            NameObject("/V"): writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/Sig")})),
            NameObject("/Rect"): ArrayObject(FloatObject(each) for each in (300, 100, 414, 157)),
            NameObject("/F"): NumberObject(4),
            NameObject("/AP"): DictionaryObject({NameObject("/N"): form}),
        }
    )
    reference = writer._add_object(widget)
    writer.pages[0][NameObject("/Annots")] = ArrayObject([reference])
    writer.root_object[NameObject("/AcroForm")] = DictionaryObject(
        {NameObject("/Fields"): ArrayObject([reference]), NameObject("/SigFlags"): NumberObject(3)}
    )
    return samples.written(writer.write)


def _as_form(reader: PdfReader, writer: PdfWriter) -> DictionaryObject:
    from pypdf.generic import DecodedStreamObject

    page = reader.pages[0]
    stream = DecodedStreamObject()
    contents = page.get_contents()
    assert contents is not None
    stream.set_data(contents.get_data())
    stream[NameObject("/Type")] = NameObject("/XObject")
    stream[NameObject("/Subtype")] = NameObject("/Form")
    stream[NameObject("/BBox")] = ArrayObject(FloatObject(each) for each in page.mediabox)
    stream[NameObject("/Resources")] = page["/Resources"].clone(writer)  # type: ignore[attr-defined]
    return stream


def test_of_a_signed_document_the_copy_shows_the_signature_and_has_none():
    signed = with_signature(samples.pdf(1))
    made = drawn(signed)
    assert made
    text = made.pages[0].extract_text()
    assert "DRAWNSIGNED" in text and "DRAWNPLAIN" not in text and "LOOKOFIT" in text
    assert "/AcroForm" not in made.root_object and not made.pages[0].get("/Annots")


def test_the_first_pages_are_a_copy_without_signatures():
    made = pdf_copies.first_pages(io.BytesIO(with_signature(samples.pdf(5))), 3)
    assert made
    reader = PdfReader(io.BytesIO(made))
    assert len(reader.pages) == 3 and "/AcroForm" not in reader.root_object
    assert "LOOKOFIT" in reader.pages[0].extract_text()


def test_chosen_pages_are_a_copy_without_signatures_whether_these_are_seen_or_not():
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(with_signature(samples.pdf(5)))))
    unseen = DictionaryObject({NameObject("/Subtype"): NameObject("/Widget"), NameObject("/FT"): NameObject("/Sig")})
    unseen[NameObject("/Rect")] = ArrayObject([NumberObject(0)] * 4)
    writer.pages[0]["/Annots"].append(unseen)  # type: ignore[attr-defined]
    made = pdf_copies.chosen_pages(io.BytesIO(samples.written(writer.write)), (1, 4))
    assert made
    reader = PdfReader(io.BytesIO(made))
    assert len(reader.pages) == 2 and "/AcroForm" not in reader.root_object
    assert "LOOKOFIT" in reader.pages[0].extract_text()


def test_pages_that_are_not_there_are_not_copied():
    assert pdf_copies.chosen_pages(io.BytesIO(samples.pdf(2)), (1, 3)) is None


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_page_that_is_turned_is_drawn_on_upright(turned: int):
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(samples.pdf(1))))
    writer.pages[0].rotate(turned)
    made = drawn(samples.written(writer.write))
    assert made and not made.pages[0].rotation and 50 < height(made, "DRAWNPLAIN") < 60


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n%%EOF", samples.pdf()[:-200], b"%PDF" + b"x" * 1000])
def test_what_cannot_be_drawn_on_is_said_and_not_raised(content: bytes):
    assert drawn(content) is None
