"""What the desk's own templates use: `{% load workspace %}`."""

from collections.abc import Iterable
from typing import Any

from django import template
from django.template import Context

register = template.Library()


@register.filter
def up_to(count: int, limit: int) -> str:
    """{{ count|up_to:100 }}: 7, or 99+ where counting stopped; nothing for none."""
    if not count:
        return ""
    return f"{limit - 1}+" if count >= limit else str(count)


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: str) -> str:
    """The page's own query with some parts changed; an empty part is left out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        if value:
            query[name] = value
        else:
            query.pop(name, None)
    return str(query.urlencode())


@register.filter
def row_of(rows: Iterable[dict[str, Any]], visit: Any) -> dict[str, Any]:
    """Of the rows of all visits the one of this visit."""
    return next(row for row in rows if row["visit"] is visit)
