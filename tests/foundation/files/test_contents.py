"""What a content is, whether it is whole, and whether it is made to harm."""

import io
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lienthong.foundation.files import formats
from lienthong.foundation.files.errors import Damaged, FileRefused, Locked, TooLarge, Unsafe, WrongKind
from lienthong.foundation.files.formats import ooxml
from lienthong.foundation.files.kinds import BY_KEY, KINDS
from lienthong.foundation.files.rules import Policy
from tests.foundation.files import samples
from tests.foundation.files.conftest import EVERYTHING


def examined(content: bytes, policy: Policy = EVERYTHING) -> str:
    return formats.examine(io.BytesIO(content), len(content), policy).key


GOOD = {
    "pdf": samples.pdf(),
    "pdf that anybody may open": samples.pdf(owner_password="x"),
    "jpeg": samples.picture("JPEG"),
    "jpeg in grey": samples.written(lambda out: samples.Image.new("L", (9, 9)).save(out, "JPEG")),
    "jpeg in print colours": samples.written(lambda out: samples.Image.new("CMYK", (9, 9)).save(out, "JPEG")),
    "png": samples.picture("PNG"),
    "webp": samples.picture("WEBP"),
    "docx": samples.word(),
    "xlsx": samples.excel(),
    "dwg": samples.drawing(),
}


@pytest.mark.parametrize("what", GOOD)
def test_a_good_content_is_known_by_itself(what: str):
    assert examined(GOOD[what]) == what.split()[0]


@pytest.mark.parametrize("what", GOOD)
def test_a_place_takes_only_its_kinds(what: str):
    others = KINDS.keys() - {BY_KEY[what.split()[0]].kind}
    with pytest.raises(WrongKind) as refused:
        examined(GOOD[what], Policy(kinds=others, max_bytes=1))
    assert "PDF" in str(refused.value) or what.startswith("pdf")


PRESENTATION = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
WITH_MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"
MACRO = '<Override PartName="/v" ContentType="application/vnd.ms-office.vbaProject"/>'
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "b">]><Types>&a;</Types>'

HOSTILE: dict[str, tuple[bytes, type[FileRefused]]] = {
    "a web page called PDF": (b"<!DOCTYPE html><script>alert(1)</script>" + b" " * 100, WrongKind),
    "a drawing with script (SVG)": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', WrongKind),
    "a script": (b"alert(document.cookie)", WrongKind),
    "a program": (b"MZ" + bytes(100), WrongKind),
    "an ELF program": (b"\x7fELF" + bytes(100), WrongKind),
    "the test virus": (samples.EICAR, WrongKind),
    "zeros": (bytes(10_000), WrongKind),
    "a picture that is a script": (samples.gif_and_script(), WrongKind),
    "a moving GIF": (samples.moving_picture("GIF"), WrongKind),
    "a moving WebP": (samples.moving_picture("WEBP"), WrongKind),
    "a moving PNG": (samples.moving_picture("PNG"), WrongKind),
    "a JPEG that is a script": (samples.jpeg_and_script(), Unsafe),
    "a PDF that is an archive": (samples.pdf_and_archive(), Unsafe),
    "a picture that is an archive": (samples.picture("PNG") + samples.archive({"a.exe": b"MZ"}), Unsafe),
    "a PDF that begins as a web page": (samples.pdf()[:9] + b"<html><script>" + samples.pdf()[9:], Unsafe),
    "a PDF behind something else": (b"\xef\xbb\xbf" + samples.pdf(), Damaged),
    "a PDF cut off": (samples.pdf()[:-100], Damaged),
    "only the head of a PDF": (b"%PDF-1.7\n", Damaged),
    "a PDF of noise": (b"%PDF-1.7\n" + random.Random(1).randbytes(5000) + b"\n%%EOF", Damaged),
    "a PDF without pages": (samples.pdf(0), Damaged),
    "a PDF with a password": (samples.pdf(password="x"), Locked),
    "a JPEG cut off": (samples.picture("JPEG", (400, 300))[:-200], Damaged),
    "a PNG cut off": (samples.picture("PNG", (400, 300))[:-60], Damaged),
    "a WebP cut off": (samples.picture("WEBP", (400, 300))[:-20], Damaged),
    "only the head of a JPEG": (b"\xff\xd8\xff\xe0\x00\x10JFIF\0", Damaged),
    "a bomb of pixels": (samples.pixel_bomb(), TooLarge),
    "a bigger bomb of pixels": (samples.pixel_bomb(2_000_000_000, 2_000_000_000), TooLarge),
    "a bomb below Pillow's limit": (samples.pixel_bomb(9000, 9000), TooLarge),
    "an archive": (samples.archive({"a.txt": b"a"}), WrongKind),
    "a program archive (JAR)": (samples.archive({"META-INF/MANIFEST.MF": b"", "A.class": b""}), WrongKind),
    "a presentation": (samples.ooxml({}, main=PRESENTATION), WrongKind),
    "a document with macros": (samples.ooxml({}, main=WITH_MACROS), Unsafe),
    "a document with a hidden macro": (samples.ooxml({}, types=MACRO), Unsafe),
    "a document that unpacks itself outside": (samples.ooxml({"../../etc/cron.d/x": b""}), Unsafe),
    "a document with an absolute path": (samples.ooxml({"/etc/passwd": b""}), Unsafe),
    "a document with two parts of one name": (samples.ooxml({"Main.xml": b""}), Unsafe),
    "a document with entities": (samples.archive({"[Content_Types].xml": ENTITIES}), Unsafe),
    "a document with broken XML": (samples.archive({"[Content_Types].xml": b"<Types>"}), Damaged),
    "a document behind something else": (b"PK\x03\x04garbage!" + samples.word(), Unsafe),
    "a document before something else": (samples.word() + b"<html>", Unsafe),
    "a document cut off": (samples.word()[:-400], Damaged),
    "a document that cannot be unpacked": (samples.spoiled(samples.ooxml({})), Damaged),
    "a bomb of one part many times": (samples.overlapping_bomb(), Unsafe),
    "a drawing too old": (b"AC1009" + bytes(1000), Damaged),
    "only the head of a drawing": (b"AC1032", Damaged),
}  # fmt: skip


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_or_damaged_content_is_refused_with_a_way_out(what: str):
    content, error = HOSTILE[what]
    with pytest.raises(FileRefused) as refused:
        examined(content)
    assert isinstance(refused.value, error), repr(refused.value)
    assert str(refused.value) and refused.value.way_out


def test_a_document_that_unpacks_to_gigabytes_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ooxml, "UNPACKED", 1_000_000)
    with pytest.raises(Unsafe):
        examined(samples.ooxml({"bomb.xml": bytes(1_000_001)}))
    monkeypatch.setattr(ooxml, "PARTS", 10)
    with pytest.raises(Unsafe):
        examined(samples.ooxml({f"{number}.xml": b"" for number in range(10)}))


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(GOOD)), st.data())
def test_a_content_changed_anywhere_is_taken_or_refused_but_never_breaks_us(what: str, data: Any):
    content = bytearray(GOOD[what])
    for _ in range(data.draw(st.integers(1, 8))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(1, len(content)))
    try:
        examined(bytes(content[:cut]))
    except FileRefused as refused:
        assert refused.way_out


@given(
    st.binary(max_size=300),
    st.sampled_from([b"", b"%PDF-", b"PK\x03\x04", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"AC1032"]),
)
def test_noise_is_refused(noise: bytes, beginning: bytes):
    with pytest.raises(FileRefused):
        examined(beginning + noise)
