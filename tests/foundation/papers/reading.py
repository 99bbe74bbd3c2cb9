"""What can be read in a PDF."""

import io
import re
import shutil
import subprocess

import pypdf


def opened(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def words_of(pdf: bytes) -> str:
    """The whole text on one line, spaces as one."""
    return " ".join("\n".join(page.extract_text() for page in opened(pdf).pages).split())


def letters_of(pdf: bytes) -> str:
    """The whole text without spaces: independent of where lines break."""
    return re.sub(r"\s+", "", words_of(pdf))


def page_sizes(pdf: bytes) -> set[tuple[int, int]]:
    """In millimetres."""
    return {
        (round(float(p.mediabox.width) / 72 * 25.4), round(float(p.mediabox.height) / 72 * 25.4))
        for p in opened(pdf).pages
    }


HAS_POPPLER = shutil.which("pdftotext") is not None
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)"')
_WORD = re.compile(r'xMin="([-\d.]+)" yMin="([-\d.]+)" xMax="([-\d.]+)" yMax="([-\d.]+)">(.*)</word>')


def words_outside(pdf: bytes, *, margin: float) -> list[str]:
    """Words that reach into `margin` points at the left, right or lower edge of their page."""
    command = ["pdftotext", "-bbox", "-", "-"]
    lines = subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode().splitlines()
    outside, width, height = [], 0.0, 0.0
    for line in lines:
        if page := _PAGE.search(line):
            width, height = float(page[1]), float(page[2])
        if word := _WORD.search(line):
            left, right, bottom = float(word[1]), float(word[3]), float(word[4])
            if left < margin or right > width - margin or bottom > height - margin:
                outside.append(word[5])
    return outside
