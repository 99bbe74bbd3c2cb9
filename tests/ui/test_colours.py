"""Every pair of ink and ground that pages use can be read, in each of the three sets (WCAG 1.4.3, 1.4.6, 1.4.11)."""

import re
from itertools import product
from pathlib import Path

import pytest

from lienthong import ui

TOKENS = Path(ui.__file__).parent / "static/ui/tokens.css"
SETS = ("light", "dark", "contrast")
TRIPLE = re.compile(r"--lt-([a-z-]+):\s+var\(--if-light, (.+?)\) var\(--if-dark, (.+?)\) var\(--if-contrast, (.+?)\);")

GROUNDS = ("paper", "surface", "sunken", "raised")
STATES = ("ok", "soon", "late", "neutral")
BODY = [(ink, ground) for ink, ground in product(("ink", "ink-soft"), GROUNDS)]
BODY += [("ink", ground) for ground in ("selected", "found", "action-soft", *(f"{state}-soft" for state in STATES))]
TEXT = [(ink, ground) for ink, ground in product(("ink-muted", "brand", "action", "action-hover", *STATES), GROUNDS)]
TEXT += [(ink, "selected") for ink in ("ink-muted", "action", *STATES)]
TEXT += [(ink, "action-soft") for ink in ("action", "action-hover", "ink-muted", *STATES)]
TEXT += [(state, f"{state}-soft") for state in STATES] + [("ink-soft", "neutral-soft"), ("ink-muted", "neutral-soft")]
TEXT += [("on-action", "action"), ("on-action", "action-hover"), ("on-late", "late"), ("surface", "ok")]
TEXT += [("surface", state) for state in ("action", "soon", "late", "neutral")]
MARKS = [(line, ground) for line, ground in product(("edge", "focus", "brand-line"), GROUNDS)]
MARKS += [("late", "surface"), ("action", "neutral-soft"), ("ok", "neutral-soft")]


def tokens() -> dict[str, dict[str, str]]:
    found = {name: dict(zip(SETS, values, strict=True)) for name, *values in TRIPLE.findall(TOKENS.read_text())}
    return {name: values for name, values in found.items() if values["light"].startswith("#")}


def luminance(colour: str) -> float:
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def too_weak(pairs: list[tuple[str, str]], chosen: str, least: float) -> list[str]:
    known = tokens()
    measured = [(ink, ground, contrast(known[ink][chosen], known[ground][chosen])) for ink, ground in pairs]
    return [f"{ink} on {ground}: {ratio:.2f}" for ink, ground, ratio in measured if ratio < least]


def test_black_on_white_is_21_to_1() -> None:
    assert round(contrast("#000000", "#ffffff"), 1) == 21
    assert contrast("#ffffff", "#ffffff") == 1


@pytest.mark.parametrize("chosen", SETS)
def test_body_text_has_a_contrast_of_7(chosen: str) -> None:
    assert too_weak(BODY, chosen, 7) == []


@pytest.mark.parametrize(("chosen", "least"), [("light", 4.5), ("dark", 4.5), ("contrast", 7)])
def test_every_other_text_has_a_contrast_of_4_5_and_of_7_in_high_contrast(chosen: str, least: float) -> None:
    assert too_weak(TEXT, chosen, least) == []


@pytest.mark.parametrize(("chosen", "least"), [("light", 3), ("dark", 3), ("contrast", 4.5)])
def test_edges_of_controls_and_the_focus_ring_have_a_contrast_of_3(chosen: str, least: float) -> None:
    assert too_weak(MARKS, chosen, least) == []


def test_every_colour_has_a_value_in_each_set_and_no_style_sheet_has_a_colour_of_its_own() -> None:
    assert len(tokens()) > 25
    sheets = [sheet for sheet in TOKENS.parent.glob("*.css") if sheet.name not in ("tokens.css", "print.css")]
    strays = {sheet.name: re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;, )])", sheet.read_text()) for sheet in sheets}
    assert {name: found for name, found in strays.items() if found} == {}


def test_every_token_that_a_style_sheet_names_exists() -> None:
    sheets = "".join(sheet.read_text() for sheet in TOKENS.parent.glob("*.css"))
    set_somewhere = set(re.findall(r"(--[\w-]+)\s*:", sheets))
    used = set(re.findall(r"var\((--lt-[\w-]+)", sheets))
    assert used - set_somewhere == set()
