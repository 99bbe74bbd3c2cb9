"""A DOCX as its layout is looked at. What a run does not say its styles do, from the nearest to the defaults."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import docx
from django.utils.translation import gettext as _
from docx.opc.exceptions import OpcError
from lxml import etree

from lienthong.documents.checking.columns import columns_of
from lienthong.documents.checking.paper import Line, NotReadable, Page, PageNumbers, Paper, Piece, Place

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TWIP = 1 / 20
_TWIPS_PER_MM = 1440 / 25.4
_EMPTY_RULE = re.compile(r"[\s_\-–—=*]{3,}")
_MOST_STYLES = 20
_SINGLE = 1.15
"""Height of a single line of Times New Roman over its size."""

MOST_PARAGRAPHS = 6_000
LARGEST = 200_000_000
LARGEST_TEXT = 40_000_000
"""Bytes of all parts of a file and of those that are read, unpacked."""

_BROKEN = (
    OpcError,
    zipfile.BadZipFile,
    zlib.error,
    etree.XMLSyntaxError,
    LookupError,
    AttributeError,
    TypeError,
    ValueError,
    RuntimeError,
    EOFError,
)
"""What the libraries raise for files that are none, are broken, or encrypted."""


def read_docx(content: bytes) -> Paper:
    """Raises NotReadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            texts = sum(part.file_size for part in parts if part.filename.endswith((".xml", ".rels")))
            if texts > LARGEST_TEXT or sum(part.file_size for part in parts) > LARGEST:
                raise NotReadable(_("the document is too large"))
        return _Reader(docx.Document(io.BytesIO(content))).paper()
    except _BROKEN as error:
        raise NotReadable(_("it is no Word document")) from error


def _val(element: Any, name: str = "val") -> str | None:
    return None if element is None else element.get(W + name)


def _number(text: str | None) -> float | None:
    """None for what is no number, or none that a page could have."""
    return float(text) if text is not None and re.fullmatch(r"-?[0-9]{1,7}(\.[0-9]{1,7})?", text) else None


def _is_on(element: Any) -> bool:
    return _val(element) not in ("0", "false", "off", "none")


