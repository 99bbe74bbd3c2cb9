"""Packages that somebody brings: what deviates is named, what is made to do harm is refused."""

import io
import stat
import warnings
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from lienthong.documents.records.packages import archives, marking, reading, writing
from lienthong.documents.records.packages.contents import (
    Agent,
    Content,
    Event,
    Organisation,
    PackedDocument,
    PackedFile,
    data_path,
)
from lienthong.documents.records.packages.report import PackageRefused, Report
from lienthong.foundation.files import pdfa
from tests.cli.test_commands import lt
from tests.foundation.files import samples

AT = datetime(2025, 3, 3, 1, 30, tzinfo=UTC)
PDF = b"%PDF-1.7 noi dung"
ROOT = "representations/rep1"


def file(document: int, number: int = 1, text: bytes = PDF, **other: object) -> PackedFile:
    said = PackedFile(
        data_path(document, number, "pdf"),
        "Công văn.pdf",
        "application/pdf",
        len(text),
        sha256(text).hexdigest(),
        AT,
    )
    return replace(said, **other)  # type: ignore[arg-type]


def letter(place: int, *files: PackedFile, **other: object) -> PackedDocument:
    said = PackedDocument(place, "Công văn", "125/SXD", "Về việc", "Sở Xây dựng", date(2025, 2, 27), 3, "", files)
    return replace(said, **other)  # type: ignore[arg-type]


def content(*documents: PackedDocument, **other: object) -> Content:
    agent = Agent("account-1", "Trần Thị Mai", "person")
    said = Content(
        record_key=UUID(int=7),
        code="H19.2025.01.QLĐT",
        title="Hồ sơ quy hoạch",
        retention="10 năm",
        rights="đơn vị",
        description="",
        started_on=date(2025, 1, 2),
        ended_on=date(2025, 3, 1),
        sheets=3,
        creator=Organisation("UBND thành phố Gia Nghĩa", "H19.1"),
        archive=Organisation("Lưu trữ lịch sử tỉnh", "H19"),
        archive_code="H19.H19.1.2025.1.1",
        documents=documents or (letter(1, file(1)),),
        events=(Event(1, "documents.record_opened", "Hồ sơ được mở", AT, agent.key),),
        agents=(agent,),
    )
    return replace(said, **other)  # type: ignore[arg-type]


def packed(wanted: Content | None = None, text: bytes = PDF) -> bytes:
    out = io.BytesIO()
    writing.write(wanted or content(), out, opened=lambda _file: io.BytesIO(text), passed=lambda _number: None)
    return out.getvalue()


Change = Callable[[str, bytes], bytes | None]


