"""Pictures of paper as one PDF/A-2b: a picture a page, its own bytes inside, nothing drawn anew."""

import json
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import typst

from lienthong.foundation.papers.rendering import VIETNAM, BrokenTemplate

_PAGES = b"""
#set document(title: sys.inputs.title, date: auto)
#for (file, width, height) in json(bytes(sys.inputs.pages)) {
  page(width: width * 1mm, height: height * 1mm, margin: 0mm,
    image(file, width: 100%, height: 100%, fit: "contain", alt: sys.inputs.title))
}
"""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that stands upright. `format` is jpeg, png or webp; the page has the size `width` by `height` in mm."""

    content: bytes
    format: str
    width: float
    height: float


def as_pdf(pictures: Sequence[Picture], *, title: str, at: datetime) -> bytes:
    """One page for each picture, in their order. Raises BrokenTemplate for a picture that Typst cannot read."""
    with tempfile.TemporaryDirectory() as folder:
        pages = []
        for number, picture in enumerate(pictures):
            name = f"{number}.{picture.format}"
            (Path(folder) / name).write_bytes(picture.content)
            pages.append([f"/{name}", picture.width, picture.height])
        nothing = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
        try:
            pdf = typst.Compiler(root=folder, font_paths=nothing).compile(
                input=_PAGES,
                format="pdf",
                sys_inputs={"pages": json.dumps(pages), "title": title},
                pdf_standards=["a-2b"],
                timestamp=at.astimezone(VIETNAM).replace(microsecond=0),
            )
        except typst.TypstError as error:
            raise BrokenTemplate(f"pages of pictures: {error.message}") from error
    assert isinstance(pdf, bytes)
    return pdf
