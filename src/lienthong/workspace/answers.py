"""A PDF that was made for one look at it and is kept nowhere."""

from django.http import HttpResponse

from lienthong.foundation.files.serving import content_disposition


def pdf(content: bytes, name: str) -> HttpResponse:
    """To be shown in the browser, also in a frame of our own pages, by the rules that stored PDFs are shown by."""
    return HttpResponse(
        content,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition("inline", f"{name}.pdf"),
            "Content-Security-Policy": "default-src 'none'; frame-ancestors 'self'; base-uri 'none';"
            " form-action 'none'; object-src 'self'; style-src 'unsafe-inline'",
            "X-Frame-Options": "SAMEORIGIN",
            "Cache-Control": "no-store",
        },
    )
