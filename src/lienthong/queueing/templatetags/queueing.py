"""How lengths of time read on the pages of the queue: `{% load queueing %}`."""

from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils.translation import gettext as _

from lienthong.foundation import clock

register = template.Library()


@register.filter
def lasting(length: Any) -> str:
    """{{ line.waited.half|lasting }}: 12 phút, in whole minutes; a dash where there was nobody."""
    if not isinstance(length, timedelta):
        return "–"
    minutes = round(length.total_seconds() / 60)
    if minutes < 1:
        return _("under 1 minute")
    if minutes < 60:
        return _("%(n)s min") % {"n": minutes}
    return _("%(hours)s h %(minutes)s min") % {"hours": minutes // 60, "minutes": f"{minutes % 60:02}"}


@register.filter
def hour(moment: Any) -> str:
    """{{ ticket.taken_at|hour }}: 08:30, by Vietnam's clock."""
    return f"{clock.local(moment):%H:%M}" if isinstance(moment, datetime) else ""
