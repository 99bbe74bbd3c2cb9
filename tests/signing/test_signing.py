"""Signing papers."""

import dataclasses
import hashlib
import io

import pypdf
import pytest
from django.db import DatabaseError, transaction
from PIL import Image
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from lienthong.foundation import clock
from lienthong.signing import services
from lienthong.signing.models import Certificate, SigningRecord
from lienthong.signing.pades import NotSignable
from lienthong.signing.services import Box, Stamp
from lienthong.signing.stamps import NoSuchPlace, NotAnImage
from tests.foundation.papers.reading import opened
from tests.signing.people import AT, CHAIRMAN, CLERK, COMMITTEE, LATER, paper

pytestmark = pytest.mark.django_db


def signed(pdf=None, *, signer=CHAIRMAN, at=AT, stamp=None, reason="Phê duyệt") -> bytes:
    return services.sign_pdf(pdf or paper(), signer=signer, reason=reason, at=at, stamp=stamp)


def annotation(pdf: bytes, name: str = "Signature1") -> DictionaryObject:
    for page in opened(pdf).pages:
        for each in page.get("/Annots", []):
            if each.get_object().get("/T") == name:
                return each.get_object()
    raise AssertionError(f"no signature field {name}")


def stamp_text(pdf: bytes, name: str = "Signature1") -> str:
    """The words of a stamp: the drawing in its appearance, read as a page."""
    words = []
    for drawing in annotation(pdf, name)["/AP"]["/N"]["/Resources"]["/XObject"].values():
        writer = pypdf.PdfWriter()
        page = writer.add_blank_page(600, 200)
        page[NameObject("/Resources")] = drawing.get_object()["/Resources"].clone(writer)
        content = DecodedStreamObject()
        content.set_data(drawing.get_object().get_data())
        page[NameObject("/Contents")] = writer._add_object(content)
        words.append(page.extract_text())
    return " ".join(" ".join(words).split())


def test_a_signature_is_pades_and_tells_who_why_and_when():
    value = annotation(signed())["/V"]
    assert value["/SubFilter"] == "/ETSI.CAdES.detached"
    assert (value["/Name"], value["/Reason"]) == ("Lê Hoàng Nam", "Phê duyệt")
    assert value["/Location"] == "UBND thành phố Gia Nghĩa"
    assert value["/M"] == "D:20250328091530+07'00'"


def test_what_is_signed_is_added_to_the_file_and_changes_nothing_of_it():
    pdf = paper()
    assert signed(pdf).startswith(pdf)


def test_the_stamp_says_who_signed_in_what_post_and_when_with_the_zone():
    text = stamp_text(signed(stamp=Stamp(place="signer")))
    for part in (
        "Ký bởi: Lê Hoàng Nam",
        "Chức vụ: Phó Chủ tịch",
        "Cơ quan: UBND thành phố Gia Nghĩa",
        "Thời gian ký: 28/03/2025 09:15:30 +07:00",
    ):
        assert part in text


def test_the_stamp_stands_in_the_place_the_paper_left():
    pdf = signed(stamp=Stamp(place="signer"))
    place = next(each for name, each in opened(pdf).named_destinations.items() if name.startswith("stamp-signer"))
    left, bottom, right, top = (float(each) for each in annotation(pdf)["/Rect"])
    assert left == pytest.approx(float(place["/Left"]), abs=1) and top == pytest.approx(float(place["/Top"]), abs=1)
    assert right - left == pytest.approx(62 / 25.4 * 72, abs=1) and top - bottom == pytest.approx(27 / 25.4 * 72, abs=1)


def test_a_stamp_may_stand_anywhere_on_any_page():
    rectangle = annotation(signed(stamp=Stamp(place=Box(page=1, left=10, top=20, width=50, height=15))))["/Rect"]
    expected = (10 / 25.4 * 72, 842 - 35 / 25.4 * 72, 60 / 25.4 * 72, 842 - 20 / 25.4 * 72)
    assert [float(each) for each in rectangle] == pytest.approx(expected, abs=1)