def changed(whole: bytes, change: Change, **more: bytes) -> bytes:
    """The archive with other files; None leaves one out. `more` are added below its folder."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        folder = old.namelist()[0].partition("/")[0]
        for name in old.namelist():
            text = change(name.removeprefix(f"{folder}/"), old.read(name))
            if text is not None:
                new.writestr(name, text)
        for name, text in more.items():
            new.writestr(f"{folder}/{name}", text)
    return out.getvalue()


def archive(entries: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in entries.items():
            made.writestr(name, text)
    return out.getvalue()


def verified(whole: bytes) -> Report:
    return reading.verify(io.BytesIO(whole), len(whole))


def rules(whole: bytes) -> set[str]:
    return {each.rule for each in verified(whole).deviations}


def test_what_is_written_is_sound_and_says_what_it_holds():
    report = verified(packed(content(letter(1, file(1, claim="2b")), letter(2))))
    assert report.is_sound and report.deviations == []
    assert (report.title, report.record["FileCode"], report.events) == ("Hồ sơ quy hoạch", "H19.2025.01.QLĐT", 1)
    assert [(each.name, each.version) for each in report.files] == [("Công văn.pdf", "PDF/A-2b")]


def test_a_record_without_files_is_a_package_too():
    assert verified(packed(content(letter(1)))).deviations == []


@given(title=some.text(min_size=1, max_size=60), words=some.text(max_size=60))
def test_whatever_a_record_is_called_its_package_is_sound(title: str, words: str):
    """Letters that XML cannot carry are left out; what is nothing but such letters has no name."""
    named = marking.plain(title)
    wanted = content(letter(1, title=f"V/v {title}", note=words), title=f"Hồ sơ {title}", description=words)
    report = verified(packed(wanted))
    assert report.is_sound and named.split() == report.title.removeprefix("Hồ sơ ").split()


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda path, text: None if path.endswith("01.pdf") else text, "CSIP79"),
        (lambda path, text: text.upper() if path.endswith("01.pdf") else text, "CHECKSUM"),
        (lambda path, text: text + b" " if path.endswith("01.pdf") else text, "SIZE"),
        (lambda path, text: text.replace(b"10", b"70") if path.endswith("record.xml") else text, "CHECKSUM"),
        (lambda path, text: None if path == "METS.xml" else text, "CSIPSTR4"),
        (lambda path, text: None if path == f"{ROOT}/METS.xml" else text, "CSIP110"),
        (lambda path, text: text[:-9] if path == "METS.xml" else text, "XML"),
        (lambda path, text: b"<a/>" if path == "METS.xml" else text, "CSIP1000"),
        (lambda path, text: text.replace(b"SHA-256", b"SHA-512"), "CHECKSUM"),
    ],
)
def test_what_deviates_is_named(change: Change, rule: str):
    assert rule in rules(changed(packed(), change))


@pytest.mark.parametrize(
    ("said", "instead", "rule"),
    [
        (b' OBJID="', b' LABELID="', "CSIP1"),
        (b' TYPE="Mixed"', b"", "CSIP2"),
        (b' csip:OTHERCONTENTINFORMATIONTYPE="', b' csip:OTHERTYPE="', "CSIP5"),
        (b' PROFILE="', b' ID="', "CSIP6"),
        (b' CREATEDATE="', b' ID="h" LASTMODDATE2="', "CSIP7"),
        (b'OAISPACKAGETYPE="SIP"', b'OAISPACKAGETYPE="ZIP"', "CSIP9"),
        (b'OTHERTYPE="SOFTWARE"', b'OTHERTYPE="HAND"', "CSIP10"),
        (b'NOTETYPE="SOFTWARE VERSION"', b'NOTETYPE="IDENTIFICATIONCODE"', "CSIP16"),
        (b'SIZE="', b'ADMID="', "CSIP27"),
        (b'CHECKSUMTYPE="SHA-256"', b"", "CSIP30"),
        (b'USE="Documentation"', b'USE="Other"', "CSIP60"),
        (b'USE="Schemas"', b'USE="Other"', "CSIP113"),
        (b'USE="Representations/rep1"', b'USE="Other"', "CSIP114"),
        (b'LABEL="CSIP"', b'LABEL="Mine"', "CSIP80"),
        (b'TYPE="PHYSICAL"', b'TYPE="LOGICAL"', "CSIP81"),
        (b'LABEL="Metadata"', b'LABEL="Data"', "CSIP88"),
        (b' xlink:title="group-rep1"', b"", "CSIP108"),
        (b"<metsHdr", b"<nothing/><metsHdr", "XSD"),
        (b'href="metadata/descriptive/dc.xml"', b'href="../../etc/passwd"', "CSIP24"),
        (b'href="metadata/descriptive/dc.xml"', b'href="file:///etc/passwd"', "CSIP24"),
        (b'href="metadata/descriptive/dc.xml"', b'href="%2e%2e/%2e%2e/etc"', "CSIP24"),
    ],
)
def test_each_requirement_of_the_standard_is_looked_at(said: bytes, instead: bytes, rule: str):
    def change(path: str, text: bytes) -> bytes:
        if path != "METS.xml":
            return text
        assert said in text
        return text.replace(said, instead)

    assert rule in rules(changed(packed(), change))


def test_the_label_of_the_structure_is_the_identifier_of_the_package():
    identifier = content().identifier.encode()
    wrong = changed(packed(), lambda path, text: text.replace(b'"div-package" LABEL="' + identifier, b'"a" LABEL="b'))
    assert "CSIP86" in rules(wrong)


def test_a_file_that_nothing_names_and_another_checksum_in_premis_are_found():
    assert "CSIPSTR16" in rules(changed(packed(), lambda _path, text: text, **{"hidden.exe": b"MZ"}))
    digest = sha256(PDF).hexdigest().encode()
    other = changed(packed(), lambda path, text: text.replace(digest, b"0" * 64) if "premis" in path else text)
    assert {"PREMIS", "CHECKSUM"} <= rules(other)


@pytest.mark.parametrize(
    "harm",
    [
        b'<!DOCTYPE a [<!ENTITY x "xxxxxxxxxx"><!ENTITY y "&x;&x;&x;&x;&x;&x;">]><mets>&y;</mets>',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><mets>&x;</mets>',
        '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY x "x">]><a>&x;</a>'.encode("utf-16"),
        b'<?xml-stylesheet href="http://example.invalid/"?><mets',
        b"<a>" * 100_000,
        b"",
        b"\0\1\2",
    ],
)
def test_no_entity_comes_in_and_what_is_no_xml_is_said(harm: bytes):
    report = verified(changed(packed(), lambda path, text: harm if path == "METS.xml" else text))
    assert [each.rule for each in report.deviations] == ["XML"] and not report.is_sound


def linked() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        entry = zipfile.ZipInfo("a/METS.xml")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        made.writestr(entry, "/etc/passwd")
    return out.getvalue()


def twice() -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as made:
            made.writestr("a/METS.xml", "<a/>")
            made.writestr("a/METS.xml", "<b/>")
    return out.getvalue()


def locked() -> bytes:
    whole = bytearray(archive({"a/METS.xml": b"<a/>"}))
    for sign, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        whole[whole.index(sign) + place] |= 1
    return bytes(whole)


@pytest.mark.parametrize(
    ("whole", "words"),
    [
        (lambda: b"", "không phải tệp nén"),
        (lambda: b"%PDF-1.7", "không phải tệp nén"),
        (lambda: packed()[:-30], "không phải tệp nén"),
        (lambda: archive({"a/../../b": b""}), "dẫn ra ngoài"),
        (lambda: archive({"/etc/passwd": b""}), "dẫn ra ngoài"),
        (lambda: archive({"C:\\windows\\a": b""}), "dẫn ra ngoài"),
        (lambda: archive({"a//b": b""}), "dẫn ra ngoài"),
        (lambda: archive({"a/" + "b" * 1100: b""}), "dẫn ra ngoài"),
        (linked, "dẫn ra ngoài"),
        (twice, "trùng tên"),
        (lambda: archive({"a/METS.xml": b"<a/>", "a/mets.XML": b"<b/>"}), "trùng tên"),
        (lambda: archive({"a/bomb": bytes(60 * 1024**2)}), "nhằm gây hại"),
        (locked, "mật khẩu"),
    ],
)
def test_what_is_made_to_do_harm_is_refused_with_the_reason(whole: Callable[[], bytes], words: str):
    with pytest.raises(PackageRefused) as refused:
        verified(whole())
    assert words in str(refused.value.message) and refused.value.way_out


def test_files_that_lie_in_each_other_are_refused():
    whole = bytearray(archive({"a/one": b"x" * 100, "a/two": b"y" * 100}))
    second = whole.rindex(b"PK\1\2")
    whole[second + 42 : second + 46] = (10).to_bytes(4, "little")
    with pytest.raises(PackageRefused, match="nhằm gây hại"):
        verified(bytes(whole))


def test_more_files_than_any_record_has_are_refused(monkeypatch):
    monkeypatch.setattr(archives, "PARTS", 3)
    with pytest.raises(PackageRefused) as refused:
        verified(archive({f"a/{number}": b"" for number in range(4)}))
    assert "hơn 3 tệp" in str(refused.value)


def test_a_description_without_end_is_not_read(monkeypatch):
    monkeypatch.setattr(archives, "LARGEST_XML", 100)
    assert rules(packed()) == {"ZIP"}


def test_what_cannot_be_unpacked_is_said():
    whole = samples.spoiled(archive({"x/METS.xml": b"<mets/>" * 100}))
    assert rules(whole) == {"ZIP"}


@given(some.binary(max_size=300), some.integers(0, 2000))
def test_no_bytes_make_the_reader_fail(noise: bytes, place: int):
    whole = bytearray(packed())
    for start in (place, -place - len(noise) - 1):
        spoiled = bytes(whole[:start]) + noise + bytes(whole[start + len(noise) :])
        try:
            report = verified(spoiled)
        except PackageRefused:
            continue
        assert report.is_sound == (spoiled == bytes(whole)) or report.deviations == []


def test_the_store_is_believed_only_as_far_as_the_checksum_goes():
    for text in (PDF[:-1], PDF + b"x", PDF.upper()):
        with pytest.raises(writing.Altered):
            packed(text=text)


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        (b"<pdfaid:part>2</pdfaid:part><pdfaid:conformance>B</pdfaid:conformance>", "2b"),
        (b'<rdf:Description pdfaid:part="3" pdfaid:conformance="U"/>', "3u"),
        (b"<pdfaid:part>4</pdfaid:part>", "4"),
        (b"<pdfaid:part>9</pdfaid:part>", ""),
        (b"pdfaid is mentioned", ""),
        (b"", ""),
    ],
)
def test_what_a_pdf_claims_to_be_is_read_wherever_it_stands(text: bytes, claim: str):
    for before in (0, pdfa.PIECE - 30, 2 * pdfa.PIECE - 5):
        assert pdfa.claim(io.BytesIO(b"x" * before + text + b"y" * 10)) == claim


def test_the_command_says_what_the_page_says_and_needs_no_database(tmp_path):
    good, bad = tmp_path / "good.zip", tmp_path / "bad.zip"
    good.write_bytes(packed())
    bad.write_bytes(changed(packed(), lambda path, text: text.upper() if path.endswith("01.pdf") else text))
    (tmp_path / "none.zip").write_bytes(b"%PDF")
    said = [
        lt("check-package", tmp_path / name, home=tmp_path / "home") for name in ("good.zip", "bad.zip", "none.zip")
    ]
    assert [each.returncode for each in said] == [0, 1, 1]
    assert "1 files, 1 events, sound." in said[0].stdout
    assert "CHECKSUM" in said[1].stdout and f"{ROOT}/data/0001/01.pdf" in said[1].stdout
    assert "no archive" in said[2].stderr and not (tmp_path / "home" / "database").exists()
