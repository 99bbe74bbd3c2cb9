"""The page: its size, margins, numbers (NĐ 30/2020 App. I.I)."""

from django.utils.translation import gettext as _

from lienthong.documents.checking.deviations import Box, Deviation, Found, Look
from lienthong.documents.checking.paper import Page, Paper

A4 = (210.0, 297.0)
MARGINS = {"top": (20, 25), "bottom": (20, 25), "left": (30, 35), "right": (15, 20)}
"""In millimetres (App. I.I.3)."""

_TOLERANCE = 0.6
_NUMBERS = Box("page-number", "", "I.I.7", Look(13, 14))


def page(paper: Paper) -> Found:
    sizes = [each for each in paper.pages if not _is_a4(each)]
    if sizes:
        found = f"{sizes[0].width:.0f} × {sizes[0].height:.0f} mm"
        yield Deviation("page.size", "", found, _("A4, 210 × 297 mm"), "I.I.1")
    names = {"top": _("top"), "bottom": _("bottom"), "left": _("left"), "right": _("right")}
    for side, (least, most) in MARGINS.items():
        values = [getattr(each, side) for each in paper.pages if getattr(each, side) is not None]
        wrong = next((value for value in values if not least - _TOLERANCE <= value <= most + _TOLERANCE), None)
        if wrong is not None:
            wanted = _("%(side)s margin of %(least)d to %(most)d mm")
            yield Deviation(
                f"page.margin-{side}",
                "",
                f"{wrong:.0f} mm",
                wanted % {"side": names[side], "least": least, "most": most},
                "I.I.3",
            )
    yield from _numbers(paper)


def _is_a4(page: Page) -> bool:
    """Upright, or lying for wide tables (App. I.I.2)."""
    short, long = sorted((page.width, page.height))
    return abs(short - A4[0]) < 1 and abs(long - A4[1]) < 1


def _numbers(paper: Paper) -> Found:
    numbers = paper.numbers
    if numbers is None:
        if paper.is_longer:
            yield _NUMBERS.off("missing", None, _("no page numbers"), _("numbers of pages from the second on"))
        return
    if not numbers.in_header:
        yield _NUMBERS.off("position", None, _("at the foot"), _("in the top margin"))
    if numbers.alignment not in (None, "center"):
        yield _NUMBERS.off("alignment", None, _("at the side"), _("in the middle"))
    if numbers.on_first:
        yield _NUMBERS.off("first", None, _("shown on the first page"), _("not shown on the first page"))
    if numbers.size is not None and not 12.9 <= numbers.size <= 14.1:
        wanted = _("size %(least)s to %(most)s") % {"least": 13, "most": 14}
        yield _NUMBERS.off("size", None, _("size %(size)s") % {"size": f"{numbers.size:g}"}, wanted)
    if not numbers.upright:
        yield _NUMBERS.off("italic", None, _("in italics"), _("upright"))
