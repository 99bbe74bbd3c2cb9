"""What the room's own templates use: `{% load identity %}`."""

import json
from datetime import datetime
from typing import Any

from django import template
from django.utils.translation import gettext as _

from lienthong.identity.rules import device_of

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """For a data attribute, which escapes it."""
    return json.dumps(value)


@register.filter
def in_fours(text: str) -> str:
    """ABCDEFGH as ABCD EFGH: easier to type from one device into another."""
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


@register.filter
def from_iso(text: str) -> datetime:
    return datetime.fromisoformat(text)


@register.simple_tag
def device(user_agent: str) -> str:
    """{% device session.user_agent as name %}: Chrome on Windows."""
    browser, system = device_of(user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown device")
