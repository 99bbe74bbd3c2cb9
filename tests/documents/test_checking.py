"""Documents of others, looked at for their layout."""

import io
import zipfile
from collections.abc import Callable

import pytest
from docx.document import Document
from docx.enum.text import WD_BREAK
from docx.shared import Cm, Mm, Pt, RGBColor
from hypothesis import given
from hypothesis import strategies as st

from lienthong.documents.checking import NotReadable, check
from lienthong.documents.papers import lay_out
from tests.documents.sample import AT, DECISION, LETTER, REPORT
from tests.documents.word import (
    LEFT,
    RIGHT,
    decision,
    letter,
    page_number,
    paragraph,
    regulation,
    removed,
    rewritten,
    saved,
    set_up,
    styled,
    tabbed,
    unruled,
)

Change = Callable[[Document], object]

BODY, NATIONAL, MOTTO = "Thực hiện", "CỘNG HÒA", "Độc lập"


def page(**form: object) -> Change:
    def change(document: Document) -> None:
        for name, value in form.items():
            setattr(document.sections[0], name, value)

    return change


def numbered_at_the_foot(document: Document) -> None:
    section = document.sections[0]
    section.header.paragraphs[0].clear()
    page_number(section.footer)


def numbered(**form: object) -> Change:
    def change(document: Document) -> None:
        section = document.sections[0]
        section.header.paragraphs[0].clear()
        page_number(section.header, **form)  # type: ignore[arg-type]

    return change


def unnumbered(document: Document) -> None:
    document.sections[0].header.paragraphs[0].clear()
    paragraph(document, BODY).runs[0].add_break(WD_BREAK.PAGE)


def no_keeper(document: Document) -> None:
    rewritten("- Lưu", "- Sở Nội vụ.")(document)


def keeper_first(document: Document) -> None:
    rewritten("- Sở Y tế", "- Lưu: VT, VX;")(document)
    paragraphs = [each for each in document.tables[-1].rows[0].cells[0].paragraphs if "Lưu" in each.text]
    paragraphs[-1].runs[0].text = "- Sở Y tế."


