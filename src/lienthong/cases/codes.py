"""Codes that people type."""

import secrets

from lienthong.foundation.papers.codes import LETTERS


def fresh_tracking() -> str:
    """Reference of a submission: ten characters, 50 random bits. Unique by the database, this only makes it likely."""
    return "".join(secrets.choice(LETTERS) for _ in range(10))


def tidy(typed: str) -> str:
    """A code as typed, with spaces and hyphens between groups, in capital letters."""
    return typed.strip().upper().replace(" ", "")
