"""Paper as it comes out of a scanner, for the real programs that read scans, where this machine has them."""

import io
import random
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest
from PIL import Image, ImageFilter

from lienthong.foundation.files import recognition

IS_HERE = recognition.programs().reads("pdf") and bool(shutil.which("gs"))
needed = pytest.mark.skipif(not IS_HERE, reason="ocrmypdf or tesseract-ocr-vie is not installed")

DPI = 200
"""As NĐ 30/2020 App. I wants scans, and in colour."""


def scanned(pdf: bytes, kind: str, *, turned: float) -> bytes:
    """The pages as pictures in one PDF, or the first one as a JPEG: laid in a little askew, grained and grey."""
    pages = [_grained(page, turned) for page in _pages(pdf)]
    out = io.BytesIO()
    if kind == "pdf":
        pages[0].save(out, "PDF", resolution=DPI, save_all=True, append_images=pages[1:], quality=75)
    else:
        pages[0].save(out, "JPEG", dpi=(DPI, DPI), quality=75)
    return out.getvalue()


def _pages(pdf: bytes) -> list[Image.Image]:
    """By Ghostscript, which OCRmyPDF brings with it."""
    with tempfile.TemporaryDirectory() as folder:
        paper, pages = Path(folder) / "paper.pdf", Path(folder) / "%03d.png"
        paper.write_bytes(pdf)
        draw = ["gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-sDEVICE=png16m", f"-r{DPI}"]
        subprocess.run([*draw, f"-sOutputFile={pages}", str(paper)], capture_output=True, check=True)
        return [Image.open(each).convert("RGB") for each in sorted(Path(folder).glob("*.png"))]


def _grained(page: Image.Image, turned: float) -> Image.Image:
    askew = page.rotate(turned, Image.Resampling.BICUBIC, fillcolor="white").filter(ImageFilter.GaussianBlur(0.6))
    grain = Image.frombytes("L", page.size, random.Random(30).randbytes(page.width * page.height))
    return Image.blend(askew, grain.convert("RGB"), 0.12)
