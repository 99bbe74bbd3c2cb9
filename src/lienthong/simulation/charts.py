"""Small charts as SVG: lines over time, bars beside each other. Pure.

Drawn by hand because they are few and plain, and must look the same on a page (with the page's colours) and as a PNG.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 30, 34
ROW = 24
LABELS = 400
_NOTHING = 1e-9

Palette = Mapping[str, str]
PRINTED: Palette = {
    "ink": "#46423b", "line": "#dfd9cc", "first": "#124a8c", "second": "#17663a", "third": "#ad1a1c",
    "before": "#857e71",
}  # fmt: skip
ON_PAGE: Palette = {name: f"var(--{name})" for name in PRINTED}


@dataclass(frozen=True, slots=True)
class Line:
    """A series; `dashed` for what it was without the change."""

    name: str
    values: Sequence[float]
    colour: str = "first"
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Bar:
    label: str
    value: float
    before: float | None = None


def lines(
    title: str, labels: Sequence[str], series: Sequence[Line], palette: Palette, *, written: Callable[[float], str]
) -> str:
    """Lines over the same points in time, from zero up."""
    most = nice(max((value for line in series for value in line.values), default=0.0))
    steps = max(len(labels) - 1, 1)

    def x(n: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * n / steps

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / most

    parts = []
    for quarter in range(5):
        value = most * quarter / 4
        parts.append(_rule(LEFT, y(value), WIDTH - RIGHT, palette))
        parts.append(_text(LEFT - 8, y(value) + 4, written(value), palette, anchor="end"))
    every = max(1, ceil(len(labels) / 8))
    for n in range(0, len(labels), every):
        anchor = "end" if n and n == len(labels) - 1 else "middle"
        parts.append(_text(x(n), HEIGHT - 10, labels[n], palette, anchor=anchor))
    at = LEFT
    for line in series:
        points = " ".join(f"{x(n):.1f},{y(value):.1f}" for n, value in enumerate(line.values))
        dash = ";stroke-dasharray:5 4" if line.dashed else ""
        colour = palette[line.colour]
        if len(line.values) == 1:
            parts.append(f'<circle cx="{x(0):.1f}" cy="{y(line.values[0]):.1f}" r="4" style="fill:{colour}"/>')
        parts.append(f'<polyline points="{points}" style="fill:none;stroke:{colour};stroke-width:2{dash}"/>')
        parts.append(f'<path d="M{at} 12h22" style="fill:none;stroke:{colour};stroke-width:2{dash}"/>')
        parts.append(_text(at + 28, 16, line.name, palette))
        at += 44 + 7 * len(line.name)
    return _drawing(title, HEIGHT, parts)


def bars(title: str, rows: Sequence[Bar], palette: Palette, *, written: Callable[[float], str]) -> str:
    """Bars from a label to the right, with what it was before as a mark."""
    most = nice(max((max(row.value, row.before or 0.0) for row in rows), default=0.0))
    height = 12 + ROW * max(len(rows), 1)
    room = WIDTH - LABELS - 70
    parts = []
    for n, row in enumerate(rows):
        top, length = 6 + n * ROW, room * row.value / most
        parts.append(_text(LABELS - 10, top + 14, _short(row.label), palette, anchor="end"))
        box = f'x="{LABELS}" y="{top + 4}" width="{length:.1f}" height="{ROW - 10}"'
        parts.append(f'<rect {box} style="fill:{palette["first"]}"/>')
        if row.before is not None:
            at = LABELS + room * row.before / most
            parts.append(
                f'<path d="M{at:.1f} {top + 1}v{ROW - 4}" style="fill:none;stroke:{palette["third"]};stroke-width:2"/>'
            )
        parts.append(_text(LABELS + max(length, 0) + 8, top + 14, written(row.value), palette))
    return _drawing(title, height, parts)


def nice(most: float) -> float:
    """A round number at or above it, to end an axis with."""
    if most < _NOTHING:
        return 1.0
    unit = 10.0 ** floor(log10(most))
    return float(next((step * unit for step in (1, 2, 2.5, 4, 5, 8) if step * unit >= most), 10 * unit))


def _short(label: str) -> str:
    return label if len(label) <= 62 else label[:61] + "…"


def _drawing(title: str, height: int, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img"'
        f' aria-label="{escape(title)}" font-family="Be Vietnam Pro, sans-serif" font-size="12">{"".join(parts)}</svg>'
    )


def _rule(x1: float, y: float, x2: float, palette: Palette) -> str:
    return f'<path d="M{x1} {y:.1f}H{x2}" style="fill:none;stroke:{palette["line"]};stroke-width:1"/>'


def _text(x: float, y: float, text: str, palette: Palette, *, anchor: str = "start") -> str:
    style = f"fill:{palette['ink']}"
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" style="{style}">{escape(text)}</text>'
