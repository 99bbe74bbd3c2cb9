"""Typst in this process: templates of the installed apps, our fonts only, no network."""

import json
import re
import threading
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any

import typst
from django.apps import apps
from django.utils.translation import gettext_lazy as _

from lienthong.foundation.errors import DomainError
from lienthong.foundation.papers.text import FONTS, printable

LIBRARY = Path(__file__).parent / "typst"
LARGEST = 1_000_000
"""Characters of data one paper may hold: some 300 pages, a second of work."""

VIETNAM = timezone(timedelta(hours=7))  # Typst wants a fixed offset
_NAME = re.compile(r"(?P<app>[a-z_]+)/(?P<paper>[a-z0-9_]+)")
_WORD_ENDS = re.compile(r"[\s/]")
"""Where a line may break in any text; the library's rule for endless words has the same places."""

_of_thread = threading.local()


class PaperTooLarge(DomainError):
    code = "papers.too_large"


class BrokenTemplate(RuntimeError):
    """A template is not there, has a mistake, or was given data of another shape: our mistake, not a person's."""


def render(template: str, data: Mapping[str, Any], *, at: datetime, tags: bool = True) -> bytes:
    """The paper as PDF/A-2b; the same data and `at` give the same bytes.

    `template` "cases/receipt" is the file papers/receipt.typ of the installed app `cases`. `data` holds what JSON can
    hold; its texts are printed letter for letter, never read as Typst. `at` is the moment of creation written in the
    file. `tags` tell screen readers the structure; a drawing that becomes part of another paper has none.
    Raises PaperTooLarge, BrokenTemplate.
    """
    prepared = _prepared(data)
    content = json.dumps(prepared, ensure_ascii=False, allow_nan=False)
    if len(content) > LARGEST:
        raise PaperTooLarge(
            _("This paper would be too long to print."), way_out=_("Shorten the text, or attach it as a file.")
        )
    try:
        pdf = _compiler().compile(
            input=_template(template).read_bytes(),
            format="pdf",
            sys_inputs={"data": content, "longest": str(_longest_word(prepared))},
            pdf_standards=["a-2b"],
            timestamp=at.astimezone(VIETNAM).replace(microsecond=0),
            pdf_tags=tags,
        )
    except typst.TypstError as error:
        raise BrokenTemplate("\n".join([f"{template}: {error.message}", error.diagnostic, *error.hints])) from error
    assert isinstance(pdf, bytes)
    return pdf


def _prepared(value: Any) -> Any:
    if isinstance(value, str):
        return printable(str(value))
    if isinstance(value, Mapping):
        return {str(key): _prepared(part) for key, part in value.items()}
    if isinstance(value, (list, tuple)):
        return [_prepared(part) for part in value]
    return value


def _longest_word(prepared: Any) -> int:
    """Letters of the longest word in all texts."""
    if isinstance(prepared, str):
        return max(map(len, _WORD_ENDS.split(prepared)))
    parts = prepared.values() if isinstance(prepared, dict) else prepared if isinstance(prepared, list) else ()
    return max(map(_longest_word, parts), default=0)


def _template(name: str) -> Path:
    found = _NAME.fullmatch(name)
    if not found:
        raise BrokenTemplate(f"{name}: a paper is named <app>/<paper>")
    try:
        path = Path(apps.get_app_config(found["app"]).path) / "papers" / f"{found['paper']}.typ"
    except LookupError as error:
        raise BrokenTemplate(f"{name}: no such app") from error
    if not path.is_file():
        raise BrokenTemplate(f"{name}: no file {path}")
    return path


def _compiler() -> typst.Compiler:
    """One compiler per thread, kept: it holds the fonts and the library it has read, most of the work of a paper."""
    compiler: typst.Compiler | None = getattr(_of_thread, "compiler", None)
    if compiler is None:
        compiler = typst.Compiler(root=LIBRARY, font_paths=_fonts(), package_path=LIBRARY, package_cache_path=LIBRARY)
        _of_thread.compiler = compiler
    return compiler


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
