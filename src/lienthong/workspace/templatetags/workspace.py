"""What the desk's own templates use: `{% load workspace %}`."""

from typing import Any

from django import template
from django.template import Context

from lienthong.foundation import asked
from lienthong.workspace import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def with_query(context: Context, **changes: str) -> str:
    """The page's own address with some parts of its query changed; an empty part is left out."""
    return asked.with_query(context["request"], **changes)


@register.simple_tag(takes_context=True)
def desk_menu(context: Context) -> Any:
    """{% desk_menu as groups %}: the menu for the person at the page."""
    request = context.get("request")
    match = request.resolver_match if request else None
    return navigation.menu(context.get("person"), match.view_name if match else "")
