"""Whether a document is laid out as NĐ 30/2020 App. I wants it: `check(content, "docx")`."""

from typing import Literal

from lienthong.documents.checking.boxes import sort
from lienthong.documents.checking.deviations import Deviation
from lienthong.documents.checking.foot_rules import foot
from lienthong.documents.checking.head_rules import head
from lienthong.documents.checking.page_rules import page
from lienthong.documents.checking.paper import NotReadable, Paper
from lienthong.documents.checking.text_rules import text

__all__ = ["Deviation", "NotReadable", "check", "check_paper"]

MOST_DEVIATIONS = 300


def check(content: bytes, file_format: Literal["docx", "pdf"]) -> tuple[Deviation, ...]:
    """What deviates, the page first, then from top to bottom. Raises NotReadable.

    Of a PDF only what its text and lines tell: no indents and no room between paragraphs. A scan has nothing to read.
    """
    return check_paper(_read(content, file_format))


def _read(content: bytes, file_format: Literal["docx", "pdf"]) -> Paper:
    """The libraries of both formats are slow to load, and most processes never need them."""
    if file_format == "docx":
        from lienthong.documents.checking.docx_reader import read_docx

        return read_docx(content)
    from lienthong.documents.checking.pdf_reader import read_pdf

    return read_pdf(content)


def check_paper(paper: Paper) -> tuple[Deviation, ...]:
    boxes = sort(paper.lines)
    found = [*page(paper), *head(boxes), *text(paper, boxes), *foot(boxes)]
    once = dict.fromkeys(found)
    return tuple(sorted(once, key=lambda each: each.paragraph))[:MOST_DEVIATIONS]
