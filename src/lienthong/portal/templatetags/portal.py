"""`{% load portal %}`: what only the portal's templates need."""

import re
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lienthong.procedures.shapes import Component, Fee, ProcedureBody

register = template.Library()


@register.simple_tag
def card_errors(cards: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The cards of papers on which something is wrong."""
    return [card for card in cards if card["error"]]


@register.filter
def cases_of(part: Component | Fee, procedure: ProcedureBody) -> str:
    """In which of the procedure's cases a component or fee is asked for."""
    names = [variant.name for variant in procedure.variants if variant.key in part.variants]
    return gettext("Only: %(cases)s") % {"cases": "; ".join(names)}


_MARKS = ((re.compile(r"\d+[.)]\s+"), "ol"), (re.compile(r"[-–+•]\s+"), "ul"))


@register.filter
def prose(text: str) -> SafeString:
    """A declared text as paragraphs; lines that begin with a number or a dash become lists."""
    lines = [_marked(line.strip()) for line in text.splitlines() if line.strip()]
    blocks = groupby(lines, key=lambda line: line[0])
    return format_html_join("", "{}", ((_block(kind, [line for _kind, line in found]),) for kind, found in blocks))


def _marked(line: str) -> tuple[str, str]:
    for mark, kind in _MARKS:
        if found := mark.match(line):
            return kind, line[found.end() :]
    return "p", line


def _block(kind: str, lines: list[str]) -> SafeString:
    if kind == "p":
        return format_html_join("", "<p>{}</p>", ((line,) for line in lines))
    items = format_html_join("", "<li>{}</li>", ((line,) for line in lines))
    return format_html("<{0}>{1}</{0}>", SafeString(kind), items)
