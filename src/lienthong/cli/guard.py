"""Turns what stands in a command's way into a plain sentence and an exit code."""

import sys
from collections.abc import Callable

from lienthong.cli import terminal
from lienthong.runtime.errors import Trouble


def exit_code_of(what: Callable[[], object]) -> int:
    """Run a command. Errors that people can do something about are said on stderr; others keep their traceback."""
    try:
        what()
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        said = in_plain_words(error)
        if said is None:
            raise
        terminal.fail(*said)
        return 1
    return 0


def in_plain_words(error: Exception) -> tuple[str, str] | None:
    """The message and the way out; None for an error of the program itself.

    Asks only modules that are loaded already: a command that needs no Django shall not wait for it here.
    """
    if isinstance(error, Trouble):
        return error.message, error.way_out
    if isinstance(error, ModuleNotFoundError) and (error.name or "").startswith("lienthong."):
        return (
            f"This program lacks its part {error.name}.",
            "Is the checkout complete? `git status` shows what is missing.",
        )
    if "lienthong.foundation.errors" in sys.modules:
        from lienthong.foundation.errors import DomainError

        if isinstance(error, DomainError):
            return str(error), error.way_out
    if "django.core.exceptions" in sys.modules:
        from django.core.exceptions import ImproperlyConfigured

        if isinstance(error, ImproperlyConfigured):
            return str(error), "`lt doctor` looks at the whole installation."
    return of_database(error) if "django.db.utils" in sys.modules else None


def of_database(error: Exception) -> tuple[str, str] | None:
    from django.db.utils import OperationalError, ProgrammingError
    from psycopg.errors import UndefinedColumn, UndefinedObject, UndefinedTable

    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, (UndefinedTable, UndefinedColumn)):
        return "The database does not have the tables of this version of the program.", "Make them: lt manage migrate"
    if isinstance(error, ProgrammingError) and isinstance(error.__cause__, UndefinedObject):
        return f"The database says: {str(error).strip()}", ""
    if isinstance(error, OperationalError):
        return f"The database does not answer: {str(error).strip()}", "`lt doctor` looks at the whole installation."
    return None
