"""Codes that people carry: short ones to type, long ones nobody can guess."""

import secrets

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Without 0, 1, I and O, which are read for one another."""


def fresh_tracking() -> str:
    """Reference of a submission: ten characters, 50 random bits. Unique by the database, this only makes it likely."""
    return "".join(secrets.choice(LETTERS) for _ in range(10))


def fresh_verification() -> str:
    """What a paper's QR code carries: 120 random bits, so that nobody finds papers by trying."""
    return "".join(secrets.choice(LETTERS) for _ in range(24))


def tidy(typed: str) -> str:
    """A code as typed, with spaces and hyphens between groups, in capital letters."""
    return typed.strip().upper().replace(" ", "")
