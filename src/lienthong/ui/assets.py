"""Renews what the room takes from elsewhere: `python -m lienthong.ui.assets FOLDER`.

FOLDER is where npm put the packages (`npm install --prefix FOLDER name@version ...`, the line is in
static/ui/VENDORED.md). The versions stand here and nowhere else; another version in FOLDER is refused.
"""

import importlib
import json
import sys
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

STATIC = Path(__file__).parent / "static" / "ui"
VERSIONS = {
    "bootstrap": "5.3.9",
    "htmx.org": "2.0.11",
    "bootstrap-icons": "1.13.2",
    "@fontsource/be-vietnam-pro": "5.3.0",
    "maplibre-gl": "6.17.0",
}
WEIGHTS = (400, 500, 700)
SUBSETS = ("latin", "vietnamese")
ICONS = """
archive arrow-left arrow-left-right arrow-repeat arrow-return-left arrow-right award bank bar-chart bell book
box-arrow-in-right box-arrow-right box-arrow-up-right briefcase building buildings calendar-check calendar-week
calendar-x calendar3 car-front card-list cash-coin chat-left-text check-circle check-circle-fill check-lg chevron-down
chevron-left chevron-right chevron-up circle circle-fill circle-half clipboard-check clipboard-data clock
clock-history copy credit-card dash-lg diagram-3 download envelope exclamation-circle exclamation-lg
exclamation-octagon exclamation-octagon-fill exclamation-triangle exclamation-triangle-fill eye file-earmark
file-earmark-check file-earmark-image file-earmark-pdf file-earmark-text file-earmark-word file-earmark-zip
fingerprint flag folder2-open funnel gear geo-alt globe2 graph-up hammer hash heart-pulse hourglass-split house
house-door inbox inboxes info-circle journal-text key keyboard layers link-45deg list list-check lock map megaphone
moon-stars mortarboard paperclip patch-check pause-circle pause-circle-fill pause-fill pen pencil people person
person-badge person-check person-circle person-vcard plus-lg printer qr-code question-circle record-circle reply
rulers search send shield-check shop signpost-split skip-forward slash-circle sliders star stopwatch sun tag telephone
three-dots tools translate trash3 tree ui-checks upload x-circle x-circle-fill x-lg
""".split()  # noqa: SIM905  a list of words reads better than a list of quotes


def renew(packages: Path) -> None:
    """Copy the pinned packages' files into static/ui and build the icon sprite and the figures' font from them."""
    for name, version in VERSIONS.items():
        found = json.loads((packages / name / "package.json").read_text())["version"]
        if found != version:
            raise SystemExit(f"{name}: {version} is pinned, the folder has {found}")
    (STATIC / "vendor" / "bootstrap.min.css").write_text(
        without_source_map((packages / "bootstrap/dist/css/bootstrap.min.css").read_text())
    )
    (STATIC / "vendor" / "htmx.min.js").write_bytes((packages / "htmx.org/dist/htmx.min.js").read_bytes())
    for name in ("maplibre-gl.mjs", "maplibre-gl-worker.mjs", "maplibre-gl.css"):
        (STATIC / "vendor" / name).write_text(without_source_map((packages / "maplibre-gl/dist" / name).read_text()))
    (STATIC / "vendor" / "LICENSE.maplibre-gl").write_bytes((packages / "maplibre-gl/LICENSE.txt").read_bytes())
    for name in ("bootstrap", "htmx.org", "bootstrap-icons"):
        (STATIC / "vendor" / f"LICENSE.{name}").write_bytes((packages / name / "LICENSE").read_bytes())
    (STATIC / "icons.svg").write_text(sprite(packages / "bootstrap-icons/icons"))
    fonts = packages / "@fontsource/be-vietnam-pro"
    (STATIC / "fonts" / "OFL.txt").write_bytes((fonts / "LICENSE").read_bytes())
    for weight in WEIGHTS:
        for subset in SUBSETS:
            name = f"be-vietnam-pro-{subset}-{weight}-normal.woff2"
            (STATIC / "fonts" / name).write_bytes((fonts / "files" / name).read_bytes())
        latin = fonts / "files" / f"be-vietnam-pro-latin-{weight}-normal.woff2"
        equal_figures(latin, STATIC / "fonts" / f"figures-{weight}.woff2", weight)


def without_source_map(text: str) -> str:
    """A style sheet or a script without its last comment, which names a file that we do not ship."""
    marks = ("/*# sourceMappingURL", "//# sourceMappingURL")
    return "\n".join(line for line in text.split("\n") if not line.startswith(marks)).rstrip("\n") + "\n"


def sprite(icons: Path) -> str:
    """One SVG file with a symbol for each of ICONS, on the icons' own 16 x 16 grid."""
    symbols = []
    for name in ICONS:
        drawing = ElementTree.parse(icons / f"{name}.svg").getroot()  # noqa: S314  a pinned package
        shapes = "".join(ElementTree.tostring(shape, encoding="unicode").strip() for shape in drawing)
        shapes = shapes.replace(' xmlns:ns0="http://www.w3.org/2000/svg"', "").replace("ns0:", "")
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16" fill="currentColor">{shapes}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


def equal_figures(source: Path, target: Path, weight: int) -> None:
    """Write a font of the ten digits of `source`, all as wide as their average wide digit.

    Be Vietnam Pro has only proportional figures (its 1 is half as wide as its 4), so columns of money would not
    line up. The licence (OFL 1.1, no reserved name) allows the change; the family gets a name of its own.
    """
    try:
        font_tools: Any = importlib.import_module("fontTools.ttLib")
        subsetter: Any = importlib.import_module("fontTools.subset")
    except ImportError:
        raise SystemExit("the figures' font is made with: pip install fonttools brotli") from None
    font = font_tools.TTFont(source)
    options = subsetter.Options(layout_features=[], name_IDs=[0, 1, 2, 13, 14], notdef_outline=True)
    cut = subsetter.Subsetter(options)
    cut.populate(text="0123456789")
    cut.subset(font)
    digits = [font.getBestCmap()[ord(digit)] for digit in "0123456789"]
    widths = sorted(font["hmtx"][glyph][0] for glyph in digits)
    width = widths[-2] + 4
    for glyph in digits:
        advance, bearing = font["hmtx"][glyph]
        shift = (width - advance) // 2
        font["glyf"][glyph].coordinates.translate((shift, 0))
        font["glyf"][glyph].recalcBounds(font["glyf"])
        font["hmtx"][glyph] = (width, bearing + shift)
    for record in font["name"].names:
        if record.nameID in (1, 4, 6, 16):
            record.string = f"Lien Thong Figures {weight}"
    font.flavor = "woff2"
    font.save(target)


if __name__ == "__main__":
    renew(Path(sys.argv[1]) / "node_modules")
