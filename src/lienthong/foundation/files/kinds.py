"""The kinds of files the house takes, and the formats each comes in."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Format:
    """`endings` of a name, the usual one first; `corrected` endings that people give it by mistake.

    `inline` formats may be shown inside the browser.
    """

    key: str
    kind: str
    media_type: str
    endings: tuple[str, ...]
    corrected: tuple[str, ...] = ()
    inline: bool = False


FORMATS = (
    Format("pdf", "pdf", "application/pdf", ("pdf",), inline=True),
    Format("jpeg", "image", "image/jpeg", ("jpg", "jpeg"), ("jpe", "jfif"), inline=True),
    Format("png", "image", "image/png", ("png",), inline=True),
    Format("webp", "image", "image/webp", ("webp",), inline=True),
    Format(
        "docx",
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ("docx",),
        ("doc",),
    ),
    Format(
        "xlsx",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ("xlsx",),
        ("xls",),
    ),
    Format("ods", "ods", "application/vnd.oasis.opendocument.spreadsheet", ("ods",)),
    Format("csv", "csv", "text/csv", ("csv",), ("txt", "tsv", "tab")),
    Format("dwg", "dwg", "image/vnd.dwg", ("dwg",)),
    Format("eml", "eml", "message/rfc822", ("eml",)),
)

KINDS: dict[str, str | Promise] = {
    "pdf": "PDF",
    "image": _("picture (JPG, PNG, WebP)"),
    "docx": _("Word document (.docx)"),
    "xlsx": _("Excel workbook (.xlsx)"),
    "ods": _("OpenDocument spreadsheet (.ods)"),
    "csv": _("table as text (.csv)"),
    "dwg": _("AutoCAD drawing (.dwg)"),
    "eml": _("e-mail message (.eml)"),
}

MADE = (
    Format("zip", "zip", "application/zip", ("zip",)),
    Format("json", "json", "application/json", ("json",)),
    Format("geojson", "geojson", "application/geo+json", ("geojson",)),
)
"""What the house itself makes and keeps as a file, and nobody attaches."""

BY_KEY = {format_.key: format_ for format_ in (*FORMATS, *MADE)}
BY_MEDIA_TYPE = {format_.media_type: format_ for format_ in FORMATS}