class _Reader:
    def __init__(self, document: Any) -> None:
        self._document = document
        self._body = document.element.body
        styles = document.styles.element
        self._styles = {style.get(W + "styleId"): style for style in styles.iter(W + "style")}
        self._default = next((s for s in self._styles.values() if _is_default(s)), None)
        self._defaults = styles.find(W + "docDefaults")
        self._theme = dict(self._theme_fonts())
        self._lines: list[Line] = []
        self._chains: dict[tuple[str | None, str], list[Any]] = {}

    def paper(self) -> Paper:
        self._read_body()
        return Paper(
            pages=[self._page(section) for section in self._body.iter(W + "sectPr")],
            lines=columns_of(self._lines),
            numbers=self._page_numbers(),
            is_longer=self._is_longer(),
        )

    def _read_body(self) -> None:
        tables = list(self._body.iterchildren(W + "tbl"))
        foot = next((each for each in reversed(tables) if "nơi nhận" in _text(each).lower()), None)
        head = tables[0] if tables and tables[0] is not foot and self._is_head(tables[0]) else None
        for child in self._body.iterchildren(W + "p", W + "tbl", W + "sdt"):
            if child is head:
                self._read_columns(child, (Place.HEAD_LEFT, Place.HEAD_RIGHT))
            elif child is foot:
                self._read_columns(child, (Place.FOOT_LEFT, Place.FOOT_RIGHT))
            elif child.tag == W + "p":
                self._add(child, Place.BODY)
            else:
                place = Place.CELL if child.tag == W + "tbl" else Place.BODY
                for paragraph in child.iter(W + "p"):
                    self._add(paragraph, place)

    def _is_head(self, table: Any) -> bool:
        text = _text(table).lower()
        return any(word in text for word in ("cộng h", "độc lập", "số:", "tự do"))

    def _read_columns(self, table: Any, places: tuple[Place, Place]) -> None:
        """The left column from the top, then the right one."""
        for index, place in enumerate(places):
            for row in table.iter(W + "tr"):
                cells = row.findall(W + "tc")
                if index == 0 and cells:
                    self._add_all(cells[0], place)
                elif index == 1:
                    for cell in cells[1:]:
                        self._add_all(cell, place)

    def _add_all(self, cell: Any, place: Place) -> None:
        for paragraph in cell.iter(W + "p"):
            if not _is_inside(paragraph, W + "txbxContent"):
                self._add(paragraph, place)

    def _add(self, paragraph: Any, place: Place) -> None:
        if len(self._lines) >= MOST_PARAGRAPHS:
            return
        pieces = tuple(self._pieces(paragraph))
        text = "".join(piece.text for piece in pieces)
        ruled = self._is_ruled(paragraph)
        if not text.strip() or _EMPTY_RULE.fullmatch(text):
            if self._lines and self._lines[-1].place is place and (ruled or text.strip()):
                self._lines[-1].rule = -1
        else:
            self._lines.append(self._line(paragraph, pieces, place, ruled=ruled))
        for boxed in _boxed(paragraph):
            self._add(boxed, place)

    def _line(self, paragraph: Any, pieces: tuple[Piece, ...], place: Place, *, ruled: bool) -> Line:
        size = next((piece.size for piece in pieces if piece.text.strip()), None)
        return Line(
            number=len(self._lines) + 1,
            place=place,
            pieces=pieces,
            alignment=_aligned(_val(self._of_paragraph(paragraph, "jc"))),
            indent=self._indent(paragraph),
            before=self._apart(paragraph, "before"),
            after=self._apart(paragraph, "after"),
            spacing=self._spacing(paragraph, size),
            rule=-1 if ruled else 0,
            bulleted=self._of_paragraph(paragraph, "numPr") is not None,
        )

    def _apart(self, paragraph: Any, side: str) -> float | None:
        """None where Word finds it itself."""
        if self._attribute(paragraph, "spacing", f"{side}Autospacing") in ("1", "true", "on"):
            return None
        return (_number(self._attribute(paragraph, "spacing", side)) or 0) * _TWIP

    def _indent(self, paragraph: Any) -> float:
        first = _number(self._attribute(paragraph, "ind", "firstLine")) or 0
        hanging = _number(self._attribute(paragraph, "ind", "hanging")) or 0
        left = _number(self._attribute(paragraph, "ind", "left", "start")) or 0
        tab = _leading_tabs(paragraph) * 720
        return (left + first - hanging + tab) * _TWIP

    def _spacing(self, paragraph: Any, size: float | None) -> float | None:
        line = _number(self._attribute(paragraph, "spacing", "line"))
        rule = self._attribute(paragraph, "spacing", "lineRule") or "auto"
        if line is None:
            return 1.0
        if rule == "auto":
            return line / 240
        if not size:
            return None
        lines = line * _TWIP / (size * _SINGLE)
        return max(lines, 1.0) if rule == "atLeast" else lines

    def _is_ruled(self, paragraph: Any) -> bool:
        if next(paragraph.iter(W + "drawing", W + "pict"), None) is not None and not list(_boxed(paragraph)):
            return True
        border = self._of_paragraph(paragraph, "pBdr")
        bottom = border.find(W + "bottom") if border is not None else None
        return bottom is not None and _val(bottom) not in (None, "nil", "none")

    def _pieces(self, paragraph: Any) -> Iterator[Piece]:
        for run in paragraph.iter(W + "r"):
            if _nearest_paragraph(run) is not paragraph or _is_inside(run, W + "del"):
                continue
            text = "".join(_run_text(part) for part in run)
            if text:
                piece = self._piece(run, paragraph, text)
                yield replace(piece, text=text.upper()) if self._is_set(run, paragraph, "caps") else piece

    def _piece(self, run: Any, paragraph: Any, text: str) -> Piece:
        size = _number(_val(self._of_run(run, paragraph, "sz")))
        underline = self._of_run(run, paragraph, "u")
        colour = _val(self._of_run(run, paragraph, "color"))
        return Piece(
            text=text,
            font=self._font(run, paragraph),
            size=size / 2 if size else 10.0,
            bold=self._is_set(run, paragraph, "b"),
            italic=self._is_set(run, paragraph, "i"),
            underlined=underline is not None and _val(underline) not in (None, "none"),
            colour=colour if colour and re.fullmatch("[0-9A-Fa-f]{6}", colour) else None,
        )

    def _is_set(self, run: Any, paragraph: Any, name: str) -> bool:
        found = self._of_run(run, paragraph, name)
        return found is not None and _is_on(found)

    def _font(self, run: Any, paragraph: Any) -> str | None:
        for properties in self._run_chain(run, paragraph):
            fonts = properties.find(W + "rFonts")
            if fonts is None:
                continue
            theme = fonts.get(W + "asciiTheme") or fonts.get(W + "hAnsiTheme")
            named = fonts.get(W + "ascii") or fonts.get(W + "hAnsi")
            if theme and theme[:5] in self._theme:
                return self._theme[theme[:5]]
            if named:
                return str(named)
        return None

    def _of_run(self, run: Any, paragraph: Any, name: str) -> Any:
        found = (each.find(W + name) for each in self._run_chain(run, paragraph))
        return next((each for each in found if each is not None), None)

    def _run_chain(self, run: Any, paragraph: Any) -> Iterator[Any]:
        own = run.find(W + "rPr")
        if own is not None:
            yield own
            yield from self._of_styles(_val(own.find(W + "rStyle")), "rPr")
        yield from self._of_styles(self._style_of(paragraph), "rPr")
        yield from self._of_defaults("rPrDefault", "rPr")

    def _of_paragraph(self, paragraph: Any, name: str) -> Any:
        found = (each.find(W + name) for each in self._paragraph_chain(paragraph))
        return next((each for each in found if each is not None), None)

    def _attribute(self, paragraph: Any, name: str, *attributes: str) -> str | None:
        """Each attribute is inherited for itself."""
        for properties in self._paragraph_chain(paragraph):
            element = properties.find(W + name)
            for attribute in attributes if element is not None else ():
                if (value := element.get(W + attribute)) is not None:
                    return str(value)
        return None

    def _paragraph_chain(self, paragraph: Any) -> Iterator[Any]:
        own = paragraph.find(W + "pPr")
        if own is not None:
            yield own
        yield from self._of_styles(self._style_of(paragraph), "pPr")
        yield from self._of_defaults("pPrDefault", "pPr")

    def _style_of(self, paragraph: Any) -> str | None:
        own = paragraph.find(W + "pPr")
        named = _val(own.find(W + "pStyle")) if own is not None else None
        return named or (self._default.get(W + "styleId") if self._default is not None else None)

    def _of_styles(self, style_id: str | None, part: str) -> list[Any]:
        """The part of a style and of those it is based on, the nearest first."""
        key = (style_id, part)
        if key not in self._chains:
            self._chains[key] = list(self._found_in_styles(style_id, part))
        return self._chains[key]

    def _found_in_styles(self, style_id: str | None, part: str) -> Iterator[Any]:
        for _turn in range(_MOST_STYLES):  # a hostile file may base a style on itself
            style = self._styles.get(style_id)
            if style is None:
                return
            if (found := style.find(W + part)) is not None:
                yield found
            style_id = _val(style.find(W + "basedOn"))

    def _of_defaults(self, outer: str, inner: str) -> Iterator[Any]:
        holder = self._defaults.find(W + outer) if self._defaults is not None else None
        found = holder.find(W + inner) if holder is not None else None
        if found is not None:
            yield found

    def _theme_fonts(self) -> Iterator[tuple[str, str]]:
        for relation in self._document.part.rels.values():
            if relation.reltype.endswith("/theme") and not relation.is_external:
                root = etree.fromstring(relation.target_part.blob, _parser())
                for name in ("major", "minor"):
                    face = root.find(f".//{_A}{name}Font/{_A}latin")
                    if face is not None and face.get("typeface"):
                        yield name, face.get("typeface")

    def _page(self, section: Any) -> Page:
        size, margins = section.find(W + "pgSz"), section.find(W + "pgMar")
        return Page(
            _mm(size, "w") or 215.9,
            _mm(size, "h") or 279.4,
            *(_mm(margins, side) for side in ("top", "bottom", "left", "right")),
        )

    def _page_numbers(self) -> PageNumbers | None:
        """Of the first section; later ones mostly continue it."""
        section = self._document.sections[0]
        title_page = bool(section.different_first_page_header_footer)
        for part, in_header in ((section.header, True), (section.footer, False)):
            found = self._numbered(part)
            if found is not None:
                first = section.first_page_header if in_header else section.first_page_footer
                on_first = self._numbered(first) is not None if title_page else True
                return self._described(found, in_header=in_header, on_first=on_first)
        return None

    def _numbered(self, part: Any) -> Any:
        """The paragraph of a header or footer that holds the number of the page."""
        for paragraph in part._element.iter(W + "p"):
            codes = [each.text or "" for each in paragraph.iter(W + "instrText")]
            codes += [each.get(W + "instr") or "" for each in paragraph.iter(W + "fldSimple")]
            if any(re.match(r"\s*PAGE\b", code) for code in codes):
                return paragraph
        return None

    def _described(self, paragraph: Any, *, in_header: bool, on_first: bool) -> PageNumbers:
        runs = list(paragraph.iter(W + "r"))
        look = self._piece(runs[-1], paragraph, "2") if runs else None
        frame = self._of_paragraph(paragraph, "framePr")
        alignment = frame.get(W + "xAlign") if frame is not None else None
        return PageNumbers(
            in_header=in_header,
            alignment=_aligned(alignment or _val(self._of_paragraph(paragraph, "jc"))),
            size=look.size if look else None,
            upright=not (look and look.italic),
            on_first=on_first,
        )

    def _is_longer(self) -> bool:
        if next(self._body.iter(W + "lastRenderedPageBreak"), None) is not None:
            return True
        return any(each.get(W + "type") == "page" for each in self._body.iter(W + "br"))


