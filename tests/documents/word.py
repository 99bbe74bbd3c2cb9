"""Documents as somebody writes them in Word, laid out as NĐ 30/2020 App. I wants it."""

import io
from collections.abc import Callable, Iterator
from typing import Any

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt
from docx.text.paragraph import Paragraph

CENTRE, JUSTIFY, LEFT, RIGHT = ALIGN.CENTER, ALIGN.JUSTIFY, ALIGN.LEFT, ALIGN.RIGHT

BODY = (
    "Thực hiện Công văn số 12/SYT-NVY ngày 04 tháng 01 năm 2026 của Sở Y tế, Ủy ban nhân dân thành phố yêu cầu:",
    "1. Phòng Y tế chủ trì, phối hợp với các đơn vị liên quan triển khai chiến dịch vệ sinh môi trường.",
    "a) Kiểm tra các điểm có nguy cơ cao.",
    "Đề nghị các cơ quan, đơn vị thực hiện nghiêm túc./.",
)


def letter() -> Document:
    document = _page()
    left, right = _columns(document)
    _write(left, "UBND TỈNH ĐẮK NÔNG", 13)
    ruled(_write(left, "ỦY BAN NHÂN DÂN THÀNH PHỐ", 13, bold=True))
    _write(left, "Số: 09/UBND-VX", 13)
    _write(left, "V/v phòng, chống dịch sốt xuất huyết", 12)
    _write(left, "KHẨN", 13, bold=True)
    _national(right)
    _write(document, "Kính gửi:", 14)
    for name in ("- Phòng Y tế;", "- Ủy ban nhân dân các xã, phường."):
        _write(document, name, 14)
    _text(document, BODY)
    _foot(document, ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), "Như trên")
    return document


def decision() -> Document:
    document = _page()
    left, right = _columns(document)
    ruled(_write(left, "ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG", 13, bold=True))
    _write(left, "Số: 152/QĐ-UBND", 13)
    _national(right)
    _write(document, "QUYẾT ĐỊNH", 14, bold=True)
    ruled(_write(document, "Ban hành Quy chế công tác văn thư", 14, bold=True))
    _write(document, "ỦY BAN NHÂN DÂN TỈNH ĐẮK NÔNG", 14, bold=True)
    _text(
        document,
        (
            "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
            "Theo đề nghị của Chánh Văn phòng Ủy ban nhân dân tỉnh.",
        ),
        italic=True,
    )
    _write(document, "QUYẾT ĐỊNH:", 14, bold=True)
    for number in ("Điều 1. ", "Điều 2. "):
        (article,) = _text(document, (number,), bold=True)
        _look(article.add_run("Quyết định này có hiệu lực thi hành kể từ ngày ký ban hành./."), 14)
    _foot(document, ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), "Như Điều 2")
    _write(document, "Phụ lục", 14, bold=True)
    _write(document, "QUY CHẾ CÔNG TÁC VĂN THƯ", 14, bold=True)
    return document


def regulation() -> Document:
    document = _page()
    left, right = _columns(document)
    ruled(_write(left, "SỞ NỘI VỤ", 13, bold=True))
    _write(left, "Số: 07/QC-SNV", 13)
    _national(right)
    _write(document, "QUY CHẾ", 14, bold=True)
    ruled(_write(document, "Làm việc của Sở Nội vụ", 14, bold=True))
    for line in ("Chương I", "QUY ĐỊNH CHUNG", "Mục 1", "PHẠM VI"):
        _write(document, line, 14, bold=True)
    _text(document, ("Điều 1. Phạm vi điều chỉnh",), bold=True)
    _text(document, ("1. Quy chế này quy định việc soạn thảo văn bản.", "a) Văn bản giấy."))
    _foot(document, ("GIÁM ĐỐC",), "Các phòng thuộc Sở")
    return document


