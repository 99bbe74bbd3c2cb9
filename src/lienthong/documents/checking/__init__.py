"""Whether a document is laid out as NĐ 30/2020 App. I wants it: `check(content, "docx")`."""

from typing import Literal

from lienthong.documents.checking.boxes import sort
from lienthong.documents.checking.deviations import Deviation
from lienthong.documents.checking.docx_reader import read_docx
from lienthong.documents.checking.foot_rules import foot
from lienthong.documents.checking.head_rules import head
from lienthong.documents.checking.page_rules import page
from lienthong.documents.checking.paper import NotReadable, Paper
from lienthong.documents.checking.pdf_reader import read_pdf
from lienthong.documents.checking.text_rules import text

__all__ = ["Deviation", "NotReadable", "check", "check_paper"]

MOST_DEVIATIONS = 300


def check(content: bytes, file_format: Literal["docx", "pdf"]) -> tuple[Deviation, ...]:
    """What deviates, the page first, then from top to bottom. Raises NotReadable.

    Of a PDF only what its text and lines tell: no indents and no room between paragraphs. A scan has nothing to read.
    """
    return check_paper(read_docx(content) if file_format == "docx" else read_pdf(content))


def check_paper(paper: Paper) -> tuple[Deviation, ...]:
    boxes = sort(paper.lines)
    found = [*page(paper), *head(boxes), *text(paper, boxes), *foot(boxes)]
    once = dict.fromkeys(found)
    return tuple(sorted(once, key=lambda each: each.paragraph))[:MOST_DEVIATIONS]