def test_an_organisations_seal_in_words_stands_at_the_top_and_its_picture_over_the_signature():
    in_words = annotation(signed(signer=COMMITTEE, stamp=Stamp(place="seal")))["/Rect"]
    pictured = annotation(signed(signer=COMMITTEE, stamp=Stamp(place="seal", image=picture())))["/Rect"]
    signature = annotation(signed(stamp=Stamp(place="signer")))["/Rect"]
    assert float(in_words[3]) > 800 and "UBND thành phố Gia Nghĩa" in stamp_text(
        signed(signer=COMMITTEE, stamp=Stamp(place="seal"))
    )
    overlap = (float(pictured[2]) - float(signature[0])) / (float(signature[2]) - float(signature[0]))
    assert float(pictured[0]) < float(signature[0]) and overlap == pytest.approx(1 / 3, abs=0.02)


def picture(kind: str = "PNG") -> bytes:
    out = io.BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", (120, 120), (180, 0, 0, 90)[: 4 if kind == "PNG" else 3]).save(
        out, kind
    )
    return out.getvalue()


@pytest.mark.parametrize("image", [b"no picture", b"\x89PNG\r\n\x1a\n broken", picture("JPEG")])
def test_only_a_png_is_a_picture_of_a_signature(image):
    with pytest.raises(NotAnImage):
        signed(stamp=Stamp(place="signer", image=image))


def test_a_place_that_the_paper_does_not_have_is_said_and_nothing_is_recorded():
    with pytest.raises(NoSuchPlace, match="wherever"):
        signed(stamp=Stamp(place="wherever"))
    assert not SigningRecord.objects.exists()


@pytest.mark.parametrize("name", ["Nguyễn " * 60, "W" * 300, '#panic("x") $y$ 😀 \u202e', ""])
def test_strange_names_break_no_stamp(name):
    pdf = signed(signer=dataclasses.replace(CHAIRMAN, name=name or "?", position=name), stamp=Stamp(place="signer"))
    assert services.verify_pdf(pdf)[0].genuine


def test_person_then_seal_then_another_all_stay_valid():
    pdf = signed(stamp=Stamp(place="signer"))
    pdf = signed(pdf, signer=COMMITTEE, at=LATER, stamp=Stamp(place="seal"))
    pdf = signed(pdf, signer=CLERK, at=LATER)
    with clock.at(LATER):
        reports = services.verify_pdf(pdf)
    assert [each.name for each in reports] == [CHAIRMAN.name, COMMITTEE.organisation, CLERK.name]
    assert all(each.genuine for each in reports) and services.is_genuine(reports)
    assert [each.covers_whole_document for each in reports] == [False, False, True]


def test_every_signature_is_recorded_with_its_digests():
    pdf = paper()
    result = signed(pdf, reason="Phê duyệt giấy phép")
    record = SigningRecord.objects.get()
    assert (record.account_id, record.post_id, record.device) == (11, 101, "soft-token")
    assert record.serial == Certificate.objects.get().serial and "Lê Hoàng Nam" in record.subject
    assert bytes(record.document_digest) == hashlib.sha256(pdf).digest()
    assert bytes(record.signed_digest) == hashlib.sha256(result).digest()
    assert record.signed_at == AT and record.reason == "Phê duyệt giấy phép" and not record.timestamped


def test_signing_records_can_only_be_added_to():
    signed()
    for change in (lambda rows: rows.update(reason="khác"), lambda rows: rows.delete()):
        with pytest.raises(DatabaseError, match="only added to"), transaction.atomic():
            change(SigningRecord.objects.all())
    assert SigningRecord.objects.get().reason == "Phê duyệt"


def protected() -> bytes:
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(paper()))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


@pytest.mark.parametrize(
    "make", [lambda: b"", lambda: b"no pdf", lambda: b"%PDF-1.7\n%%EOF", lambda: paper()[:9000], protected]
)
def test_what_is_no_sound_open_pdf_is_not_signed(make):
    with pytest.raises(NotSignable):
        signed(make() or b" ")
    assert not SigningRecord.objects.exists()
