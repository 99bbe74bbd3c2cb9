"""Why a spreadsheet cannot be read, in words for people."""

from lienthong.foundation.errors import DomainError


class Unreadable(DomainError):
    code = "sheets.unreadable"
