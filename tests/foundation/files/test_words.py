"""Finding files by the words in them."""

import io
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from lienthong.foundation.files import extraction, queries, services, word_reader
from lienthong.foundation.files.models import FileText, Reading, StoredFile
from tests.foundation.files import samples
from tests.foundation.files.conftest import _store

PERMIT = "Giấy phép xây dựng nhà ở riêng lẻ tại thị xã Gia Nghĩa, tỉnh Đắk Nông"


def read_all() -> None:
    for job in ProcrastinateJob.objects.filter(task_name="files.read"):
        services.read_words(job.args["file"])


def found(words: str) -> list[str]:
    return sorted(file.name for file in queries.with_words(words, StoredFile.objects.all()))


@pytest.mark.django_db
def test_words_are_found_with_and_without_accents_in_pdf_and_word(folder: Path):
    _store(samples.pdf_saying(PERMIT), "giấy phép.pdf")
    _store(samples.word("Đơn đề nghị cấp giấy phép", "Kính gửi: UBND"), "đơn.docx")
    _store(samples.picture(), "anh.jpg")
    assert found("giấy phép") == []
    read_all()
    assert found("giay phep") == found("GIẤY PHÉP") == ["giấy phép.pdf", "đơn.docx"]
    assert found("dak nong") == found('"gia nghia"') == ["giấy phép.pdf"]
    assert found("giấy phép -nghĩa") == ["đơn.docx"]
    assert found("bảng") == ["đơn.docx"]
    assert found("không có chữ này") == []


@pytest.mark.django_db
@pytest.mark.parametrize("words", ["", "  ", "'", "\\", '"', "a & | ! ( b:*", "%", "\0", "x" * 10_000])
def test_whatever_is_typed_into_the_search_box_is_no_error(words: str):
    assert found(words) == []


@pytest.mark.django_db
def test_only_files_that_the_person_may_see_are_searched(folder: Path):
    mine, _others = (_store(samples.word(), name) for name in ("a.docx", "b.docx"))
    read_all()
    assert list(queries.with_words("đơn", StoredFile.objects.filter(id=mine.id))) == [mine]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "name", "reading"),
    [
        (samples.pdf(), "scan.pdf", Reading.NO_TEXT),
        (samples.pdf(owner_password="x"), "x.pdf", Reading.NO_TEXT),
        (samples.word("a"), "x.docx", Reading.READ),
        (samples.ooxml({}), "x.docx", Reading.FAILED),
    ],
)
def test_how_the_reading_went_is_kept(folder: Path, content: bytes, name: str, reading: Reading):
    stored = _store(content, name)
    for _ in range(2):
        services.read_words(stored.id)
    assert FileText.objects.get(file=stored).reading == reading


@pytest.mark.django_db
def test_a_long_document_is_searched_from_its_beginning(folder: Path, monkeypatch: pytest.MonkeyPatch):
    many = " ".join(f"từ{number}" for number in range(200_000))
    stored = _store(samples.word("đầu tiên", many, "cuối cùng"), "dài.docx")
    services.read_words(stored.id)
    text = FileText.objects.get(file=stored)
    assert text.reading == Reading.CUT
    assert len(text.text.encode()) <= word_reader.LIMIT
    assert found("đầu tiên") == ["dài.docx"] and found("cuối cùng") == []


LETTER = samples.word("đơn")
READ = (Reading.READ, "đơn\nô trong bảng\n")


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> Iterator[extraction.Reader]:
    """The one that reads next."""
    reader = extraction.Reader()
    monkeypatch.setattr(extraction, "_idle", [reader])
    yield reader
    for each in [reader, *extraction._idle]:
        each.stop()


def test_a_document_that_takes_too_long_is_left(reader: extraction.Reader, monkeypatch: pytest.MonkeyPatch):
    reader.process.send_signal(signal.SIGSTOP)
    monkeypatch.setattr(extraction, "_SECONDS", 0.2)
    assert extraction.read(io.BytesIO(LETTER), "docx") == (Reading.FAILED, "")
    monkeypatch.setattr(extraction, "_SECONDS", 60)
    assert extraction.read(io.BytesIO(LETTER), "docx") == READ
    assert reader not in extraction._idle and len(extraction._idle) == 1


def test_a_reader_reads_one_document_after_the_other_and_is_replaced_when_it_died(reader: extraction.Reader):
    for _ in range(2):
        assert extraction.read(io.BytesIO(LETTER), "docx") == READ
        assert extraction.read(io.BytesIO(b"noise"), "docx") == (Reading.FAILED, "")
    assert extraction._idle == [reader]
    reader.process.kill()
    reader.process.wait()
    assert extraction.read(io.BytesIO(LETTER), "docx") == READ


def test_several_read_at_once(reader: extraction.Reader):
    letters = [samples.word(f"đơn {number}") for number in range(40)]
    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(lambda letter: extraction.read(io.BytesIO(letter), "docx")[1], letters))
    assert [text.splitlines()[0] for text in found] == [f"đơn {number}" for number in range(40)]
    assert len(extraction._idle) <= 4


@pytest.mark.parametrize("noise", [b"", b"%PDF-1.4", bytes(1000), samples.archive({"a": bytes(10**7)})])
@pytest.mark.parametrize("format_key", sorted(extraction.READABLE))
def test_noise_has_no_words_and_does_no_harm(noise: bytes, format_key: str):
    assert extraction.read(io.BytesIO(noise), format_key) == (Reading.FAILED, "")


def test_a_bomb_exhausts_only_its_reader():
    part = b"<w:p>" * 10_000_000
    assert extraction.read(io.BytesIO(samples.ooxml({"main.xml": part})), "docx")[0] == Reading.FAILED


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Giấy phép XÂY DỰNG", "giay phep xay dung"),
        ("Đắk Nông, đường Nguyễn Huệ", "dak nong, duong nguyen hue"),
        ("Tha\u0300nh pho\u0302\u0301", "thanh pho"),
        ("ưỡ ươ ÝỸ ằẳẵặ", "uo uo yy aaaa"),
        ("", ""),
    ],
)
def test_text_is_folded_to_small_letters_without_accents(text: str, folded: str):
    with connection.cursor() as cursor:
        cursor.execute("SELECT lt_fold(%s)", [text])
        assert cursor.fetchone() == (folded,)
