"""Giving a file to a browser so that it can do no harm there.

Only PDF and pictures are shown inside the browser, pictures as their preview; all else is saved. A page of ours never
shares its rights with a file: no script, no frame of strangers, no guessing of types.
"""

import unicodedata
from urllib.parse import quote

from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.files import previews, storage
from lienthong.foundation.files.errors import Infected, NotScannedYet
from lienthong.foundation.files.kinds import BY_KEY
from lienthong.foundation.files.models import Scan, StoredFile
from lienthong.foundation.files.rules import clean_name

_NOTHING = "default-src 'none'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
_SANDBOX = f"sandbox; {_NOTHING}"
# In a sandbox Safari and older Chromium show no PDF at all. Their viewers are sandboxes of their own.
_PDF_VIEWER = f"{_NOTHING}; object-src 'self'; style-src 'unsafe-inline'"


def serve(stored: StoredFile, *, as_attachment: bool = False, name: str = "") -> HttpResponseBase:
    """The answer to somebody who may have this file, which the calling room has checked.

    `name` is shown instead of the file's own (its ending stays true). Raises Infected, NotScannedYet or ContentMissing.
    """
    require_harmless(stored)
    format_ = BY_KEY[stored.format]
    inline = format_.inline and not as_attachment
    shown = f"{clean_name(name)}.{format_.endings[0]}" if name else stored.name
    if inline and format_.kind == "image":
        content, media_type = previews.preview(stored), previews.MEDIA_TYPE
        shown = f"{shown.rpartition('.')[0]}.jpg"
    else:
        content, media_type = storage.open_content(stored.sha256), format_.media_type
    response = FileResponse(content, content_type=media_type)
    response["Content-Length"] = content.size
    response["Content-Disposition"] = content_disposition("inline" if inline else "attachment", shown)
    response["Content-Security-Policy"] = _PDF_VIEWER if inline and format_.kind == "pdf" else _SANDBOX
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, max-age=600"
    return response


def serve_made(pdf: bytes, *, name: str, as_attachment: bool = False) -> HttpResponse:
    """The answer with a PDF that was made for one look at it and is kept nowhere, by the rules of stored ones."""
    response = HttpResponse(pdf, content_type=BY_KEY["pdf"].media_type)
    how = "attachment" if as_attachment else "inline"
    response["Content-Disposition"] = content_disposition(how, f"{clean_name(name)}.pdf")
    response["Content-Security-Policy"] = _PDF_VIEWER
    response["X-Content-Type-Options"] = "nosniff"
    response["X-Frame-Options"] = "SAMEORIGIN"
    response["Cache-Control"] = "no-store"
    return response


def require_harmless(stored: StoredFile) -> None:
    """Raises Infected or NotScannedYet when the file must not be opened by anybody."""
    if stored.scan == Scan.INFECTED:
        raise Infected(
            _("The virus scanner found %(infection)s in this file. It cannot be opened."),
            way_out=_("Ask the sender for a clean copy."),
            infection=stored.infection,
        )
    if stored.scan == Scan.PENDING:
        raise NotScannedYet(
            _("This file is waiting for the virus scanner."),
            way_out=_("Try again in a few minutes."),
        )


def content_disposition(how: str, name: str) -> str:
    """The header with the name twice (RFC 6266): in ASCII for old programs, and as it is."""
    ascii_name = "".join(
        letter for letter in unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D")) if letter.isascii()
    )
    safe = "".join(letter if letter.isalnum() or letter in " .-_()" else "_" for letter in ascii_name).strip()
    return f"{how}; filename=\"{safe or 'file'}\"; filename*=UTF-8''{quote(name, safe='')}"
