"""What a person chose for their own eyes: kept in a cookie, so that it holds without an account and without scripts."""

from typing import Final

from django.http import HttpRequest, HttpResponse

THEMES: Final = ("light", "dark", "contrast")
COOKIE: Final = "theme"
YEAR: Final = 365 * 24 * 3600


def theme(request: HttpRequest | None) -> str:
    """light, dark or contrast; empty where the device decides."""
    chosen = request.COOKIES.get(COOKIE, "") if request is not None else ""
    return chosen if chosen in THEMES else ""


def keep_theme(response: HttpResponse, chosen: str, *, secure: bool) -> None:
    """Remember `chosen`; anything but a theme's name forgets the choice."""
    if chosen in THEMES:
        response.set_cookie(COOKIE, chosen, max_age=YEAR, samesite="Lax", secure=secure, httponly=True)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
