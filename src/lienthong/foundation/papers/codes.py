"""QR codes of papers."""

import io

import segno

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
