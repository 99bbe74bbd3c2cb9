"""Giving files to browsers without harm, and previews that show the picture and tell nothing else."""

import io
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from lienthong.foundation.files import previews, services, storage, upkeep
from lienthong.foundation.files.errors import ContentMissing
from lienthong.foundation.files.models import StoredFile
from lienthong.foundation.files.serving import content_disposition, serve
from tests.foundation.files import samples
from tests.foundation.files.conftest import _store
from tests.foundation.files.test_storing import Store, contents, later

pytestmark = pytest.mark.django_db

CONTENT = {"pdf": samples.pdf(), "jpg": samples.picture(), "docx": samples.word(), "dwg": samples.drawing()}


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("ending", CONTENT)
def test_a_saved_file_is_the_one_that_was_stored(store: Store, ending: str):
    response = serve(store(CONTENT[ending], f"Bản vẽ.{ending}"), as_attachment=True)
    assert body(response) == CONTENT[ending]
    assert int(response["Content-Length"]) == len(CONTENT[ending])
    assert response["Content-Disposition"].startswith("attachment;")


def test_what_shows_a_file_does_nothing_to_whoever_opens_it_next(store: Store):
    """A server that sends a file itself ends the request when that file is closed, and with it the request's database
    connection. Only its own may be ended so."""
    stored, ended = store(CONTENT["pdf"]), []
    shown: Any = serve(stored)
    shown.file_to_stream.close = lambda: ended.append("the request that shows it")
    assert shown.file_to_stream.read(5) == b"%PDF-"
    with storage.open_content(stored.sha256) as content:
        assert content.read() == CONTENT["pdf"]
    assert ended == [] and shown.file_to_stream.tell() == 5


@pytest.mark.parametrize("ending", CONTENT)
@pytest.mark.parametrize("as_attachment", [True, False])
def test_no_file_can_run_anything_in_our_pages(folder: Path, ending: str, as_attachment: bool):
    response = serve(_store(CONTENT[ending], f"x.{ending}"), as_attachment=as_attachment)
    policy = [part.strip() for part in response["Content-Security-Policy"].split(";")]
    assert "default-src 'none'" in policy and "frame-ancestors 'self'" in policy
    assert not any(part.startswith("script-src") for part in policy)
    assert ("sandbox" in policy) != (ending == "pdf" and not as_attachment)
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"
    assert response["Cache-Control"].startswith("private")
    assert response["Content-Type"] != "text/html"


@pytest.mark.parametrize(
    ("ending", "how", "media_type"),
    [
        ("pdf", "inline", "application/pdf"),
        ("jpg", "inline", "image/jpeg"),
        ("docx", "attachment", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("dwg", "attachment", "image/vnd.dwg"),
    ],
)
def test_only_pdf_and_pictures_are_shown_in_the_browser(folder: Path, ending: str, how: str, media_type: str):
    response = serve(_store(CONTENT[ending], f"x.{ending}"))
    assert response["Content-Disposition"].startswith(how)
    assert response["Content-Type"] == media_type


def test_a_picture_is_shown_drawn_anew(folder: Path):
    stored = _store(samples.picture("PNG"), "Ảnh hiện trạng.png")
    response = serve(stored)
    shown = body(response)
    assert shown != samples.picture("PNG") and Image.open(io.BytesIO(shown)).format == "JPEG"
    assert int(response["Content-Length"]) == len(shown)
    assert unquote(response["Content-Disposition"]).endswith("Ảnh hiện trạng.jpg")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("", "Đơn.pdf"),
        ("Giấy phép số 5", "Giấy phép số 5.pdf"),
        ('"; x="\r\nSet-Cookie: a=b', "_; x=_ Set-Cookie_ a=b.pdf"),
    ],
)
def test_a_file_can_be_given_under_another_name(folder: Path, name: str, shown: str):
    response = serve(_store(samples.pdf(), "Đơn.pdf"), name=name)
    assert unquote(response["Content-Disposition"].partition("filename*=UTF-8''")[2]) == shown


