"""Stamps by NĐ 30/2020 Appendix I: pictures of real size, marks in words on appendices and copies."""

import io

import pypdf
import pytest
from PIL import Image

from lienthong.signing import services, stamps
from lienthong.signing.services import Box, CopyForm, Stamp
from tests.foundation.papers.reading import opened
from tests.signing.people import AT, CHAIRMAN, COMMITTEE, paper
from tests.signing.test_signing import annotation, picture, stamp_text

MM = 72 / 25.4


def signed(pdf=None, *, signer=COMMITTEE, stamp) -> bytes:
    return services.sign_pdf(pdf or paper(), signer=signer, reason="", at=AT, stamp=stamp)


def corners(pdf: bytes, name: str = "Signature1") -> list[float]:
    return [float(each) for each in annotation(pdf, name)["/Rect"]]


def other_size(width: float, height: float) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width, height)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.django_db
def test_an_appendix_in_a_file_of_its_own_bears_number_and_moment_in_the_top_right_corner():
    pdf = signed(stamp=services.of_appendix("Số: 152/QĐ-UBND", at=AT))
    assert stamp_text(pdf) == "Số: 152/QĐ-UBND 28/03/2025; 09:15:30; +07:00"
    left, bottom, right, top = corners(pdf)
    page = opened(pdf).pages[0].mediabox
    assert left > float(page.width) / 2 and bottom > float(page.height) - 20 * MM and right < float(page.width) < 600
    assert top < float(page.height)


@pytest.mark.django_db
@pytest.mark.parametrize("form", CopyForm)
def test_a_copy_says_its_form_who_made_it_and_when(form):
    pdf = signed(stamp=services.of_copy(form, COMMITTEE.organisation, at=AT))
    assert stamp_text(pdf) == f"{form.value} UBND thành phố Gia Nghĩa 28/03/2025; 09:15:30; +07:00"


@pytest.mark.django_db
def test_an_extract_says_of_which_pages():
    pdf = signed(stamp=services.of_copy(CopyForm.EXTRACT, COMMITTEE.organisation, at=AT, pages="1, 3-4"))
    assert stamp_text(pdf).startswith("TRÍCH SAO (trang 1, 3-4) UBND thành phố Gia Nghĩa 28/03/2025")


@pytest.mark.django_db
@pytest.mark.parametrize("size", [(595, 842), (298, 420), (100, 100)])
def test_no_mark_covers_an_earlier_one(size):
    pdf, boxes = other_size(*size), []
    for number in range(1, 4):
        pdf = signed(pdf, stamp=services.of_copy(CopyForm.COPY_OF_COPY, COMMITTEE.organisation, at=AT))
        boxes.append(corners(pdf, f"Signature{number}"))
    for number, (left, _bottom, right, top) in enumerate(boxes):
        assert 0 <= left < right <= size[0] and top <= size[1]
        for other in boxes[:number]:
            assert left >= other[2] - 2 or right <= other[0] + 2 or top <= other[1] + 2
    assert services.is_genuine(services.verify_pdf(pdf))


@pytest.mark.django_db
def test_marks_are_black_upright_and_of_ten_points():
    pdf = signed(stamp=services.of_copy(CopyForm.TRUE_COPY, COMMITTEE.organisation, at=AT))
    [drawing] = annotation(pdf)["/AP"]["/N"]["/Resources"]["/XObject"].values()
    [font] = [each.get_object() for each in drawing.get_object()["/Resources"]["/Font"].values()]
    done = pypdf.generic.ContentStream(drawing.get_object(), None).operations
    assert font["/BaseFont"].partition("+")[2] == "LiberationSerif"
    assert {operands[1] for operands, operator in done if operator == b"Tf"} == {10}
    assert {tuple(operands) for operands, operator in done if operator in (b"scn", b"rg", b"g")} == {(0,)}
    assert not [operator for _operands, operator in done if operator == b"S"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["Ủy ban nhân dân " * 12, "W" * 400, '#panic("x") $y$ 😀 \u202e'])
def test_long_and_strange_names_break_no_mark(name):
    assert services.verify_pdf(signed(stamp=services.of_copy(CopyForm.EXTRACT, name, at=AT)))[0].genuine


@pytest.mark.django_db
@pytest.mark.parametrize("size", [(842, 595), (298, 420), (100, 100)])
def test_a_mark_stands_inside_the_first_page_whatever_its_size(size):
    left, _bottom, right, top = corners(signed(other_size(*size), stamp=services.of_appendix("1/QĐ", at=AT)))
    assert 0 <= left < right <= size[0] and top <= size[1]


@pytest.mark.django_db
@pytest.mark.parametrize("diameter", [30, 34, 42])
def test_a_seal_has_its_real_size_and_covers_a_third_of_the_signature_from_the_left(diameter):
    pdf = signed(signer=CHAIRMAN, stamp=Stamp(place="signer", image=picture()))
    pdf = signed(pdf, stamp=Stamp(place="seal", image=picture(), diameter=diameter))
    signature, seal = corners(pdf), corners(pdf, "Signature2")
    assert seal[2] - seal[0] == pytest.approx(diameter * MM, abs=1) == pytest.approx(seal[3] - seal[1], abs=1)
    assert (seal[2] - signature[0]) / (signature[2] - signature[0]) == pytest.approx(1 / 3, abs=0.02)
    assert (seal[1] + seal[3]) / 2 == pytest.approx((signature[1] + signature[3]) / 2, abs=1)


@pytest.mark.django_db
def test_a_picture_keeps_its_proportions():
    out = io.BytesIO()
    Image.new("RGBA", (400, 100), (0, 0, 180, 255)).save(out, "PNG")
    pdf = signed(signer=CHAIRMAN, stamp=Stamp(place="signer", image=out.getvalue()))
    matrix = next(
        operands
        for operands, operator in pypdf.generic.ContentStream(annotation(pdf)["/AP"]["/N"], None).operations
        if operator == b"cm"
    )
    assert matrix[0] == matrix[3] == pytest.approx(62 * MM / 400, abs=0.01)


def test_boxes_that_are_given_are_taken_as_they_are():
    box = Box(page=2, left=1, top=2, width=3, height=4)
    assert stamps.box_for(Stamp(place=box, diameter=30), {}, page_width=210) == box
