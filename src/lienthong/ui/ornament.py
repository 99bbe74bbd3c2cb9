"""Draws the house's own pictures: `python -m lienthong.ui.ornament` writes them into static/ui.

The ornament is a line pattern in the manner of the face of a bronze drum of the Đông Sơn culture: a star with an
even number of rays in the middle, then rings of linked circles, combs, saw teeth and birds in flight, going round
against the clock. The mark is two interlinked rings. Every drawing uses only presentation attributes, so that it
may be shown under a strict content security policy, and `drum.svg` is used as a mask: its colour comes from CSS.
"""

from math import cos, pi, sin, sqrt
from pathlib import Path

STATIC = Path(__file__).parent / "static" / "ui"
RAYS = 14


def number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".") or "0"


def at(radius: float, turn: float) -> str:
    """The point `turn` of a full turn clockwise from the top, on a circle of `radius` round the origin."""
    return f"{number(radius * sin(2 * pi * turn))},{number(-radius * cos(2 * pi * turn))}"


def ring(*radii: float) -> str:
    return "".join(f'<circle r="{number(radius)}"/>' for radius in radii)


def line(points: list[str], *, closed: bool = False) -> str:
    return f'<path d="M{" L".join(points)}{"Z" if closed else ""}"/>'


def star(radius: float) -> str:
    """The sun: rays round a disc, and between two rays the nested angles that old drums call peacock's eyes."""
    inner = radius * 0.34
    rays = [at(radius if i % 2 == 0 else inner, i / (2 * RAYS)) for i in range(2 * RAYS)]
    drawing = [line(rays, closed=True), ring(radius * 0.2)]
    for i in range(RAYS):
        middle = (i + 0.5) / RAYS
        for spread, apex in ((0.36, 0.62), (0.22, 0.76), (0.09, 0.89)):
            foot = 0.99 * radius
            drawing.append(
                line([at(foot, middle - spread / RAYS), at(apex * radius, middle), at(foot, middle + spread / RAYS)])
            )
    return "".join(drawing)


def linked_circles(inner: float, outer: float, count: int) -> str:
    """Circles with a dot, each joined to the next by a slanting tangent."""
    middle, size = (inner + outer) / 2, (outer - inner) / 2 * 0.72
    drawing = []
    for i in range(count):
        x, y = at(middle, i / count).split(",")
        drawing.append(
            f'<circle cx="{x}" cy="{y}" r="{number(size)}"/><circle cx="{x}" cy="{y}" r="{number(size / 4)}"/>'
        )
        drawing.append(line([at(middle + size, (i + 0.12) / count), at(middle - size, (i + 0.88) / count)]))
    return "".join(drawing)


def comb(inner: float, outer: float, count: int) -> str:
    teeth = " ".join(f"M{at(inner, i / count)} L{at(outer, i / count)}" for i in range(count))
    return f'<path d="{teeth}"/>'


def saw(inner: float, outer: float, count: int) -> str:
    teeth = [at(outer if i % 2 else inner, i / (2 * count)) for i in range(2 * count)]
    return line(teeth, closed=True)


def birds(radius: float, count: int, size: float) -> str:
    """Birds flying to the left seen from outside the ring, as the drawing `#bird` in `drum`."""
    turns = (
        f"rotate({number(360 * i / count)}) translate(0 {number(-radius)}) scale({number(size)})" for i in range(count)
    )
    return "".join(f'<use href="#bird" transform="{turn}"/>' for turn in turns)


BIRD = (
    '<g id="bird">'
    '<path d="M-44,3 L-22,-3 Q-16,-8 -10,-4 L2,1 Q10,4 18,2 L46,-7 L42,1 L46,9 L16,9 Q2,12 -8,5 L-20,2 Z"/>'
    '<path d="M-15,-6 L4,-17 L-6,-5"/>'  # crest
    '<path d="M0,0 L26,-27 L16,2 M7,-1 L21,-19 M12,0 L20,-13"/>'  # the far wing
    '<path d="M2,9 L22,25 L14,9 M8,10 L17,19"/>'  # the near wing
    '<path d="M22,3 L44,-3 M22,6 L44,5"/>'  # tail feathers
    '<circle cx="-16" cy="-2.4" r="1.7"/>'
    "</g>"
)


