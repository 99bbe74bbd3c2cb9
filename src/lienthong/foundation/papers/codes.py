"""What a paper carries so that anybody can check it: a code that nobody guesses, a link to the page, its QR code."""

import io
import secrets

import segno
from django.conf import settings
from django.urls import reverse

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are read for one another."""

_MASK = 3
"""Trying all eight masks costs five times as much as the code itself; every reader takes any of them."""


def qr_svg(link: str) -> str:
    """The link as a QR code in SVG without a border (error correction M: a crease or a stamp does not spoil it)."""
    if not link:
        return ""
    out = io.BytesIO()
    code = segno.make_qr(link, error="m", boost_error=False, mask=_MASK)
    code.save(out, kind="svg", border=0, xmldecl=False, svgclass=None, lineclass=None, omitsize=True)
    return out.getvalue().decode()


def fresh_verification() -> str:
    """What a paper's QR code carries: 120 random bits, so that nobody finds papers by trying."""
    return "".join(secrets.choice(LETTERS) for _ in range(24))


def verification_link(verification: str) -> str:
    """Where anybody can check that a paper is genuine; what its QR code carries."""
    return settings.ORIGIN + reverse("portal:verify", args=[verification])


def in_groups(code: str) -> str:
    """As it is printed to be typed: four characters at a time."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def site_of(link: str, code: str) -> str:
    """The address where the code is typed, as people write one."""
    return link.partition("://")[2].removesuffix(f"/{code}/")