LETTERS = [
    ("page.size", page(page_width=Mm(216), page_height=Mm(279))),
    ("page.margin-top", page(top_margin=Mm(15))),
    ("page.margin-bottom", page(bottom_margin=Mm(30))),
    ("page.margin-left", page(left_margin=Mm(25))),
    ("page.margin-right", page(right_margin=Mm(10))),
    ("page-number.position", numbered_at_the_foot),
    ("page-number.alignment", numbered(alignment=RIGHT)),
    ("page-number.size", numbered(size=11)),
    ("page-number.first", page(different_first_page_header_footer=False)),
    ("page-number.missing", unnumbered),
    ("font", styled(BODY, name="Arial")),
    ("national.text", rewritten(NATIONAL, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NÂM")),
    ("national.missing", removed(NATIONAL)),
    ("national.size", styled(NATIONAL, size=Pt(11))),
    ("national.bold", styled(NATIONAL, bold=False)),
    ("motto.text", rewritten(MOTTO, "Độc lập – Tự do – Hạnh phúc")),
    ("motto.size", styled(MOTTO, size=Pt(12))),
    ("motto.italic", styled(MOTTO, italic=True)),
    ("motto.rule", unruled(MOTTO)),
    ("parent.bold", lambda each: (styled("UBND", bold=True)(each), rewritten("ỦY BAN", "PHÒNG Y TẾ")(each))),
    ("parent.capitals", rewritten("UBND", "UBND tỉnh Đắk Nông")),
    ("issuer.size", styled("ỦY BAN", size=Pt(14))),
    ("issuer.bold", styled("ỦY BAN", bold=False)),
    ("issuer.rule", unruled("ỦY BAN")),
    ("number.colon", rewritten("Số:", "Số 09/UBND-VX")),
    ("number.leading-zero", rewritten("Số:", "Số: 9/UBND-VX")),
    ("number.leading-zero", rewritten("Số:", "Số: 019/UBND-VX")),
    ("number.slash", rewritten("Số:", "Số: 09-UBND/VX")),
    ("number.hyphen", rewritten("Số:", "Số: 09/UBND – VX")),
    ("number.capitals", rewritten("Số:", "Số: 09/Ubnd-VX")),
    ("number.kind", rewritten("Số:", "Số: 09/TB-UBND")),
    ("number.size", styled("Số:", size=Pt(14))),
    ("number.alignment", set_up("Số:", alignment=LEFT)),
    ("number.missing", removed("Số:")),
    ("place.form", rewritten("Gia Nghĩa", "Gia Nghĩa, ngày 05/01/2026")),
    ("place.comma", rewritten("Gia Nghĩa", "Gia Nghĩa ngày 05 tháng 01 năm 2026")),
    ("place.capitals", rewritten("Gia Nghĩa", "Gia nghĩa, ngày 05 tháng 01 năm 2026")),
    ("place.leading-zero", rewritten("Gia Nghĩa", "Gia Nghĩa, ngày 5 tháng 01 năm 2026")),
    ("place.leading-zero", rewritten("Gia Nghĩa", "Gia Nghĩa, ngày 05 tháng 1 năm 2026")),
    ("place.italic", styled("Gia Nghĩa", italic=False)),
    ("subject.form", rewritten("V/v", "Về việc phòng, chống dịch")),
    ("subject.size", styled("V/v", size=Pt(14))),
    ("subject.bold", styled("V/v", bold=True)),
    ("urgency.words", rewritten("KHẨN", "KHẨN CẤP")),
    ("urgency.capitals", rewritten("KHẨN", "Khẩn")),
    ("urgency.bold", styled("KHẨN", bold=False)),
    ("addressees.colon", rewritten("Kính gửi", "Kính gửi")),
    ("addressees.end", rewritten("- Phòng Y tế", "- Phòng Y tế,")),
    ("text.size", styled(BODY, size=Pt(12))),
    ("text.alignment", set_up(BODY, alignment=LEFT)),
    ("text.indent", set_up(BODY, first_line_indent=Cm(2))),
    ("text.spacing", set_up(BODY, space_after=Pt(2))),
    ("text.line-spacing", set_up(BODY, line_spacing=2.0)),
    ("text.line-spacing", set_up(BODY, line_spacing=Pt(12))),
    ("text.italic", styled(BODY, italic=True)),
    ("text.colour", lambda each: setattr(paragraph(each, BODY).runs[0].font.color, "rgb", RGBColor(255, 0, 0))),
    ("clause.number", rewritten("1. Phòng", "1/ Phòng Y tế chủ trì.")),
    ("point.letter", rewritten("a) Kiểm", "a. Kiểm tra.")),
    ("signer.mark", rewritten("KT.", "K/T CHỦ TỊCH")),
    ("signer.mark", rewritten("TM.", "TM ỦY BAN NHÂN DÂN")),
    ("signer.title", removed("PHÓ CHỦ TỊCH")),
    ("signer.capitals", rewritten("PHÓ CHỦ TỊCH", "Phó Chủ tịch")),
    ("signer.bold", styled("PHÓ CHỦ TỊCH", bold=False)),
    ("name.capitals", rewritten("Lê Hoàng", "LÊ HOÀNG NAM")),
    ("name.degree", rewritten("Lê Hoàng", "ThS. Lê Hoàng Nam")),
    ("recipients-head.text", rewritten("Nơi nhận", "Nơi nhận")),
    ("recipients-head.italic", styled("Nơi nhận", italic=False)),
    ("recipients-head.size", styled("Nơi nhận", size=Pt(13))),
    ("recipients.size", styled("- Sở Y tế", size=Pt(12))),
    ("recipients.end", rewritten("- Sở Y tế", "- Sở Y tế,")),
    ("recipients.dash", rewritten("- Như trên", "Như trên;")),
    ("recipients.kept", no_keeper),
    ("recipients.kept", keeper_first),
]

DECISIONS = [
    ("type.capitals", rewritten("QUYẾT ĐỊNH", "Quyết định")),
    ("type.bold", styled("QUYẾT ĐỊNH", bold=False)),
    ("type.alignment", set_up("QUYẾT ĐỊNH", alignment=LEFT)),
    ("abstract.size", styled("Ban hành", size=Pt(12))),
    ("abstract.rule", unruled("Ban hành")),
    ("number.kind", rewritten("Số:", "Số: 152/QyĐ-UBND")),
    ("basis.italic", styled("Căn cứ", italic=False)),
    ("basis.end", rewritten("Căn cứ", "Căn cứ Luật Tổ chức chính quyền địa phương.")),
    ("article.number", rewritten("Điều 1", "Điều 1: Ban hành.")),
    ("article.bold", styled("Điều 1", bold=False)),
    ("appendix.capitals", rewritten("Phụ lục", "PHỤ LỤC")),
    ("appendix.size", styled("Phụ lục", size=Pt(13))),
    ("appendix-title.capitals", rewritten("QUY CHẾ", "Quy chế công tác văn thư")),
]

REGULATIONS = [
    ("level.capitals", rewritten("Chương I", "CHƯƠNG I")),
    ("level.number", rewritten("Chương I", "Chương 1")),
    ("level.number", rewritten("Mục 1", "Mục I")),
    ("level.alignment", set_up("Mục 1", alignment=LEFT)),
    ("level-title.capitals", rewritten("QUY ĐỊNH", "Quy định chung")),
    ("level-title.bold", styled("QUY ĐỊNH", bold=False)),
]


def codes(document: Document) -> list[str]:
    return [each.code for each in check(saved(document), "docx")]


@pytest.mark.parametrize("document", [letter, decision, regulation, tabbed])
def test_a_good_document_has_no_deviation(document):
    assert codes(document()) == []


@pytest.mark.parametrize(("code", "change"), LETTERS)
def test_what_deviates_in_a_letter_is_found_and_nothing_else(code: str, change: Change):
    document = letter()
    change(document)
    assert codes(document) == [code]


@pytest.mark.parametrize(("code", "change"), DECISIONS)
def test_what_deviates_in_a_decision_is_found_and_nothing_else(code: str, change: Change):
    document = decision()
    change(document)
    assert codes(document) == [code]


@pytest.mark.parametrize(("code", "change"), REGULATIONS)
def test_what_deviates_in_a_regulation_is_found_and_nothing_else(code: str, change: Change):
    document = regulation()
    change(document)
    assert codes(document) == [code]


def test_a_deviation_says_where_what_and_by_which_rule():
    document = letter()
    rewritten("Số:", "Số: 9/UBND-VX")(document)
    (found,) = check(saved(document), "docx")
    assert (found.box, found.source, found.words) == ("3", "I.II.3.c", "Số: 9/UBND-VX")
    assert found.paragraph == 3 and found.found == "9" and found.wanted


def test_what_deviates_is_found_where_head_and_foot_are_set_with_tabs():
    document = tabbed()
    rewritten("Số: 12", "Số: 12/TB-SNV\tĐắk Nông, ngày 5 tháng 3 năm 2026")(document)
    assert set(codes(document)) == {"place.leading-zero", "place.italic"}


def test_a_style_that_deviates_is_found_where_it_is_used():
    document = letter()
    document.styles["Normal"].font.name = "Arial"
    assert set(codes(document)) == {"font"}


@pytest.mark.parametrize("contents", [LETTER, DECISION, REPORT])
def test_our_own_papers_have_no_deviation(contents):
    assert check(lay_out(contents, at=AT).pdf, "pdf") == ()


@pytest.mark.parametrize(
    ("contents", "change", "code"),
    [
        (LETTER, {"symbol": "TB-UBND"}, "number.kind"),
        (LETTER, {"symbol": "Ubnd-VX"}, "number.capitals"),
        (LETTER, {"place": "Gia nghĩa"}, "place.capitals"),
        (LETTER, {"kept_by": "VP"}, "recipients.kept"),
        (LETTER, {"kept_by": ""}, "recipients.kept"),
        (DECISION, {"symbol": "QyĐ-UBND"}, "number.kind"),
        (DECISION, {"abstract": "BAN HÀNH QUY CHẾ CÔNG TÁC VĂN THƯ"}, "abstract.capitals"),
    ],
)
def test_what_deviates_in_a_pdf_is_found_and_nothing_else(contents, change, code):
    pdf = lay_out(contents.model_copy(update=change), at=AT).pdf
    assert [each.code for each in check(pdf, "pdf")] == [code]


@given(st.binary(max_size=200), st.sampled_from(["docx", "pdf"]))
def test_no_file_is_an_error_of_the_page(content, file_format):
    with pytest.raises(NotReadable):
        check(content, file_format)


@pytest.mark.parametrize("part", ["word/document.xml", "word/styles.xml", "[Content_Types].xml"])
@pytest.mark.parametrize("broken", [b"", b"<a/>", b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"])
def test_a_broken_part_of_a_document_is_refused_or_passed_over(part, broken):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(letter()))) as whole, zipfile.ZipFile(out, "w") as cut:
        for name in whole.namelist():
            cut.writestr(name, broken if name == part else whole.read(name))
    try:
        found = check(out.getvalue(), "docx")
    except NotReadable:
        return
    assert "root:" not in "".join(each.found for each in found)


def test_numbers_that_no_page_has_are_passed_over():
    document = letter()
    for spacing in document.element.body.iter("{*}spacing"):
        spacing.set("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}after", "9" * 400)
    assert set(codes(document)) <= {"text.spacing"}