def test_an_old_browser_gets_the_name_without_accents():
    assert content_disposition("attachment", "Đơn đề nghị (bản 2).pdf") == (
        'attachment; filename="Don de nghi (ban 2).pdf"; '
        "filename*=UTF-8''%C4%90%C6%A1n%20%C4%91%E1%BB%81%20ngh%E1%BB%8B%20%28b%E1%BA%A3n%202%29.pdf"
    )


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_no_name_breaks_out_of_its_header(name: str):
    header = content_disposition("inline", name)
    assert header.isascii() and header.isprintable()
    assert header.count('"') == 2
    assert unquote(header.partition("filename*=UTF-8''")[2]) == name


def test_a_lost_content_is_said_so(store: Store):
    stored = store(samples.pdf())
    storage.present().delete(storage.content_name(stored.sha256))
    with pytest.raises(ContentMissing):
        serve(stored)


def photo(**saved: Any) -> bytes:
    """Taken lying on its side, with the place where it was taken."""
    taken = Image.new("RGB", (2400, 1200), "white")
    taken.paste("red", (0, 0, 1200, 1200))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to the right
    exif[0x010F] = "Maker of the telephone"
    exif.get_ifd(0x8825)[2] = (12.0, 0.0, 36.0)
    return samples.written(lambda out: taken.save(out, "JPEG", exif=exif, comment=b"secret comment", **saved))


def test_a_preview_stands_upright_is_small_and_tells_no_place(store: Store):
    stored = store(photo(), "anh.jpg")
    with previews.preview(stored) as kept:
        drawn = kept.read()
    picture = Image.open(io.BytesIO(drawn))
    assert picture.size == (800, 1600)
    assert picture.convert("RGB").getpixel((400, 100))[0] > 200 > picture.convert("RGB").getpixel((400, 100))[1]
    assert not picture.getexif() and set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert b"Maker" not in drawn and b"secret" not in drawn


@pytest.mark.parametrize(
    "picture",
    [
        samples.picture("PNG"),
        samples.picture("WEBP"),
        samples.written(lambda out: Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(out, "PNG")),
        samples.written(lambda out: Image.new("P", (9, 9)).save(out, "PNG", transparency=0)),
        samples.written(lambda out: Image.new("LA", (9, 9), (0, 0)).save(out, "PNG")),
        samples.written(lambda out: Image.new("I;16", (9, 9)).save(out, "PNG")),
        samples.written(lambda out: Image.new("1", (9, 9)).save(out, "PNG")),
        samples.written(lambda out: Image.new("CMYK", (9, 9)).save(out, "JPEG")),
        samples.written(lambda out: Image.new("L", (1, 5000)).save(out, "PNG")),
    ],
)
def test_pictures_of_every_sort_have_a_preview(folder: Path, picture: bytes):
    with previews.preview(_store(picture, "anh")) as kept:
        drawn = Image.open(io.BytesIO(kept.read()))
        drawn.load()
    assert drawn.format == "JPEG" and max(drawn.size) <= previews.LONGEST_SIDE and min(drawn.size) >= 1


def test_what_was_transparent_is_white(folder: Path):
    clear = samples.written(lambda out: Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(out, "PNG"))
    with previews.preview(_store(clear, "anh.png")) as kept:
        assert Image.open(io.BytesIO(kept.read())).getpixel((4, 4)) == (255, 255, 255)


def test_a_preview_is_made_once_and_swept_with_its_content(folder: Path, monkeypatch: pytest.MonkeyPatch):
    stored = _store(samples.picture(), "anh.jpg")
    previews.preview(stored).close()
    monkeypatch.setattr(previews, "_draw", None)
    previews.preview(stored).close()
    assert len(contents(folder)) == 2
    with later(hours=25):
        assert upkeep.sweep() == 0
        services.discard([stored.id])
        assert upkeep.sweep() == 2
    assert contents(folder) == []


def test_a_document_has_no_preview(folder: Path):
    stored: StoredFile = _store(samples.word(), "don.docx")
    with pytest.raises(ValueError, match="no preview"):
        previews.preview(stored)
