"""Papers as files: sound, the same again, and unmoved by what people write."""

import dataclasses
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest
from django.apps import apps

from lienthong.foundation import papers
from lienthong.foundation.papers.shapes import Paragraph, Table
from tests.foundation.papers.reading import HAS_POPPLER, letters_of, opened, words_of, words_outside
from tests.foundation.papers.sample import APPLICANT, AT, PAPERS, RECEIPT, RESULT

HOSTILE = (
    '#import "x.typ": *',
    '#{ panic() } #read("/etc/passwd")',
    "$ x^2 / y $ và $100",
    r"\ \u{202e} \n C:\Users",
    "*đậm* _nghiêng_ `mã` @ai <nhãn> = Đề mục",
    "// chú thích /* và */ ]]) }) ;",
    "- gạch\n+ cộng\n/ thuật: ngữ\n1. một",
    "https://example.vn/?a=1&b=<script>",
    '"'.join(["trích", "dẫn", "không", "hết"] * 5),
)


def everywhere(shape, text):
    """The shape with every text of it replaced, its links left as they are."""
    if isinstance(shape, str):
        return text
    if isinstance(shape, tuple):
        return tuple(everywhere(part, text) for part in shape)
    if not dataclasses.is_dataclass(shape):
        return shape
    kept = {f.name: getattr(shape, f.name) for f in dataclasses.fields(shape)}
    changed = {name: part if name.endswith("_link") else everywhere(part, text) for name, part in kept.items()}
    return dataclasses.replace(shape, **changed)


@pytest.mark.parametrize("template", PAPERS)
def test_a_paper_is_pdf_a_2b_with_its_fonts_title_and_language(template):
    pdf = papers.render(template, PAPERS[template].as_data(), at=AT)
    reader = opened(pdf)
    described = reader.trailer["/Root"]["/Metadata"].get_data().decode()
    assert re.search(r"pdfaid:part[>=\"]+2", described) and re.search(r"pdfaid:conformance[>=\"]+B", described)
    assert reader.trailer["/Root"]["/OutputIntents"]
    assert reader.trailer["/Root"]["/Lang"] == "vi-VN"
    assert reader.metadata and reader.metadata.title
    for page in reader.pages:
        for font in page["/Resources"]["/Font"].values():
            descriptor = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            assert {"/FontFile2", "/FontFile3"} & set(descriptor)
            assert "LiberationSerif" in descriptor["/FontName"]


def test_the_same_data_and_moment_give_the_same_bytes():
    first, again = (papers.render("cases/receipt", RECEIPT.as_data(), at=AT) for _ in range(2))
    later = papers.render("cases/receipt", RECEIPT.as_data(), at=AT + timedelta(days=1, microseconds=7))
    assert first == again != later


@pytest.mark.parametrize("text", HOSTILE)
def test_what_people_write_is_printed_letter_for_letter(text):
    result = dataclasses.replace(RESULT, content=(Paragraph(text=text),), subject=text)
    printed = letters_of(papers.render("cases/result", result.as_data(), at=AT))
    assert printed.count(re.sub(r"\s+", "", text)) == 2


@pytest.mark.parametrize("template", PAPERS)
def test_strange_characters_and_endless_words_stop_no_paper_and_stay_on_the_page(template):
    text = " ".join([*HOSTILE, "😀👨‍👩‍👧 العربية עברית 汉字", "\u202eevil\u202c\x00", "W" * 60, "a̐" * 20])
    pdf = papers.render(template, everywhere(PAPERS[template], text).as_data(), at=AT)
    if not HAS_POPPLER:
        pytest.skip("pdftotext (poppler-utils) is not installed: where words stand was not looked at")
    assert words_outside(pdf, margin=14) == []


def test_a_table_of_many_pages_repeats_its_head():
    table = Table(columns=("Tầng", "Công năng"), rows=tuple((str(n), "Phòng ngủ") for n in range(150)))
    pdf = papers.render("cases/result", dataclasses.replace(RESULT, content=(table,)).as_data(), at=AT)
    heads = [page.extract_text().count("Công năng") for page in opened(pdf).pages]
    assert len(heads) > 2 and set(heads[:-1]) == {1}


def test_pages_after_the_first_are_numbered():
    long = dataclasses.replace(RESULT, content=(Paragraph(text="Một đoạn văn dài. " * 500),))
    pages = opened(papers.render("cases/result", long.as_data(), at=AT)).pages
    starts = [page.extract_text().split()[0] for page in pages]
    assert len(starts) > 2 and starts[1:] == [str(number) for number in range(2, len(starts) + 1)]


def test_a_signature_never_stands_on_a_page_of_its_own():
    for lines in range(22, 34):
        long = dataclasses.replace(RESULT, content=tuple(Paragraph(text=f"Đoạn {n}") for n in range(lines)))
        last = opened(papers.render("cases/result", long.as_data(), at=AT)).pages[-1].extract_text()
        assert f"Đoạn {lines - 1}" in last and "Lê Hoàng Nam" in last


def test_an_endless_paper_is_refused_with_a_way_out():
    endless = dataclasses.replace(RESULT, content=(Paragraph(text="x" * 1_000_001),))
    with pytest.raises(papers.PaperTooLarge) as refusal:
        papers.render("cases/result", endless.as_data(), at=AT)
    assert refusal.value.way_out


@pytest.mark.parametrize("name", ["cases/none", "nobody/receipt", "receipt", "cases/../cases/receipt", "/etc/passwd"])
def test_only_papers_of_installed_apps_are_found(name):
    with pytest.raises(papers.BrokenTemplate):
        papers.render(name, {}, at=AT)


def test_data_of_another_shape_names_the_template():
    with pytest.raises(papers.BrokenTemplate, match="cases/receipt"):
        papers.render("cases/receipt", {"code": "1"}, at=AT)


def test_no_template_takes_anything_but_the_library():
    templates = [path for app in apps.get_app_configs() for path in (Path(app.path) / "papers").glob("*.typ")]
    assert len(templates) >= 7
    for path in templates:
        text = path.read_text()
        assert set(re.findall(r"#(?:import|include) (\S+?):?(?: \*)?$", text, re.MULTILINE)) == {'"/official.typ"'}, (
            path
        )
        assert not re.search(r"#?\b(read|plugin|eval|csv|yaml|toml|xml|cbor)\(", text), path


def test_many_threads_print_their_own_papers():
    def printed(number: int) -> bool:
        named = dataclasses.replace(RECEIPT, submitter=dataclasses.replace(APPLICANT, name=f"Nguyễn Văn {number:03}"))
        return f"Nguyễn Văn {number:03}" in words_of(papers.render("cases/receipt", named.as_data(), at=AT))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(printed, range(12)))