def tabbed() -> Document:
    """A notice whose head and foot are set with tabs."""
    document = _page()
    for left, right, bold in (
        ("UBND TỈNH ĐẮK NÔNG", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", False),
        ("SỞ NỘI VỤ", "Độc lập - Tự do - Hạnh phúc", True),
    ):
        written = _write(document, left, 13, bold=bold)
        _look(written.add_run(f"\t{right}"), 13, bold=True)
    ruled(written)
    written = _write(document, "Số: 12/TB-SNV", 13)
    _look(written.add_run("\tĐắk Nông, ngày 05 tháng 3 năm 2026"), 13, italic=True)
    _write(document, "THÔNG BÁO", 14, bold=True)
    ruled(_write(document, "Về việc nghỉ lễ", 14, bold=True))
    _text(document, ("Sở Nội vụ thông báo lịch nghỉ lễ như sau:", "1. Nghỉ từ ngày 30 tháng 4.", "2. Trực theo lịch."))
    written = _write(document, "Nơi nhận:", 12, bold=True, italic=True)
    _look(written.add_run("\tGIÁM ĐỐC"), 14, bold=True)
    _write(document, "- Các phòng;", 11)
    written = _write(document, "- Lưu: VT.", 11)
    _look(written.add_run("\tNguyễn Thị Hường"), 14, bold=True)
    return document


def saved(document: Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def paragraph(document: Document, beginning: str) -> Paragraph:
    """The first paragraph that begins so, wherever it stands."""
    return next(each for each in paragraphs(document) if each.text.startswith(beginning))


def paragraphs(document: Document) -> Iterator[Paragraph]:
    return (Paragraph(each, document._body) for each in document.element.body.iter(qn("w:p")))


def rewritten(beginning: str, text: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        first, *others = paragraph(document, beginning).runs
        first.text = text
        for run in others:
            run.text = ""

    return change


def styled(beginning: str, **look: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for run in paragraph(document, beginning).runs:
            for name, value in look.items():
                setattr(run.font, name, value)

    return change


def set_up(beginning: str, **form: Any) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        for name, value in form.items():
            setattr(paragraph(document, beginning).paragraph_format, name, value)

    return change


def removed(beginning: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        element = paragraph(document, beginning)._p
        element.getparent().remove(element)

    return change


def unruled(beginning: str) -> Callable[[Document], None]:
    def change(document: Document) -> None:
        properties = paragraph(document, beginning)._p.pPr
        properties.remove(properties.find(qn("w:pBdr")))

    return change


def ruled(written: Paragraph) -> Paragraph:
    border = OxmlElement("w:pBdr")
    bottom = OxmlElement("w:bottom")
    bottom.set(qn("w:val"), "single")
    border.append(bottom)
    written._p.get_or_add_pPr().append(border)
    return written


def page_number(part: Any, *, size: float = 13, alignment: Any = CENTRE) -> None:
    """The field of the number of the page, in a header or footer."""
    written = part.paragraphs[0]
    written.alignment = alignment
    run = _look(written.add_run(), size)
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def _page() -> Document:
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.different_first_page_header_footer = True
    page_number(section.header)
    document.styles["Normal"].font.name = "Times New Roman"
    document.styles["Normal"].font.size = Pt(14)
    return document


def _columns(document: Document) -> tuple[Any, Any]:
    left, right = document.add_table(rows=1, cols=2).rows[0].cells
    return left, right


def _look(run: Any, size: float, *, bold: bool = False, italic: bool = False) -> Any:
    run.font.size, run.font.bold, run.font.italic = Pt(size), bold, italic
    return run


def _write(where: Any, text: str, size: float, *, bold: bool = False, italic: bool = False) -> Paragraph:
    empty = where.paragraphs and not where.paragraphs[-1].text and hasattr(where, "_tc")
    written = where.paragraphs[-1] if empty else where.add_paragraph()
    written.alignment = CENTRE
    _look(written.add_run(text), size, bold=bold, italic=italic)
    return written


def _national(right: Any) -> None:
    _write(right, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", 13, bold=True)
    ruled(_write(right, "Độc lập - Tự do - Hạnh phúc", 14, bold=True))
    _write(right, "Gia Nghĩa, ngày 05 tháng 01 năm 2026", 14, italic=True)


def _text(document: Document, lines: tuple[str, ...], *, bold: bool = False, italic: bool = False) -> list[Paragraph]:
    written = []
    for line in lines:
        each = document.add_paragraph()
        each.alignment = JUSTIFY
        form = each.paragraph_format
        form.first_line_indent, form.space_before, form.space_after = Cm(1.27), Pt(0), Pt(6)
        form.line_spacing = 1.15
        _look(each.add_run(line), 14, bold=bold, italic=italic)
        written.append(each)
    return written


def _foot(document: Document, capacity: tuple[str, ...], receiver: str) -> None:
    left, right = _columns(document)
    _write(left, "Nơi nhận:", 12, bold=True, italic=True)
    for line in (f"- {receiver};", "- Sở Y tế;", "- Lưu: VT, VX."):
        _write(left, line, 11)
    for each in left.paragraphs:
        each.alignment = LEFT
    for line in (*capacity, "", "", "Lê Hoàng Nam"):
        right.add_paragraph() if not line else _write(right, line, 14, bold=True)