def drum() -> str:
    """The whole face, 800 units wide."""
    rings = (
        star(92)
        + ring(98, 102)
        + linked_circles(102, 118, 36)
        + ring(118, 122)
        + comb(122, 138, 120)
        + ring(138, 142)
        + birds(168, 10, 0.62)
        + ring(194, 198)
        + saw(200, 212, 72)
        + ring(214)
        + linked_circles(214, 234, 48)
        + ring(234, 238)
        + birds(280, 12, 1.0)
        + ring(320, 324)
        + comb(324, 342, 200)
        + ring(342)
        + linked_circles(342, 360, 72)
        + ring(360, 364)
        + saw(366, 384, 96)
        + ring(386, 392, 398)
    )
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-400 -400 800 800" width="800" height="800">'
        f"<defs>{BIRD}</defs>"
        f'<g fill="none" stroke="#000" stroke-width="1.25" stroke-linejoin="round">{rings}</g></svg>\n'
    )


def drum_small() -> str:
    """The middle of the drum, drawn for 96 to 160 pixels: fewer and wider lines."""
    rings = star(46) + ring(50) + linked_circles(50, 60, 24) + ring(60, 63) + saw(65, 73, 40) + ring(75, 78)
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="-80 -80 160 160" width="160" height="160">'
        f'<g fill="none" stroke="#000" stroke-width=".9" stroke-linejoin="round">{rings}</g></svg>\n'
    )


def crossing(first: float, second: float) -> tuple[float, float]:
    """Where a circle of radius `first` round the left ring's middle meets one of `second` round the right's, below."""
    along = (first**2 - second**2 + APART**2) / (2 * APART)
    return LEFT[0] + along, LEFT[1] + sqrt(first**2 - along**2)


def woven_ring(*, turned: bool) -> str:
    """The outline of the left ring, open below where the right ring passes over it.

    Its ends are cut along the edges of the other ring, so that the gap has one width. The right ring is the same
    drawing `turned` half round the middle of the mark, and so passes under the left one above.
    """
    edges = (RADIUS + THICK / 2, RADIUS - THICK / 2)
    near, far = edges[0] + GAP, edges[1] - GAP
    corners = [crossing(edges[0], near), crossing(edges[0], far), crossing(edges[1], far), crossing(edges[1], near)]
    if turned:
        corners = [(2 * LEFT[0] + APART - x, 2 * LEFT[1] - y) for x, y in corners]
    a, b, c, d = (f"{number(x)},{number(y)}" for x, y in corners)
    outer, inner, near_cut, far_cut = (number(radius) for radius in (*edges, near, far))
    return (
        f"M{a} A{outer},{outer} 0 1 1 {b} A{far_cut},{far_cut} 0 0 1 {c} "
        f"A{inner},{inner} 0 1 0 {d} A{near_cut},{near_cut} 0 0 0 {a}Z"
    )


LEFT = (13.5, 14.0)
APART, RADIUS, THICK, GAP = 13.0, 10.0, 3.4, 1.1
LEFT_RING = woven_ring(turned=False)
RIGHT_RING = woven_ring(turned=True)


def mark(left: str, right: str) -> str:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 28">'
        f'<path fill="{left}" d="{LEFT_RING}"/><path fill="{right}" d="{RIGHT_RING}"/>'
        "</svg>\n"
    )


def favicon() -> str:
    """The mark in a square, in tones that show on light and on dark browser tabs."""
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="1 -5 38 38">'
        f'<path fill="#d0393a" d="{LEFT_RING}"/><path fill="#c8973a" d="{RIGHT_RING}"/>'
        "</svg>\n"
    )


DRAWINGS = {
    "drum.svg": drum,
    "drum-small.svg": drum_small,
    "mark.svg": lambda: mark("#9c1c1f", "#b98a2e"),
    "favicon.svg": favicon,
}


if __name__ == "__main__":
    for name, draw in DRAWINGS.items():
        (STATIC / name).write_text(draw())