def _mm(element: Any, name: str) -> float | None:
    twips = _number(element.get(W + name)) if element is not None else None
    return None if twips is None else twips / _TWIPS_PER_MM


def _is_default(style: Any) -> bool:
    return style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true", "on")


def _aligned(jc: str | None) -> str:
    return {"both": "justify", "distribute": "justify", "center": "center", "right": "right", "end": "right"}.get(
        jc or "", "left"
    )


def _text(element: Any) -> str:
    return "".join(each.text or "" for each in element.iter(W + "t"))


def _run_text(part: Any) -> str:
    if part.tag == W + "t":
        return part.text or ""
    if part.tag == W + "noBreakHyphen":
        return "-"
    if part.tag == W + "tab":
        return "\t"
    return " " if part.tag in (W + "br", W + "cr") else ""


def _leading_tabs(paragraph: Any) -> int:
    """Tabs before the first letter: so some make an indent."""
    tabs = 0
    for part in paragraph.iter(W + "tab", W + "t"):
        if part.tag == W + "t" and (part.text or "").strip():
            break
        if part.tag == W + "tab" and part.getparent().tag == W + "r":
            tabs += 1
    return tabs


def _is_inside(element: Any, tag: str) -> bool:
    return next(element.iterancestors(tag), None) is not None


def _nearest_paragraph(run: Any) -> Any:
    return next(run.iterancestors(W + "p"), None)


def _boxed(paragraph: Any) -> Iterator[Any]:
    """The paragraphs of text boxes that hang on it; once, though Word keeps each twice."""
    for content in paragraph.iter(W + "txbxContent"):
        if not _is_inside(content, _MC + "Fallback"):
            yield from content.iterchildren(W + "p")


def _parser() -> Any:
    return etree.XMLParser(resolve_entities=False, no_network=True)
